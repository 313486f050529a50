"""Rows of a sheet that are no observation: headings of a group, totals, signatures, empty pictures."""

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.chunk import Chunk
from baoton.kit.kinds.cells import fold
from baoton.taxa.queries import match

SAYING = (
    "eventDate", "startDate", "verbatimEventDate", "year", "decimalLatitude", "decimalLongitude",
    "verbatimLatitude", "verbatimLongitude", "verbatimCoordinates", "individualCount", "organismQuantity",
    "recordedBy", "locality", "municipality", "eventID", "occurrenceID", "basisOfRecord",
)  # fmt: skip
WHEN = ("eventDate", "startDate", "verbatimEventDate")
HEADING = (
    r"(?i)^(?:[ivxlc]+|\d+|[a-zđ])?[.)\s]*"
    r"(?:giới|ngành|phân ngành|lớp|phân lớp|bộ|phân bộ|họ|phân họ|nhóm|phần)\b"
)
HIGHER = r"^\p{Lu}[\p{L}]*(?:idae|inae|iformes|formes|aceae|ales|oidea|opsida|phyta|mycota)$|^\p{Lu}{4,}$"
TOTAL = r"^(?:cong|cong chung|total|sum|grand total|subtotal|tong(?: cong| so)?(?: .{0,20})?)$"
TOTAL_CELL = r"(?i)^(?:tổng(?: cộng| số)?|cộng|total|sum|grand total|subtotal)\s*:?$"
SIGNED = (
    r"(?i)người (?:lập|lập biểu|lập bảng|điều tra ký|kiểm tra|viết báo cáo)|thủ trưởng|xác nhận của|ký tên|"
    r"kế toán trưởng|nơi nhận|(?:ngày\s*[\d.…_]*\s*tháng\s*[\d.…_]*\s*năm)|chủ nhiệm|giám đốc|k/?t\.? "
)
ORDINAL = r"^(?:\d{1,4}|[IVXLC]{1,6}|[A-Za-zđĐ])[.)]?$"
BINOMIAL = r"^[A-Z][a-z]+ (?:[a-z]{3,}|cf\.|aff\.|sp\.|spp\.)(?:\s|$)"
PICTURES = (
    "blank", "no cv result", "empty", "cv needed", "cv failed", "setup pickup", "misfire", "time lapse", "no animal",
    "false trigger", "ghost", "trong", "anh trong", "khong co gi", "khong co con vat", "khong thay gi",
)  # fmt: skip
NOT_NAMES = (
    "khong", "khong ro", "chua ro", "chua biet", "khong xac dinh", "chua xac dinh", "unknown", "unidentified", "none",
    "n a", "na", "no", "nil", "no id", "xx", "xxx", "test", "indet", "undet", "unid", "undetermined",
    "indeterminate", "not identified", "unknown sp", "unknown species", "animal", "dong vat", "thuc vat",
)  # fmt: skip
PEOPLE = (
    "human", "humans", "person", "people", "vehicle", "car", "motorbike", "motorcycle", "bicycle", "nguoi", "con nguoi",
    "xe", "xe may", "o to", "xe dap", "phuong tien", "nguoi dan", "can bo", "homo sapiens",
)  # fmt: skip
NO_NAME = (
    r"^(?:(?:khong|chua|k|ko) (?:thay|co|gap|ghi nhan|xac dinh|ro|biet|dinh danh|dinh loai|nhan ra|phat hien)"
    r"(?: (?:loai|gi|duoc|ten|con nao|con vat|con gi|loai nao|loai gi))*|"
    r"(?:spp?|loai la|con gi do|nothing|no (?:sighting|record)s?))$"
)


