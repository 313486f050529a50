"""What is published of a species' extent depends on nothing hidden, today or later; the true edition is for few."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from baoton.assessment.actions import compute, republish
from baoton.assessment.models import SpeciesStatus, TrueExtent
from baoton.assessment.views import edition
from baoton.kit.access import Public, System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write as writing
from baoton.observations.models import Dataset, Event, Occurrence
from baoton.people.models import Grant, Organisation, Person
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
ON, DAY = date(2026, 12, 31), date(2026, 3, 1)
ORDINARY, GUARDED = "Macaca mulatta", "Aonyx cinereus"
OPEN = ((102.461, 22.481), (102.612, 22.333))
HIDDEN = ((103.0212, 22.3551), (103.0788, 22.3119))  # two places of one square of the grid


@pytest.fixture(autouse=True)
def books(db: None) -> None:
    load_places()
    load_taxa()
    Dataset.objects.create(code="t", title="t")


def seen(name: str, place: tuple[float, float], visit: Event | None = None) -> Occurrence:
    taxon = Taxon.objects.get(scientific_name=name)
    row = Occurrence(
        dataset=Dataset.objects.get(), taxon=taxon, event=visit, day_start=DAY, status="verified"
    )
    row.put_point(*place)
    saved: Occurrence = writing.create(REGISTERS["observations.occurrence"], System(), row)
    return saved


def visit(place: tuple[float, float]) -> Event:
    row = Event(dataset=Dataset.objects.get(), event_id="V1", day_start=DAY, status="verified")
    row.put_point(*place)
    saved: Event = writing.create(REGISTERS["observations.event"], System(), row)
    return saved


def told(name: str) -> dict[str, Any]:
    """All that a published status says, without its key."""
    status = SpeciesStatus.objects.get(taxon__scientific_name=name)
    kept = {"id", "taxon_id", "input_hash"}
    return {k: v for k, v in status.snapshot().items() if k not in kept}


def test_an_ordinary_species_of_a_guarded_visit_publishes_the_same_wherever_that_visit_was() -> None:
    answers = []
    for place in HIDDEN:
        Occurrence.objects.all().delete()
        Event.objects.all().delete()
        where = visit(place)
        for one in OPEN:
            seen(ORDINARY, one)
        seen(ORDINARY, place, where)
        seen(GUARDED, place, where)
        compute(ON)
        answers.append((told(ORDINARY), told(GUARDED)))
    assert answers[0] == answers[1]
    assert answers[0][0]["eoo_km2"] > 100
    assert answers[0][0]["aoo_km2"] is None and answers[0][0]["blurred"] + answers[0][0]["withheld"] == 1
    true = TrueExtent.objects.get(status__taxon__scientific_name=ORDINARY)
    assert true.aoo_km2 == 12 and true.eoo_km2 != answers[0][0]["eoo_km2"]


def test_a_place_guarded_later_leaves_the_published_extent_at_once_adopted_or_not() -> None:
    where = visit(HIDDEN[0])
    for one in OPEN:
        seen(ORDINARY, one)
    seen(ORDINARY, HIDDEN[0], where)
    compute(ON)
    status = SpeciesStatus.objects.get()
    SpeciesStatus.objects.update(status="adopted")
    before = status.eoo_km2
    assert before and status.hull and not status.guarded
    seen(GUARDED, HIDDEN[0], where)
    status.refresh_from_db()
    assert status.eoo_km2 is None and status.hull is None and status.cells is None and status.places is None
    assert "đang tính lại" in status.why_unknown
    republish([status.taxon_id])
    status.refresh_from_db()
    assert status.guarded and status.hull is None
    assert status.eoo_km2 not in (None, before)
    assert status.status == "adopted"


def test_the_digest_of_the_input_does_not_move_with_a_place() -> None:
    """Found again by trying coordinates in eleven minutes when it was made of them."""
    row = seen(GUARDED, HIDDEN[0])
    digests = []
    for place in HIDDEN:
        row.put_point(*place)
        row.save()
        compute(ON)
        digests.append(SpeciesStatus.objects.get().input_hash)
    assert digests[0] == digests[1] and len(digests[0]) == 64
    Occurrence.objects.update(revision=2)
    compute(ON)
    assert SpeciesStatus.objects.get().input_hash != digests[0]


def test_the_true_edition_goes_only_to_whoever_may_know_every_record_it_rests_on() -> None:
    for place in (*OPEN, HIDDEN[0]):
        seen(GUARDED, place)
    compute(ON)
    status = SpeciesStatus.objects.get()
    body = Organisation.objects.create(code="so", name="Sở")
    rows = sorted(Occurrence.objects.values_list("area_path", flat=True))
    assert len(set(rows)) == 3

    def holder(name: str, *areas: str) -> Person:
        person = Person.objects.create_user(name, password="x", organisation=body)
        for area in areas:
            Grant.objects.create(person=person, role="ranger", area_path=area)
        return person

    assert edition(Public(), status) is status
    assert edition(holder("a", *rows[:2]), status) is status
    assert isinstance(edition(holder("b", *rows), status), TrueExtent)
    # a place that stood open when it was computed counts as the guarded one it may be today
    Occurrence.objects.update(disclosure=0)
    assert edition(Public(), status) is status


def test_no_page_or_file_prints_the_true_extent() -> None:
    for place in (*OPEN, HIDDEN[0]):
        seen(GUARDED, place)
    compute(ON)
    true = TrueExtent.objects.get()
    taxon = Taxon.objects.get(scientific_name=GUARDED)
    digits = [f"{true.eoo_km2:.1f}".replace(".", ","), f"{true.eoo_km2:.3f}"[:7], f"{true.aoo_km2:.1f}"]
    for address in (
        f"/loai/{taxon.pk}/",
        "/so/assessment-status/",
        "/so/assessment-status/xuat.csv",
        "/api/collections/assessment-status/items",
        "/so/assessment-status/?known=1",
    ):
        answer = Client().get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200
        for one in digits[:2]:
            assert one.encode() not in body, (address, one)
