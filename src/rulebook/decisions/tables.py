"""The decision tables as rows: when … then what, where it is written, how sure, from which day to which.

A table mirrors its article: clauses with a fine or a paragraph, points with the conditions under which they
hold. Money in a table is in million đồng, here in đồng.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from rulebook.certainty import Certainty, certainty, weakest
from rulebook.dated import Period
from rulebook.decisions.facts import CASE_MEASURES, CHOICES, ITEM_MEASURES, MONEY
from rulebook.decisions.words import words
from rulebook.errors import BadData
from rulebook.parameters import param_value
from rulebook.reading import entries, folder, read_yaml

Kind = Literal["administrative", "criminal", "circumstance"]
MILLION = 1_000_000
ASIDE = {"cases.yaml", "words.yaml"}
TOLD = {"point", "acts", "certainty", "note", "unread", "does", "source", "article", "lesser"}


@dataclass(frozen=True, slots=True)
class Band:
    """Amounts from `low` up to `high`; the ends count or not. No `high` is “and more”."""

    low: Decimal
    high: Decimal | None = None
    low_counts: bool = True
    high_counts: bool = False
    param: str = ""
    """The parameter that gives `low`, when the number stands there."""

    def below(self, amount: Decimal) -> bool:
        """True when the amount does not reach the band."""
        return amount < self.low or (amount == self.low and not self.low_counts)

    def above(self, amount: Decimal) -> bool:
        """True when the amount is past the band."""
        return self.high is not None and (
            amount > self.high or (amount == self.high and not self.high_counts)
        )

    def holds(self, amount: Decimal) -> bool:
        """True when the amount lies in the band."""
        return not self.below(amount) and not self.above(amount)


@dataclass(frozen=True, slots=True)
class Row:
    """One point of a table. `when` holds choices and truths, `bands` the amounts; all must be met."""

    id: str
    table: str
    kind: Kind
    clause: int | str
    acts: frozenset[str] | None
    """The acts it speaks of; None for any."""
    when: tuple[tuple[str, tuple[Any, ...]], ...]
    bands: tuple[tuple[str, Band], ...]
    fine: tuple[int, int] | None
    """For a person, in đồng, already doubled where the article doubles it for natural forest."""
    paragraph: int | None
    lesser: bool
    """True for what holds below the thresholds: any other row of the table that holds says more."""
    does: str
    unread: str
    """What of the law was not read, so that the row cannot be judged; empty when it can."""
    source: str
    article: str
    period: Period
    certainty: Certainty
    note: str

    @property
    def basis(self) -> str:
        """Where it is written, e.g. “146/2026/NĐ-CP, Điều 24 khoản 4 điểm a”."""
        return ", ".join(part for part in (self.source, self.article) if part)


@dataclass(frozen=True, slots=True)
class Sanction:
    """What a clause adds to the fine: an additional sanction or a remedy."""

    does: str
    first: int
    last: int
    acts: frozenset[str]
    remedy: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One article. `unread` says what of it was not read; `replaced_by` names its successor."""

    id: str
    kind: Kind
    vi: str
    en: str
    source: str
    article: str
    acts: frozenset[str] | None
    unread: str
    replaced_by: str
    of: str
    """The criminal table whose circumstances these are; empty when they are of every case."""
    sanctions: tuple[Sanction, ...]
    rows: tuple[Row, ...]
    periods: tuple[Period, ...]

    def holds(self, day: date) -> bool:
        """True when the table is in force that day."""
        return any(period.holds(day) for period in self.periods)


def _decimal(measure: str, given: Any) -> Decimal:
    value = Decimal(str(given))
    return value * MILLION if measure in MONEY else value


def _band(measure: str, told: dict[str, Any]) -> Band:
    if set(told) - {"from", "to", "below", "above", "from_param"}:
        raise ValueError(f"{measure}: chỉ nhận from, above, to, below, from_param")
    high = told.get("to", told.get("below"))
    if "from_param" in told:
        return Band(Decimal(0), param=told["from_param"])
    return Band(
        low=_decimal(measure, told.get("from", told.get("above", 0))),
        high=None if high is None else _decimal(measure, high),
        low_counts="above" not in told,
        high_counts="to" in told,
    )


def _conditions(point: dict[str, Any]) -> tuple[list[tuple[str, tuple[Any, ...]]], list[tuple[str, Band]]]:
    when, bands = [], []
    for name, told in point.items():
        if name in TOLD:
            continue
        if name in (*ITEM_MEASURES, *CASE_MEASURES, "items"):
            bands.append((name, _band(name, told)))
            continue
        values = tuple(told) if isinstance(told, list) else (told,)
        if name in CHOICES and not set(values) <= set(words()[name]):
            raise ValueError(f"{name}: {values} không có trong words.yaml")
        if name not in CHOICES and (name not in words()["facts"] or not set(values) <= {True, False}):
            raise ValueError(f"điều kiện “{name}” không có trong words.yaml")
        when.append((name, values))
    return when, bands


