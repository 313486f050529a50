"""A row's country against its coordinates: a lost minus or a swapped pair is refused, what is merely outside is told.

`countries.csv` holds boxes in whole degrees, sea included, made from the areas of use of the EPSG registry.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from baoton.kit.importing.chunk import Chunk, mask_of
from baoton.observations.imports.columns_of_place import REFUSED
from formats.dwc import plain
from rulebook.country import load_country

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Country:
    """A country's code, its first name and its box: west, south, east, north."""

    code: str
    name: str
    box: tuple[float, float, float, float]


@cache
def by_name() -> dict[str, Country]:
    """Every code and name, folded, of the countries whose box is known."""
    found: dict[str, Country] = {}
    with (Path(__file__).parent / "countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = row["names"].split(";")
            box = (float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"]))
            one = Country(row["code"], names[0], box)
            found |= {plain(n): one for n in (row["code"], *names)}
    return found


def is_other_country(word: str) -> bool:
    """Whether the word names a known country that is not this one."""
    found = by_name().get(plain(word))
    return found is not None and found.code != load_country().code


def check(chunk: Chunk, lon: Floats, lat: Floats) -> None:
    """Rows whose point lies outside their country: refused where a sign or a swap mends it, else told."""
    term = next((t for t in ("countryCode", "country") if chunk.has(t)), "")
    placed = np.isfinite(lon) & np.isfinite(lat) & ~chunk.problems.refused
    if not term or not placed.any():
        return
    words = chunk.text("countryCode").fill_null(chunk.text("country"))
    for word in words.drop_nulls().unique(maintain_order=True).to_list():
        country = by_name().get(plain(word))
        if country is None:
            continue
        here = mask_of(words == word) & placed
        out = here & ~_inside(lon, lat, country.box)
        if out.any():
            _outside(chunk, term, country, lon, lat, out)


def _outside(
    chunk: Chunk, term: str, country: Country, lon: Floats, lat: Floats, out: NDArray[np.bool_]
) -> None:
    x_term, y_term = _terms(chunk)
    ways = (
        ("sign_lost", x_term, -lon, lat), ("sign_lost", y_term, lon, -lat), ("sign_lost", x_term, -lon, -lat),
        ("swapped", y_term, lat, lon),
    )  # fmt: skip
    for rule, cell, x, y in ways:
        fits = out & _inside(x, y, country.box)
        if not fits.any():
            continue
        out = out & ~fits
        told = [
            _("%(told)s Nước ghi là %(country)s; có lẽ là kinh độ %(x)s, vĩ độ %(y)s.")
            % {"told": REFUSED[rule], "country": country.name, "x": round(a, 6), "y": round(b, 6)}
            for a, b in zip(x[fits].tolist(), y[fits].tolist(), strict=True)
        ]
        chunk.refuse(fits, cell, rule, told)
    told_ = _("Vị trí nằm ngoài nước ghi ở cột này (%(country)s); xem lại.") % {"country": country.name}
    chunk.note("outside_country", term, pl.Series(out), told_)


def _terms(chunk: Chunk) -> tuple[str, str]:
    for x, y in (("decimalLongitude", "decimalLatitude"), ("verbatimLongitude", "verbatimLatitude")):
        if chunk.has(x) and chunk.has(y):
            return x, y
    return "verbatimCoordinates", "verbatimCoordinates"


def _inside(lon: Floats, lat: Floats, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = box
    with np.errstate(invalid="ignore"):
        return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
