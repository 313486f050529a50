"""Whatever two people do in whatever order: one fate an animal, costs to the đồng, nothing for the dead."""

import os
from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.rescue.cases import ago, do, planned, received, seen, told

from baoton.kit.access import Denied
from baoton.kit.models import Clock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import ledger, write
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Person
from baoton.rescue.models import HERE, LIVING, REMAINS, Animal, Care, Point, Release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
CARES = ("food", "treatment", "weight", "check", "other")
VERBS = (*CARES, *CARES, "reverse", "die", "dispose", "decide_release", "join", "part", "carry_out", "cancel",
         "transfer", "give_back", "lose", "quarantine", "clear", "withdraw", "seen", "dead", "receive",
         "notify")  # fmt: skip
step = st.tuples(
    st.sampled_from(VERBS),
    st.integers(0, 2),
    st.integers(-1, 12),
    st.integers(0, 9),
    st.sampled_from(("lan", "dung")),
)


EXAMPLES = int(os.environ.get("RESCUE_EXAMPLES", "10"))
"""Each costs half a second; more are asked for by hand."""


class Undo(Exception):
    """Ends an example: nothing of it stays."""


def tried(who: Any, verb: str, one: Animal, plan: Release, day: int, n: int) -> int:
    """One step that may be refused in a sentence; what it added to the costs."""
    cost = None if n == 0 else n * 10_000
    if verb in CARES:
        said: dict[str, Any] = {"day": ago(day), "what": "chuối", "cost": cost, "weight_g": n * 100 + 1}
        if verb in {"weight", "check"}:
            said.pop("cost")
        do(who, one, verb, **said)
        return 0 if verb in {"weight", "check"} else cost or 0
    if verb == "reverse":
        lines = list(Care.objects.filter(book=one).order_by("position"))
        if not lines:
            return 0
        line = lines[n % len(lines)]
        do(who, line, "reverse", reason="ghi nhầm")
        return -(line.cost or 0)
    if verb in {"carry_out", "cancel"}:
        do(who, plan, verb, on=ago(day), report="x", reason="x")
    elif verb in {"seen", "dead"}:
        seen(who, one, verb, day)
    elif verb == "withdraw":
        write.withdraw(REGISTERS["rescue.animal"], who, Animal.objects.get(pk=one.pk), "nhập hai lần")
    else:
        on = ago(day)
        said = {
            "on": on, "died_on": on, "quarantine_ended": on, "quarantine_until": on, "received_on": on,
            "noticed_on": on, "cause": "ốm", "release": plan.pk, "way": "museum", "health": "hurt",
            "receiver": "x", "reason": "x", "decided_by": "Sở", "decision": "1", "ended_how": "x",
        }  # fmt: skip
        asked = {k.name for k in REGISTERS["rescue.animal"].verb(verb).asks}
        do(who, one, verb, **{k: v for k, v in said.items() if k in asked})
    return 0


def kept(animals: list[Animal], costs: Counter[Any]) -> None:
    for row in animals:
        one = Animal.objects.get(pk=row.pk)
        lines = Care.objects.filter(book=one)
        assert (lines.aggregate(n=Sum("cost"))["n"] or 0) == costs[one.pk]
        assert sum(ledger.balances(Care, one).values()) == costs[one.pk] >= 0
        assert [x.position for x in lines.order_by("position")] == list(range(1, lines.count() + 1))
        fates = [one.released_on is not None, one.died_on is not None,
                 one.status in {"returned", "transferred", "escaped"}]  # fmt: skip
        assert sum(fates) == (one.status not in {*LIVING, "mistaken"}), (one.status, fates)
        assert (one.ended is None) == (one.status in LIVING)
        assert (one.status in REMAINS) == (one.died_on is not None)
        if one.ended is not None:
            assert all(one.received_on <= x.day <= one.ended for x in lines)
        if one.status == Animal.Status.RELEASED:
            assert (
                one.release is not None
                and one.release.status == "done"
                and one.release.day == one.released_on
            )
        if one.after == "dead":
            assert one.status == "released"
        if one.status not in HERE:
            assert (
                not Clock.objects.filter(record=one.pk, stopped__isnull=True)
                .exclude(name="tiếp nhận con vật")
                .exists()
            )
        if one.withdrawn is not None:
            standing = lines.filter(reverses__isnull=True, reversed_by__isnull=True)
            assert not standing.exists()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(step, min_size=3, max_size=14))
def test_no_order_of_what_two_people_do_gives_two_fates_or_loses_a_dong(
    province: None, steps: list[Any]
) -> None:
    try:
        with transaction.atomic():
            people = {n: Person.objects.get(username=n) for n in ("lan", "dung")}
            lan = people["lan"]
            animals = [
                received(lan),
                do(lan, received(lan), "decide_release", decided_by="Sở", decision="1"),
                told(lan),
            ]
            plan, costs = planned(lan, answered=False), Counter[Any]()
            Point.objects.filter(release=plan).update(state="met")
            for verb, which, day, n, who in steps:
                one = animals[which]
                try:
                    with transaction.atomic():
                        costs[one.pk] += tried(people[who], verb, one, plan, day, n)
                except (NotNow, ValidationError, Denied) as refused:
                    assert str(refused).strip()
                kept(animals, costs)
            raise Undo
    except Undo:
        pass


@pytest.mark.parametrize("second", ["die", "transfer", "lose", "give_back", "release", "decide_release"])
def test_of_two_who_end_an_animal_at_once_the_second_is_told_why_not(second: str) -> None:
    lan = Person.objects.get(username="lan")
    one = received(lan)
    stale = Animal.objects.get(pk=one.pk)
    do(lan, one, "die", died_on=ago(1), cause="ốm")
    said = {
        "died_on": ago(0),
        "cause": "ốm",
        "on": ago(0),
        "reason": "x",
        "ended_how": "x",
        "decided_by": "x",
        "decision": "1",
    }
    with pytest.raises(NotNow):
        write.act(REGISTERS["rescue.animal"], lan, stale, second, said)
