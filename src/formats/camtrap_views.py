"""The tables of a camera package as they are given on: named as in Camtrap DP 1.0, checked against each other, and
seen as the visits and occurrences that they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
import pyarrow as pa

from formats.camera_gaps import left, stretches
from formats.camtrap_terms import COLUMNS, NEEDED, OLDER, ROW_TYPES, TABLES, WORDS
from formats.source import EXTRA, ROW, Findings, Source, Table, text_schema

ZONE = r"(?:Z|z|[+-]\d\d:?\d\d)$"
EPOCH, DAY_MS = date(1970, 1, 1), 86_400_000
VISIT = ("eventID", "parentEventID", "startDate", "endDate", "decimalLatitude", "decimalLongitude",
         "coordinateUncertaintyInMeters", "locality", "samplingProtocol", "sampleSizeValue", "sampleSizeUnit",
         "recordedBy", "habitat", "eventRemarks")  # fmt: skip
ANIMAL = ("occurrenceID", "eventID", "startDate", "endDate", "scientificName", "vernacularName",
          "individualCount", "sex", "lifeStage", "behavior", "identifiedBy", "basisOfRecord",
          "samplingProtocol", "associatedMedia", "occurrenceRemarks")  # fmt: skip
Change = Callable[[pl.DataFrame, Findings], pl.DataFrame]


@dataclass
class Packed:
    """The tables of a package as they were opened, and what one needs of another: the deployments there are, and
    which rows of observations are encounters. `extra` are columns beyond 1.0 that go with a table."""

    tables: Mapping[str, Table]
    extra: dict[str, tuple[str, ...]] = field(default_factory=dict)
    found: pl.Series | None = None
    chosen: pl.Series | None = None

    def deployments(self) -> pl.Series:
        """The deploymentIDs of the package, read once."""
        if self.found is None:
            ids: list[pl.Series] = [pl.Series(dtype=pl.String)]
            for batch in (
                self.tables["deployments"].read(50_000, Findings()) if "deployments" in self.tables else ()
            ):
                frame = named(pl.DataFrame(batch), "deployments")
                if "deploymentID" in frame.columns:
                    ids.append(frame["deploymentID"].drop_nulls().str.strip_chars())
            self.found = pl.concat(ids).unique()
        return self.found

    def encounters(self) -> pl.Series:
        """The numbers of the rows of observations that are encounters, read once."""
        if self.chosen is None:
            self.chosen = _encounters(self.tables["observations"])
        return self.chosen


def fill(packed: Packed, source: Source) -> None:
    """The source holds the package's tables under the names of 1.0, and the visits and occurrences they make."""
    for name in TABLES:
        if name not in packed.tables:
            continue
        table = packed.tables[name]
        _lacking(name, table, source.findings)
        source.tables.append(
            _view(table, name, ROW_TYPES[name], _columns(name, table, packed), _checked(name, packed))
        )
    if "deployments" in packed.tables:
        source.tables.append(_view(packed.tables["deployments"], "visits", "Event", VISIT, visits))
    if "observations" in packed.tables:
        table = packed.tables["observations"]
        source.tables.append(_view(table, "animals", "Occurrence", ANIMAL, _animals(packed)))


def _columns(name: str, table: Table, packed: Packed) -> tuple[str, ...]:
    """The columns of 1.0 that the table fills, then its own that 1.0 does not know."""
    have = [OLDER[name].get(c, c) for c in table.columns]
    known = [c for c in COLUMNS[name] if c in have or c in NEEDED[name] or c in _made(name)]
    return tuple(dict.fromkeys([*known, *have, *packed.extra.get(name, ())]))


def _made(name: str) -> tuple[str, ...]:
    return ("eventEnd", "observationLevel") if name == "observations" else ()


def _lacking(name: str, table: Table, findings: Findings) -> None:
    """A table without a column it must have is told once, with the columns it has."""
    have = {OLDER[name].get(c, c) for c in table.columns}
    lacking = [c for c in NEEDED[name] if c not in have]
    if lacking:
        findings.add(
            "missing_column",
            f"Bảng “{name}” thiếu cột {', '.join(lacking)}; các cột hiện có: {', '.join(table.columns)}.",
            f"The table {name} lacks the columns {', '.join(lacking)}; it has: {', '.join(table.columns)}.",
            "Sửa tên cột theo Camtrap DP 1.0 rồi nhập lại; các dòng vẫn được đọc với ô trống ở cột thiếu.",
            where=name,
        )


