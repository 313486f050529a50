"""Patrols as SMART Mobile sends them to SMART Connect: features in JSON, each with what SMART says of it.

`smartDataType` tells a patrol or an incident, `smartFeatureType` its start, its end, a waypoint or a point of the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from formats.source import Source
from formats.whole_patrols import Fix, Patrols, fix, moment
from formats.written_rows import PLACE, Row, place, table_of

FEATURE = ("smartDataType", "smartFeatureType", "dateTime", "patrolId", "patrolUuid", "longitude", "latitude")
TRACK = ("track", "trackpoint", "position")
PATROL = ("start", "new", "metadata", "patrol", "patrol/new", "stop", "end", "pause", "resume")


def recognised(document: Any) -> bool:
    """True for features that say what SMART holds them for."""
    first = next(_features(document), None)
    return isinstance(first, dict) and "smartDataType" in (first.get("properties") or {})


def open_document(document: Any, source: Source) -> None:
    """The features as they came, and the patrols they make."""
    reading, rows = Patrols(source.findings), []
    ways: dict[str, list[Fix]] = {}
    for number, feature in enumerate(_features(document), 1):
        told = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(told, dict):
            source.findings.add(
                "not_understood",
                "Có mục không phải đối tượng của SMART Connect; không đọc mục này.",
                "An entry is no feature of SMART Connect and is not read.",
            )
            continue
        x, y = _pair(feature.get("geometry"))
        about = told.get("smartAttributes") if isinstance(told.get("smartAttributes"), dict) else {}
        rows.append(_row(told, about or {}, x, y))
        _feature(reading, ways, number, told, about or {}, (x, y))
    for code, way in ways.items():
        kind = reading.patrols[code].get("Transport")
        reading.walk(code, "1", [way], kind)
    source.kind = "smart_connect"
    source.metadata.update({"program": "SMART Connect", "crs": "EPSG:4326"})
    source.tables.append(table_of("features", FEATURE, rows))
    source.tables.extend(reading.tables())


def _feature(
    reading: Patrols, ways: dict[str, list[Fix]], number: int, told: dict[str, Any], about: dict[str, Any],
    where: tuple[Any, Any],
) -> None:  # fmt: skip
    at, kind = moment(told.get("dateTime")), str(told.get("smartFeatureType") or "").lower()
    code = str(about.get("patrolId") or about.get("patrolUuid") or "")
    if told.get("smartDataType") == "patrol" and not code:
        reading.findings.add(
            "no_patrol",
            "Có đối tượng tuần tra không mang mã tuần tra; không biết thuộc cuộc nào nên không đọc.",
            "A feature of a patrol bears no key of its patrol and is not read.",
            row=number,
        )
        return
    if code:
        members = about.get("members") if isinstance(about.get("members"), list) else []
        words = {k: about.get(k) for k in ("team", "mandate", "comment", "isArmed")}
        groups = _observations(about)
        reading.patrol(
            code, Objective=about.get("objective"), Transport=about.get("transportType"),
            Leader=about.get("leader"), Members="; ".join(map(str, members or ())) or None,
            People=about.get("number") or (len(members) if members else None),
            Report=None if groups else "; ".join(f"{k}: {v}" for k, v in words.items() if v) or None,
        )  # fmt: skip
        if at is not None:
            _widen(reading.patrols[code], at.date().isoformat())
        if (
            kind.split("/")[0] in (*TRACK, *PATROL)
            and (found := fix(told.get("dateTime"), *where)) is not None
        ):
            ways.setdefault(code, []).append(found)
    for i, one in enumerate(_observations(about)):
        attributes = one.get("attributes") if isinstance(one.get("attributes"), dict) else {}
        words = {**(attributes or {}), "comment": about.get("comment")}
        ident = str(
            one.get("observationUuid") or f"{about.get('incidentUuid') or told.get('dateTime')}/{where}/{i}"
        )
        species = next((str(v) for k, v in words.items() if k.lower() in ("species", "loai") and v), "")
        if species:
            reading.seen(code, ident, at, where, species, words, about.get("leader"))
        else:
            reading.sign(code, ident, at, where, str(one.get("category") or ""), words, about.get("leader"))


def _widen(patrol: Row, day: str) -> None:
    patrol["Start Date"] = min(day, patrol.get("Start Date") or day)
    patrol["End Date"] = max(day, patrol.get("End Date") or day)


def _observations(about: dict[str, Any]) -> list[dict[str, Any]]:
    """The observations of a waypoint: in groups, which are lists or hold one, or a single one of its own."""
    found: list[dict[str, Any]] = []
    for group in about.get("observationGroups") or ():
        some = group.get("observations") if isinstance(group, dict) else group
        found += [one for one in some or () if isinstance(one, dict)]
    return found or ([about] if "category" in about else [])


def _features(document: Any) -> Iterator[Any]:
    if isinstance(document, dict) and document.get("type") == "Feature":
        yield document
    elif isinstance(document, dict):
        yield from document.get("features") or ()
    elif isinstance(document, list):
        yield from document


def _pair(geometry: Any) -> tuple[Any, Any]:
    told = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(told, list) or len(told) < 2 or geometry.get("type") != "Point":
        return None, None
    return told[0], told[1]


def _row(told: dict[str, Any], about: dict[str, Any], x: Any, y: Any) -> Row:
    plain = {k: v for k, v in told.items() if k != "smartAttributes"}
    return {**plain, **about, "longitude": x, "latitude": y, PLACE: place(x, y)}
