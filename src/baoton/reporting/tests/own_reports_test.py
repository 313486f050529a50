"""Reports of communes and bodies: drafted for all, submitted once by their own people, checked, returned, merged."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from docx import Document

from baoton.kit import blobs
from baoton.kit.models import Job
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.outreach.models import Session
from baoton.people.actions import load as load_people
from baoton.people.models import Person
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.plan import actions as plan
from baoton.plan import figures
from baoton.plan.queries import doers
from baoton.reporting import actions, own
from baoton.reporting.models import OwnReport
from baoton.reporting.periods import Period
from baoton.reporting.word import yearly

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MU_CA, BODY = "12/03451", "ubnd_03451"
S = OwnReport.Status


@pytest.fixture(scope="module")
def office(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Two sessions in Mù Cả this year; drafts for every body, asked from the page."""
    from django.conf import settings

    before = settings.BLOB_DIR, settings.JOBS_INLINE
    settings.BLOB_DIR, settings.JOBS_INLINE = tmp_path_factory.mktemp("blobs"), True
    with django_db_blocker.unblock(), translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        cast()
        for people in (40, 25):
            Session.objects.create(
                title="Họp bản", kind="meeting", day=date(2026, 5, 4), area_path=MU_CA, participants=people
            )
        figures.compute([2026])
        page("lan").post("/bao-cao/du-thao/", {"period": "2026", "khong-han": "1"})
        yield
        transaction.set_rollback(True)
    settings.BLOB_DIR, settings.JOBS_INLINE = before


def page(name: str) -> Client:
    client = Client()
    client.force_login(who(name))
    return client


def who(name: str) -> Person:
    return Person.objects.get(username=name)


def run(name: str, verb: str, record: OwnReport, **answers: Any) -> None:
    write.act(REGISTERS["reporting.own"], who(name), record, verb, answers)


def mine() -> OwnReport:
    return OwnReport.objects.get(body=BODY, period="2026")


def test_every_body_has_a_draft_with_its_own_figures(office: None) -> None:
    assert Job.objects.get(kind="reporting.own").state == Job.State.DONE
    assert OwnReport.objects.count() == len(doers()) > 38
    told = {f["name"]: f["value"] for f in mine().figures}
    assert (told["outreach.sessions"], told["outreach.participants"]) == (2, 65)
    other = OwnReport.objects.exclude(body=BODY).filter(area_path__contains="/").first()
    assert other is not None and "outreach.sessions" not in {f["name"] for f in other.figures}
    text = page("sung").get(f"/so/reporting-own/{mine().pk}/").content.decode()
    assert "/so/outreach-session/?when=2026&amp;area=12%2F03451" in text


def test_a_second_report_of_one_period_is_refused_with_a_sentence(office: None) -> None:
    with pytest.raises(ValidationError, match="đã có báo cáo của kỳ này"):
        write.create(REGISTERS["reporting.own"], who("lan"), OwnReport(body=BODY, period="2026"))


def test_a_report_goes_from_the_commune_to_the_paper_of_the_province(office: None) -> None:
    with pytest.raises(NotNow, match="Chưa ghi kết quả"):
        run("sung", "submit", mine())
    OwnReport.objects.filter(pk=mine().pk).update(
        obstacles="Bản Mù Su chưa có sóng điện thoại", proposals="Cấp bộ đàm"
    )
    with pytest.raises(NotNow, match="người của cơ quan"):
        run("lan", "submit", mine())
    run("sung", "submit", mine())
    number = mine().number
    assert mine().status == S.SUBMITTED and number.startswith("01/BC")
    with pytest.raises(NotNow, match=f"đã nộp ngày .*, số {number}, nên không nộp lần nữa"):
        run("sung", "submit", mine())
    paper = Document(BytesIO(blobs.path_of(mine().paper).read_bytes()))
    cells = [[c.text for c in r.cells] for t in paper.tables for r in t.rows]
    assert [c for c in cells if c[1:4] == ["Buổi tuyên truyền", "buổi", "2"]]
    head = " ".join(cells[0])
    assert "MÙ CẢ" in head and number in head
    assert "Bản Mù Su chưa có sóng điện thoại." in [p.text for p in paper.paragraphs]

    run("lan", "send_back", mine(), returned_why="thiếu số hộ ký cam kết")
    assert mine().status == S.RETURNED and "thiếu số hộ" in mine().returned_why
    run("sung", "submit", mine())
    assert mine().number == number and not mine().returned_why
    assert list(mine().versions.order_by("n").values_list("n", "obstacles")) == [
        (1, "Bản Mù Su chưa có sóng điện thoại"), (2, "Bản Mù Su chưa có sóng điện thoại"),
    ]  # fmt: skip
    run("lan", "check", mine())
    run("lan", "merge", mine())


def test_a_report_is_called_by_its_period_in_words(office: None) -> None:
    one = OwnReport(body=BODY, period="2026-6t")
    assert str(one).endswith(", 6 tháng đầu năm 2026") and "2026-6t" not in str(one)


