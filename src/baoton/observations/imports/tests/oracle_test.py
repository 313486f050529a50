"""A dry run answers no question about a record that its asker may not see: the answer is the same in every world."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from tests.halves import once_but

from baoton.kit.access import Scope, System
from baoton.kit.ids import source_id
from baoton.kit.importing import run_file
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import create, edit
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Dataset, Event, Measurement, Occurrence, Status
from baoton.places.actions import load as load_places
from baoton.places.models import Unit
from baoton.taxa.actions import load as load_taxa

pytestmark = pytest.mark.django_db
Csv = Callable[..., Path]


@dataclass(frozen=True)
class Who:
    """Somebody of a body with verbs at a scope."""

    verbs: tuple[str, ...]
    scope: Scope
    organisation_id: str = "ubnd-mu-ca"
    actor_id: str = "sung"
    actor_name: str = "Sùng A Páo"

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return (self.scope,) if verb.split(".")[-1] in self.verbs else ()


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    load_places()
    load_taxa()


@pytest.fixture
def communes() -> tuple[Unit, Unit]:
    here, there = Unit.objects.filter(valid_to=None, kind__in=["commune", "ward"], lon__isnull=False)[:2]
    return here, there


def hidden(at: Unit, name: str, key: str, body: str = "chi-cuc", **more: Any) -> Occurrence:
    """A visit of another body with a guarded species in a commune."""
    known = Dataset.objects.filter(code="d").first()
    dataset = known or Dataset.objects.create(
        pk=source_id("dataset", "d"), code="d", title="d", organisation=body
    )
    visit = Event(dataset=dataset, event_id=f"e{key}", organisation=body, day_start=date(2026, 3, 1))
    visit.put_point(at.lon, at.lat)
    create(REGISTERS["observations.event"], System(), visit)
    one = Occurrence(dataset=dataset, event=visit, occurrence_id=f"o{key}", scientific_name=name, organisation=body,
                     day_start=date(2026, 3, 1), event_date="2026-03-01", **more)  # fmt: skip
    one.put_point(at.lon, at.lat)
    return create(REGISTERS["observations.occurrence"], System(), one)


def answer(who: Any, path: Path) -> str:
    """Everything a dry run says, as one text."""
    batch = run_file(who, path, dataset="d", dry=True)
    said = {"rows": outcomes(batch), "counts": batch.counts, "notes": batch.warnings}
    said["counts"].pop("review_sha256", None)
    return json.dumps(said, sort_keys=True, default=str)


def worlds(here: Unit, there: Unit) -> dict[str, Callable[[], Any]]:
    """Ways things may stand that the asker must not tell apart: each has the dataset and something in it."""
    guarded = "Nomascus concolor"
    return {
        "another id": lambda: hidden(there, guarded, "9"),
        "in the own commune": lambda: hidden(here, guarded, "1"),
        "elsewhere": lambda: hidden(there, guarded, "1"),
        "another species": lambda: hidden(there, "Manis pentadactyla", "1"),
        "verified": lambda: hidden(here, guarded, "1", status=Status.VERIFIED),
        "with another day": lambda: hidden(here, guarded, "1", individual_count=7),
        "an ordinary draft elsewhere": lambda: hidden(there, "Macaca mulatta", "1"),
        "withdrawn": lambda: Occurrence.objects.filter(pk=hidden(here, guarded, "1").pk).update(
            withdrawn=timezone.now()
        ),
        "edited since": lambda: Occurrence.objects.filter(pk=hidden(here, guarded, "1").pk).update(
            revision=4
        ),
    }


def probes(here: Unit) -> dict[str, list[dict[str, Any]]]:
    """Files that ask: by key, by visit, by place, by value, by measurement."""
    at = {"decimalLongitude": here.lon, "decimalLatitude": here.lat}
    name = {"scientificName": "Nomascus concolor"}
    day = {"eventDate": "2026-03-01"}
    return {
        "keys": [{"occurrenceID": f"o{i}", **name, **at, **day} for i in range(4)],
        "key alone": [{"occurrenceID": "o1", **name}],
        "key and another place or word": [
            {"occurrenceID": "o1", **name, **at, "decimalLatitude": here.lat + 0.001, "locality": "khe suối"}],
        "visits": [
            {"occurrenceID": "x", "eventID": "e1", **name}, {"occurrenceID": "y", "eventID": "e1", **name, **at},
            {"occurrenceID": "z", "eventID": "e2", **name}],
        "visits by key": [
            {"eventID": "e1", **day, **at, "samplingProtocol": "tuyến", "eventType": "khảo sát", "parentEventID": ""},
            {"eventID": "x", "parentEventID": "e1", "eventType": "chặng", "samplingProtocol": "tuyến", **day}],
        "measurements": [
            {"measurementType": "dài", "measurementValue": "1", "occurrenceID": "o1", "eventID": ""},
            {"measurementType": "dài", "measurementValue": "1", "eventID": "e1", "occurrenceID": ""}],
        "no key": [{**name, **at, **day}],
    }  # fmt: skip


OUTSIDERS = {
    "commune officer": lambda u: Who(("see", "import", "create"), Scope(area_path=u.path)),
    "other body": lambda u: Who(("see", "see_precise", "import", "edit"), Scope(organisation="ubnd-mu-ca")),
    "botanist": lambda u: Who(("see", "see_precise", "import"), Scope(taxon_group="plant")),
    "blind": lambda u: Who(("import",), Scope(area_path="12")),
}


@pytest.mark.parametrize("who", once_but(OUTSIDERS, "botanist"))
def test_every_world_gives_the_same_answer(who: str, communes: tuple[Unit, Unit], csv: Csv) -> None:
    asker = OUTSIDERS[who](communes[0])
    files = {p: csv(rows, f"hoi-{n}.csv") for n, (p, rows) in enumerate(probes(communes[0]).items())}
    said: dict[str, dict[str, str]] = {}
    for world, make in worlds(*communes).items():
        with transaction.atomic():
            make()
            said[world] = {probe: answer(asker, path) for probe, path in files.items()}
            transaction.set_rollback(True)
    first = said["another id"]
    assert {(w, p): s for w, told in said.items() for p, s in told.items() if s != first[p]} == {}


@pytest.mark.parametrize("who", ["commune officer", "botanist", "blind"])
def test_an_id_in_a_dataset_of_ones_own_body_is_no_question_either(
    who: str, communes: tuple[Unit, Unit], csv: Csv
) -> None:
    """Taken or free, by an id, by a whole row without one, by a visit: whoever may not see all gets one answer."""
    asker, (here, there) = OUTSIDERS[who](communes[0]), communes
    asked = {k: v for k, v in probes(here).items() if k in {"keys", "no key", "visits by key"}}
    files = {p: csv(rows, f"hoi-{n}.csv") for n, (p, rows) in enumerate(asked.items())}
    said = []
    for key, at in (("9", there), ("1", here), ("1", there)):
        with transaction.atomic():
            hidden(at, "Nomascus concolor", key, body=asker.organisation_id)
            if at is here:  # a row that a file may bring in whole, without an id of its own
                Occurrence.objects.update(source_hash=1)
            said.append({p: answer(asker, path) for p, path in files.items()})
            transaction.set_rollback(True)
    assert said[0] == said[1] == said[2]
    assert who == "botanist" or "not_yours" in said[0]["keys"]  # no animal's row comes so far with him


def test_a_form_tells_of_no_id_that_is_taken_unseen(communes: tuple[Unit, Unit]) -> None:
    asker = replace(OUTSIDERS["commune officer"](communes[0]), verbs=("see", "create", "edit"))
    here, there = communes
    known = hidden(there, "Nomascus concolor", "1", body=asker.organisation_id)
    own = Event(day_start=date(2026, 3, 2), area_path=here.path)
    own = create(REGISTERS["observations.event"], asker, own)
    said = []
    for key in ("e1", "e7"):
        for work in (
            lambda key=key: create(REGISTERS["observations.event"], asker, Event(
                dataset=known.dataset, event_id=key, day_start=date(2026, 3, 2), area_path=here.path)),
            lambda key=key: edit(REGISTERS["observations.event"], asker, own,
                                 {"event_id": key, "dataset": known.dataset_id}),
        ):  # fmt: skip
            with pytest.raises(ValidationError) as refused:
                work()
            said.append(refused.value.message_dict)
    assert said[:2] == said[2:]
    free = Event(dataset=known.dataset, day_start=date(2026, 3, 2), area_path=here.path)
    assert create(REGISTERS["observations.event"], asker, free).event_id == str(free.pk)
    named = Event(dataset=known.dataset, event_id="e7", day_start=date(2026, 3, 2))
    assert create(REGISTERS["observations.event"], System(), named).event_id == "e7"


def test_a_visit_the_asker_may_see_is_lent_as_before(communes: tuple[Unit, Unit], csv: Csv) -> None:
    here, _there = communes
    hidden(here, "Nomascus concolor", "1")
    run_file(
        System(),
        csv([{"occurrenceID": "x", "eventID": "e1", "scientificName": "Macaca mulatta"}]),
        dataset="d",
    )
    assert Occurrence.objects.get(occurrence_id="x").min_x == here.lon


@pytest.mark.parametrize("right", ["import", "see", "see_precise"])
def test_overwriting_a_record_of_others_needs_the_right_to_edit(
    right: str, communes: tuple[Unit, Unit], csv: Csv
) -> None:
    here, _there = communes
    hidden(here, "Nomascus concolor", "1", body="ubnd-mu-ca", status=Status.VERIFIED)
    rights = ("import", "see", "see_precise")[: ("import", "see", "see_precise").index(right) + 1]
    told = outcomes(run_file(Who(rights, Scope()), csv([{"occurrenceID": "o1", "scientificName": "Macaca mulatta"}]),
                             dataset="d"))  # fmt: skip
    assert (told[0]["outcome"], told[0]["rule"]) in {("refused", "not_yours"), ("refused", "edited_since")}
    one = Occurrence.objects.get(occurrence_id="o1")
    assert (one.scientific_name, one.status) == ("Nomascus concolor", "verified")


def test_an_imported_record_of_others_needs_the_right_to_edit_too(csv: Csv) -> None:
    run_file(System(), csv([{"occurrenceID": "o1", "scientificName": "Manis pentadactyla"}]), dataset="d")
    who = Who(("import", "see", "see_precise"), Scope())
    changed = csv([{"occurrenceID": "o1", "scientificName": "Macaca mulatta"}])
    told = outcomes(run_file(who, changed, dataset="d"))
    assert (told[0]["outcome"], told[0]["rule"]) == ("refused", "no_edit_right")
    same = csv([{"occurrenceID": "o1", "scientificName": "Manis pentadactyla"}], "cu.csv")
    assert outcomes(run_file(who, same, dataset="d"))[0]["outcome"] == "unchanged"
    editor = Who((*who.verbs, "edit"), Scope())
    assert outcomes(run_file(editor, changed, dataset="d"))[0]["outcome"] == "updated"


def test_a_verified_record_that_an_import_changes_waits_again_and_has_its_history(csv: Csv) -> None:
    run_file(
        System(),
        csv([{"occurrenceID": f"o{i}", "scientificName": "Macaca mulatta"} for i in range(3)]),
        dataset="d",
    )
    Occurrence.objects.update(status=Status.VERIFIED)
    rows = [
        {"occurrenceID": f"o{i}", "scientificName": "Macaca mulatta", "locality": "khe" if i else ""}
        for i in range(3)
    ]
    run_file(System(), csv(rows), dataset="d")
    assert sorted(Occurrence.objects.values_list("occurrence_id", "status")) == [
        ("o0", "verified"), ("o1", "draft"), ("o2", "draft")]  # fmt: skip
    events = AuditEvent.objects.filter(register="observations.occurrence")
    assert events.count() == 2
    for event in events:
        assert event.verb == "observations.occurrence.import"
        assert (event.old["locality"], event.new["locality"]) == ("", "khe")
        assert (event.old["status"], event.new["status"]) == ("verified", "draft")


def test_whoever_brought_drafts_in_may_mend_them_and_not_once_they_are_verified(
    communes: tuple[Unit, Unit], csv: Csv
) -> None:
    here, _there = communes
    who = Who(("see", "import"), Scope(area_path=here.path))
    row = {"occurrenceID": "o1", "scientificName": "Nomascus concolor", "decimalLongitude": here.lon,
           "decimalLatitude": here.lat}  # fmt: skip
    assert outcomes(run_file(who, csv([row]), dataset="d"))[0]["outcome"] == "created"
    assert outcomes(run_file(who, csv([row]), dataset="d"))[0]["outcome"] == "unchanged"
    mended = {**row, "locality": "khe"}
    assert outcomes(run_file(who, csv([mended]), dataset="d"))[0]["outcome"] == "updated"
    Occurrence.objects.update(status=Status.VERIFIED)
    again = outcomes(run_file(who, csv([{**row, "locality": "suối"}]), dataset="d"))[0]
    assert (again["outcome"], again["rule"]) == ("refused", "no_edit_right")


def test_a_file_with_the_code_of_a_hidden_dataset_is_answered_as_if_it_were_free(
    communes: tuple[Unit, Unit], csv: Csv
) -> None:
    here, there = communes
    hidden(there, "Macaca mulatta", "1")
    who = Who(("see", "import"), Scope(area_path=here.path))
    row = {"occurrenceID": "new", "scientificName": "Macaca mulatta", "decimalLongitude": here.lon,
           "decimalLatitude": here.lat}  # fmt: skip
    assert outcomes(run_file(who, csv([row]), dataset="d"))[0]["outcome"] == "created"
    assert outcomes(run_file(who, csv([row]), dataset="own"))[0]["outcome"] == "created"
    assert outcomes(run_file(who, csv([row]), dataset="d"))[0]["outcome"] == "unchanged"
    assert Dataset.objects.get(code="d", organisation="chi-cuc").occurrences.count() == 1
    assert Measurement.objects.count() == 0 and Event.objects.count() == 1
