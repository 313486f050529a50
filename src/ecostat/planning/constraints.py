"""What a selection must keep besides its targets, told once for every question."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from numpy.typing import ArrayLike

from ecostat.errors import EcostatError


@dataclass(frozen=True)
class Limit:
    """A linear limit: `least` ≤ Σ `amount` · selected ≤ `most`.

    `amount` (units,) of any sign, or a sparse (limits, units) for several limits alike.
    """

    amount: Any
    least: float = -float("inf")
    most: float = float("inf")
    name: str = "limit"


@dataclass(frozen=True)
class Constraints:
    """What a selection must keep, and what its shape costs.

    `locked_in`, `locked_out`: a mask (units,) or unit numbers, always or never selected.
    `boundary`: symmetric units × units, shared edge lengths off the diagonal, outer edges on it; the objective
    gains `boundary_penalty` × (edges between selected and other units + `edge_factor` × outer edges).
    `adjacency`: symmetric units × units, not zero = side by side (default: `boundary`). With `neighbours` k each
    selected unit has at least k selected neighbours; `clamp` asks no unit for more than it can have (neighbours
    that are not locked out). `contiguous`: the selected units are one piece. `limits`: linear limits.
    `features`: names used in messages.
    """

    locked_in: ArrayLike | None = None
    locked_out: ArrayLike | None = None
    boundary: Any = None
    boundary_penalty: float = 0.0
    edge_factor: float = 0.5
    adjacency: Any = None
    neighbours: int = 0
    clamp: bool = False
    contiguous: bool = False
    limits: Sequence[Limit] = ()
    features: Sequence[str] | None = None


def merged(constraints: Constraints | None, rules: dict[str, Any]) -> Constraints:
    """The constraints given whole or keyword by keyword, never both."""
    known = [f.name for f in fields(Constraints)]
    strange = sorted(set(rules) - set(known))
    if strange:
        raise TypeError(f"there is no argument {', '.join(strange)}; constraints are {', '.join(known)}")
    if constraints is None:
        return Constraints(**rules)
    if not isinstance(constraints, Constraints):
        raise EcostatError(f"constraints must be planning.Constraints, not {type(constraints).__name__}")
    if rules:
        raise EcostatError(f"give {', '.join(sorted(rules))} inside constraints, not beside it")
    return constraints
