"""Tracks of a GPS device as patrols: the days of a file that follow one another are one patrol, each day a leg.

Tracks of one file that were walked at the same time are of several devices, and each is a patrol of its own. A track
without times tells no day and is left to whoever knows it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from formats.source import Findings, FormatError, Table
from formats.whole_patrols import Fix, Patrols, fix, moment

Part = list[Fix]
POINTS = ("wpt", "rtept", "trkpt")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d")
NEXT = timedelta(days=1)
OVERLAP = timedelta(minutes=2)
"""Tracks of one device end and begin again; more than this at once is two devices."""


class _Track:
    """One track: its name and words, and its parts in the order of time."""

    def __init__(self, element: Any) -> None:
        self.name, self.kind = _text(element, "name"), _text(element, "type")
        self.words = "; ".join(filter(None, (_text(element, n) for n in ("cmt", "desc"))))
        found = [[f for p in s if (f := _fix(p)) is not None] for s in _all(element, "trkseg")]
        self.parts: list[Part] = [part for part in found if part]
        some = [part for part in self.parts if any(f.at is not None for f in part)]
        self.lost = sum(f.at is None for part in some for f in part)
        self.timed = [[f for f in part if f.at is not None] for part in some]
        self.timed.sort(key=lambda part: part[0].at or datetime.max)

    @property
    def start(self) -> datetime:
        return min(f.at for part in self.timed for f in part if f.at is not None)

    @property
    def end(self) -> datetime:
        return max(f.at for part in self.timed for f in part if f.at is not None)


def patrols_in(paths: Sequence[Path], findings: Findings) -> list[Table]:
    """The tables of the patrols of GPX files; none where no track of them tells a time.

    Raises FormatError where a file is cut or is no XML.
    """
    reading = Patrols(findings)
    for path in paths:
        _file(path, reading)
    return reading.tables()


def _file(path: Path, reading: Patrols) -> None:
    root, findings = _root(path), reading.findings
    _refuse_misread(root, path)
    tracks = [track for element in _all(root, "trk") if (track := _Track(element)).parts]
    if any(len(track.timed) < len(track.parts) for track in tracks):
        findings.add(
            "no_time",
            "Có vết đi không ghi giờ nên không biết đi ngày nào; không đọc thành tuần tra.",
            "A track bears no times, so that its day is not known; it is read as no patrol.",
            "Xuất lại từ máy định vị với giờ của từng điểm, hoặc lập tuần tra rồi lấy hình chặng từ tệp này.",
            where=path.name,
        )
    reading.without_time(sum(track.lost for track in tracks))
    devices = _devices([track for track in tracks if track.timed])
    if len(devices) > 1:
        findings.add(
            "several_devices",
            f"Tệp có vết đi cùng giờ của {len(devices)} máy định vị; mỗi máy thành một cuộc tuần tra riêng.",
            f"The file has tracks of {len(devices)} devices at the same time; each becomes a patrol of its own.",
            "Nếu các máy đi cùng một tổ, chỉ nhập vết của một máy để không tính hai lần số km.",
            where=path.name,
        )
    runs = [run for device in devices for run in _runs(device)]
    for number, run in enumerate(runs, 1):
        _patrol(reading, run, number)
    for point in _all(root, "wpt"):
        _waypoint(reading, point, runs)


def code_of(first: Fix) -> str:
    """The code of a patrol by where and when it began, so that the file copied or made longer tells the same patrol."""
    told = f"{first.at:%Y%m%dT%H%M%S} {first.x:.4f} {first.y:.4f}"
    return f"GPX-{first.at:%Y%m%d-%H%M}-{hashlib.sha256(told.encode()).hexdigest()[:6]}"


def _patrol(reading: Patrols, run: Sequence[_Track], number: int) -> None:
    code = code_of(run[0].timed[0][0])
    names = dict.fromkeys(track.name for track in run if track.name)
    words = "; ".join(dict.fromkeys(filter(None, (track.words for track in run))))
    kind = next((track.kind for track in run if track.kind), None)
    reading.patrol(
        code, Objective="; ".join(names)[:300] or None, Transport=kind or "GPX", Report=words or None
    )
    parts = sorted(
        (part for track in run for part in track.timed), key=lambda part: part[0].at or datetime.max
    )
    reading.walk(code, str(number), parts, kind or "GPX")


def _devices(tracks: list[_Track]) -> list[list[_Track]]:
    """The tracks by device: one that begins before another has ended is another device's."""
    devices: list[list[_Track]] = []
    for track in sorted(tracks, key=lambda one: (one.start, one.end)):
        for device in devices:
            if device[-1].end - OVERLAP <= track.start:
                device.append(track)
                break
        else:
            devices.append([track])
    return devices


