"""What a plan must do, checked and put into one form: units, features, targets, budget, edges, locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, Infeasible

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: A target, a budget or a bound counts as kept when it is missed by at most this share of itself.
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Problem:
    """Minimise price·x + Σ shared·|x_left − x_right| + Σ lack·shortfall over x in {0, 1}, within the limits.

    `lack` is infinite where the target must be held. With `whole` a shortfall costs its full weight
    (lack × target) however small it is. `forced` is 1 locked in, −1 locked out, 0 free.
    """

    price: Floats
    cost: Floats
    amount: sp.csc_array
    target: Floats
    lack: Floats
    whole: bool
    budget: float
    left: Ints
    right: Ints
    shared: Floats
    forced: NDArray[np.int8]
    adjacency: sp.csr_array | None
    neighbours: int
    contiguous: bool
    names: tuple[str, ...]
    outer: Floats
    penalty: float

    @property
    def units(self) -> int:
        """The number of units."""
        return self.price.size

    @property
    def hard(self) -> bool:
        """True where every target must be held."""
        return bool(np.isinf(self.lack).any())

    def held(self, x: Bools) -> Floats:
        """The amount of each feature in the selected units."""
        return np.asarray(self.amount[:, x].sum(axis=1), dtype=np.float64).ravel()

    def missing(self, x: Bools) -> Floats:
        """How much of each target is not held, zero within `TOLERANCE`."""
        short = self.target - self.held(x)
        return np.where(short > TOLERANCE * np.maximum(self.target, 1e-300), short, 0.0)

    def perimeter_price(self, x: Bools) -> float:
        """The price of the edges between selected and other units."""
        return float(self.shared[x[self.left] != x[self.right]].sum())

    def perimeter(self, x: Bools) -> float:
        """The length of edge around the selection, outer edges at their factor; 0 where none is charged."""
        if self.penalty == 0:
            return 0.0
        return self.perimeter_price(x) / self.penalty + float(self.outer[x].sum())

    def value(self, x: Bools) -> float:
        """The objective to be made small, infinite where a hard target is missed."""
        short = self.missing(x)
        if self.hard:
            lost = np.inf if short.any() else 0.0
        elif self.whole:
            lost = float((self.lack * self.target)[short > 0].sum())
        else:
            lost = float(self.lack @ short)
        return float(self.price[x].sum()) + self.perimeter_price(x) + lost

    def keeps(self, x: Bools) -> bool:
        """True where x keeps targets that must be held, budget, locks, neighbours and contiguity."""
        if (x[self.forced == -1]).any() or not x[self.forced == 1].all():
            return False
        if float(self.cost[x].sum()) > self.budget * (1 + TOLERANCE):
            return False
        if self.hard and self.missing(x).any():
            return False
        if self.neighbours and self.adjacency is not None:
            beside = np.asarray(self.adjacency @ x.astype(np.float64)).ravel()
            if (beside[x] < self.neighbours).any():
                return False
        return not self.contiguous or self.pieces(x) <= 1

    def pieces(self, x: Bools) -> int:
        """How many connected pieces the selected units form."""
        assert self.adjacency is not None
        chosen = np.flatnonzero(x)
        if chosen.size == 0:
            return 0
        part = self.adjacency[chosen][:, chosen]
        return int(sp.csgraph.connected_components(part, directed=False, return_labels=False))


def problem(
    cost: ArrayLike,
    amount: Any,
    target: ArrayLike | None,
    *,
    budget: float | None = None,
    weights: ArrayLike | None = None,
    kind: str,
    locked_in: ArrayLike | None,
    locked_out: ArrayLike | None,
    boundary: Any,
    boundary_penalty: float,
    edge_factor: float,
    adjacency: Any,
    neighbours: int,
    contiguous: bool,
    features: Sequence[str] | None,
) -> Problem:
    """The checked problem; what cannot be meant raises `EcostatError`, what cannot be kept `Infeasible`."""
    price = _column(cost, "cost")
    n = price.size
    held = _amounts(amount, n)
    m = held.shape[0]
    names = tuple(features) if features is not None else tuple(f"feature {j}" for j in range(m))
    if len(names) != m:
        raise EcostatError(f"{len(names)} feature names stand beside {m} features")
    wanted = np.zeros(m) if target is None else _row(target, m, "target", names)
    worth = np.ones(m) if weights is None else _row(weights, m, "weights", names)
    limit = np.inf if budget is None else float(budget)
    if np.isnan(limit) or limit < 0:
        raise EcostatError(f"the budget must be zero or more, not {limit:g}")
    left, right, shared, outer = _edges(boundary, n, boundary_penalty, edge_factor)
    beside = _beside(adjacency, boundary, n, neighbours, contiguous)
    forced = np.zeros(n, np.int8)
    forced[_units(locked_out, n, "locked_out")] = -1
    both = np.flatnonzero((forced == -1) & _units(locked_in, n, "locked_in"))
    if both.size:
        raise Infeasible(f"units {_few(both)} are locked in and locked out at once")
    forced[_units(locked_in, n, "locked_in")] = 1

    whole = kind == "coverage"
    if kind == "coverage" and target is None:  # one unit that holds the feature covers it
        held = sp.csc_array((np.ones(held.nnz), held.indices, held.indptr), shape=held.shape)
        wanted, whole = np.ones(m), False
    lack = np.full(m, np.inf)  # a minimum set holds every target
    if kind != "set":
        lack = np.divide(worth, wanted, out=np.zeros(m), where=wanted > 0)
    found = Problem(
        price=(price if kind == "set" else np.zeros(n)) + boundary_penalty * edge_factor * outer,
        cost=price,
        amount=held,
        target=wanted,
        lack=lack,
        whole=whole,
        budget=limit,
        left=left,
        right=right,
        shared=shared,
        forced=forced,
        adjacency=beside,
        neighbours=int(neighbours),
        contiguous=bool(contiguous),
        names=names,
        outer=edge_factor * outer,
        penalty=float(boundary_penalty),
    )
    return _possible(found)


def _possible(p: Problem) -> Problem:
    """The problem with units that can never be selected locked out; what plainly cannot be kept is named."""
    forced = p.forced.copy()
    if p.neighbours and p.adjacency is not None:
        while True:  # a unit with too few possible neighbours can never be selected
            beside = np.asarray(p.adjacency @ (forced >= 0).astype(np.float64)).ravel()
            alone = (beside < p.neighbours) & (forced >= 0)
            if not alone.any():
                break
            if (alone & (forced == 1)).any():
                who = np.flatnonzero(alone & (forced == 1))
                raise Infeasible(
                    f"locked-in units {_few(who)} cannot have {p.neighbours} selected neighbours"
                )
            forced[alone] = -1
    if p.contiguous and p.adjacency is not None:
        forced = _one_piece(p, forced)
    spent = float(p.cost[forced == 1].sum())
    if spent > p.budget * (1 + TOLERANCE):
        raise Infeasible(f"the locked-in units cost {spent:g}, the budget is {p.budget:g}")
    if p.hard:
        most = p.held(forced >= 0)
        out = np.flatnonzero(most < p.target * (1 - TOLERANCE))
        if out.size:
            said = [f"{p.names[j]} (target {p.target[j]:g}, at most {most[j]:g} to be had)" for j in out[:5]]
            more = f" and {out.size - 5} more" if out.size > 5 else ""
            raise Infeasible("targets out of reach: " + ", ".join(said) + more)
    return Problem(**{**p.__dict__, "forced": forced})


def _one_piece(p: Problem, forced: NDArray[np.int8]) -> NDArray[np.int8]:
    """Locks after which only the piece of land that holds the locked-in units is open."""
    assert p.adjacency is not None
    may = np.flatnonzero(forced >= 0)
    count, label = sp.csgraph.connected_components(p.adjacency[may][:, may], directed=False)
    inside = np.unique(label[forced[may] == 1])
    if inside.size > 1:
        apart = [int(may[(label == c) & (forced[may] == 1)][0]) for c in inside[:2]]
        raise Infeasible(f"locked-in units {apart[0]} and {apart[1]} cannot be joined in one piece")
    if inside.size == 1:
        forced = forced.copy()
        forced[may[label != inside[0]]] = -1
    elif p.hard and count > 1:
        fits = [c for c in range(count) if not (p.held(_mask(p.units, may[label == c])) < p.target).any()]
        if not fits:
            best = np.max([p.held(_mask(p.units, may[label == c])) for c in range(count)], axis=0)
            short = np.flatnonzero(best < p.target * (1 - TOLERANCE))
            which = p.names[int(short[0])] if short.size else "all targets together"
            raise Infeasible(f"no connected piece of land can hold {which}")
        out = ~np.isin(label, fits)
        forced = forced.copy()
        forced[may[out]] = -1
    return forced


def _mask(n: int, units: Ints) -> Bools:
    x = np.zeros(n, np.bool_)
    x[units] = True
    return x


def _column(values: ArrayLike, what: str) -> Floats:
    x = gates.numbers(what, values)
    if x.size == 0:
        raise EcostatError(f"{what} must be one number a unit, not an array of shape {x.shape}")
    bad = np.flatnonzero(~np.isfinite(x) | (x < 0))
    if bad.size:
        raise EcostatError(
            f"{what} of units {_few(bad)} is negative or unknown; leave such units out or give them a {what}"
        )
    return x


def _row(values: ArrayLike, m: int, what: str, names: tuple[str, ...]) -> Floats:
    given = gates.numbers(what, values)
    if given.size not in (1, m):
        raise EcostatError(f"{what} has {given.size} values for {m} features")
    x = np.broadcast_to(given, (m,)).copy()
    bad = np.flatnonzero(~np.isfinite(x) | (x < 0))
    if bad.size:
        raise EcostatError(f"{what} of {names[bad[0]]} is {x[bad[0]]:g}: it must be known and not negative")
    return x


def _amounts(amount: Any, n: int) -> sp.csc_array:
    rows = sp.csc_array(
        amount if sp.issparse(amount) else np.atleast_2d(gates.numbers("amount", amount, dims=(1, 2)))
    )
    if rows.shape[1] != n:
        raise EcostatError(f"amount must be features × units: it is {rows.shape}, and there are {n} units")
    rows = rows.astype(np.float64)
    rows.sum_duplicates()
    rows.eliminate_zeros()
    if not np.isfinite(rows.data).all() or (rows.data < 0).any():
        raise EcostatError(
            "amount must be known and not negative: unknown is not zero, decide before planning"
        )
    return rows


def _units(which: ArrayLike | None, n: int, what: str) -> Bools:
    return gates.selection(what, which, n)


def _edges(boundary: Any, n: int, penalty: float, factor: float) -> tuple[Ints, Ints, Floats, Floats]:
    none = np.zeros(0, np.int64)
    penalty = gates.number("boundary_penalty", penalty, low=0)
    gates.number("edge_factor", factor, low=0)
    if penalty == 0:
        return none, none, np.zeros(0), np.zeros(n)
    if boundary is None:
        raise EcostatError("a boundary penalty needs the boundary lengths (units × units)")
    edges = _square(boundary, n, "boundary")
    if (edges.data < 0).any():
        raise EcostatError("boundary lengths must not be negative")
    outer = edges.diagonal()
    upper = sp.coo_array(sp.triu(edges, 1))
    return (
        upper.coords[0].astype(np.int64),
        upper.coords[1].astype(np.int64),
        upper.data * penalty,
        outer,
    )


def _square(matrix: Any, n: int, what: str) -> sp.csr_array:
    square = sp.csr_array(matrix if sp.issparse(matrix) else gates.numbers(what, matrix, dims=2))
    if square.dtype.kind not in "biuf":
        raise EcostatError(f"{what} holds {square.dtype}, not numbers")
    square = square.astype(np.float64)
    if square.shape != (n, n):
        raise EcostatError(f"{what} must be units × units ({n} × {n}), not {square.shape}")
    if not np.isfinite(square.data).all():
        raise EcostatError(f"{what} holds an unknown length")
    if abs(square - square.T).max() > 1e-9 * max(1.0, abs(square).max()):
        raise EcostatError(f"{what} must be symmetric")
    square.eliminate_zeros()
    return square


def _beside(adjacency: Any, boundary: Any, n: int, neighbours: int, contiguous: bool) -> sp.csr_array | None:
    neighbours, contiguous = (
        gates.whole("neighbours", neighbours, low=0),
        gates.flag("contiguous", contiguous),
    )
    if not neighbours and not contiguous:
        return None
    source = adjacency if adjacency is not None else boundary
    if source is None:
        raise EcostatError("neighbours and contiguity need the adjacency (units × units) or the boundary")
    links = _square(source, n, "adjacency")
    links.setdiag(0)
    links.eliminate_zeros()
    links.data[:] = 1.0
    return links


def _few(units: Ints) -> str:
    said = ", ".join(str(int(u)) for u in units[:5])
    return said + (f" and {units.size - 5} more" if units.size > 5 else "")
