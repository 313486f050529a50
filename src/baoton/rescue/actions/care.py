"""Lines of the care of an animal: only added, each cost once, none for what is dead or gone."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.ids import new_id
from baoton.kit.kinds.words import as_text
from baoton.kit.writing import ledger, outbox
from baoton.kit.writing.refusal import NotNow
from baoton.rescue.actions.life import refuse_before, within
from baoton.rescue.models import HERE, REMAINS, Animal, Care

DEAREST = 1_000_000_000


def not_here(record: Animal) -> str:
    """Why the animal takes no care, in a sentence; empty where it does."""
    if record.status in HERE:
        return ""
    if record.status in REMAINS:
        told = _("Con vật đã chết ngày %(day)s, không ghi chăm sóc nữa.")
        return told % {"day": as_text(record.died_on) if record.died_on else "…"}
    if record.status == Animal.Status.TOLD:
        return _("Con vật chưa được tiếp nhận; ghi tiếp nhận trước.")
    told = _("Con vật không còn nuôi giữ (%(state)s), không ghi chăm sóc nữa.")
    return told % {"state": record.get_status_display()}


def never_here(record: Animal) -> str:
    """Why no bill can belong to the animal; one may come after it has left."""
    return "" if record.received_on else _("Con vật chưa được tiếp nhận; ghi tiếp nhận trước.")


def line(kind: str) -> Callable[[Actor, Animal, Mapping[str, Any]], None]:
    """What a verb of care does: one line of this kind, on a day between taking in and leaving."""

    def do(actor: Actor, record: Animal, said: Mapping[str, Any]) -> None:
        day = said.get("day") or timezone.localdate()
        within(record, day, "day")
        if record.ended is not None and day > record.ended:
            told = _("Con vật rời nơi nuôi giữ ngày %(day)s; ghi chi phí vào ngày đó hoặc trước đó.")
            raise ValidationError({"day": told % {"day": as_text(record.ended)}})
        cost = said.get("cost")
        one = Care(
            id=new_id(), book=record, organisation=record.organisation, area_path=record.area_path, day=day, kind=kind,
            amount=cost or 0, cost=cost, what=str(said.get("what") or ""), weight_g=said.get("weight_g"),
            by=str(said.get("by") or ""), note=str(said.get("note") or ""),
        )  # fmt: skip
        with outbox.changing(Care, [one.pk]):
            ledger.post([one])

    return do


def reverse(actor: Actor, entry: Care, said: Mapping[str, Any]) -> None:
    """The line is taken back by its opposite, with the reason."""
    key = new_id()
    with outbox.changing(Care, [key]):
        ledger.reverse(
            entry,
            str(said["reason"]),
            id=key,
            cost=None if entry.cost is None else -entry.cost,
            what=entry.what,
        )


def refuse_with_care(record: Animal) -> None:
    """An animal with lines that stand cannot be withdrawn: their costs would belong to nobody."""
    lines = Care.objects.filter(
        book=record, withdrawn__isnull=True, reverses__isnull=True, reversed_by__isnull=True
    )
    if lines.exists():
        raise NotNow(_("Con vật có dòng chăm sóc còn hiệu lực; đảo các dòng đó trước khi rút hồ sơ."))


__all__ = ["DEAREST", "line", "never_here", "not_here", "refuse_before", "refuse_with_care", "reverse"]
