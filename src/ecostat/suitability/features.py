"""What Maxent makes of a covariate: straight, squared, multiplied, hinged, stepped, a switch a category."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats

CLASSES = "lqpht"
# multipliers tuned by Phillips & Dudik (2008, Ecography 31:161), by number of presences
BY_CLASS = {
    "l": ((0, 10, 30, 100), (1.0, 1.0, 0.2, 0.05)),
    "q": ((0, 10, 17, 30, 100), (1.3, 0.8, 0.5, 0.25, 0.05)),
    "p": ((0, 10, 17, 30, 100), (2.6, 1.6, 0.9, 0.55, 0.05)),
    "h": ((0, 1), (0.5, 0.5)),
    "t": ((0, 100), (2.0, 1.0)),
    "c": ((0, 10, 17), (0.65, 0.5, 0.25)),
}


@dataclass(frozen=True)
class Features:
    """How to turn covariates into features: one entry a feature in each of the parallel tuples.

    `kind` of l, q, p, h (rising hinge), r (falling hinge), t, c; `first`, `second` covariate columns;
    `low`, `high` the ends of a hinge, the step of a threshold, or the code of a category.
    """

    kind: NDArray[np.str_]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    low: Floats
    high: Floats
    names: tuple[str, ...]
    least: Floats
    most: Floats
    categorical: tuple[int, ...]

    def clamp(self, x: Floats) -> Floats:
        """Covariates pulled back into the range seen when fitting; categories stay."""
        return np.clip(x, self.least, self.most)

    def matrix(self, x: Floats, chosen: NDArray[np.intp] | None = None) -> Floats:
        """Rows × features in column order, all of them or the chosen ones."""
        which = np.arange(self.kind.size) if chosen is None else chosen
        out = np.empty((x.shape[0], which.size), order="F")
        for column, j in enumerate(which):
            value = x[:, self.first[j]]
            kind, low, high = self.kind[j], self.low[j], self.high[j]
            target = out[:, column]
            if kind == "l":
                target[:] = value
            elif kind == "q":
                np.multiply(value, value, out=target)
            elif kind == "p":
                np.multiply(value, x[:, self.second[j]], out=target)
            elif kind == "t":
                target[:] = value >= low
            elif kind == "c":
                target[:] = value == low
            else:
                np.subtract(value, low, out=target)
                target /= high - low
                np.clip(target, 0.0, 1.0, out=target)
        return out

    def penalty(self, at_presences: Floats, spread: Floats) -> Floats:
        """The L1 weight of each feature per presence, from its spread over the presences and its class."""
        n = at_presences.shape[0]
        deviation = at_presences.std(axis=0, ddof=1) if n > 1 else np.zeros(self.kind.size)
        curved = "p" if "p" in self.kind else "q" if "q" in self.kind else "l"
        table = {k: float(np.interp(n, *BY_CLASS[k])) for k in BY_CLASS}
        group = np.array([{"l": curved, "q": curved, "p": curved, "r": "h"}.get(k, k) for k in self.kind])
        weight = np.array([table[g] for g in group]) / np.sqrt(n)
        floor = np.where(group == "h", np.maximum(deviation, 1 / np.sqrt(n)) * 0.5 / np.sqrt(n), 0.0)
        ones = at_presences.sum(axis=0)
        floor = np.where((group == "t") & ((ones == 0) | (ones == n)), 1.0, floor)
        return np.maximum(np.maximum(0.001 * spread, floor), deviation * weight)


def features_by_number(presences: int) -> str:
    """The classes that so many presences can carry (Phillips & Dudik 2008): the meaning of "auto"."""
    return "l" if presences < 10 else "lq" if presences < 15 else "lqh" if presences < 80 else "lqph"


def make_features(x: Floats, classes: str, categorical: tuple[int, ...], knots: int) -> Features:
    """The features of these classes, hinges and steps evenly spaced over each covariate's range."""
    least, most = x.min(axis=0), x.max(axis=0)
    smooth = [j for j in range(x.shape[1]) if j not in categorical]
    varying = [j for j in smooth if most[j] > least[j]]
    made: list[tuple[str, int, int, float, float, str]] = []
    for j in categorical:
        made += [("c", j, j, v, 0.0, f"x{j} is {v:g}") for v in np.unique(x[:, j])]
    if "l" in classes:
        made += [("l", j, j, 0.0, 0.0, f"x{j}") for j in varying]
    if "q" in classes:
        made += [("q", j, j, 0.0, 0.0, f"x{j}²") for j in varying]
    if "p" in classes:
        made += [("p", i, j, 0.0, 0.0, f"x{i}·x{j}") for a, i in enumerate(varying) for j in varying[a + 1 :]]
    for j in varying:
        if "h" in classes:
            at = np.linspace(least[j], most[j], knots)
            made += [("h", j, j, k, most[j], f"x{j} above {k:g}") for k in at[:-1]]
            made += [("r", j, j, least[j], k, f"x{j} below {k:g}") for k in at[1:]]
        if "t" in classes:
            made += [
                ("t", j, j, k, 0.0, f"x{j} ≥ {k:g}") for k in np.linspace(least[j], most[j], knots + 2)[1:-1]
            ]
    if not made:
        raise TooFewData("No covariate varies: there is nothing to tell a habitat by.")
    kind, first, second, low, high, names = zip(*made, strict=True)
    free = np.array([j in categorical for j in range(x.shape[1])])
    return Features(
        kind=np.array(kind),
        first=np.array(first, np.intp),
        second=np.array(second, np.intp),
        low=np.array(low, float),
        high=np.array(high, float),
        names=names,
        least=np.where(free, -np.inf, least),
        most=np.where(free, np.inf, most),
        categorical=categorical,
    )


def covariates(x: ArrayLike, name: str = "x") -> Floats:
    """Covariates as a table of finite floats, or an error that names the first bad cell."""
    table = gates.numbers(name, x, dims=(1, 2), infinite=True)
    if table.ndim == 1:
        table = table[:, None]
    if table.shape[1] == 0:
        raise EcostatError(f"Covariates {name} must be rows × columns; they have shape {table.shape}.")
    if not np.isfinite(table).all():
        i, j = np.argwhere(~np.isfinite(table))[0]
        raise EcostatError(
            f"{name}: Covariate {j} of row {i} is missing or infinite: drop such rows and say how many."
        )
    gates.uncoded(name, table)
    return table


def labelled(presence: ArrayLike, x: ArrayLike) -> tuple[NDArray[np.bool_], Floats]:
    """Presences as booleans beside their covariates; anything but 0 and 1 is refused."""
    table = covariates(x)
    marks = gates.numbers("presence", presence, missing=False)
    if marks.size != table.shape[0]:
        raise EcostatError(f"presence has {marks.size} marks and x {table.shape[0]} rows of covariates.")
    if not np.isin(marks, (0.0, 1.0)).all():
        raise EcostatError("presence holds 1 for a presence and 0 for background, nothing else.")
    seen = marks == 1
    if not seen.any():
        raise TooFewData("No presence: there is nothing to learn a habitat from.")
    if seen.all():
        raise TooFewData("No background: a habitat shows only against what was available.")
    return seen, table
