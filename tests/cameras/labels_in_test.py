"""What MegaDetector and SpeciesNet say of pictures comes in as suggestions on the desk, never as what was seen."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.cameras import package

from baoton.cameras.models import Answer, Media, Sequence
from baoton.kit.access import System
from baoton.kit.importing import run_file, undo
from baoton.kit.models import ImportBatch
from baoton.observations.models import Occurrence
from baoton.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]

BOAR = "u;mammalia;cetartiodactyla;suidae;sus;scrofa;wild boar"


def net(folder: Path, *rows: tuple[str, str, float]) -> Path:
    told = [
        {"filepath": f, "prediction": p, "prediction_score": s, "model_version": "4.0.1a", "detections": []}
        for f, p, s in rows
    ]
    path = folder / "speciesnet.json"
    path.write_text(json.dumps({"predictions": told}), encoding="utf-8")
    return path


def ends(batch: ImportBatch) -> dict[str, int]:
    assert not batch.counts.get("error"), batch.counts
    told = batch.counts["total"]
    return {k: told[k] for k in ("created", "updated", "unchanged", "refused", "left_out") if told[k]}


@pytest.fixture
def pictures(tmp_path: Path, person: Any) -> Any:
    """Dũng's five sequences that nobody has named; he himself."""
    run_file(person("dung"), package.write(tmp_path, observations=package.OBSERVATION_HEAD))
    return person("dung")


def test_a_label_stands_on_the_desk_with_its_confidence_and_verifies_nothing(
    pictures: Any, tmp_path: Path, client: Client
) -> None:
    path = net(tmp_path, ("/home/dung/anh/d1/IMG_1.JPG", BOAR, 0.87), ("d1/IMG_3.JPG", "u;;;;;;blank", 0.9))
    assert ends(run_file(pictures, path)) == {"created": 2}
    said = Answer.objects.get(kind="animal")
    assert (said.scientific_name, said.probability, said.method, said.level) == (
        "Sus scrofa",
        0.87,
        "machine",
        "media",
    )
    assert said.media_id == "m1" and said.sequence == Sequence.objects.order_by("started")[0]
    assert not Occurrence.objects.exists() and not Sequence.objects.exclude(status="waiting").exists()
    client.force_login(Person.objects.get(username="dung"))
    page = client.get(reverse("desk", args=["cameras-sequence"]) + "?status=waiting").content.decode()
    assert "Sus scrofa</i> 0,87" in page and "SpeciesNet 4.0.1a" in page and 'data-key="q"' in page
    assert ends(run_file(pictures, path)) == {"unchanged": 2}


def test_a_label_of_no_picture_or_of_several_is_refused_alone(pictures: Any, tmp_path: Path) -> None:
    Media.objects.filter(media_id__in=("m5", "m6")).update(path="IMG_5.JPG")
    path = net(
        tmp_path, ("d1/IMG_1.JPG", BOAR, 0.8), ("d9/IMG_77.JPG", BOAR, 0.8), ("x/IMG_5.JPG", BOAR, 0.8)
    )
    assert ends(run_file(pictures, path)) == {"created": 1, "refused": 2}


def test_nobody_labels_pictures_of_another_body(pictures: Any, tmp_path: Path, person: Any) -> None:
    batch = run_file(person("lan"), net(tmp_path, ("d1/IMG_1.JPG", BOAR, 0.8)))
    assert ends(batch) == {"refused": 1} and not Answer.objects.exists()


def test_a_person_whom_a_machine_sees_is_withheld_and_undo_leaves_no_label(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path, observations=package.OBSERVATION_HEAD))
    seen = {
        "detection_categories": {"1": "animal", "2": "person"},
        "images": [
            {"file": "d1/IMG_4.JPG", "detections": [{"category": "2", "conf": 0.9, "bbox": [0, 0, 1, 1]}]}
        ],
    }
    (tmp_path / "md.json").write_text(json.dumps(seen), encoding="utf-8")
    batch = run_file(System(), tmp_path / "md.json")
    assert ends(batch) == {"created": 1} and Media.objects.get(people=True).media_id == "m4"
    undo(System(), batch)
    assert not Answer.objects.filter(withdrawn__isnull=True).exists()
