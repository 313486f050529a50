"""From records of a taxon to the whole evidence: extents, subpopulations, fragmentation, reduction, category."""

import json
import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewPoints
from ecostat.extent import Aoo, AroundTheWorld, LocationCells, aoo, eoo, eoo_polygon, location_cells
from ecostat.extent.cells import EXACT_UP_TO, side
from ecostat.extent.maps import aoo_cells, cells_of
from ecostat.extent.places import one_spelling
from ecostat.redlist.assessment import Assessment, classify
from ecostat.redlist.evidence import Evidence, tidy
from ecostat.redlist.patches import patches, subpopulations, tenth_of_the_widest
from ecostat.redlist.reductions import Reduction, reduction

Floats = NDArray[np.float64]
_MADE_HERE = ("eoo", "aoo", "locations", "severely_fragmented", "reduction", "reduction_basis")


@dataclass(frozen=True)
class Dossier:
    """What records say of a taxon, and what the criteria make of it.

    `evidence`, `assessment` (also `.category`, `.code`); `eoo_km2`, `aoo`; maps in degrees: `hull` (k + 1, 2),
    None below three places, and `cells` (cells, 5, 2); `subpopulation` (n,) of each record, -1 where it was not
    used; `locations`, `fragmented_share` of the AOO, `reduction`: None where not asked for. `notes` say how each
    figure came about; `n` records were used of `records`.
    """

    evidence: Evidence
    assessment: Assessment
    eoo_km2: float
    aoo: Aoo
    hull: Floats | None
    cells: Floats
    subpopulation: NDArray[np.int64]
    subpopulations: int
    reach_m: float
    locations: LocationCells | None
    fragmented_share: float | None
    reduction: Reduction | None
    n: int
    records: int
    notes: tuple[str, ...]
    message: str

    @property
    def category(self) -> str:
        """The category at the best estimates."""
        return self.assessment.category

    @property
    def code(self) -> str:
        """Category and criteria as the Red List prints them."""
        return self.assessment.code

    def geojson(self) -> str:
        """Hull and cells as a GeoJSON collection, to be laid on any map."""
        shapes = [("cell", ring) for ring in self.cells]
        if self.hull is not None:
            shapes.insert(0, ("hull", self.hull))
        features = [
            {
                "type": "Feature",
                "properties": {"kind": kind},
                "geometry": {"type": "Polygon", "coordinates": [np.round(ring, 6).tolist()]},
            }
            for kind, ring in shapes
        ]
        return json.dumps({"type": "FeatureCollection", "features": features})


