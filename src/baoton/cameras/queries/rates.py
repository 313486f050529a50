"""What cameras tell of a species: effort, independent events, encounter rate, the hours it keeps, occupancy; each with
its method and its interval, or why there is none."""

import warnings
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from baoton.cameras.actions.sequences import DAY_MS, worked
from baoton.cameras.models import Answer, Deployment, Kind
from baoton.kit.access import Actor
from baoton.kit.estimates import why_none
from baoton.kit.kinds.moment import zone_minutes
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.taxa.models import Taxon

MINUTES = 30
OCCASION_DAYS = 7
FEWEST_SITES, FEWEST_EVENTS = 10, 10
REPS = 200


def seen_by(record: Deployment) -> list[dict[str, Any]]:
    """Each species that persons saw on a deployment: independent events and their rate per 100 camera-days."""
    rows = _said(Answer.objects.filter(deployment=record.pk))
    times: dict[str, list[int]] = defaultdict(list)
    for _deployment, name, at in rows:
        times[name].append(at)
    found = []
    for name, moments in sorted(times.items()):
        n = _independent(np.array(moments), np.zeros(len(moments), int))
        rate = _rate(np.array([n.sum()]), np.array([record.nights or np.nan]))
        found.append({"name": name, "events": int(n.sum()), "rate": rate})
    return found


def _said(answers: Any) -> list[tuple[Any, str, int]]:
    """Deployment, name and moment of every animal that a person named and that stands."""
    rows = answers.filter(kind=Kind.ANIMAL, method=Answer.Method.HUMAN, withdrawn__isnull=True).exclude(
        round=2
    )
    return list(rows.exclude(scientific_name="").values_list("deployment_id", "scientific_name", "started"))


def _independent(at: Any, station: Any) -> Any:
    """Which of the moments begin an event: 30 minutes or more after the last that counted, at one camera."""
    from ecostat.events import independent

    return independent(at / 1000.0, MINUTES, station=station).keep


def _rate(count: Any, nights: Any) -> dict[str, str] | None:
    """Events per 100 camera-days with 95 % limits; None where no effort is known."""
    from ecostat.effort import encounter_rate
    from ecostat.errors import EcostatError

    try:
        told = encounter_rate(count, nights)
    except EcostatError:
        return None
    return {
        "rate": as_text(round(100 * float(told.rate[0]), 2)), "low": as_text(round(100 * float(told.lower[0]), 2)),
        "high": as_text(round(100 * float(told.upper[0]), 2)), "exact": str(bool(told.exact[0])),
    }  # fmt: skip


def of_species(actor: Actor, taxon: Taxon, until: date | None = None) -> dict[str, Any]:
    """What the cameras that the actor may see tell of a species, up to a day where one is given; empty where he sees
    none of them."""
    book, answers = REGISTERS["cameras.deployment"], REGISTERS["cameras.answer"]
    if not actor.scopes("cameras.answer.see"):
        return {}
    rows = book.door(actor).rows()
    if until is not None:
        rows = rows.filter(started__lt=moment_after(until))
    cameras = list(rows.filter(nights__gt=0).order_by("id"))
    unknown = rows.filter(nights__isnull=True).count()
    if not cameras:
        return {"unknown": unknown} if unknown else {}
    said = _said(answers.door(actor).rows().filter(taxon=taxon, deployment__in=[c.pk for c in cameras]))
    place = {c.pk: i for i, c in enumerate(cameras)}
    at = np.array([s[2] for s in said], np.int64)
    station = np.array([place[s[0]] for s in said], int)
    keep = _independent(at, station) if len(said) else np.zeros(0, bool)
    count = np.bincount(station[keep], minlength=len(cameras)) if len(said) else np.zeros(len(cameras), int)
    nights = np.array([c.nights for c in cameras], float)
    return {
        "unknown": unknown, "cameras": len(cameras),
        "nights": as_text(round(float(nights.sum()), 1)), "events": int(keep.sum()),
        "with": int((count > 0).sum()), "rate": _rate(count, nights), "minutes": MINUTES,
        "activity": _activity(at[keep]), "occupancy": _occupancy(cameras, at[keep], station[keep]),
    }  # fmt: skip


