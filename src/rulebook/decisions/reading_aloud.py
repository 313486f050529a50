"""A table as a jurist reads it aloud: when … then what, where it is written, how sure, from when to when."""

from collections.abc import Iterator

from rulebook.certainty import SAID
from rulebook.dated import Period
from rulebook.decisions.fines import what
from rulebook.decisions.tables import Band, Row, Sanction, Table, tables
from rulebook.decisions.words import amount, fact, range_of_money, said_as, words
from rulebook.errors import UnknownName
from rulebook.parameters import params
from rulebook.reading import said


def _band(measure: str, band: Band) -> str:
    label = fact(measure)
    if measure == "items":
        return "có tang vật"
    if band.param:
        return f"{label} từ giá trị của tham số “{params()[band.param].vi}”"
    if band.high is None:
        return f"{label} {'từ' if band.low_counts else 'trên'} {amount(measure, band.low)}" + (
            " trở lên" if band.low_counts else ""
        )
    if band.low == 0 and band.low_counts and not band.high_counts:
        return f"{label} dưới {amount(measure, band.high)}"
    if band.low == band.high:
        return f"{label} {amount(measure, band.low)}"
    start = "từ" if band.low_counts else "trên"
    to = "đến" if band.high_counts else "đến dưới"
    return f"{label} {start} {amount(measure, band.low)} {to} {amount(measure, band.high)}"


def _choice(name: str, values: tuple) -> str:
    if values == (True,):
        return f"xác định là có: {fact(name)}"
    if values == (False,):
        return f"xác định là không: {fact(name)}"
    return " hoặc ".join(said_as(name, value) for value in values)


def _when(row: Row) -> str:
    parts = (
        []
        if row.acts is None
        else [" hoặc ".join(said_as("acts", a) for a in words()["acts"] if a in row.acts)]
    )
    parts += [_choice(name, values) for name, values in row.when]
    parts += [_band(measure, band) for measure, band in row.bands]
    return "; ".join(parts)


def _then(row: Row) -> str:
    if row.unread:
        return f"chưa đọc: {row.unread}"
    if row.fine:
        return f"phạt tiền {range_of_money(*row.fine)} (cá nhân)"
    if row.paragraph:
        return f"đến mức xem xét trách nhiệm hình sự, ít nhất khoản {row.paragraph}"
    return what(row.does)


def _period(period: Period) -> str:
    start = f"từ {said(period.start)}" if period.start else ""
    end = f"đến hết {said(period.end)}" if period.end else ""
    return " ".join(part for part in (start, end) if part)


def say(row: Row) -> str:
    """One row as a sentence."""
    told = "; ".join(part for part in (row.basis, _period(row.period), SAID[row.certainty], row.note) if part)
    return f"Khi {_when(row)} → {_then(row)} [{told}]."


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