def _runs(device: list[_Track]) -> Iterator[list[_Track]]:
    """Tracks whose days follow one another are one patrol."""
    run: list[_Track] = []
    for track in device:
        if run and track.start.date() - run[-1].end.date() > NEXT:
            yield run
            run = []
        run.append(track)
    if run:
        yield run


def _waypoint(reading: Patrols, point: Any, runs: Sequence[Sequence[_Track]]) -> None:
    """A waypoint taken while a track ran is a sign of its patrol, of the kind that its own words name."""
    at = moment(_text(point, "time"))
    run = None if at is None else next((r for r in runs if _on(r, at)), None)
    if run is None:
        return
    words = {name: _text(point, name) for name in ("name", "cmt", "desc", "sym", "type")}
    category = ".".join(
        re.sub(r"[\d._/#-]+", " ", words[n] or "").strip() for n in ("type", "desc", "cmt", "name")
    )
    code = code_of(run[0].timed[0][0])
    told = {name: value for name, value in words.items() if value and not value.startswith("image/")}
    where = (point.get("lon"), point.get("lat"))
    reading.sign(code, f"{at:%Y%m%dT%H%M%S}/{where[0]}/{where[1]}", at, where, category, told)


def _on(run: Sequence[_Track], at: datetime) -> bool:
    return run[0].start.date() <= at.date() <= run[-1].end.date()


def _fix(point: Any) -> Fix | None:
    return fix(_text(point, "time"), point.get("lon"), point.get("lat")) if _local(point) == "trkpt" else None


def _local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _all(root: Any, name: str) -> Iterator[Any]:
    return (element for element in root.iter() if _local(element) == name)


def _text(element: Any, name: str) -> str | None:
    child = next((c for c in element if _local(c) == name), None)
    return None if child is None else " ".join("".join(child.itertext()).split()) or None


def _refuse_misread(root: Any, path: Path) -> None:
    """A place or a time that readers of map files would cut or drop without a word is told instead, with its line."""
    for name in POINTS:
        for point in _all(root, name):
            for axis, words, such in (("lat", "vĩ độ", "22.5012"), ("lon", "kinh độ", "102.4811")):
                written = point.get(axis)
                if written is None or not NUMBER.fullmatch(written.strip()):
                    mend = f'viết như {axis}="{such}", dấu chấm thập phân'
                    raise _misread(path, point, (words, axis), written, mend)
            at = _text(point, "time") if name == "wpt" else None
            if at is not None and not MOMENT.match(at):
                mend = "viết như 2026-03-09T02:10:00Z, hoặc bỏ thẻ time"
                raise _misread(path, point, ("giờ", "time"), at, mend)


def _misread(path: Path, point: Any, words: tuple[str, str], written: str | None, mend: str) -> FormatError:
    line = point.sourceline or 1
    told = f"thiếu {words[0]}" if written is None else f"có {words[0]} “{written}” không đọc được"
    return FormatError(
        "misread_point",
        f"“{path.name}”: điểm ở dòng {line} {told}; chưa đọc gì từ tệp này.",
        f"{path.name}: the point at line {line} has no readable {words[1]} ({written}); nothing was read.",
        f"Sửa dòng ấy ({mend}) rồi tải lên lại.",
        where=path.name,
    )


def _root(path: Path) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.parse(str(path), parser).getroot()
    except etree.XMLSyntaxError as error:
        line = error.position[0] or 1
        raise FormatError(
            "cut_file",
            f"“{path.name}” bị cắt hoặc hỏng ở dòng {line}; chưa đọc gì từ tệp này.",
            f"{path.name} is cut or broken at line {line}; nothing was read from it.",
            "Xuất lại vết đi từ máy định vị rồi tải lên.",
        ) from error
