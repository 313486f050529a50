"""Two maps laid on each other: every hectare is in the matrix once, with its commune and what became of it."""

from io import BytesIO
from pathlib import Path

import pytest
import shapely
from django.test import Client
from openpyxl import load_workbook
from tests.habitats.ground import MU_CA, loaded, row, square, version, written

from baoton.habitats.changes import compare
from baoton.habitats.changes.tables import tables
from baoton.habitats.models import Change, Comparison, Parcel
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


@pytest.fixture
def compared(tmp_path: Path) -> Comparison:
    """Three squares before; after, one is cleared by half, one became forest, one is as it was."""
    before = version("Năm trước", "2025-01-01", "2025-12-31")
    after = version("Năm nay", "2026-01-01")
    first = [row("a", square(0, 0), "TXB"), row("b", square(1, 0), "DT2"), row("c", square(2, 0), "TXG")]
    west, east = (shapely.box(*b) for b in _halves(square(0, 0)))
    then = [row("a1", west, "TXB"), row("a2", east, "NN"), row("b", square(1, 0), "TXP"), row("c", square(2, 0), "TXG"),
            row("d", square(3, 0), "MN")]  # fmt: skip
    loaded(written(tmp_path / "a.geojson", first), "Năm trước")
    loaded(written(tmp_path / "b.geojson", then), "Năm nay")
    before, after = (
        write.act(REGISTERS["habitats.version"], System(), v, "publish", {}) for v in (before, after)
    )
    made = Comparison(before=before, after=after)
    made = write.create(REGISTERS["habitats.comparison"], System(), made)
    write.act(REGISTERS["habitats.comparison"], System(), made, "compute", {})
    made.refresh_from_db()
    return made


def _halves(shape: object) -> list[tuple[float, float, float, float]]:
    west, south, east, north = shapely.bounds(shape).tolist()
    middle = (west + east) / 2
    return [(west, south, middle, north), (middle, south, east, north)]


def test_the_matrix_holds_each_hectare_once(compared: Comparison) -> None:
    assert compared.counted is not None
    told = tables(System(), compared)
    ha = {p.code: p.hectares for p in Parcel.objects.filter(version=compared.after)}
    assert told.lost == pytest.approx(ha["a2"], abs=0.01) and told.gained == pytest.approx(ha["b"], abs=0.01)
    assert told.whole == pytest.approx(sum(ha.values()), abs=0.01)
    turns = {c.turn: c for c in Change.objects.all()}
    assert set(turns) == {"gain", "loss", "same", "new"}
    lost = shapely.from_wkb(bytes(turns["loss"].geom))
    assert lost.intersection(square(1, 0)).area < 1e-12 and turns["loss"].area_path == MU_CA
    (cover,) = told.covers
    assert cover.share is not None and cover.after == pytest.approx(ha["a1"] + ha["b"] + ha["c"], abs=0.01)
    assert cover.of_map == pytest.approx(100 * cover.after / told.whole, abs=0.1)
    compare(compared)
    assert tables(System(), compared).whole == told.whole, "a second count counts nothing twice"


def test_the_page_and_the_workbook_say_the_same(compared: Comparison) -> None:
    client = Client()
    client.force_login(Person.objects.get(username="lan"))
    page = client.get(f"/rung/thay-doi/{compared.pk}/").content.decode()
    told = tables(System(), compared)
    assert "Xã Mù Cả" in page and f"{told.lost:.2f}".replace(".", ",") in page
    answer = client.get(f"/rung/thay-doi/{compared.pk}/bang.xlsx")
    book = load_workbook(BytesIO(b"".join(answer)))  # type: ignore[arg-type]
    last = list(book.worksheets[0].iter_rows(values_only=True))[-1]
    assert last[-1] == pytest.approx(told.whole)
    assert client.get(f"/rung/thay-doi/{compared.pk}/?area=99").status_code == 404
