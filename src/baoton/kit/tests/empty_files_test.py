"""A book without rows is a file with its headings, for whoever may know everything and for everybody."""

from pathlib import Path

import pytest

import formats
from baoton.kit.access import Public, System
from baoton.kit.reading import exporting
from baoton.kit.reading.register import REGISTERS

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CASES = [
    (name, kind) for name, book in sorted(REGISTERS.items()) for kind in exporting.KINDS
    if book.located or kind not in {"geojson", "gpkg"}
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_an_empty_book_is_a_file_with_its_headings(name: str, kind: str, tmp_path: Path) -> None:
    for who in (System(), Public()):
        path = tmp_path / f"{who.actor_id}.{kind}"
        exporting.write(REGISTERS[name], who, {}, kind, path)
        assert path.stat().st_size > 0
        if kind in {"csv", "xlsx"}:
            with formats.open(path) as source:
                assert source.tables[0].sample().num_rows == 0
                assert set(exporting.headings(REGISTERS[name])) <= set(source.tables[0].columns)
