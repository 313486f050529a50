"""The day of an observation, however the file says it: one date, a range, two columns, or year, month and day apart."""

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.importing import days, values
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.target import Field
from formats import clock_text, date_columns, month_names

TERMS = (
    Field("eventDate", gettext_lazy("ngày")),
    Field("startDate", gettext_lazy("ngày bắt đầu")),
    Field("endDate", gettext_lazy("ngày kết thúc")),
    Field("verbatimEventDate", gettext_lazy("ngày (nguyên văn)")),
    Field("year", gettext_lazy("năm")),
    Field("month", gettext_lazy("tháng")),
    Field("day", gettext_lazy("ngày trong tháng")),
)
KEPT = ("verbatimEventDate", "year", "month", "day", "startDate", "endDate")
SAYING = ("eventDate", "startDate", "verbatimEventDate", "year")
SHORT = (
    r"^\d{1,2}\s*[/.-]\s*\d{1,2}$|^\d{1,2}(?:\s*[-–]\s*\d{1,2})?\s*/\s*\d{1,2}(?:\s*-\s*\d{1,2}/\d{1,2})?$"
)
SHORT_NAMED = (
    r"(?i)^(?:ngày\s*)?\d{1,2}(?:\s*-\s*\d{1,2})?[\s./-]*(?:(?:tháng|thg)\.?\s*\d{1,2}|[ivx]{1,4}|\p{L}{3,}\.?)$|"
    r"^\p{L}{3,}\.?\s+\d{1,2}$"
)
NUMBERED = r"^(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})$"
BLANK_PART = r"^(NA|N/A|-|0|00|0000)$"


def put_days(chunk: Chunk, lent: pl.DataFrame | None = None) -> None:
    """The chunk has its date as text, first and last day and sorting day; unreadable ones refuse their rows."""
    if lent is None and not any(chunk.has(t) for t in SAYING):
        return
    text, read = _said(chunk)
    read = _from_verbatim(chunk, text, read)
    start, end = read["start"], read["end"]
    iso = _kept_words(chunk, text, read)
    if lent is not None and "event_date" in lent.columns:
        blank = iso.is_null() & text.is_null() & lent["event_date"].is_not_null()
        iso = iso.zip_with(~blank, lent["event_date"])
        start = start.zip_with(~blank, lent["day_start"])
        end = end.zip_with(~blank, lent["day_end"])
    chunk.put("event_date", iso)
    chunk.put("day_start", start)
    chunk.put("day_end", end)
    ordinal = start.cast(pl.Int64) + 719_163
    chunk.put("sort_day", ordinal.fill_null(0), derived=True)
    _times(chunk)


def _times(chunk: Chunk) -> None:
    """The time of day in a column of its own as ISO 8601 writes it; what is no time stays as written and is told."""
    given = chunk.extra.get("eventTime")
    if given is None or chunk.by_program:
        return
    words = given.drop_nulls().unique().to_list()
    meant = {w: clock_text.of_day(w) for w in words}
    unread = given.is_in([w for w, m in meant.items() if m is None]).fill_null(False)
    column = next((c for c, t in chunk.plan.columns.items() if t == "eventTime"), "eventTime")
    chunk.extra["eventTime"] = given.replace({w: m for w, m in meant.items() if m is not None})
    chunk.note("time_unread", column, unread, _("Giờ không đọc được; được giữ nguyên văn."))


