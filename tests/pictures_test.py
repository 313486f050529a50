"""The picture a page shows is made once, by the worker; the web server decodes none."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from baoton.files import exif, pictures
from baoton.files.actions import attach
from baoton.files.models import Evidence
from baoton.kit import blobs, jobs
from baoton.kit.access import System
from baoton.kit.models import Job
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write as writing
from baoton.observations.actions import verify
from baoton.observations.models import Dataset, Occurrence
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR, settings.BLOB_DIR, settings.JOBS_INLINE = tmp_path, tmp_path / "blobs", False


def photo(side: int = 3000, kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side // 2), (10, 90, 30)).save(out, kind, **more)
    return out.getvalue()


@pytest.fixture
def seen() -> Any:
    """A verified record of a species nobody guards, which everybody may open."""
    taxon, _new = Taxon.objects.get_or_create(scientific_name="Copsychus saularis", key="copsychus saularis")
    dataset = Dataset.objects.create(code="x", title="X")
    row = Occurrence(dataset=dataset, occurrence_id="1", scientific_name=taxon.scientific_name, taxon=taxon)
    row.put_point(103.1, 22.4)
    writing.create(REGISTERS["observations.occurrence"], System(), row)
    return verify(System(), row, reason="đã xem ảnh") or row


def kept(about: Any, content: bytes, name: str = "a.jpg") -> Evidence:
    return attach(System(), about, [content], name)


def work_off() -> int:
    waiting = list(Job.objects.filter(state=Job.State.WAITING, kind=pictures.KIND))
    for job in waiting:
        jobs.run(job.pk)
    return len(waiting)


def test_it_is_made_once_and_never_by_the_web_server(seen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one = kept(seen, photo())
    address = f"/minh-chung/{one.pk}/tep"
    waiting = Client().get(address)
    assert waiting.status_code == 202 and waiting["Cache-Control"] == "no-store"
    assert work_off() == 1
    opened: list[Any] = []
    monkeypatch.setattr(Image, "open", lambda *given, **more: opened.append(given))
    for _i in range(8):
        shown = Client().get(address)
        assert shown.status_code == 200 and b"".join(shown.streaming_content)[:3] == b"\xff\xd8\xff"  # type: ignore[attr-defined]
    assert opened == [] and work_off() == 0


def test_the_shown_picture_is_small_upright_and_bare(seen: Any) -> None:
    tags = Image.Exif()
    tags[0x0112] = 6
    tags[0x9003] = "2026:03:01 10:00:00"
    one = kept(seen, photo(exif=tags))
    work_off()
    with Image.open(pictures.path_of(one.sha256)) as shown:
        assert shown.size == (800, 1600) and not dict(shown.getexif())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_usual_kind_is_shown(seen: Any, kind: str) -> None:
    one = kept(seen, photo(400, kind), f"a.{kind.lower()}")
    work_off()
    assert Client().get(f"/minh-chung/{one.pk}/tep").status_code == 200


@pytest.mark.parametrize(
    "content",
    [b"", b"khong phai anh", photo(400)[:300], b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"GIF89a" + b"\xff" * 30],
    ids=["empty", "words", "cut", "png head", "gif head"],
)
def test_a_broken_picture_is_kept_and_shown_by_name_alone(seen: Any, content: bytes) -> None:
    one = kept(seen, content)
    work_off()
    assert Client().get(f"/minh-chung/{one.pk}/tep").status_code == 404
    assert blobs.intact(one.sha256) and work_off() == 0


def test_a_small_file_of_very_many_points_is_not_decoded(seen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exif, "MOST_POINTS", 1_000_000)
    one = kept(seen, photo(3000, "PNG"))
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *given: pytest.fail("decoded"))
    work_off()
    assert Client().get(f"/minh-chung/{one.pk}/tep").status_code == 404


def test_a_bomb_is_kept_with_a_sentence(seen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000)
    one = kept(seen, photo(400, "PNG"))
    assert "không mở được" in one.exif_note


def test_looking_often_asks_for_one_job(seen: Any) -> None:
    one = kept(seen, photo())
    Job.objects.all().delete()
    for _i in range(5):
        Client().get(f"/minh-chung/{one.pk}/tep")
    assert Job.objects.filter(kind=pictures.KIND).count() == 1


def test_of_several_files_the_good_ones_are_kept_and_each_refused_one_is_named(
    seen: Any, client: Client
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from baoton.people.actions import give
    from baoton.people.models import Person

    lan = Person.objects.create(username="lan")
    give(System(), lan, "officer")
    client.force_login(lan)
    address = f"{REGISTERS['observations.occurrence'].url(seen)}minh-chung/"
    files = [
        SimpleUploadedFile("ảnh.jpg", photo(40), "image/jpeg"),
        SimpleUploadedFile("ảnh 2.jpg", b"MZ\x90\0 a program", "image/jpeg"),
        SimpleUploadedFile("biên bản.pdf", b"%PDF-1.7 x", "text/html"),
    ]
    page = client.post(address, {"files": files}, follow=True).content.decode()
    assert "Đã tải lên 2 tệp" in page and "Không nhận “ảnh 2.jpg”" in page
    told = dict(Evidence.objects.values_list("title", "media_type"))
    assert told == {"ảnh.jpg": "image/jpeg", "biên bản.pdf": "application/pdf"}
