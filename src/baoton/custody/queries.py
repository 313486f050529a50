"""What others may ask of custody: a lot's chain, and whether it is whole or where it breaks and why."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from baoton.custody.models import Lot, Offer, Step
from baoton.kit import blobs
from baoton.kit.access import Actor
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS

GENESIS = "0" * 64
MILLI = Decimal("0.001")
AMOUNTS = ("count", "kg", "m3")
PLAIN = (
    "position", "kind", "giver", "giver_name", "giver_body", "receiver", "receiver_name", "receiver_body", "place",
    "seal", "condition", "reason", "photo_sha256", "count", "others", "facts", "corrects", "before", "organisation",
    "area_path",
)  # fmt: skip
K, S = Step.Kind, Lot.Status
ENDS = {
    K.RETURNED: S.RETURNED,
    K.RELEASED: S.RELEASED,
    K.DESTROYED: S.DESTROYED,
    K.SCIENCE: S.SCIENCE,
    K.MERGED: S.MERGED,
}
OUT, FIRST = (K.SPLIT, K.SAMPLED), (K.SEIZED, K.SPLIT_FROM)


def exact(value: Decimal | None) -> str | None:
    """A weight or volume as one spelling, to the gram."""
    return None if value is None else str(value.quantize(MILLI))


def hash_of(step: Step) -> str:
    """The sha256 of what a step says, the hash of the step before with it."""
    told = {name: getattr(step, name) for name in PLAIN}
    told |= {"lot": str(step.lot_id), "at": step.at.astimezone(UTC).isoformat(timespec="microseconds")}
    told |= {"kg": exact(step.kg), "m3": exact(step.m3)}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def amounts_of(row: Any) -> dict[str, Any]:
    """Number, weight and volume of a lot or a step, exact; unknown ones are None."""
    return {name: getattr(row, name) for name in AMOUNTS}


def as_told(amounts: dict[str, Any]) -> dict[str, Any]:
    """Amounts as a step's JSON holds them."""
    return {"count": amounts["count"], "kg": exact(amounts["kg"]), "m3": exact(amounts["m3"])}


def facts_of(lot: Lot) -> dict[str, Any]:
    """What a lot is, as its first step keeps it."""
    return {
        "number": lot.number, "kind": str(lot.kind), "written": lot.written, "origin": lot.origin,
        "taxon": None if lot.taxon_id is None else str(lot.taxon_id),
    }  # fmt: skip


def chain(lot: Lot, actor: Actor | None = None) -> list[Step]:
    """The steps of a lot in order; for an actor, those that he may read."""
    if actor is None:
        return list(Step.objects.filter(lot=lot.pk).order_by("position"))
    book = REGISTERS["custody.step"]
    return list(book.opened(book.door(actor)).filter(lot=lot.pk).order_by("position"))


@dataclass(frozen=True)
class Verdict:
    """Whether a chain is whole; else every break as (step, why), the first first."""

    lot: str
    steps: int
    breaks: Sequence[tuple[int, str]] = ()

    @property
    def whole(self) -> bool:
        return not self.breaks

    def __str__(self) -> str:
        """The sentence that page and command say."""
        if self.whole:
            return _("liền mạch")
        at, why = self.breaks[0]
        return _("đứt ở bước %(n)d, vì %(why)s") % {"n": at, "why": why}


def verify(lot: Lot) -> Verdict:
    """The chain of a lot is read whole against itself, the lot's row, the other side of splits and the log."""
    lot = Lot.objects.get(pk=lot.pk)
    steps = chain(lot)
    logged = _logged(lot)
    found: list[tuple[int, str]] = []
    before: Step | None = None
    for i, step in enumerate(steps, 1):
        if step.position != i:
            found.append((i, _("thiếu bước này trong chuỗi")))
            break
        found += [(i, why) for why in _wrong(step, before)]
        found += [(i, why) for why in _unlogged(step, logged)]
        before = step
    here = len(steps)
    if not found:
        lost = set(logged) - set(range(1, here + 1)) or ({here + 1} if lot.length > here else set())
        found += [(n, _("bước này đã ghi mà chuỗi không còn")) for n in sorted(lost)]
        if not found and before is not None:
            found += [(here, why) for why in _other_than(lot, steps)]
        if not found and before is None:
            found.append((1, _("chuỗi không có bước nào")))
    return Verdict(lot.number, here, tuple(sorted(found, key=lambda one: one[0])))


def _logged(lot: Lot) -> dict[int, tuple[str, str]]:
    """What the log says of each step: its hash and who wrote it; the first word on a step counts."""
    told: dict[int, tuple[str, str]] = {}
    events = AuditEvent.objects.filter(object_id=lot.pk, register="custody.lot").order_by("id")
    for new, who in events.values_list("new", "actor_id"):
        if new and new.get("head"):
            told.setdefault(int(new.get("length") or 0), (str(new["head"]), who))
    return told


def _unlogged(step: Step, logged: dict[int, tuple[str, str]]) -> Iterable[str]:
    one = logged.get(step.position)
    if one is None:
        yield _("nhật ký không có bước này")
    elif one[0] != step.hash:
        yield _("mã băm khác với nhật ký")
    elif one[1] != step.facts.get("by"):
        yield _("người ghi khác với nhật ký")


