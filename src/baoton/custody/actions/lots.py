"""A lot begins, is sealed, stored, moved, weighed, split, merged, ends: each a step of its chain."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import rulebook
from baoton.custody.actions.chain import K, Said, append, given, kept, measured, moment, whole
from baoton.custody.models import ANIMALS, Kind, Lot, open_offers
from baoton.custody.queries import AMOUNTS, amounts_of, as_told, facts_of
from baoton.kit.access import Actor, require
from baoton.kit.ids import new_id
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import audit, clock, outbox, write
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.serial import Serial
from baoton.taxa.queries import match
from rulebook.errors import RulebookError
from rulebook.workdays import working_days_between

NUMBERS = Serial("TV", "TV-{body}-{year}-{n:04d}")
LIMIT = gettext_noop("tạm giữ tang vật")
NAMED = {Kind.ALIVE, Kind.DEAD, Kind.PART, Kind.PRODUCT, Kind.PLANT, Kind.TIMBER}


def derive(record: Lot) -> None:
    """A new lot knows its moment, its exact amounts and the species that its words mean; a stored one its chain."""
    if not record._state.adding:
        return
    record.seized = moment(record.day, record.hour, "day")
    record.hour = f"{timezone.localtime(record.seized):%H:%M}"
    record.count = whole(record.count, "count")
    record.kg, record.m3 = measured(record.kg, "kg"), measured(record.m3, "m3")
    if all(value is None for value in amounts_of(record).values()):
        raise ValidationError({"count": _("Ghi số lượng, khối lượng hoặc thể tích: ít nhất một.")})
    if record.taxon_id is None and record.written.strip() and record.kind in NAMED:
        record.taxon_id = match([record.written], record.organisation)[0].taxon_id


def begin(records: Sequence[Any]) -> None:
    """A new lot takes its number and its first step, in the transaction that makes it."""
    for lot in records:
        signer = getattr(lot, "signer", None)
        if not lot._state.adding or signer is None or lot.length:
            continue
        number(lot)
        lot.taken = taken(lot)
        append(
            signer, lot, K.SEIZED, at=lot.seized, condition=lot.condition, reason=lot.note, photo=lot.photo,
            facts=facts_of(lot),
        )  # fmt: skip
        limit(lot)


def taken(lot: Lot) -> int | None:
    """How many animals were seized in the lot; unknown where nobody counted them or it holds none."""
    return lot.count if lot.kind in ANIMALS else None


def number(lot: Lot) -> None:
    lot.number = NUMBERS.take(lot.organisation, timezone.localdate().year, "custody.lot", lot.pk).text


def days_to_keep(on: date) -> int | None:
    """Working days that a thing may be held for; None where the law of the day was not read."""
    try:
        told = rulebook.param_value("enforcement.temporary_seizure_days", on=on).value
        return None if told is None else int(told)
    except RulebookError:
        return None


def limit(lot: Lot) -> None:
    """The term of keeping runs from the day of seizure, so that it falls due on the desk of who holds the lot."""
    on = timezone.localdate(lot.seized)
    days = days_to_keep(on)
    if days is not None:
        clock.start("custody.lot", lot, LIMIT, days, on)


def not_extendable(lot: Lot) -> str:
    """Why the term of keeping cannot be longer, in a sentence; empty where it can."""
    if why := free(lot):
        return why
    if clock.opened(lot.pk, LIMIT) is None:
        return _("Không có thời hạn tạm giữ đang chạy.")
    return _("Đã kéo dài một lần.") if lot.steps.filter(kind=K.EXTENDED).exists() else ""


def extend(actor: Actor, lot: Lot, said: Said) -> None:
    """The term is longer by so many days, once, within what the law of the day of seizure allows."""
    days, running = whole(said.get("days"), "days") or 0, clock.opened(lot.pk, LIMIT)
    most, name = None, "enforcement.temporary_seizure_extension_days"
    if lot.seized is not None:
        try:
            most = rulebook.param_value(name, on=timezone.localdate(lot.seized)).value
        except RulebookError:
            most = None
    if most is None or running is None or running.due is None:
        raise NotNow(_("Chưa có căn cứ để kéo dài tạm giữ tang vật này."))
    if running.due < timezone.localdate():
        raise NotNow(
            _("Đã quá hạn tạm giữ ngày %(day)s, không kéo dài được.") % {"day": as_text(running.due)}
        )
    if days > most:
        raise ValidationError({"days": _("Kéo dài nhiều nhất %(n)d ngày.") % {"n": most}})
    try:
        total = working_days_between(running.began, running.due + timedelta(days=days))
    except RulebookError as error:
        raise NotNow(_("Chưa có lịch làm việc đến ngày đó, chưa tính được hạn mới.")) from error
    clock.stop(lot, LIMIT, timezone.localdate())
    clock.start("custody.lot", lot, LIMIT, total, running.began)
    append(actor, lot, K.EXTENDED, reason=f"{said['reason']} (+{days})")


def none_yet(record: Any, on: date) -> int | None:
    """The verb itself starts no clock: a lot's runs from its seizure."""
    return None


