"""A sequence is named with one key; a second person looks at what the law guards; an answer is taken back."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.cameras import package

from baoton.cameras.models import Answer, Media, Sequence
from baoton.cameras.queries import at_desk, kappa
from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.observations.models import Occurrence
from baoton.people.models import Person
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.fixture
def waiting(tmp_path: Path, person: Any) -> list[Sequence]:
    """Five sequences nobody has named."""
    run_file(person("dung"), package.write(tmp_path, observations=package.OBSERVATION_HEAD))
    return list(Sequence.objects.order_by("started"))


def act(actor: Any, one: Sequence, verb: str, **answers: Any) -> Sequence:
    fresh = Sequence.objects.get(pk=one.pk)
    stored: Sequence = write.act(REGISTERS["cameras.sequence"], actor, fresh, verb, answers)
    return stored


def guarded() -> str:
    return str(
        Taxon.objects.filter(sensitivity__gt=0, rank="species").order_by("scientific_name")[0].scientific_name
    )


def test_one_answer_names_a_sequence_and_makes_an_encounter_to_verify(
    waiting: list[Sequence], person: Any
) -> None:
    act(person("lan"), waiting[0], "animal", name="Sus scrofa", count=3)
    seen = Occurrence.objects.get()
    assert (seen.scientific_name, seen.individual_count, seen.status) == ("Sus scrofa", 3, "draft")
    assert seen.event == waiting[0].deployment.visit and str(seen.day_start) == "2026-03-02"
    assert seen.disclosure >= 1  # a camera's place is nobody's to read
    assert Sequence.objects.get(pk=waiting[0].pk).status == "done"


def test_several_species_stand_in_one_sequence(waiting: list[Sequence], person: Any) -> None:
    assert act(person("lan"), waiting[0], "also", name="Sus scrofa").status == "waiting"
    assert act(person("lan"), waiting[0], "animal", name="Macaca mulatta").status in {"done", "second"}
    assert sorted(Occurrence.objects.values_list("scientific_name", flat=True)) == [
        "Macaca mulatta",
        "Sus scrofa",
    ]


def test_a_guarded_species_waits_for_a_second_person_who_does_not_see_what_was_said(
    waiting: list[Sequence], person: Any
) -> None:
    name = guarded()
    assert act(person("lan"), waiting[0], "animal", name=name).status == "second"
    with pytest.raises(NotNow):
        act(person("lan"), waiting[0], "animal", name=name)
    shown = at_desk(person("dung"), Sequence.objects.get(pk=waiting[0].pk))
    assert shown["second"] and shown["said"] == []
    assert act(person("dung"), waiting[0], "animal", name=name).status == "done"
    assert Occurrence.objects.count() == 1


def test_two_persons_who_differ_are_settled_by_a_third_answer(waiting: list[Sequence], person: Any) -> None:
    name = guarded()
    act(person("lan"), waiting[0], "animal", name=name)
    assert act(person("dung"), waiting[0], "blank").status == "differ"
    assert act(System(), waiting[0], "blank").status == "done"
    assert not Occurrence.objects.filter(withdrawn__isnull=True).exists()


def test_an_answer_is_taken_back_with_what_it_made(waiting: list[Sequence], person: Any) -> None:
    act(person("lan"), waiting[0], "animal", name="Sus scrofa")
    act(person("lan"), waiting[1], "human")
    assert Media.objects.filter(people=True).count() == 1
    for one in waiting[:2]:
        assert act(person("lan"), one, "again").status == "waiting"
    assert not Occurrence.objects.filter(withdrawn__isnull=True).exists()
    assert not Answer.objects.filter(withdrawn__isnull=True).exists()
    assert not Media.objects.filter(people=True).exists()


def test_a_machine_only_offers_names(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    one = Sequence.objects.filter(answers__answer_id="o4").get()
    assert one.status == "waiting" and not Occurrence.objects.filter(scientific_name="Sus scrofa").exists()
    verb = REGISTERS["cameras.sequence"].verb("animal")
    assert verb.quick is not None and verb.quick(one)[0] == {"name": "Sus scrofa"}


@pytest.mark.once
def test_the_desk_goes_on_by_itself_and_offers_to_take_back(waiting: list[Sequence], client: Client) -> None:
    client.force_login(Person.objects.get(username="dung"))
    here = reverse("desk", args=["cameras-sequence"]) + "?status=waiting"
    page = client.get(here).content.decode()
    assert str(waiting[0])[1:] in page and 'data-key="3"' in page
    act_at = reverse("record-act", args=["cameras-sequence", waiting[0].pk, "blank"])
    told = client.post(act_at, {"next": f"{here}&last={waiting[0].pk}"}, follow=True).content.decode()
    assert str(waiting[1])[1:] in told and 'data-key="z"' in told


def test_agreement_beyond_chance_is_that_of_the_worked_example() -> None:
    """Two readers of 50 proposals: 20 yes by both, 15 no by both, 5 and 10 apart; kappa is 0.4."""
    pairs = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    found = kappa(pairs)
    assert found["agreed"] == 35 and abs(found["kappa"] - 0.4) < 1e-9
    assert kappa([])["kappa"] is None and kappa([("y", "y")])["kappa"] is None


@pytest.mark.once
def test_a_picture_whose_file_is_elsewhere_is_named_and_said_not_broken(
    waiting: list[Sequence], client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    there = tmp_path / "bay-anh" / "d1" / "IMG_1.JPG"
    there.parent.mkdir(parents=True)
    Image.new("RGB", (8, 6), "gray").save(there)
    client.force_login(Person.objects.get(username="dung"))
    page = client.get(reverse("desk", args=["cameras-sequence"]) + "?status=waiting").content.decode()
    first, second = Media.objects.filter(media_id__in=("m1", "m2")).order_by("media_id")
    assert page.count('src="/bay-anh/anh/') == 1 and str(first.pk) in page and str(second.pk) not in page
    assert "d1/IMG_2.JPG" in page and "1 tệp ảnh của loạt này không có trên máy chủ" in page
    assert client.get(reverse("camera-picture", args=[first.pk]))["Content-Type"] == "image/jpeg"
    assert client.get(reverse("camera-picture", args=[second.pk])).status_code == 404


@pytest.mark.once
def test_a_name_is_offered_while_it_is_typed_in_any_language(waiting: list[Sequence], client: Client) -> None:
    client.force_login(Person.objects.get(username="dung"))
    page = client.get(reverse("desk", args=["cameras-sequence"]) + "?status=waiting").content.decode()
    address = reverse("register-suggest", args=["taxa-taxon"]) + "?by=scientific_name"
    assert page.count(f'data-suggest="{address}"') == 2  # “animal” and “another animal”
    known = Taxon.objects.exclude(vernacular_vi="").filter(rank="species", accepted=None).order_by("id")[0]
    told = client.get(f"{address}&q={known.vernacular_vi}").json()["options"]
    assert known.scientific_name in [one["value"] for one in told]