def _said(chunk: Chunk) -> tuple[pl.Series, pl.DataFrame]:
    """What the date's own columns say, word for word and read; what is doubtful or contradicts refuses its row."""
    term = "eventDate" if chunk.has("eventDate") else "startDate" if chunk.has("startDate") else "year"
    text = values.without_words(chunk, term, chunk.text(term)) if term != "year" else _nothing(chunk)
    if term == "startDate" and chunk.has("endDate"):
        ends = chunk.text("endDate").str.extract(r"\b((?:1[5-9]|20|2[4-6])\d{2})\b")
        text = _in_year(text, ends.set(chunk.text("endDate").str.count_matches(r"\d{4}") != 1, None))
    text = _with_year(chunk, text)
    read = days.with_century(chunk, term, days.read(chunk, term, text))
    parts, whole = _parts(chunk)
    read = _century_of_year(chunk, term, read)
    read, settled = _settled(chunk, term, read, parts)
    if term == "startDate" and chunk.has("endDate"):
        read = _until(chunk, read)
    _refuse(chunk, text, term, read)
    days.refuse_doubtful(chunk, term, text, read, settled)
    only_parts = text.is_null() & whole.is_not_null()
    if only_parts.any():
        unread = only_parts & parts["start"].is_null()
        chunk.words.setdefault("year", whole)
        told = _("Không đọc được ngày từ các cột năm, tháng, ngày; sửa lại, hoặc để trống cột sai.")
        for part in ("day", "month", "year"):
            here = unread & chunk.text(part).is_not_null()
            chunk.refuse(here, part, "unreadable_date", told)
            unread = unread & ~here
        days.refuse_doubtful(chunk, "year", whole, _only(parts, only_parts))
        read = pl.DataFrame([read[c].zip_with(~only_parts, parts[c]) for c in read.columns])
        text = text.zip_with(~only_parts, whole)
    return text, read


def _with_year(chunk: Chunk, text: pl.Series) -> pl.Series:
    """A day and a month ("15/3", "15-Mar", "15-17/3") with the year of the row's own column."""
    if not chunk.has("year"):
        return text
    year = chunk.text("year").str.replace(r"^(\d{4})\.0+$", "$1")
    return _in_year(text, year.set(~year.str.contains(r"^\d{4}$").fill_null(False), None))


def _in_year(text: pl.Series, year: pl.Series) -> pl.Series:
    """The texts that name a day and a month but no year, with that year."""
    numbers = text.str.contains(SHORT).fill_null(False) & year.is_not_null()
    worded = text.str.contains(SHORT_NAMED).fill_null(False) & year.is_not_null() & ~numbers
    if not (numbers | worded).any():
        return text
    text = text.zip_with(~numbers, text.str.replace_all(r"\s*[.-]\s*(\d{1,2})$", "/$1") + "/" + year)
    return text.zip_with(~worded, text + " " + year)


def _nothing(chunk: Chunk) -> pl.Series:
    return pl.Series("eventDate", [None], dtype=pl.String).new_from_index(0, chunk.n)


def _only(read: pl.DataFrame, where: pl.Series) -> pl.DataFrame:
    """The reading where asked, nothing elsewhere."""
    return read.with_columns(pl.when(where).then(c).otherwise(None).alias(c) for c in read.columns)


def _parts(chunk: Chunk) -> tuple[pl.DataFrame, pl.Series]:
    """The date that the year, month and day columns tell, read, and as one text; null where they say nothing."""
    if not chunk.has("year"):
        return days.read(chunk, "year", _nothing(chunk)), _nothing(chunk)
    cells = {}
    for name in ("year", "month", "day"):
        cell = chunk.text(name).str.replace(r"^(\d+)\.0+$", "$1")
        cell = cell.set(cell.str.contains(BLANK_PART).fill_null(False), None)
        cells[name] = _month_numbers(cell) if name == "month" else cell
    _refuse_parts(chunk, cells)
    month, day = pl.col("month").str.zfill(2), pl.col("day").str.zfill(2)
    whole = (
        pl.DataFrame(cells)
        .select(
            pl.when(pl.col("month").is_null())
            .then(pl.col("year"))
            .when(pl.col("day").is_null())
            .then(pl.concat_str("year", month, separator="-"))
            .when(pl.col("day").str.contains(r"^\d{1,2}\s*[-–,&]\s*\d{1,2}$"))
            .then(pl.concat_str("day", month, "year", separator="/"))
            .otherwise(pl.concat_str("year", month, day, separator="-"))
        )
        .to_series()
    )
    return days.read(chunk, "year", whole), whole