def _wrong(step: Step, before: Step | None) -> Iterable[str]:
    """What is wrong with one step by itself and after the one before."""
    if hash_of(step) != step.hash:
        yield _("nội dung không còn khớp mã băm: đã bị sửa")
    if step.before != (before.hash if before else GENESIS):
        yield _("không nối vào mã băm của bước trước")
    if (before is None) != (step.kind in FIRST):
        yield _("bước đầu và chỉ bước đầu là thu giữ hoặc tách ra")
    photo = step.photo
    if (photo.sha256 if photo else "") != step.photo_sha256:
        yield _("ảnh đã bị thay")
    elif photo is not None and not blobs.intact(photo.sha256):
        yield _("tệp ảnh mất hoặc đã bị sửa")
    if before is not None:
        yield from _follows(step, before)
    if step.kind == K.SPLIT_FROM or step.others:
        yield from _unbalanced(step, before)


def _follows(step: Step, before: Step) -> Iterable[str]:
    if before.kind in ENDS:
        yield _("tang vật đã kết thúc ở bước trước")
    if step.at < before.at:
        yield _("thời gian lùi lại")
    if (step.giver, step.giver_body) != (before.receiver, before.receiver_body):
        yield _("người giao không phải người nhận ở bước trước")
    same = (step.giver, step.giver_body) == (step.receiver, step.receiver_body)
    if step.kind == K.HANDED:
        if step.giver == step.receiver:
            yield _("người giao tự nhận")
        if not _signed(step):
            yield _("không có chữ ký nhận của bên nhận")
    elif not same:
        yield _("đổi người giữ mà không bàn giao")
    if not step.others and step.kind != K.WEIGHED and amounts_of(step) != amounts_of(before):
        yield _("số lượng, khối lượng thay đổi mà không cân, đếm lại")


def _signed(step: Step) -> bool:
    offer = Offer.objects.filter(
        pk=step.facts.get("offer"), lot=step.lot_id, status=Offer.Status.ACCEPTED
    ).first()
    return offer is not None and offer.to_body == step.receiver_body and offer.giver == step.giver


def _unbalanced(step: Step, before: Step | None) -> Iterable[str]:
    """Splits and merges balance, and each side names the other."""
    for other in step.others:
        theirs = Step.objects.filter(lot=other["lot"], position=other["step"]).first()
        told = {name: other[name] for name in AMOUNTS}
        here = (str(step.lot_id), step.position)
        back = [] if theirs is None else [o for o in theirs.others if (o["lot"], o["step"]) == here]
        if not back:
            yield _("lô %(other)s không ghi nhận việc tách, nhập này") % {"other": other["number"]}
            continue
        if told != {n: back[0][n] for n in AMOUNTS}:
            yield _("số tách, nhập ghi khác nhau ở hai lô")
        for name in AMOUNTS:
            moved = None if other[name] is None else Decimal(str(other[name]))
            if step.kind in OUT:
                was, now = getattr(before, name), getattr(step, name)
                wrong = (was is None) != (now is None) or (was is not None and was != now + (moved or 0))
            elif step.kind == K.MERGED_IN:
                was, now = getattr(before, name), getattr(step, name)
                wrong = (was is None) != (now is None) or (was is not None and now != was + (moved or 0))
            else:
                wrong = getattr(step, name) != moved
            if wrong:
                yield _("số lượng, khối lượng trước và sau không cân bằng")
                break
    if step.kind == K.SPLIT_FROM and not step.others:
        yield _("không ghi tách ra từ lô nào")


def _other_than(lot: Lot, steps: Sequence[Step]) -> Iterable[str]:
    """Where the lot's own row says something else than its chain."""
    last = steps[-1]
    if (lot.length, lot.head) != (last.position, last.hash):
        yield _("hồ sơ tang vật không chỉ vào bước cuối này")
    if (lot.holder, lot.organisation) != (last.receiver, last.receiver_body):
        yield _("người giữ trong hồ sơ khác với chuỗi")
    if amounts_of(lot) != amounts_of(last):
        yield _("số lượng, khối lượng trong hồ sơ khác với chuỗi")
    if (lot.place, lot.seal) != (last.place, last.seal):
        yield _("nơi bảo quản hoặc niêm phong trong hồ sơ khác với chuỗi")
    if lot.status != ENDS.get(K(last.kind), S.HELD):
        yield _("trạng thái trong hồ sơ khác với chuỗi")
    told: dict[str, Any] = {}
    for step in steps:
        told |= step.facts
    if any(told.get(name) != value for name, value in facts_of(lot).items()):
        yield _("mô tả trong hồ sơ khác với chuỗi")


def missing() -> list[str]:
    """Lots that the log says were seized and that stand nowhere any more."""
    events = AuditEvent.objects.filter(register="custody.lot", verb="custody.lot.create")
    standing = set(Lot.objects.values_list("pk", flat=True))
    return [name for pk, name in events.values_list("object_id", "object_name") if pk not in standing]


def of_origin(origin: str) -> list[Lot]:
    """The lots that came from one case or minute, as it was written."""
    return list(Lot.objects.filter(origin=origin).order_by("number"))


def find_lots(which: str) -> list[Lot]:
    """The lot of this number, else the lots of this origin, else (nothing asked) all, by number."""
    rows = Lot.objects.order_by("number")
    if not which:
        return list(rows)
    return list(rows.filter(number__iexact=which)) or of_origin(which)
