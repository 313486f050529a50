"""Choosing among detection functions fitted to the same distances."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecostat import gates
from ecostat.distance.detection import Detection
from ecostat.distance.fitted import Goodness
from ecostat.errors import EcostatError
from ecostat.floats import Floats


@dataclass(frozen=True)
class Selection:
    """Models from best to worst by the criterion, with `criterion` values, `delta` to the best, Akaike
    `weights` and tests of fit; `best` is the first; `message` one plain sentence."""

    models: tuple[Detection, ...]
    criterion: Floats
    delta: Floats
    weights: Floats
    goodness: tuple[Goodness, ...]
    message: str

    @property
    def best(self) -> Detection:
        """The model with the lowest criterion."""
        return self.models[0]


def select(models: Sequence[Detection], overdispersion: float | None = None) -> Selection:
    """The models are ranked by AIC, or by QAIC = -2 loglik / ĉ + 2 k when the distances are not independent.

    `overdispersion`: ĉ, for instance the detections an animal gives in one visit to a camera (Howe et al.
    2019, Methods Ecol. Evol. 10:38-47). Models of different distances, truncation or bands cannot be
    compared and are refused.
    """
    models = gates.instances("models", models, Detection, "distance.fit")
    first = models[0]
    for m in models[1:]:
        same = (m.n, m.left, m.truncation, m.survey) == (first.n, first.left, first.truncation, first.survey)
        if m.breaks is None or first.breaks is None:
            bands = m.breaks is first.breaks
        else:
            bands = np.array_equal(m.breaks, first.breaks)
        if not (same and bands and np.array_equal(m.distance, first.distance)):
            raise EcostatError(
                "AIC compares models of the same distances, truncation and bands; these differ."
            )
    if overdispersion is None:
        criterion = np.array([m.aic for m in models])
    elif (overdispersion := gates.number("overdispersion", overdispersion)) < 1:
        raise EcostatError("overdispersion below 1 would make the models look surer than they are.")
    else:
        criterion = np.array([-2 * m.loglik / overdispersion + 2 * len(m.coef) for m in models])
    order = np.argsort(criterion, kind="stable")
    delta = criterion[order] - criterion[order[0]]
    weights = np.exp(-delta / 2)
    ranked = tuple(models[i] for i in order)
    name = "AIC" if overdispersion is None else "QAIC"
    best = ranked[0]
    series = f" with {best.adjust} {', '.join(map(str, best.orders))}" if best.orders else ""
    return Selection(
        ranked,
        criterion[order],
        delta,
        weights / weights.sum(),
        tuple(m.goodness() for m in ranked),
        f"{name} prefers {best.key}{series} "
        f"(weight {float(weights[0] / weights.sum()):.2f} among {len(ranked)} models).",
    )
