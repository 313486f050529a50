"""Sightings as CyberTracker Online and SMART Mobile give them in JSON."""

from __future__ import annotations

from typing import Any

from formats.source import Source
from formats.written_rows import PLACE, Row, place, table_of

SIGHTING = (
    "uid",
    "createTime",
    "username",
    "deviceId",
    "longitude",
    "latitude",
    "note",
    "trackOnly",
    "trackFile",
)
RECORD = ("sighting_uid", "uid", "parentUid", "createTime", "longitude", "latitude")


def recognised(document: Any) -> bool:
    """True for a list of sightings with their records."""
    first = document[0] if isinstance(document, list) and document else None
    return isinstance(first, dict) and isinstance(first.get("records"), list) and "createTime" in first


def open_document(document: list[Any], source: Source) -> None:
    """Two tables: each sighting, and each record of a sighting with the fields that were filled."""
    sightings: list[Row] = []
    records: list[Row] = []
    for sighting in document:
        if not isinstance(sighting, dict) or not isinstance(sighting.get("records"), list):
            source.findings.add(
                "not_understood",
                "Có mục không phải quan sát của CyberTracker; không đọc mục này.",
                "An entry is no sighting of CyberTracker and is not read.",
            )
            continue
        stored = sighting.get("db") if isinstance(sighting.get("db"), dict) else {}
        where = _where(sighting, stored or {})
        own = {"longitude": where[0], "latitude": where[1], PLACE: place(*where)}
        uid = (stored or {}).get("uid")
        row = {key: value for key, value in sighting.items() if key not in ("db", "records")}
        kept = {
            f"db.{key}": value for key, value in (stored or {}).items() if key not in ("uid", "attachments")
        }
        attached = (stored or {}).get("attachments") or []
        sightings.append({**row, "uid": uid, "attachments": "; ".join(map(str, attached)), **kept, **own})
        for record in sighting["records"]:
            fields = record.get("fieldValues") if isinstance(record, dict) else None
            told = {k: v for k, v in record.items() if k != "fieldValues"} if isinstance(record, dict) else {}
            more = {f"field.{key}": value for key, value in (fields or {}).items()}
            records.append({"sighting_uid": uid, "createTime": sighting["createTime"], **told, **more, **own})
    source.kind = "cybertracker"
    source.metadata.update({"program": "CyberTracker", "crs": "EPSG:4326"})
    source.tables.append(table_of("sightings", SIGHTING, sightings))
    if records:
        source.tables.append(table_of("records", RECORD, records))


def _where(sighting: dict[str, Any], stored: dict[str, Any]) -> tuple[Any, Any]:
    """The place of a sighting: that of its location field, else the one stored with it."""
    for record in sighting["records"]:
        fields = record.get("fieldValues") if isinstance(record, dict) else None
        for value in (fields or {}).values():
            if isinstance(value, dict) and "x" in value and "y" in value:
                return value["x"], value["y"]
    return stored.get("x"), stored.get("y")
