"""A file read in columns holds what a file made of records holds."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely

from baoton.facilities.models import Campaign, Facility, Inspection, Owner
from baoton.kit.access import Scope, System
from baoton.kit.reading import exporting, hiding
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset, Event, Occurrence
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
LINE = shapely.LineString([(102.4, 22.4), (102.5, 22.45)])
PLACES: list[Any] = [None, shapely.Point(102.4, 22.4), LINE, LINE.buffer(0.01)]


@pytest.fixture
def rows() -> None:
    dataset = Dataset.objects.create(code="c", title="c", licence="CC0")
    private = Dataset.objects.create(code="riêng", title="riêng", organisation="kbt")
    taxon = Taxon.objects.create(
        scientific_name="Macaca mulatta", key="macaca mulatta", vernacular_vi="khỉ vàng"
    )
    for i, place in enumerate(PLACES):
        event = Event(dataset=dataset, event_id=f"e{i}", sampling_effort="3 đêm", sample_size_value=0.5 * i)
        event.disclosure, event.area_path = i % 3, ("12/03451" if i % 2 else "12/03500")
        event.status, event.locality, event.guarded_for = "verified", f"khe {i}", "mammal" if i % 3 else ""
        event.put(place)
        event.save()
        for j in range(3):
            one = Occurrence(
                dataset=dataset, occurrence_id=f"{i}-{j}", scientific_name='a, "b"\n c', status="verified"
            )
            one.event, one.taxon = (event, taxon) if j else (None, None)
            one.individual_count, one.coordinate_uncertainty_m = (j or None), (12.5 * j or None)
            one.day_start = date(2026, 5, 1) if j == 1 else None
            one.extra = [{}, {"habitat": "rừng", "sex": "cái"}, {"depth": "3"}][j]
            one.disclosure, one.guarded_for = j, "mammal" if j == 1 else ""
            one.taxon_group, one.locality = "mammal", f"bản {i}-{j}"
            one.area_path = one.shown_area_path = "12/03451" if (i + j) % 2 else "12/03500"
            one.put(place)
            if one.min_x is not None and j < 2:
                one.shown_x, one.shown_y, one.shown_uncertainty_m = one.min_x + j, one.min_y, 5e3 * j or None
            one.save()
        guarded = Occurrence(
            dataset=private, occurrence_id=f"{i}", scientific_name="Bí mật", status="verified"
        )
        guarded.disclosure, guarded.area_path, guarded.organisation = 2, "12/03500", "kbt"
        guarded.event = event
        guarded.put(place)
        guarded.save()


class Holder:
    """Somebody who holds the verbs `see` within one scope, and those of true places within another."""

    actor_id, actor_name, organisation_id = "an", "An", "kbt"

    def __init__(self, see: Scope | None, precise: Scope | None) -> None:
        self.see, self.precise = see, precise

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        held = self.precise if verb.endswith("see_precise") else self.see
        return () if held is None else (held,)


READERS: dict[str, Any] = {
    "everything": System(),
    "the public": Holder(None, None),
    "all, no true place": Holder(Scope(), None),
    "one commune": Holder(Scope("12/03451"), Scope("12/03451")),
    "true places of one group": Holder(Scope(), Scope(taxon_group="mammal")),
    "own body": Holder(Scope(organisation="kbt"), None),
}


@pytest.mark.parametrize("who", READERS.values(), ids=list(READERS))
@pytest.mark.parametrize(
    "name", ["observations.occurrence", "observations.event", "observations.dataset", "taxa.taxon"]
)
@pytest.mark.parametrize("shapes", [False, True])
def test_columns_and_records_make_the_same_file(rows: None, name: str, shapes: bool, who: Any) -> None:
    book = REGISTERS[name]
    if shapes and not book.located:
        return
    found = [
        pa.Table.from_batches(exporting.batches(book, book.opened(book.door(who)), shapes, way))
        for way in (hiding.of(who, book, book.door(who)), hiding.RECORDS)
    ]
    assert found[0].to_pylist() == found[1].to_pylist()
    assert found[0].num_rows or who is not READERS["everything"]


def test_the_books_with_most_rows_are_read_in_columns() -> None:
    for name in ("observations.occurrence", "observations.event"):
        slow = [k.name for k in REGISTERS[name].filed if not k.path]
        assert not slow, f"{name} makes a record of every row for {slow}"


class Reader:
    """Somebody who sees every visit of inspection and no campaign."""

    actor_id, actor_name, organisation_id = "minh", "Minh", "cong_an"

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return (Scope(),) if verb == "facilities.inspection.see" else ()


def test_a_file_names_no_linked_row_that_its_reader_may_not_see(tmp_path: Path) -> None:
    owner = Owner.objects.create(kind="household", name="Giàng A Chủ", area_path="12/03451")
    at = Facility.objects.create(name="Cơ sở", kind="breeding", owner=owner, area_path="12/03451")
    days = {"begins": date(2026, 5, 1), "ends": date(2026, 5, 9)}
    campaign = Campaign.objects.create(name="Đợt bí mật", teams="đội 1", area_path="12", **days)
    Inspection.objects.create(
        facility=at, campaign=campaign, kind="planned", day=date(2026, 5, 4), area_path="12/03451"
    )
    book = REGISTERS["facilities.inspection"]
    for who, told in ((System(), True), (Reader(), False)):
        exporting.write(book, who, {}, "csv", tmp_path / "a.csv")
        text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
        assert "2026-05-04" in text and ("Đợt bí mật" in text) is told


class Inspector:
    """Somebody who sees every facility in its true place, and no owner."""

    actor_id, actor_name, organisation_id = "lan", "Lan", "kiem_lam"

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return (Scope(),) if verb.startswith("facilities.facility.see") else ()


def test_a_file_read_in_columns_names_no_hidden_owner(tmp_path: Path) -> None:
    owner = Owner.objects.create(kind="household", name="Giàng A Chủ", area_path="12/03451")
    Facility.objects.create(name="Cơ sở một", kind="breeding", owner=owner, area_path="12/03451")
    book = REGISTERS["facilities.facility"]
    assert hiding.of(Inspector(), book, book.door(Inspector())).in_columns
    for who, told in ((System(), True), (Inspector(), False)):
        exporting.write(book, who, {}, "csv", tmp_path / "a.csv")
        text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
        assert "Cơ sở một" in text and ("Giàng A Chủ" in text) is told
