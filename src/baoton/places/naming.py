"""A commune told in words: today's unit and the former one that "xã Mù Cả", "TT. Mường Tè" or an old name mean."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from baoton.kit.place import Disclosure
from baoton.kit.text import fold, tidy
from baoton.places.units import Book, book, districts_until

KIND = re.compile(
    r"^(?:xã|xa|phường|phuong|thị trấn|thi tran|thị xã|thi xa|thành phố|thanh pho|huyện|huyen|tỉnh|tinh|"
    r"(?:tt|tx|tp|x|p|h|t)(?=[. ]))[. ]*(?=\S)"
)
COMMUNE = re.compile(r"^(?:(?:xã|xa|phường|phuong|thị trấn|thi tran)[. ]|(?:tt|x|p)[. ])")
TOWN = re.compile(r"^(?:thị trấn|thi tran|tt[. ])")
OFFICE = re.compile(r"^(?:ubnd|uỷ ban nhân dân|ủy ban nhân dân|địa bàn|địa phận|thuộc)\s+(?=\S)")
FORMER = re.compile(r"[\s(]+(?:cũ|trước đây|trước sáp nhập)\)?$")
BETWEEN = re.compile(r"[,;(/–]|\s-\s")


@dataclass(frozen=True)
class Named:
    """The paths a commune's name means, "" where nothing; `code` is "", "unknown", "ambiguous" or "elsewhere"."""

    now: str = ""
    then: str = ""
    code: str = ""
    odd: bool = False
    """It lies in another district than the one named beside it."""


@dataclass
class Index:
    """Every unit by its bare name, with tones and without."""

    present: dict[str, list[str]] = field(default_factory=dict)
    former: dict[str, list[str]] = field(default_factory=dict)
    districts: dict[str, list[str]] = field(default_factory=dict)
    towns: set[str] = field(default_factory=set)
    today: dict[str, str] = field(default_factory=dict)
    province: set[str] = field(default_factory=set)


_kept: list[tuple[Book, Index]] = []


def bare(text: str) -> str:
    """The name in small letters without its kind: "TT. Mường Tè" becomes "mường tè"."""
    words = unicodedata.normalize("NFC", tidy(text or "")).lower().strip(" .,()")
    words = FORMER.sub("", OFFICE.sub("", words)).strip(" .,()")
    return KIND.sub("", words).strip(" .")


def index() -> Index:
    """The index of today's book."""
    units = book()
    if not _kept or _kept[0][0] is not units:
        _kept[:] = [(units, _read(units))]
    return _kept[0][1]


def _read(units: Book) -> Index:
    found = Index()
    for path, label in units.names.items():
        label = label.split(" (")[0]
        name, depth = bare(label), path.count("/")
        former = path in units.former
        where = found.districts if former and depth == 1 else found.former if former else found.present
        if depth == 0:
            found.province |= {name, fold(name), path}
            continue
        for spelt in {name, fold(name), path.rsplit("/", 1)[-1]}:
            where.setdefault(spelt, []).append(path)
        if TOWN.match(label.lower()):
            found.towns.add(path)
    for new, olds in units.made_of.items():
        for old in olds:
            found.today[old] = "" if old in found.today else new
    return found


def commune(text: str, above: str = "", province: str = "", on: date | None = None) -> Named:
    """The commune that a cell names; `above` is its district, `on` the day of the record.

    A name that a commune of today and a former one bear means the former one where the record is older, or
    where a district is named, since districts ended with the mergers.
    """
    units = index()
    parts = [p for p in BETWEEN.split(text or "") if p.strip(" )")]
    if not parts:
        return Named()
    kinds = [i for i, p in enumerate(parts) if COMMUNE.match(p.strip().lower())]
    parts = parts[kinds[0] :] if kinds else parts  # "bản Tó Khò, xã Mù Cả"
    if any(_another(units, bare(p), bare(parts[0])) for p in parts[1:]):
        return Named(code="ambiguous")
    rest = [b for b in (bare(p) for p in (*parts[1:], above)) if b]
    if province and not {bare(province), fold(bare(province))} & units.province:
        return Named(code="elsewhere")
    districts = {d for r in rest for d in _known(units.districts, r)}
    if (
        above
        and not districts
        and not _known(units.present, bare(above))
        and bare(above) not in units.province
    ):
        return Named(code="elsewhere")
    old = _known(units.former, bare(parts[0]))
    within = [p for p in old if p.rsplit("/", 1)[0] in districts]
    odd = bool(old and districts and not within)
    old = within or old
    town = bool(TOWN.match(parts[0].strip().lower()))
    old = [p for p in old if (p in units.towns) == town] or old
    new = _known(units.present, bare(parts[0]))
    last = districts_until()
    was = bool(FORMER.search(parts[0].lower())) or [p.strip(" )").lower() for p in parts[1:2]] == ["cũ"]
    if districts or town or was or (on is not None and last is not None and on <= last):
        new = [] if old else new
    elif on is not None and new:
        old = []
    pairs = {*((p, "") for p in new), *((units.today.get(p, ""), p) for p in old)}
    nows = {now for now, _then in pairs}
    if len(nows) != 1 or "" in nows:
        return Named(code="ambiguous" if pairs else "unknown")
    thens = {then for _now, then in pairs}
    return Named(nows.pop(), thens.pop() if len(thens) == 1 else "", odd=odd and not new)


def _another(units: "Index", name: str, first: str) -> bool:
    """Whether a later part of a cell names a second commune, and no district or province."""
    if name == first or _known(units.districts, name) or {name, fold(name)} & units.province:
        return False
    return bool(_known(units.present, name) or _known(units.former, name))


def is_other_province(text: str) -> bool:
    """Whether the text names a province, and not this one."""
    name = bare(re.sub(r"(?i)\s+province$", "", text.split("(")[0].split(",")[0].strip()))
    units = index()
    if re.fullmatch(r"[a-z]{2}-?\w{1,3}", name):  # a code of ISO 3166-2
        return False
    return bool(re.search(r"[^\W\d_]{2}", name)) and not {name, fold(name), text.strip()} & units.province


def shown(now: str, level: int) -> str:
    """What all may be told of a place known by its commune alone: the commune, or of a guarded one the province."""
    return now if level == Disclosure.AS_IS else now.split("/")[0]


def _known(names: dict[str, list[str]], name: str) -> list[str]:
    """The units of that name, by its tones where somebody bears it so, else without them."""
    return names.get(name) or names.get(fold(name), [])
