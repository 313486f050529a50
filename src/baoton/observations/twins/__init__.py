"""Records that tell of one meeting: found, pointed at the one that is kept, never deleted, taken back at will."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.refusal import NotNow
from baoton.observations.models import Measurement, Occurrence, Status, Twin
from baoton.observations.twins import likeness

V = "observations.occurrence"
FEW = 20
LIVE = (Status.DRAFT, Status.ONCE, Status.VERIFIED)


def point(actor: Actor, record: Occurrence, answers: Mapping[str, Any]) -> None:
    """The record is told to be the same meeting as another, and counts no more; the other one stays as it is."""
    other = _other(actor, record, answers)
    if other.status not in LIVE:
        raise NotNow(_("Bản giữ lại phải đang chờ xác minh hoặc đã xác minh; chọn bản khác."))
    if other.disclosure > record.disclosure:
        raise NotNow(_("Bản kia được giữ kín hơn bản này; hãy giữ bản này và ghi bản kia là trùng."))
    stood = Occurrence.objects.values_list("status", flat=True).get(pk=record.pk)
    Twin.objects.filter(_between(record, other)).delete()
    Twin.objects.create(record=record, other=other, verdict=Twin.Verdict.SAME, stood=stood)
    record.status_reason = answers.get("reason") or gettext_noop("trùng bản khác")


def part(actor: Actor, record: Occurrence, answers: Mapping[str, Any]) -> None:
    """The two are two meetings: nobody is asked again."""
    other = _other(actor, record, answers)
    if Twin.objects.filter(_between(record, other), verdict=Twin.Verdict.SAME).exists():
        raise NotNow(_("Hai bản đang được ghi là trùng; bỏ ghi trùng trước."))
    Twin.objects.filter(_between(record, other)).delete()
    Twin.objects.create(record=record, other=other, verdict=Twin.Verdict.APART)


def back(actor: Actor, record: Occurrence, answers: Mapping[str, Any]) -> None:
    """The record stands again where it stood before it was told to be a twin."""
    twin = Twin.objects.filter(record=record, verdict=Twin.Verdict.SAME).first()
    if twin is not None:
        record.status = twin.stood or Status.DRAFT
        twin.delete()
    record.status_reason = answers.get("reason") or ""


def _other(actor: Actor, record: Occurrence, answers: Mapping[str, Any]) -> Occurrence:
    """The other record, which the actor must know as well as this one."""
    given = answers.get("other")
    key = given.pk if isinstance(given, Occurrence) else given
    if key == record.pk:
        raise NotNow(_("Một bản ghi không thể trùng với chính nó."))
    other: Occurrence | None = known(actor, [key]).first()
    if other is None:
        raise NotNow(_("Không có bản ghi đó trong các bản bạn được xem đúng vị trí."))
    if (other.taxon_id or other.scientific_name) != (record.taxon_id or record.scientific_name):
        both = Occurrence.objects.filter(pk__in=[other.pk, record.pk]).values(*likeness.COLUMNS)
        if len({likeness.told(row).species for row in both}) > 1:
            raise NotNow(_("Hai bản ghi hai loài khác nhau; xem lại loài trước khi ghi là trùng."))
    return other


def known(actor: Actor, keys: Iterable[Any] | None = None) -> Any:
    """The records whose true place the actor may know, all or those of the keys."""
    door = REGISTERS[V].door(actor)
    rows = door.rows() if keys is None else door.rows().filter(pk__in=keys)
    return door.open(rows).filter(door_precise=True)


def _between(one: Occurrence, other: Occurrence) -> Q:
    return Q(record=one, other=other) | Q(record=other, other=one)


def candidates(actor: Actor, record: Occurrence) -> list[tuple[Occurrence, list[str]]]:
    """The records that may tell of the same meeting, with why, among those whose place the actor may know.

    Nothing of others is compared, so the answer tells nothing of them.
    """
    if record.status not in LIVE or not record.sort_day or not known(actor, [record.pk]):
        return []
    own = likeness.told(Occurrence.objects.filter(pk=record.pk).values(*likeness.COLUMNS).get())
    species = Q(scientific_name=record.scientific_name, taxon=None)
    if record.taxon is not None:
        leading = record.taxon.accepted_id or record.taxon_id
        species = Q(taxon=leading) | Q(taxon__accepted=leading)
    days = (record.sort_day - 1, record.sort_day + 1)
    rows = known(actor).filter(species, sort_day__range=days, status__in=LIVE).exclude(pk=record.pk)
    found = {}
    for row in rows.values(*likeness.COLUMNS):
        if why := likeness.alike(own, likeness.told(row)):
            found[row["id"]] = why
    decided = {k for pair in decided_of([record.pk]) for k in pair}
    facts = measured([record.pk, *found])
    visits = dict(Occurrence.objects.filter(pk__in=found).values_list("pk", "event_id"))
    keys = [
        k for k in found if k not in decided and not told_apart(own.visit, visits[k], facts, record.pk, k)
    ]
    return [(one, found[one.pk]) for one in known(actor, keys).order_by("sort_day", "id")]


Facts = Mapping[Any, frozenset[tuple[str, str, str]]]


def measured(keys: Iterable[Any]) -> Facts:
    """What was measured at each record, and what its form asked beside our fields: type, value, unit."""
    found: dict[Any, set[tuple[str, str, str]]] = defaultdict(set)
    names = ("measurement_type", "measurement_value", "measurement_unit")
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        rows = Measurement.objects.filter(occurrence__in=wanted[start : start + 500], withdrawn__isnull=True)
        for key, *fact in rows.values_list("occurrence_id", *names):
            found[key].add(tuple(fact))
        for key, extra in Occurrence.objects.filter(pk__in=wanted[start : start + 500]).values_list(
            "pk", "extra"
        ):
            found[key] |= {(str(name), str(value), "") for name, value in (extra or {}).items()}
    return defaultdict(frozenset, {k: frozenset(v) for k, v in found.items()})


def told_apart(visit: Any, other_visit: Any, facts: Facts, one: Any, other: Any) -> bool:
    """Whether two rows of one visit were measured otherwise: two groups heard by one listener are two meetings."""
    return visit is not None and visit == other_visit and facts[one] != facts[other]


def decided_of(keys: Any) -> set[tuple[Any, Any]]:
    """The pairs of which somebody decided, either way round."""
    rows = Twin.objects.filter(Q(record__in=keys) | Q(other__in=keys)).values_list("record_id", "other_id")
    return {pair for a, b in rows for pair in ((a, b), (b, a))}


def told(actor: Actor, record: Occurrence) -> Mapping[str, Any]:
    """For the record's page and the desk: what it is a twin of, what are its twins, what may be."""
    if not known(actor, [record.pk]):
        return {}
    same = Twin.objects.filter(Q(record=record.pk) | Q(other=record.pk), verdict=Twin.Verdict.SAME)
    pairs = list(same.values_list("record_id", "other_id"))
    seen = {one.pk: one for one in known(actor, {k for p in pairs for k in p} - {record.pk})}
    judges = bool(actor.scopes(f"{V}.same"))
    may = candidates(actor, record) if judges else []
    lost = judges and same.filter(record=record.pk, other__withdrawn__isnull=False).exists()
    return {
        "kept": next((seen[o] for r, o in pairs if r == record.pk and o in seen), None), "lost": lost,
        "twins": [seen[r] for r, o in pairs if o == record.pk and r in seen],
        "may": may[:FEW], "more": max(len(may) - FEW, 0), "record": record, "book": REGISTERS[V],
    }  # fmt: skip


def still_kept(record: Occurrence) -> None:
    """A record that others point at is not refused: else none of them would be counted."""
    if Twin.objects.filter(other=record, verdict=Twin.Verdict.SAME, record__withdrawn__isnull=True).exists():
        raise ValidationError(_("Có bản ghi khác được ghi là trùng với bản này; bỏ ghi trùng ở đó trước."))
