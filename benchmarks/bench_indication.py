"""How long one case takes to be held against the decision tables and told, with each item weighed alone too.

The floor is `decide` for the same facts: what the engine alone costs.
"""

from datetime import date

from benchmarks.table import Row, best_of
from rulebook.decisions import Facts, Item, deadlines, decide

GROUPS = ("IB", "IIB", "ordinary", "priority", "IIB")
ACTS = {"usual": {"hunting"}, "heavy": {"hunting", "transport", "trade", "storage", "logging"}}
TARGET = "≤ 0.03"


def case(items: int, acts: set[str]) -> Facts:
    """A case of before the new decree, decided after it, so that both laws are asked."""
    some = tuple(
        Item(
            name=f"Tang vật {n}", kind="animal", group=GROUPS[n % 5], klass="mammal", state="dead", sort="other",
            number=n % 4 + 1, value=900_000 * (n + 1),
        )
        for n in range(items)
    )  # fmt: skip
    return Facts(
        day=date(2026, 6, 1), decided=date(2026, 7, 10), acts=frozenset(acts), items=some, forest="special_use",
        forest_origin="natural", offender="person", previous="none",
    )  # fmt: skip


def rows() -> list[Row]:
    import django

    django.setup()
    from baoton.law.queries import tell

    out = []
    for name, items, acts in (
        ("3 items, 1 act", 3, "usual"),
        ("10 items, 5 acts", 10, "heavy"),
        ("40 items, 1 act", 40, "usual"),
    ):
        facts = case(items, ACTS[acts])
        clocks = deadlines(date(2026, 7, 1), seized=date(2026, 7, 1))
        ours = best_of(lambda facts=facts, clocks=clocks: tell(facts, lambda m: "", clocks), 20)
        floor = best_of(lambda facts=facts: decide(facts), 20)
        out.append(Row(f"indication of a case: {name}", ours, "decide alone", floor, target=TARGET))
    return out
