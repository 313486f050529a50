"""Files of a few rows, an officer of one commune, and the outcome of every row as a list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from baoton.kit import blobs
from baoton.kit.access import Scope
from baoton.kit.models import ImportBatch


@pytest.fixture(autouse=True)
def blob_folder(tmp_path: Path, settings: Any) -> None:
    settings.BLOB_DIR = tmp_path / "blobs"


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows (dicts) as a CSV file and gives its path."""

    def write(rows: Sequence[dict[str, Any]], name: str = "khao-sat.csv") -> Path:
        path = tmp_path / name
        pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
        return path

    return write


@dataclass(frozen=True)
class Officer:
    """Somebody who holds every import verb where the scopes say."""

    held: tuple[Scope, ...]
    actor_id: str = "sung"
    actor_name: str = "Sùng A Páo"
    organisation_id: str = "ubnd-mu-ca"

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return self.held if verb.endswith(".import") else ()


def outcomes(batch: ImportBatch) -> list[dict[str, Any]]:
    """Every line of the batch's outcome file."""
    assert batch.outcome_sha256, batch.counts
    return pl.read_parquet(blobs.path_of(batch.outcome_sha256)).to_dicts()


READING = {"cases", "asked_cases", "communes", "field_forms", "field_places", "real_files", "sheets", "tables",
           "variants", "when", "where"}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """How a file is read does not depend on the database: asked on SQLite alone."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here and item.path.stem.removesuffix("_test") in READING:
            item.add_marker(pytest.mark.once)
