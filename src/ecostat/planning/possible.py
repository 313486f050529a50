"""What can never be selected, and what plainly cannot be kept, seen before any search."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ecostat.errors import Infeasible
from ecostat.planning.problem import Bools, Problem
from ecostat.planning.reading import few

_SLACK = 1e-8


def possible(p: Problem) -> NDArray[np.int8]:
    """The locks, with units that can never be selected locked out; what plainly cannot be kept is named."""
    forced = p.forced.copy()
    if p.neighbours and p.adjacency is not None:
        forced = _in_company(p, forced)
    if p.contiguous and p.adjacency is not None:
        forced = _one_piece(p, forced)
    spent = float(p.cost[forced == 1].sum())
    if spent > p.budget * (1 + _SLACK):
        raise Infeasible(f"the locked-in units cost {spent:g}, the budget is {p.budget:g}")
    if p.hard:
        most = p.held(forced >= 0)
        out = np.flatnonzero(most < p.target * (1 - _SLACK))
        if out.size:
            said = [f"{p.names[j]} (target {p.target[j]:g}, at most {most[j]:g} to be had)" for j in out[:5]]
            more = f" and {out.size - 5} more" if out.size > 5 else ""
            raise Infeasible("targets out of reach: " + ", ".join(said) + more)
    if p.limit_low.size:
        _within_limits(p, forced)
    return forced


def _within_limits(p: Problem, forced: NDArray[np.int8]) -> None:
    """A limit that no selection at all can keep is named."""
    free, inside = (forced == 0).astype(np.float64), (forced == 1).astype(np.float64)
    size = abs(p.limits)
    up, down = (size + p.limits) / 2, (size - p.limits) / 2
    least = np.asarray(p.limits @ inside - down @ free).ravel()
    most = np.asarray(p.limits @ inside + up @ free).ravel()
    slack = _SLACK * np.asarray(size @ (free + inside)).ravel()
    over, under = np.flatnonzero(least > p.limit_high + slack), np.flatnonzero(most < p.limit_low - slack)
    if over.size:
        k = int(over[0])
        said = f"{p.limit_names[k]} is at least {least[k]:g} whatever is selected"
        raise Infeasible(f"{said}, more than {p.limit_high[k]:g}")
    if under.size:
        k = int(under[0])
        raise Infeasible(f"{p.limit_names[k]} reaches at most {most[k]:g}, less than {p.limit_low[k]:g}")


def _in_company(p: Problem, forced: NDArray[np.int8]) -> NDArray[np.int8]:
    """Locks after which every open unit has enough open neighbours."""
    assert p.adjacency is not None
    forced = forced.copy()
    while True:
        around = np.asarray(p.adjacency @ (forced >= 0).astype(np.float64)).ravel()
        alone = (around < p.company) & (forced >= 0)
        if not alone.any():
            return forced
        if (alone & (forced == 1)).any():
            who = np.flatnonzero(alone & (forced == 1))
            raise Infeasible(f"locked-in units {few(who)} cannot have {p.neighbours} selected neighbours")
        forced[alone] = -1


def _one_piece(p: Problem, forced: NDArray[np.int8]) -> NDArray[np.int8]:
    """Locks after which only pieces of land that can hold locked-in units and targets are open."""
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
        least = p.target * (1 - _SLACK)
        fits = [c for c in range(count) if not (p.held(_mask(p.units, may[label == c])) < least).any()]
        if not fits:
            best = np.max([p.held(_mask(p.units, may[label == c])) for c in range(count)], axis=0)
            short = np.flatnonzero(best < least)
            which = p.names[int(short[0])] if short.size else "all targets together"
            raise Infeasible(f"no connected piece of land can hold {which}")
        forced = forced.copy()
        forced[may[~np.isin(label, fits)]] = -1
    return forced


def _mask(n: int, units: NDArray[np.intp]) -> Bools:
    x = np.zeros(n, np.bool_)
    x[units] = True
    return x
