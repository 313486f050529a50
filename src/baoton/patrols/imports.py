"""Whole patrols from the files of field programs: the patrol, the days of its legs, and what was found on them.

Species seen are no business of this file: they go into the evidence stream, with the day of the leg as their visit.
"""

import csv
import re
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit.importing import database, generic
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.keys import source_ids
from baoton.kit.importing.plan import PROGRAM
from baoton.kit.importing.target import Key, Suits
from baoton.kit.kinds.area import only_area
from baoton.kit.reading.register import REGISTERS
from baoton.kit.text import fold
from baoton.patrols.models import Patrol, SignKind, Transport
from baoton.places.queries import province_path
from rulebook.country import load_country

PATROL = {
    "Patrol ID": "code", "Start Date": "day_start", "End Date": "day_end", "Objective": "objective",
    "Transport": "transport", "People": "people", "Leader": "leader", "Members": "members",
    "Station": "locality", "Report": "Report",
    "State": "State",
}  # fmt: skip
LEG = {
    "Patrol ID": "patrol", "Date": "day", "Transport": "transport", "Hours": "hours", "Said km": "said_km",
    "Wrong": "Wrong",
}  # fmt: skip
SIGN = {
    "Patrol ID": "patrol", "Waypoint Date": "day", "Category": "kind", "Count": "count", "Age": "age",
    "Told": "note", "Y": "decimalLatitude", "X": "decimalLongitude",
}  # fmt: skip
WAYS = {
    "foot": "foot", "walk": "foot", "hiking": "foot", "trekking": "foot", "running": "foot", "foot patrol": "foot",
    "foot_patrol": "foot", "motorcycling": "motorbike", "driving": "car", "vehicle patrol": "car", "boating": "boat",
    "boat_patrol": "boat", "vehicle_patrol": "car", "motorbike_patrol": "motorbike",
    "walking": "foot", "di bo": "foot", "a pied": "foot", "on foot": "foot",
    "motorbike": "motorbike", "motorcycle": "motorbike", "xe may": "motorbike", "moto": "motorbike",
    "car": "car", "vehicle": "car", "o to": "car", "oto": "car", "xe hoi": "car", "truck": "car", "jeep": "car",
    "boat": "boat", "thuyen": "boat", "xuong": "boat", "thuyen, xuong": "boat", "ca no": "boat", "canoe": "boat",
}  # fmt: skip
AGES = {
    "fresh": "fresh",
    "new": "fresh",
    "recent": "fresh",
    "old": "old",
    "veryold": "old",
    "very old": "old",
}


STATES = {"cancelled": "cancelled", "planned": "planned"}
ENDING = re.compile(r"_(?:rep|report|reports|sighting|observation)$")
"""EarthRanger's kinds of reports end in these."""


def of_program(chunk: Chunk) -> bool:
    """Whether a program wrote the table, and nobody's hand."""
    return chunk.plan.known == PROGRAM


def before_patrol(chunk: Chunk) -> None:
    """A patrol of a program was walked; what the book has no column for stands in its report, word for word."""
    if not of_program(chunk):
        return
    _way(chunk)
    states = chunk.extra.pop("State", None)
    said = pl.Series("status", [None] * chunk.n, dtype=pl.String) if states is None else states
    chunk.put("status", said.replace_strict(STATES, default=str(Patrol.Status.DONE), return_dtype=pl.String))
    _told_days(chunk, "day_start")
    path = only_area(chunk.run.actor, chunk.target.verb) or province_path()
    chunk.put("area_path", pl.Series([path]).new_from_index(0, chunk.n), derived=True)
    if (told := chunk.extra.pop("Report", None)) is not None:
        chunk.put("report", told.fill_null(""))


def before_leg(chunk: Chunk) -> None:
    """How the leg was gone, in the words of the book."""
    if not of_program(chunk):
        return
    _way(chunk)
    _told_days(chunk, "day")
    if (told := chunk.extra.pop("Wrong", None)) is not None:
        for word, sentence in wrong().items():
            at = told.str.strip_prefix(f"{word} ")
            bad = told.str.starts_with(word).fill_null(False)
            chunk.refuse(bad, "day", word, [sentence % {"at": v} for v in at.filter(bad)])
    _far(chunk)


def wrong() -> dict[str, str]:
    """What may be wrong with a track, by the word of its reader, as whoever sent the file can mend it."""
    return {
        "swapped": _("Vết đi bị đảo kinh độ và vĩ độ (vĩ độ %(at)s); đổi lại hai cột rồi nhập."),
        "off_globe": _("Vết đi có điểm không nằm trên Trái Đất (%(at)s); xem lại hệ toạ độ của tệp."),
        "backwards": _("Giờ của vết đi lùi lại lúc %(at)s; xếp lại các điểm theo giờ rồi nhập."),
        "mixed": _(
            "Vết đi nhảy qua lại liên tục từ %(at)s như của hai máy trộn vào nhau; tách từng máy rồi nhập."
        ),
        "jump": _("Vết đi nhảy xa lúc %(at)s, nhanh hơn 150 km/giờ; bỏ điểm lạc của máy định vị rồi nhập."),
        "strange_day": _("Ngày của vết đi trước năm 2000: đồng hồ của máy định vị sai; sửa ngày rồi nhập."),
    }