def put_aside(chunk: Chunk, name: pl.Series) -> pl.Series:
    """The names, with what is no name blank; rows that are no observation are left out with the reason."""
    kinds = name.unique().drop_nulls()
    folded = fold(kinds)

    def having(test: pl.Series) -> pl.Series:
        """Rows whose name is one of those of the file that pass a test."""
        some = kinds.filter(test.fill_null(False))
        return name.is_in(some.to_list()).fill_null(False) if len(some) else _none(chunk)

    chunk.omit(
        having(folded.is_in(PICTURES)),
        term_of_names(chunk),
        "empty_picture",
        _("Ô tên nói không có con vật nào trong ảnh; không phải một lần gặp loài."),
    )
    if not chunk.by_program:
        _sheet_rows(chunk, name, having(folded.str.contains(TOTAL)), having(kinds.str.contains(HIGHER)))
    chunk.omit(
        having(folded.is_in(PEOPLE)),
        term_of_names(chunk),
        "no_wildlife",
        _("Ô tên nói là người hay xe trong ảnh; không phải một lần gặp loài."),
    )
    mark = kinds.str.to_lowercase() == "x"
    letterless = ~kinds.str.contains(r"\p{L}").fill_null(True)
    empty = having(folded.is_in(NOT_NAMES) | letterless | folded.str.contains(NO_NAME) | mark)
    if empty.any() and chunk.has("scientificName") and chunk.has("vernacularName"):
        name, empty = _called_so(chunk, name, empty)
    if empty.any():
        told = _("Ô này không phải tên loài; điền tên, hoặc bỏ dòng.")
        chunk.refuse(empty, term_of_names(chunk), "placeholder", told)
    return name.set(empty, None) if empty.any() else name


