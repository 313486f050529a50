"""A spatially balanced sample of sites in a campaign's area, stratum by stratum, with reserves in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pyproj import Transformer

from baoton.kit.access import Actor, System
from baoton.kit.estimates import why_none
from baoton.kit.kinds.words import as_text
from baoton.kit.writing.refusal import NotNow
from baoton.places.queries import outlines, unit_name
from baoton.surveys.design.facts import fact
from baoton.surveys.design.grounds import squares
from baoton.surveys.models import Campaign, Site

if TYPE_CHECKING:
    from ecostat.sampling import Sample

Holds = Callable[[str, Any], bool]
"""Whether a line lies within a stratum."""
MOST = 500
"""More sites than this are a mistake of typing; the design is refused, never cut."""
MOST_CELLS = 2_000_000


@dataclass(frozen=True)
class Wanted:
    """What is asked of a drawing: how many sites and reserves a stratum, of which shape, kept off which edges; strata
    by bounds of height or by habitat, nothing steeper than `slope` degrees (0: no matter)."""

    sites: int
    reserve: int = 0
    shape: str = "point"
    size: float = 1000.0
    by_commune: bool = True
    edge: float = 0.0
    border: float = 0.0
    seed: int = 1
    heights: tuple[float, ...] = ()
    habitat: bool = False
    slope: float = 0.0


@dataclass(frozen=True)
class Drawn:
    """The sites that were drawn, not yet saved, and in words how."""

    sites: list[Site]
    told: str


def draw(campaign: Campaign, wanted: Wanted, actor: Actor | None = None) -> Drawn:
    """The sample; the same seed and area give the same sites. `NotNow` says why there can be none."""
    from ecostat.errors import EcostatError

    if not 1 <= wanted.sites <= MOST or not 0 <= wanted.reserve <= MOST:
        raise NotNow(
            _("Số điểm từ 1 đến %(most)d; chia chiến dịch lớn thành nhiều chiến dịch.") % {"most": MOST}
        )
    if wanted.heights or wanted.habitat or wanted.slope:
        return _by_squares(campaign, wanted, actor or System())
    parts = _parts(campaign, wanted)
    share = _allotted(wanted.sites, [p.area for _name, p in parts])
    if wanted.sites < len(parts):
        told = _("Có %(n)d tầng mà chỉ %(sites)d điểm: mỗi tầng cần ít nhất một điểm, hoặc không chia tầng.")
        raise NotNow(told % {"n": len(parts), "sites": wanted.sites})
    sizes = {name: n for (name, _part), n in zip(parts, share, strict=True)}
    rng = np.random.default_rng(wanted.seed)
    try:
        sample = _sample(parts, sizes, wanted, rng)
    except EcostatError as error:
        raise NotNow(_("Không rút được mẫu: %(why)s") % {"why": _(why_none(error))}) from error
    ground = dict(parts)
    for part in ground.values():
        shapely.prepare(part)
    sites, left = _sites(
        campaign, sample, sizes, wanted, rng, lambda name, line: bool(shapely.contains(ground[name], line))
    )
    told = _told(sample, {name: part.area for name, part in parts}, sizes, wanted)
    return Drawn(sites, "\n".join([told, *left]))


def _by_squares(campaign: Campaign, wanted: Wanted, actor: Actor) -> Drawn:
    """The sample where strata or steepness are told square by square."""
    from ecostat.errors import EcostatError
    from ecostat.sampling import sample_points

    parts, to = _parts(campaign, wanted), _metres(_middle(campaign))
    on = squares(
        parts, to, actor, side=wanted.size if wanted.shape == "cell" else None, heights=wanted.heights,
        habitat=wanted.habitat, slope=wanted.slope,
    )  # fmt: skip
    names, counts = np.unique(on.stratum, return_counts=True)
    if wanted.sites < names.size:
        told = _("Có %(n)d tầng mà chỉ %(sites)d điểm: mỗi tầng cần ít nhất một điểm, hoặc không chia tầng.")
        raise NotNow(told % {"n": names.size, "sites": wanted.sites})
    share = _allotted(wanted.sites, counts.astype(float).tolist())
    sizes = {str(name): n for name, n in zip(names, share, strict=True)}
    for name, n in zip(names, counts, strict=True):
        if n < sizes[str(name)] + wanted.reserve:
            told = _("Tầng “%(name)s” chỉ có %(n)d ô, ít hơn số điểm và dự phòng đã hỏi.")
            raise NotNow(told % {"name": name, "n": n})
    rng = np.random.default_rng(wanted.seed)
    more = max(
        wanted.reserve, min(_spare(wanted), *(n - sizes[str(k)] for k, n in zip(names, counts, strict=True)))
    )
    try:
        sample = sample_points(on.x, on.y, sizes, rng=rng, strata=on.stratum, reserve=int(more))
    except EcostatError as error:
        raise NotNow(_("Không rút được mẫu: %(why)s") % {"why": _(why_none(error))}) from error
    if wanted.shape != "cell":
        sample = replace(sample, inclusion=sample.inclusion / on.side**2)
    whole = shapely.union_all([part for _name, part in parts])
    shapely.prepare(whole)
    sites, left = _sites(
        campaign, sample, sizes, wanted, rng, lambda name, line: whole.contains(line) and on.hold(name, line)
    )
    areas = {str(name): float(n) * on.side**2 for name, n in zip(names, counts, strict=True)}
    return Drawn(sites, "\n".join([_told(sample, areas, sizes, wanted), *on.told, *left]))


def _sample(
    parts: list[tuple[str, Any]], sizes: dict[str, int], wanted: Wanted, rng: np.random.Generator
) -> "Sample":
    from ecostat.sampling import sample_areas, sample_points

    if wanted.shape != "cell":
        pieces = [(name, one) for name, part in parts for one in shapely.get_parts(part)]
        return sample_areas(
            [one for _n, one in pieces],
            sizes,
            rng=rng,
            strata=[n for n, _one in pieces],
            reserve=_spare(wanted),
        )
    xs, ys, names = [], [], []
    for name, part in parts:
        west, south, east, north = part.bounds
        columns = np.arange(np.floor(west / wanted.size), np.ceil(east / wanted.size) + 1) * wanted.size
        lines = np.arange(np.floor(south / wanted.size), np.ceil(north / wanted.size) + 1) * wanted.size
        if columns.size * lines.size > MOST_CELLS:
            raise NotNow(_("Ô quá nhỏ so với khu vực (hơn hai triệu ô); chọn cạnh ô lớn hơn."))
        x, y = (a.ravel() for a in np.meshgrid(columns + wanted.size / 2, lines + wanted.size / 2))
        inside = shapely.contains_xy(part, x, y)
        if int(inside.sum()) < sizes[name] + wanted.reserve:
            told = _("Tầng “%(name)s” chỉ có %(n)d ô, ít hơn số điểm và dự phòng đã hỏi.")
            raise NotNow(told % {"name": name, "n": int(inside.sum())})
        xs.append(x[inside])
        ys.append(y[inside])
        names += [name] * int(inside.sum())
    return sample_points(
        np.concatenate(xs), np.concatenate(ys), sizes, rng=rng, strata=names, reserve=wanted.reserve
    )


def _parts(campaign: Campaign, wanted: Wanted) -> list[tuple[str, Any]]:
    """Each stratum with its ground in metres, edges and border zone taken away."""
    communes = outlines()
    here = {p: s for p, s in communes.items() if _within(p, campaign.area_path)}
    whole = shapely.union_all(list(here.values())) if here else shapely.Polygon()
    area = whole if campaign.geom is None else shapely.from_wkb(bytes(campaign.geom))
    if area.is_empty:
        raise NotNow(_("Chưa biết khu vực: vẽ vùng điều tra hoặc chọn xã."))
    to = _metres(area.centroid.x)
    if campaign.geom is not None:
        here = {p: s for p, s in communes.items() if shapely.intersects(s, area)}
    ground = _planar(area, to)
    if wanted.edge > 0:
        ground = ground.buffer(-wanted.edge)
    if wanted.border > 0:
        ground = ground.intersection(
            _planar(shapely.union_all(list(communes.values())), to).buffer(-wanted.border)
        )
    parts = [("", ground)]
    if wanted.by_commune and here:
        parts = [(unit_name(p), ground.intersection(_planar(s, to))) for p, s in sorted(here.items())]
    kept = [(name, _polygons(part)) for name, part in parts]
    kept = [
        (name, part) for name, part in kept if part.area > 10_000
    ]  # less than a hectare is a seam of two maps
    if not kept:
        raise NotNow(_("Sau khi trừ mép và vành đai thì không còn chỗ nào; giảm các khoảng cách."))
    return kept


def _within(path: str, area: str) -> bool:
    return not area or path == area or path.startswith(f"{area}/")


def _polygons(shape: Any) -> Any:
    return shapely.MultiPolygon(
        [p for p in shapely.get_parts(shape.buffer(0)) if p.geom_type == "Polygon" and p.area > 1]
    )


def _allotted(n: int, areas: list[float]) -> list[int]:
    """Sites by area, at least one a stratum, by largest remainders."""
    spare = max(n - len(areas), 0)
    exact = [spare * a / sum(areas) for a in areas]
    share = [1 + int(e) for e in exact]
    order = sorted(range(len(areas)), key=lambda i: (int(exact[i]) - exact[i], i))
    for i in order[: n - sum(share)] if n > sum(share) else []:
        share[i] += 1
    return share


def _spare(wanted: Wanted) -> int:
    """How many places are drawn in reserve: lines need more, since those that fit nowhere are passed over."""
    return wanted.reserve + (20 + 4 * wanted.sites if wanted.shape == "line" else 0)


def _sites(
    campaign: Campaign, sample: "Sample", sizes: dict[str, int], wanted: Wanted, rng: np.random.Generator, holds: Holds
) -> tuple[list[Site], list[str]]:  # fmt: skip
    """Rows of the book, those to visit before the reserves, strata in order; and in words which places were passed
    over, since no line through them lies within their stratum."""
    found: dict[str, list[tuple[int, Any]]] = {name: [] for name in sizes}
    passed = 0
    for i, name in enumerate(map(str, sample.stratum)):
        if len(found[name]) < sizes[name] + wanted.reserve:
            shape = _shape(float(sample.x[i]), float(sample.y[i]), wanted, rng, partial(holds, name))
            passed += shape is None
            found[name] += [] if shape is None else [(i, shape)]
    for name, rows in found.items():
        if len(rows) < sizes[name]:
            told = _(
                "Tuyến dài %(m)s m chỉ nằm gọn trong tầng “%(name)s” ở %(n)d nơi, cần %(all)d; rút ngắn tuyến hoặc "
                "chia tầng cách khác."
            )
            where = {
                "name": name or _("cả khu vực"),
                "n": len(rows),
                "all": sizes[name],
                "m": as_text(wanted.size),
            }
            raise NotNow(told % where)
    return _rows(campaign, sample, sizes, wanted, found), _of_lines(passed, sizes, wanted, found)


def _of_lines(
    passed: int, sizes: dict[str, int], wanted: Wanted, found: Mapping[str, Sequence[Any]]
) -> list[str]:
    told = []
    if passed:
        words = gettext_noop(
            "Bỏ qua %(n)d điểm rút mà không tuyến nào qua đó nằm gọn trong tầng; lấy điểm kế tiếp."
        )
        told.append(fact(words, n=passed))
    few = sum(sizes[name] + wanted.reserve - len(rows) for name, rows in found.items())
    if few:
        told.append(fact(gettext_noop("Thiếu %(n)d tuyến dự phòng vì không còn nơi nào đủ chỗ."), n=few))
    return told


def _rows(
    campaign: Campaign,
    sample: "Sample",
    sizes: dict[str, int],
    wanted: Wanted,
    found: dict[str, list[tuple[int, Any]]],
) -> list[Site]:
    to, teams = _metres(_middle(campaign)), [t.strip() for t in campaign.teams.split(";") if t.strip()]
    drawn = [
        (n >= sizes[name], name, i, shape)
        for name, rows in found.items()
        for n, (i, shape) in enumerate(rows)
    ]
    made = []
    for position, (spare, name, i, shape) in enumerate(sorted(drawn, key=lambda one: one[0]), 1):
        site = Site(
            campaign=campaign, code=f"{'R' if spare else 'D'}{position:03d}", stratum=name, position=position,
            inclusion=float(sample.inclusion[i]) * (1 if wanted.shape == "cell" else 1e6),
            status=Site.Status.RESERVE if spare else Site.Status.PLANNED, due=None if spare else campaign.day_end,
            team="" if spare or not teams else teams[(position - 1) % len(teams)], organisation=campaign.organisation,
        )  # fmt: skip
        site.put(_degrees(shape, to))
        made.append(site)
    return made


def _middle(campaign: Campaign) -> float:
    if campaign.geom is not None:
        return float(shapely.from_wkb(bytes(campaign.geom)).centroid.x)
    here = [s for p, s in outlines().items() if _within(p, campaign.area_path)]
    return float(shapely.union_all(here).centroid.x)


def _shape(x: float, y: float, wanted: Wanted, rng: np.random.Generator, holds: Callable[[Any], bool]) -> Any:
    """A point, the square of a cell, or a line through the point, turned and moved until it lies inside; None where
    no such line does."""
    half = wanted.size / 2
    if wanted.shape == "cell":
        return shapely.box(x - half, y - half, x + half, y + half)
    if wanted.shape != "line":
        return shapely.Point(x, y)
    first = rng.uniform(0, np.pi)
    for along in (0.0, 0.5, -0.5):
        for turn in np.linspace(0, np.pi, 18, endpoint=False):
            dx, dy = half * np.cos(first + turn), half * np.sin(first + turn)
            east, north = x + along * dx, y + along * dy
            line = shapely.LineString([(east - dx, north - dy), (east + dx, north + dy)])
            if holds(line):
                return line
    return None


def _told(sample: "Sample", areas: dict[str, float], sizes: dict[str, int], wanted: Wanted) -> str:
    """How it was drawn, as a report says it, so that anybody may draw it again."""
    words = gettext_noop(
        "Mẫu cân bằng không gian (%(method)s), số khởi đầu %(seed)d; %(reserve)d điểm dự phòng mỗi tầng."
    )
    odds = gettext_noop("Xác suất được rút là của mỗi ô."), gettext_noop("Mật độ rút tính trên mỗi km².")
    lines = [
        fact(words, method=sample.method, seed=wanted.seed, reserve=wanted.reserve),
        fact(odds[0] if wanted.shape == "cell" else odds[1]),
    ]
    if wanted.shape == "line":
        lines.append(fact(gettext_noop("Tuyến dài %(n)s m qua điểm rút, hướng ngẫu nhiên."), n=wanted.size))
    if wanted.edge:
        lines.append(fact(gettext_noop("Cách mép khu vực ít nhất %(n)s m."), n=wanted.edge))
    if wanted.border:
        lines.append(fact(gettext_noop("Ngoài vành đai %(n)s m dọc ranh giới tỉnh."), n=wanted.border))
    whole = [gettext_noop("cả khu vực")]
    for name, area in areas.items():
        words = gettext_noop("%(name)s: %(n)d điểm trên %(area)s km².")
        lines.append(fact(words, name=name or whole, n=int(sizes[name]), area=round(float(area) / 1e6, 1)))
    return "\n".join(lines)


@lru_cache(maxsize=8)
def _zone(number: int) -> Transformer:
    return Transformer.from_crs(4326, 32600 + number, always_xy=True)


def _metres(lon: float) -> Transformer:
    return _zone(int((lon + 180) // 6) + 1)


def _planar(shape: Any, to: Transformer) -> Any:
    return shapely.transform(shape, lambda c: np.column_stack(to.transform(c[:, 0], c[:, 1])))


def _degrees(shape: Any, to: Transformer) -> Any:
    return shapely.transform(
        shape, lambda c: np.column_stack(to.transform(c[:, 0], c[:, 1], direction="INVERSE"))
    )
