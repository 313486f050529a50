"""The shapes of a map file that somebody gives in a form: read as every file is, told with a name and a measure."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import formats
from baoton.kit.kinds.area import units
from baoton.kit.kinds.geometry import KIND_OF, NAMES, measured, sound
from formats import crs
from formats.source import ROW, WKB
from rulebook.country import load_country

MOST_FEATURES = 200
MOST_MB = 64
CORNERS = {
    "track_points",
    "route_points",
    *("days", "signs", "visits", "seen"),
}  # tracks and routes told once more: point by point, or as the days and finds of a patrol
LIMITS = formats.Limits(memory=1 << 30, seconds=60, silence=60)


@dataclass(frozen=True)
class Found:
    """One shape of a file and how a person tells it from the others."""

    label: str
    shape: shapely.Geometry


class WhichSystem(ValidationError):
    """Nobody but whoever has the file knows its coordinate system."""


def systems() -> list[tuple[str, str]]:
    """The coordinate systems that may be chosen, the likeliest first: code, name."""
    english = get_language() == "en"
    return [(one.code, one.en if english else one.vi) for one in crs.systems()]


def shapes_in(name: str, chunks: Iterable[bytes], allowed: Sequence[str], system: str = "") -> list[Found]:
    """The shapes of the file that the field takes, at least one, read in the system somebody chose, else in its own.

    Raises `ValidationError` that says what is wrong; `WhichSystem` where the file names no system, or one in which its
    shapes lie outside the country.
    """
    if system and system not in dict(systems()):
        raise ValidationError(_("Không có hệ toạ độ này trong danh sách."))
    hint = {"crs": system} if system else {}
    safe = re.sub(r"[^\w.-]", "_", Path(name).name)[-80:] or "tep"
    with tempfile.TemporaryDirectory(prefix="baoton-shape-") as folder:
        path, size = Path(folder) / safe, 0
        with path.open("wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > MOST_MB << 20:
                    raise ValidationError(_("Tệp hình lớn hơn %(n)d MB.") % {"n": MOST_MB})
                out.write(chunk)
        try:
            others: Counter[str] = Counter()
            with formats.open_bounded(path, hint=hint, limits=LIMITS) as source:
                found = list(_found(source, allowed, others))
                unplaced = any(t.metadata.get("raw") for t in source.tables)
        except formats.FormatError as error:
            told = error.en if get_language() == "en" else error.vi
            raise ValidationError(f"{told} {error.suggestion}".strip()) from error
    if not found and unplaced and not system:
        told = _("Tệp không nói hệ toạ độ (shapefile thiếu .prj): chọn ở ô “hệ toạ độ của tệp” rồi đọc lại.")
        raise WhichSystem(told)
    if found and not system:
        _at_home(found)
    if not found:
        told = _("Tệp không có hình nào mà chỗ này nhận (%(kinds)s).")
        told %= {"kinds": ", ".join(str(NAMES[k]) for k in allowed)}
        raise ValidationError(f"{told} {_held(others)}".strip())
    return found


def _at_home(found: Sequence[Found]) -> None:
    """A shape outside the country, or in none of its units that are known here, may be right, and is far oftener read
    in the wrong zone: whoever gives it says."""
    west, south, east, north = load_country().extent
    known = any(True for _unit in units().choices())
    for one in found:
        at = one.shape.representative_point()
        if not (west <= at.x <= east and south <= at.y <= north):
            told = _(
                "Hình nằm ngoài nước, ở vĩ độ %(lat)s, kinh độ %(lon)s: có lẽ tệp ghi nhầm múi chiếu. Chọn hệ toạ độ "
                "đúng ở ô “hệ toạ độ của tệp” (đúng là ở đó thì chọn lại hệ của tệp) rồi đọc lại."
            )
        elif known and not units().shares([one.shape])[0]:
            told = _(
                "Hình không nằm trong xã, phường nào của tỉnh, ở vĩ độ %(lat)s, kinh độ %(lon)s: có lẽ tệp ghi nhầm "
                "múi chiếu. Chọn hệ toạ độ đúng ở ô “hệ toạ độ của tệp” (đúng là ở đó thì chọn lại hệ của tệp) rồi đọc "
                "lại."
            )
        else:
            continue
        raise WhichSystem(told % {"lat": f"{at.y:.4f}", "lon": f"{at.x:.4f}"})


def _held(others: Mapping[str, int]) -> str:
    """What a file holds instead of what was asked for."""
    if not others:
        return ""
    words = ", ".join(f"{n} {words}" for words, n in others.items())
    return _("Trong tệp có: %(what)s. Hình gộp nhiều loại thì tách riêng từng loại rồi gửi lại.") % {
        "what": words
    }


def _words_of(shape: shapely.Geometry) -> str:
    """What a shape is, in words: “vùng”, or “hình gộp (vùng, điểm)”."""
    if kind := KIND_OF.get(shape.geom_type):
        return str(NAMES[kind])
    kinds = dict.fromkeys(KIND_OF.get(one.geom_type, "") for one in shapely.get_parts(shape))
    return _("hình gộp (%(kinds)s)") % {"kinds": ", ".join(str(NAMES[k]) for k in kinds if k)}


def _found(source: formats.Source, allowed: Sequence[str], others: Counter[str]) -> Iterator[Found]:
    seen = 0
    for table in source.tables:
        if WKB not in table.schema.names or table.name in CORNERS:
            continue
        for batch in table.batches(MOST_FEATURES):
            for row in batch.to_pylist():
                if row[WKB] is None:
                    continue
                shape = shapely.force_2d(shapely.from_wkb(row[WKB]))
                if KIND_OF.get(shape.geom_type) not in allowed:
                    others[_words_of(shape)] += 1
                    continue
                seen += 1
                if seen > MOST_FEATURES:
                    told = _("Tệp có hơn %(n)d hình; tách riêng hình cần dùng, hoặc nhập cả tệp vào sổ.")
                    raise ValidationError(told % {"n": MOST_FEATURES})
                yield Found(_label(seen, row, shape), sound(_plain(shape)))


def _plain(shape: shapely.Geometry) -> shapely.Geometry:
    """A collection of one part is that part."""
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape


def _label(number: int, row: dict[str, Any], shape: shapely.Geometry) -> str:
    """“2. Lô 14 (vùng, 3,2 ha)”: the first words the file has for it."""
    words = [str(v) for k, v in row.items() if k not in {ROW, WKB} and v not in (None, "")][:2]
    told = ", ".join(w for w in (str(NAMES[KIND_OF[shape.geom_type]]), measured(shape)) if w)
    return f"{number}. {' · '.join(words)[:80]} ({told})".replace(".  (", ". (")
