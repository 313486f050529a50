"""What the pages of cameras show: a sequence before its judge, agreement, a clock held against the sun."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from baoton.cameras.actions.sequences import gaps_of, media_of
from baoton.cameras.models import Answer, Deployment, Media, Sequence
from baoton.cameras.queries.rates import seen_by
from baoton.kit.access import Actor
from baoton.kit.kinds.moment import told
from baoton.kit.kinds.words import as_text

SHOWN = 12
FOLDER = "bay-anh"
LEAST = 5
MOST = 20_000
"""A clock is held against no more pictures than these, taken evenly from all of the deployment."""


def file_of(media: Media) -> Path | None:
    """Where the picture's file lies in the folder of camera pictures; None where it is not there or lies outside."""
    folder = (Path(settings.VAR) / FOLDER).resolve()
    if not media.path or "://" in media.path or "\0" in media.path:
        return None
    path = (folder / media.path).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


def at_desk(actor: Actor, record: Sequence) -> dict[str, Any]:
    """The pictures that may be shown, what machines suggest with their confidence, what was said so far."""
    media = list(media_of(record)[:SHOWN])
    for one in media:
        one.there = file_of(one) is not None
    said = list(
        Answer.objects.filter(sequence=record, withdrawn__isnull=True)
        .select_related("taxon")
        .order_by("round", "id")
    )
    second = record.status == Sequence.Status.SECOND
    humans = [a for a in said if a.method == Answer.Method.HUMAN]
    withheld = record.photos - media_of(record).count()
    return {
        "media": media, "more": max(record.photos - withheld - SHOWN, 0), "withheld": max(withheld, 0),
        "missing": sum(not one.there for one in media),
        "machine": [a for a in said if a.method == Answer.Method.MACHINE],
        # whoever looks second must not know what the first said
        "said": [] if second else humans, "second": second, "differ": record.status == Sequence.Status.DIFFER,
        "start": told(record.started), "camera": record.deployment.code,
    }  # fmt: skip


def agreement(actor: Actor, deployment: Deployment | None = None) -> dict[str, Any]:
    """How far two persons agree beyond chance (Cohen's kappa) over the sequences both looked at."""
    rows = Answer.objects.filter(method=Answer.Method.HUMAN, withdrawn__isnull=True, sequence__isnull=False)
    rows = rows.filter(Q(round=1) | Q(round=2)).exclude(sequence__second_by="")
    if deployment is not None:
        rows = rows.filter(deployment=deployment)
    labels: dict[Any, dict[int, list[str]]] = {}
    for key, turn, kind, name in rows.values_list("sequence_id", "round", "kind", "scientific_name"):
        labels.setdefault(key, {}).setdefault(turn, []).append(name or kind)
    pairs = [(",".join(sorted(v[1])), ",".join(sorted(v[2]))) for v in labels.values() if len(v) == 2]
    return kappa(pairs)


def kappa(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Cohen's kappa with its large-sample 95 % interval (Cohen 1960); unknown with no pair or one label alone."""
    n = len(pairs)
    found: dict[str, Any] = {
        "n": n,
        "agreed": sum(a == b for a, b in pairs),
        "kappa": None,
        "low": None,
        "high": None,
    }
    if not n:
        return found
    observed = found["agreed"] / n
    first, second = Counter(a for a, _b in pairs), Counter(b for _a, b in pairs)
    chance = sum(first[k] * second.get(k, 0) for k in first) / n**2
    if chance >= 1:
        return found
    value = (observed - chance) / (1 - chance)
    reach = 1.96 * np.sqrt(observed * (1 - observed) / n) / (1 - chance)
    return found | {"kappa": value, "low": max(value - reach, -1.0), "high": min(value + reach, 1.0)}


def clock_check(deployment: Deployment) -> dict[str, Any] | None:
    """Whether pictures by night fall in the night (`ecostat.events.clock_offset`); None where too few tell it."""
    if deployment.lon is None or deployment.lat is None:
        return None
    rows = Media.objects.filter(deployment=deployment, dark__isnull=False, withdrawn__isnull=True)
    pairs = list(rows.order_by("taken").values_list("taken", "dark"))
    every = len(pairs)
    pairs = pairs[:: every // MOST + 1]
    dark = sum(1 for _t, d in pairs if d)
    if min(dark, len(pairs) - dark) < LEAST:
        return None
    from ecostat.events import clock_offset

    time = np.array([t for t, _d in pairs], np.float64) / 1000
    found = clock_offset(time, np.array([d for _t, d in pairs], bool), deployment.lon, deployment.lat)
    return {
        "hours": as_text(round(found.hours, 2)), "off": found.plausible, "now": round(100 * found.agreement_now),
        "then": round(100 * found.agreement), "n": len(pairs), "every": every if every > len(pairs) else 0,
        "range": f"{found.range_hours[0]:+.2f} … {found.range_hours[1]:+.2f}",
    }  # fmt: skip


def shift_of(record: Deployment) -> str:
    """What repairs have added to all times of the camera, in days and by the clock."""
    if not record.shift_ms:
        return _("chưa chỉnh")
    days, rest = divmod(abs(record.shift_ms) // 1000, 86_400)
    told = _("tiến %(days)d ngày %(clock)s") if record.shift_ms > 0 else _("lùi %(days)d ngày %(clock)s")
    return told % {"days": days, "clock": f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"}


def on_deployment(actor: Actor, record: Deployment) -> dict[str, Any]:
    """What the page of a deployment says beside its fields."""
    rows = Sequence.objects.filter(deployment=record.pk, withdrawn__isnull=True)
    precise = bool(getattr(record, "door_precise", True))
    stored = Deployment.objects.get(pk=record.pk)
    gaps = [f"{a:%d/%m/%Y} – {b:%d/%m/%Y}" for a, b in gaps_of(stored)]
    agreed = agreement(actor, stored)
    species = seen_by(stored) if actor.scopes("cameras.answer.see") else []
    share = "" if agreed["kappa"] is None else f"{as_text(round(agreed['kappa'], 2))}"
    return {
        "photos": Media.objects.filter(deployment=record.pk, withdrawn__isnull=True, people=False).count(),
        "withheld": Media.objects.filter(deployment=record.pk, withdrawn__isnull=True, people=True).count(),
        "waiting": rows.filter(status=Sequence.Status.WAITING).count(), "sequences": rows.count(),
        "second": rows.filter(status=Sequence.Status.SECOND).count(), "gaps": gaps,
        "clock": clock_check(stored) if precise else None, "agreed": agreed, "kappa": share, "species": species,
    }  # fmt: skip
