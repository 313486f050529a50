"""Extents of many species: against one sorting pass of the same columns, and against ConR's own figures."""

from pathlib import Path

import numpy as np

from benchmarks.table import Row, best_of, markdown
from ecostat.extent import aoo, aoo_by, eoo_by, extent_by

RECORDS, SPECIES = 10_000_000, 2_000


def records(n: int, species: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Species code, longitude and latitude of n records in no order; each species has its own range."""
    rng = np.random.default_rng(seed)
    code = rng.integers(0, species, n).astype(np.int32)
    centre = rng.uniform([102, 8], [109, 23], (species, 2))
    width = rng.lognormal(-1, 0.7, species)
    lon = (centre[code, 0] + rng.normal(0, 1, n) * width[code]).round(5)
    lat = (centre[code, 1] + rng.normal(0, 1, n) * width[code]).round(5).clip(-80, 80)
    return code, lon, lat


def _memory(key: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def peak_megabytes(work: object) -> float:
    """How far the resident memory rises above its start while the work runs (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _memory("VmRSS")
    work()  # type: ignore[operator]
    return _memory("VmHWM") - before


def exact_rows() -> list[Row]:
    """The exact area of occupancy of many places: spread wide, and in forty clumps."""
    rng, table = np.random.default_rng(2), []
    for what in ("spread over 2°", "in forty clumps"):
        places = rng.uniform([103, 22], [105, 24], (5000, 2))
        if what != "spread over 2°":
            places = places[rng.integers(40, size=5000)] + rng.normal(0, 0.02, (5000, 2))
        held = aoo(*places.T)
        assert held.exact
        seconds = best_of(lambda p=places: aoo(*p.T), 3)
        note = f"{held.cells:,} cells, exact"
        table.append(Row(f"AOO of 5,000 places {what}", seconds, target="≤ 5 s", note=note))
    return table


def rows() -> list[Row]:
    """The result table of this module."""
    code, lon, lat = records(RECORDS, SPECIES)
    columns = (code.nbytes + lon.nbytes + lat.nbytes) / 2**20

    def sort_all() -> tuple[np.ndarray, ...]:
        order = np.lexsort((lat, lon, code))
        return code[order], lon[order], lat[order]

    def sort_species() -> tuple[np.ndarray, ...]:
        order = np.argsort(code, kind="stable")
        return code[order], lon[order], lat[order]

    full, cheap = best_of(sort_all, 2), best_of(sort_species, 3)
    name = f"EOO + AOO, {RECORDS:,} records, {SPECIES:,} species"
    note = "AOO: exact up to 200 places, else the best of 32 × 32 grids"
    rise = peak_megabytes(lambda: extent_by(code, lon, lat))
    memory = f"memory {rise:.0f} MB above the columns' {columns:.0f} MB"
    both = best_of(lambda: extent_by(code, lon, lat), 3)
    single = best_of(lambda: extent_by(code, lon, lat, origins=1), 3)
    table = [
        Row(name, both, "sort by species, lon, lat", full, target="≤ 3 × floor", note=f"{note}; {memory}"),
        Row(name, both, "stable sort by species alone", cheap, target="≤ 3 × floor", note=note),
        Row(name + ", one grid", single, "stable sort by species alone", cheap, target="≤ 3 × floor"),
    ]
    for n, what in ((50_000, "100 records a species"), (500_000, "1,000 records a species")):
        code, lon, lat = records(n, 500, seed=2)
        c, x, y = code, lon, lat
        table += [
            Row(
                f"EOO of 500 species, {what}",
                best_of(lambda c=c, x=x, y=y: eoo_by(c, x, y)),
                peer="ConR",
                peer_s=12.8,
                target="≥ 50 × faster",
                note="peer's figure from an earlier run; its record count is not stated",
            ),
            Row(
                f"AOO of 500 species, {what}",
                best_of(lambda c=c, x=x, y=y: aoo_by(c, x, y)),
                peer="ConR",
                peer_s=139,
                note="peer's figure from an earlier run; its record count is not stated",
            ),
        ]
    return table + exact_rows()


if __name__ == "__main__":
    print(markdown(rows()))
