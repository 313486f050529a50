"""Which unit for which use: plans over several zones, each with its own costs and amounts."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, Infeasible
from ecostat.planning.asking import problem
from ecostat.planning.constraints import Constraints, Limit, merged
from ecostat.planning.flowing import in_pieces
from ecostat.planning.plan import Listener, Plan, Watch
from ecostat.planning.problem import Floats, Problem
from ecostat.planning.program import program, search
from ecostat.planning.reading import amounts, beside, named
from ecostat.planning.solving import solve


@dataclass(frozen=True)
class ZonePlan:
    """`zone` (units,): the zone of each unit, −1 where none; `held` (features, zones); and the plan's figures.

    `objective`, `bound`, `gap`, `cost`, `seconds`, `converged`, `message` as in a `Plan`; `shortfall` one a target.
    """

    zone: NDArray[np.int64]
    held: Floats
    shortfall: Floats
    objective: float
    bound: float
    gap: float
    cost: float
    seconds: float
    converged: bool
    message: str


def zoned(
    cost: ArrayLike,
    amount: Sequence[Any],
    target: ArrayLike,
    *,
    budget: float | None = None,
    everywhere: bool = False,
    constraints: Constraints | None = None,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
    **rules: Any,
) -> ZonePlan:
    """The cheapest zoning that holds every target, or with `budget` the one that leaves least unmet.

    `cost` (units, zones); `amount` one features × units for each zone: what a unit holds if it is put there (Watts
    et al. 2009). `target` (features,) over all zones together, or (features, zones), NaN = none. A unit is in one
    zone at most, with `everywhere` in exactly one. In `constraints` locks and limits are (units, zones); edges,
    neighbours and their penalty count within each zone; with `contiguous` each zone is one piece or empty.
    """
    prices = gates.numbers("cost", cost, dims=2, missing=False)
    n, zones = prices.shape
    if not isinstance(amount, Sequence | np.ndarray) or (getattr(amount, "shape", None) == ()):
        raise EcostatError(f"amount must be a list of one table a zone, not {type(amount).__name__}")
    if len(amount) != zones:
        raise EcostatError(f"amount has {len(amount)} tables for {zones} zones")
    held = [amounts(table, n) for table in amount]
    m = held[0].shape[0]
    if any(table.shape[0] != m for table in held):
        raise EcostatError("amount must give the same features for every zone")
    keep = merged(constraints, rules)
    pieces = gates.flag("contiguous", keep.contiguous)
    links = beside(keep.adjacency, keep.boundary, n) if pieces else None
    table, wanted, names = _targets(held, target, keep.features, zones)
    once = sp.csr_array(sp.hstack([sp.eye_array(n)] * zones))
    least = 1.0 if gates.flag("everywhere", everywhere) else -np.inf
    p = problem(
        "set" if budget is None else "shortfall",
        prices.ravel(order="F"),
        table,
        wanted,
        budget=budget,
        constraints=_spread(
            replace(keep, contiguous=False), n, zones, Limit(once, least, 1.0, "one zone a unit"), names
        ),
    )
    if links is None:
        return _told(solve(p, gap, time_limit, progress), held, n, zones)
    return _told(_in_pieces(p, links, zones, gap, time_limit, progress), held, n, zones)


def _in_pieces(
    p: Problem,
    links: sp.csr_array,
    zones: int,
    gap: float | None,
    time_limit: float,
    progress: Listener | None,
) -> Plan:
    """The plan in which the units of each zone are one piece, by a flow in the exact program."""
    asked = 0.0 if gap is None else gates.number("gap", gap, low=0)
    watch = Watch(p, asked, gates.number("time_limit", time_limit, above=0, infinite=True), progress)
    within = sp.csr_array(sp.block_diag([links] * zones))
    g = in_pieces(program(p), within, np.repeat(np.arange(zones), links.shape[0]))
    search(g, watch, g.low, g.high)
    if watch.best is None and watch.bound == np.inf:
        raise Infeasible("no zoning with each zone in one piece holds these targets, locks and limits")
    return watch.plan()


def _targets(
    held: list[sp.csc_array], target: ArrayLike, features: Sequence[str] | None, zones: int
) -> tuple[sp.csc_array, Floats, tuple[str, ...]]:
    """One row a target over units × zones, the target, and its name."""
    m = held[0].shape[0]
    names = named(features, m)
    wanted = gates.numbers("target", target, dims=(1, 2), low=0)
    if wanted.ndim == 1:
        if wanted.size not in (1, m) or np.isnan(wanted).any():
            raise EcostatError(f"target has {wanted.size} known values for {m} features")
        return sp.csc_array(sp.hstack(held)), np.broadcast_to(wanted, (m,)).copy(), names
    if wanted.shape != (m, zones):
        raise EcostatError(f"target must be (features, zones) = ({m}, {zones}), not {wanted.shape}")
    rows = sp.csr_array(sp.block_diag(held))
    asked = np.flatnonzero(~np.isnan(wanted.ravel(order="F")))
    if asked.size == 0:
        raise EcostatError("target names nothing to hold")
    said = tuple(f"{names[j % m]} in zone {j // m}" for j in asked)
    return sp.csc_array(rows[asked]), wanted.ravel(order="F")[asked], said


def _spread(keep: Constraints, n: int, zones: int, once: Limit, names: tuple[str, ...]) -> Constraints:
    """The constraints over units × zones, zone by zone."""

    def flat(what: str, values: Any) -> NDArray[Any] | None:
        if values is None:
            return None
        given = gates.numbers(what, values, dims=2, missing=False)
        if given.shape != (n, zones):
            raise EcostatError(f"{what} must be (units, zones) = ({n}, {zones}), not {given.shape}")
        return given.ravel(order="F")

    def mask(what: str, values: Any) -> NDArray[Any] | None:
        given = flat(what, values)
        return None if given is None else gates.mask(what, given)

    def blocks(matrix: Any) -> Any:
        return None if matrix is None else sp.csr_array(sp.block_diag([sp.csr_array(matrix)] * zones))

    limits = [replace(limit, amount=flat(limit.name, limit.amount)) for limit in keep.limits]
    spread = {
        "locked_in": mask("locked_in", keep.locked_in),
        "locked_out": mask("locked_out", keep.locked_out),
        "boundary": blocks(keep.boundary),
        "adjacency": blocks(keep.adjacency),
        "limits": [once, *limits],
        "features": names,
    }
    same = {f.name: getattr(keep, f.name) for f in fields(keep) if f.name not in spread}
    return Constraints(**same, **spread)


def _told(plan: Plan, held: list[sp.csc_array], n: int, zones: int) -> ZonePlan:
    chosen = plan.selected.reshape(zones, n)
    zone = np.where(chosen.any(axis=0), chosen.argmax(axis=0), -1).astype(np.int64)
    amount = np.column_stack(
        [np.asarray(h[:, x].sum(axis=1)).ravel() for h, x in zip(held, chosen, strict=True)]
    )
    same = ("shortfall", "objective", "bound", "gap", "cost", "seconds", "converged", "message")
    return ZonePlan(zone, amount, **{name: getattr(plan, name) for name in same})
