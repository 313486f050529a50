"""What follows from pictures: sequences, pictures of people withheld, camera-nights, and the guard of their places."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from baoton.cameras.models import Answer, Deployment, Kind, Media
from baoton.cameras.models import Sequence as Loat
from baoton.kit.access import System
from baoton.kit.ids import source_id
from baoton.kit.importing import database
from baoton.kit.kinds.moment import clock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.outbox import changed_much, followed_by
from baoton.observations.actions import resettle
from baoton.observations.models import Event
from baoton.places.queries import province_path
from formats.camera_gaps import left, stretches

BREAK_S = 120.0
"""Pictures of one camera further apart than so many seconds are two sequences."""
DAY_MS = 86_400_000
PROTOCOL = "bẫy ảnh"
CARRIED = ("day_start", "day_end", "event_date", "sample_size_value", "sample_size_unit", "sampling_protocol")


def gaps_of(record: Deployment) -> list[tuple[date, date]]:
    """The stretches in which the camera did not work, as days; one that cannot be read is a `ValidationError`."""
    try:
        return stretches(record.gaps)
    except ValueError as error:
        words = _(
            "Quãng “%(part)s” không đọc được; ghi như 2026-03-10/2026-03-20, cách nhau bằng dấu chấm phẩy."
        )
        raise ValidationError({"gaps": words % {"part": error}}) from error


def worked(record: Deployment) -> list[tuple[int, int]]:
    """The stretches in which the camera worked, in milliseconds; none where its end is not known. A gap ends the one
    and begins the next, from the start of its first day to the start of its last."""
    if record.ended is None:
        return []
    gaps = [(_midnight(first, record), _midnight(last, record)) for first, last in gaps_of(record)]
    return left(record.started, record.ended, gaps)


def _midnight(day: date, record: Deployment) -> int:
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY_MS - record.zone * 60_000


def derive_deployment(record: Deployment) -> None:
    """A deployment knows its days and how long it worked; without a place it lies where its body works."""
    if record.geom is None:
        record.area_path = record.area_path or province_path()
    if record.started is None:
        return
    record.day_start = clock(record.started).date()
    record.day_end = None if record.ended is None else clock(record.ended).date()
    whole = sum(end - start for start, end in worked(record))
    record.nights = None if record.ended is None else round(whole / DAY_MS, 3)
    record.whole_nights = None if record.nights is None else round(record.nights)
    if record.ended is None:
        gaps_of(record)


@followed_by
def follow(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """A deployment has its visit in the evidence stream, with its days and its effort, guarded as it is."""
    if label != Deployment._meta.label_lower or not (before or after):
        return
    keys = [row["id"] for row in after]
    for one in Deployment.objects.filter(pk__in=keys, withdrawn__isnull=True).select_related("visit"):
        _carry(one)


def _carry(record: Deployment) -> None:
    """The visit of a deployment that a hand wrote; what a file brought says already what it says."""
    book = REGISTERS["observations.event"]
    if record.visit is None and record.batch is None:
        fresh = Event(event_id=f"bay-anh-{record.pk}", organisation=record.organisation)
        made = write.create(book, System(), _filled(fresh, record))
        Deployment.objects.filter(pk=record.pk).update(visit=made)
        resettle([], [made.pk])
    elif record.visit is not None and record.revision > 1:
        names = ("sample_size_value",) if record.batch is not None else CARRIED
        asked = _filled(Event(), record)
        differ = {n: getattr(asked, n) for n in names if getattr(asked, n) != getattr(record.visit, n)}
        if differ:
            write.edit(book, System(), record.visit, differ)


def _filled(visit: Event, record: Deployment) -> Event:
    visit.event_type, visit.sampling_protocol = PROTOCOL, PROTOCOL
    visit.day_start, visit.day_end = record.day_start, record.day_end
    visit.event_date = "" if record.day_start is None else record.day_start.isoformat()
    if record.day_end is not None and record.day_end != record.day_start:
        visit.event_date += f"/{record.day_end.isoformat()}"
    visit.sample_size_value = record.nights
    visit.sample_size_unit = "ngày máy" if record.nights is not None else ""
    visit.area_path = record.area_path
    for name in ("geom", "min_x", "min_y", "max_x", "max_y", "cell"):
        setattr(visit, name, getattr(record, name))
    return visit


def of_batch(batch_id: str) -> list[str]:
    """The deployments of which an import brought pictures, answers or the deployment itself."""
    found = set(Deployment.objects.filter(batch=batch_id).values_list("pk", flat=True))
    for model in (Media, Answer):
        found |= set(model.objects.filter(batch=batch_id).values_list("deployment_id", flat=True).distinct())
    return [pk.hex for pk in found]


def guard(keys: Iterable[str]) -> int:
    """The visits of the deployments, and what was seen at them, stand as guarded as a camera; how many rows moved."""
    visits = Deployment.objects.filter(pk__in=[UUID(k) for k in keys], visit__isnull=False)
    return resettle([], list(visits.values_list("visit_id", flat=True)))


def resequence(keys: Iterable[str], batch_id: str = "") -> int:
    """Each deployment's pictures and answers stand in sequences by interval; how many sequences there are.

    One that begins where one began stays that one, with what was said of it.
    """
    made = sum(_sequences(UUID(key), batch_id) for key in keys)
    changed_much(Loat)
    return made


def _sequences(key: UUID, batch_id: str) -> int:
    media = list(
        Media.objects.filter(deployment=key, withdrawn__isnull=True)
        .order_by("taken")
        .values_list("taken", flat=True)
    )
    said = list(
        Answer.objects.filter(deployment=key, withdrawn__isnull=True).values_list(
            "pk", "started", "ended", "sequence_id", "method", "kind", "taxon__sensitivity", "by"
        )
    )
    deployment = Deployment.objects.filter(pk=key).first()
    if deployment is None:
        return 0
    bounds, photos = _bounds(media, [(s[1], s[2] or s[1]) for s in said])
    was = {s.started: s for s in Loat.objects.filter(deployment=key, withdrawn__isnull=True)}
    starts = np.array([b[0] for b in bounds], np.int64)
    of = {s[0]: int(np.searchsorted(starts, s[1], side="right")) - 1 for s in said}
    names: dict[int, list[Any]] = {}
    for row in said:
        if row[4] == Answer.Method.HUMAN and row[5] != Kind.UNCLASSIFIED:
            names.setdefault(of[row[0]], []).append(row)
    made, kept = [], []
    ids: list[str] = []
    for n, (start, end) in enumerate(bounds):
        one = was.pop(start, None)
        if one is not None:
            if (one.ended, one.photos) != (end, photos[n]):
                one.ended, one.photos = end, photos[n]
                kept.append(one)
            ids.append(one.pk.hex)
            continue
        pk = source_id("camera sequence", f"{key}/{start}/{batch_id}")
        made.append(
            {
                "id": pk.hex, "deployment_id": key.hex, "started": start, "ended": end, "photos": photos[n],
                "day": clock(start).date(),
                "organisation": deployment.organisation, "area_path": deployment.area_path,
                "batch": batch_id or None, **_state(names.get(n, [])),
            }
        )  # fmt: skip
        ids.append(pk.hex)
    if made:
        frame = pl.DataFrame(made, infer_schema_length=None)
        held = database.defaults(Loat)
        rest = [pl.lit(v).alias(k) for k, v in held.items() if k not in frame.columns]
        database.insert(Loat, frame.with_columns(rest))
    if kept:
        Loat.objects.bulk_update(kept, ["ended", "photos"], batch_size=500)
    move = [[ids[of[s[0]]], s[0].hex] for s in said if s[3] is None or s[3].hex != ids[of[s[0]]]]
    if move:
        database.put(Answer, ["sequence_id"], move)
    if was:
        gone = [s.pk for s in was.values()]
        for start in range(0, len(gone), 500):
            part = gone[start : start + 500]
            Answer.objects.filter(sequence__in=part).update(sequence=None)
            Loat.objects.filter(pk__in=part).delete()
    _withhold(key, said)
    return len(bounds)


def _bounds(media: Sequence[int], said: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[int]]:
    """First and last moment of each sequence and how many pictures it holds; what somebody saw as one stays one."""
    if not media and not said:
        return [], []
    from ecostat.events import independent  # loaded by what calculates alone

    times = np.array([*media, *(t for pair in said for t in pair)], np.int64)
    event = independent(times / 1000.0, BREAK_S / 60, since="last").event
    n = int(event.max()) + 1
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, event, times)
    np.maximum.at(last, event, times)
    joined = np.arange(n)
    m = len(media)
    for i in range(len(said)):  # a long visit that somebody named as one bridges its own pauses
        a, b = int(event[m + 2 * i]), int(event[m + 2 * i + 1])
        if a != b:
            joined[a : b + 1] = min(joined[a], a)
    groups = np.unique(joined, return_inverse=True)[1]
    count = int(groups.max()) + 1
    starts, ends = np.full(count, np.iinfo(np.int64).max), np.full(count, np.iinfo(np.int64).min)
    np.minimum.at(starts, groups, first)
    np.maximum.at(ends, groups, last)
    photos = np.bincount(groups[event[:m]], minlength=count) if m else np.zeros(count, int)
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)], [int(p) for p in photos]


def _state(rows: Sequence[Any]) -> dict[str, Any]:
    """How far the sequence has come by what persons said of it: two for a species that the law guards."""
    if not rows:
        return {"status": "waiting", "first_by": "", "second_by": ""}
    priority = any((r[6] or 0) > 0 for r in rows)
    people = list(dict.fromkeys(str(r[7])[:60] for r in rows))
    told = {"first_by": people[0], "second_by": people[1] if len(people) > 1 else ""}
    return {**told, "status": "done" if not priority or len(people) > 1 else "second"}


def _withhold(key: UUID, said: Sequence[Any]) -> None:
    """Pictures of people are withheld: those of a sequence in which somebody, or a machine, saw a person."""
    human = [s[0] for s in said if s[5] == Kind.HUMAN]
    for start in range(0, len(human), 500):
        rows = Answer.objects.filter(pk__in=human[start : start + 500])
        alone = [m for m in rows.filter(level="media").values_list("media_id", flat=True) if m]
        if alone:
            Media.objects.filter(deployment=key, media_id__in=alone, people=False).update(people=True)
        for first, last in rows.exclude(level="media", media_id__gt="").values_list(
            "sequence__started", "sequence__ended"
        ):
            if first is not None:
                inside = Media.objects.filter(deployment=key, taken__gte=first, taken__lte=last, people=False)
                inside.update(people=True)


def media_of(sequence: Loat) -> Any:
    """The pictures of a sequence that may be shown, in the order they were taken; those with people are left out."""
    rows = Media.objects.filter(
        deployment=sequence.deployment_id, taken__gte=sequence.started, taken__lte=sequence.ended,
        withdrawn__isnull=True, people=False,
    )  # fmt: skip
    return rows.order_by("taken", "id")