def _month_numbers(cell: pl.Series) -> pl.Series:
    """Months written as "tháng 3", "III" or "Mar" as numbers; what is no month stays as it is."""
    odd = cell.is_not_null() & ~cell.str.contains(r"^\d{1,2}$").fill_null(False)
    if not odd.any():
        return cell
    found = {w: str(n) for w in cell.filter(odd).unique().to_list() if (n := month_names.number(w))}
    return cell.replace(found) if found else cell


def _refuse_parts(chunk: Chunk, cells: dict[str, pl.Series]) -> None:
    """A month without its year, a day without its month: no date, and never passed over where nothing else says one."""
    if chunk.by_program:
        return
    apart = (cells["month"].is_not_null() | cells["day"].is_not_null()) & cells["year"].is_null()
    apart = apart | (cells["day"].is_not_null() & cells["month"].is_null())
    for term in ("eventDate", "startDate", "verbatimEventDate"):
        apart = apart & chunk.text(term).is_null() if chunk.has(term) else apart
    told = _("Ngày chỉ có một phần (thiếu năm, hoặc có ngày mà thiếu tháng); điền nốt, hoặc để trống cả ba.")
    chunk.refuse(apart, "year", "date_parts", told)


def _century_of_year(chunk: Chunk, term: str, read: pl.DataFrame) -> pl.DataFrame:
    """Two-digit years take their century from the year column; without one they stay doubtful."""
    short = read["code"].is_in(["two_digit_year", "short_year"]).fill_null(False)
    if not short.any() or not chunk.has("year"):
        return read
    year = chunk.text("year").cast(pl.Int32, strict=False)
    fits = short & (year % 100 == read["start"].dt.year() % 100).fill_null(False)
    by = (year - read["start"].dt.year()).fill_null(0)
    moved = date_columns.moved_years(read.with_columns(_by=by), fits, pl.col("_by")).drop("_by")
    chunk.note("century_from_year", term, fits, _("Năm viết hai chữ số; lấy thế kỷ theo cột năm."))
    return moved.with_columns(code=pl.when(fits).then(pl.lit("century")).otherwise("code"))


def _settled(
    chunk: Chunk, term: str, read: pl.DataFrame, parts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.Series]:
    """Day and month in the order the row's own columns state; a date they contradict refuses its row."""
    both = read["start"].is_not_null() & parts["start"].is_not_null()
    if not both.any():
        return read, both
    whole = both & (parts["precision"] == "day")
    turned = read["start"] != parts["start"]
    swap = (
        whole
        & read["ambiguous"]
        & turned
        & (read["start"].dt.day() == parts["start"].dt.month())
        & (read["start"].dt.month() == parts["start"].dt.day())
        & (read["start"].dt.year() == parts["start"].dt.year())
        & (read["start"] == read["end"])
    ).fill_null(False)
    if swap.any():
        chunk.note(
            "order_from_parts", term, swap, _("Ngày và tháng được đọc theo cột tháng, cột ngày của dòng.")
        )
        iso = parts["iso"] + read["iso"].str.slice(10)
        read = read.with_columns(
            start=read["start"].zip_with(~swap, parts["start"]),
            end=read["end"].zip_with(~swap, parts["end"]),
            iso=read["iso"].zip_with(~swap, iso),
        )
    apart = both & ((parts["end"] < read["start"]) | (parts["start"] > read["end"])).fill_null(False)
    apart = apart & ~read["code"].is_in(["reversed", "two_digit_year", "short_year"]).fill_null(False)
    told = _("Ngày trái với các cột năm, tháng, ngày của cùng dòng (%(parts)s); sửa một trong hai.")
    if apart.any():
        at = parts["iso"].filter(apart).to_list()
        chunk.words.setdefault(term, chunk.text(term))
        chunk.refuse(apart, term, "date_contradiction", [told % {"parts": p} for p in at])
    return read, (whole & ~apart).fill_null(False)


