"""Patrols and incidents as SMART exports them in XML, of versions 3 to 7: legs, days, tracks, waypoints, signs.

The columns bear the names of SMART's own query export where it has one, so one reading of headers does for both.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import shapely
from lxml import etree

from formats.source import Findings, FormatError, Source
from formats.whole_patrols import Fix, fix, wrong_in
from formats.written_rows import PLACE, Row, place, table_of

NAMESPACE = re.compile(rb"smartconservationsoftware\.org/xml/([\d.]+)/(\w+)")
KINDS = {b"patrol", b"independentincident"}
LARGEST = 256 << 20
WAYPOINT = ("Patrol ID", "Patrol Leg ID", "Waypoint ID", "Waypoint Date", "Waypoint Time", "X", "Y")
FIRST = {
    "patrol": (
        "Patrol ID",
        "Type",
        "Start Date",
        "End Date",
        "Station",
        "Team",
        "Objective",
        "Armed",
        "Comment",
    ),
    "legs": (
        "Patrol ID",
        "Patrol Leg ID",
        "Start Date",
        "End Date",
        "Transport",
        "Mandate",
        "Leader",
        "Members",
    ),
    "days": (
        *("Patrol ID", "Patrol Leg ID", "Date", "Start Time", "End Time", "Rest Minutes", "Distance"),
        *("Key", "Transport", "Hours", "Said km", "Wrong"),
    ),
    "signs": (*WAYPOINT, "Key", "Category", "Count", "Age", "Told", "Observer"),
    "events": ("eventID", "eventDate", "samplingProtocol", "samplingEffort"),
    "tracks": ("Patrol ID", "Patrol Leg ID", "Date", "Distance"),
    "track_points": ("Patrol ID", "Patrol Leg ID", "Date", "Time", "X", "Y"),
    "waypoints": (*WAYPOINT, "Direction", "Distance", "Comment", "Observations"),
    "observations": (
        *WAYPOINT,
        "scientificName",
        "Observer",
        "Observation Category 0",
        "Observation Category 1",
    ),
}
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
ATTACHED = ("attachments", "attachment")
# a leaf of SMART's own tree of species repeats its genus: panthera_rl.pantherapardus_rl15954.
LEAF = re.compile(r"(?:^|\.)([a-z]+)_rl\.\1([a-z]+)_rl\d*\.?$")
SHAPED = {"tracks", "track_points", "waypoints", "observations", "signs", "events"}
ROW_TYPES = {"patrol": "Patrol", "days": "PatrolLeg", "signs": "PatrolSign", "events": "Event"}
COUNTED = re.compile(r"^(?:count|number|quantity|so_?luong|number_?of_?\w+)$")


def kind(start: bytes) -> str:
    """The kind of SMART document by the first bytes of a file ("patrol", "datamodel", …), "" for no SMART."""
    found = NAMESPACE.search(start)
    return found[2].decode() if found else ""


def open_patrols(paths: Sequence[Path], source: Source) -> None:
    """Fill the source with the tables of one patrol or of several together.

    A broken or strange document raises FormatError with its name; nothing is then read of the others.
    """
    reading = _Patrol(source.findings)
    versions = [reading.read(path) for path in paths]
    source.kind = "smart"
    source.metadata.update({"program": "SMART", "xml_version": "; ".join(dict.fromkeys(versions))})
    source.metadata["crs"] = "EPSG:4326"
    for name, rows in reading.rows.items():
        if rows:
            shaped = name in SHAPED or (name == "days" and any(row.get(PLACE) for row in rows))
            table = table_of(name, FIRST[name], rows, shaped=shaped)
            table.row_type = ROW_TYPES.get(name)
            source.tables.append(table)


def _root(path: Path) -> tuple[Any, str]:
    """The document and the version of its form."""
    with path.open("rb") as file:
        start = file.read(4_096)
    found = NAMESPACE.search(start)
    if found is None or found[2] not in KINDS:
        raise _other(path, found[2].decode() if found else "")
    if path.stat().st_size > LARGEST:
        raise FormatError(
            "too_big",
            f"“{path.name}” lớn hơn {LARGEST >> 20} MB.",
            f"{path.name} is larger than {LARGEST >> 20} MB.",
            "Xuất từng tuần tra một từ SMART.",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.parse(str(path), parser).getroot(), found[1].decode()
    except etree.XMLSyntaxError as error:
        raise _cut(path, error) from error


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: Any, *names: str) -> Iterator[Any]:
    return (child for child in element if _name(child) in names)


def _value(element: Any, name: str) -> str | None:
    """The value of the first child of this name: its attribute `value`, else its text; of an objective its words."""
    for child in _children(element, name):
        told = child.get("value") or " ".join("".join(child.itertext()).split())
        return told or None
    return None


def _person(member: Any) -> str:
    return " ".join(part for part in (member.get("givenName"), member.get("familyName")) if part)


READ = {
    *("objective", "description", "team", "station", "mandate", "comment", "legs", "leg", "transportType"),
    *("members", "member", "days", "day", "track", "tracks", "waypoints", "waypoint", "groups", "group"),
    *("observations", "observer", "attributes", "attribute", "attachments", "attachment"),
}


def _attached(element: Any) -> str | None:
    names = (
        a.get("filename") or " ".join("".join(a.itertext()).split()) for a in _children(element, *ATTACHED)
    )
    return "; ".join(filter(None, names)) or None


class _Patrol:
    """The rows of a document, gathered as it is walked."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.rows: dict[str, list[Row]] = {
            name: []
            for name in (
                *("observations", "signs", "events", "waypoints", "tracks", "track_points", "days", "legs"),
                "patrol",
            )
        }
        self.keys: Counter[str] = Counter()

    def read(self, path: Path) -> str:
        """Take in one file; the version of its form."""
        root, version = _root(path)
        self.document(root)
        return version

    def document(self, root: Any) -> None:
        """Walk the document; an element nobody reads is told by its name."""
        inside = {"attributes", "attribute"}
        for element in root.iterdescendants():
            name = _name(element)
            if name and name not in READ and _name(element.getparent()) not in inside:
                self.findings.add(
                    "not_understood",
                    f"Phần “{name}” của tệp SMART chưa được đọc.",
                    f"The part {name!r} of the SMART file is not read.",
                    where=name,
                )
        if _name(root).lower() == "waypoint":
            self._waypoint(root, {"Waypoint Date": (root.get("dateTime") or "")[:10] or None})
            return
        own: Row = {"Patrol ID": root.get("id")}
        self.rows["patrol"].append(
            {
                **own,
                "Type": root.get("patrolType"),
                "Start Date": root.get("startDate"),
                "End Date": root.get("endDate"),
                "Armed": root.get("isArmed"),
                "Station": _value(root, "station"),
                "Team": _value(root, "team"),
                "Mandate": _value(root, "mandate"),
                "Objective": _value(root, "objective"),
                "Comment": _value(root, "comment"),
            }
        )
        before = len(self.rows["legs"])
        for leg in _children(root, "legs", "leg"):
            self._leg(leg, own)
        self._crew(self.rows["patrol"][-1], self.rows["legs"][before:])
        if any("scientificName" in row for row in self.rows["observations"]):
            for row in self.rows["observations"]:  # a species of another tree keeps the words it has
                row.setdefault("scientificName", row.get("species"))

    def _leg(self, leg: Any, above: Row) -> None:
        members = list(_children(leg, "members", "member"))
        leaders = [_person(m) for m in members if (m.get("isLeader") or "").lower() == "true"]
        here = {**above, "Patrol Leg ID": leg.get("id")}
        self.rows["legs"].append(
            {
                **here,
                "Start Date": leg.get("startDate"),
                "End Date": leg.get("endDate"),
                "Transport": _value(leg, "transportType"),
                "Mandate": _value(leg, "mandate"),
                "Leader": "; ".join(leaders),
                "Members": "; ".join(_person(m) for m in members),
                "Member IDs": "; ".join(m.get("employeeId") or "" for m in members).strip("; "),
                "Pilot": "; ".join(_person(m) for m in members if m.get("isPilot") == "true"),
            }
        )
        for day in _children(leg, "days", "day"):
            self._day(day, here, "; ".join(leaders), _value(leg, "transportType"))

    def _crew(self, patrol: Row, legs: Sequence[Row]) -> None:
        """The patrol says who walked its legs, how many they were and how they went first."""
        told = [m for leg in legs for m in str(leg["Members"] or "").split("; ") if m]
        patrol["Leader"] = "; ".join(dict.fromkeys(str(leg["Leader"]) for leg in legs if leg["Leader"]))
        patrol["Members"] = "; ".join(dict.fromkeys(told))
        patrol["People"] = str(len(dict.fromkeys(told))) if told else None
        patrol["Transport"] = next((leg["Transport"] for leg in legs if leg["Transport"]), None)
        words = ("Type", "Armed", "Team", "Mandate", "Comment")
        patrol["Report"] = "; ".join(f"{name}: {patrol[name]}" for name in words if patrol[name])

    def _key(self, *parts: Any) -> str:
        """A key of a row by what it says of itself; a second one of the same words bears its number."""
        key = "/".join(str(part or "") for part in parts)
        self.keys[key] += 1
        return key if self.keys[key] == 1 else f"{key}.{self.keys[key]}"

    def _day(self, day: Any, above: Row, leader: str, transport: str | None) -> None:
        tracks = list(_children(day, "track", "tracks"))
        key = self._key("day", above.get("Patrol ID"), above.get("Patrol Leg ID"), day.get("date"))
        hours, km = _hours(day), _sum_km(tracks)
        row: Row = {}
        self.rows["days"].append(row)
        if not _readable(day):
            self.findings.add(
                "unread_hours",
                "Giờ đi, giờ về hoặc phút nghỉ của một ngày không đọc được; số giờ của ngày đó để trống.",
                "The start, end or rest of a day could not be read; its hours stay unknown.",
                "Ghi giờ như 08:30:00 và phút nghỉ bằng số trong SMART rồi xuất lại, hoặc ghi số giờ ở chặng.",
                where="days",
                row=len(self.rows["days"]),
            )
        row.update(
            {
                **above,
                "Key": key,
                "Transport": transport,
                "Hours": None if hours is None else str(hours),
                "Date": day.get("date"),
                "Start Time": day.get("startTime"),
                "End Time": day.get("endTime"),
                "Rest Minutes": day.get("restMinutes"),
                "Distance": "; ".join(t.get("distance") or "" for t in tracks) or None,
            }
        )
        lines = [self._track(track, {**above, "Date": day.get("date")}) for track in tracks]
        row[PLACE] = _one_line([line for line, _fixes in lines if line is not None])
        row["Wrong"] = wrong_in(fixes for _line, fixes in lines) or None
        row["Said km"] = None if row[PLACE] is not None or km is None else str(km)
        seen = len(self.rows["observations"])
        for waypoint in _children(day, "waypoints", "waypoint"):
            self._waypoint(waypoint, {**above, "Waypoint Date": day.get("date"), "Leader": leader})
        self._visit(key, day.get("date"), self.rows["observations"][seen:], km, hours)

    def _visit(
        self, key: str, date: str | None, seen: Sequence[Row], km: float | None, hours: float | None
    ) -> None:
        """The day of a leg is the visit of the species seen on it, and carries how much was walked for them.

        It lies where the first of them was seen: a way of rangers is nobody else's to read.
        """
        if not seen:
            return
        effort = [f"{km:g} km"] if km else []
        effort += [f"{hours:g} giờ"] if hours else []
        told = {"eventID": key, "eventDate": date, "samplingProtocol": "tuần tra"}
        self.rows["events"].append(
            {**told, "samplingEffort": "; ".join(effort) or None, PLACE: seen[0].get(PLACE)}
        )
        for one in seen:
            one["eventID"] = key

    def _track(self, track: Any, above: Row) -> tuple[Any, list[Fix]]:
        """The track as a shape, None where there is none, and its points with their times."""
        number = len(self.rows["tracks"]) + 1
        try:
            shape = shapely.from_wkb(track.get("geom") or (track.text or "").strip())
        except shapely.errors.ShapelyError:
            self.findings.add(
                "bad_track",
                "Đường tuần tra không giải mã được; các điểm mốc vẫn được đọc.",
                "A track cannot be decoded; the waypoints are still read.",
                where="tracks",
                row=number,
            )
            shape = None
        flat = None if shape is None or shape.is_empty else shapely.force_2d(shape)
        self.rows["tracks"].append({**above, "Distance": track.get("distance"), PLACE: flat})
        fixes: list[Fix] = []
        if flat is None:
            return None, fixes
        for x, y, z in shapely.get_coordinates(shape, include_z=True).tolist():
            when = _moment(z)
            self.rows["track_points"].append({**above, "Time": when, "X": x, "Y": y, PLACE: place(x, y)})
            fixes += [f for f in [fix(when, x, y)] if f is not None]
        return flat, fixes

    def _waypoint(self, waypoint: Any, above: Row) -> None:
        x, y = waypoint.get("x"), waypoint.get("y")
        here: Row = {
            **above,
            "Waypoint ID": waypoint.get("id"),
            "Waypoint Time": waypoint.get("time") or (waypoint.get("dateTime") or "")[11:] or None,
            "X": x,
            "Y": y,
            PLACE: place(x, y),
        }
        observations = [
            o
            for group in (waypoint, *_children(waypoint, "groups", "group"))
            for o in _children(group, "observations")
        ]
        self.rows["waypoints"].append(
            {
                **here,
                "Direction": waypoint.get("direction"),
                "Distance": waypoint.get("distance"),
                "Comment": _value(waypoint, "comment"),
                "Observations": str(len(observations)),
                "Attachments": _attached(waypoint),
            }
        )
        for observation in observations:
            self._observation(observation, here)

    def _observation(self, observation: Any, above: Row) -> None:
        row: Row = dict(above)
        for level, key in enumerate(filter(None, (observation.get("categoryKey") or "").split("."))):
            row[f"Observation Category {level}"] = key
        observer = next(_children(observation, "observer"), None)
        row["Observer"] = None if observer is None else _person(observer) or None
        row["Attachments"] = _attached(observation)
        row["Comment"] = _value(observation, "comment")
        for attribute in _children(observation, "attributes", "attribute"):
            key = attribute.get("attributeKey") or "attribute"
            told = "; ".join(filter(None, (" ".join("".join(v.itertext()).split()) for v in attribute)))
            row[key] = f"{row[key]}; {told}" if row.get(key) and told else told or row.get(key)
        if leaf := LEAF.search(str(row.get("species") or "")):
            row["scientificName"] = f"{leaf[1].capitalize()} {leaf[2]}"
        if row.get("species"):
            self.rows["observations"].append(row)
        else:
            self.rows["signs"].append(self._sign(observation, row, above))

    def _sign(self, observation: Any, row: Row, above: Row) -> Row:
        """An observation without a species: its category, its number where one attribute is one, and all its words."""
        told = {k: v for k, v in row.items() if k not in above and not k.startswith("Observation Category")}
        numbers = [v for k, v in told.items() if COUNTED.match(k.lower()) and v]
        count = re.sub(r"\.0+$", "", str(numbers[0])) if len(numbers) == 1 else None
        age = next((v for k, v in told.items() if k.lower().startswith("ageof")), None)
        where = [above.get(k) for k in WAYPOINT[:4]]
        return {
            **row,
            "Key": self._key("sign", *where, observation.get("categoryKey")),
            "Category": observation.get("categoryKey"),
            "Count": count,
            "Age": age,
            "Observer": row.get("Observer"),
            "Told": "; ".join(f"{k}: {v}" for k, v in told.items() if v and k != "Observer") or None,
        }


