"""Maxent of 1,000 presences against 10,000 background places, beside maxnet's figure and a stated floor.

Run with OPENBLAS_NUM_THREADS=1 where other work shares the processors: threads that wait for each other count too.
"""

from functools import partial

import numpy as np

from benchmarks.table import Row, best_of, markdown
from ecostat.suitability import Glm, Maxent, RandomForest
from ecostat.suitability.features import make_features


def places(
    presences: int = 1_000, background: int = 10_000, covariates: int = 8, seed: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Correlated covariates; presences drawn with a rate that bends and interacts."""
    rng = np.random.default_rng(seed)
    ground = rng.normal(size=(10 * background, covariates))
    ground += 0.3 * ground @ rng.normal(size=(covariates, covariates))
    rate = np.exp(1.2 * ground[:, 0] - 0.6 * ground[:, 1] ** 2 + 0.5 * ground[:, 2] * ground[:, 3])
    at = rng.choice(rate.size, presences, p=rate / rate.sum())
    off = rng.choice(rate.size, background, replace=False)
    return np.repeat([1.0, 0.0], [presences, background]), ground[np.concatenate([at, off])]


def rows() -> list[Row]:
    """The result table of this module."""
    presence, x = places()

    def floor(classes: str) -> None:
        made = make_features(x, classes, (), 50)
        made.matrix(x) @ np.ones(made.kind.size)

    table = []
    for classes, note in (("lqph", "maxnet's default classes"), ("lqpht", "with thresholds")):
        fit = Maxent(classes).fit(presence, x)
        table.append(
            Row(
                f"Maxent {classes}, 11,000 × 8, {fit.n_features:,} features",
                best_of(partial(Maxent(classes).fit, presence, x), 12),
                "features made and multiplied by a vector",
                best_of(partial(floor, classes), 12),
                "maxnet (default)",
                4.88,
                "≥ 15× maxnet",
                f"{note}; {fit.coef.size} kept, conditions met to {fit.gap:.0e} of a penalty",
            )
        )
    model = Maxent("lqph").fit(presence, x)
    table.append(Row("predict 11,000 rows", best_of(partial(model.predict, x), 12)))
    table.append(Row("GLM with squares, 11,000 × 8", best_of(partial(Glm().fit, presence, x), 12)))
    table.append(
        Row(
            "random forest, 100 trees of 1,000 + 1,000",
            best_of(lambda: RandomForest(100).fit(presence, x, np.random.default_rng(1)), 3),
        )
    )
    return table


if __name__ == "__main__":
    print(markdown(rows()), end="")
