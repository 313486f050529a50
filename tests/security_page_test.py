"""The page on security names, for each point of the attack trials, the tests that keep it; each of them is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
POINTS = range(1, 25)


def kept() -> dict[int, list[str]]:
    """The points of the table with the files it names for each."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    found: dict[int, list[str]] = {}
    for numbers, files in re.findall(r"^\| ([\d, ]+) [^|]*\|(.*)\|$", page, re.MULTILINE):
        for number in numbers.split(","):
            found.setdefault(int(number), []).extend(re.findall(r"`([\w/.]+)`", files))
    return found


def test_every_point_has_its_test_and_every_test_is_there() -> None:
    table = kept()
    assert sorted(table) == list(POINTS)
    assert [n for n in POINTS if not table[n]] == []
    assert [f"{n}: {one}" for n in POINTS for one in table[n] if not (ROOT / one).exists()] == []