def _view(table: Table, name: str, row_type: str, columns: tuple[str, ...], change: Change) -> Table:
    """Another way to see a table, batch by batch, with the row numbers of its file."""
    schema = text_schema(list(columns), extra=True)

    def made(batch: pa.RecordBatch, findings: Findings) -> pa.RecordBatch:
        frame = change(pl.DataFrame(batch), findings)
        blank = pl.lit(None, pl.String)
        frame = frame.select(
            *[pl.col(f) if f in frame.columns else blank.alias(f) for f in (ROW, *columns, EXTRA)]
        )
        arrow = frame.rechunk().to_arrow()
        cast = [arrow.column(f.name).combine_chunks().cast(f.type) for f in schema]
        return pa.record_batch(cast, schema=schema)

    def read(rows: int, findings: Findings) -> Iterator[pa.RecordBatch]:
        for batch in table.read(rows, findings):
            some = made(batch, findings)
            if some.num_rows:
                yield some

    view = Table(name, list(columns), schema, read, row_type=row_type, opening=table.opening)
    view.kinds = dict.fromkeys(columns, "text")
    view.metadata = {**table.metadata, "crs": "EPSG:4326", "system": ""}
    if name in TABLES:
        view.counted = table.counted
    else:
        view.opening = Findings()
    return view


