"""Reads the reference inputs that lie outside the repository."""

import csv
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def rows(shared: Path, name: str) -> list[dict[str, str]]:
    """The rows of one reference table."""
    with open(shared / "data" / "reference" / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def column(table: list[dict[str, str]], name: str) -> NDArray[np.float64]:
    """One column as numbers, NaN where it is NA."""
    return np.array([np.nan if row[name] in ("NA", "") else float(row[name]) for row in table])


def matrix(shared: Path, name: str) -> NDArray[np.float64]:
    """A whole numeric table."""
    return np.genfromtxt(shared / "data" / "reference" / name, delimiter=",", skip_header=1)


def expected(shared: Path) -> dict:
    """The results computed with the field's R packages."""
    return json.loads((shared / "data" / "reference" / "expected.json").read_text())


def slope_error(loglik, theta: NDArray[np.float64]) -> float:
    """The largest relative difference between an analytic gradient and central differences."""
    _, analytic = loglik(theta)
    numeric = np.empty_like(theta)
    for j in range(len(theta)):
        h = 1e-5 * max(1.0, abs(theta[j]))
        up, down = theta.copy(), theta.copy()
        up[j] += h
        down[j] -= h
        numeric[j] = (loglik(up)[0] - loglik(down)[0]) / (up[j] - down[j])
    return float(np.max(np.abs(analytic - numeric) / np.maximum(1.0, np.abs(numeric))))