def free(lot: Lot) -> str:
    """Why nothing may be done with the lot now, in a sentence; empty where something may."""
    if lot.status != Lot.Status.HELD:
        return _("Tang vật đã kết thúc: %(how)s.") % {"how": lot.get_status_display()}
    if open_offers().filter(lot=lot.pk).exists():
        return _("Đang chờ bên nhận ký; rút lại đề nghị bàn giao trước khi ghi việc khác.")
    return ""


def unsealed(lot: Lot) -> str:
    """Why nothing may be taken out of the lot or put to it, in a sentence; empty where something may."""
    return free(lot) or (_("Đang niêm phong: mở niêm phong trước.") if lot.seal else "")


def not_sealed(lot: Lot) -> str:
    return free(lot) or ("" if lot.seal else _("Không có niêm phong để mở."))


def unseal(actor: Actor, lot: Lot, said: Said) -> None:
    append(
        actor,
        lot,
        K.UNSEALED,
        at=moment(said.get("when"), said.get("time", "")),
        seal="",
        condition=said.get("state") or "",
        reason=said["reason"],
        photo=kept(said.get("picture")),
    )


def line(kind: str, **columns: str) -> Callable[[Actor, Any, Said], None]:
    """A verb that writes one step; `columns` name the answers that become the place or the seal."""

    def do(actor: Actor, lot: Lot, said: Said) -> None:
        told: dict[str, Any] = {name: said.get(answer) or None for name, answer in columns.items()}
        append(
            actor, lot, kind, at=moment(said.get("when"), said.get("time", "")), condition=said.get("state") or "",
            reason=said.get("reason") or "", photo=kept(said.get("picture")), **told,
        )  # fmt: skip
        if lot.status != Lot.Status.HELD and clock.opened(lot.pk, LIMIT):
            clock.stop(lot, LIMIT, timezone.localdate())

    return do


def weigh(actor: Actor, lot: Lot, said: Said) -> None:
    """Counted or weighed again, with the reason why it differs; what is left open is as before."""
    now = {n: v if v is not None else getattr(lot, n) for n, v in given(said).items()}
    if now == amounts_of(lot):
        raise NotNow(_("Số ghi lại giống số đang có."))
    if lot.kind == Kind.ALIVE and now["count"] != lot.count and lot.count is not None:
        raise ValidationError(
            {"pieces": _("Con vật chết thì ghi “con vật chết”; tách bớt thì ghi “tách lô”.")}
        )
    append(
        actor, lot, K.WEIGHED, at=moment(said.get("when"), said.get("time", "")), amounts=now,
        reason=said["reason"], photo=kept(said.get("picture")),
    )  # fmt: skip


def die(actor: Actor, lot: Lot, said: Said) -> None:
    lot.kind = Kind.DEAD
    append(
        actor, lot, K.DIED, at=moment(said.get("when"), said.get("time", "")), reason=said["reason"],
        photo=kept(said.get("picture")), facts={"kind": str(Kind.DEAD)},
    )  # fmt: skip