def moment_after(day: date) -> int:
    """The moment at which the day ends here, as moments are kept."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return int(midnight.timestamp() * 1000) - zone_minutes() * 60_000


def _activity(at: Any) -> dict[str, Any]:
    """The hours of the day at which events began, and the share of the day a species is active, where enough tell."""
    hours = ((at + zone_minutes() * 60_000) % DAY_MS) / DAY_MS
    bars = np.bincount((hours * 24).astype(int) % 24, minlength=24) if at.size else np.zeros(24, int)
    found: dict[str, Any] = {
        "bars": [int(b) for b in bars],
        "most": int(bars.max()) if at.size else 0,
        "level": None,
    }
    if at.size < FEWEST_EVENTS:
        found["why"] = _("chưa đủ %(n)d lần gặp độc lập để vẽ đường hoạt động") % {"n": FEWEST_EVENTS}
        return found
    if np.ptp(hours) == 0:
        return found | {"why": _("mọi lần gặp vào cùng một giờ, không có đường hoạt động để vẽ")}
    from ecostat.errors import EcostatError
    from ecostat.events import activity

    try:
        told = activity(hours, reps=REPS, rng=np.random.default_rng(1))
    except EcostatError as error:
        return found | {"why": _(why_none(error))}
    low, high = told.level_ci
    return found | {"level": round(100 * told.level), "low": round(100 * low), "high": round(100 * high)}


def _occupancy(cameras: list[Deployment], at: Any, station: Any) -> dict[str, Any]:
    """Share of cameras with the species as it was seen, and with what was missed added back from repeated weeks."""
    y = histories(cameras, at, station)
    surveyed = ~np.isnan(y).all(axis=1)
    seen = np.nansum(y, axis=1) > 0
    n, hits = int(surveyed.sum()), int((surveyed & seen).sum())
    found: dict[str, Any] = {
        "sites": n,
        "hits": hits,
        "naive": round(100 * hits / n) if n else None,
        "psi": None,
    }
    if n < FEWEST_SITES or hits < 2:
        found["why"] = _("mô hình cần ít nhất %(n)d máy chạy đủ một tuần và loài gặp ở 2 máy") % {
            "n": FEWEST_SITES
        }
        return found
    from ecostat.errors import EcostatError
    from ecostat.likelihood.cautions import Boundary
    from ecostat.occupancy import occu

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Boundary)
            fit = occu(y[surveyed])
            told = fit.predict("psi")
    except Boundary:
        return found | {
            "why": _("mô hình chạm 0% hoặc 100%, không cho khoảng tin cậy; chỉ nên đọc tỷ lệ gặp")
        }
    except (EcostatError, ValueError, np.linalg.LinAlgError) as error:
        return found | {"why": _(why_none(error))}
    low, high = float(np.ravel(told.lower)[0]), float(np.ravel(told.upper)[0])
    return found | {
        "psi": round(100 * float(np.nanmean(fit.psi))),
        "low": round(100 * low),
        "high": round(100 * high),
    }


def histories(cameras: list[Deployment], at: Any, station: Any) -> Any:
    """Cameras × weeks: 1 seen, 0 not seen, NaN for a week in which the camera did not work whole."""
    spans = [worked(c) for c in cameras]
    week = OCCASION_DAYS * DAY_MS
    weeks = [max((int((c.ended or c.started) - c.started) // week), 0) for c in cameras]
    y = np.full((len(cameras), max([*weeks, 1])), np.nan)
    for i, camera in enumerate(cameras):
        for k in range(weeks[i]):
            first, last = camera.started + k * week, camera.started + (k + 1) * week
            if any(a <= first and last <= b for a, b in spans[i]):
                y[i, k] = 0.0
        for moment in at[station == i]:
            k = int((moment - camera.started) // week)
            if 0 <= k < weeks[i] and not np.isnan(y[i, k]):
                y[i, k] = 1.0
    return y
