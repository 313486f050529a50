"""A hand-over in two steps: offered by who holds the lot, standing only when the receiver signs himself."""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

import rulebook
from baoton.custody.actions.chain import K, Said, append, kept, person
from baoton.custody.models import Lot, Offer, body_of
from baoton.kit import jobs
from baoton.kit.access import Actor, System, person_of
from baoton.kit.models import Clock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import audit, outbox, write
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Organisation, Person
from rulebook.errors import RulebookError

S = Offer.Status


def days_to_sign(on: date) -> int | None:
    """Days in which a receiver must sign; None where nothing sets a term, and an offer then waits until taken back."""
    try:
        told = rulebook.param_value("enforcement.handover_sign_days", on=on).value
        return None if told is None else int(told)
    except RulebookError:
        return None


def offer(actor: Actor, lot: Lot, said: Said) -> None:
    """The lot is offered; nothing of it moves yet."""
    if not _holds(actor, lot):
        raise NotNow(_("Chỉ người đang giữ (%(name)s) bàn giao được.") % {"name": lot.holder_name})
    to_body, to_person = str(said["to_body"]), str(said.get("to_person") or "")
    if to_person and to_person in {person_of(actor), lot.holder}:
        raise ValidationError({"to_person": _("Không bàn giao cho chính mình.")})
    named = Person.objects.filter(pk=to_person).first() if to_person else None
    if named is not None and named.organisation_id != to_body:
        raise ValidationError({"to_person": _("Người này không thuộc cơ quan nhận.")})
    today = timezone.localdate()
    until = said.get("sign_by")
    if until is not None and until < today:
        raise ValidationError({"sign_by": _("Hạn ký đã qua.")})
    days = days_to_sign(today)
    limits = [d for d in (until, None if days is None else today + timedelta(days)) if d is not None]
    last = timezone.make_aware(datetime.combine(min(limits), time(23, 59, 59))) if limits else None
    made = Offer(
        lot=lot, organisation=lot.organisation, area_path=lot.area_path, to_body=to_body, to_person=to_person,
        giver=lot.holder, giver_name=lot.holder_name, until=last, condition=said.get("state") or "",
        reason=said.get("reason") or "", length=lot.length,
    )  # fmt: skip
    with outbox.changing(Offer, [made.pk]):
        made.save(force_insert=True)
    audit.write(
        actor, "custody.lot.offer", register="custody.offer", object_id=made.pk, object_name=lot.number,
        new=made.snapshot(),
    )  # fmt: skip


def _holds(actor: Actor, lot: Lot) -> bool:
    """Whether the actor holds the lot himself; where its holder has left, anybody of the body speaks for him."""
    if actor.actor_id == lot.holder or isinstance(actor, System):
        return True
    there = Person.objects.filter(pk=lot.holder, is_active=True, organisation=lot.organisation)
    return body_of(actor) == lot.organisation and not (_is_key(lot.holder) and there.exists())


def _is_key(text: str) -> bool:
    from uuid import UUID

    try:
        return bool(UUID(text))
    except ValueError:
        return False


def accept(actor: Actor, one: Offer, said: Said) -> None:
    """The receiver signs: the lot is his from now on, as it was when it was offered."""
    who = person_of(actor)
    if not who or body_of(actor) != one.to_body:
        raise NotNow(_("Chỉ người của cơ quan nhận ký được, bằng tài khoản của mình."))
    if one.expired:
        raise NotNow(_("Đã quá hạn ký; bên giao cần đề nghị lại."))
    if one.to_person and one.to_person != who:
        raise NotNow(_("Đề nghị này đích danh người khác nhận."))
    lot: Lot = write.lock(one.lot)
    if who in {one.giver, lot.holder}:
        raise NotNow(_("Không ký nhận của chính mình."))
    if lot.status != Lot.Status.HELD or lot.length != one.length:
        raise NotNow(_("Tang vật đã thay đổi sau khi đề nghị; bên giao cần đề nghị lại."))
    before, photo = lot.snapshot(), kept(said.get("picture"))
    one.photo = photo
    append(
        actor, lot, K.HANDED, receiver=person(actor), place=said.get("to_place") or "", photo=photo,
        condition=said.get("found") or "", reason=one.reason, facts={"offer": str(one.pk)},
    )  # fmt: skip
    home = Organisation.objects.filter(pk=one.to_body).values_list("area_path", flat=True).first() or ""
    if "/" in home:
        lot.area_path = home
    with outbox.changing(Lot, [lot.pk], [before]):
        lot.revision += 1
        lot.save()
    Clock.objects.filter(record=lot.pk, stopped__isnull=True).update(
        organisation=lot.organisation, area_path=lot.area_path
    )
    audit.write(
        actor, "custody.offer.accept", register="custody.lot", object_id=lot.pk, object_name=str(lot),
        old=before, new=lot.snapshot(),
    )  # fmt: skip


def refuse(actor: Actor, one: Offer, said: Said) -> None:
    if not person_of(actor) or body_of(actor) != one.to_body:
        raise NotNow(_("Chỉ người của cơ quan nhận từ chối được."))
    if one.to_person and one.to_person != person_of(actor):
        raise NotNow(_("Đề nghị này đích danh người khác nhận."))
    one.answer = said["reason"]


def take_back(actor: Actor, one: Offer, said: Said) -> None:
    one.answer = said["reason"]


def expire_one(actor: Actor, one: Offer, said: Said) -> None:
    """Nobody signed in time: the lot stays where it is."""
    one.answer = gettext_noop("hết hạn ký %(until)s") % {"until": one.sign_by}


def not_expired(one: Offer) -> str:
    return "" if one.expired else _("Chưa hết hạn ký.")


@jobs.nightly("custody.offers", gettext_lazy("Đề nghị bàn giao hết hạn ký"))
def expire(progress: jobs.Progress) -> str:
    """Offers that nobody signed in time say so."""
    late = Offer.objects.filter(status=S.OPEN, until__lte=timezone.now())
    for n, one in enumerate(late, 1):
        write.act(REGISTERS["custody.offer"], System(), one, "expire")
        progress(n)
    return ""