def assess(
    points: ArrayLike,
    years: ArrayLike | None = None,
    *,
    since: int | None = None,
    series: tuple[ArrayLike, ArrayLike] | None = None,
    basis: str = "A2b",
    generation_length: float | None = None,
    individuals: ArrayLike | None = None,
    threat_m: float | None = None,
    reach_m: float | None = None,
    viable_km2: float | None = None,
    cell_m: float = 2000,
    near_threatened: bool = True,
    **known: Any,
) -> Dossier:
    """The evidence that records give, and the category it supports (IUCN Guidelines 4.3 to 4.11).

    `points` (n, 2) longitude and latitude; `years` (n,) of the records. `since`: only records from that year on
    stand for the present range. `series`: years and numbers, for a reduction over three generations, with its
    `basis`. `individuals` (n,): mature individuals at each record, each animal or plant given once. `threat_m`:
    the reach of the threat, for locations. `reach_m`: how far the taxon disperses; places within it are one
    subpopulation (default: a tenth of the widest distance, Rivers et al. 2010). `viable_km2`: occupied area a
    viable population needs; patches below it and farther than `reach_m` from others count as fragmented.
    `known`: any other datum of `Evidence`. What is not given is not evaluated.
    """
    at = gates.numbers("points", points, dims=2, infinite=True)
    if at.shape[1] != 2:
        raise EcostatError(f"points must be (n, 2), longitude and latitude; they have {at.shape[1]} columns")
    lon, lat = gates.lonlat(at[:, 0], at[:, 1], names=("points longitude", "points latitude"))
    wrong = [name for name in known if name in _MADE_HERE or name not in Evidence.__dataclass_fields__]
    if wrong:
        raise EcostatError(f"{wrong[0]} is no datum to be given here: see Evidence, or use classify")
    notes: list[str] = []
    used = _used(lon, years, since, notes)
    if not used.any():
        raise TooFewPoints("points: no record has coordinates (and a year within since)")
    x, y = one_spelling(lon[used], lat[used]), lat[used] + 0.0

    found = aoo(x, y, cell_m)
    if not found.exact:
        notes.append(
            f"Beyond {EXACT_UP_TO:,} places the best of many grids is taken: {found.cells} cells, and no grid has "
            f"fewer than {found.at_least}."
        )
    hull = None
    extent = found.km2
    if found.n_places < 3:
        notes.append("Fewer than three places have no hull: the EOO is set to the AOO.")
    else:
        with warnings.catch_warnings(record=True) as around:
            warnings.simplefilter("always", AroundTheWorld)
            extent, hull = eoo(x, y), eoo_polygon(x, y)
        notes += [f"On the hull: {said.message}." for said in around[:1]]

    reach = tenth_of_the_widest(x, y) if reach_m is None else gates.number("reach_m", reach_m, low=0)
    groups = subpopulations(x, y, reach)
    subpopulation = np.full(lon.size, -1, dtype=np.int64)
    subpopulation[used] = groups
    number = int(groups.max()) + 1
    how = "a tenth of the widest distance" if reach_m is None else "as given"
    notes.append(f"{number} subpopulations of places within {reach / 1000:g} km of each other ({how}).")
    known |= _numbers(individuals, used, groups, known, notes)

    places = None
    if threat_m is not None:
        reached = side("threat_m", threat_m)
        places = location_cells(x, y, reached)
        notes.append(f"{places.count} locations, by a threat that reaches {reached / 1000:g} km.")
    share = None
    if viable_km2 is not None:
        least = gates.number("viable_km2", viable_km2, above=0)
        share = patches(cells_of(x, y, found.origin, found.cell_m), x, y).small_and_far(
            least * 1e6 / found.cell_m**2, reach
        )
        notes.append(
            f"{share:.0%} of the occupied area lies in patches below {least:g} km² and farther than "
            f"{reach / 1000:g} km from others: {'more' if share > 0.5 else 'not more'} than half."
        )
    fall = None
    if series is not None:
        if not isinstance(series, tuple | list) or len(series) != 2:
            raise EcostatError("series is two columns: years and numbers")
        if not isinstance(basis, str) or not re.fullmatch(r"A[1-4][a-e]*", basis):
            raise EcostatError(
                f"basis is the part of criterion A and its grounds, as A2bd, not {basis!r:.40}"
            )
        fall = reduction(series[0], series[1], generation_length)
        notes.append(fall.message)
    evidence = tidy(
        Evidence(
            eoo=extent,
            aoo=found.km2 if found.exact else (found.at_least * found.cell_m**2 / 1e6, found.km2, found.km2),
            locations=None if places is None else places.count,
            severely_fragmented=None if share is None else share > 0.5,
            reduction=None if fall is None else tuple(f"{v:.4g} %" for v in fall.span),
            reduction_basis=None if fall is None else basis,
            generation_length=generation_length,
            **known,
        )
    )
    assessment = classify(evidence, near_threatened=near_threatened)
    return Dossier(
        evidence, assessment, extent, found, hull, aoo_cells(x, y, cell_m), subpopulation, number, reach, places,
        share, fall, int(used.sum()), int(lon.size), tuple(notes),
        f"{assessment.code}: EOO {extent:,.0f} km², AOO {found.km2:,.0f} km², {number} subpopulations, from "
        f"{int(used.sum())} of {lon.size} records. {assessment.message}",
    )  # fmt: skip


def _used(lon: Floats, years: ArrayLike | None, since: int | None, notes: list[str]) -> NDArray[np.bool_]:
    """Which records stand for the present range."""
    used = ~np.isnan(lon)
    if not used.all():
        notes.append(f"{int((~used).sum())} records without coordinates were left out.")
    if years is None:
        if since is not None:
            raise EcostatError("since asks for the years of the records")
        return used
    when = gates.years("years", years, missing=True)
    gates.alike(points=lon, years=when)
    if since is None:
        dated = when[used & ~np.isnan(when)]
        if dated.size:
            notes.append(
                f"Records of {dated.min():.0f} to {dated.max():.0f} are all taken to stand for the present range."
            )
        return used
    first = gates.whole("since", since)
    late = used & (when >= first)
    undated, early = int((used & np.isnan(when)).sum()), int((used & (when < first)).sum())
    notes.append(
        f"{early} records before {first} and {undated} without a year do not stand for the present range; whether "
        "the taxon is gone from their places was not searched, and is no decline yet."
    )
    return late


def _numbers(
    individuals: ArrayLike | None,
    used: NDArray[np.bool_],
    groups: NDArray[np.int64],
    known: dict[str, Any],
    notes: list[str],
) -> dict[str, Any]:
    """Mature individuals in all, in the largest subpopulation and its share."""
    if individuals is None:
        return {}
    counted = gates.numbers("individuals", individuals, size=used.size, low=0)[used]
    names = ("mature_individuals", "subpopulation_max", "subpopulation_share")
    twice = [name for name in names if name in known]
    if twice:
        raise EcostatError(f"{twice[0]} follows from individuals: give one of them")
    unknown = int(np.isnan(counted).sum())
    if unknown:
        notes.append(f"{unknown} records without a number of individuals: the total is not known.")
        return {}
    each = np.bincount(groups, counted)
    total = float(each.sum())
    if not total:
        raise EcostatError("individuals are all 0: a taxon without a mature individual is not assessed here")
    return dict(zip(names, (total, float(each.max()), f"{100 * each.max() / total:.6g} %"), strict=True))