def _told_days(chunk: Chunk, term: str) -> None:
    """Nobody has walked on a day that has not come: what a program says was walked is refused with the day."""
    days, today = chunk.text(term).str.slice(0, 10), timezone.localdate().isoformat()
    planned = chunk.out.get("status")
    ahead = (days > today).fill_null(False)
    if planned is not None:
        ahead = ahead & (planned == str(Patrol.Status.DONE))
    told = _("Ngày này chưa tới: đồng hồ của máy sai, hoặc đây là kế hoạch; sửa ngày rồi nhập.")
    chunk.refuse(ahead, term, "day_ahead", told)


def _far(chunk: Chunk) -> None:
    """A way outside the country is told: its numbers may be of another zone of the map."""
    if chunk.wkb is None:
        return
    west, south, east, north = load_country().extent
    shapes = shapely.from_wkb(np.array(chunk.wkb.to_list(), dtype=object))
    x0, y0, x1, y1 = shapely.bounds(shapes).T
    outside = (x1 < west) | (x0 > east) | (y1 < south) | (y0 > north)  # false where there is no way
    told = _("Vết đi nằm ngoài Việt Nam; xem lại múi chiếu hoặc hệ toạ độ nếu không phải như thế.")
    chunk.note("outside_country", "day", pl.Series(outside, dtype=pl.Boolean), told)


def before_sign(chunk: Chunk) -> None:
    """The category of a program is one of the office's kinds, or it is told as it came; nothing is guessed."""
    if not of_program(chunk):
        return
    words = chunk.text("kind")
    kinds = {w: found for w in words.unique().drop_nulls() if (found := kind_of(w))}
    chunk.words["kind"] = words.replace(kinds)
    ages = chunk.text("age")
    fresh = {w: AGES.get(fold(w).strip(" .")) for w in ages.unique().drop_nulls()}
    chunk.words["age"] = ages.replace_strict(fresh, default=None, return_dtype=pl.String)


def kind_of(category: str) -> str:
    """The code of the kind a path of categories names: by its last word, else by the one above; "" where none does."""
    known = {fold(str(w)): code for code, *names in _standing() for w in (code, *names) if w}
    known = {**{word: code for word, code in _words().items() if code in known.values()}, **known}
    for part in reversed([p.strip() for p in re.split(r"[./]", fold(category)) if p.strip()]):
        bare = ENDING.sub("", part)
        for word in (part, part.replace("_", " "), bare, bare.replace("_", " "), bare.replace("_", "")):
            if found := known.get(word):
                return found
    return ""


def _standing() -> list[tuple[str, str, str]]:
    rows = SignKind.objects.filter(withdrawn__isnull=True).exclude(code="")
    return list(rows.values_list("code", "label", "label_en"))


@cache
def _words() -> dict[str, str]:
    with Path(__file__).with_name("smart_words.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["kind"] for row in csv.DictReader(file)}


def _way(chunk: Chunk) -> None:
    """Ways to go that the book does not know are "another way", and that is told."""
    said = chunk.text("transport")
    found = {w: WAYS.get(fold(w)) for w in said.unique().drop_nulls()}
    strange = said.is_in([w for w, way in found.items() if way is None]).fill_null(False)
    told = _("Cách đi này không có trong danh mục; ghi là “cách khác”.")
    chunk.note("unknown_transport", "transport", strange, told)
    chunk.words["transport"] = said.replace_strict(
        {w: way or str(Transport.OTHER) for w, way in found.items()}, default=None, return_dtype=pl.String
    )


def identify(chunk: Chunk, ids: pl.Series) -> pl.Series:
    """Two bodies may each have a patrol of the same number; one body's patrol of that code is that patrol."""
    if not of_program(chunk):
        return ids
    own = source_ids(f"{chunk.target.name} {chunk.run.organisation}", ids)
    if chunk.target.name != "patrols.patrol":
        return own
    codes = chunk.text("code")
    rows = database.select_by(
        Patrol, ["code", "id"], "code", codes.drop_nulls().unique().to_list(),
        {"organisation": chunk.run.organisation},
    )  # fmt: skip
    known = {code: pk.hex if hasattr(pk, "hex") else str(pk) for code, pk in rows}
    return codes.replace_strict(known, default=None, return_dtype=pl.String).fill_null(own).alias("id")


for _name, _type, _columns, _key, _before, _rank in (
    ("patrols.patrol", "Patrol", PATROL, "Patrol ID", before_patrol, 50),
    ("patrols.leg", "PatrolLeg", LEG, "Key", before_leg, 51),
    ("patrols.sign", "PatrolSign", SIGN, "Key", before_sign, 52),
):
    generic.of(
        REGISTERS[_name],
        key=Key(identify=identify),
        suits=Suits(rank=_rank, programs={_type: (_columns, (_key,))}),
        refers=() if _name == "patrols.patrol" else ("patrols.patrol",),
        before=_before,
    )