def _article(table: dict[str, Any], clause: Any, point: dict[str, Any]) -> str:
    if "article" in point:
        return str(point["article"])
    parts = [table["article"]]
    if isinstance(clause, int):
        parts.append(f"khoản {clause}")
    if point.get("point"):
        parts.append(f"điểm {point['point']}")
    return " ".join(part for part in parts if part)


def _doubled(table: dict[str, Any], when: list, fine: Any) -> Iterator[tuple[str, list, Any, str]]:
    """The row as planted forest meets it and as natural forest does, where the article tells them apart."""
    natural = table.get("natural_forest")
    forest = dict(when).get("forest")
    if not natural or not forest:
        yield "", when, fine, ""
        return
    times = natural["times"]
    yield "", [*when, ("forest_origin", ("planted",))], fine, ""
    twice = tuple(end * times for end in fine)
    yield ".natural", [*when, ("forest_origin", ("natural",))], twice, f", khoản {natural['clause']}"


def _rows(table: dict[str, Any]) -> Iterator[Row]:
    acts = None if table["acts"] == "any" else frozenset(table["acts"])
    for clause in table["clauses"]:
        letters = Counter(told.get("point", "") for told in clause["points"])
        for number, told in enumerate(clause["points"], start=1):
            point = {**table.get("when", {}), **told}
            when, bands = _conditions(point)
            for suffix, conditions, fine, also in _doubled(table, when, clause.get("fine")):
                letter = told.get("point", "")
                alone = letter and letters[letter] == 1
                place = letter if alone else f"{letter}.{number}" if letter else str(number)
                name = f"{clause['clause']}.{place}{suffix}"
                for version in table["versions"]:
                    period = Period.of(version.get("from"), version.get("to"))
                    marks = [certainty(told.get("certainty", "read")), certainty(version["certainty"])]
                    yield Row(
                        id=f"{table['table']}.{name}",
                        table=table["table"],
                        kind=table["kind"],
                        clause=clause["clause"],
                        acts=frozenset(told["acts"]) if "acts" in told else acts,
                        when=tuple(conditions),
                        bands=tuple(bands),
                        fine=None if fine is None else (round(fine[0] * MILLION), round(fine[1] * MILLION)),
                        paragraph=clause.get("paragraph"),
                        lesser=bool(told.get("lesser")),
                        does=told.get("does", ""),
                        unread=told.get("unread", ""),
                        source=told.get("source", table["source"]),
                        article=_article(table, clause["clause"], told) + also,
                        period=period,
                        certainty=marks[0] if "source" in told else weakest(marks),
                        note="; ".join(n for n in (told.get("note", ""), version.get("note", "")) if n),
                    )


def _sanctions(table: dict[str, Any]) -> Iterator[Sanction]:
    for key in ("additional", "remedies"):
        for told in table.get(key, ()):
            first, last = told["clauses"]
            yield Sanction(told["does"], first, last, frozenset(told.get("acts", ())), key == "remedies")


def _table(told: dict[str, Any]) -> Table:
    return Table(
        id=told["table"],
        kind=told["kind"],
        vi=told["vi"],
        en=told["en"],
        source=told["source"],
        article=told["article"],
        acts=None if told["acts"] == "any" else frozenset(told["acts"]),
        unread=told.get("unread", ""),
        replaced_by=told.get("replaced_by", ""),
        of=told.get("of", ""),
        sanctions=tuple(_sanctions(told)),
        rows=tuple(_rows(told)),
        periods=tuple(Period.of(v.get("from"), v.get("to")) for v in told["versions"]),
    )


@lru_cache(maxsize=1)
def tables() -> dict[str, Table]:
    """Every table by its key; BadData names the file and what is wrong with it."""
    found: dict[str, Table] = {}
    for file in entries(folder("vn", "decisions"), ".yaml"):
        if file.name in ASIDE:
            continue
        try:
            table = _table(read_yaml(file))
        except (KeyError, ValueError, TypeError, ArithmeticError) as error:
            raise BadData(f"Tệp decisions/{file.name}: {error}") from error
        if table.id in found:
            raise BadData(f"Tệp decisions/{file.name}: bảng {table.id} ghi hai lần.")
        found[table.id] = table
    return found


def settled(band: Band, day: date) -> Band:
    """The band with its number, where the number stands in a parameter."""
    if not band.param:
        return band
    return Band(Decimal(str(param_value(band.param, on=day).value)))
