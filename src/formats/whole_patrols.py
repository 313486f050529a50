"""Whole patrols as field programs hold them, in one set of tables: patrols, days, signs, species and their visits.

A reader of a program's file tells what it found; the days are cut by the country's clock here, and what is wrong with a
track is told on its day and never mended.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any, NamedTuple

import shapely
from pyproj import Geod

from formats.source import Findings, Table
from formats.written_rows import PLACE, Row, place, table_of

CLOCK = 7.0
"""Hours that the country's clock is ahead of UTC: a patrol's days are those of whoever walked it."""
FASTEST = 150.0
"""Kilometres an hour between two points that no patrol goes; within `NEAR` metres it is the noise of the device."""
NEAR = 300.0
MIXED = 0.2
NIGHT = (20, 4)
EARLIEST = date(2000, 1, 1)
COLUMNS = {
    "whole_patrols": (
        *("Patrol ID", "Start Date", "End Date", "Objective", "Transport", "People", "Leader", "Members"),
        *("Station", "State", "Report"),
    ),
    "days": ("Key", "Patrol ID", "Date", "Transport", "Hours", "Start Time", "End Time", "Wrong"),
    "signs": (
        *(
            "Key",
            "Patrol ID",
            "Waypoint Date",
            "Waypoint Time",
            "Category",
            "Count",
            "Age",
            "Told",
            "Observer",
        ),
        *("X", "Y"),
    ),
    "visits": ("eventID", "eventDate", "samplingProtocol", "samplingEffort"),
    "seen": (
        *("occurrenceID", "eventID", "eventDate", "scientificName", "individualCount", "decimalLongitude"),
        *("decimalLatitude", "recordedBy", "occurrenceRemarks"),
    ),
}
ROW_TYPES = {
    "whole_patrols": "Patrol", "days": "PatrolLeg", "signs": "PatrolSign", "visits": "Event", "seen": "Occurrence",
}  # fmt: skip
_EARTH = Geod(ellps="WGS84")


class Fix(NamedTuple):
    """Where a device was, and when by the country's clock; None where it did not say."""

    at: datetime | None
    x: float
    y: float


def moment(told: Any, clock: float = CLOCK) -> datetime | None:
    """A written time as the country's clock shows it, without a zone; one without a zone is taken as it stands."""
    if isinstance(told, datetime):
        found = told
    else:
        try:
            found = datetime.fromisoformat(str(told or "").strip().replace("Z", "+00:00"))
        except ValueError:
            return None
    if found.tzinfo is None:
        return found
    try:
        return found.astimezone(timezone(timedelta(hours=clock))).replace(tzinfo=None)
    except (OverflowError, ValueError):
        return None


def fix(told: Any, x: Any, y: Any) -> Fix | None:
    """A point of a way; None where it has no place, or is the 0, 0 of a device that did not know yet."""
    try:
        lon, lat = float(x), float(y)
    except (TypeError, ValueError):
        return None
    if not (math.isfinite(lon) and math.isfinite(lat)) or (lon, lat) == (0, 0):
        return None
    return Fix(moment(told), lon, lat)


def wrong_in(parts: Iterable[Sequence[Fix]]) -> str:
    """What is wrong with a way, as a word and where: swapped, off_globe, backwards, mixed, jump; "" for nothing."""
    steps = fast = 0
    first_jump = ""
    for part in parts:
        for one in part:
            if abs(one.y) > 90 and abs(one.x) <= 90:
                return f"swapped {one.y:g}"
            if abs(one.y) > 90 or abs(one.x) > 180:
                return f"off_globe {one.x:g}, {one.y:g}"
        for a, b in pairwise(part):
            if a.at is None or b.at is None:
                continue
            seconds = (b.at - a.at).total_seconds()
            if seconds < 0:
                return f"backwards {b.at:%H:%M:%S %d/%m/%Y}"
            steps += 1
            metres = _EARTH.line_length((a.x, b.x), (a.y, b.y))
            if metres > NEAR and metres > FASTEST / 3.6 * seconds:
                fast += 1
                first_jump = first_jump or f"{b.at:%H:%M:%S %d/%m/%Y}"
    if fast > 2 and fast > MIXED * steps:
        return f"mixed {first_jump}"
    return f"jump {first_jump}" if fast else ""