def _one_line(lines: Sequence[Any]) -> Any:
    """The tracks of a day as one shape; a track of one point is no way."""
    parts = [p for one in lines for p in shapely.get_parts(one) if p.geom_type == "LineString"]
    parts = [p for p in parts if p.length > 0]
    return None if not parts else parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def _hours(day: Any) -> float | None:
    """How long a day lasted without its rests; one that ends before it began went over midnight."""
    try:
        start, end = (_clock(day.get(name)) for name in ("startTime", "endTime"))
        rest = float(day.get("restMinutes") or 0) / 60
    except ValueError:
        return None
    if start is None or end is None:
        return None
    lasted = (end - start) % 24 - rest
    return round(lasted, 3) if 0 < lasted <= 24 else None


def _readable(day: Any) -> bool:
    """Whether the times and the rest that a day tells are times and a number; a blank one tells nothing."""
    try:
        float(day.get("restMinutes") or 0)
    except ValueError:
        return False
    return all(_clock(told) is not None for told in (day.get("startTime"), day.get("endTime")) if told)


def _clock(told: str | None) -> float | None:
    found = CLOCK.search(told or "")
    if found is not None and (int(found[1]) > 23 or int(found[2]) > 59):
        return None
    return int(found[1]) + int(found[2]) / 60 + int(found[3] or 0) / 3600 if found else None


