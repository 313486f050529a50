"""Copies come in and are handed out: nothing leaves that is not there on that day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.ids import new_id
from baoton.kit.kinds.words import as_text
from baoton.kit.writing import ledger, outbox
from baoton.kit.writing.refusal import NotNow
from baoton.outreach.models import Handout, Material, Session
from baoton.places.queries import province_path

Said = Mapping[str, Any]
W = Handout.What


def derive(record: Material) -> None:
    """What nobody said to be of one commune lies in the store of the province."""
    record.area_path = record.area_path or province_path()


def stock(record: Material, on: date | None = None) -> int:
    """How many copies lie in the store now, or at the end of a day."""
    return ledger.balances(Handout, record, on).get("copy", 0)


def receive(actor: Actor, record: Material, said: Said) -> None:
    """Copies were printed or received."""
    _line(record, said, W.RECEIVED, int(said["amount"]))


def hand(actor: Actor, record: Material, said: Said) -> None:
    """Copies are handed out, at a session or to a commune; one of the two is said."""
    key, area, n = said.get("session"), str(said.get("to") or ""), int(said["amount"])
    session = Session.objects.filter(pk=key).first() if key else None
    if session is None and not area:
        raise ValidationError({"to": _("Ghi buổi tuyên truyền, hoặc xã, phường nhận tài liệu.")})
    if session is not None and area and area != session.area_path:
        raise ValidationError(
            {"to": _("Buổi này không ở xã, phường đã chọn; để trống xã, phường hoặc chọn buổi khác.")}
        )
    area = area if session is None else session.area_path
    _line(record, said, W.HANDED, -n, handed=n, session=session, area_path=area)


def lose(actor: Actor, record: Material, said: Said) -> None:
    """Copies are spoilt or lost, with the reason."""
    _line(record, said, W.LOST, -int(said["amount"]))


def _line(record: Material, said: Said, what: str, amount: int, **more: Any) -> None:
    day: date = said.get("day") or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"day": _("Ngày này chưa đến.")})
    if amount < 0 and (there := stock(record, day)) < -amount:
        told = _("Ngày %(day)s kho chỉ có %(there)s bản; không đủ %(n)s.")
        raise NotNow(told % {"day": as_text(day), "there": as_text(there), "n": as_text(-amount)})
    values = {"area_path": record.area_path, "note": str(said.get("about") or "")} | more
    line = Handout(
        id=new_id(),
        book=record,
        day=day,
        what=what,
        amount=amount,
        organisation=record.organisation,
        **values,
    )
    with outbox.changing(Handout, [line.pk]):
        ledger.post([line])


def take_back(actor: Actor, entry: Handout, said: Said) -> None:
    """A line is taken back by its opposite, with the reason; what it handed out is told less."""
    key = new_id()
    less = None if entry.handed is None else -entry.handed
    with outbox.changing(Handout, [key]):
        ledger.reverse(
            entry, str(said["reason"]), id=key, what=entry.what, handed=less, session=entry.session
        )


def on_material(actor: Actor, record: Material) -> Mapping[str, Any]:
    """How many copies are left, came in and went out."""
    sums = dict.fromkeys(W.values, 0)
    for what, amount in record.lines.filter(withdrawn__isnull=True).values_list("what", "amount"):
        sums[what] += amount
    return {"left": stock(record), "lines": [(W(what).label, abs(n)) for what, n in sums.items()]}
