"""A model taught on all folds but one and tested on that one, in turn."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats
from ecostat.suitability.features import labelled
from ecostat.suitability.measures import auc, boyce, tss


@dataclass(frozen=True)
class Validation:
    """Per tested fold `auc`, `tss` (threshold taken from the training rows) and `boyce`; `score` (rows,) is
    each row's prediction by the model that had not seen it, NaN in folds that could not be tested."""

    fold: NDArray[np.intp]
    auc: Floats
    tss: Floats
    boyce: Floats
    presences: NDArray[np.intp]
    score: Floats
    mean_auc: float
    mean_tss: float
    mean_boyce: float
    message: str


def validate(
    learn: Callable[[NDArray[np.float64], Floats], Callable[[Floats], Floats]],
    presence: ArrayLike,
    x: ArrayLike,
    fold: ArrayLike,
) -> Validation:
    """The measures of `learn(presence, x) -> predict` on held-out folds, e.g. those of `spatial_blocks`.

    For Maxent: `lambda p, x: Maxent("lq").fit(p, x).predict`. Folds without a presence or background are
    named in the message and count in no mean.
    """
    seen, table = labelled(presence, x)
    part = gates.numbers("fold", fold, whole=True, missing=False).astype(np.intp)
    if part.size != seen.size:
        raise EcostatError(f"{part.size} folds stand beside {seen.size} rows.")
    score = np.full(seen.size, np.nan)
    tested, figures, passed = [], [], []
    for f in np.unique(part):
        held = part == f
        here, rest = seen[held], seen[~held]
        if not here.any() or here.all() or not rest.any() or rest.all():
            passed.append(str(f))
            continue
        predict = learn(rest.astype(float), table[~held])
        score[held] = predict(table[held])
        cut = tss(rest, predict(table[~held])).threshold
        even = np.ptp(score[held]) == 0
        figures.append(
            (
                auc(here, score[held]),
                tss(here, score[held], cut).tss,
                float("nan") if even else boyce(here, score[held]).index,
                int(here.sum()),
            )
        )
        tested.append(int(f))
    if not figures:
        raise TooFewData("No fold has both presences and background: take larger or fewer blocks.")
    a, t, b, n = (np.array(v) for v in zip(*figures, strict=True))
    told = f"{len(tested)} folds tested."
    if passed:
        told += f" Fold {', '.join(passed)} lacks presences or background and was not."
    return Validation(
        fold=np.array(tested),
        auc=a,
        tss=t,
        boyce=b,
        presences=n,
        score=score,
        mean_auc=float(a.mean()),
        mean_tss=float(t.mean()),
        mean_boyce=float(np.nanmean(b)) if np.isfinite(b).any() else float("nan"),
        message=told,
    )
