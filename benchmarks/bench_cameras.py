"""A generated camera package imported: rows a second, peak memory; and what one key at the desk costs.

`BENCH_CAMERAS_MEDIA` tells how many pictures (a fifth as many statements, one camera each 2,000 pictures).
"""

import json
import os
import random
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from benchmarks import standing
from benchmarks.bench_import import Memory, _anonymous
from benchmarks.table import Row

MEDIA = int(os.environ.get("BENCH_CAMERAS_MEDIA", "1000000"))
PER_CAMERA = 2_000
KEYS = 40
RAW = "https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0.2"


def write_package(path: Path, n: int, names: list[str], seed: int = 1) -> int:
    """A package of n pictures in bursts of three, a statement for each burst but a few; how many rows it has."""
    rng, cameras = random.Random(seed), max(n // PER_CAMERA, 1)
    rows = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        tables = ("deployments", "media", "observations")
        resources = [
            {"name": t, "path": f"{t}.csv", "schema": f"{RAW}/{t}-table-schema.json"} for t in tables
        ]
        archive.writestr("datapackage.json", json.dumps({"profile": f"{RAW}/x", "resources": resources}))
        with archive.open("deployments.csv", "w") as out:
            out.write(b"deploymentID,latitude,longitude,deploymentStart,deploymentEnd,cameraID\n")
            for c in range(cameras):
                lon, lat = 102.3 + rng.random() * 1.7, 21.7 + rng.random() * 1.1
                ends = "2026-01-01T00:00:00+0700,2026-06-30T00:00:00+0700"
                out.write(f"d{c},{lat:.5f},{lon:.5f},{ends},{c}\n".encode())
                rows += 1
        seen: list[str] = []
        with archive.open("media.csv", "w", force_zip64=True) as out:
            out.write(b"mediaID,deploymentID,timestamp,filePath,filePublic,fileMediatype\n")
            for i in range(n):
                c, k = i // PER_CAMERA % cameras, i % PER_CAMERA
                minute = k // 3 * 360 + 5
                day = f"2026-{1 + minute // 1440 // 28 % 6:02d}-{1 + minute // 1440 % 28:02d}"
                at = f"{day}T{minute // 60 % 24:02d}:{minute % 60:02d}:{k % 3 * 5:02d}+0700"
                out.write(f"m{i},d{c},{at},d{c}/IMG_{k:05d}.JPG,false,image/jpeg\n".encode())
                rows += 1
                if k % 5 == 0:
                    kind = "animal" if rng.random() < 0.5 else "blank"
                    name = rng.choice(names) if kind == "animal" else ""
                    told = f"o{i},d{c},,e{i},{at},{at},event,{kind},{name},{1 if name else ''},human,Lan\n"
                    seen.append(told)
        with archive.open("observations.csv", "w", force_zip64=True) as out:
            out.write(
                b"observationID,deploymentID,mediaID,eventID,eventStart,eventEnd,observationLevel,observationType,"
                b"scientificName,count,classificationMethod,classifiedBy\n"
            )
            for one in seen:
                out.write(one.encode())
        rows += len(seen)
    return rows


def measure(n: int) -> dict[str, Any]:
    """In this process, on the configured database: seconds and memory of the import, milliseconds of a key."""
    import django

    django.setup()
    from django.core.management import call_command

    from baoton.cameras.models import Sequence
    from baoton.kit.access import System
    from baoton.kit.importing import run_file
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.writing import write
    from baoton.places.actions import load as load_places
    from baoton.taxa.actions import load as load_taxa
    from baoton.taxa.models import Taxon

    call_command("migrate", verbosity=0, skip_checks=True)
    load_places()
    load_taxa()
    names = sorted(
        Taxon.objects.filter(sensitivity=0, rank="species").values_list("scientific_name", flat=True)
    )[:60]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "package.zip"
        rows = write_package(path, n, names)
        before = _anonymous()
        with Memory() as memory:
            start, spent = time.perf_counter(), time.process_time()
            batch = run_file(System(), path)
            took, processor = time.perf_counter() - start, time.process_time() - spent
    total = batch.counts["total"]
    keys = []
    for one in Sequence.objects.filter(status="waiting").order_by("started")[:KEYS]:
        start = time.perf_counter()
        write.act(REGISTERS["cameras.sequence"], System(), one, "blank", {})
        keys.append(time.perf_counter() - start)
    return {
        "rows": rows, "took": took, "processor": processor, "peak_mb": memory.peak, "before_mb": before,
        "counts": total, "key_ms": sorted(keys)[len(keys) // 2] * 1000 if keys else None,
    }  # fmt: skip


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = standing.run(engine, "benchmarks.bench_cameras", empty=True)
        if found is None:
            continue
        speed = found["rows"] / found["took"]
        note = (
            f"{speed:,.0f} rows/s (aim ≥ 8,000); processor {found['processor']:.0f} s; peak memory "
            f"{found['peak_mb']:.0f} MB (aim ≤ 700; before the file {found['before_mb']:.0f} MB); a key at the desk "
            f"{found['key_ms']:.0f} ms"
        )
        name = f"{engine}: a camera package of {found['rows']:,} rows"
        table.append(
            Row(name, found["took"], "aim", found["rows"] / 8_000, target="≥ 8,000 rows/s", note=note)
        )
    return table


if __name__ == "__main__":
    print(json.dumps(measure(MEDIA)))
