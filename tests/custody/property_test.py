"""Whatever two people of two bodies do in whatever order: no chain breaks, no gram is lost, nothing is held twice."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.custody.cases import act, lot, of, sign

from baoton.custody.models import Lot, Offer, body_of
from baoton.custody.queries import verify
from baoton.kit.access import Denied
from baoton.kit.writing.refusal import NotNow

REFUSED = (NotNow, ValidationError, Denied)
VERBS = (
    "seal", "unseal", "move", "split", "split", "sample", "merge", "merge", "offer", "offer", "offer",
    "accept", "accept", "accept", "refuse", "take_back", "destroy", "weigh",
)  # fmt: skip
PEOPLE = ("dung", "minh")
START = {"count": 6, "kg": "9.003"}
step = st.tuples(st.sampled_from(VERBS), st.sampled_from(PEOPLE), st.integers(0, 5), st.integers(1, 3000))


def do(who: str, verb: str, which: int, n: int, keys: list[Any] | None = None) -> None:
    """One deed of one person on one of the lots there are; refusals are raised."""
    actor, other = of(who), of(PEOPLE[1 - PEOPLE.index(who)])
    rows = list(Lot.objects.order_by("number", "pk"))
    one = rows[which % len(rows)]
    grams, part = Decimal(n).scaleb(-3), 1 + n % 2
    said: dict[str, Any] = {"reason": "thử"}
    if verb in {"accept", "refuse", "take_back"}:
        found = Offer.objects.filter(status="open").order_by("pk")
        if not found:
            raise NotNow("không có")
        sign(actor, found[which % len(found)], verb)
        return
    if verb == "seal":
        said["new_seal"] = f"NP-{n}"
    elif verb == "move":
        said["to_place"] = f"kho {n}"
    elif verb in {"split", "sample"}:
        said |= {"pieces": part, "n_kg": str(grams)}
    elif verb == "merge":
        said["other"] = rows[(which + n) % len(rows)].number
    elif verb == "offer":
        said["to_body"] = body_of(other if n % 3 else actor)
    elif verb == "weigh":
        said["pieces"] = (one.count or 0) + 1
    act(actor, one, verb, **said)


def laws(weighed: int) -> None:
    """What must hold after every deed."""
    lots = list(Lot.objects.all())
    for one in lots:
        assert verify(one).whole, verify(one)
    standing = [one for one in lots if one.status != "merged"]
    assert sum(one.kg for one in standing if one.kg is not None) == 2 * Decimal(START["kg"])
    assert sum(one.count for one in standing if one.count is not None) == 12 + weighed
    for one in lots:
        assert one.organisation == body_of(of("dung")) or one.organisation == body_of(of("minh"))
        accepted = Offer.objects.filter(lot=one, status="accepted").count()
        assert accepted == one.steps.filter(kind="handed").count()
        assert Offer.objects.filter(lot=one, status="open").count() <= 1


class Undo(Exception):
    """Ends an example: nothing of it stays."""


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("province")
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(todo=st.lists(step, min_size=6, max_size=12))
def test_no_order_of_deeds_breaks_a_chain_or_loses_a_gram(todo: list[tuple[str, str, int, int]]) -> None:
    weighed = 0
    with pytest.raises(Undo), transaction.atomic():
        lot(of("dung"), **START)
        lot(of("dung"), **START)
        for verb, who, which, n in todo:
            try:
                with transaction.atomic():
                    do(who, verb, which, n)
            except REFUSED:
                continue
            weighed += verb == "weigh"
        laws(weighed)
        raise Undo
