"""What a row means for this offender: the fine of a person or an organisation, never above the law's most."""

from datetime import date

from rulebook.certainty import Certainty, weakest
from rulebook.decisions.facts import Facts
from rulebook.decisions.judging import Judgement
from rulebook.decisions.result import Fired
from rulebook.decisions.tables import Row, Table
from rulebook.decisions.words import said_as
from rulebook.errors import NotInForce
from rulebook.parameters import Value, param_value


def value_on(name: str, day: date) -> Value | None:
    """The parameter on a day, None when none is in force."""
    try:
        return param_value(name, on=day)
    except NotInForce:
        return None


def _fine(row: Row, facts: Facts, day: date) -> tuple[tuple[int, int] | None, list[Certainty]]:
    """The fine for this offender; for one not known yet that of a person."""
    if row.fine is None:
        return None, []
    low, high = row.fine
    marks: list[Certainty] = []
    who = facts.offender or "person"
    if who == "organisation":
        times = value_on("enforcement.organisation_times", day)
        if times is None or times.value is None:
            return None, ["unverified"]
        low, high, marks = low * times.value, high * times.value, [times.certainty]
    most = value_on("enforcement.max_fine", day)
    if most is not None and most.value is not None and high > most.value[who]:
        high, marks = most.value[who], [*marks, most.certainty]
        low = min(low, high)
    return (low, high), marks


def _sureness_of_groups(row: Row, judged: Judgement, facts: Facts) -> list[Certainty]:
    """How sure the groups are that a row turns on; nothing where it turns on none."""
    if all(name != "group" for name, _ in row.when):
        return []
    return [facts.items[place].group_certainty for place in judged.items]


def fired(row: Row, table: Table, judged: Judgement, facts: Facts, day: date) -> Fired:
    """The row with what it means: fine, additional sanctions, remedies, and the facts it rests on."""
    fine, marks = _fine(row, facts, day)
    meant = [
        s
        for s in table.sanctions
        if isinstance(row.clause, int)
        and s.first <= row.clause <= s.last
        and (not s.acts or s.acts & (row.acts or facts.acts))
    ]
    return Fired(
        row=row,
        table=table,
        fine=fine,
        additional=tuple(s.does for s in meant if not s.remedy),
        remedies=tuple(s.does for s in meant if s.remedy),
        used=judged.used,
        items=judged.items,
        certainty=weakest([row.certainty, *marks, *_sureness_of_groups(row, judged, facts)]),
    )


def what(does: str) -> str:
    """An outcome in Vietnamese."""
    return said_as("outcomes", does)
