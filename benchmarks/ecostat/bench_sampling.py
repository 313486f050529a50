"""Drawing spatially balanced samples, beside one sort of the frame."""

import numpy as np
import shapely

from benchmarks.table import Row, best_of, markdown
from ecostat.sampling import local_variance, sample_areas, sample_points, simulate_trend_power


def rows() -> list[Row]:
    """The result table of this module."""
    rng = np.random.default_rng(1)
    table = []
    for size in (10_000, 200_000):
        x, y = rng.random(size), rng.random(size)
        table.append(
            Row(
                f"GRTS, 500 of {size:,} points",
                best_of(lambda x=x, y=y: sample_points(x, y, 500, rng=rng)),  # type: ignore[misc]
                "one sort of the frame by x and y",
                best_of(lambda x=x, y=y: np.lexsort((x, y))),  # type: ignore[misc]
            )
        )
    star = shapely.union_all(
        [
            shapely.Point(*p).buffer(r)
            for p, r in zip(rng.random((200, 2)), rng.uniform(0.02, 0.08, 200), strict=True)
        ]
    )
    cells = list(shapely.get_parts(star))
    table.append(
        Row(
            f"BAS, 1,000 places in {len(cells)} polygons of {shapely.get_num_coordinates(star):,} vertices",
            best_of(lambda: sample_areas(cells, 1000, rng=rng)),
            "1,000 points tested against the polygons",
            best_of(
                lambda: shapely.STRtree(cells).query(
                    shapely.points(rng.random((1000, 2))), predicate="intersects"
                )
            ),
        )
    )
    x, y = rng.random(500), rng.random(500)
    table.append(
        Row(
            "local variance of 500 places",
            best_of(lambda: local_variance(x + y, np.ones(500), x, y)),
        )
    )
    table.append(
        Row(
            "power of a trend, 500 simulated schemes of 30 sites × 10 years",
            best_of(lambda: simulate_trend_power(-0.03, 10, 30, 5, rng=rng, dispersion=2, seen=0.8)),
        )
    )
    return table


if __name__ == "__main__":
    print(markdown(rows()), end="")
