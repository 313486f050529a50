"""Counts in distance bands at many transects or points (Royle, Dawson & Bates 2004)."""

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.abundance.bands import BandModel, Bands
from ecostat.distance.keys import KEYS, SCALED, SHAPED
from ecostat.errors import EcostatError
from ecostat.fit import ModelFit
from ecostat.floats import Floats
from ecostat.likelihood import Boundary, Data, Design, Dropped, Start, part


@dataclass(frozen=True, kw_only=True)
class DistanceCounts(ModelFit):
    """A fitted multinomial-Poisson model. `density` (sites,): animals per area unit; `sigma` (sites,): scale
    of the detection key; `p` (sites,): share of the animals within the last break that are detected;
    `expected` (sites, bands); `chi2`: Pearson statistic of the band totals, over `bands - 1 - key
    parameters` degrees of freedom when positive. Parts for `predict`: "lam" (density), "sigma"."""

    density: Floats
    sigma: Floats
    p: Floats
    expected: Floats
    chi2: float
    key: str
    survey: str


def distsamp(
    counts: ArrayLike,
    breaks: ArrayLike,
    lam: Design = None,
    p: Design = None,
    survey: Literal["line", "point"] = "line",
    *,
    key: Literal["hn", "hr", "exp", "unif"] = "hn",
    length: ArrayLike | None = None,
    convert: float = 1.0,
    data: Data | None = None,
    start: Start = None,
) -> DistanceCounts:
    """Density and detection are fitted to `counts` (sites × bands; NaN = band not surveyed).

    `breaks` (bands + 1,): limits of the bands; `length` (sites,): line length in the unit of the breaks, or
    number of visits of a point (1 when None); both sides of a line are counted. `lam`: sites × k, log
    density per (unit of the breaks)² / `convert` (1e-4 gives hectares from metres, 1e-6 km²); `p`: sites × k,
    log scale of the key; both may be formulas on the columns of `data`. Coefficients: lam, sigma, then log
    shape for "hr".
    Royle, Dawson & Bates (2004), Ecology 85:1591-1597.
    """
    y, bands = _read(counts, breaks, survey, key)
    effort = _effort(length, len(y), survey)
    convert = gates.number("convert", convert, above=0)
    density = part("lam", lam, y.shape[:1], "log", data)
    scale = part("sigma", p, y.shape[:1], "log", data)
    counted = ~np.isnan(y)
    used = counted.any(axis=1) & density.known & scale.known & np.isfinite(effort)
    notes: tuple[str, ...] = ()
    if lost := int((counted.any(axis=1) & ~used).sum()):
        notes = (f"{lost} sites without covariates or length were left out",)
        warnings.warn(notes[0], Dropped, 2)
    model = BandModel(
        parts=(density, scale) if SCALED[key] else (density,),
        n=int(used.sum()),
        notes=notes,
        bands=bands,
        x=np.ascontiguousarray(density.x[used]),
        w=np.ascontiguousarray(scale.x[used]),
        y=np.where(counted, y, 0.0)[used],
        seen=counted[used],
        used=used,
        ground=convert * effort[used],
    ).checked()
    best = model.top(start)
    spike = ""
    if SHAPED[key] and best.theta[-1] < 0:
        spike = "the hazard rate has a spike at the observer instead of a shoulder: do not trust the density"
        warnings.warn(spike, Boundary, 2)
    expected, share = np.full(y.shape, np.nan), np.full(len(y), np.nan)
    expected[used] = model.mean(best.theta)
    share[used] = model.areas(best.theta)[0].sum(axis=1)[model.of] / bands.whole
    totals, hoped = model.y.sum(axis=0), np.where(model.seen, expected[used], 0.0).sum(axis=0)
    sigma = np.full(len(y), np.nan)
    if SCALED[key]:
        sigma = np.where(scale.known, np.exp(scale.x @ best.theta[model.at["sigma"]]), np.nan)
    return DistanceCounts(
        **model.common(best, spike),
        density=np.where(density.known, np.exp(density.x @ best.theta[model.at["lam"]]), np.nan),
        sigma=sigma,
        p=share,
        expected=expected,
        chi2=float(((totals - hoped) ** 2 / hoped).sum()),
        key=key,
        survey=survey,
    )


def _read(counts: ArrayLike, breaks: ArrayLike, survey: str, key: str) -> tuple[Floats, Bands]:
    """Counts and bands, after refusing what they cannot be."""
    y = gates.numbers("counts", counts, dims=2, low=0, whole=True)
    cuts = gates.numbers("breaks", breaks, low=0, missing=False)
    gates.choice("key", key, tuple(KEYS))
    gates.choice("survey", survey, ("line", "point"))
    if len(cuts) < 2 or np.any(np.diff(cuts) <= 0):
        raise EcostatError("breaks must rise from 0 or more.")
    if y.shape[1] != len(cuts) - 1:
        raise EcostatError(f"counts has shape {y.shape}; sites × {len(cuts) - 1} bands are needed.")
    return y, Bands(tuple(cuts.tolist()), survey, key)


def _effort(length: ArrayLike | None, sites: int, survey: str) -> NDArray[np.float64]:
    """The length of each line, or the visits of each point."""
    if survey == "line" and length is None:
        raise EcostatError("length is needed for a line survey: the length of each line.")
    return np.ones(sites) if length is None else gates.numbers("length", length, size=sites, above=0)
