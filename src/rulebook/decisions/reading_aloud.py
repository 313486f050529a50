"""A table as a jurist reads it aloud: when … then what, where it is written, how sure, from when to when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rulebook.certainty import SAID, SAID_EN, Certainty
from rulebook.dated import Period
from rulebook.decisions.fines import what
from rulebook.decisions.tables import Band, Row, Sanction, Table, tables
from rulebook.decisions.words import amount, fact, range_of_money, said_as, words
from rulebook.errors import UnknownName
from rulebook.parameters import params
from rulebook.reading import said


@dataclass(frozen=True, slots=True)
class Spoken:
    """One row in its parts: when … then …, where it is written, from when to when, how sure, with what note."""

    when: str
    then: str
    where: str
    since: date | None
    until: date | None
    certainty: Certainty
    sure: str
    note: str
    unread: bool


WORDS = {
    "vi": {
        "or": " hoặc ", "some": "có tang vật", "param": "{} từ giá trị của tham số “{}”", "from": "{} từ {} trở lên",
        "over": "{} trên {}", "below": "{} dưới {}", "is": "{} {}", "from_below": "{} từ {} đến dưới {}",
        "from_to": "{} từ {} đến {}", "over_below": "{} trên {} đến dưới {}", "over_to": "{} trên {} đến {}",
        "yes": "xác định là có: {}", "no": "xác định là không: {}", "unread": "chưa đọc: {}",
        "fine": "phạt tiền {} (cá nhân)", "crime": "đến mức xem xét trách nhiệm hình sự, ít nhất khoản {}",
    },
    "en": {
        "or": " or ", "some": "there are items", "param": "{} from the value of “{}”", "from": "{} of {} or more",
        "over": "{} above {}", "below": "{} below {}", "is": "{} {}", "from_below": "{} from {} to below {}",
        "from_to": "{} from {} to {}", "over_below": "{} above {} to below {}", "over_to": "{} above {} to {}",
        "yes": "established that yes: {}", "no": "established that no: {}", "unread": "not read: {}",
        "fine": "a fine of {} (a person)", "crime": "criminal liability is to be weighed, at least paragraph {}",
    },
}  # fmt: skip


def _band(measure: str, band: Band, lang: str) -> str:
    label, say = fact(measure, lang), WORDS[lang]
    if measure == "items":
        return say["some"]
    if band.param:
        named = params()[band.param]
        return say["param"].format(label, named.en if lang == "en" else named.vi)
    low = amount(measure, band.low, lang)
    if band.high is None:
        return say["from" if band.low_counts else "over"].format(label, low)
    high = amount(measure, band.high, lang)
    if band.low == 0 and band.low_counts and not band.high_counts:
        return say["below"].format(label, high)
    if band.low == band.high:
        return say["is"].format(label, low)
    start, end = "from" if band.low_counts else "over", "to" if band.high_counts else "below"
    return say[f"{start}_{end}"].format(label, low, high)


def _choice(name: str, values: tuple, lang: str) -> str:
    say = WORDS[lang]
    if values in ((True,), (False,)):
        return say["yes" if values[0] else "no"].format(fact(name, lang))
    return say["or"].join(said_as(name, value, lang) for value in values)


def _acts(acts: frozenset[str], lang: str) -> str:
    return WORDS[lang]["or"].join(said_as("acts", a, lang) for a in words()["acts"] if a in acts)


def _when(row: Row, lang: str) -> str:
    parts = [] if row.acts is None else [_acts(row.acts, lang)]
    parts += [_choice(name, values, lang) for name, values in row.when]
    parts += [_band(measure, band, lang) for measure, band in row.bands]
    return "; ".join(parts)


def _then(row: Row, lang: str) -> str:
    say = WORDS[lang]
    if row.unread:
        return say["unread"].format(row.unread)
    if row.fine:
        return say["fine"].format(range_of_money(*row.fine, lang))
    if row.paragraph:
        return say["crime"].format(row.paragraph)
    return said_as("outcomes", row.does, lang)


def spoken(row: Row, lang: str = "vi") -> Spoken:
    """One row in its parts, in Vietnamese or English; notes and what was not read stay as the jurist wrote them."""
    return Spoken(
        when=_when(row, lang),
        then=_then(row, lang),
        where=row.basis,
        since=row.period.start,
        until=row.period.end,
        certainty=row.certainty,
        sure=(SAID_EN if lang == "en" else SAID)[row.certainty],
        note=row.note,
        unread=bool(row.unread),
    )


def _period(period: Period) -> str:
    start = f"từ {said(period.start)}" if period.start else ""
    end = f"đến hết {said(period.end)}" if period.end else ""
    return " ".join(part for part in (start, end) if part)


def say(row: Row) -> str:
    """One row as a sentence."""
    one = spoken(row)
    told = "; ".join(part for part in (one.where, _period(row.period), one.sure, one.note) if part)
    return f"Khi {one.when} → {one.then} [{told}]."


def sanctions(table: Table, lang: str = "vi") -> list[tuple[bool, int, int, str]]:
    """What clauses add to the fine: whether a remedy, first and last clause, and what."""
    return [(s.remedy, s.first, s.last, said_as("outcomes", s.does, lang)) for s in table.sanctions]


def _sanction(one: Sanction) -> str:
    clauses = f"khoản {one.first}" if one.first == one.last else f"khoản {one.first} đến {one.last}"
    return f"{'Khắc phục hậu quả' if one.remedy else 'Xử phạt bổ sung'}, {clauses}: {what(one.does)}."


def _lines(table: Table) -> Iterator[str]:
    yield f"{table.source}{', ' + table.article if table.article else ''}: {table.vi}"
    if table.unread:
        yield f"Chưa đọc: {table.unread}."
    yield from (say(row) for row in table.rows)
    yield from (_sanction(one) for one in table.sanctions)


def read_aloud(table: str) -> str:
    """The whole table in Vietnamese, a line a row; UnknownName when there is no such table."""
    if table not in tables():
        raise UnknownName(f"Bộ quy định không có bảng quyết định “{table}”.")
    return "\n".join(_lines(tables()[table]))