def _sum_km(tracks: Sequence[Any]) -> float | None:
    """The kilometres SMART tells of a day's tracks; None where one of them is not told."""
    try:
        told = [float(track.get("distance")) for track in tracks]
    except (TypeError, ValueError):
        return None
    total = round(sum(told), 3)
    return total if told and math.isfinite(total) and total >= 0 else None


def _moment(millis: float) -> str | None:
    """When a point of a track was taken, which SMART keeps as its height: the wall clock of the patrol, in ms."""
    if not 0 < millis < 32_503_680_000_000:  # up to the year 3000, false also for NaN
        return None
    return (datetime(1970, 1, 1) + timedelta(milliseconds=millis)).isoformat(timespec="seconds")


def _cut(path: Path, error: etree.XMLSyntaxError) -> FormatError:
    line = error.position[0] or 1
    return FormatError(
        "cut_file",
        f"“{path.name}” bị cắt hoặc hỏng ở dòng {line}; chưa đọc gì từ tệp này.",
        f"{path.name} is cut or broken at line {line}; nothing was read from it.",
        "Xuất lại tuần tra từ SMART rồi tải lên.",
    )


def _other(path: Path, found: str) -> FormatError:
    return FormatError(
        "unsupported",
        f"“{path.name}” là tệp SMART loại “{found}”, không phải tuần tra.",
        f"{path.name} is a SMART file of the kind {found!r}, not a patrol.",
        "Trong SMART chọn xuất tuần tra (Export Patrol).",
    )