def not_alive(lot: Lot) -> str:
    return free(lot) or ("" if lot.kind == Kind.ALIVE else _("Chỉ ghi cho động vật sống."))


def correct(actor: Actor, lot: Lot, said: Said) -> None:
    """A later step says what an earlier one told wrongly; the earlier one stays as it was written."""
    wrong = whole(said.get("wrong"), "wrong")
    if wrong is None or wrong > lot.length:
        raise ValidationError({"wrong": _("Chuỗi có %(n)d bước.") % {"n": lot.length}})
    append(actor, lot, K.CORRECTED, reason=said["reason"], corrects=wrong)


def split(kind: str) -> Callable[[Actor, Any, Said], None]:
    """A verb that takes a part out into a lot of its own; both sides name each other and balance."""

    def do(actor: Actor, lot: Lot, said: Said) -> None:
        part, at = given(said), moment(said.get("when"), said.get("time", ""))
        if all(v is None for v in part.values()):
            if kind == K.SAMPLED:  # a swab or a hair: nothing is weighed off
                append(actor, lot, kind, at=at, reason=said["reason"], photo=kept(said.get("picture")))
                return
            raise ValidationError({"pieces": _("Ghi số lượng, khối lượng hoặc thể tích tách ra.")})
        parted(actor, lot, kind, part, at, said["reason"], kept(said.get("picture")))

    return do


def parted(
    actor: Actor, lot: Lot, kind: str, part: dict[str, Any], at: datetime, reason: str, photo: Any = None
) -> Lot:
    """A part of the lot stands as a lot of its own, and both say so; whoever calls saves the lot it came from."""
    left = _left(lot, part)
    child = Lot(
        id=new_id(), organisation=lot.organisation, area_path=lot.area_path, kind=lot.kind, written=lot.written,
        taxon_id=lot.taxon_id, origin=lot.origin, seized=lot.seized, day=lot.day, hour=lot.hour, place=lot.place,
        note=reason, holder=lot.holder, holder_name=lot.holder_name, **part,
    )  # fmt: skip
    if kind == K.SAMPLED and lot.kind == Kind.ALIVE:
        child.kind = Kind.PART
    number(child)
    told = as_told(part)
    into = {"lot": str(child.pk), "number": child.number, "step": 1, **told}
    append(actor, lot, kind, at=at, amounts=left, reason=reason, photo=photo, others=[into])
    mine = {"lot": str(lot.pk), "number": lot.number, "step": lot.length, **told}
    append(
        actor, child, K.SPLIT_FROM, at=at, amounts=part, reason=reason, others=[mine],
        facts={**facts_of(child), "parent_hash": lot.head},
    )  # fmt: skip
    stored(actor, child, None, "custody.lot.create")
    limit(child)
    return child


def _left(lot: Lot, part: dict[str, Any]) -> dict[str, Any]:
    """What stays after a part is taken out; refused where it is more than there is or cannot be told."""
    left: dict[str, Any] = {}
    words = {
        "count": ("pieces", _("số lượng")),
        "kg": ("n_kg", _("khối lượng")),
        "m3": ("n_m3", _("thể tích")),
    }
    for name in AMOUNTS:
        have, out, (box, word) = getattr(lot, name), part[name], words[name]
        if have is None and out is not None:
            raise ValidationError(
                {box: _("Lô chưa ghi %(what)s; cân, đếm lại trước khi tách.") % {"what": word}}
            )
        if have is not None and out is None and name != "count":
            raise ValidationError({box: _("Lô có ghi %(what)s: ghi cả phần tách ra.") % {"what": word}})
        if have is not None and out is not None and out >= have:
            raise ValidationError({box: _("Phần tách ra phải ít hơn số đang có.")})
        left[name] = have if out is None else have - out
    return left