def _called_so(chunk: Chunk, name: pl.Series, empty: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Rows whose scientific name says that it is not known, while the common one names something, bear that."""
    common = chunk.text("vernacularName")
    words = common.filter(empty).drop_nulls().unique()
    folded = fold(words)
    none = folded.is_in(NOT_NAMES) | (folded == "") | folded.str.contains(NO_NAME)
    good = empty & common.is_in(words.filter(~none.fill_null(True)).to_list()).fill_null(False)
    good = good & (chunk.text("scientificName") == name).fill_null(False)
    told = _("Tên khoa học ghi là chưa rõ; tên thường gọi của dòng được dùng.")
    chunk.note("called_so", "scientificName", good, told)
    return name.zip_with(~good, common), empty & ~good


def _sheet_rows(chunk: Chunk, name: pl.Series, total: pl.Series, higher: pl.Series) -> None:
    """What a person writes between and under the rows of a sheet."""
    total = total | (name.is_null() & _few_with(chunk, name, TOTAL_CELL))
    chunk.omit(
        total, term_of_names(chunk), "total_row", _("Dòng cộng của bảng, không phải một lần gặp loài.")
    )
    bare = _says_nothing(chunk)
    if bare.any():
        heading = bare & name.is_not_null() & (higher | _any_word(chunk, HEADING))
        told = _(
            "Dòng tên nhóm (bộ, họ…) của bảng, không có ngày, nơi, số lượng; không phải một lần gặp loài."
        )
        chunk.omit(heading, term_of_names(chunk), "section_row", told)
        _alone(chunk, name, bare)
    told = _("Dòng chữ ký hoặc ghi chú dưới bảng, không phải dữ liệu.")
    chunk.omit(_signed(chunk, name), term_of_names(chunk), "signature_row", told)


def _alone(chunk: Chunk, name: pl.Series, bare: pl.Series) -> None:
    """Rows of one cell among full ones: a numbered blank line, a note under the table, a heading between its rows."""
    if bare.all():
        return
    few = bare & (_filled(chunk) <= 1)
    numbered = bare & name.is_not_null() & (_filled(chunk) == 2) & _any_cell(chunk, ORDINAL)
    told = _("Dòng chỉ có số thứ tự hoặc một ô chữ, không có tên, ngày, nơi, số lượng; không phải dữ liệu.")
    chunk.omit(few & name.is_null(), term_of_names(chunk), "empty_row", told)
    headed = (few | numbered) & name.is_not_null() & ~pl.Series(chunk.problems.omitted)
    kinds = name.filter(headed).unique().to_list()
    known = (
        [m.written for m in match(kinds, chunk.run.organisation) if m.taxon_id or m.sensitivity]
        if kinds
        else []
    )
    heading = headed & ~name.is_in(known) & ~name.str.contains(BINOMIAL).fill_null(False)
    told = _("Dòng chỉ có chữ ở cột tên, mà không phải tên trong danh lục, giữa các dòng có ngày, nơi: được coi là "
             "đề mục.")  # fmt: skip
    chunk.omit(heading, term_of_names(chunk), "section_row", told)


def _filled(chunk: Chunk) -> pl.Series:
    """How many cells of each row hold something."""
    none = pl.Series([0]).new_from_index(0, chunk.n)
    return sum((s.is_not_null().cast(pl.Int64) for s in _cells(chunk)), none)


def _cells(chunk: Chunk) -> list[pl.Series]:
    cells = [s for t, s in chunk.words.items() if t in chunk.columns]
    cells += [s for t, s in chunk.extra.items() if t not in chunk.columns and t not in chunk.plan.constants]
    return [s for s in cells if s.dtype == pl.String]


def _any_cell(chunk: Chunk, pattern: str) -> pl.Series:
    found = _none(chunk)
    for series in _cells(chunk):
        found = found | series.str.contains(pattern).fill_null(False)
    return found


def term_of_names(chunk: Chunk) -> str:
    """The column of names that the file has."""
    terms = ("scientificName", "vernacularName", "genus")
    return next((t for t in terms if t in chunk.columns), "scientificName")


def _none(chunk: Chunk) -> pl.Series:
    return pl.Series([False]).new_from_index(0, chunk.n)


def _says_nothing(chunk: Chunk) -> pl.Series:
    """Rows where every column that says when, where, how many or who is blank; none where there is no such column."""
    asked = [chunk.text(t) for t in SAYING if t in chunk.columns and t not in chunk.plan.constants]
    if not asked:
        return pl.Series([False]).new_from_index(0, chunk.n)
    blank = pl.Series([True]).new_from_index(0, chunk.n)
    for series in asked:
        blank = blank & series.is_null()
    return blank


def _any_word(chunk: Chunk, pattern: str) -> pl.Series:
    """Rows whose scientific or common name fits the pattern."""
    found = pl.Series([False]).new_from_index(0, chunk.n)
    for term in ("scientificName", "vernacularName"):
        if chunk.has(term):
            found = found | chunk.text(term).str.contains(pattern).fill_null(False)
    return found


def _signed(chunk: Chunk, name: pl.Series) -> pl.Series:
    """Rows of few cells, one of which is what stands above or under a signature; a date in its own column is none."""
    apart = [t for t in WHEN if t in chunk.columns]
    dated = _none(chunk)
    for term in apart:
        dated = dated | (chunk.text(term).is_not_null() & name.is_not_null())
    signed = _few_with(chunk, name, SIGNED) & ~dated
    if signed.any():
        after = pl.Series(range(chunk.n)) > int(signed.arg_max() or 0)
        signed = signed | (after & (_filled(chunk) <= 1)) | (after & name.is_null() & (_filled(chunk) <= 3))
    return signed


def _few_with(chunk: Chunk, name: pl.Series, pattern: str) -> pl.Series:
    """Rows of few cells of which one fits the pattern."""
    cells = [s for t, s in chunk.words.items() if chunk.has(t)] + list(chunk.extra.values())
    cells = [s for s in cells if s.dtype == pl.String]
    filled = sum((s.is_not_null().cast(pl.Int64) for s in cells), pl.Series([0]).new_from_index(0, chunk.n))
    few = filled <= name.is_null().cast(pl.Int64) + 3 + len(chunk.plan.titled)
    found = _none(chunk)
    if few.any():
        for series in cells:
            found = found | (few & series.set(~few, None).str.contains(pattern).fill_null(False))
    return found
