"""How connected a landscape is, and what each patch adds: IIC, PC, ECA, their losses, betweenness."""

import math
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from ecostat import gates
from ecostat.connectivity.graph import Floats, Graph, Ints, of
from ecostat.connectivity.paths import between, losses, numerator
from ecostat.errors import EcostatError

#: Up to this many patches sums over all pairs are left to scipy.
_FEW = 400


@dataclass(frozen=True)
class Deltas:
    """What the loss of each patch takes from an index, in per cent of it: total = intra + flux + connector.

    `intra` the habitat in the patch, `flux` its exchange with others, `connector` exchange of others that has
    no equally good way around it (Saura and Rubio 2010). `numerator` is that of the whole landscape.
    """

    total: Floats
    intra: Floats
    flux: Floats
    connector: Floats
    numerator: float


def iic(g: Graph, landscape_area: float | None = None) -> float:
    """Integral index of connectivity, Σ a_i a_j / (1 + links between) / A² (Pascual-Hortal and Saura 2006)."""
    return _whole(g, None, 0.5) / _landscape(g, landscape_area) ** 2


def pc(g: Graph, dispersal: float, *, probability: float = 0.5, landscape_area: float | None = None) -> float:
    """Probability of connectivity, Σ a_i a_j p*_ij / A² (Saura and Pascual-Hortal 2007).

    p* is the best product of link probabilities, each `probability` ^ (length / `dispersal`).
    """
    return _whole(g, dispersal, probability) / _landscape(g, landscape_area) ** 2


def eca(g: Graph, dispersal: float | None = None, *, probability: float = 0.5) -> float:
    """Equivalent connected area of PC, or of IIC without a dispersal distance (Saura et al. 2011)."""
    return math.sqrt(_whole(g, dispersal, probability))


def delta_pc(g: Graph, dispersal: float, *, probability: float = 0.5, tolerance: float = 1e-9) -> Deltas:
    """What the loss of each patch takes from PC, every patch removed in turn.

    Each figure is within `tolerance` × 300 per cent points of the exact one; 0 leaves out nothing and is slower.
    """
    tolerance = gates.number("tolerance", tolerance, low=0, below=1)
    return _losses(g, dispersal, probability, tolerance)


def delta_iic(g: Graph) -> Deltas:
    """What the loss of each patch takes from IIC, exact for every patch."""
    return _losses(g, None, 0.5, 0.0)


def betweenness(g: Graph, *, weighted: bool = True) -> Floats:
    """Shortest paths between other patches that pass through each, by length or (not weighted) by links."""
    weighted, (ptr, to, length) = gates.flag("weighted", weighted), of(g).flat
    return between(ptr, to, length if weighted else np.ones_like(length), g.n)


def _whole(g: Graph, dispersal: float | None, probability: float) -> float:
    ptr, to, length = _scaled(g, dispersal, probability)
    return _numerator(ptr, to, length, g.known_area(), dispersal is None)


def _numerator(ptr: Ints, to: Ints, length: Floats, area: Floats, steps: bool) -> float:
    """Σ_i Σ_j a_i a_j × worth of the best path; few patches are not worth compiling the loop for."""
    if area.size > _FEW:
        return float(numerator(ptr, to, length, area, steps))
    far = dijkstra(sp.csr_array((length, to, ptr), shape=(area.size, area.size)))
    worth = 1.0 / (1.0 + far) if steps else np.exp(-far)
    return float(area @ worth @ area)


def _losses(g: Graph, dispersal: float | None, probability: float, tolerance: float) -> Deltas:
    area = of(g).known_area()
    ptr, to, length = _scaled(g, dispersal, probability)
    flux, connector = np.zeros(g.n), np.zeros(g.n)
    total = _numerator(ptr, to, length, area, dispersal is None)
    if total == 0:
        raise EcostatError("every patch has area zero: there is nothing to lose")
    losses(ptr, to, length, area, dispersal is None, tolerance * total / g.n, flux, connector)
    intra = area**2
    scale = 100.0 / total
    return Deltas(scale * (intra + flux + connector), scale * intra, scale * flux, scale * connector, total)


def _scaled(g: Graph, dispersal: float | None, probability: float) -> tuple[Ints, Ints, Floats]:
    """Lengths as numbers of links, or as negative logarithms of link probabilities."""
    ptr, to, length = of(g).flat
    if dispersal is None:
        return ptr, to, np.ones_like(length)
    dispersal, probability = (
        _crossed("dispersal", dispersal),
        gates.share("probability", probability, ends=False),
    )
    return ptr, to, length * (-math.log(probability) / dispersal)


def _crossed(name: str, distance: float) -> float:
    found = gates.number(name, distance)
    if found < 1e-9:
        raise EcostatError(f"{name} must be a positive distance, not {found:g}")
    return found


def _landscape(g: Graph, landscape_area: float | None) -> float:
    habitat = float(of(g).known_area().sum())
    if landscape_area is None:
        if habitat == 0:
            raise EcostatError("every patch has area zero: the index has no value")
        return habitat
    whole = gates.number("landscape_area", landscape_area, above=0)
    if whole < habitat * (1 - 1e-9):
        raise EcostatError(f"landscape_area ({whole:g}) is smaller than its habitat ({habitat:g})")
    return whole
