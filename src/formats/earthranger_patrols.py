"""Whole patrols out of what EarthRanger gives: patrols with segments and events, fixes of a patrol or a ranger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import shapely

from formats.source import Findings, Table
from formats.whole_patrols import Fix, Patrols, fix, moment

STATES = {"done": "done", "open": "done", "active": "done", "cancelled": "cancelled", "scheduled": "planned"}
SPECIES = ("species", "scientificname", "scientific_name", "loai", "loài")
NO_WORDS = {"updates", "files", "notes", "contains"}
SPLIT = timedelta(hours=8)
"""A ranger's fixes with a longer silence between them are two days' work, even where days follow one another."""


def tables_of(
    patrols: Iterable[dict[str, Any]], events: Iterable[tuple[dict[str, Any], str]], fixes: Iterable[dict[str, Any]],
    findings: Findings,
) -> list[Table]:  # fmt: skip
    """The tables of the patrols; `events` come with the key of their patrol, "" where they belong to none."""
    reading = Patrols(findings)
    codes: dict[str, str] = {}
    walked = _fixes(fixes, reading, codes)
    for patrol in patrols:
        _patrol(reading, patrol, codes, walked)
    for event, patrol_id in events:
        _event(reading, event, codes.get(patrol_id, ""), patrol_id, codes)
    return reading.tables()


def code_of(ident: Any, serial: Any) -> str:
    """EarthRanger's own number of a patrol, with the start of its key: two servers count alike."""
    parts = [str(serial)] if serial not in (None, "") else []
    return "-".join(["ER", *parts, *([str(ident)[:6]] if ident else [])])


def _patrol(reading: Patrols, patrol: dict[str, Any], codes: dict[str, str], walked: set[str]) -> None:
    ident = str(patrol.get("id") or "")
    code = codes.get(ident) or code_of(ident, patrol.get("serial_number"))
    codes[ident] = code
    segments = [s for s in patrol.get("patrol_segments") or () if isinstance(s, dict)]
    leaders = dict.fromkeys(filter(None, (_called(s.get("leader")) for s in segments)))
    kinds = "; ".join(dict.fromkeys(str(s["patrol_type"]) for s in segments if s.get("patrol_type")))
    notes = [n.get("text") for n in patrol.get("notes") or () if isinstance(n, dict)]
    title = patrol.get("title")
    report = "; ".join(filter(None, (title, kinds and f"Type: {kinds}", *notes)))
    spans = [_span(s) for s in segments]
    starts, ends = [a for a, _b in spans if a], [b for _a, b in spans if b]
    planned = [moment(s.get("scheduled_start")) for s in segments if s.get("scheduled_start")]
    state = STATES.get(str(patrol.get("state") or "done"), "done")
    if not starts and any(planned) and state == "done":
        state = "planned"
    first = min(starts, default=min((p for p in planned if p), default=None))
    reading.patrol(
        code, Start_Date=first and first.date().isoformat(), End_Date=max(ends).date().isoformat() if ends else None,
        Objective=patrol.get("objective") or title, Leader="; ".join(leaders) or None, Transport=kinds or None,
        State=state, Report=report or None,
    )  # fmt: skip
    for number, (segment, (start, end)) in enumerate(zip(segments, spans, strict=True), 1):
        if start is not None and state == "done" and ident not in walked:
            _days(reading, code, str(segment.get("id") or number), start, end, segment.get("patrol_type"))
        for event in segment.get("events") or ():
            if isinstance(event, dict):
                _event(reading, event, code, ident, codes)


def _days(
    reading: Patrols, code: str, leg: str, start: datetime, end: datetime | None, transport: Any
) -> None:
    """A segment without a way is a day with its hours; one of several days tells none: nobody walks day and night."""
    last = end if end is not None and end >= start else start
    if end is not None and end < start:
        reading.day(code, leg, start.date(), None, transport, wrong=f"backwards {end:%H:%M:%S %d/%m/%Y}")
        return
    hours = (last - start).total_seconds() / 3600
    if last.date() == start.date() or hours <= 16:
        reading.day(code, leg, start.date(), round(hours, 3) or None, transport, start=start, end=last)
        return
    day = start.date()
    while day <= last.date() and (day - start.date()).days < 366:
        reading.day(code, leg, day, None, transport)
        day += timedelta(days=1)


def _event(reading: Patrols, event: dict[str, Any], code: str, patrol_id: str, codes: dict[str, str]) -> None:
    if not code and patrol_id:
        code = codes[patrol_id] = code_of(patrol_id, event.get("patrol_serial_number"))
    if code and code not in reading.patrols:
        start = moment(event.get("patrol_start_time"))
        reading.patrol(
            code, Start_Date=start and start.date().isoformat(), Leader=_called(event.get("patrol_subject")),
            Transport=event.get("patrol_type"),
        )  # fmt: skip
    geojson = event.get("geojson") if isinstance(event.get("geojson"), dict) else {}
    told = (geojson or {}).get("properties") or {}
    at = moment(event.get("time") or told.get("datetime"))
    details = event.get("event_details") if isinstance(event.get("event_details"), dict) else {}
    words = {k: v for k, v in (details or {}).items() if k not in NO_WORDS}
    words |= {"title": event.get("title"), "comment": event.get("comment"), "message": told.get("message")}
    ident = str(event.get("id") or event.get("serial_number") or at)
    where, who = _where(event, geojson or {}, reading), _called(event.get("reported_by"))
    species = next((str(v) for k, v in words.items() if k.lower() in SPECIES and v), "")
    if species:
        reading.seen(code, ident, at, where, species, words, who)
    else:
        reading.sign(code, ident, at, where, str(event.get("event_type") or ""), words, who)


