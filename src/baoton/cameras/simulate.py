"""Simulated camera traps: how long each worked, which animals walk past, and which pictures were looked at."""

import tempfile
from collections.abc import Sequence as Many
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from baoton.cameras.models import Sequence
from baoton.kit.access import System
from baoton.kit.ids import source_id
from baoton.kit.importing import run_file
from baoton.observations.models import Dataset
from baoton.places.queries import commune_choices, outlines
from baoton.taxa.models import Taxon
from formats.camtrap_writing import write_package

CAMERAS, WALKERS, LOOKED, BLANK = 8, 6, 0.7, 0.15
RATE = (0.25, 0.18, 0.12, 0.1, 0.08, 0.05)
ZONE = "+07:00"
Rows = list[dict[str, str]]


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """Eight cameras in two communes; how many sequences they took.

    `truth["cameras"]` tells of each camera where it stood, how long it worked, and the rate a night at which each
    species walks past it (0: it does not live there); `truth["books"]` the rows behind each figure. It all comes in by
    the same package of Camtrap DP as from the field: pictures without their files, what persons named, and for the
    rest what a machine suggests.
    """
    communes = [p for p, name in commune_choices() if name.endswith(("Mù Cả", "Tà Tổng"))] or [
        commune_choices()[0][0]
    ]
    levels = {s["name"]: s["level"] for s in truth["species"]}
    chosen = Taxon.objects.filter(scientific_name__in=list(levels), taxon_group="mammal").order_by(
        "scientific_name"
    )
    species = [t.scientific_name for t in chosen][:WALKERS]
    code = f"BA-{year}"
    Dataset.objects.create(
        id=source_id("simulated.cameras", str(year)), code=code, title=f"Bẫy ảnh mô phỏng năm {year}", simulated=True,
        licence="CC0-1.0", organisation="kiem_lam",
    )  # fmt: skip
    deployments: Rows = []
    media: Rows = []
    said: Rows = []
    known: list[dict[str, Any]] = []
    nights: list[dict[str, Any]] = []
    looked: list[dict[str, Any]] = []
    for n in range(CAMERAS):
        area = communes[n % len(communes)]
        x, y = _inside(rng, outlines()[area])
        first = date(year, 1, 10) + timedelta(days=int(rng.integers(0, 60)))
        worked = min(int(rng.integers(20, 41)), max((today - first).days, 1))
        rates = {
            name: float(r) if rng.random() < 0.6 else 0.0 for name, r in zip(species, RATE, strict=False)
        }
        one = f"BA{n + 1:02d}"
        deployments.append(
            {
                "deploymentID": one, "locationName": f"Điểm máy {n + 1}", "latitude": f"{y:.5f}",
                "longitude": f"{x:.5f}", "coordinateUncertainty": "15", "setupBy": "Tổ bẫy ảnh",
                "deploymentStart": f"{first}T08:00:00{ZONE}", "cameraID": f"M{n + 1:02d}", "cameraHeight": "0.5",
                "deploymentEnd": f"{first + timedelta(days=worked)}T08:00:00{ZONE}", "baitUse": "false",
                "featureType": "trailGame",
            }
        )  # fmt: skip
        known.append({"code": one, "area": area, "nights": worked, "rates": rates})
        nights.append(_row(area, first, worked))
        for k, (moment, name) in enumerate(_visits(rng, first, worked, rates)):
            key, start = f"{one}-{k + 1:03d}", f"{moment.isoformat()}{ZONE}"
            media.append(
                {
                    "mediaID": key, "deploymentID": one, "timestamp": start, "filePath": f"{one}/IMG_{k + 1:04d}.JPG",
                    "filePublic": "false", "fileName": f"IMG_{k + 1:04d}.JPG", "fileMediatype": "image/jpeg",
                }
            )  # fmt: skip
            human = bool(rng.random() < LOOKED)
            said.append(
                {
                    "observationID": key, "deploymentID": one, "eventID": key, "eventStart": start, "eventEnd": start,
                    "observationLevel": "event", "observationType": "animal" if name else "blank",
                    "scientificName": name, "count": "1" if name else "",
                    "classificationMethod": "human" if human else "machine",
                    "classifiedBy": "Lò Văn Dũng" if human else "SpeciesNet",
                    "classificationProbability": "" if human else f"{rng.uniform(0.5, 0.99):.2f}",
                }
            )  # fmt: skip
            if human and levels.get(name, 0) == 0:  # a guarded species waits for a second person
                looked.append(_row(area, moment.date(), 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bay-anh-mo-phong.zip"
        tables = {"deployments": deployments, "media": media, "observations": said}
        write_package(path, {k: [_batch(v)] for k, v in tables.items()}, {"title": "Bẫy ảnh mô phỏng"})
        batch = run_file(System(), path, dataset=code)
    told = batch.counts.get("total", {})
    if batch.counts.get("error") or told.get("refused") or told.get("left_out"):
        raise RuntimeError(f"the simulated cameras were refused: {batch.counts}")
    truth["cameras"] = known
    truth.setdefault("books", {}).update({"cameras.nights": nights, "cameras.sequences": looked})
    return int(Sequence.objects.count())


def _visits(
    rng: np.random.Generator, first: date, nights: int, rates: dict[str, float]
) -> list[tuple[datetime, str]]:
    """When which species walks past, and leaves that move; no two within ten minutes."""
    start, found = datetime.combine(first, time(8)), list[tuple[datetime, str]]()
    for name, rate in [*rates.items(), ("", BLANK)]:
        n = int(rng.poisson(rate * nights))
        found += [(start + timedelta(days=float(d)), name) for d in rng.uniform(0, nights, n)]
    kept: list[tuple[datetime, str]] = []
    for moment, name in sorted(found):
        whole = moment.replace(microsecond=0)
        if not kept or whole - kept[-1][0] >= timedelta(minutes=10):
            kept.append((whole, name))
    return kept


def _inside(rng: np.random.Generator, shape: shapely.Geometry) -> tuple[float, float]:
    west, south, east, north = shape.buffer(-0.01).bounds
    while True:
        x, y = float(rng.uniform(west, east)), float(rng.uniform(south, north))
        if shapely.contains_xy(shape.buffer(-0.01), x, y):
            return x, y


def _row(area: str, day: date, n: int) -> dict[str, Any]:
    return {"area": area, "day": day.isoformat(), "until": f"{day.year + 1}", "n": n}


def _batch(rows: Many[dict[str, str]]) -> pa.RecordBatch:
    names = list(rows[0])
    return pa.record_batch([pa.array([r[n] or None for r in rows], pa.string()) for n in names], names=names)
