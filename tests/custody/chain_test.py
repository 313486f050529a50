"""A chain is whole from seizure to the police's shelf; whatever is changed behind its back is named at its step."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from tests.custody.cases import act, lot, of, offered, sign

from baoton.custody.models import Lot, Offer, Step
from baoton.custody.queries import hash_of, missing, verify
from baoton.kit.access import Denied
from baoton.kit.models import AuditEvent, Clock
from baoton.kit.writing.ledger import AppendOnly
from baoton.kit.writing.refusal import NotNow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def handed() -> Lot:
    """Seized, sealed, stored, weighed less, handed to the police, moved there: six steps."""
    one = lot(of("dung"))
    act(of("dung"), one, "seal", new_seal="NP-01")
    act(of("dung"), one, "store", to_place="kho Hạt")
    act(of("dung"), one, "weigh", n_kg="6", reason="để khô")
    sign(of("minh"), offered(of("dung"), one, of("minh").organisation_id))
    act(of("minh"), one, "move", to_place="kho tỉnh", reason="chuyển kho")
    return Lot.objects.get(pk=one.pk)


def test_a_lot_goes_from_seizure_to_the_police_without_a_break() -> None:
    one = handed()
    assert str(verify(one)) == "liền mạch"
    assert one.number.startswith("TV-") and one.organisation == of("minh").organisation_id
    assert (one.count, one.kg, one.place, one.seal, one.length) == (
        3,
        Decimal("6.000"),
        "kho tỉnh",
        "NP-01",
        6,
    )
    assert Clock.objects.filter(record=one.pk, stopped__isnull=True).count() == 1


def test_a_hand_over_stands_only_when_somebody_else_of_that_body_signs() -> None:
    dung, minh = of("dung"), of("minh")
    one = lot(dung)
    offer = offered(dung, one, minh.organisation_id)
    with pytest.raises(NotNow, match="chờ bên nhận"):
        act(dung, one, "move", to_place="nhà", reason="thử")
    for other in ("dung", "thu", "sung"):
        with pytest.raises((NotNow, Denied)):
            sign(of(other), offer)
    assert Lot.objects.get(pk=one.pk).organisation == dung.organisation_id
    sign(minh, offer, "refuse", reason="niêm phong rách")
    assert Offer.objects.get(pk=offer.pk).answer == "niêm phong rách"
    with pytest.raises(NotNow):
        sign(minh, offer)
    own = offered(dung, one, dung.organisation_id)
    with pytest.raises(NotNow, match="chính mình"):
        sign(dung, own)
    sign(dung, own, "take_back")
    late = offered(dung, one, minh.organisation_id)
    Offer.objects.filter(pk=late.pk).update(until=late.offered - timedelta(days=1))
    with pytest.raises(NotNow, match="quá hạn"):
        sign(minh, late)
    assert verify(one).whole


def test_a_weight_changes_only_by_weighing_again_with_a_reason_and_time_never_runs_back() -> None:
    dung = of("dung")
    one = lot(dung)
    with pytest.raises(ValidationError):
        act(dung, one, "weigh", n_kg="7")
    with pytest.raises(ValidationError):
        act(dung, one, "weigh", n_kg="7.0001", reason="lẻ quá")
    with pytest.raises(ValidationError):
        from django.utils import timezone

        act(
            dung,
            one,
            "move",
            to_place="x",
            reason="y",
            when=timezone.localdate() - timedelta(days=2),
            time="10:00",
        )
    act(dung, one, "destroy", reason="QĐ 5")
    with pytest.raises(NotNow, match="kết thúc"):
        act(dung, one, "move", to_place="x", reason="y")
    assert verify(one).whole


def test_what_is_split_and_merged_again_loses_no_gram() -> None:
    dung = of("dung")
    one = lot(dung)
    act(dung, one, "split", pieces=1, n_kg="2.001", reason="giao bảo tàng")
    part = Lot.objects.exclude(pk=one.pk).get()
    one.refresh_from_db()
    assert (one.count, one.kg, part.count, part.kg) == (2, Decimal("4.249"), 1, Decimal("2.001"))
    assert verify(one).whole and verify(part).whole
    with pytest.raises(ValidationError, match="ít hơn"):
        act(dung, one, "split", pieces=2, n_kg="1", reason="quá")
    act(dung, one, "merge", other=part.number, reason="gộp lại")
    one.refresh_from_db(), part.refresh_from_db()
    assert (one.count, one.kg, part.status) == (3, Decimal("6.250"), "merged")
    assert verify(one).whole and verify(part).whole
    Step.objects.filter(lot=part, position=2).update(kg=Decimal("1"))
    assert not verify(part).whole


def raw(table: str, values: str, where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {values} WHERE {where}")


def resealed(one: Lot, position: int, **columns: Any) -> None:
    """A clever hand changes a step and hashes it and all that follow anew."""
    Step.objects.filter(lot=one, position=position).update(**columns)
    before = "0" * 64
    for step in Step.objects.filter(lot=one).order_by("position"):
        step.before = before
        before = hash_of(step)
        Step.objects.filter(pk=step.pk).update(before=step.before, hash=before)
    Lot.objects.filter(pk=one.pk).update(head=before)


def gone(one: Lot, position: int) -> None:
    Step.objects.filter(lot=one, position=position)._raw_delete("default")  # type: ignore[attr-defined]


def swapped(one: Lot) -> None:
    Step.objects.filter(lot=one, position=3).update(position=99)
    Step.objects.filter(lot=one, position=4).update(position=3)
    Step.objects.filter(lot=one, position=99).update(position=4)


def of_step(n: int, **columns: Any) -> Callable[[Lot], Any]:
    return lambda one: Step.objects.filter(lot=one, position=n).update(**columns)


WAYS: list[tuple[str, Callable[[Lot], Any], int]] = [
    ("a weight", of_step(4, kg=Decimal("5")), 4),
    ("a place", of_step(3, place="kho khác"), 3),
    ("a name", of_step(5, receiver_name="Ai đó"), 5),
    (
        "the moment",
        lambda one: Step.objects.filter(lot=one, position=2).update(at=one.seized - timedelta(days=9)),
        2,
    ),
    ("a step taken out", lambda one: gone(one, 3), 3),
    ("the last step cut off", lambda one: gone(one, 6), 6),
    ("two steps swapped", swapped, 3),
    ("a step hashed anew", lambda one: resealed(one, 4, kg=Decimal("5")), 4),
    ("another receiver hashed anew", lambda one: resealed(one, 5, receiver="x", receiver_name="x"), 5),
    ("the link to the step before", of_step(4, before="f" * 64), 4),
    ("the signature of the receiver", lambda one: Offer.objects.filter(lot=one).update(status="open"), 5),
    ("the lot's own weight", lambda one: Lot.objects.filter(pk=one.pk).update(kg=1), 6),
    ("what the lot is", lambda one: Lot.objects.filter(pk=one.pk).update(written="Gà rừng"), 6),
    ("who holds it", lambda one: Lot.objects.filter(pk=one.pk).update(holder="x"), 6),
    ("where it came from", lambda one: Lot.objects.filter(pk=one.pk).update(origin="Vụ khác"), 6),
    ("its ending", lambda one: Lot.objects.filter(pk=one.pk).update(status="destroyed"), 6),
    (
        "the log of a step",
        lambda one: AuditEvent.objects.filter(object_id=one.pk, verb="custody.lot.store").delete(),
        3,
    ),
]


@pytest.mark.parametrize("way", WAYS, ids=[w[0] for w in WAYS])
def test_what_is_changed_in_the_database_is_named_at_its_step(
    way: tuple[str, Callable[[Lot], Any], int],
) -> None:
    one = handed()
    way[1](one)
    told = verify(Lot.objects.get(pk=one.pk))
    assert not told.whole and told.breaks[0][0] == way[2], told
    assert str(told).startswith(f"đứt ở bước {way[2]}, vì ")


def test_a_lot_that_was_deleted_is_missed() -> None:
    one = handed()
    Offer.objects.filter(lot=one)._raw_delete("default")  # type: ignore[attr-defined]
    Step.objects.filter(lot=one)._raw_delete("default")  # type: ignore[attr-defined]
    Lot.objects.filter(pk=one.pk)._raw_delete("default")  # type: ignore[attr-defined]
    assert any(one.number in name for name in missing())


def test_code_cannot_change_or_delete_a_step() -> None:
    step = Step.objects.get(lot=handed(), position=2)
    for bad in (step.save, step.delete):
        with pytest.raises(AppendOnly):
            bad()


def test_the_term_of_keeping_is_made_longer_once_and_by_no_more_than_the_law_allows() -> None:
    from baoton.custody.actions.lots import LIMIT
    from baoton.kit.writing import clock

    dung = of("dung")
    one = lot(dung)
    before = clock.opened(one.pk, LIMIT)
    assert before is not None and before.due is not None
    with pytest.raises(ValidationError, match="nhiều nhất 30 ngày"):
        act(dung, one, "extend", days=31, reason="QĐ 1")
    one = act(dung, one, "extend", days=30, reason="QĐ 1")
    after = clock.opened(one.pk, LIMIT)
    assert after is not None and after.due is not None and 25 <= (after.due - before.due).days <= 30
    assert verify(one).whole
    with pytest.raises(NotNow, match="một lần"):
        act(dung, one, "extend", days=1, reason="QĐ 2")
