"""Thinning, activity and overlap: against one sort of the same columns, and in seconds a thousand bootstraps."""

import numpy as np

from benchmarks.table import Row, best_of, markdown
from ecostat.events import activity, independent, overlap

RECORDS, STATIONS, SPECIES = 1_000_000, 300, 60


def rows() -> list[Row]:
    """The result table of this module."""
    rng = np.random.default_rng(1)
    station, species = rng.integers(0, STATIONS, RECORDS), rng.integers(0, SPECIES, RECORDS)
    time = np.datetime64("2025-01-01") + rng.integers(0, 365 * 86400, RECORDS).astype("timedelta64[s]")
    names = np.array([f"station {i:03d}" for i in range(STATIONS)], dtype=object)[station]
    one, two = (rng.vonmises(m, 2, 1000) / (2 * np.pi) % 1 for m in (0.0, 1.0))

    def sort_all() -> np.ndarray:
        return np.lexsort((time, species, station))

    floor = best_of(sort_all)
    what = f"independent events, {RECORDS:,} records"
    return [
        Row(what + ", whole-number stations", best_of(lambda: independent(time, 30, station=station, species=species)),
            "sort by station, species, time", floor),
        Row(what + ", stations as text", best_of(lambda: independent(time, 30, station=names, species=species)),
            "sort by station, species, time", floor),
        Row("activity level, n = 1,000, 1,000 bootstraps", best_of(lambda: activity(one, rng=rng)), target="seconds"),
        Row("overlap of two samples of 1,000, 1,000 bootstraps", best_of(lambda: overlap(one, two, rng=rng)),
            target="seconds"),
    ]  # fmt: skip


if __name__ == "__main__":
    print(markdown(rows()))
