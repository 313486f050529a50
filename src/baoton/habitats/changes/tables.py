"""The comparison of two maps in tables: from and to, gained and lost, forest cover with what it is a share of."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from baoton.habitats.models import FORESTED, Change, Comparison, ForestClass
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.places.models import Unit
from baoton.places.queries import commune_choices, unit_name

T = Change.Turn


@dataclass(frozen=True)
class Line:
    """One class before: hectares by class after, in the order of the columns, and their sum."""

    name: str
    cells: Sequence[float | None]
    total: float


@dataclass(frozen=True)
class Cover:
    """One commune: forest before and after, gained and lost, hectares on the map, and the area of the list of units."""

    path: str
    name: str
    before: float
    after: float
    gained: float
    lost: float
    mapped: float
    listed: float | None

    @property
    def share(self) -> float | None:
        """Forest after per hundred of the commune's area by the list of units; unknown without one."""
        return None if not self.listed else 100 * self.after / self.listed

    @property
    def of_map(self) -> float | None:
        return None if not self.mapped else 100 * self.after / self.mapped


@dataclass(frozen=True)
class Tables:
    """What the page and the workbook show."""

    columns: Sequence[str]
    lines: Sequence[Line]
    totals: Sequence[float]
    whole: float
    gained: float
    lost: float
    covers: Sequence[Cover]


def tables(actor: Actor, comparison: Comparison, area: str = "") -> Tables:
    """The comparison as its reader may see it, of all communes or of one."""
    rows = REGISTERS["habitats.change"].door(actor).rows().filter(comparison=comparison)
    found = rows.order_by().values_list("area_path", "was", "became", "turn").annotate(m2=Sum("m2"))
    every = [(path, was, became, kind, m2 / 10_000) for path, was, became, kind, m2 in found]
    some = [r for r in every if not area or r[0] == area]
    cells: dict[tuple[str, str], float] = defaultdict(float)
    for _path, was, became, kind, ha in some:
        cells["-" if kind == T.NEW else was, "-" if kind == T.LEFT else became] += ha
    words = {**dict(ForestClass.choices), "": _("chưa rõ"), "-": _("ngoài bản đồ")}
    order = [*ForestClass.values, "", "-"]
    starts = [k for k in order if any(was == k for was, _b in cells)]
    ends = [k for k in order if any(became == k for _w, became in cells)]
    lines = [
        Line(
            str(words[a]), [cells.get((a, b)) for b in ends], sum(cells.get((a, b), 0.0) for b in ends)
        )
        for a in starts
    ]  # fmt: skip
    totals = [sum(cells.get((a, b), 0.0) for a in starts) for b in ends]
    return Tables(
        [str(words[b]) for b in ends], lines, totals, sum(totals),
        sum(ha for *_k, kind, ha in some if kind == T.GAIN), sum(ha for *_k, kind, ha in some if kind == T.LOSS),
        _covers(every),
    )  # fmt: skip


def _covers(rows: Sequence[tuple[str, str, str, str, float]]) -> list[Cover]:
    listed = dict(Unit.objects.filter(valid_to=None).values_list("path", "area_km2"))
    by: dict[str, list[tuple[str, str, str, float]]] = defaultdict(list)
    for path, *rest in rows:
        by[path].append(tuple(rest))  # type: ignore[arg-type]
    told = []
    for path, _name in commune_choices():
        mine = by.get(path)
        if not mine:
            continue
        told.append(
            Cover(
                path, unit_name(path),
                sum(ha for was, _b, _t, ha in mine if was in FORESTED),
                sum(ha for _w, became, _t, ha in mine if became in FORESTED),
                sum(ha for _w, _b, t, ha in mine if t == T.GAIN), sum(ha for _w, _b, t, ha in mine if t == T.LOSS),
                sum(ha for _w, _b, t, ha in mine if t != T.LEFT),
                None if (km2 := listed.get(path)) is None else km2 * 100,
            )
        )  # fmt: skip
    return told