def _where(event: dict[str, Any], geojson: dict[str, Any], reading: Patrols) -> tuple[Any, Any]:
    """The point of an event; of a drawn one a point within it, which is told."""
    location = event.get("location")
    if isinstance(location, dict):
        return location.get("longitude"), location.get("latitude")
    geometry = geojson.get("geometry")
    if (
        isinstance(geometry, dict)
        and geometry.get("type") == "Point"
        and len(geometry.get("coordinates") or ()) > 1
    ):
        return geometry["coordinates"][0], geometry["coordinates"][1]
    try:
        shape = shapely.geometry.shape(geometry) if isinstance(geometry, dict) else None
    except (ValueError, TypeError, AttributeError, IndexError, shapely.errors.ShapelyError):
        shape = None
    if shape is None or shape.is_empty:
        return None, None
    reading.findings.add(
        "shape_as_point",
        "Vùng hoặc đường vẽ của báo cáo được ghi thành một điểm nằm trong đó.",
        "The drawn shape of a report is kept as a point within it.",
    )
    inside = shapely.point_on_surface(shape)
    return inside.x, inside.y


def _fixes(fixes: Iterable[dict[str, Any]], reading: Patrols, codes: dict[str, str]) -> set[str]:
    """The ways that fixes tell: those of a patrol, else those of a person, a patrol for each run of days; which patrols
    were walked so. Fixes of animals are no patrol; those the program marks as wrong are left out and told."""
    ways: dict[tuple[str, str], list[tuple[Fix, dict[str, Any]]]] = {}
    for one in fixes:
        patrol, person = str(one.get("patrol_id") or ""), _person(one)
        if not patrol and not person:
            continue
        if one.get("junk_status") is True or str(one.get("exclusion_flags") or "0") not in ("0", "0.0"):
            reading.findings.add(
                "excluded_fix",
                "Điểm mà chương trình đánh dấu là sai không được tính vào vết đi.",
                "A fix that the program marks as wrong is no part of a way.",
            )
            continue
        location = one.get("location") or {}
        found = fix(one.get("recorded_at"), location.get("longitude"), location.get("latitude"))
        if found is not None and found.at is not None:
            ways.setdefault((patrol, person), []).append((found, one))
    for (patrol, person), some in ways.items():
        some.sort(key=lambda pair: pair[0].at or datetime.max)
        about = some[0][1]
        runs = [[f for f, _row in some]] if patrol else _runs([f for f, _row in some])
        for run in runs:
            serial = about.get("patrol_serial_number")
            code = code_of(patrol, serial) if patrol else f"ER-{person}-{run[0].at:%Y%m%d}"
            if patrol:
                codes[patrol] = code
            kind = about.get("patrol_type__value") or about.get("patrol_type__display") or "EarthRanger"
            title = about.get("patrol_title") or about.get("groupby_col") if patrol else None
            leader = about.get("patrol_subject") or (None if patrol else person)
            reading.patrol(code, Objective=title, Leader=leader, Transport=kind)
            reading.walk(code, "1", _parts(run), kind)
    return {patrol for patrol, _person_ in ways if patrol}


def _person(one: dict[str, Any]) -> str:
    subject = one.get("subject")
    if isinstance(subject, dict) and subject.get("subject_type") == "person":
        return str(subject.get("name") or subject.get("id") or "")
    if one.get("subject__subject_type") == "person":
        return str(one.get("subject__name") or one.get("subject__id") or "")
    return ""


def _runs(way: list[Fix]) -> list[list[Fix]]:
    """A ranger's fixes day by day: what he carries all year is a patrol for each day he walked."""
    runs: dict[Any, list[Fix]] = {}
    for one in way:
        runs.setdefault(one.at and one.at.date(), []).append(one)
    return list(runs.values())


def _parts(way: list[Fix]) -> list[list[Fix]]:
    parts: list[list[Fix]] = [[]]
    for one in way:
        before = parts[-1][-1] if parts[-1] else None
        if before is not None and one.at and before.at and one.at - before.at > SPLIT:
            parts.append([])
        parts[-1].append(one)
    return parts


def _span(segment: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    span = segment.get("time_range") or {}
    return moment(span.get("start_time")), moment(span.get("end_time"))


def _called(who: Any) -> str | None:
    if not isinstance(who, dict):
        return who if isinstance(who, str) and who else None
    both = " ".join(str(who[k]) for k in ("first_name", "last_name") if who.get(k))
    return str(who.get("name") or both or who.get("username") or "") or None