def _until(chunk: Chunk, read: pl.DataFrame) -> pl.DataFrame:
    """The span from the start column to the end column; a blank end leaves the start alone."""
    text = values.without_words(chunk, "endDate", chunk.text("endDate"))
    last = days.with_century(chunk, "endDate", days.read(chunk, "endDate", text))
    _refuse(chunk, text, "endDate", last)
    days.refuse_doubtful(chunk, "endDate", text, last)
    lone = chunk.text("startDate").is_null() & read["start"].is_null() & last["start"].is_not_null()
    chunk.note("end_alone", "endDate", lone, _("Chỉ có ngày kết thúc; được đọc là ngày của dòng."))
    read = pl.DataFrame([read[c].zip_with(~lone, last[c]) for c in read.columns])
    both = read["start"].is_not_null() & last["start"].is_not_null() & (read["iso"] != last["iso"])
    back = (both & (last["end"] < read["start"])).fill_null(False)
    chunk.refuse(back, "endDate", "reversed", _("Ngày kết thúc trước ngày bắt đầu; đổi lại thứ tự."))
    both = (both & ~back).fill_null(False)
    return read.with_columns(
        end=read["end"].zip_with(~both, last["end"]),
        iso=read["iso"].zip_with(~both, read["iso"] + "/" + last["iso"]),
        precision=read["precision"].set(both, "range"),
    )


def _refuse(chunk: Chunk, text: pl.Series, term: str, read: pl.DataFrame) -> None:
    chunk.words.setdefault(term, text)
    unread = text.is_not_null() & read["start"].is_null()
    never = unread & text.str.contains(NUMBERED).fill_null(False)
    told = _("Lịch không có ngày này; xem lại ngày và tháng.")
    chunk.refuse(never, term, "unreadable_date", told)
    chunk.refuse(
        unread & ~never,
        term,
        "unreadable_date",
        _("Không đọc được ngày; viết như 2026-01-31, 31/01/2026, 2026-01, 2026-01-30/2026-02-02, hoặc để trống "
          "và ghi lời vào cột ngày nguyên văn."),
    )  # fmt: skip
    chunk.refuse((read["code"] == "reversed").fill_null(False), term, "reversed",
                 _("Ngày kết thúc trước ngày bắt đầu; đổi lại thứ tự."))  # fmt: skip


def _from_verbatim(chunk: Chunk, text: pl.Series, read: pl.DataFrame) -> pl.DataFrame:
    """Where no other column says a date, the words of the source are read if they can be, and kept if not."""
    if not chunk.has("verbatimEventDate"):
        return read
    words = chunk.text("verbatimEventDate")
    words = words.set(text.is_not_null(), None)
    words = values.without_words(chunk, "verbatimEventDate", words)
    if words.null_count() == chunk.n:
        return read
    found = days.with_century(chunk, "verbatimEventDate", days.read(chunk, "verbatimEventDate", words))
    doubtful = found["code"].is_in(["two_digit_year", "future", "too_old", "reversed", "buddhist_era"])
    habits = days.habits_of(chunk, "verbatimEventDate")
    if habits is not None and habits.settled == "both":
        doubtful = doubtful | found["ambiguous"]
    good = found["start"].is_not_null() & ~doubtful.fill_null(False)
    chunk.note(
        "date_in_words",
        "verbatimEventDate",
        words.is_not_null() & ~good,
        _("Ngày chỉ có nguyên văn, không chắc ngày nào; bản ghi được giữ không ngày, lời được giữ nguyên."),
    )
    chunk.note("date_from_words", "verbatimEventDate", good, _("Ngày được đọc từ cột ngày nguyên văn."))
    return pl.DataFrame([read[c].zip_with(~good, found[c]) for c in read.columns])


def _kept_words(chunk: Chunk, text: pl.Series, read: pl.DataFrame) -> pl.Series:
    """The date as ISO 8601 writes it; what was written otherwise is kept beside it, word for word."""
    iso = read["iso"]
    other = (text.is_not_null() & iso.is_not_null() & (text != iso)).fill_null(False)
    if chunk.has("eventDate") or chunk.has("startDate"):
        given = chunk.text("eventDate" if chunk.has("eventDate") else "startDate")
        other = other & given.is_not_null()
    if other.any():
        kept = chunk.extra.get("verbatimEventDate")
        asis = text.set(~other, None)
        chunk.extra["verbatimEventDate"] = asis if kept is None else kept.fill_null(asis)
    return iso
