"""Files that others made, each with the outcome that docs/imports.md states for it."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests.coming_back import changed_by_archives, changed_by_files

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.models import ImportBatch
from baoton.observations.models import Event, Occurrence
from baoton.patrols.actions import load as load_kinds
from baoton.taxa.actions import load

pytestmark = [pytest.mark.django_db, pytest.mark.outside, pytest.mark.once]
DOCS = Path(__file__).resolve().parents[1] / "docs" / "imports.md"
ICES = "dwca/dwca-ices_stomach_content_data-v1.0.zip"
SENT_BACK, FEW = 2_000, 40
"""Up to how many rows a file is written out and read again: as archive and csv, and in every kind."""
KINDS = ("csv", "xlsx", "geojson", "gpkg")
MAPPINGS: dict[str, dict[str, Any]] = {
    "nw_vietnam_chetao/GibbonSightings_Survey1.geojson": {
        "target": "observations.occurrence",
        "columns": {"Observer": "recordedBy", "GroupSize": "individualCount"},
        "constants": {"scientificName": "Nomascus concolor", "basisOfRecord": "HumanObservation"},
        "key": ["Waypoint"],
    },
    "fieldapps/datasets_bees.gpkg": {
        "tables": {
            "apiary": {
                "target": "observations.occurrence",
                "columns": {
                    "bee_species": "scientificName",
                    "uuid": "occurrenceID",
                    "beekeeper": "recordedBy",
                },
            }
        }
    },
}
NUMBERS = ("created", "updated", "unchanged", "refused", "left_out", "rows")


def stated() -> dict[str, list[int]]:
    """The table of the docs: numbers by file."""
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    rows = [[c.strip() for c in line.split("|")[1:8]] for line in lines if line.startswith("| `")]
    return {r[0].strip("`"): [int(n.replace(",", "")) for n in r[1:7]] for r in rows}


def outcome(path: Path, name: str, dry: bool = False) -> ImportBatch:
    return run_file(System(), path / name, mapping=MAPPINGS.get(name), dry=dry)


def counts(batch: ImportBatch) -> list[int]:
    if batch.state == ImportBatch.State.FAILED:
        return [0] * 6
    return [batch.counts["total"][n] for n in NUMBERS]


def test_every_real_file_ends_in_the_counts_the_docs_state_and_comes_back_unchanged(
    shared: Path, tmp_path: Path
) -> None:
    load()
    load_kinds()
    wrong: list[Any] = []
    sent_back = 0
    files = stated()
    assert len(files) > 40
    for name, numbers in files.items():
        if name == ICES:
            continue
        with transaction.atomic():
            batch = outcome(shared / "data", name)
            if counts(batch) != numbers:
                wrong.append((name, numbers, counts(batch), batch.counts.get("error")))
            if numbers[0] and numbers[5] <= SENT_BACK:
                changed = changed_by_archives(batch.dataset, tmp_path)
                changed |= changed_by_files(batch.dataset, tmp_path, KINDS if numbers[5] <= FEW else ("csv",))
                wrong += [(name, changed)] if changed else []
                sent_back += Occurrence.objects.exists() or Event.objects.exists()
            total = batch.counts.get("total", {})
            assert sum(total.get(n, 0) for n in NUMBERS[:-1]) == total.get("rows", 0)
            transaction.set_rollback(True)
    assert not wrong
    assert sent_back > 25


def test_the_whole_ices_archive_is_checked_without_a_refusal(shared: Path) -> None:
    """44,517 events, 84,778 occurrences, 500,135 measurements; only checked here, since writing them takes a minute."""
    batch = outcome(shared / "data", ICES, dry=True)
    assert counts(batch) == stated()[ICES]
    assert [batch.counts["tables"][t]["created"] for t in ("event", "occurrence", "extendedmeasurementorfact")] == [
        44_517, 84_778, 500_135,
    ]  # fmt: skip
