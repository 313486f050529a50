"""From the arguments of a question to its checked problem."""

from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from ecostat import gates
from ecostat.errors import EcostatError, Infeasible
from ecostat.planning.constraints import Constraints, merged
from ecostat.planning.possible import possible
from ecostat.planning.problem import Floats, Problem
from ecostat.planning.reading import amounts, beside, column, edges, few, linear, named, row


def problem(
    kind: str,
    cost: ArrayLike,
    amount: Any,
    target: ArrayLike | None = None,
    *,
    budget: float | None = None,
    weights: ArrayLike | None = None,
    relative: bool = False,
    constraints: Constraints | None = None,
    **rules: Any,
) -> Problem:
    """The checked problem: `kind` "set", "shortfall" or "coverage"; see `min_set` and its companions.

    With `relative` a target is a share (0 to 1) of all there is of its feature. `constraints`, or its fields as
    keywords. What cannot be meant raises `EcostatError`, what plainly cannot be kept `Infeasible`.
    """
    gates.choice("kind", kind, ("set", "shortfall", "coverage"))
    keep = merged(constraints, rules)
    price = column(cost, "cost")
    held = amounts(amount, price.size)
    n, m = price.size, held.shape[0]
    names = named(keep.features, m)
    wanted = np.zeros(m) if target is None else row(target, m, "target", names)
    if gates.flag("relative", relative):
        wanted = _shares(wanted, held, names)
    worth = np.ones(m) if weights is None else row(weights, m, "weights", names)
    if kind == "set":
        if weights is not None:
            raise EcostatError("weights say nothing where every target must be held")
    elif budget is None:
        raise EcostatError("this question needs a budget")
    elif kind == "shortfall" and target is None:
        raise EcostatError("this question needs targets")
    limit = np.inf if budget is None else gates.number("budget", budget, low=0, infinite=True)
    penalty = gates.number("boundary_penalty", keep.boundary_penalty, low=0)
    factor = gates.number("edge_factor", keep.edge_factor, low=0)
    left, right, shared, outer = edges(keep.boundary, n, penalty)
    rows, low, high, limit_names = linear(keep.limits, n)

    forced = np.zeros(n, np.int8)
    forced[gates.selection("locked_out", keep.locked_out, n)] = -1
    within = gates.selection("locked_in", keep.locked_in, n)
    both = np.flatnonzero((forced == -1) & within)
    if both.size:
        raise Infeasible(f"units {few(both)} are locked in and locked out at once")
    forced[within] = 1

    neighbours = gates.whole("neighbours", keep.neighbours, low=0)
    contiguous, clamp = gates.flag("contiguous", keep.contiguous), gates.flag("clamp", keep.clamp)
    links = beside(keep.adjacency, keep.boundary, n) if neighbours or contiguous else None
    company = np.full(n, float(neighbours))
    if clamp and links is not None:
        company = np.minimum(company, np.asarray(links @ (forced >= 0).astype(np.float64)).ravel())

    whole = kind == "coverage"
    if kind == "coverage" and target is None:  # one unit that holds the feature covers it
        held = sp.csc_array((np.ones(held.nnz), held.indices, held.indptr), shape=held.shape)
        wanted, whole = np.ones(m), False
    lack = np.full(m, np.inf)  # a minimum set holds every target
    if kind != "set":
        lack = np.divide(worth, wanted, out=np.zeros(m), where=wanted > 0)
    found = Problem(
        kind=kind,
        price=(price if kind == "set" else np.zeros(n)) + penalty * factor * outer,
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
        adjacency=links,
        neighbours=neighbours,
        company=company,
        contiguous=contiguous,
        limits=rows,
        limit_low=low,
        limit_high=high,
        limit_names=limit_names,
        names=names,
        outer=factor * outer,
        penalty=penalty,
        offset=float(worth.sum()) if kind == "coverage" else 0.0,
        sign=-1.0 if kind == "coverage" else 1.0,
    )
    return replace(found, forced=possible(found))


def _shares(wanted: Floats, held: sp.csc_array, names: tuple[str, ...]) -> Floats:
    over = np.flatnonzero(wanted > 1)
    if over.size:
        raise EcostatError(
            f"target of {names[over[0]]} is {wanted[over[0]]:g}: a relative target is a share from 0 to 1"
        )
    return wanted * np.asarray(held.sum(axis=1), dtype=np.float64).ravel()
