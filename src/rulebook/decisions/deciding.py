"""From the facts of a case to the rows of every table that hold, and those that cannot be judged yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rulebook.decisions.facts import Facts
from rulebook.decisions.fines import fired
from rulebook.decisions.judging import Judgement, Missing, judge
from rulebook.decisions.milder import compare
from rulebook.decisions.powers import hearing, limitation, offices
from rulebook.decisions.result import Decision, Fired, Open
from rulebook.decisions.tables import Row, Table, tables
from rulebook.decisions.words import said_as
from rulebook.reading import said


def _speaks(table: Table, facts: Facts) -> bool:
    return table.acts is None or bool(table.acts & facts.acts)


def judge_table(table: Table, facts: Facts, day: date) -> tuple[list[Fired], list[Open]]:
    """The rows of one table that hold on a day, and those that cannot be judged, by what is missing."""
    rows = [row for row in table.rows if row.period.holds(day)]
    judged: list[tuple[Row, Judgement]] = [(row, judge(row, facts, day)) for row in rows]
    met = [fired(row, table, found, facts, day) for row, found in judged if found.met]
    waiting: dict[tuple[tuple[Missing, ...], str], list[Row]] = {}
    for row, found in judged:
        if found.met is None:
            waiting.setdefault((found.missing, row.unread), []).append(row)
    opens = [Open(table, tuple(of), missing, unread) for (missing, unread), of in waiting.items()]
    if table.unread and not met:
        opens.append(Open(table, (), (), table.unread))
    return met, opens


def _weight(one: Fired) -> tuple[int, int, int]:
    low, high = one.row.fine or (0, 0)
    return (one.row.paragraph or 0, high, low)


def _says_more(one: Fired, other: Fired) -> bool:
    """True when the other row of the same article covers the same items with a higher paragraph."""
    ranks = [((row.row.paragraph or 0), not row.row.lesser) for row in (one, other)]
    return one.table is other.table and ranks[1] > ranks[0] and set(one.items) <= set(other.items)


def _highest(rows: Sequence[Fired]) -> list[Fired]:
    """The criminal rows without those of which another says more."""
    return [one for one in rows if not any(_says_more(one, other) for other in rows)]


def _gaps(facts: Facts, day: date, judged: Sequence[tuple[Table, list[Fired], list[Open]]]) -> list[str]:
    """What no table answers: an act no table speaks of, an article none of whose rows fits."""
    out = []
    for act in sorted(facts.acts):
        if not any(t.acts and act in t.acts and t.holds(day) for t in tables().values()):
            out.append(f"Chưa có bảng quyết định nào cho hành vi “{said_as('acts', act)}” ngày {said(day)}.")
    criminal = any((met or opens) and t.kind == "criminal" for t, met, opens in judged)
    for table, met, opens in judged:
        if table.kind == "administrative" and not met and not opens and not criminal:
            out.append(
                f"{table.source}, {table.article} ({table.vi}): không hàng nào khớp với dữ kiện đã có."
            )
    for table, met, _ in judged:
        groups = {frozenset(one.items) for one in met if one.items}
        if table.kind == "administrative" and len(groups) > 1:
            out.append(
                f"{table.source}, {table.article}: tang vật thuộc nhiều khung khác nhau; cách xử phạt khi một "
                "vụ có nhiều loại tang vật (Điều 8) mới đọc bản tóm tắt, hàng nặng nhất nêu trước."
            )
    return out


def _across(facts: Facts, day: date, speaking: Sequence[Table]) -> list[str]:
    """A sentence when the act went on past a day on which one of its articles ended."""
    last = facts.ended or (facts.decided if facts.continuing else None)
    if last is None or all(table.holds(last) for table in speaking if table.kind != "circumstance"):
        return []
    return [
        f"Hành vi kéo dài từ {said(day)} đến {said(last)}, qua ngày quy định thay đổi; các hàng trên theo quy "
        "định của ngày bắt đầu, cần xem quy định của ngày chấm dứt."
    ]


def _open_offender(facts: Facts, rows: Sequence[Fired]) -> list[Open]:
    if facts.offender is not None or not any(row.fine for row in rows):
        return []
    first = rows[0]
    return [Open(first.table, tuple(row.row for row in rows if row.fine), (Missing("offender"),), "")]


def decide(facts: Facts) -> Decision:
    """The indication for the facts: what holds, what cannot be judged and why. It decides nothing.

    Without the day of the act or without an act nothing is judged, and the missing fact is named.
    """
    nothing = Decision(facts, (), (), (), (), (), (), limitation(facts), (), None)
    needed = [Missing(name) for name, known in (("day", facts.day), ("acts", facts.acts)) if not known]
    if needed or facts.day is None:
        return replace(nothing, open=(Open(None, (), tuple(needed), ""),))
    day = facts.day
    speaking = [t for t in tables().values() if _speaks(t, facts) and t.holds(day)]
    judged = [(t, *judge_table(t, facts, day)) for t in speaking]
    by_kind: dict[str, list[Fired]] = {"administrative": [], "criminal": [], "circumstance": []}
    for table, met, _ in judged:
        by_kind[table.kind] += met
    crimes = _highest(by_kind["criminal"])
    met_articles = {"", *(crime.table.id for crime in crimes)}
    around = [one for one in by_kind["circumstance"] if one.table.of in met_articles]
    fines = sorted(by_kind["administrative"], key=_weight, reverse=True)
    opens = [(t, one) for t, _, told in judged for one in told if t.kind != "circumstance"]
    comparisons = compare(facts, list(tables().values()), judge_table)
    provisional = any(table.kind == "administrative" for table, _ in opens)
    when = facts.decided or day
    taken = [*fines, *(c for c in around if c.row.does == "seize_vehicle")]
    return Decision(
        facts=facts,
        administrative=tuple(fines),
        criminal=tuple(sorted(crimes, key=_weight, reverse=True)),
        circumstances=tuple(around),
        open=(*_open_offender(facts, fines), *(one for _, one in opens)),
        gaps=(*_gaps(facts, day, judged), *_across(facts, day, speaking)),
        comparisons=comparisons,
        limitation=limitation(facts),
        offices=offices(facts, taken, when, provisional=provisional),
        hearing=hearing(facts, fines, when),
    )
