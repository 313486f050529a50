"""Sightings as CyberTracker Online and SMART Mobile give them in JSON."""

from __future__ import annotations

import re
from typing import Any

from formats.source import Source
from formats.whole_patrols import Patrols, moment
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
    reading = Patrols(source.findings)
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
        _walked(reading, sighting, uid, where)
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
    source.tables.extend(reading.tables())


def _walked(reading: Patrols, sighting: dict[str, Any], uid: Any, where: tuple[Any, Any]) -> None:
    """Who carried a device on a day was on patrol; its sightings are signs and species, its way is a file apart."""
    at = moment(sighting.get("createTime"))
    if at is None:
        reading.findings.add(
            "no_time",
            "Có quan sát không ghi giờ nên không biết đi ngày nào; không đọc thành tuần tra.",
            "A sighting bears no time, so that its day is not known; it is read as no patrol.",
        )
        return
    who, device = str(sighting.get("username") or ""), str(sighting.get("deviceId") or "")
    code = "-".join(filter(None, ("CT", f"{at:%Y%m%d}", who, device[:6])))
    if code not in reading.patrols:
        reading.patrol(code, Leader=who or None, Members=who or None, Transport="CyberTracker")
        reading.day(code, "1", at.date(), None, "CyberTracker")
    if track := sighting.get("trackFile"):
        reading.findings.add(
            "track_apart",
            f"Vết đi nằm trong tệp “{track}”, không có trong tệp này; chặng không có số km.",
            f"The way lies in the file {track!r}, which is not within this one; the leg has no kilometres.",
            "Xuất vết đi thành GPX rồi lấy làm hình của chặng.",
            where=str(track),
        )
    if sighting.get("trackOnly"):
        return
    words: dict[str, Any] = {"note": sighting.get("note")}
    for record in sighting["records"]:
        fields = record.get("fieldValues") if isinstance(record, dict) else None
        words |= {NAMED.sub("", str(k)): v for k, v in (fields or {}).items() if _is_word(k, v)}
    species = next((str(v) for k, v in words.items() if k.lower() in ("species", "loai") and v), "")
    if species:
        reading.seen(code, str(uid), at, where, species, words, who or None)
        return
    category = ".".join(str(v) for k, v in reversed(words.items()) if isinstance(v, str) and k != "note")
    reading.sign(code, str(uid), at, where, category or str(words["note"] or ""), words, who or None)


NAMED = re.compile(r"^(?:repeat_)?s\d{14,}_")
"""Fields of a form bear the moment they were made before their name."""


def _is_word(name: Any, value: Any) -> bool:
    """Whether a field tells something of what was seen: neither place, photo, track nor what the device adds."""
    own = str(name).startswith("cto_") or str(name) in ("trackFile", "location")
    return not own and isinstance(value, str | int | float) and not isinstance(value, bool) and value != ""


def _where(sighting: dict[str, Any], stored: dict[str, Any]) -> tuple[Any, Any]:
    """The place of a sighting: that of its location field, else the one stored with it."""
    for record in sighting["records"]:
        fields = record.get("fieldValues") if isinstance(record, dict) else None
        for value in (fields or {}).values():
            if isinstance(value, dict) and "x" in value and "y" in value:
                return value["x"], value["y"]
    return stored.get("x"), stored.get("y")
