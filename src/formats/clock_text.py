"""The time of day as people write it, taken off the date it stands beside: "3:05 CH", "10h30", "06:00+07"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HALF = r"a\.?m\.?|p\.?m\.?|sa|ch|sáng|trưa|chiều|tối"
_CLOCK = rf"""
    (?:lúc\s+|at\s+)?(?P<h>\d{{1,2}})
    (?: :(?P<m>\d{{2}})(?: :(?P<s>\d{{2}}(?:[.,]\d+)?))?
      | \s*(?:h|g|giờ)(?:\s*(?P<m2>\d{{1,2}})\s*(?:phút|ph|p|m|'|’)?(?:\s*(?P<s2>\d{{1,2}})\s*(?:giây|s|")?)?)?
      | (?=\s*(?:{_HALF})\b) )
    (?:\s*(?P<half>{_HALF})(?!\w))?
    (?:\s*(?P<zone>z|utc|gmt)?(?P<offset>(?:[+-]\d{{2}}|(?<=gmt)[+-]\d|(?<=utc)[+-]\d)(?: :?\d{{2}})?)?)?
    (?:\s*\([^)]*\))?
"""
_LAST = re.compile(rf"(?P<rest>.*?[^\s,T])[\sT,]+{_CLOCK}", re.X | re.I)
_FIRST = re.compile(rf"{_CLOCK}[\s,]+(?P<rest>.*\S)", re.X | re.I)
_ALONE = re.compile(_CLOCK, re.X | re.I)
_AFTERNOON = ("p", "ch", "tố")  # "chiều" begins like "CH"


@dataclass(frozen=True)
class Clocked:
    """A date's text without its time, and the time as ISO 8601 writes it (None where there was none)."""

    rest: str
    time: str | None


def apart(text: str) -> Clocked:
    """The text without a time at its end or start; a time of day that cannot be raises ValueError."""
    for form in (_LAST, _FIRST):
        if (found := form.fullmatch(text)) and found["rest"]:
            return Clocked(found["rest"], _iso(found))
    return Clocked(text, None)


def alone(text: str) -> str | None:
    """The time where the text is nothing but a time of day, else None."""
    found = _ALONE.fullmatch(text.strip())
    return _iso(found) if found else None


def of_day(text: str) -> str | None:
    """A cell of a column of times: "7h30", "0.3125" (a workbook's part of a day), "14:05-15:00"; None where none."""
    plain = " ".join(text.split())
    if re.fullmatch(r"0?[.,]\d+", plain):
        seconds = round(float(plain.replace(",", ".")) * 86_400)
        told = f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
        return told + (f":{seconds % 60:02d}" if seconds % 60 else "")
    try:
        if (one := alone(plain)) is not None:
            return one
        halves = [alone(h) for h in re.split(r"\s*(?:-|–|—|đến|to|/)\s*", plain)]
    except ValueError:
        return None
    return f"{halves[0]}/{halves[1]}" if len(halves) == 2 and None not in halves else None


def _iso(found: re.Match[str]) -> str:
    hours, minutes = int(found["h"]), int(found["m"] or found["m2"] or 0)
    seconds = (found["s"] or found["s2"] or "").replace(",", ".")
    half = (found["half"] or "").lower()
    if half:
        if not 1 <= hours <= 12 and half not in ("sáng", "trưa", "chiều", "tối"):
            raise ValueError(found[0])
        if half.startswith(_AFTERNOON):
            hours += 12 if hours < 12 else 0
        elif half.startswith(("a", "s")) and hours == 12:
            hours = 0
        elif half == "trưa" and hours < 3:
            hours += 12
    if hours > 24 or minutes > 59 or (seconds and float(seconds) >= 61) or (hours == 24 and minutes):
        raise ValueError(found[0])
    told = f"{hours:02d}:{minutes:02d}"
    if seconds:
        whole, _, part = seconds.partition(".")
        told += f":{int(whole):02d}" + (f".{part}" if part else "")
    return told + _zone(found)


def _zone(found: re.Match[str]) -> str:
    if offset := found["offset"]:
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
        if int(hours) > 14 or int(minutes) > 59:
            raise ValueError(found[0])
        return f"{offset[0]}{int(hours):02d}:{minutes}"
    return "Z" if found["zone"] else ""