def test_words_of_a_merged_report_stand_in_the_province_s_own(office: None, tmp_path: Any) -> None:
    OwnReport.objects.filter(body=BODY).update(
        status=S.MERGED,
        results="Gỡ 37 bẫy dây",
        obstacles="Bản Mù Su chưa có sóng điện thoại",
        proposals="Cấp bộ đàm.",
    )
    OwnReport.objects.exclude(body=BODY).update(obstacles="chưa nộp")
    yearly.write(actions.gather(who("lan"), Period(2026)), tmp_path / "x.docx")
    lines = [p.text for p in Document(str(tmp_path / "x.docx")).paragraphs]
    assert [x for x in lines if x.endswith("Mù Cả: Gỡ 37 bẫy dây.")]
    assert [x for x in lines if x.endswith("Mù Cả: Bản Mù Su chưa có sóng điện thoại.")]
    assert [x for x in lines if x.endswith("Mù Cả: Cấp bộ đàm.")] and not [
        x for x in lines if "chưa nộp" in x
    ]


def test_the_lead_sees_who_submitted_and_who_is_late(office: None) -> None:
    today = timezone.localdate()
    OwnReport.objects.filter(period="2026").update(due=today - timedelta(days=3))
    other = OwnReport.objects.exclude(body=BODY).filter(area_path__contains="/").first()
    assert other is not None
    OwnReport.objects.filter(pk=other.pk).update(status=S.SUBMITTED, submitted=today)
    text = page("lan").get("/bao-cao/xa/2026/").content.decode()
    n = OwnReport.objects.filter(period="2026", status__in=(S.DRAFT, S.RETURNED)).count()
    assert text.count("trễ 3 ngày") == n > 30 and text.count("nộp muộn 3 ngày") == 1
    whole = page("lan").get("/bao-cao/xa/2026-q1/").content.decode()
    assert whole.count("chưa có báo cáo") == len(doers()) and "Chưa đặt hạn nộp" in whole
    own_page = page("sung").get("/bao-cao/xa/2026/").content.decode()
    assert "Mù Cả" in own_page and str(other.pk) not in own_page and "chưa có báo cáo" not in own_page
    assert page("khoa").get("/bao-cao/xa/2026/").status_code == 403


def test_a_body_that_reports_reads_its_own_report_alone(office: None) -> None:
    address, bodies = "/api/collections/reporting-own/items?limit=200", {}
    for name in ("hoa", "minh", "sung", "thanh", "lan"):
        rows = page(name).get(address).json()["features"]
        bodies[name] = {OwnReport.objects.get(pk=row["id"]).body for row in rows}
    for name in ("hoa", "minh", "sung"):
        assert bodies[name] == {who(name).organisation_id}, name
    assert len(bodies["thanh"]) == len(bodies["lan"]) == len(doers())
    assert "Mù Cả" not in page("minh").get("/bao-cao/xa/2026-q1/").content.decode()
    assert page("lan").get("/bao-cao/xa/9999/").status_code == 404


def test_a_new_day_reaches_what_is_not_submitted_yet(office: None) -> None:
    told = page("lan").post("/bao-cao/du-thao/", {"period": "2026", "due": "2020-01-01"}, follow=True)
    assert "Hạn nộp đã qua" in told.content.decode()
    told = page("lan").post("/bao-cao/du-thao/", {"period": "2026", "due": "mai"}, follow=True)
    assert "không phải một ngày" in told.content.decode()
    for given in ({}, {"due": " "}):
        told = page("lan").post("/bao-cao/du-thao/", {"period": "2025", **given}, follow=True)
        assert "Chưa ghi hạn nộp" in told.content.decode()
    told = page("lan").post("/bao-cao/du-thao/", {"period": "2026", "due": "2027-01-01"}, follow=True)
    assert "ngày nghỉ; ngày làm việc gần nhất trước đó là 31/12/2026" in told.content.decode()
    assert not OwnReport.objects.filter(period="2025").exists()
    OwnReport.objects.filter(body=BODY).update(status=S.MERGED, due=None)
    page("lan").post("/bao-cao/du-thao/", {"period": "2026", "due": "2099-01-02"})
    assert mine().due is None and set(
        OwnReport.objects.filter(status=S.DRAFT).values_list("due", flat=True)
    ) == {date(2099, 1, 2)}


def test_who_may_make_drafts_for_all(office: None) -> None:
    assert page("sung").post("/bao-cao/du-thao/", {"period": "2026"}).status_code == 403
    assert page("lan").post("/bao-cao/du-thao/", {"period": "x"}).status_code == 404


def test_a_body_without_a_commune_writes_from_the_provinces_seat() -> None:
    record = OwnReport(body="kiem_lam", period="2026", area_path="12")
    assert own.fields(record)["place"] == "Lai Châu"


def test_drafts_of_a_wrong_period_are_withdrawn_at_once(office: None) -> None:
    lan, drafts = page("lan"), OwnReport.objects.filter(period="2026-q4", withdrawn__isnull=True)
    lan.post("/bao-cao/du-thao/", {"period": "2026-q4", "khong-han": "1"})
    n = drafts.count()
    written = drafts.get(body=BODY)
    OwnReport.objects.filter(pk=written.pk).update(obstacles="Thiếu người")
    assert n == len(doers()) and f"Rút {n - 1} dự thảo" in lan.get("/bao-cao/xa/2026-q4/").content.decode()
    assert page("sung").post("/bao-cao/du-thao/", {"period": "2026-q4", "rut": "1"}).status_code == 403
    told = lan.post("/bao-cao/du-thao/", {"period": "2026-q4", "rut": "1"}, follow=True).content.decode()
    assert (
        f"Đã rút {n - 1} dự thảo" in told
        and list(drafts) == [written]
        and OwnReport.objects.filter(period="2026", withdrawn__isnull=True).exists()
    )
    lan.post("/bao-cao/du-thao/", {"period": "2026-q4", "khong-han": "1"})
    assert drafts.all().count() == n
