"""What EarthRanger gives as JSON: patrols with their segments, events, fixes, subjects, and tracks.

Read are the answers of its interface (one thing, a list, or a page with `results`), and the same as a data frame
writes them, column by column.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
import shapely

from formats import earthranger_patrols
from formats.source import Findings, Source
from formats.written_rows import PLACE, Row, place, table_of

PATROL = ("id", "serial_number", "title", "objective", "state", "priority")
SEGMENT = (
    *("patrol_id", "patrol_serial_number", "segment_id", "patrol_type", "leader", "start_time", "end_time"),
    *("start_longitude", "start_latitude", "end_longitude", "end_latitude"),
)
SEGMENT_APART = {"id", "leader", "time_range", "start_location", "end_location", "events"}
EVENT = (
    *("id", "serial_number", "event_type", "title", "time", "state", "priority", "reported_by", "comment"),
    *("longitude", "latitude", "patrol_id", "patrol_serial_number", "segment_id"),
)
FIX = ("id", "recorded_at", "source", "subject", "longitude", "latitude", "exclusion_flags")
SUBJECT = (
    "id",
    "name",
    "subject_type",
    "subject_subtype",
    "sex",
    "last_position_date",
    "longitude",
    "latitude",
)
APART = {"geojson", "location", "event_details"}
"""What is read by itself; the pictures of a map sign inside `geojson` are of no use here."""
DRAWN = {"image", "icon", "datetime"}


def recognised(document: Any) -> bool:
    """True when the document is one of those this file reads."""
    if _tracks(document):
        return True
    first = next(iter(_things(document)), None)
    return isinstance(first, dict) and _kind(first) != ""


def open_document(document: Any, source: Source) -> None:
    """Fill the source with the tables of a document that was recognised."""
    reading = _Reading(source.findings)
    for feature in _tracks(document):
        reading.track(feature)
    things = [thing for thing in _things(document) if isinstance(thing, dict)]
    for thing in _things(document):
        reading.thing(thing)
    fixes = [t for t in things if _kind(t) == "observations"]
    fixes += [fix for feature in _tracks(document) for fix in _fixes_of(feature)]
    whole = earthranger_patrols.tables_of(
        [t for t in things if _kind(t) == "patrols"],
        [(t, str(t.get("patrol_id") or "")) for t in things if _kind(t) == "events"],
        fixes,
        source.findings,
    )
    source.kind = "earthranger"
    source.metadata.update({"program": "EarthRanger", "crs": "EPSG:4326"})
    first = {
        "events": EVENT,
        "observations": FIX,
        "tracks": ("subject", "title"),
        "track_points": ("subject", "time", "longitude", "latitude"),
        "subjects": SUBJECT,
        "segments": SEGMENT,
        "patrols": PATROL,
    }
    for name, columns in first.items():
        if reading.rows[name]:
            shaped = name not in ("patrols", "segments")
            source.tables.append(table_of(name, columns, reading.rows[name], shaped=shaped))
    source.tables.extend(whole)


def open_columns(whole: pa.Table, source: Source) -> bool:
    """Read a table of patrols, events or fixes as data frames keep them; False where it is none of these."""
    names = set(whole.column_names)
    fixes = {"fixtime", "geometry"} <= names
    if not fixes and not ({"patrol_segments"} <= names or {"event_type", "time", "id"} <= names):
        return False
    document = [_of_frame(row) for row in whole.to_pylist()]
    if not recognised(document):
        return False
    open_document(document, source)
    return True


def _of_frame(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a data frame as the interface gave it: names without `extra__`, a place beside, times as text."""
    told = {name.removeprefix("extra__"): _plain(value) for name, value in row.items()}
    shape = told.pop("geometry", None)
    point = shapely.from_wkb(shape) if isinstance(shape, bytes) else None
    if point is not None and point.geom_type == "Point" and not point.is_empty:
        told.setdefault("location", {"longitude": point.x, "latitude": point.y})
    if "fixtime" in told:
        told.setdefault("recorded_at", told["fixtime"])
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def _fixes_of(feature: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The points of a subject's track, where the subject is told to be a person."""
    told = feature["properties"]
    shape, times = _shape(feature), told["coordinateProperties"].get("times") or []
    points = [] if shape is None else shapely.get_coordinates(shape).tolist()
    subject = {n: told.get(n) for n in ("id", "subject_type")} | {"name": told.get("title")}
    if len(points) == len(times):
        for (x, y), time in zip(points, times, strict=True):
            yield {"recorded_at": time, "location": {"longitude": x, "latitude": y}, "subject": subject}


def _kind(thing: dict[str, Any]) -> str:
    if "patrol_segments" in thing:
        return "patrols"
    if "event_type" in thing and ("geojson" in thing or "location" in thing or "time" in thing):
        return "events"
    if "recorded_at" in thing and "location" in thing:
        return "observations"
    return "subjects" if "subject_type" in thing else ""


def _things(document: Any) -> Iterator[Any]:
    """The patrols, events, fixes or subjects of a document, whatever they are wrapped in."""
    for _ in range(3):
        if isinstance(document, dict) and not _kind(document):
            inner = document.get("results", document.get("data"))
            if not isinstance(inner, dict | list):
                break
            document = inner
    if isinstance(document, list):
        yield from document
    elif isinstance(document, dict) and _by_column(document):
        keys = dict.fromkeys(key for column in document.values() for key in column)
        yield from ({name: column.get(key) for name, column in document.items()} for key in keys)
    elif isinstance(document, dict):
        yield document


def _by_column(document: dict[str, Any]) -> bool:
    """True for a data frame written column by column: {"id": {"0": …}, "title": {"0": …}}."""
    ident = document.get("id")
    return isinstance(ident, dict) and all(
        isinstance(c, dict) and c.keys() <= ident.keys() for c in document.values()
    )


def _tracks(document: Any) -> list[dict[str, Any]]:
    """The lines of subjects' tracks: features whose properties hold a time for every point."""
    for _ in range(2):
        if isinstance(document, dict) and isinstance(document.get("data"), dict):
            document = document["data"]
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        return []
    told = [f for f in features if isinstance(f, dict) and isinstance(f.get("properties"), dict)]
    return [
        f for f in told if isinstance(f["properties"].get("coordinateProperties"), dict) and f.get("geometry")
    ]


class _Reading:
    """The rows of a document, gathered as it is walked."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.rows: dict[str, list[Row]] = {
            name: []
            for name in (
                "events",
                "observations",
                "tracks",
                "track_points",
                "subjects",
                "segments",
                "patrols",
            )
        }

    def thing(self, thing: Any) -> None:
        kind = _kind(thing) if isinstance(thing, dict) else ""
        if kind == "patrols":
            self._patrol(thing)
        elif kind == "events":
            self._event(thing, {})
        elif kind == "observations":
            x, y = _pair(thing.get("location"))
            own = {"longitude": x, "latitude": y, PLACE: place(x, y)}
            self.rows["observations"].append({**_flat(thing), **own})
        elif kind == "subjects":
            shape = _shape(thing.get("last_position"))
            x, y = _of_point(shape)
            row = {k: v for k, v in _flat(thing).items() if k != "last_position"}
            self.rows["subjects"].append({**row, "longitude": x, "latitude": y, PLACE: shape})
        else:
            self.findings.add(
                "not_understood",
                "Có mục không phải tuần tra, sự kiện, vị trí hay đối tượng của EarthRanger; không đọc mục này.",
                "An entry is no patrol, event, fix or subject of EarthRanger and is not read.",
            )

    def track(self, feature: dict[str, Any]) -> None:
        told = feature["properties"]
        shape = _shape(feature)
        subject = told.get("id") or told.get("title")
        self.rows["tracks"].append({"subject": subject, "title": told.get("title"), PLACE: shape})
        if shape is None:
            return
        times = told["coordinateProperties"].get("times") or []
        points = shapely.get_coordinates(shape).tolist()
        if len(times) != len(points):
            self.findings.add(
                "times_differ",
                "Số thời điểm của đường đi khác số điểm; các điểm được đọc không kèm thời gian.",
                "A track has another number of times than of points; its points are read without time.",
                where="tracks",
                row=len(self.rows["tracks"]),
            )
            times = [None] * len(points)
        for (x, y), time in zip(points, times, strict=True):
            row = {"subject": subject, "time": time, "longitude": x, "latitude": y, PLACE: place(x, y)}
            self.rows["track_points"].append(row)

    def _patrol(self, patrol: dict[str, Any]) -> None:
        flat = {k: v for k, v in _flat(patrol).items() if k != "patrol_segments"}
        self.rows["patrols"].append(flat)
        own = {"patrol_id": patrol.get("id"), "patrol_serial_number": patrol.get("serial_number")}
        for segment in patrol.get("patrol_segments") or ():
            if not isinstance(segment, dict):
                continue
            span = segment.get("time_range") or {}
            start, end = _pair(segment.get("start_location")), _pair(segment.get("end_location"))
            here = {**own, "segment_id": segment.get("id")}
            more = {k: v for k, v in segment.items() if k not in SEGMENT_APART}
            self.rows["segments"].append(
                {
                    **here,
                    **more,
                    "patrol_type": segment.get("patrol_type"),
                    "leader": _called(segment.get("leader")),
                    "start_time": span.get("start_time"),
                    "end_time": span.get("end_time"),
                    "start_longitude": start[0],
                    "start_latitude": start[1],
                    "end_longitude": end[0],
                    "end_latitude": end[1],
                }
            )
            for event in segment.get("events") or ():
                if isinstance(event, dict):
                    self._event(event, here)

    def _event(self, event: dict[str, Any], above: Row) -> None:
        geojson = event.get("geojson") if isinstance(event.get("geojson"), dict) else {}
        x, y = _pair(event.get("location"))
        shape = _shape(geojson) or place(x, y)
        if x is None:
            x, y = _of_point(shape)
        told = geojson.get("properties") or {} if isinstance(geojson, dict) else {}
        details = event.get("event_details")
        row = _flat(event)
        row |= {f"geojson.{key}": value for key, value in told.items() if key not in DRAWN}
        row |= {
            "time": event.get("time") or told.get("datetime"),
            "longitude": x,
            "latitude": y,
            PLACE: shape,
        }
        row["reported_by"] = _called(event.get("reported_by"))
        if isinstance(details, dict):
            row |= {f"event_details.{key}": value for key, value in details.items() if key != "updates"}
        self.rows["events"].append({**row, **above})


def _flat(thing: dict[str, Any]) -> Row:
    """The plain values of a thing; what is nested is kept as JSON, except what is read by itself."""
    return {k: v for k, v in thing.items() if k not in APART and not k.startswith("_")}


def _called(who: Any) -> str | None:
    if not isinstance(who, dict):
        return who if isinstance(who, str) else None
    both = " ".join(str(who[k]) for k in ("first_name", "last_name") if who.get(k))
    return str(who.get("name") or both or who.get("username") or "") or None


def _pair(location: Any) -> tuple[Any, Any]:
    """Longitude and latitude of a place as EarthRanger writes it."""
    if not isinstance(location, dict):
        return None, None
    return location.get("longitude"), location.get("latitude")


def _of_point(shape: Any) -> tuple[Any, Any]:
    return (shape.x, shape.y) if shape is not None and shape.geom_type == "Point" else (None, None)


def _flattened(coordinates: Any) -> Any:
    """Coordinates without their heights, which some points of a line have and some have not."""
    if isinstance(coordinates, list) and coordinates and not isinstance(coordinates[0], list):
        return coordinates[:2]
    return [_flattened(inner) for inner in coordinates]


def _shape(feature: Any) -> Any:
    """The flat geometry of a feature, None where it has none or one that cannot be built."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict) or not geometry.get("coordinates"):
        return None
    try:
        shape = shapely.geometry.shape({**geometry, "coordinates": _flattened(geometry["coordinates"])})
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError, shapely.errors.ShapelyError):
        return None
    if shape.geom_type == "Point":
        return place(shape.x, shape.y)
    return None if shape.is_empty else shape
