"""Every document about facilities: numbered, frozen, in the words of its record; drafts say that they are drafts."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document as Word
from tests.facilities.cases import SYSTEM, act, book, facility, stock
from tests.facilities.dossiers_test import dossier, walked
from tests.facilities.pages_test import signed_in

import rulebook
from baoton.facilities.models import Campaign, Document, Inspection, Planted
from baoton.facilities.papers import common
from baoton.facilities.papers import dossiers as of_dossiers
from baoton.kit import blobs
from baoton.kit.writing import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def words(word: bytes) -> str:
    """Everything a reader of the document sees: head, paragraphs, tables."""
    document = Word(BytesIO(word))
    told = [p.text for p in document.sections[0].first_page_header.paragraphs]
    told += [p.text for p in document.paragraphs]
    told += [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join(told)


def kept(kind: str) -> tuple[Document, str]:
    one = Document.objects.filter(kind=kind).latest("day", "id")
    return one, words(blobs.path_of(one.paper).read_bytes())


def test_each_step_of_a_dossier_issues_its_paper_with_a_number_of_its_own_series() -> None:
    at = facility("Trại Nậm Kè", village="bản Nậm Kè")
    stock(at, capacity=30)
    one = act("application", dossier(at), "accept", on=date(2026, 4, 1))
    receipt, text = kept("receipt")
    assert receipt.number == "01/GTN-CCKL" and "15 ngày làm việc" in text and "Hẹn trả kết quả: ngày" in text
    assert "Đơn đề nghị cấp mã số" in text and "chưa nộp" in text and "DỰ THẢO" not in text
    one = act("application", one, "ask_supplement", missing="bản vẽ chuồng.", on=date(2026, 4, 2))
    supplement, text = kept("supplement")
    assert supplement.number == "01/TB-CCKL" and "bản vẽ chuồng." in text and "bản vẽ chuồng.." not in text
    one = act("application", one, "supplement", papers="bản vẽ", on=date(2026, 4, 3))
    one = act("application", one, "schedule_check", check_day=date(2026, 4, 6))
    said = {
        "check_day": date(2026, 4, 6),
        "check_result": "fit",
        "check_note": "chuồng đạt",
        "check_team": "Lò Văn Dũng",
    }
    one = act("application", one, "record_check", **said)
    check, text = kept("check")
    assert check.number == "01/BB-CCKL" and "Lò Văn Dũng" in text and "đủ điều kiện" in text
    one = act("application", one, "propose", proposal="đủ điều kiện")
    one = act("application", one, "grant")
    decision, text = kept("decision")
    assert decision.number == one.number == "01/QĐ-CCKL" and "IIB-LCH-0001" in text
    code, text = kept("code")
    assert code.number == "01/GCN-CCKL" and "IIB-LCH-0001" in text and "/ma-so/IIB-LCH-0001/" in text
    assert one.paper == decision.paper and Document.objects.filter(application=one).count() == 5
    assert all(d.facility_id == at.pk and blobs.intact(d.paper) for d in Document.objects.all())
    refused = act("application", walked(at, date(2026, 4, 7), kind="change"), "refuse", reason="chuồng hỏng")
    refusal, text = kept("refusal")
    assert refusal.number == refused.number == "02/QĐ-CCKL" and "Lý do: chuồng hỏng." in text
    gone = act("application", walked(at, date(2026, 4, 8), kind="revoke"), "grant")
    revocation, text = kept("revocation")
    assert revocation.number == gone.number == "03/QĐ-CCKL" and "Thu hồi mã số IIB-LCH-0001" in text


def test_bodies_and_their_heads_stand_in_a_document_as_the_province_names_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = rulebook.province()
    renamed = tuple(
        replace(b, name="Chi cục Rừng", head="Trưởng chi cục") if b.key == "kiem_lam" else b
        for b in home.bodies
    )
    monkeypatch.setattr(common.rulebook, "province", lambda *a: replace(home, bodies=renamed))
    at = facility("Trại Nậm Kè")
    stock(at)
    act("application", walked(at, date(2026, 4, 7)), "grant")
    _decision, text = kept("decision")
    assert "TRƯỞNG CHI CỤC CHI CỤC RỪNG" in text and "CHI CỤC RỪNG" in text
    _receipt, told = kept("receipt")
    assert "Chi cục Rừng tiếp nhận hồ sơ" in told
    assert "kiểm lâm" not in (text + told).lower()


def test_a_certificate_of_a_conservation_facility_is_of_the_province() -> None:
    at = facility("Trạm cứu hộ", kind="rescue")
    act("application", walked(at, date(2026, 4, 1), kind="certificate"), "grant")
    certificate, text = kept("certificate")
    assert (
        certificate.number == "01/GCN-UBND" and "ỦY BAN NHÂN DÂN TỈNH" in text and "bảo tồn: cứu hộ" in text
    )


def test_an_issued_file_does_not_follow_what_changes_later() -> None:
    at = facility("Trại Nậm Kè")
    one = act("application", dossier(at), "accept", on=date(2026, 4, 1))
    receipt, before = kept("receipt")
    write.edit(book("facility"), SYSTEM, at, {"name": "Trại đổi tên"})
    assert kept("receipt") == (receipt, before) and "Trại Nậm Kè" in before
    assert "Trại đổi tên" in words(of_dossiers.RECEIPT.sheet.filled(type(one).objects.get(pk=one.pk)))


def test_a_draft_says_so_has_no_number_and_takes_none() -> None:
    at = facility("Trại Nậm Kè")
    one = act("application", dossier(at), "accept", on=date(2026, 4, 1))
    browser = signed_in("dung")
    page = browser.get(book("application").url(one)).content.decode()
    assert f"/du-thao/facilities-application/{one.pk}/supplement.docx" in page
    for kind in (
        "receipt",
        "supplement",
        "check",
        "decision",
        "refusal",
        "revocation",
        "code",
        "certificate",
        "apology",
    ):
        got = browser.get(f"/du-thao/facilities-application/{one.pk}/{kind}.docx")
        text = words(got.content)
        assert got.status_code == 200 and "DỰ THẢO" in text and "Số: ……" in text, kind
    assert Document.objects.count() == 1
    assert browser.get(f"/du-thao/facilities-application/{one.pk}/minute.docx").status_code == 404
    for name in ("minh", "thu", "sung"):
        assert signed_in(name).get(f"/du-thao/facilities-application/{one.pk}/check.docx").status_code in {
            403,
            404,
        }
    assert Client().get(f"/du-thao/facilities-application/{one.pk}/check.docx").status_code in {302, 404}


def test_an_office_edits_a_template_in_word_and_its_own_is_used(settings: Any) -> None:
    one = act("application", dossier(facility()), "accept", on=date(2026, 4, 1))
    browser = signed_in("dung")
    assert "facility-receipt.docx" in browser.get("/mau-van-ban/").content.decode()
    document = Word(BytesIO(browser.get("/mau-van-ban/facility-supplement.docx").content))
    document.add_paragraph("Câu của cơ quan: {{ owner }}")
    folder = settings.VAR / "templates"
    folder.mkdir(exist_ok=True)
    try:
        document.save(folder / "facility-supplement.docx")
        act("application", one, "ask_supplement", missing="x", on=date(2026, 4, 2))
        assert f"Câu của cơ quan: {one.facility.owner}" in kept("supplement")[1]
    finally:
        (folder / "facility-supplement.docx").unlink()
    assert signed_in("minh").get("/mau-van-ban/").status_code == 403


def test_a_late_dossier_asks_for_the_letter_of_apology_and_a_timely_one_refuses_it() -> None:
    from baoton.kit.writing.refusal import NotNow

    soon = timezone.localdate() + timedelta(days=9)
    timely = act("application", dossier(facility("Trại kịp")), "accept", on=timezone.localdate())
    with pytest.raises(NotNow, match="chưa quá hạn"):
        act("application", timely, "apologise", late_reason="x", promised=soon)
    late = act("application", dossier(facility("Trại muộn")), "accept", on=date(2026, 4, 1))
    browser = signed_in("dung")
    page = browser.get(book("application").url(late)).content.decode()
    assert "Cần gửi thư xin lỗi" in page
    act("application", late, "apologise", late_reason="lũ cuốn đường", promised=soon)
    letter, text = kept("apology")
    assert letter.number == "01/PXL-CCKL" and "lũ cuốn đường" in text and f"{soon:%d/%m/%Y}" in text
    assert "Đã xin lỗi và hẹn lại" in browser.get(book("application").url(late)).content.decode()
    home = browser.get("/").content.decode()
    assert "quá hạn" in home


def test_the_decision_and_plan_of_a_campaign_and_the_minute_both_sides_sign() -> None:
    at = facility("Trại Nậm Kè")
    stock(at)
    today = timezone.localdate()
    campaign = write.create(
        book("campaign"), SYSTEM,
        Campaign(
            name="Đợt cuối năm", begins=today, ends=today + timedelta(30), teams="Đoàn 1: Lò Văn Dũng",
            organisation="kiem_lam",
        ),
    )  # fmt: skip
    visit = Inspection(
        facility=at,
        kind="planned",
        day=today,
        campaign=campaign,
        team="Đoàn 1: Lò Văn Dũng",
        organisation="kiem_lam",
    )
    visit = write.create(book("inspection"), SYSTEM, visit)
    campaign = act("campaign", campaign, "decide")
    order, text = kept("order")
    assert (
        order.number == campaign.number == "01/QĐ-CCKL"
        and "Kiểm tra 1 cơ sở" in text
        and "Lò Văn Dũng" in text
    )
    plan, text = kept("plan")
    assert plan.number == "01/KH-CCKL" and "Trại Nậm Kè" in text and "không phải kết luận vi phạm" in text
    visit = act("inspection", visit, "start")
    visit = act("inspection", visit, "finish", checklist="chuồng, sổ", summary="khớp")
    minute, text = kept("minute")
    assert minute.number == visit.number == "01/BB-CCKL"
    assert "CHỦ CƠ SỞ" in text and "ĐẠI DIỆN ĐOÀN KIỂM TRA" in text and "Không có tồn tại." in text


def test_the_inventory_is_issued_with_a_number() -> None:
    from tests.facilities.cases import MU_CA, taxon

    row = Planted(
        grower="Vàng A Pao",
        village="bản 1",
        area_path=MU_CA,
        taxon=taxon("Panax vietnamensis"),
        year=2020,
        amount=40,
    )
    write.create(book("planted"), SYSTEM, row)
    browser = signed_in("dung")
    draft = words(browser.get("/thong-ke-noi-trong/danh-sach.docx").content)
    assert "DỰ THẢO" in draft and "Vàng A Pao" in draft
    browser.post("/thong-ke-noi-trong/ban-hanh/")
    listed, text = kept("inventory")
    assert listed.number == "01/BC-CCKL" and "Panax vietnamensis" in text and "40 cây" in text
    assert signed_in("sung").post("/thong-ke-noi-trong/ban-hanh/").status_code == 403
