"""The pages of an import, walked as an officer walks them."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.kit.importing import Plan, TablePlan, run_file
from baoton.kit.importing.remembering import remember
from baoton.kit.models import AuditEvent, ImportBatch, Remembered
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


def test_refused_rows_are_mended_in_the_browser_and_read_as_before(lan: Client, csv: Csv) -> None:
    rows = [{**GOOD, "Ký hiệu riêng": f"o{i}", "basisOfRecord": "quan sát", "Ngày": d}
            for i, d in enumerate(("2026-03-01", "hôm qua", "??-13-2026"))]  # fmt: skip
    upload(lan, csv(rows))
    first = ImportBatch.objects.get()
    lan.post(
        f"/nhap/{first.pk}/cach-doc/", plan_form(first, **{"Ký hiệu riêng": "occurrenceID"}), follow=True
    )
    first.refresh_from_db()
    assert first.counts["total"]["refused"] == 2
    page = lan.get(f"/nhap/{first.pk}/sua-dong/").content.decode()
    assert "hôm qua" in page and "o0" not in page
    columns = list(GOOD)
    day = columns.index("Ngày")
    given: dict[str, Any] = {"table": "khao-sat", "row": ["3", "4"], "leave": ["4"]}
    for i, c in enumerate(columns):
        given[f"cell-{i}"] = [rows[1][c], rows[2][c]]
    given[f"cell-{day}"] = ["2026-03-02", "x"]
    lan.post(f"/nhap/{first.pk}/sua-dong/", given, follow=True)
    second = ImportBatch.objects.exclude(pk=first.pk).get()
    assert second.dataset == first.dataset
    assert second.plan["tables"][0]["columns"]["Ký hiệu riêng"] == "occurrenceID"
    lan.post(f"/nhap/{second.pk}/kiem-tra/", follow=True)
    second.refresh_from_db()
    assert (second.counts["total"]["created"], second.counts["total"]["rows"]) == (1, 1)


def test_refused_rows_are_downloaded_mended_and_sent_again(lan: Client, csv: Csv, tmp_path: Path) -> None:
    rows = [{**GOOD, "Ký hiệu riêng": "o1", "basisOfRecord": "quan sát", "Ngày": "hôm qua"}]
    upload(lan, csv(rows))
    first = ImportBatch.objects.get()
    lan.post(
        f"/nhap/{first.pk}/cach-doc/", plan_form(first, **{"Ký hiệu riêng": "occurrenceID"}), follow=True
    )
    answer = lan.get(f"/nhap/{first.pk}/bi-tu-choi.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.worksheets[0]
    heads = [c.value for c in sheet[1]]
    assert heads[-1] == "vì sao bị từ chối" and "ngày" in str(sheet[2][len(heads) - 1].value)
    sheet[2][heads.index("Ngày")].value = "2026-03-05"
    book.save(tmp_path / "sua.xlsx")
    with (tmp_path / "sua.xlsx").open("rb") as file:
        lan.post(f"/nhap/{first.pk}/tai-len-lai/", {"file": file}, follow=True)
    second = ImportBatch.objects.exclude(pk=first.pk).get()
    lan.post(f"/nhap/{second.pk}/kiem-tra/", follow=True)
    second.refresh_from_db()
    assert second.counts["total"]["created"] == 1, second.counts


def test_a_file_is_read_again_with_another_header_row(lan: Client, tmp_path: Path) -> None:
    path = tmp_path / "la.csv"
    path.write_text(
        "scientificName,eventDate\nTên khoa học,Ngày gặp\nMacaca mulatta,2026-03-01\n", encoding="utf-8"
    )
    upload(lan, path)
    batch = ImportBatch.objects.get()
    lan.post(f"/nhap/{batch.pk}/cach-doc/", {"reread": "1", "hint-header_row": "2"}, follow=True)
    batch.refresh_from_db()
    assert set(batch.plan["tables"][0]["columns"]) == {"Tên khoa học", "Ngày gặp"}


def test_what_one_body_teaches_is_not_proposed_to_another_and_is_audited(lan: Client, csv: Csv) -> None:
    upload(lan, csv([GOOD]))
    batch = ImportBatch.objects.get()
    lan.post(
        f"/nhap/{batch.pk}/cach-doc/", plan_form(batch, **{"Ký hiệu riêng": "occurrenceID"}), follow=True
    )
    kept = Remembered.objects.get(kind="column", written="Ký hiệu riêng")
    assert kept.organisation == "so-nnmt"
    assert AuditEvent.objects.filter(
        register="kit.remembered", object_name__contains="Ký hiệu riêng"
    ).exists()
    other = run_file(System(), csv([GOOD], "khac.csv"), dry=True)
    assert other.plan["tables"][0]["columns"].get("Ký hiệu riêng") != "occurrenceID"
    upload(lan, csv([GOOD], "nua.csv"))
    again = ImportBatch.objects.get(file_name="nua.csv")
    assert again.plan["tables"][0]["columns"]["Ký hiệu riêng"] == "occurrenceID"


def test_whoever_may_not_import_into_a_book_teaches_nothing_about_it() -> None:
    class Nobody:
        actor_id, actor_name = "x", "X"

        def scopes(self, verb: str) -> tuple[Any, ...]:
            return ()

    table = TablePlan("t", "observations.occurrence", columns={"a": "eventDate"})
    assert remember(Nobody(), "so", Plan(tables=[table]), Plan()) == 0
    assert not Remembered.objects.exists()
