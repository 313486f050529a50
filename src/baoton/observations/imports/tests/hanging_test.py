"""A file hangs nothing on a visit or record of others that its maker may not change."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from baoton.kit.access import Scope, System
from baoton.kit.importing import run_file
from baoton.kit.models import ImportBatch
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Dataset, Event, Measurement, Occurrence
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa

pytestmark = pytest.mark.django_db
Csv = Callable[..., Path]
PLACE = {"decimalLongitude": "102.5", "decimalLatitude": "22.5", "eventDate": "2026-03-01"}
NAME = {"scientificName": "Macaca mulatta"}
BODY = "so_nnmt"


@dataclass(frozen=True)
class Botanist:
    """Imports and sees everything everywhere, and may edit what `edits` says."""

    edits: tuple[Scope, ...] = ()
    actor_id: str = "khoa"
    actor_name: str = "Khoa"
    organisation_id: str = BODY

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        if verb.endswith(".edit"):
            return self.edits
        return (Scope(organisation=BODY),) if verb.endswith(".import") else (Scope(),)


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    load_places()
    load_taxa()


@pytest.fixture
def visit() -> Event:
    """A visit typed by an officer of the same body, in the body's own dataset."""
    dataset = Dataset.objects.create(code="chung", title="Chung", organisation=BODY)
    one = Event(dataset=dataset, event_id="e1", event_date="2026-03-01", organisation=BODY, status="verified")
    one.put_point(102.5, 22.5)
    one.save(force_insert=True)
    return one


def bring(actor: Any, path: Path, target: str = "observations.occurrence", dry: bool = False) -> ImportBatch:
    return run_file(actor, path, target, dataset="chung", dry=dry)


def told(batch: ImportBatch) -> list[tuple[str, str | None]]:
    return [(row["outcome"], row["rule"]) for row in outcomes(batch)]


SEEN = {**NAME, "occurrenceID": "o1", "eventID": "e1"}


@pytest.mark.parametrize("dry", [True, False])
def test_a_record_is_not_hung_on_a_visit_its_maker_may_not_change(visit: Event, csv: Csv, dry: bool) -> None:
    batch = bring(Botanist(), csv([SEEN]), dry=dry)
    assert told(batch) == [("refused", "no_edit_right")]
    assert not Occurrence.objects.exists()


@pytest.mark.parametrize("actor", [System(), Botanist((Scope(organisation=BODY),))], ids=["all", "editor"])
def test_whoever_may_change_the_visit_hangs_on_it(visit: Event, csv: Csv, actor: Any) -> None:
    assert told(bring(actor, csv([SEEN]))) == [("created", None)]
    assert Occurrence.objects.get().event_id == visit.pk


def test_naming_the_visit_in_the_same_file_opens_no_way_around(csv: Csv, tmp_path: Path) -> None:
    """A file that repeats the visit word for word says nothing new of it, and hangs nothing on it either."""
    import formats

    Dataset.objects.create(code="chung", title="Chung", organisation=BODY)
    visit = csv([{"eventID": "e1", **PLACE}], "event.csv")
    bring(Botanist(actor_id="lan", actor_name="Lan"), visit, "observations.event")
    path = tmp_path / "goi.xlsx"
    visits = pl.DataFrame([{"eventID": "e1", **PLACE}]).to_arrow()
    records = pl.DataFrame([{"occurrenceID": "o1", "eventID": "e1", **NAME}]).to_arrow()
    text = [t.cast(formats_text(t)) for t in (visits, records)]
    formats.write_xlsx(path, {"event": iter(text[0].to_batches()), "occurrence": iter(text[1].to_batches())})
    batch = run_file(Botanist(), path, dataset="chung")
    rows = {row["table"]: (row["outcome"], row["rule"]) for row in outcomes(batch)}
    assert rows["event"] == ("unchanged", None)
    assert rows["occurrence"] == ("refused", "no_edit_right")
    assert not Occurrence.objects.exists()


def formats_text(table: Any) -> Any:
    import pyarrow as pa

    return pa.schema([(c, pa.string()) for c in table.column_names])


def test_ones_own_visit_of_an_earlier_file_takes_more_until_somebody_verifies_it(csv: Csv) -> None:
    botanist = Botanist()
    dataset = Dataset.objects.create(code="chung", title="Chung", organisation=BODY)
    bring(botanist, csv([{"eventID": "e1", **PLACE}], "dot.csv"), "observations.event")
    assert told(bring(botanist, csv([SEEN]))) == [("created", None)]
    Event.objects.filter(dataset=dataset).update(status="verified", revision=2)
    again = bring(botanist, csv([SEEN, {**SEEN, "occurrenceID": "o2"}]))
    assert told(again) == [("unchanged", None), ("refused", "no_edit_right")]


def test_a_record_is_not_moved_to_a_visit_of_others(visit: Event, csv: Csv) -> None:
    botanist = Botanist()
    bring(botanist, csv([{"eventID": "mine", **PLACE}], "dot.csv"), "observations.event")
    bring(botanist, csv([{**SEEN, "eventID": "mine"}]))
    assert told(bring(botanist, csv([SEEN]))) == [("refused", "no_edit_right")]
    assert Occurrence.objects.get().event.event_id == "mine"  # type: ignore[union-attr]


def test_a_visit_is_not_put_under_a_visit_of_others(visit: Event, csv: Csv) -> None:
    child = {"eventID": "e1:2", "parentEventID": "e1", **PLACE}
    assert told(bring(Botanist(), csv([child]), "observations.event")) == [("refused", "no_edit_right")]
    assert told(bring(System(), csv([child]), "observations.event")) == [("created", None)]
    assert Event.objects.get(event_id="e1:2").parent_id == visit.pk


def test_a_visit_is_not_put_under_one_its_maker_may_not_see(visit: Event, csv: Csv) -> None:
    """A parent that may not be seen is as if it were not there, and no new id may be tried beside it."""

    class Blind(Botanist):
        def scopes(self, verb: str) -> tuple[Scope, ...]:
            return () if ".see" in verb else super().scopes(verb)

    Event.objects.filter(pk=visit.pk).update(status="draft")
    child = {"eventID": "e1:2", "parentEventID": "e1", **PLACE}
    without = {"eventID": "e1:2", "parentEventID": "e7", **PLACE}
    answers = [told(bring(Blind(), csv([one]), "observations.event")) for one in (child, without)]
    assert answers == [[("refused", "not_yours")]] * 2


def test_nothing_is_measured_on_a_record_of_others(visit: Event, csv: Csv) -> None:
    row = {"measurementID": "m1", "eventID": "e1", "measurementType": "độ ẩm", "measurementValue": "80"}
    assert told(bring(Botanist(), csv([row]), "observations.measurement")) == [("refused", "no_edit_right")]
    assert not Measurement.objects.exists()
    assert told(bring(System(), csv([row]), "observations.measurement")) == [("created", None)]


def test_no_row_goes_into_a_dataset_of_another_body(csv: Csv) -> None:
    Dataset.objects.create(code="chung", title="Chung", organisation="khac")
    batch = bring(Botanist(), csv([{**NAME, "occurrenceID": "o1", **PLACE}]))
    assert told(batch) == [("refused", "not_yours")]
    assert not Occurrence.objects.exists()
