"""Camera traps as a package of Camtrap DP 1.0, as far as its reader may know them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from baoton.cameras.models import Answer, Deployment, Kind, Media
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from formats.camtrap_terms import COLUMNS
from formats.camtrap_writing import write_package

PART = 5_000
AT_ONCE = 200
BLURRED_M = 11_000
TYPES = "image", "video", "audio"


def package_of(
    actor: Actor, rows: "QuerySet[Deployment]", out: Path | str | IO[bytes], title: str
) -> dict[str, int]:
    """The deployments with their pictures and statements; how many rows of each.

    A place is told as exactly as the actor may know it: that of a deployment whose true place he may not see is the
    centre of the square its visit shows. One without a place that may be told, or without an end, stays out with all
    that hangs on it, and the description says how many did; with none left there is no package (`ValidationError`).
    Pictures of people, and guarded species for whoever may not know their places, leave with no package.
    """
    kept: list[dict[str, Any]] = []
    names: set[str] = set()
    exact: set[Any] = set()
    out_of_it = 0
    visits = REGISTERS["observations.event"].door(actor)
    for part in batched(rows.order_by("started", "id").iterator(PART), AT_ONCE):
        shown = {
            e.pk: e
            for e in visits.open(visits.rows().filter(pk__in=[d.visit_id for d in part if d.visit_id]))
        }
        for one in part:
            place = _place(one, shown.get(one.visit_id))
            if place is None or one.ended is None:
                out_of_it += 1
                continue
            if getattr(one, "door_precise", True):
                exact.add(one.pk)
            kept.append({"pk": one.pk, "zone": one.zone, "row": _deployment(one, *place), "one": one})
    if not kept:
        raise ValidationError(_("Không có đợt đặt máy nào vừa có vị trí vừa có giờ kết thúc để đóng gói."))
    for part in batched([k["pk"] for k in kept if k["pk"] in exact], AT_ONCE):
        names |= set(_answers(part, True).filter(kind=Kind.ANIMAL).values_list("scientific_name", flat=True))
    for part in batched([k["pk"] for k in kept if k["pk"] not in exact], AT_ONCE):
        names |= set(_answers(part, False).filter(kind=Kind.ANIMAL).values_list("scientific_name", flat=True))
    tables = {
        "deployments": _batches(k["row"] for k in kept),
        "media": _batches(r for k in kept for r in _media_rows(k)),
        "observations": _batches(r for k in kept for r in _answer_rows(k, k["pk"] in exact)),
    }
    return write_package(out, tables, _about(title, kept, names, len(exact) == len(kept), out_of_it))


def _place(one: Deployment, visit: Any) -> tuple[float, float, float | None] | None:
    if getattr(one, "door_precise", True):
        return None if one.lon is None or one.lat is None else (one.lon, one.lat, one.uncertainty_m)
    x, y = getattr(visit, "door_x", None), getattr(visit, "door_y", None)
    return None if visit is None or x is None or y is None else (x, y, BLURRED_M)


def moment(ms: int, zone: int) -> str:
    """A moment as 1.0 writes it, in the zone its camera was told in."""
    at = datetime.fromtimestamp(ms / 1000, UTC).astimezone(timezone(timedelta(minutes=zone)))
    return at.strftime("%Y-%m-%dT%H:%M:%S%z")


def _deployment(one: Deployment, lon: float, lat: float, uncertainty: float | None) -> dict[str, Any]:
    precise = bool(getattr(one, "door_precise", True))
    kept = one.extra if precise and isinstance(one.extra, dict) else {}
    told = {
        "deploymentID": one.code, "latitude": f"{lat:.6f}".rstrip("0").rstrip("."),
        "longitude": f"{lon:.6f}".rstrip("0").rstrip("."),
        "coordinateUncertainty": None if uncertainty is None else str(max(1, round(uncertainty))),
        "deploymentStart": moment(one.started, one.zone), "deploymentEnd": moment(one.ended or one.started, one.zone),
        "cameraID": one.camera, "cameraModel": one.model,
        "cameraDelay": None if one.delay_s is None else str(round(one.delay_s)),
        "cameraHeight": None if one.height_m is None else f"{one.height_m:g}",
        "cameraHeading": None if one.heading is None else str(round(one.heading)),
        "baitUse": None if one.bait is None else str(one.bait).lower(), "featureType": one.feature or None,
    }  # fmt: skip
    if precise:
        told |= {
            "locationName": one.locality, "setupBy": one.setup_by, "habitat": one.habitat,
            "deploymentGroups": one.groups, "deploymentComments": one.note,
        }  # fmt: skip
    more = {k: str(v) for k, v in kept.items() if k in COLUMNS["deployments"] and not told.get(k)}
    return more | {k: v or None for k, v in told.items()}


def _media_rows(kept: dict[str, Any]) -> Iterator[dict[str, Any]]:
    rows = Media.objects.filter(deployment=kept["pk"], withdrawn__isnull=True, people=False).order_by(
        "taken", "id"
    )
    for one in rows.iterator(PART):
        held = one.extra if isinstance(one.extra, dict) else {}
        kind = one.mediatype if one.mediatype.startswith(TYPES) else "image/jpeg"
        yield {
            **{k: str(v) for k, v in held.items() if k in ("favorite",)},
            "mediaID": one.media_id, "deploymentID": kept["one"].code, "captureMethod": one.method or None,
            "timestamp": moment(one.taken, kept["zone"]), "filePath": one.path, "filePublic": "false",
            "fileName": one.name or None, "fileMediatype": kind, "mediaComments": one.note or None,
        }  # fmt: skip


def _answers(keys: Sequence[Any], exact: bool) -> "QuerySet[Answer]":
    rows = Answer.objects.filter(deployment__in=list(keys), withdrawn__isnull=True)
    return (
        rows
        if exact
        else rows.exclude(taxon__sensitivity__gt=0).exclude(kind=Kind.ANIMAL, taxon__isnull=True)
    )


def _answer_rows(kept: dict[str, Any], exact: bool) -> Iterator[dict[str, Any]]:
    people = set(
        Media.objects.filter(deployment=kept["pk"], people=True).values_list("media_id", flat=True)
    )  # what is said of a picture that stays at home names no picture
    own = ("cameraSetupType", "individualPositionRadius", "individualPositionAngle", "individualSpeed", "bboxX",
           "bboxY", "bboxWidth", "bboxHeight", "individualID", "observationTags")  # fmt: skip
    for one in _answers([kept["pk"]], exact).order_by("started", "id").iterator(PART):
        held = one.extra if isinstance(one.extra, dict) else {}
        human = one.kind == Kind.HUMAN
        level = "event" if human or one.media_id in people else one.level
        yield {
            **({} if human else {k: str(v) for k, v in held.items() if k in own}),
            "observationID": one.answer_id, "deploymentID": kept["one"].code,
            "mediaID": None if level == "event" else one.media_id or None,
            "eventID": one.event_id or (None if one.sequence_id is None else str(one.sequence_id)),
            "eventStart": moment(one.started, kept["zone"]),
            "eventEnd": moment(one.ended or one.started, kept["zone"]), "observationLevel": level,
            "observationType": one.kind, "scientificName": None if human else one.scientific_name or None,
            "count": str(one.count) if one.count else None,
            "lifeStage": one.life_stage if one.life_stage in ("adult", "subadult", "juvenile") else None,
            "sex": one.sex if one.sex in ("female", "male") else None, "behavior": one.behaviour or None,
            "classificationMethod": one.method, "classifiedBy": one.by if exact and one.by else None,
            "classificationProbability": None if one.probability is None else f"{one.probability:g}",
            "observationComments": one.note if exact and not human and one.note else None,
        }  # fmt: skip


def batched(rows: Iterable[Any], n: int) -> Iterator[list[Any]]:
    """The rows, some at a time."""
    left = iter(rows)
    while part := list(islice(left, n)):
        yield part


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[pa.RecordBatch]:
    for part in batched(rows, PART):
        names = list(dict.fromkeys(k for row in part for k in row))
        yield pa.record_batch(
            [pa.array([row.get(n) for row in part], pa.string()) for n in names], names=names
        )


def _about(
    title: str, kept: Sequence[dict[str, Any]], names: set[str], exact: bool, out_of_it: int
) -> dict[str, Any]:
    """What the description says: when, where, which species; that places were blurred, where they were."""
    xs = [float(k["row"]["longitude"]) for k in kept]
    ys = [float(k["row"]["latitude"]) for k in kept]
    w, e, s, n = min(xs), max(xs), min(ys), max(ys)
    starts = [k["row"]["deploymentStart"][:10] for k in kept]
    stops = [k["row"]["deploymentEnd"][:10] for k in kept]
    ring = [[w, s], [e, s], [e, n], [w, n], [w, s]]
    blurred = _(
        "Vị trí máy đã làm mờ theo ô lưới; ảnh có người và loài phải giữ kín vị trí không có trong gói."
    )
    said = [] if exact else [blurred]
    if out_of_it:
        told = _("%(n)d đợt đặt máy không có trong gói: chưa có vị trí hoặc chưa có giờ kết thúc.")
        said.append(told % {"n": out_of_it})
    return {
        "name": "bay-anh", "created": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"), "title": title,
        "description": " ".join(said),
        "contributors": [{"title": "Bảo Tồn", "role": "publisher"}],
        "project": {
            "title": title, "samplingDesign": "opportunistic", "captureMethod": ["activityDetection"],
            "individualAnimals": False, "observationLevel": ["event", "media"],
        },
        "coordinatePrecision": 0.000001 if exact else 0.1,
        "spatial": {"type": "Polygon", "coordinates": [ring]},
        "temporal": {"start": min(starts), "end": max(stops)},
        "taxonomic": [{"scientificName": name} for name in sorted(filter(None, names))],
    }  # fmt: skip
