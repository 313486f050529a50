"""An option of a protected area counted as it is drawn: hectares by zone, commune and forest, species, criteria."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import rulebook
from baoton.habitats.models import ForestClass, Function, Option, Parcel, Proposal, Version, Zone
from baoton.habitats.queries import published
from baoton.habitats.topology import area_m2
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.outbox import changing, followed_by
from baoton.places.queries import shares, unit_name
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_statuses
from rulebook.certainty import SAID, SAID_EN
from rulebook.errors import RulebookError
from rulebook.lists import groups

K = Zone.Kind
INSIDE = (K.STRICT, K.RESTORATION, K.SERVICE)


@dataclass(frozen=True)
class Cell:
    """So many hectares of one zone in one commune, of one function and class of the map; blank where no map is."""

    zone: str
    area: str
    function: str
    forest_class: str
    ha: float

    @property
    def words(self) -> tuple[str, str, str, str]:
        unknown = _("không có trên bản đồ")
        return (
            str(dict(K.choices)[self.zone]), unit_name(self.area) if self.area else _("ngoài tỉnh"),
            str(dict(Function.choices).get(self.function, unknown)),
            str(dict(ForestClass.choices).get(self.forest_class, unknown)),
        )  # fmt: skip


@dataclass(frozen=True)
class Species:
    """A species with verified records inside, as the reader may know their places."""

    taxon: Taxon
    group: str
    records: int
    blurred: int
    address: str

    @property
    def group_word(self) -> str:
        """The legal group as it is said in passing; empty where the species is in none."""
        if not self.group:
            return ""
        group = groups()[self.group]
        return group.en if get_language() == "en" else group.short


@dataclass(frozen=True)
class Counted:
    """The live table of an option: what its ground is, by what map, and which species were found there."""

    zones: Sequence[tuple[str, str, float]]
    cells: Sequence[Cell]
    inside: float
    map: Version | None
    covered: float
    """Hectares of the zones within the area that the map says something of."""
    species: Sequence[Species]
    communes: Sequence[str]

    def by_class(self, *classes: str) -> float:
        return sum(c.ha for c in self.cells if c.zone in INSIDE and c.forest_class in classes)


@dataclass(frozen=True)
class Drawn:
    """A zone as it stands or as somebody draws it now: its kind, outline and hectares."""

    kind: str
    shape: Any
    hectares: float


def drawn_zones(option: Option) -> list[Drawn]:
    """The zones of the option as they stand."""
    return [
        Drawn(z.kind, shapely.from_wkb(bytes(z.geom or b"")), z.hectares or 0.0) for z in zones_of(option)
    ]


def zones_of(option: Option) -> list[Zone]:
    return [z for z in option.zones.filter(withdrawn__isnull=True).order_by("kind", "id") if z.geom]


def boundary(option: Option) -> Any:
    """The ground of the area itself, without the buffer around it."""
    shapes = [shapely.from_wkb(bytes(z.geom)) for z in zones_of(option) if z.kind in INSIDE and z.geom]
    return shapely.union_all(shapes) if shapes else shapely.Polygon()


@followed_by
def follow(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """A proposal knows the area of its chosen option, in the transaction that draws, chooses or takes back."""
    rows = [*before, *after]
    if label == Option._meta.label_lower:
        touched = {r["proposal_id"] for r in rows}
    elif label == Zone._meta.label_lower:
        options = {r["option_id"] for r in rows}
        touched = set(Option.objects.filter(pk__in=options).values_list("proposal_id", flat=True))
    else:
        return
    for one in Proposal.objects.filter(pk__in=touched):
        if (planned := planned_m2(one)) != one.planned_m2:
            with changing(Proposal, [one.pk]):
                Proposal.objects.filter(pk=one.pk).update(planned_m2=planned)


def planned_m2(proposal: Proposal) -> int | None:
    """The square metres of the chosen option without its buffer; unknown where none is chosen or drawn."""
    option = proposal.options.filter(withdrawn__isnull=True, chosen=True).first()
    zones = [z for z in zones_of(option) if z.kind in INSIDE] if option else []
    return round(sum(z.hectares or 0 for z in zones) * 10_000) if zones else None


def counted(actor: Actor, option: Option, drawn: Sequence[Drawn] | None = None) -> Counted:
    """The option as it stands, or with the zones drawn now, as this reader may know it."""
    zones = drawn_zones(option) if drawn is None else drawn
    shapes = [z.shape for z in zones]
    version = next(iter(published()), None)
    cells: dict[tuple[str, str, str, str], float] = defaultdict(float)
    covered, ground = 0.0, Ground.under(shapes, version)
    for zone, shape in zip(zones, shapes, strict=True):
        lain = shares([shape])[0]
        left = {path: m2 for path, _s, m2 in lain}
        left[""] = max(0.0, zone.hectares * 10_000 - sum(left.values()))
        for path, function, kind, m2 in ground.within(shape):
            cells[zone.kind, path, function, kind] += m2 / 10_000
            left[path] = left.get(path, 0.0) - m2
            covered += m2 / 10_000 if zone.kind in INSIDE else 0.0
        for path, m2 in left.items():
            if m2 > 100:
                cells[zone.kind, path, "", ""] += m2 / 10_000
    words = dict(K.choices)
    sums: dict[str, float] = defaultdict(float)
    for zone in zones:
        sums[zone.kind] += zone.hectares
    inside = sum(ha for kind, ha in sums.items() if kind in INSIDE)
    core = shapely.union_all([s for z, s in zip(zones, shapes, strict=True) if z.kind in INSIDE])
    communes = sorted({path for _z, path, *_r in cells if path})
    return Counted(
        [(k, str(words[k]), sums[k]) for k in K.values if k in sums],
        [Cell(*key, ha) for key, ha in sorted(cells.items())], inside, version, covered,
        species_in(actor, core), communes,
    )  # fmt: skip


Told = list[tuple[str, str, str, float]]
MOST_KEPT, ZONES_KEPT = 100_000, 64


@dataclass(frozen=True)
class Ground:
    """The map's parcels about an option: (commune, function, class, hectares) of each, and its outline.

    Parcels of a published map stand still until it is opened again, so the last ground stays in memory, with what the
    last zones had of it: a corner that is dragged asks for one zone anew.
    """

    said: Sequence[tuple[str, str, str, float | None]]
    shapes: Any
    of: tuple[Any, ...] = ()
    box: tuple[float, ...] = ()
    told: dict[bytes, Told] = field(default_factory=dict)

    @classmethod
    def under(cls, zones: Sequence[Any], version: Version | None) -> "Ground":
        """The parcels in the box of all zones."""
        if version is None or not zones:
            return cls([], np.empty(0, dtype=object))
        west, south, east, north = shapely.total_bounds(zones).tolist()
        of = (version.pk, version.revision)
        for known in _last:
            if known.of == of and shapely.box(*known.box).covers(shapely.box(west, south, east, north)):
                return known
        wide, high = (east - west) / 20, (north - south) / 20  # the next corner may go a little further
        west, south, east, north = west - wide, south - high, east + wide, north + high
        rows = Parcel.objects.filter(version=version, withdrawn__isnull=True, geom__isnull=False)
        rows = rows.filter(min_x__lte=east, max_x__gte=west, min_y__lte=north, max_y__gte=south)
        found = list(rows.values_list("area_path", "function", "forest_class", "hectares", "geom"))
        shapes = np.asarray(shapely.from_wkb([bytes(f[4] or b"") for f in found]), dtype=object)
        made = cls([f[:4] for f in found], shapes, of, (west, south, east, north))
        if len(found) <= MOST_KEPT:
            _last[:] = [made]
        return made

    def within(self, zone: Any) -> Told:
        """What the zone has of the parcels: commune, function, class, square metres."""
        if not len(self.shapes):
            return []
        key = shapely.to_wkb(zone)
        if key not in self.told:
            if len(self.told) >= ZONES_KEPT:
                self.told.clear()
            self.told[key] = self._within(zone)
        return self.told[key]

    def _within(self, zone: Any) -> Told:
        shapely.prepare(zone)
        met = np.flatnonzero(shapely.intersects(zone, self.shapes))
        whole = shapely.covers(zone, self.shapes[met])
        said = [self.said[i] for i in met.tolist()]
        m2 = np.array([(one[3] or 0.0) * 10_000 for one in said])
        parts = self.shapes[met]
        parts[~whole] = shapely.intersection(zone, parts[~whole])
        m2[~whole] = area_m2(parts[~whole])
        held = [x for x in zip(said, m2.tolist(), parts.tolist(), strict=True) if x[1] > 1]
        told = [(one[0], one[1], one[2], size) for one, size, _part in held if "/" in one[0]]
        across = [(one, part) for one, _size, part in held if "/" not in one[0]]  # in more communes than one
        for (one, _part), lain in zip(across, shares([part for _one, part in across]), strict=True):
            told += [(path, one[1], one[2], size) for path, _s, size in lain]
        return told


_last: list[Ground] = []


def species_in(actor: Actor, ground: Any) -> list[Species]:
    """The species with verified records in the ground, each place being the one that the reader may know."""
    if ground.is_empty:
        return []
    book = REGISTERS["observations.occurrence"]
    door = book.door(actor)
    box = ",".join(f"{v:.6f}" for v in ground.bounds)
    rows = book.filtered(door, {"box": box}).filter(status="verified", occurrence_status="present")
    rows = rows.filter(taxon__isnull=False).annotate(**door.columns())
    found = list(rows.order_by().values_list("taxon_id", "door_x", "door_y", "door_precise"))
    if not found:
        return []
    shapely.prepare(ground)
    xy = np.array([[np.nan if v is None else v for v in f[1:3]] for f in found], float)
    within = shapely.contains_xy(ground, xy[:, 0], xy[:, 1])
    n: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for (taxon, _x, _y, precise), here in zip(found, within.tolist(), strict=True):
        if here:
            n[taxon][0] += 1
            n[taxon][1] += not precise
    taxa = Taxon.objects.in_bulk(list(n))
    statuses = legal_statuses(taxa.values())
    told = []
    for pk, (records, blurred) in n.items():
        status = statuses[pk]
        address = f"{book.url()}?taxon={pk}&status=verified&box={box}"
        told.append(Species(taxa[pk], (status.group if status else None) or "", records, blurred, address))
    return sorted(told, key=lambda s: (s.group == "", s.group, s.taxon.scientific_name))


@dataclass(frozen=True)
class Criterion:
    """One criterion of law: met, not met or unknown, by which evidence, and what would settle an unknown."""

    name: str
    state: str
    value: str
    asked: str
    basis: str
    settle: str = ""

    @property
    def word(self) -> str:
        return {"met": _("đạt"), "not": _("không đạt"), "unknown": _("chưa rõ")}[self.state]


def _law(name: str, on: date) -> tuple[float | None, str]:
    """A threshold with what it rests on; none where it was not read."""
    try:
        value = rulebook.param_value(name, on=on)
    except RulebookError:
        return None, _("chưa có căn cứ")
    said = (SAID_EN if get_language() == "en" else SAID)[value.certainty]
    words = f"{value.basis}; {said}" if value.basis else said
    return (None if value.value is None else float(value.value)), words


def criteria(proposal: Proposal, told: Counted, on: date | None = None) -> list[Criterion]:
    """Every criterion of the kind of area that the rulebook holds, judged by what is known."""
    day = on or timezone.localdate()
    if proposal.kind == Proposal.Kind.RESERVE:
        return [
            _least_area("protected_area.reserve_min_ha", told, day),
            _natural("protected_area.reserve_natural_percent", told, day),
            _farm("protected_area.reserve_max_farm_percent", told, day),
            _rare("protected_area.reserve_min_priority_species", told, day),
        ]
    if proposal.kind == Proposal.Kind.SPECIES:
        return [
            _farm("protected_area.species_habitat_max_farm_percent", told, day),
            _rare("protected_area.species_habitat_min_species", told, day),
        ]
    why = _("Bộ quy định chưa có tiêu chí đọc được cho loại khu này.")
    return [Criterion(_("Tiêu chí của loại khu"), "unknown", "", "", why, _("Tra văn bản đang có hiệu lực."))]


def n(value: float, digits: int = 1) -> str:
    from django.utils.formats import number_format

    return str(number_format(round(value, digits), digits, use_l10n=True, force_grouping=True))


def _least_area(name: str, told: Counted, day: date) -> Criterion:
    least, basis = _law(name, day)
    state = "unknown" if least is None or not told.inside else "met" if told.inside >= least else "not"
    settle = "" if told.inside else _("Vẽ các phân khu.")
    asked = "" if least is None else _("ít nhất %(n)s ha") % {"n": n(least, 0)}
    return Criterion(_("Diện tích"), state, _("%(n)s ha") % {"n": n(told.inside)}, asked, basis, settle)


def _shares(told: Counted, least: float, most: float) -> str:
    return _("%(a)s–%(b)s %%") % {"a": n(least), "b": n(most)} if most - least > 0.05 else f"{n(least)} %"


def _natural(name: str, told: Counted, day: date) -> Criterion:
    """Natural forest and water certainly are natural ecosystems; bare and unmapped land may be: a survey says."""
    least, basis = _law(name, day)
    sure = told.by_class(*NATURAL_SURE)
    doubtful = told.by_class("shrub", "bare", "other", "")
    low = 100 * sure / told.inside if told.inside else 0.0
    high = 100 * (sure + doubtful) / told.inside if told.inside else 100.0
    state = "unknown" if least is None or low < least <= high else "met" if low >= least else "not"
    settle = ""
    if state == "unknown":
        settle = _("Điều tra %(n)s ha đất trống, đất khác và nơi chưa có bản đồ trong ranh giới: có phải hệ sinh thái "
                   "tự "
                   "nhiên không.") % {"n": n(doubtful)}  # fmt: skip
    asked = "" if least is None else _("ít nhất %(n)s %%") % {"n": n(least, 0)}
    return Criterion(_("Hệ sinh thái tự nhiên"), state, _shares(told, low, high), asked, basis, settle)


NATURAL_SURE = ("rich", "medium", "poor", "depleted", "regrowth", "bamboo", "mixed", "palm", "water")


def _farm(name: str, told: Counted, day: date) -> Criterion:
    """Farmland of the map; settlement is not told apart there, so other and unmapped land may be it."""
    most, basis = _law(name, day)
    sure, doubtful = told.by_class("farm"), told.by_class("other", "")
    low = 100 * sure / told.inside if told.inside else 0.0
    high = 100 * (sure + doubtful) / told.inside if told.inside else 100.0
    state = "unknown" if most is None or low <= most < high else "met" if high <= most else "not"
    settle = ""
    if state == "unknown" and most is not None:
        settle = _("Rà soát %(n)s ha đất khác và nơi chưa có bản đồ: có nhà ở, đất nông nghiệp không.")
        settle %= {"n": n(doubtful)}
    asked = "" if most is None else _("nhiều nhất %(n)s %%") % {"n": n(most, 0)}
    return Criterion(_("Đất nông nghiệp, đất ở"), state, _shares(told, low, high), asked, basis, settle)


def _rare(name: str, told: Counted, day: date) -> Criterion:
    """Species of a legal group with verified records; too few are never said to be none: nobody may have looked."""
    least, basis = _law(name, day)
    rare = [s for s in told.species if s.group]
    state = "met" if least is not None and len(rare) >= least else "unknown"
    settle = ""
    if state == "unknown":
        where = ", ".join(unit_name(p) for p in told.communes) or "……"
        settle = _("Điều tra loài nguy cấp, quý, hiếm (tuyến, bẫy ảnh, nghe tiếng) ở %(where)s; hoặc chứng minh có ít "
                   "nhất "
                   "một loài đặc hữu.") % {"where": where}  # fmt: skip
    value = _("%(n)d loài có ghi nhận đã xác minh") % {"n": len(rare)}
    asked = "" if least is None else _("ít nhất %(n)s loài") % {"n": n(least, 0)}
    return Criterion(_("Loài nguy cấp, quý, hiếm"), state, value, asked, basis, settle)
