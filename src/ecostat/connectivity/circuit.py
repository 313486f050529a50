"""Effective resistance and current between points of a raster or network, as in an electric circuit."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike
from scipy.sparse.csgraph import connected_components

from ecostat import gates
from ecostat.compiled import compiled
from ecostat.connectivity.dissection import Eliminated, eliminated, laplacian_of
from ecostat.connectivity.graph import Floats, Ints
from ecostat.connectivity.surface import _cells
from ecostat.errors import EcostatError


@dataclass(frozen=True)
class Resistance:
    """Effective resistance between terminals: infinite where not connected, NaN for one that lies on no data.

    `resistance` (t, t); `terminals` (t,) their numbers; `current` summed over all pairs at unit current, in the
    shape of the raster or (nodes,), NaN on no data, None where not asked for; `message` names what is apart.
    """

    resistance: Floats
    terminals: Ints
    current: Floats | None
    message: str


@dataclass(frozen=True)
class _Network:
    conductance: sp.csr_array
    node: Ints  # node of each cell, −1 on no data
    cells: tuple[Ints, Ints] | None
    shape: tuple[int, ...]


def resistance(
    conductance: Any,
    points: ArrayLike,
    *,
    neighbours: int = 8,
    average: str = "conductance",
    groups: ArrayLike | None = None,
    short_circuits: ArrayLike | None = None,
    currents: bool = False,
) -> Resistance:
    """Effective resistance between all pairs of points from one elimination (McRae et al. 2008).

    `conductance`: a raster (rows, columns; NaN or 0 = no data) with `points` (k, 2), or a symmetric sparse
    matrix with `points` (k,). Points with the same number in `groups` are one terminal, joined only while it is
    in the pair solved; cells with the same number in `short_circuits` are one node throughout.
    """
    if sp.issparse(conductance):
        net = _from_matrix(conductance, short_circuits)
        at = gates.pick("points", points, net.shape[0]).astype(np.int64)
        if at.size == 0:
            raise EcostatError("points of a network are node numbers (k,)")
    else:
        raster = gates.numbers("conductance", conductance, dims=2, low=0)
        net = _from_raster(raster, neighbours, average, short_circuits)
        where = _cells(points, raster.shape)
        at = where[:, 0] * raster.shape[1] + where[:, 1]
    number = np.arange(at.size)
    if groups is not None:
        number = gates.numbers("groups", groups, whole=True, missing=False).astype(np.int64)
    currents = gates.flag("currents", currents)
    if number.shape != at.shape:
        raise EcostatError("groups must give one number to each of the points")
    if not net.conductance.shape[0]:
        raise EcostatError("conductance holds no cell with data")
    terminals = np.unique(number)
    nodes = [np.unique(net.node[at[number == t]]) for t in terminals]
    nodes = [n[n >= 0] for n in nodes]
    return _solved(net, terminals, nodes, currents)


def _solved(net: _Network, terminals: Ints, nodes: list[Ints], currents: bool) -> Resistance:
    t = terminals.size
    found = np.full((t, t), np.nan)
    total = np.zeros(net.conductance.shape[0])
    lost = [int(terminals[i]) for i in range(t) if nodes[i].size == 0]
    if len(lost) < t:
        kept = np.unique(np.concatenate(nodes))
        _, label = connected_components(net.conductance, directed=False)
        # pieces of the network without a terminal carry no current; merged nodes have no place on the map
        live = np.isin(label, np.unique(label[kept]))
        if net.cells is not None:
            kept = np.unique(np.r_[kept, np.flatnonzero(live & (net.cells[0] < 0))])
        inside = np.flatnonzero(live)
        short = np.full(live.size, -1, np.int64)
        short[inside] = np.arange(inside.size)
        part = sp.csr_array(net.conductance[inside][:, inside])
        cells = None if net.cells is None else (net.cells[0][inside], net.cells[1][inside])
        done = eliminated(part, short[kept], cells, currents)
        place = np.full(live.size, -1, np.int64)
        place[kept] = np.arange(kept.size)
        ends = [place[n] for n in nodes]
        found, potentials = _pairs(done.reduced, ends, label[kept], currents)
        if currents:
            total[inside] = _current(part, done, ends, short, nodes, potentials)
    apart = int(np.isinf(np.triu(found, 1)).sum())
    said = []
    if lost:
        said.append(f"terminals {', '.join(map(str, lost))} lie on no data")
    if apart:
        said.append(f"{apart} pairs are not connected")
    current = None
    if currents:
        spread = np.where(net.node >= 0, total[np.maximum(net.node, 0)], np.nan)
        current = spread.reshape(net.shape)
    return Resistance(found, terminals, current, "; ".join(said) or "every pair is connected")


def _pairs(
    reduced: Floats, ends: list[Ints], piece: Ints, currents: bool
) -> tuple[Floats, list[tuple[int, int, Floats]]]:
    """Resistances between terminals and, where asked for, the kept potentials of each pair at unit current."""
    t, k = len(ends), reduced.shape[0]
    found = np.full((t, t), np.nan)
    potentials: list[tuple[int, int, Floats]] = []
    green = np.zeros((k, k))
    for c in np.unique(piece):
        at = np.flatnonzero(piece == c)
        ground = at[1:]
        if ground.size:
            inverse = np.linalg.inv(reduced[np.ix_(ground, ground)])
            green[np.ix_(ground, ground)] = (inverse + inverse.T) / 2
    for i in range(t):
        if ends[i].size:
            found[i, i] = 0.0
        for j in range(i + 1, t):
            if not ends[i].size or not ends[j].size:
                continue
            if np.intersect1d(ends[i], ends[j]).size:
                found[i, j] = found[j, i] = 0.0
                continue
            if ends[i].size == ends[j].size == 1:
                a, b = int(ends[i][0]), int(ends[j][0])
                joined = piece[a] == piece[b]
                value = green[a, a] + green[b, b] - 2 * green[a, b] if joined else np.inf
                level = green[:, a] - green[:, b]
            else:
                value, level = _merged(reduced, ends[i], ends[j])
            found[i, j] = found[j, i] = value
            if currents and np.isfinite(value):
                potentials.append((i, j, level))
    return found, potentials


def _merged(reduced: Floats, one: Ints, other: Ints) -> tuple[float, Floats]:
    """Resistance between two sets of nodes, each joined in one, and the potentials at unit current."""
    k = reduced.shape[0]
    group = np.full(k, -1)
    group[one], group[other] = 0, 1
    rest = np.flatnonzero(group < 0)
    group[rest] = np.arange(2, 2 + rest.size)
    join = np.zeros((k, 2 + rest.size))
    join[np.arange(k), group] = 1.0
    small = laplacian_of(join.T @ reduced @ join)
    _, label = connected_components(sp.csr_array(-np.minimum(small, 0)), directed=False)
    if label[0] != label[1]:
        return np.inf, np.zeros(k)
    at = np.flatnonzero(label == label[0])
    at = at[at != 1]
    level = np.zeros(small.shape[0])
    level[at] = np.linalg.solve(small[np.ix_(at, at)], (at == 0).astype(np.float64))
    return float(level[0]), level[group]


def _current(
    part: sp.csr_array,
    done: Eliminated,
    ends: list[Ints],
    short: Ints,
    nodes: list[Ints],
    potentials: list[tuple[int, int, Floats]],
) -> Floats:
    """Current through each node, summed over the pairs."""
    total = np.zeros(part.shape[0])
    ptr, to = part.indptr.astype(np.int64), part.indices.astype(np.int64)
    for first in range(0, len(potentials), 64):
        block = potentials[first : first + 64]
        levels = done.lifted(np.column_stack([level for _, _, level in block]))
        for (i, j, _), level in zip(block, levels.T, strict=True):
            ends_of_pair = np.r_[short[nodes[i]], short[nodes[j]]]
            _add_current(ptr, to, part.data, np.ascontiguousarray(level), ends_of_pair, total)
    return total


@compiled
def _add_current(ptr: Ints, to: Ints, value: Floats, level: Floats, ends: Ints, total: Floats) -> None:
    for u in range(level.size):
        came, went = 0.0, 0.0
        for e in range(ptr[u], ptr[u + 1]):
            flow = value[e] * (level[u] - level[to[e]])
            if flow > 0:
                went += flow
            else:
                came -= flow
        total[u] += max(came, went)


def _from_matrix(matrix: Any, short_circuits: ArrayLike | None) -> _Network:
    net = sp.coo_array(matrix).astype(np.float64)
    n = net.shape[0]
    if net.shape != (n, n) or not np.isfinite(net.data).all() or (net.data < 0).any():
        raise EcostatError("conductances must be a square matrix, known and not negative")
    square = sp.csr_array(net)
    if abs(square - square.T).max() > 1e-9 * max(float(abs(square).max()), 1e-300):
        raise EcostatError("conductances must be symmetric")
    node = _joined(np.arange(n), _regions(short_circuits, (n,)))
    return _network(net.coords[0], net.coords[1], net.data / 2, node, None, (n,))


def _from_raster(raster: Floats, neighbours: int, average: str, short_circuits: ArrayLike | None) -> _Network:
    if raster.size == 0:
        raise EcostatError("conductance must be a raster (rows, columns) or a sparse matrix")
    gates.choice("neighbours", neighbours, (4, 8))
    gates.choice("average", average, ("resistance", "conductance"))
    data = np.nan_to_num(raster, nan=0.0) > 0
    number = np.where(data, np.cumsum(data).reshape(raster.shape) - 1, -1)
    steps = [(0, 1, 1.0), (1, 0, 1.0)] + ([(1, 1, 2**-0.5), (1, -1, 2**-0.5)] if neighbours == 8 else [])
    us, vs, gs = [], [], []
    height, width = raster.shape
    for down, right, scale in steps:
        a = (slice(0, height - down), slice(max(0, -right), width - max(0, right)))
        b = (slice(down, height), slice(max(0, right), width + min(0, right)))
        both = data[a] & data[b]
        g, h = raster[a][both], raster[b][both]
        gs.append(scale * ((g + h) / 2 if average == "conductance" else 2 / (1 / g + 1 / h)))
        us.append(number[a][both])
        vs.append(number[b][both])
    regions = _regions(short_circuits, raster.shape)
    node = _joined(number.ravel(), regions.ravel())
    rows, columns = np.nonzero(data)
    return _network(
        np.concatenate(us), np.concatenate(vs), np.concatenate(gs), node, (rows, columns), raster.shape
    )


def _regions(short_circuits: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    """The region of each cell or node, 0 where none."""
    if short_circuits is None:
        return np.zeros(shape)
    regions = gates.numbers("short_circuits", short_circuits, dims=len(shape))
    if regions.shape != shape:
        raise EcostatError(f"short_circuits must have the shape of the network, {shape}, not {regions.shape}")
    return regions


def _joined(number: Ints, region: Floats) -> Ints:
    """The node of each cell once cells of one region share theirs; a region without data stays without."""
    node = number.astype(np.int64).copy()
    region = np.nan_to_num(region, nan=0.0)
    for r in np.unique(region[region != 0]):
        cells = np.flatnonzero(region == r)
        real = node[cells][node[cells] >= 0]
        if real.size:
            same = np.isin(node, real)
            node[same] = real.min()
            node[cells] = real.min()
    return node


def _network(
    u: Ints, v: Ints, g: Floats, node: Ints, cells: tuple[Ints, Ints] | None, shape: tuple[int, ...]
) -> _Network:
    """The network over the distinct nodes; a node of several cells has the map place (−1, −1)."""
    many = int(max(node.max(initial=-1) + 1, u.max(initial=-1) + 1, v.max(initial=-1) + 1))
    if cells is not None:
        many = max(many, cells[0].size)
    first = np.arange(many)
    if cells is None:
        first = node.copy()
    else:  # cells with data, in order, stand for their own number before regions joined them
        flat = cells[0] * shape[1] + cells[1]
        first = node[flat]
    used, new = np.unique(first, return_inverse=True)
    a, b = new[u], new[v]
    real = a != b
    n = used.size
    pairs = sp.coo_array(
        (np.r_[g[real], g[real]], (np.r_[a[real], b[real]], np.r_[b[real], a[real]])), shape=(n, n)
    )
    net = sp.csr_array(pairs)
    net.sum_duplicates()
    net.eliminate_zeros()
    back = np.full(many + 1, -1, np.int64)
    back[used] = np.arange(n)
    place = None
    if cells is not None:
        row, column = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
        row[new], column[new] = cells
        shared = np.bincount(new, minlength=n) > 1
        row[shared] = column[shared] = -1
        place = (row, column)
    return _Network(net, np.where(node >= 0, back[node], -1), place, shape)