def named(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame with the column names and values of 1.0."""
    renamed = {
        c: OLDER[name][c] for c in frame.columns if c in OLDER[name] and OLDER[name][c] not in frame.columns
    }
    frame = frame.rename(renamed)
    changes = []
    for column, words in WORDS.items():
        if column in frame.columns:
            plain = pl.col(column).str.strip_chars()
            mended = plain.str.to_lowercase().replace_strict(words, default=plain, return_dtype=pl.String)
            changes.append(pl.when(mended == "").then(None).otherwise(mended).alias(column))
    return frame.with_columns(changes) if changes else frame


def _checked(name: str, packed: Packed) -> Change:
    """The rows of a table by the names of 1.0; what contradicts the other tables is told and stays."""

    def change(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
        frame = named(frame, name)
        if name == "deployments":
            _ends_before(frame, "deploymentStart", "deploymentEnd", name, findings)
        elif "deploymentID" in frame.columns:
            _unknown_deployment(frame, name, packed, findings)
        if "timestamp" in frame.columns:
            _no_moment(frame, "timestamp", name, findings)
        if name == "observations":
            frame = _levels(frame)
            _ends_before(frame, "eventStart", "eventEnd", name, findings)
        for column in {"deployments": ("deploymentStart",), "media": ("timestamp",)}.get(
            name, ("eventStart",)
        ):
            _without_zone(frame, column, name, findings)
        return frame

    return change


def _levels(frame: pl.DataFrame) -> pl.DataFrame:
    """An observation of before 1.0 begins and ends at its one time; with a medium of its own it is of that medium."""
    if "eventStart" in frame.columns and "eventEnd" not in frame.columns:
        frame = frame.with_columns(eventEnd=pl.col("eventStart"))
    if "observationLevel" not in frame.columns:
        own = pl.col("mediaID").is_not_null() if "mediaID" in frame.columns else pl.lit(False)
        frame = frame.with_columns(
            observationLevel=pl.when(own).then(pl.lit("media")).otherwise(pl.lit("event"))
        )
    return frame


def moments(column: str | pl.Expr) -> pl.Expr:
    """A written moment as UTC, null where it is none; one without a zone is taken as UTC."""
    text = pl.col(column) if isinstance(column, str) else column
    text = text.str.strip_chars().str.replace(r"^(\d{4}-\d\d-\d\d)[ T]", "${1}T")
    text = text.str.replace(r"[Zz]$", "+0000").str.replace(r"([+-]\d\d):(\d\d)$", "${1}${2}")
    text = pl.when(text.str.contains(r"[+-]\d{4}$")).then(text).otherwise(text + "+0000")
    text = text.str.replace(r"T(\d\d:\d\d)([+-]\d{4})$", "T${1}:00${2}")
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", strict=False, time_unit="ms", time_zone="UTC")


def _ends_before(frame: pl.DataFrame, start: str, end: str, name: str, findings: Findings) -> None:
    if not {start, end} <= set(frame.columns):
        return
    for column in (start, end):
        _no_moment(frame, column, name, findings)
    bad = frame.filter(moments(end) < moments(start))
    what = "Máy" if name == "deployments" else "Đợt ảnh"
    for row in bad[ROW].to_list():
        findings.add(
            "ends_before_start",
            f"{what} có giờ kết thúc ({end}) trước giờ bắt đầu ({start}).",
            f"{end} is before {start}.",
            "Sửa một trong hai thời điểm, hoặc kiểm tra đồng hồ của máy.",
            where=name,
            row=row,
        )


def _no_moment(frame: pl.DataFrame, column: str, name: str, findings: Findings) -> None:
    odd = frame.filter(pl.col(column).is_not_null() & moments(column).is_null())
    for row, value in odd.select(ROW, column).iter_rows():
        findings.add(
            "bad_moment",
            f"Cột {column} có ô không phải thời điểm, như “{value}”.",
            f"The column {column} has a cell that is no moment, such as {value!r}.",
            "Ghi thời điểm dạng 2026-03-01T06:30:00+07:00.",
            where=f"{name}:{column}",
            row=row,
        )


def _unknown_deployment(frame: pl.DataFrame, name: str, packed: Packed, findings: Findings) -> None:
    """Rows of a deployment that the package does not have, or of none, are told with their rows."""
    known = packed.deployments()
    one = "Ảnh" if name == "media" else "Quan sát"
    said = pl.col("deploymentID").str.strip_chars()
    strange = frame.filter(said.is_not_null() & (said != "") & ~said.is_in(known.implode()))
    for row, value in strange.select(ROW, "deploymentID").iter_rows():
        findings.add(
            "unknown_deployment",
            f"{one} thuộc đợt đặt máy “{value}” không có trong bảng deployments.",
            f"A row of {name} belongs to the deployment {value!r}, which is not in deployments.",
            "Thêm đợt đặt máy đó vào deployments.csv, hoặc sửa deploymentID.",
            where=name,
            row=row,
        )
    for row in frame.filter(said.is_null() | (said == ""))[ROW].to_list():
        findings.add(
            "no_deployment",
            f"{one} không ghi thuộc đợt đặt máy nào (deploymentID trống).",
            f"A row of {name} names no deployment.",
            "Điền deploymentID.",
            where=name,
            row=row,
        )


def _without_zone(frame: pl.DataFrame, column: str, name: str, findings: Findings) -> None:
    if column not in frame.columns:
        return
    said = pl.col(column).str.strip_chars()
    none = frame.filter(said.str.contains(r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d") & ~said.str.contains(ZONE))
    if len(none):
        findings.add(
            "no_time_zone",
            f"Cột {column} không ghi múi giờ; giờ được hiểu là giờ tại chỗ của máy.",
            f"The column {column} has no time zone; its times are taken as those of the place.",
            where=f"{name}:{column}",
            row=none[ROW][0],
            count=len(none),
        )


def visits(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Each deployment as a visit: where, from when to when, with how many camera-days."""
    frame = named(frame, "deployments")
    days = pl.lit(None, pl.Float64)
    if {"deploymentStart", "deploymentEnd"} <= set(frame.columns):
        days = (moments("deploymentEnd") - moments("deploymentStart")).dt.total_seconds() / 86_400
        if "gaps" in frame.columns:
            ends = [
                _clock_of(c).alias(n) for n, c in (("start", "deploymentStart"), ("end", "deploymentEnd"))
            ]
            told = pl.struct(*ends, "gaps").map_elements(lost_days, return_dtype=pl.Float64)
            days = days - told
    days = pl.when(days > 0).then(days.round(3))
    terms = {
        "eventID": "deploymentID", "startDate": "deploymentStart", "endDate": "deploymentEnd",
        "decimalLatitude": "latitude", "decimalLongitude": "longitude",
        "coordinateUncertaintyInMeters": "coordinateUncertainty", "locality": "locationName",
        "recordedBy": "setupBy", "habitat": "habitat", "eventRemarks": "deploymentComments",
    }  # fmt: skip
    return frame.select(
        ROW,
        *[pl.col(c).alias(t) for t, c in terms.items() if c in frame.columns],
        samplingProtocol=pl.lit("bẫy ảnh"),
        sampleSizeValue=days.cast(pl.String),
        sampleSizeUnit=pl.when(days.is_not_null()).then(pl.lit("ngày máy")),
        **({EXTRA: pl.col(EXTRA)} if EXTRA in frame.columns else {}),
    )


def _clock_of(column: str) -> pl.Expr:
    """A moment by the clock it is written in, in milliseconds since 1970."""
    text = pl.col(column).str.strip_chars().str.replace(ZONE, "")
    return moments(text).dt.epoch("ms")


def lost_days(row: Mapping[str, Any]) -> float | None:
    """The days from `start` to `end` in which a camera did not work by its `gaps`; None where they cannot be read."""
    try:
        days = [
            ((first - EPOCH).days * DAY_MS, (last - EPOCH).days * DAY_MS)
            for first, last in stretches(row["gaps"] or "")
        ]
    except ValueError:
        return None
    if row["start"] is None or row["end"] is None:
        return None
    start, end = int(row["start"]), int(row["end"])
    worked = sum(last - first for first, last in left(start, end, days))
    return (end - start - worked) / DAY_MS


def _animals(packed: Packed) -> Change:
    """Each encounter that a person named, as an occurrence. What a machine proposes is none, nor is a medium of an
    event that has a row of its own; both stay in the table of observations."""

    def change(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
        frame = _levels(named(frame, "observations"))
        frame = frame.filter(pl.col(ROW).is_in(packed.encounters().implode()))
        if "mediaID" in frame.columns and "media" in packed.tables:
            frame = frame.join(_paths(packed.tables["media"], frame["mediaID"]), on="mediaID", how="left")
        terms = {
            "occurrenceID": "observationID", "eventID": "deploymentID", "startDate": "eventStart",
            "endDate": "eventEnd", "scientificName": "scientificName", "vernacularName": "vernacularName",
            "individualCount": "count", "sex": "sex", "lifeStage": "lifeStage", "behavior": "behavior",
            "identifiedBy": "classifiedBy", "occurrenceRemarks": "observationComments", "associatedMedia": "filePath",
        }  # fmt: skip
        return frame.select(
            ROW,
            *[pl.col(c).alias(t) for t, c in terms.items() if c in frame.columns],
            basisOfRecord=pl.lit("MachineObservation"),
            samplingProtocol=pl.lit("bẫy ảnh"),
            **({EXTRA: pl.col(EXTRA)} if EXTRA in frame.columns else {}),
        )

    return change


def _paths(media: Table, wanted: pl.Series) -> pl.DataFrame:
    """Where the wanted media lie: `mediaID` and `filePath`, each medium once; the table is read batch by batch."""
    keys, parts = (
        wanted.drop_nulls().unique(),
        [pl.DataFrame(schema={"mediaID": pl.String, "filePath": pl.String})],
    )
    for batch in media.read(50_000, Findings()) if len(keys) else ():
        frame = named(pl.DataFrame(batch), "media")
        if {"mediaID", "filePath"} <= set(frame.columns):
            parts.append(frame.select("mediaID", "filePath").filter(pl.col("mediaID").is_in(keys.implode())))
    return pl.concat(parts).unique("mediaID", keep="first", maintain_order=True)


ENCOUNTER = ("deploymentID", "eventID", "mediaID", "observationLevel", "observationType", "scientificName",
             "lifeStage", "sex", "individualID", "count", "classificationMethod")  # fmt: skip


def _encounters(table: Table) -> pl.Series:
    """The rows that are an encounter of their own: those of an event, and of an event of which only media are told one
    row a species, age, sex and individual, that with the greatest count."""
    parts = []
    for batch in table.read(50_000, Findings()):
        frame = _levels(named(pl.DataFrame(batch), "observations"))
        blank = pl.lit(None, pl.String)
        frame = frame.select(ROW, *[pl.col(c) if c in frame.columns else blank.alias(c) for c in ENCOUNTER])
        machine = pl.col("classificationMethod").str.to_lowercase() == "machine"
        kind = pl.col("observationType").str.to_lowercase() == "animal"
        person = pl.col("scientificName").str.contains(r"(?i)^homo(\s+sapiens)?$")
        named_ = pl.col("scientificName").is_not_null()
        parts.append(frame.filter(kind & named_ & ~machine.fill_null(False) & ~person.fill_null(False)))
    if not parts:
        return pl.Series(dtype=pl.Int64)
    whole = pl.concat(parts)
    of_event = whole.filter(pl.col("observationLevel") != "media")
    media = whole.filter(pl.col("observationLevel") == "media")
    events = of_event.select("deploymentID", "eventID").unique()
    media = media.join(events, on=["deploymentID", "eventID"], how="anti", nulls_equal=False)
    group = pl.col("eventID").fill_null(pl.col("mediaID")).fill_null(pl.col(ROW).cast(pl.String))
    media = media.with_columns(_group=group, _n=pl.col("count").cast(pl.Float64, strict=False).fill_null(0))
    keys = ["deploymentID", "_group", "scientificName", "lifeStage", "sex", "individualID"]
    best = media.sort("_n", descending=True, maintain_order=True).unique(
        keys, keep="first", maintain_order=True
    )
    return pl.concat([of_event[ROW], best[ROW]])
