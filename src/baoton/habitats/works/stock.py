"""Seed and seedlings move, plants are harvested: nothing leaves that is not there or beyond its licence."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.habitats.models import Harvest, HarvestArea, Licence, NurseryLot, Seedling, Work
from baoton.habitats.works.ground import measured
from baoton.kit.access import Actor
from baoton.kit.ids import new_id
from baoton.kit.kinds.words import as_text
from baoton.kit.writing import ledger, outbox
from baoton.kit.writing.refusal import NotNow
from baoton.places import queries as places
from baoton.taxa.queries import levels_of

Said = Mapping[str, Any]
W, T = Seedling.What, Harvest.What
FINAL = (Licence.Status.GRANTED, Licence.Status.REVOKED)


def day_of(said: Said) -> date:
    """The day that was said; it has come."""
    day: date = said.get("day") or timezone.localdate()
    if day > timezone.localdate():
        raise ValidationError({"day": _("Ngày này chưa đến.")})
    return day


def _lines(model: type[Any], book: Any, day: date, said: Said, *lines: Mapping[str, Any]) -> None:
    fresh = [
        model(
            id=new_id(), book=book, day=day, organisation=book.organisation, area_path=book.area_path,
            note=str(said.get("about") or ""), **line,
        )
        for line in lines
    ]  # fmt: skip
    with outbox.changing(model, [one.pk for one in fresh]):
        ledger.post(fresh)


# — the nursery —


def receive(actor: Actor, record: NurseryLot, said: Said) -> None:
    """Seed or seedlings come in."""
    line = {"kind": said["kind"], "what": W.RECEIVED, "amount": int(said["amount"])}
    _lines(Seedling, record, day_of(said), said, line)


def raise_(actor: Actor, record: NurseryLot, said: Said) -> None:
    """So many seeds are used up and so many seedlings stand."""
    used, made = int(said["used"]), int(said["made"])
    if made > used:
        told = _("Ươm %(used)s hạt, hom không thể thành %(made)s cây con; kiểm tra lại hai số.")
        raise ValidationError({"made": told % {"used": as_text(used), "made": as_text(made)}})
    lines = [{"kind": "seed", "what": W.RAISED, "amount": -used}]
    _enough(record, day_of(said), "seed", used)
    if made:
        lines.append({"kind": "seedling", "what": W.RAISED, "amount": made})
    _lines(Seedling, record, day_of(said), said, *lines)


def issue(actor: Actor, record: NurseryLot, said: Said) -> None:
    """Seedlings leave the nursery, for a work where it is known."""
    n, day = int(said["amount"]), day_of(said)
    _enough(record, day, "seedling", n)
    key = said.get("work")
    work = Work.objects.select_for_update(no_key=True, of=("self",)).get(pk=key) if key else None
    if work is not None:
        mine = work.plantings.filter(withdrawn__isnull=True, taxon=record.taxon_id)
        count = mine.aggregate(n=Sum("count"))["n"] or 0
        if not count:
            raise ValidationError({"work": _("Công trình này chưa ghi trồng loài của lô giống.")})
        of_taxon = work.seedlings.filter(withdrawn__isnull=True, book__taxon=record.taxon_id)
        had = of_taxon.aggregate(n=Sum("issued"))["n"] or 0
        if had + n > count:
            told = _("Công trình chỉ trồng %(count)s cây loài này và đã nhận %(had)s cây.")
            raise ValidationError({"amount": told % {"count": as_text(count), "had": as_text(had)}})
    line = {"kind": "seedling", "what": W.ISSUED, "amount": -n, "issued": n, "work": work}
    _lines(Seedling, record, day, said, line)


def lose(actor: Actor, record: NurseryLot, said: Said) -> None:
    """Seed or seedlings are lost, with the reason."""
    _enough(record, day_of(said), said["kind"], int(said["amount"]))
    line = {"kind": said["kind"], "what": W.LOST, "amount": -int(said["amount"])}
    _lines(Seedling, record, day_of(said), said, line)


def _enough(record: NurseryLot, day: date, kind: str, n: int) -> None:
    """Said before the ledger refuses it: what the lot held on that day."""
    held = ledger.balances(Seedling, record, day).get(kind, 0)
    if n > held:
        told = _("Ngày %(day)s lô chỉ có %(held)s %(what)s; không đủ %(n)s.")
        word = dict(Seedling.KINDS)[kind]
        given = {"day": as_text(day), "held": as_text(held), "what": word, "n": as_text(n)}
        raise NotNow(told % given)


def settle_lots(records: Sequence[NurseryLot]) -> None:
    """A lot whose book has lines stays: seedlings of works rest on it."""
    for one in records:
        if one.withdrawn is not None and one.lines.filter(withdrawn__isnull=True).exists():
            raise ValidationError(
                _("Lô giống đã có dòng sổ nên không rút được; số còn lại thì ghi hao hụt, kèm lý do.")
            )


# — the harvest —


def derive_area(record: HarvestArea) -> None:
    record.hectares = measured(record)


def settle_areas(records: Sequence[HarvestArea]) -> None:
    """The ground of a guarded plant is as guarded as the plant."""
    places.settle(records, levels_of([(r.taxon_id, []) for r in records], [r.organisation for r in records]))


def derive_licence(record: Licence) -> None:
    """A licence is told where its area is told; one that was granted stands as it was granted."""
    if record.area_id:
        record.area_path = record.area.shown_area_path
    kept = ("kg", "since", "until", "area_id")
    stood = Licence.objects.filter(pk=record.pk, status__in=FINAL).values_list(*kept).first()
    if stood is not None and stood != tuple(getattr(record, name) for name in kept):
        raise NotNow(_("Giấy phép đã cấp thì không đổi vùng, thời hạn, số kg; cấp giấy mới."))


def too_much(record: Licence) -> str:
    """Why the licence cannot be granted; empty where it may be."""
    most = record.area.yearly_kg
    if most is None:
        return ""
    others = record.area.licences.filter(withdrawn__isnull=True, status=Licence.Status.GRANTED)
    others = others.exclude(pk=record.pk).filter(
        since__year__lte=record.until.year, until__year__gte=record.since.year
    )
    had = others.aggregate(n=Sum("kg"))["n"] or 0
    ended = record.area.licences.filter(withdrawn__isnull=True, status=Licence.Status.REVOKED)
    ended = ended.filter(since__year__lte=record.until.year, until__year__gte=record.since.year)
    had += Harvest.objects.filter(book__in=ended, withdrawn__isnull=True).aggregate(n=Sum("kg"))["n"] or 0
    if had + record.kg <= most:
        return ""
    told = _(
        "Giấy phép đã cấp trong thời gian này là %(had)s kg; thêm %(kg)s kg thì vượt mức bền vững %(most)s kg/năm."
    )
    return told % {"had": as_text(had), "kg": as_text(record.kg), "most": as_text(most)}


def grant(actor: Actor, record: Licence, said: Said) -> None:
    """What the licence allows may be taken from its first day; two grants of one area are taken one after the other."""
    HarvestArea.objects.select_for_update(no_key=True).get(pk=record.area_id)
    if why := too_much(record):
        raise NotNow(why)
    _lines(Harvest, record, record.since, said, {"kind": "kg", "what": T.ALLOWED, "amount": record.kg})


def take(actor: Actor, record: Licence, said: Said) -> None:
    """So much was harvested within the time of the licence, never more than it leaves."""
    day, kg = day_of(said), int(said["taken"])
    if not record.since <= day <= record.until:
        told = _("Giấy phép chỉ cho khai thác từ %(since)s đến %(until)s.")
        raise ValidationError(
            {"day": told % {"since": as_text(record.since), "until": as_text(record.until)}}
        )
    left = ledger.balances(Harvest, record).get("kg", 0)
    if kg > left:
        told = _("Giấy phép chỉ còn %(left)s kg, không đủ %(kg)s kg.")
        raise NotNow(told % {"left": as_text(left), "kg": as_text(kg)})
    line = {"kind": "kg", "what": T.TAKEN, "amount": -kg, "kg": kg, "income": said.get("income"),
            "who": str(said.get("who") or "")}  # fmt: skip
    _lines(Harvest, record, day, said, line)


def take_back(model: type[Any], *opposite: str) -> Callable[[Actor, Any, Said], None]:
    """A line is taken back by its opposite, with the reason; what it told of is told less."""

    def do(actor: Actor, entry: Any, said: Said) -> None:
        key = new_id()
        told = {c: None if getattr(entry, c) is None else -getattr(entry, c) for c in opposite}
        same = {"work": entry.work} if model is Seedling else {"who": entry.who}
        with outbox.changing(model, [key]):
            ledger.reverse(entry, str(said["reason"]), id=key, what=entry.what, **told, **same)

    return do


def stands(entry: Any) -> str:
    """A line by which a licence was granted is not taken back."""
    return _("Dòng cấp phép không đảo được.") if getattr(entry, "what", "") == T.ALLOWED else ""
