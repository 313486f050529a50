"""Publishing a version of the map: it stands alone in its time, and what it amounts to is kept by commune."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from baoton.habitats.models import FORESTED, Extent, Parcel, Version
from baoton.kit import jobs
from baoton.kit.access import Actor
from baoton.kit.ids import source_id
from baoton.kit.models import Job, Overlap
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox

PART = 20_000
AT_ONCE = 20_000  # a map of more parcels is worked on by a job
TALLY = "habitats.tally"
LOCK = 654_015
S = Version.Status


def alone(record: Version) -> None:
    """No other published version of the area, of a part of it or of what holds it, stands on any of its days."""
    if record.status != S.PUBLISHED or record.withdrawn is not None:
        return
    if connection.vendor == "postgresql":  # two who publish at once are taken one after the other
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    others = Version.objects.filter(withdrawn__isnull=True, status=S.PUBLISHED).exclude(pk=record.pk)
    others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=record.valid_from))
    if record.valid_to is not None:
        others = others.filter(valid_from__lte=record.valid_to)
    for other in others.order_by("valid_from"):
        if not touching(record.area_path, other.area_path):
            continue
        last = record.valid_from - timedelta(days=1)
        told = _("Bản đồ “%(title)s” của cùng địa bàn có giá trị từ %(first)s %(until)s; ghi ngày kết thúc của bản đồ "
                 "đó (muộn nhất %(last)s) rồi công bố.") % {
            "title": other.title, "first": f"{other.valid_from:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}",
            "until": _("đến %(day)s") % {"day": f"{other.valid_to:%d/%m/%Y}"} if other.valid_to else _("đến nay"),
        }  # fmt: skip
        raise ValidationError({"valid_from": told})


def touching(one: str, other: str) -> bool:
    """Whether two areas are the same, or one holds the other."""
    short, long = sorted((one, other), key=len)
    return not short or long == short or long.startswith(f"{short}/")


def publish(actor: Actor, version: Version, answers: Any) -> None:
    """What the version amounts to stands beside it: each square metre in one commune, function, origin and class; of a
    big map as a job, which its page tells of."""
    if Parcel.objects.filter(version=version, withdrawn__isnull=True).count() <= AT_ONCE:
        tally(version)
        return
    label, key = _("Cộng diện tích của bản đồ: %(what)s") % {"what": version}, str(version.pk)
    transaction.on_commit(lambda: jobs.ask(actor, TALLY, label, version=key))


@jobs.kind(TALLY)
def tally_as_job(progress: jobs.Progress) -> str:
    """The extents of a big map that is still published; its page then."""
    if progress.job is None:
        raise ValueError("big maps are summed by a job")
    version = Version.objects.get(pk=progress.job.arguments["version"])
    if version.status == S.PUBLISHED and version.withdrawn is None:
        with transaction.atomic():
            tally(version, progress)
    return str(REGISTERS["habitats.version"].url(version))


def tallying(version: Version) -> Job | None:
    """The last summing of a big map while it is not done: it waits, runs, or failed with its reason."""
    if version.status != S.PUBLISHED:
        return None
    last = Job.objects.filter(kind=TALLY, arguments__version=str(version.pk)).order_by("-asked").first()
    return None if last is None or last.state == Job.State.DONE else last


def unpublish(actor: Actor, version: Version, answers: Any) -> None:
    """The version is worked on again: what it amounted to counts no more."""
    _replace(version, [])


def tally(version: Version, progress: jobs.Progress | None = None) -> list[Extent]:
    """The extents of the version are what its parcels say, by commune; the part outside every commune is the
    province's neighbour's and is kept under no area."""
    sums: dict[tuple[str, str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    rows = Parcel.objects.filter(version=version, withdrawn__isnull=True)
    label = Parcel._meta.label_lower
    keys = list(rows.order_by("id").values_list("pk", flat=True))
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        if progress is not None:
            progress(start, len(keys), _("cộng diện tích các lô"))
        told: dict[Any, tuple[str, str, str]] = {}
        for low in range(0, len(part), 500):
            chosen = part[low : low + 500]
            named = Parcel.objects.filter(
                pk__in=chosen
            )  # by key alone: SQLite would read the version for each part
            for pk, *what in named.values_list("pk", "function", "origin", "forest_class"):
                told[pk] = (what[0], what[1], what[2])
            lain = Overlap.objects.filter(register=label, record__in=chosen)
            for pk, path, m2 in lain.values_list("record", "area_path", "measure"):
                one = sums[(path, *told[pk])]
                one[0] += m2
                one[1] += 1
    made = [
        Extent(
            id=source_id("habitats.extent", f"{version.pk}/{path}/{function}/{origin}/{kind}"),
            version=version, area_path=path, function=function, origin=origin, forest_class=kind,
            forest=forest(origin, kind), m2=round(m2), parcels=int(n), day=version.valid_from,
            until=version.valid_to and version.valid_to + timedelta(days=1), organisation=version.organisation,
        )
        for (path, function, origin, kind), (m2, n) in sorted(sums.items())
    ]  # fmt: skip
    _replace(version, made)
    return made


def forest(origin: str, kind: str) -> str:
    """Whether a parcel counts as forest; planted trees that are no forest yet do not, and nothing is guessed."""
    if kind:
        return "yes" if kind in FORESTED else "no"
    return {"natural": "yes", "planted": "yes", "none": "no"}.get(origin, "unknown")


def follow_days(version: Version) -> None:
    """The extents stand as long as their version does."""
    until = version.valid_to and version.valid_to + timedelta(days=1)
    rows = Extent.objects.filter(version=version)
    keys = list(rows.values_list("pk", flat=True))
    with outbox.changing(Extent, keys):
        rows.update(day=version.valid_from, until=until)


def _replace(version: Version, made: Iterable[Extent]) -> None:
    fresh = list(made)
    old = list(Extent.objects.filter(version=version).values_list("pk", flat=True))
    with outbox.changing(Extent, list({*old, *(one.pk for one in fresh)})):
        Extent.objects.filter(pk__in=old).delete()
        Extent.objects.bulk_create(fresh, batch_size=1000)
