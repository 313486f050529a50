"""The law of the day of the act beside the law of the day of decision: which is milder, when that can be told."""

from collections.abc import Callable, Sequence
from datetime import date

from rulebook.decisions.facts import Facts
from rulebook.decisions.result import Comparison, Fired, Open
from rulebook.decisions.tables import Table
from rulebook.decisions.words import range_of_money

Judged = tuple[Sequence[Fired], Sequence[Open]]
Judge = Callable[[Table, Facts, date], Judged]


def _heaviest(rows: Sequence[Fired]) -> tuple[int, int] | None:
    fines = [row.fine for row in rows if row.fine]
    return max(fines, key=lambda fine: (fine[1], fine[0]), default=None)


def milder_of(old: tuple[int, int], new: tuple[int, int]) -> str | None:
    """`old`, `new` or `equal`; None when one range starts lower and ends higher than the other."""
    if old == new:
        return "equal"
    if new[0] <= old[0] and new[1] <= old[1]:
        return "new"
    if old[0] <= new[0] and old[1] <= new[1]:
        return "old"
    return None


def _one(old: Table, old_judged: Judged, new: list[Table], new_judged: list[Judged]) -> Comparison:
    new_rows = tuple(row for rows, _ in new_judged for row in rows)
    old_fine, new_fine = _heaviest(old_judged[0]), _heaviest(new_rows)
    verdict: str | None = None
    if old_judged[1]:
        unread = next((o.unread for o in old_judged[1] if o.unread), "")
        why = f"Chưa so sánh được: chưa đọc {unread}." if unread else "Chưa so sánh được: còn thiếu dữ kiện."
    elif any(opens for _, opens in new_judged):
        why = "Chưa so sánh được theo quy định mới: còn thiếu dữ kiện."
    elif old_fine is None:
        why = "Quy định ngày xảy ra hành vi không có khung phạt khớp với dữ kiện."
    elif new_fine is None:
        why = (
            "Quy định ngày ra quyết định không có khung phạt khớp với dữ kiện; cần xem có còn xử phạt không."
        )
    else:
        verdict = milder_of(old_fine, new_fine)
        told = {
            "new": "quy định mới nhẹ hơn, gợi ý áp dụng quy định mới",
            "old": "quy định cũ nhẹ hơn, gợi ý áp dụng quy định ngày xảy ra hành vi",
            "equal": "hai khung bằng nhau, gợi ý áp dụng quy định ngày xảy ra hành vi",
            None: "hai khung chồng nhau, không nói được khung nào nhẹ hơn",
        }[verdict]
        why = f"Cũ: {range_of_money(*old_fine)}; mới: {range_of_money(*new_fine)}; {told}."
    return Comparison(old, old_fine, tuple(new), new_rows, new_fine, verdict, why)


def compare(facts: Facts, tables: Sequence[Table], judge_table: Judge) -> tuple[Comparison, ...]:
    """A comparison for each article in force on the day of the act and no longer on the day of decision."""
    day, decided = facts.day, facts.decided
    if day is None or decided is None:
        return ()
    fines = [t for t in tables if t.kind == "administrative" and (t.acts is None or t.acts & facts.acts)]
    out = []
    for old in fines:
        if not old.holds(day) or old.holds(decided):
            continue
        here = facts.acts if old.acts is None else old.acts & facts.acts
        new = [
            t
            for t in fines
            if t.holds(decided)
            and not t.holds(day)
            and (t.acts is None or t.acts & here)
            and old.replaced_by in ("", "any", t.id)
        ]
        judged = [judge_table(t, facts, decided) for t in new]
        out.append(_one(old, judge_table(old, facts, day), new, judged))
    return tuple(out)