def merge(actor: Actor, lot: Lot, said: Said) -> None:
    """Another lot of the same holder and kind joins this one and ends; both sides name each other and balance."""
    other = _other(lot, str(said.get("other") or "").strip())
    if why := free(other):
        raise NotNow(f"{other.number}: {why}")
    same = ("kind", "taxon_id", "holder", "organisation")
    if any(getattr(lot, n) != getattr(other, n) for n in same):
        raise NotNow(_("Chỉ nhập được lô cùng loại, cùng loài, cùng người giữ."))
    if other.seal:
        raise NotNow(f"{other.number}: {unsealed(other)}")
    require(actor, "custody.lot.merge", other)
    mine, theirs = amounts_of(lot), amounts_of(other)
    if any((mine[n] is None) != (theirs[n] is None) for n in AMOUNTS):
        raise NotNow(_("Hai lô không ghi cùng cách (số lượng, cân, thể tích): cân, đếm lại trước."))
    at, before, told = moment(said.get("when"), said.get("time", "")), other.snapshot(), as_told(theirs)
    into = {"lot": str(lot.pk), "number": lot.number, "step": lot.length + 1, **told}
    gone = {"lot": str(other.pk), "number": other.number, "step": other.length + 1, **told}
    both = {n: None if mine[n] is None else mine[n] + theirs[n] for n in AMOUNTS}
    append(actor, other, K.MERGED, at=at, reason=said["reason"], others=[into])
    append(actor, lot, K.MERGED_IN, at=at, amounts=both, reason=said["reason"], others=[gone])
    if clock.opened(other.pk, LIMIT):
        clock.stop(other, LIMIT, timezone.localdate())
    stored(actor, other, before, "custody.lot.merge")


def _other(lot: Lot, number: str) -> Lot:
    """The lot of that number which the same body holds, under lock; a foreign one answers as one that is not there."""
    found = Lot.objects.filter(number__iexact=number, organisation=lot.organisation).exclude(pk=lot.pk)
    pk = found.values_list("pk", flat=True).first()
    if pk is None:
        raise ValidationError({"other": _("Cơ quan không giữ lô nào khác mang số này.")})
    rows = Lot.objects.all()
    try:
        with transaction.atomic():
            if connection.features.has_select_for_update_nowait:
                rows = rows.select_for_update(nowait=True, no_key=True)
            return rows.get(pk=pk)
    except DatabaseError as error:
        raise NotNow(_("Có người đang ghi lô kia; thử lại sau giây lát.")) from error


def stored(actor: Actor, lot: Lot, before: dict[str, Any] | None, verb: str) -> None:
    """A lot that changed along with another is stored, told to readers of figures and logged under its own key."""
    with outbox.changing(Lot, [lot.pk], [] if before is None else [before]):
        lot.revision += 0 if before is None else 1
        lot.save(force_insert=before is None)
    audit.write(
        actor,
        verb,
        register="custody.lot",
        object_id=lot.pk,
        object_name=str(lot),
        old=before,
        new=lot.snapshot(),
    )


def seize(
    actor: Actor,
    *,
    kind: str,
    written: str,
    origin: str = "",
    on: date | None = None,
    hour: str = "",
    count: int | None = None,
    kg: Decimal | str | None = None,
    m3: Decimal | str | None = None,
    place: str = "",
    seal: str = "",
    condition: str = "",
    area_path: str = "",
    photo: Any = None,
    taxon: Any = None,
    pk: Any = None,
) -> Lot:
    """A lot stands in the actor's body with its number and first step; raises `Denied` or `ValidationError`."""
    one = Lot(
        kind=kind, written=written, origin=origin, day=on or timezone.localdate(), hour=hour, count=count, kg=kg, m3=m3,
        place=place, seal=seal, condition=condition, area_path=area_path, photo=photo, taxon=taxon, id=pk or new_id(),
    )  # fmt: skip
    made: Lot = write.create(REGISTERS["custody.lot"], actor, one)
    return made


def step(actor: Actor, lot: Lot, verb: str, **answers: Any) -> Lot:
    """A verb of the book of lots is done (`seal`, `store`, `move`, `weigh`, `split`, `offer`, `release`, …)."""
    done: Lot = write.act(REGISTERS["custody.lot"], actor, lot, verb, answers)
    return done
