"""Small invented maps for tests: squares in a commune, written as a map file of any kind and system."""

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from baoton.habitats.models import Version
from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.places.queries import outlines
from formats import crs

MU_CA = "12/03451"
SIDE = 0.005


def corner(area: str = MU_CA) -> tuple[float, float]:
    """A place well inside a commune."""
    at = outlines()[area].representative_point()
    return round(at.x, 3) - 2 * SIDE, round(at.y, 3) - 2 * SIDE


def square(x: float, y: float, side: float = SIDE, area: str = MU_CA) -> Any:
    """A square `x`, `y` sides east and north of the corner."""
    west, south = corner(area)
    return shapely.box(west + x * SIDE, south + y * SIDE, west + x * SIDE + side, south + y * SIDE + side)


def in_metres(shape: Any, system: str = "vn2000-103-3") -> Any:
    """The shape in a system of metres."""
    return shapely.transform(shape, lambda xy: np.column_stack(crs.from_lonlat(xy[:, 0], xy[:, 1], system)))


def written(
    path: Path, rows: list[dict[str, Any]], system: str | None = "EPSG:4326", kind: str = "Unknown"
) -> Path:
    """A map file of the rows, each with its shape under `shape`; without a system, the file states none."""
    names = [k for k in rows[0] if k != "shape"]
    data = [
        np.array([r[k] for r in rows], dtype=object if isinstance(rows[0][k], str) else float) for k in names
    ]
    options = {"driver": "ESRI Shapefile"} if path.suffix == ".shp" else {}
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array([r["shape"] for r in rows], dtype=object)), data, names,
        geometry_type=kind, crs=system, **options,
    )  # fmt: skip
    return path


def version(title: str = "Hiện trạng", first: str = "2026-01-01", last: str = "", **more: Any) -> Version:
    """A map being loaded."""
    book = REGISTERS["habitats.version"]
    record = Version()
    values = {"title": title, "source": "bản vẽ thử", "valid_from": first, "valid_to": last or None, **more}
    write.put(book, record, dict(values.items()))
    record.full_clean(exclude=["organisation", "area_path"])
    return write.create(book, System(), record)  # type: ignore[no-any-return]


def loaded(path: Path, title: str = "Hiện trạng", **more: Any) -> Any:
    """The file is brought into the map of that title; the import as it went."""
    mapping = {"constants": {"version": title}, **more}
    return run_file(System(), path, target="habitats.parcel", mapping=mapping)


def row(code: str, shape: Any, kind: str = "TXB", ha: float = 25.0, use: str = "PH") -> dict[str, Any]:
    """One parcel as the forest status writes it."""
    return {"malo": code, "ldlr": kind, "mdsd": use, "dtich": ha, "shape": shape}