def line_of(parts: Iterable[Sequence[Fix]]) -> Any:
    """The way as one line or several; None where no part has two points that differ."""
    lines = [
        shapely.LineString([(p.x, p.y) for p in part])
        for part in parts
        if len({(p.x, p.y) for p in part}) > 1
    ]
    return None if not lines else lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def by_day(parts: Iterable[Sequence[Fix]]) -> dict[date, list[list[Fix]]]:
    """The parts of a way cut where a new day begins; points without a time are left out."""
    days: dict[date, list[list[Fix]]] = {}
    for part in parts:
        before: date | None = None
        for one in part:
            if one.at is None:
                continue
            if one.at.date() != before:
                before = one.at.date()
                days.setdefault(before, []).append([])
            days[before][-1].append(one)
    return dict(sorted(days.items()))


def hours_of(parts: Iterable[Sequence[Fix]]) -> float | None:
    """How long the parts of a day lasted together, rests between two parts not counted; None where no part lasted."""
    lasted = 0.0
    for part in parts:
        times = [p.at for p in part if p.at is not None]
        lasted += (max(times) - min(times)).total_seconds() if times else 0.0
    return round(lasted / 3600, 3) or None


class Patrols:
    """The rows of whole patrols, gathered as a file is walked."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        self.patrols: dict[str, Row] = {}
        self.efforts: dict[tuple[str, str], tuple[float, float]] = {}
        self.keys: Counter[str] = Counter()

    def patrol(self, code: str, **told: Any) -> None:
        """A patrol of that code; what is told again fills what was blank."""
        row = self.patrols.setdefault(code, {"Patrol ID": code})
        for name, value in told.items():
            column = name.replace("_", " ")
            row[column] = row.get(column) or value

    def without_time(self, points: int) -> None:
        """So many points of a way are left out, since nobody knows when they were taken."""
        if points:
            self.findings.add(
                "points_without_time",
                "Có điểm của vết đi không có giờ hoặc giờ không đọc được; các điểm ấy bị bỏ ra.",
                "Points of a way have no time, or one that cannot be read; they are left out.",
                "Xuất lại tệp có giờ của từng điểm nếu cần các điểm ấy.",
                where="days",
                count=points,
            )

    def walk(self, code: str, leg: str, parts: Sequence[Sequence[Fix]], transport: str | None = None) -> None:
        """The way of a patrol, a row for each day of it; points without a time that can be read are told."""
        self.without_time(sum(p.at is None for part in parts for p in part))
        for day, some in by_day(parts).items():
            times = [p.at for part in some for p in part if p.at is not None]
            bad = wrong_in(some) or ("strange_day" if day < EARLIEST else "")
            shape = None if bad.split(" ")[0] in ("swapped", "off_globe") else line_of(some)
            hours = hours_of(some)
            self.day(
                code,
                leg,
                day,
                hours if shape is not None or bad else None,
                transport,
                shape,
                bad,
                min(times),
                max(times),
            )
            night = sum(t.hour >= NIGHT[0] or t.hour < NIGHT[1] for t in times)
            if night > len(times) / 2:
                self.findings.add(
                    "by_night",
                    "Phần lớn vết đi rơi vào ban đêm (20 giờ đến 4 giờ); máy định vị có thể ghi sai múi giờ.",
                    "Most of a way lies in the night; the device may have been set to another time zone.",
                    "Xem giờ của chặng; nếu sai, sửa múi giờ của máy rồi xuất lại tệp.",
                    where="days",
                    row=len(self.rows["days"]),
                )

    def day(
        self, code: str, leg: str, day: date, hours: float | None, transport: str | None = None, shape: Any = None,
        wrong: str = "", start: datetime | None = None, end: datetime | None = None,
    ) -> None:  # fmt: skip
        """One day of a leg, with its way where there is one."""
        told = day.isoformat()
        self.rows["days"].append(
            {
                "Key": self._key("day", code, leg, told), "Patrol ID": code, "Date": told, "Transport": transport,
                "Hours": None if hours is None else str(hours), "Wrong": wrong or None, PLACE: shape,
                "Start Time": None if start is None else f"{start:%H:%M:%S}",
                "End Time": None if end is None else f"{end:%H:%M:%S}",
            }
        )  # fmt: skip
        km, spent = self.efforts.get((code, told), (0.0, 0.0))
        metres = 0.0 if shape is None or wrong else _EARTH.geometry_length(shape)
        self.efforts[code, told] = (km + metres / 1000, spent + (hours or 0.0))

    def sign(
        self, code: str, ident: str, at: datetime | None, where: tuple[Any, Any], category: str, words: dict[str, Any],
        observer: str | None = None,
    ) -> None:  # fmt: skip
        """What was found: its category, a number and an age where one of its words tells them, and all its words."""
        told = {k: v for k, v in words.items() if v not in (None, "", [], {})}
        numbers = [v for k, v in told.items() if COUNTED.match(k.lower())]
        age = next((str(v) for k, v in told.items() if k.lower().startswith("age")), None)
        self.rows["signs"].append(
            {
                "Key": self._key("sign", code, ident), "Patrol ID": code or None, "Category": category,
                "Waypoint Date": None if at is None else at.date().isoformat(),
                "Waypoint Time": None if at is None else f"{at:%H:%M:%S}",
                "Count": re.sub(r"\.0+$", "", str(numbers[0])) if len(numbers) == 1 else None, "Age": age,
                "Told": "; ".join(f"{k}: {v}" for k, v in told.items()) or None, "Observer": observer,
                "X": where[0], "Y": where[1], PLACE: place(*where),
            }
        )  # fmt: skip

    def seen(
        self, code: str, ident: str, at: datetime | None, where: tuple[Any, Any], species: str, words: dict[str, Any],
        observer: str | None = None,
    ) -> None:  # fmt: skip
        """A species that was seen, with the day of the patrol as its visit."""
        told = {k: v for k, v in words.items() if v not in (None, "", [], {})}
        numbers = [v for k, v in told.items() if COUNTED.match(k.lower())]
        day = "" if at is None else at.date().isoformat()
        visit = f"visit/{code}/{day}" if code and day else None
        self.rows["seen"].append(
            {
                "occurrenceID": self._key("seen", code, ident), "eventID": visit,
                "eventDate": None if at is None else at.isoformat(timespec="seconds"), "scientificName": species,
                "individualCount": re.sub(r"\.0+$", "", str(numbers[0])) if len(numbers) == 1 else None,
                "decimalLongitude": where[0], "decimalLatitude": where[1], "recordedBy": observer,
                "occurrenceRemarks": "; ".join(f"{k}: {v}" for k, v in told.items()) or None, PLACE: place(*where),
            }
        )  # fmt: skip

    def tables(self) -> list[Table]:
        """The tables that hold rows; each patrol spans what was found and walked on it."""
        self._span()
        self._visits()
        found = []
        for name, rows in self.rows.items():
            if rows:
                shaped = name != "whole_patrols" and any(row.get(PLACE) is not None for row in rows)
                table = table_of(name, COLUMNS[name], rows, shaped=shaped)
                table.row_type = ROW_TYPES[name]
                found.append(table)
        return found

    def _span(self) -> None:
        days: dict[str, list[str]] = {}
        for row in (*self.rows["days"], *self.rows["signs"]):
            if told := row.get("Date") or row.get("Waypoint Date"):
                days.setdefault(str(row["Patrol ID"]), []).append(told)
        for code, row in self.patrols.items():
            some = [*days.get(code, ()), *(str(row[n]) for n in ("Start Date", "End Date") if row.get(n))]
            if some:
                row["Start Date"], row["End Date"] = min(some), max(some)
        self.rows["whole_patrols"] = list(self.patrols.values())

    def _visits(self) -> None:
        """The days on which a species was seen, each with what was walked; at the place of the first one."""
        made: dict[str, Row] = {}
        for row in self.rows["seen"]:
            key = row["eventID"]
            if not key or key in made:
                continue
            code, day = str(key).removeprefix("visit/").rsplit("/", 1)
            km, hours = self.efforts.get((code, day), (0.0, 0.0))
            told = [f"{km:.1f} km"] * (km > 0) + [f"{hours:g} giờ"] * (hours > 0)
            made[str(key)] = {
                "eventID": key, "eventDate": day, "samplingProtocol": "tuần tra",
                "samplingEffort": "; ".join(told) or None, PLACE: row[PLACE],
            }  # fmt: skip
        self.rows["visits"] = list(made.values())

    def _key(self, *parts: str) -> str:
        key = "/".join(parts)
        self.keys[key] += 1
        return key if self.keys[key] == 1 else f"{key}.{self.keys[key]}"


def is_visit_of(key: str, code: str) -> bool:
    """Whether a visit's key (`visit/CODE/DAY`, of SMART `day/CODE/LEG/DAY`) is of the patrol of this code."""
    told = re.escape(code)
    return re.fullmatch(rf"(?:visit/{told}|day/{told}/[^/]*)/\d{{4}}-\d\d-\d\d(?:\.\d+)?", key) is not None


COUNTED = re.compile(r"^(?:event_details\.|field\.)?(?:count|number|quantity|so_?luong|number_?of_?\w+)$")
