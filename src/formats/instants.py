"""Moments with their hour, in columns: as ISO writes them (with a zone or without), or as an office does."""

from __future__ import annotations

import polars as pl

OFFICE = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ T,]+(\d{1,2})(?:[:h](\d{2}))?(?::(\d{2}))?$"
ZONED = r"(?:Z|z|[+-]\d\d:?\d\d)$"


def milliseconds(text: pl.Series, zone_minutes: int) -> pl.Series:
    """Milliseconds since 1970 (UTC) of each written moment, null where it is none; one without a zone is of the zone
    given (minutes east of Greenwich). 05/03/2026 6:30 has the day first; a day alone begins at midnight."""
    plain = text.str.strip_chars()
    office = plain.str.extract_groups(OFFICE)
    parts = [office.struct.field(n) for n in office.struct.fields]
    frame = pl.DataFrame([p.alias(str(i)) for i, p in enumerate(parts)] + [plain.alias("plain")])
    filled = [pl.col(str(i)).fill_null("00").str.zfill(2) for i in range(6)]
    day_first = pl.concat_str(
        [pl.col("2"), pl.lit("-"), filled[1], pl.lit("-"), filled[0], pl.lit("T"), filled[3], pl.lit(":"), filled[4],
         pl.lit(":"), filled[5]]
    )  # fmt: skip
    iso = pl.col("plain").str.replace(r"^(\d{4}-\d\d-\d\d)$", "${1}T00:00:00")
    iso = iso.str.replace(r"^(\d{4}-\d\d-\d\d) +", "${1}T")
    iso = iso.str.replace(r"T(\d\d:\d\d)((?:Z|z|[+-]\d\d:?\d\d)?)$", "T${1}:00${2}")
    words = frame.select(t=pl.when(pl.col("0").is_not_null()).then(day_first).otherwise(iso))["t"]
    zoned = words.str.contains(ZONED).fill_null(False)
    bare = words.str.replace(ZONED, "")
    clock = bare.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="ms").dt.epoch("ms")
    offset = minutes(words.str.extract(r"(Z|z|[+-]\d\d:?\d\d)$")).fill_null(0)
    shift = pl.select(pl.when(zoned).then(offset).otherwise(zone_minutes)).to_series()
    return clock - shift * 60_000


def minutes(zone: pl.Series) -> pl.Series:
    """Minutes east of Greenwich of each written zone ("Z", "+07:00", "-0330"), null where it is none."""
    sign = pl.select(pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)).to_series()
    hours = zone.str.extract(r"(\d\d):?\d\d$").cast(pl.Int64)
    rest = zone.str.extract(r"\d\d:?(\d\d)$").cast(pl.Int64)
    utc = zone.str.to_lowercase() == "z"
    told = sign * (hours * 60 + rest)
    return pl.select(pl.when(utc).then(0).otherwise(told)).to_series()
