"""The one way a step comes to a chain: under the lock of its lot, after the last, never before it in time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.custody.models import Lot, Step, body_of
from baoton.custody.queries import AMOUNTS, ENDS, GENESIS, MILLI, amounts_of, hash_of
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.writing import outbox
from baoton.kit.writing.refusal import NotNow

K = Step.Kind
Said = Mapping[str, Any]


def moment(day: date | None, hour: str, name: str = "when") -> datetime:
    """The moment that was told; today without an hour is now. Raises where it is unreadable or has not come yet."""
    now, hour = timezone.now(), (hour or "").strip().replace("h", ":").rstrip(":")
    today = timezone.localdate()
    if day is not None and day > today:
        raise ValidationError({name: _("Ngày %(day)s chưa tới.") % {"day": as_text(day)}})
    if not hour:
        if day is None or day == today:
            return now
        raise ValidationError({"time": _("Ghi cả giờ (ví dụ 14:30) khi việc không làm hôm nay.")})
    try:
        told = time.fromisoformat(hour if ":" in hour else f"{hour}:00" if len(hour) == 2 else f"0{hour}:00")
    except ValueError:
        try:
            told = datetime.strptime(hour, "%H:%M").time()
        except ValueError as error:
            raise ValidationError({"time": _("Ghi giờ như 14:30.")}) from error
    at = timezone.make_aware(datetime.combine(day or today, told.replace(tzinfo=None)))
    if at > now:
        raise ValidationError({"time": _("Giờ này chưa tới.")})
    return at


def measured(value: Any, name: str) -> Decimal | None:
    """A weight or volume as typed, exact to the gram; a finer, negative or zero one is refused."""
    if value in (None, ""):
        return None
    told = (
        value
        if isinstance(value, Decimal)
        else Decimal(repr(value))
        if isinstance(value, float)
        else Decimal(value)
    )
    if not told.is_finite() or told <= 0:
        raise ValidationError({name: _("Ghi một số lớn hơn 0, hoặc để trống nếu chưa biết.")})
    if told != told.quantize(MILLI) or told >= Decimal(10) ** 9:
        raise ValidationError({name: _("Ghi nhiều nhất 3 chữ số lẻ và nhỏ hơn một tỷ.")})
    return told.quantize(MILLI)


def whole(value: Any, name: str) -> int | None:
    """A number of pieces as typed; zero is refused."""
    if value in (None, ""):
        return None
    if int(value) != value or not 0 < int(value) < 2**31:
        raise ValidationError({name: _("Ghi một số nguyên lớn hơn 0, hoặc để trống nếu chưa biết.")})
    return int(value)


def given(said: Said) -> dict[str, Any]:
    """The amounts among the answers, each under its own name."""
    read = {"count": whole(said.get("pieces"), "pieces")}
    return read | {n: measured(said.get(f"n_{n}"), f"n_{n}") for n in ("kg", "m3")}


def append(
    actor: Actor,
    lot: Lot,
    kind: str,
    *,
    at: datetime | None = None,
    amounts: Mapping[str, Any] | None = None,
    receiver: tuple[str, str, str] | None = None,
    place: str | None = None,
    seal: str | None = None,
    condition: str = "",
    reason: str = "",
    photo: Any = None,
    others: Sequence[Mapping[str, Any]] = (),
    facts: Mapping[str, Any] | None = None,
    corrects: int | None = None,
) -> Step:
    """The step stands after the last one, and the lot as it says; whoever calls holds the lock and saves the lot.

    `receiver` is (person, name, body); without one the lot stays with who holds it. What is not given is as before.
    """
    last = Step.objects.filter(lot=lot.pk).order_by("-position").first()
    at = at or timezone.now()
    if last is not None and last.kind in ENDS:
        raise NotNow(
            _("Tang vật này đã kết thúc (%(how)s), không ghi thêm được.") % {"how": last.get_kind_display()}
        )
    if last is not None and at < last.at:
        told = _("Bước trước ghi lúc %(at)s; bước sau không thể sớm hơn.")
        raise ValidationError({"when": told % {"at": as_text(timezone.localtime(last.at))}})
    to = receiver or (lot.holder, lot.holder_name, lot.organisation)
    held = dict(amounts if amounts is not None else amounts_of(lot))
    step = Step(
        lot=lot, position=1 if last is None else last.position + 1, kind=str(kind), at=at,
        giver=lot.holder, giver_name=lot.holder_name, giver_body=lot.organisation,
        receiver=to[0], receiver_name=to[1], receiver_body=to[2], organisation=to[2], area_path=lot.area_path,
        place=lot.place if place is None else place, seal=lot.seal if seal is None else seal,
        condition=condition, reason=reason, photo=photo, photo_sha256=photo.sha256 if photo else "",
        others=[dict(one) for one in others], facts={**(facts or {}), "by": actor.actor_id}, corrects=corrects,
        before=GENESIS if last is None else last.hash, **held,
    )  # fmt: skip
    step.hash = hash_of(step)
    with outbox.changing(Step, [step.pk]):
        step.save(force_insert=True)
    lot.holder, lot.holder_name, lot.organisation = to
    lot.place, lot.seal = step.place, step.seal
    for name in AMOUNTS:
        setattr(lot, name, held[name])
    lot.status = ENDS.get(K(kind), Lot.Status.HELD)
    lot.head, lot.length = step.hash, step.position
    return step


def person(actor: Actor) -> tuple[str, str, str]:
    """Who acts, as a receiver is written."""
    return actor.actor_id, str(actor.actor_name), body_of(actor)


def kept(answer: Any) -> Any:
    """The stored file that an answer gives, if any."""
    from baoton.kit.models import StoredFile

    if hasattr(answer, "keep"):
        return answer.keep()
    return answer if isinstance(answer, StoredFile) else None
