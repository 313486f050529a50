"""The palette: every colour of words on the ground it stands on meets WCAG AA, as the stylesheet has them now."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parent.parent / "static" / "site" / "baoton.css").read_text(encoding="utf-8")
NAMED = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})", CSS))
TEXT, LARGE_OR_SHAPE = 4.5, 3.0


def luminance(colour: str) -> float:
    """The relative luminance of `#rgb` or `#rrggbb`, as WCAG 2 defines it."""
    bare = colour.lstrip("#")
    wide = bare if len(bare) == 6 else "".join(c * 2 for c in bare)
    parts = [int(wide[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(NAMED.get(one, one)), luminance(NAMED.get(other, other))), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def declared(selector: str, what: str) -> str:
    """The colour a rule of the stylesheet gives, a variable followed to its value."""
    found = re.search(re.escape(selector) + r"\s*\{[^}]*?\b" + what + r":\s*([^;}]+)", CSS)
    assert found, f"{selector} has no {what}"
    colour = re.search(r"#[0-9a-fA-F]{3,6}|var\(--([\w-]+)\)", found.group(1))
    assert colour, found.group(1)
    return NAMED[colour.group(1)] if colour.group(1) else colour.group(0)


def test_black_on_white_is_twenty_one() -> None:
    assert round(contrast("#000", "#fff"), 2) == 21 and round(contrast("#777777", "#fff"), 2) == 4.48


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        *((words, ground) for words in ("ink", "soft", "link", "warn") for ground in ("ground", "paper")),
        ("ink", "mist"),
        ("soft", "mist"),
        ("green-deep", "mist"),
        ("warn", "warn-ground"),
        ("ink", "warn-ground"),
        ("bad", "bad-ground"),
        ("bad", "paper"),
        ("ink", "good-ground"),
        ("#fff", "green"),
        ("#fff", "green-deep"),
        ("#fff", "bad"),
    ],
)
def test_words_stand_out_from_their_ground(words: str, ground: str) -> None:
    assert contrast(words, ground) >= TEXT


def test_the_header_and_the_warning_of_simulated_data_can_be_read() -> None:
    top = declared(".top", "background")
    assert contrast(declared(".top small", "color"), top) >= TEXT
    assert contrast(declared(".crumbs", "color"), top) >= TEXT
    assert contrast(declared(".simulated", "color"), declared(".simulated", "background")) >= TEXT


def test_fields_and_the_mark_of_focus_stand_out_as_shapes() -> None:
    border = re.search(r"input, select, textarea \{ border: 1px solid (#\w+)", CSS)
    focus = re.search(r":focus-visible \{ outline: 3px solid (#\w+)", CSS)
    assert border and focus
    assert contrast(border.group(1), "paper") >= LARGE_OR_SHAPE
    assert contrast(focus.group(1), "paper") >= LARGE_OR_SHAPE
    assert contrast(focus.group(1), "green-deep") >= LARGE_OR_SHAPE
