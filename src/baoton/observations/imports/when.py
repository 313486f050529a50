"""The day of an observation, however the file says it: one date, a range, or year, month and day apart."""

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.importing import values
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.target import Field

TERMS = (
    Field("eventDate", gettext_lazy("ngày")),
    Field("verbatimEventDate", gettext_lazy("ngày (nguyên văn)")),
    Field("year", gettext_lazy("năm")),
    Field("month", gettext_lazy("tháng")),
    Field("day", gettext_lazy("ngày trong tháng")),
)
KEPT = ("verbatimEventDate", "year", "month", "day")
ISO = r"^\d{4}(-\d{2}(-\d{2}([T ].*)?)?)?(/.+)?$"


def put_days(chunk: Chunk, lent: pl.DataFrame | None = None) -> None:
    """The chunk has its date as text, first and last day and sorting day; unreadable ones refuse their rows."""
    said = any(chunk.has(t) for t in ("eventDate", "verbatimEventDate", "year"))
    if not said and lent is None:
        return
    text, term = _written(chunk)
    read = values.days(chunk, text)
    read = _full_years(chunk, text, read)
    _refuse(chunk, text, term, read)
    values.told_dates(chunk, term, read["code"])
    start, end = read["start"], read["end"]
    text = _as_iso(chunk, text, read)
    if lent is not None and "event_date" in lent.columns:
        blank = text.is_null() & lent["event_date"].is_not_null()
        text = text.zip_with(~blank, lent["event_date"])
        start = start.zip_with(~blank, lent["day_start"])
        end = end.zip_with(~blank, lent["day_end"])
    chunk.put("event_date", text)
    chunk.put("day_start", start)
    chunk.put("day_end", end)
    ordinal = start.cast(pl.Int64) + 719_163
    chunk.put("sort_day", ordinal.fill_null(0), derived=True)


def _written(chunk: Chunk) -> tuple[pl.Series, str]:
    text, term = chunk.text("eventDate"), "eventDate"
    if chunk.has("year"):
        year, month, day = chunk.text("year"), chunk.text("month"), chunk.text("day")
        parts = pl.DataFrame({"y": year, "m": month, "d": day})
        whole = parts.select(
            pl.when(pl.col("m").is_null()).then(pl.col("y"))
            .when(pl.col("d").is_null()).then(pl.col("y") + "-" + pl.col("m").str.zfill(2))
            .otherwise(pl.col("y") + "-" + pl.col("m").str.zfill(2) + "-" + pl.col("d").str.zfill(2))
        ).to_series()  # fmt: skip
        whole = whole.set(whole.str.contains(r"^(NA|0|0000)\b").fill_null(False), None)
        if not chunk.has("eventDate"):
            term = "year"
        text = text.fill_null(whole)
    if not chunk.has("eventDate") and not chunk.has("year"):
        return values.without_words(
            chunk, "verbatimEventDate", chunk.text("verbatimEventDate")
        ), "verbatimEventDate"
    return values.without_words(chunk, term, text), term


def _full_years(chunk: Chunk, text: pl.Series, read: pl.DataFrame) -> pl.DataFrame:
    """Two-digit years take their century from the year column; without one they stay doubtful."""
    short = (read["code"] == "two_digit_year").fill_null(False)
    if not short.any() or not chunk.has("year"):
        return read
    year = chunk.text("year").cast(pl.Int32, strict=False)
    fits = short & (year % 100 == read["start"].dt.year() % 100).fill_null(False)
    moved = read.with_columns(_y=year).with_columns(
        pl.when(fits)
        .then(pl.date(pl.col("_y"), pl.col(c).dt.month(), pl.col(c).dt.day()))
        .otherwise(c)
        .alias(c)
        for c in ("start", "end")
    )
    chunk.note("century_from_year", "eventDate", fits, _("Năm viết hai chữ số; lấy thế kỷ theo cột năm."))
    return moved.with_columns(code=pl.when(fits).then(pl.lit("century")).otherwise("code")).drop("_y")


def _refuse(chunk: Chunk, text: pl.Series, term: str, read: pl.DataFrame) -> None:
    chunk.words.setdefault(term, text)
    unread = text.is_not_null() & read["start"].is_null()
    code = read["code"]
    chunk.refuse(
        unread,
        term,
        "unreadable_date",
        _("Không đọc được ngày; viết như 2026-01-31, 2026-01 hoặc 2026-01-30/2026-02-02."),
    )
    rules = {
        "reversed": _("Ngày kết thúc trước ngày bắt đầu; đổi lại thứ tự."),
        "future": _("Ngày ở tương lai; kiểm tra lại năm."),
        "two_digit_year": _("Năm viết hai chữ số, không rõ thế kỷ nào; viết đủ bốn chữ số."),
    }
    for name, told in rules.items():
        chunk.refuse((code == name).fill_null(False) & ~unread, term, name, told)


def _as_iso(chunk: Chunk, text: pl.Series, read: pl.DataFrame) -> pl.Series:
    """The date as Darwin Core writes it; what was written otherwise is kept beside it, word for word."""
    other = text.is_not_null() & ~text.str.contains(ISO)
    if not other.any():
        return text
    iso = read.select(
        pl.when(pl.col("precision") == "year").then(pl.col("start").dt.strftime("%Y"))
        .when(pl.col("precision") == "month").then(pl.col("start").dt.strftime("%Y-%m"))
        .when(pl.col("start") == pl.col("end")).then(pl.col("start").dt.strftime("%Y-%m-%d"))
        .otherwise(pl.col("start").dt.strftime("%Y-%m-%d") + "/" + pl.col("end").dt.strftime("%Y-%m-%d"))
    ).to_series()  # fmt: skip
    kept = chunk.extra.get("verbatimEventDate")
    asis = text.set(~other, None)
    chunk.extra["verbatimEventDate"] = asis if kept is None else kept.fill_null(asis)
    return text.zip_with(~other, iso)
