"""The pages of an import, walked as an officer walks them."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from baoton.kit.models import ImportBatch, Remembered
from baoton.observations.models import Occurrence
from baoton.people.models import Grant, Organisation, Person
from baoton.taxa.actions import load
from baoton.taxa.models import NameDecision, Taxon

pytestmark = pytest.mark.django_db
Csv = Callable[..., Path]
GOOD = {
    "Ký hiệu riêng": "o1", "Tên khoa học": "Manis pentadactyla", "Kinh độ": "103.1", "Vĩ độ": "22.3",
    "Ngày": "2026-03-01", "basisOfRecord": "nhìn thấy", "Sinh cảnh": "rừng",
}  # fmt: skip


@pytest.fixture
def lan(settings: Any) -> Client:
    settings.JOBS_INLINE = True
    org = Organisation.objects.create(code="so-nnmt", name="Sở NN&MT")
    person = Person.objects.create_user("lan", password="x", organisation=org)
    Grant.objects.create(person=person, role="officer")
    client = Client()
    client.force_login(person)
    return client


def upload(client: Client, path: Path, **more: str) -> Any:
    with path.open("rb") as file:
        return client.post("/nhap/", {"file": file, **more}, follow=True)


def plan_form(batch: ImportBatch, **changes: str) -> dict[str, Any]:
    """The form of the plan page as it stands, with some columns given another meaning."""
    table = batch.plan["tables"][0]
    columns = list(GOOD)
    terms = [changes.get(c, table["columns"].get(c, "")) for c in columns]
    return {"dataset": batch.dataset, "title": "Khảo sát", "column-0": columns, "term-0": terms,
            "target-0": "observations.occurrence", "crs-0": "wgs84", "order-0": "dmy"}  # fmt: skip


def test_the_limit_is_said_before_the_upload_and_a_bigger_file_is_turned_away(
    lan: Client, csv: Csv, settings: Any
) -> None:
    settings.UPLOAD_LIMIT_MB = 7
    assert "7 MB" in lan.get("/nhap/").content.decode()
    settings.UPLOAD_LIMIT_MB = 0
    assert "chia nhỏ" in upload(lan, csv([GOOD])).content.decode()
    assert not ImportBatch.objects.exists()


def test_an_officer_walks_from_upload_to_undo(lan: Client, csv: Csv) -> None:
    page = upload(lan, csv([GOOD, {**GOOD, "Ký hiệu riêng": "o2", "Vĩ độ": None}]))
    batch = ImportBatch.objects.get()
    assert "Cách đọc tệp" in page.content.decode() and "Tên khoa học" in page.content.decode()
    page = lan.post(
        f"/nhap/{batch.pk}/cach-doc/", plan_form(batch, **{"Ký hiệu riêng": "occurrenceID"}), follow=True
    )
    assert "Chưa ghi gì vào sổ" in page.content.decode()
    batch.refresh_from_db()
    assert batch.counts["total"]["refused"] == 2 and not Occurrence.objects.exists()
    assert Remembered.objects.get(kind="column", written="Ký hiệu riêng").meant == "occurrenceID"

    page = lan.get(f"/nhap/{batch.pk}/gia-tri/").content.decode()
    assert "nhìn thấy" in page and "HumanObservation" in page
    lan.post(f"/nhap/{batch.pk}/gia-tri/", {"meant-0": "HumanObservation"})
    batch.refresh_from_db()
    assert (batch.counts["total"]["created"], batch.counts["total"]["refused"]) == (1, 1)

    page = lan.get(f"/nhap/{batch.pk}/").content.decode()
    assert "kinh độ 103.1 đến 103.1, vĩ độ 22.3 đến 22.3" in page
    page = lan.post(f"/nhap/{batch.pk}/ghi/", follow=True).content.decode()
    assert "Hoàn tác cả lần nhập" in page
    one = Occurrence.objects.get()
    assert (one.occurrence_id, one.basis_of_record, one.organisation) == ("o1", "HumanObservation", "so-nnmt")
    lan.post(f"/nhap/{batch.pk}/hoan-tac/")
    assert not Occurrence.objects.filter(withdrawn__isnull=True).exists()
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.UNDONE


def test_the_outcome_file_has_every_row_as_excel_and_as_text(lan: Client, csv: Csv) -> None:
    upload(lan, csv([{**GOOD, "basisOfRecord": None}, {**GOOD, "Kinh độ": "x", "basisOfRecord": None}]))
    batch = ImportBatch.objects.get()
    lan.post(f"/nhap/{batch.pk}/cach-doc/", plan_form(batch))
    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(lan.get(f"/nhap/{batch.pk}/ket-qua.xlsx").streaming_content))
    )
    rows = list(sheet.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) == 3 and {rows[1][2], rows[2][2]} == {"thêm mới", "bị từ chối"}
    text = b"".join(lan.get(f"/nhap/{batch.pk}/ket-qua.csv").streaming_content).decode("utf-8-sig")
    assert "22.3961" in text and text.count("\n") == 3


def test_a_decided_name_is_remembered_and_counts_at_once(lan: Client, csv: Csv) -> None:
    load()
    upload(lan, csv([{**GOOD, "Tên khoa học": "Tê tê vảy vàng", "basisOfRecord": None}]))
    batch = ImportBatch.objects.get()
    lan.post(f"/nhap/{batch.pk}/cach-doc/", plan_form(batch))
    page = lan.get(f"/nhap/{batch.pk}/xem-lai/names/").content.decode()
    assert "Tê tê vảy vàng" in page
    lan.post(f"/nhap/{batch.pk}/xem-lai/names/",
             {"written": ["Tê tê vảy vàng"], "meant": [""], "exact": ["Manis pentadactyla"]})  # fmt: skip
    assert NameDecision.objects.get().taxon == Taxon.objects.get(scientific_name="Manis pentadactyla")
    lan.post(f"/nhap/{batch.pk}/ghi/")
    one = Occurrence.objects.get()
    assert one.scientific_name == "Tê tê vảy vàng" and one.taxon is not None and one.disclosure > 0


def test_a_protected_species_is_never_proposed(lan: Client, csv: Csv) -> None:
    load()
    upload(lan, csv([{**GOOD, "Tên khoa học": "Manis pentadactila", "basisOfRecord": None}]))
    batch = ImportBatch.objects.get()
    lan.post(f"/nhap/{batch.pk}/cach-doc/", plan_form(batch))
    page = lan.get(f"/nhap/{batch.pk}/xem-lai/names/").content.decode()
    assert "Manis pentadactila" in page and "Manis pentadactyla" not in page


def test_a_broken_file_ends_on_a_page_that_says_why(lan: Client, tmp_path: Path) -> None:
    path = tmp_path / "hong.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.xml", "<broken")
    page = upload(lan, path).content.decode()
    assert "Chưa ghi gì vào sổ" in page
    assert ImportBatch.objects.get().state == ImportBatch.State.FAILED


def test_somebody_elses_import_is_not_to_be_seen(lan: Client, csv: Csv) -> None:
    upload(lan, csv([GOOD]))
    other = Person.objects.create_user("pao", password="x")
    Grant.objects.create(person=other, role="commune", area_path="12/03388")
    client = Client()
    client.force_login(other)
    pk = ImportBatch.objects.get().pk
    for address in ("", "cach-doc/", "gia-tri/", "xem-lai/names/", "ket-qua.csv"):
        assert client.get(f"/nhap/{pk}/{address}").status_code == 404, address


def test_whoever_may_import_nothing_is_refused_the_page() -> None:
    client = Client()
    client.force_login(Person.objects.create_user("thu", password="x"))
    assert client.get("/nhap/").status_code == 403
