"""A survey of knowledge before and after a campaign: asked by telephone and on paper, answered in files, and read."""

import csv
import html
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader
from pyxform.xls2xform import convert

from baoton.kit import blobs
from baoton.kit.access import System
from baoton.kit.importing import undo
from baoton.kit.models import ImportBatch
from baoton.kit.pages import uploads
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.outreach.knowledge import files
from baoton.outreach.knowledge.asked import asked_in
from baoton.outreach.knowledge.received import take_in
from baoton.outreach.models import Answer, Campaign, Question, Quiz, Session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
HOME, OTHER, DAY = "12/03451", "12/03388", date(2026, 3, 2)
QUIZ, QUESTION = REGISTERS["outreach.quiz"], REGISTERS["outreach.question"]
TRAP = "*Gỡ bẫy và báo kiểm lâm\nĐể yên\nMang về nhà\nKhông biết"
HELP = "*Kiểm lâm\n*Công an xã\nNgười mua\nKhông biết"
HMONG = "HMông: Pom rooj | Tshem | Tseg | Nqa | Tsis paub"


def survey(actor: Any = System(), area: str = "", ask: bool = True) -> Quiz:  # noqa: B008
    book = REGISTERS["outreach.campaign"]
    run = write.create(
        book, actor, Campaign(title="Gỡ bẫy", audience="dân bản", message="Gỡ bẫy.", day=DAY, area_path=area)
    )
    one: Quiz = write.create(QUIZ, actor, Quiz(title="Hiểu biết về bẫy", campaign=run, day=DAY))
    if ask:
        write.act(book, System(), run, "start")
    for text, options, words in (("Thấy bẫy thì làm gì?", TRAP, HMONG), ("Báo cho ai?", HELP, "")):
        write.create(QUESTION, actor, Question(quiz=one, text=text, options=options, words=words))
    return write.act(QUIZ, actor, one, "ask") if ask else one


def sheet(path: Path, rows: list[dict[str, Any]]) -> Path:
    """The template of the survey, filled in."""
    one = Quiz.objects.get()
    book = load_workbook(io.BytesIO(files.workbook(one, asked_in(one.pk))))
    page = book.worksheets[0]
    heads = [str(c.value) for c in page[1]]
    for r, row in enumerate(rows, 2):
        for name, value in row.items():
            at = next(i for i, h in enumerate(heads, 1) if h == name or h.startswith(f"{name}. "))
            page.cell(r, at, value)
    book.save(path)
    return path


def line(n: int, wave: str, c1: str, c2: str = "a, b", **more: str) -> dict[str, Any]:
    told = {
        "Số phiếu": n,
        "Đợt hỏi": wave,
        "Ngày hỏi": DAY,
        "Xã, phường": "Mù Cả",
        "Giới tính": "nữ",
        "Nhóm": "người dân",
    }
    return told | {"C1": c1, "C2": c2} | more


def read(who: Any, address: str) -> str:
    page = Client()
    if who is not None:
        page.force_login(who)
    answer = page.get(address)
    assert answer.status_code == 200, (address, answer)
    return html.unescape(answer.content.decode())


def cells(page: str, label: str) -> list[str]:
    """The row of a table that begins so."""
    row = next(r for r in re.findall(r"<tr><td.*?</tr>", page, re.DOTALL) if label in r)
    return [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<td.*?</td>", row, re.DOTALL)]


def why(batch: ImportBatch) -> list[str]:
    rows = pl.read_parquet(blobs.path_of(batch.outcome_sha256)).to_dicts()
    return [f"{r['column']} {r['value']}: {r['message']}" for r in rows if r["outcome"] == "refused"]


def test_the_form_is_an_xlsform_in_every_language_and_the_sheet_is_printed(tmp_path: Path) -> None:
    one = survey()
    path = tmp_path / "bieu.xlsx"
    path.write_bytes(files.xlsform(one, asked_in(one.pk)))
    form = convert(path).xform
    assert (
        "Thấy bẫy thì làm gì?" in form and "Pom rooj" in form and "<select ref=" in form and "03451" in form
    )
    assert not re.search(r'nodeset="[^"]*/(ten|ho_ten|username|phonenumber|deviceid)"', form)
    told = "".join(
        p.extract_text() for p in PdfReader(io.BytesIO(files.printed(one, asked_in(one.pk), "HMông"))).pages
    )
    assert (
        "Không ghi tên" in told and "C1. Thấy bẫy" in told and "Pom rooj" in told and "d) Không biết" in told
    )


def test_sheets_typed_in_excel_come_in_once_and_tell_how_many_knew(
    person: Callable[[str], Any], tmp_path: Path
) -> None:
    one = survey(person("lan"))
    rows = [line(n, "trước", "a" if n <= 8 else "b", "a") for n in range(1, 21)]
    rows += [line(n, "sau", "Gỡ bẫy và báo kiểm lâm" if n <= 20 else "d") for n in range(1, 26)]
    path = sheet(tmp_path / "phieu.xlsx", rows)
    client = Client()
    client.force_login(person("sung"))
    sent = client.post(
        f"/tuyen-truyen/khao-sat/{one.pk}/gui/",
        {"file": SimpleUploadedFile("phieu.xlsx", path.read_bytes())},
        follow=True,
    )
    assert "45" in html.unescape(sent.content.decode()) and not Answer.objects.exists()  # a dry run
    done = take_in(person("sung"), one, path, "phieu.xlsx", dry=False)
    assert done.counts["total"]["created"] == 45, (done.counts, why(done)[:3])
    again = take_in(person("sung"), one, path, "phieu.xlsx", dry=False)
    assert again.counts["total"]["unchanged"] == 45
    page = read(person("lan"), f"/tuyen-truyen/khao-sat/{one.pk}/")
    assert cells(page, "C1. Thấy bẫy")[1:] == ["20", "40,0 %", "25", "80,0 %", "40,0", "11,3 … 61,3", "tăng"]
    assert cells(page, "C2. Báo cho ai")[1:5] == [
        "20",
        "0,0 %",
        "25",
        "100,0 %",
    ]  # both right ones must be chosen
    assert cells(page, "Mù Cả")[1:6] == ["20", "20,0 %", "25", "90,0 %", "70,0"]
    assert "C1 trước" in page and "C1 sau" in page
    undo(person("sung"), done)
    page = read(person("lan"), f"/tuyen-truyen/khao-sat/{one.pk}/")
    assert cells(page, "C1. Thấy bẫy")[1:] == ["0", "–", "0", "–", "–", "–", "chưa biết"]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_what_telephones_send_comes_in_without_who_sent_it(tmp_path: Path, kind: str) -> None:
    one = survey()
    rows = [
        {"KEY": f"uuid:{n}", "SubmitterName": "Pao", "dot": wave, "ngay": "2026-03-02", "xa": "03451", "ban": "Nậm Kè",
         "gioi": "male", "nhom": "pupils", "c1": c1, "c2": "a b"}
        for n, (wave, c1) in enumerate((("before", "a"), ("after", "a"), ("after", "")))
    ]  # fmt: skip
    path = tmp_path / f"bt.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        kobo = [{"_uuid": r.pop("KEY")[5:], "_submitted_by": r.pop("SubmitterName"), **r} for r in rows]
        path.write_text(json.dumps({"count": len(kobo), "results": kobo}), "utf-8")
    done = take_in(System(), one, path, path.name, dry=False)
    assert done.counts["total"]["created"] == 3, (done.counts, why(done))
    assert set(Answer.objects.values_list("wave", "answered", "right")) == {
        ("before", 2, 2),
        ("after", 2, 2),
        ("after", 1, 1),
    }
    assert {(a.number, a.village, a.sex, a.who) for a in Answer.objects.filter(wave="before")} == {
        ("0", "Nậm Kè", "male", "pupils")
    }
    assert "Pao" not in str(list(Answer.objects.values()))


def test_a_file_with_names_is_refused_and_is_not_kept(person: Callable[[str], Any], tmp_path: Path) -> None:
    one, path = survey(person("lan")), tmp_path / "ten.csv"
    path.write_text("Số phiếu,Họ và tên,Đợt,Ngày hỏi,Xã,C1\n1,Lò Thị A,trước,2026-03-02,Mù Cả,a\n", "utf-8")
    client = Client()
    client.force_login(person("sung"))
    upload = {"file": SimpleUploadedFile("ten.csv", path.read_bytes())}
    told = client.post(f"/tuyen-truyen/khao-sat/{one.pk}/gui/", upload, follow=True)
    assert "Khảo sát không hỏi các cột: “Họ và tên”" in html.unescape(told.content.decode())
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ValidationError, match="không có bảng với cột “Đợt hỏi”"):
        take_in(System(), one, path, "la.csv")
    assert not ImportBatch.objects.exists() and not Answer.objects.exists()


def test_more_sheets_than_a_page_can_lay_out_are_refused_at_once(
    person: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, client = survey(person("lan")), Client()
    client.force_login(person("sung"))
    head = 'Số phiếu,Đợt hỏi,Ngày hỏi,"Xã, phường",C1'

    def told(rows: int) -> str:
        text = "\n".join([head, *(f"{i},trước,2026-03-02,Mù Cả,a" for i in range(rows))])
        file = SimpleUploadedFile("phieu.csv", text.encode())
        page = client.post(f"/tuyen-truyen/khao-sat/{one.pk}/gui/", {"file": file}, follow=True)
        return html.unescape(page.content.decode())

    assert "hơn 10000 dòng" in told(10_001) and not ImportBatch.objects.exists()
    monkeypatch.setattr(uploads, "AT_ONCE_MB", 0.01)
    assert "Tệp lớn hơn 0 MB" in told(1_000) and not ImportBatch.objects.exists()


def test_each_wrong_cell_is_told_and_the_other_rows_stand(
    person: Callable[[str], Any], tmp_path: Path
) -> None:
    one = survey(person("lan"))
    rows = [
        line(1, "trước", "a"), line(2, "giữa", "a"), line(3, "trước", "z"), line(4, "trước", "a, b"),
        line(5, "trước", "", ""), line(6, "sau", "a", **{"Xã, phường": "Đoàn Kết"}), line(1, "trước", "b"),
        line(8, "sau", "a", **{"Ngày hỏi": date(2099, 1, 1)}), line("", "sau", "a"),
        line(10, "sau", "a", **{"Ngày hỏi": date(1990, 1, 1)}),  # type: ignore[arg-type]
    ]  # fmt: skip
    done = take_in(person("sung"), one, sheet(tmp_path / "sai.xlsx", rows), "sai.xlsx", dry=False)
    told = "\n".join(why(done))
    assert done.counts["total"]["created"] == 1 and done.counts["total"]["refused"] == 9, told
    for words in (
        "giữa", "C1. Thấy bẫy thì làm gì? z: Không phải phương án nào của câu này; ghi a, b, c, d",
        "chỉ được chọn một phương án", "Thiếu “trả lời”", "ngoài địa bàn", "Đã có", "Ngày này chưa đến",
        "Thiếu số phiếu", "ngày hỏi 2099-01-01: ", "cách chiến dịch hơn một năm",
        "giữa: Giá trị không có trong danh sách: trước, sau.",
    ):  # fmt: skip
        assert words in told, (words, told)


def test_the_public_reads_a_published_survey_without_small_numbers(
    person: Callable[[str], Any], tmp_path: Path
) -> None:
    one = survey()
    rows = [line(n, w, "a") for w in ("trước", "sau") for n in range(1, 10)]
    few = [line(n, w, "b", **{"Xã, phường": "Đoàn Kết"}) for w in ("trước", "sau") for n in range(1, 4)]
    more = [line(n, w, "a", **{"Xã, phường": "Tân Phong"}) for w in ("trước", "sau") for n in range(1, 8)]
    take_in(System(), one, sheet(tmp_path / "p.xlsx", [*rows, *few, *more]), "p.xlsx", dry=False)
    address = f"/tuyen-truyen/khao-sat/{one.pk}/"
    assert Client().get(address).status_code == 404
    own = read(person("sung"), address)
    assert (
        "Chỉ tính những phiếu bạn được xem" in own and "Đoàn Kết" not in own and cells(own, "Mù Cả")[1] == "9"
    )
    write.act(QUIZ, person("lan"), one, "publish")
    page = read(None, address)
    assert cells(page, "C1. Thấy bẫy")[1] == "19" and cells(page, "Mù Cả")[1] == "9"
    assert cells(page, "các mục còn lại")[1:] == [*["–"] * 5, "không công bố"]
    places = page[page.index("Theo xã, phường") :]
    assert (
        "Đoàn Kết" not in places and "Tân Phong" not in places
    )  # the second, lest it be taken from the total
    assert cells(read(person("lan"), address), "Đoàn Kết")[1] == "3"
    one.refresh_from_db()
    late = [line(99, "sau", "b", **{"Xã, phường": "Mường Tè"})]
    take_in(System(), one, sheet(tmp_path / "p2.xlsx", late), "p2.xlsx", dry=False)
    assert cells(read(person("lan"), address), "Mường Tè")[3] == "1"
    assert read(None, address) == page  # what was published stands until it is published anew
    write.act(
        QUIZ,
        person("lan"),
        write.act(QUIZ, person("lan"), one, "recall", {"reason": "thêm phiếu"}),
        "publish",
    )
    again = read(None, address)
    assert (
        cells(again, "C1. Thấy bẫy")[3] == "20"
        and "Mường Tè</td>" not in again[again.index("Theo xã, phường") :]
    )
    assert "/gui/" not in page and Client().get("/so/outreach-answer/").status_code in (302, 403)


def test_small_numbers_cannot_be_had_from_the_tables_of_other_questions(
    person: Callable[[str], Any], tmp_path: Path
) -> None:
    """The same places are kept back whatever question is asked for, and all questions with one that few answered."""
    one = survey()
    waves, rows = ("trước", "sau"), []
    for commune, n, silent in (("Đoàn Kết", 3, 0), ("Tân Phong", 6, 0), ("Mù Cả", 7, 2), ("Mường Tè", 9, 0)):
        rows += [
            line(i, w, "" if i <= silent else "a", **{"Xã, phường": commune})
            for w in waves
            for i in range(1, n + 1)
        ]
    take_in(System(), one, sheet(tmp_path / "p.xlsx", rows), "p.xlsx", dry=False)
    write.act(QUIZ, person("lan"), one, "publish")
    address = f"/tuyen-truyen/khao-sat/{one.pk}/"
    for asked in ("", "?cau=c1", "?cau=c2"):
        page = read(None, address + asked)
        places = page[page.index("Theo xã, phường") : page.index("Theo nhóm")]
        told = [c for c in ("Đoàn Kết", "Tân Phong", "Mù Cả", "Mường Tè") if c in places]
        assert told == ["Mù Cả", "Mường Tè"], (asked, told)
    facts = re.findall(r"<dd>(.*?)</dd>", page, re.DOTALL)
    assert facts[:2] == ["25", "25"] and facts[2].startswith("100,0 % → 100,0 %"), facts
    write.act(QUIZ, person("lan"), one, "recall", {"reason": "thêm câu ít người trả lời"})
    for answer in Answer.objects.filter(wave="before").order_by("pk")[4:]:
        write.edit(REGISTERS["outreach.answer"], System(), answer, {"answers": "c2=a+b"})
    write.act(QUIZ, person("lan"), Quiz.objects.get(), "publish")
    page = read(None, address)
    assert cells(page, "C1. Thấy bẫy")[1] == "–" and cells(page, "C2. Báo cho ai")[1] == "25"
    facts = re.findall(r"<dd>(.*?)</dd>", page, re.DOTALL)
    assert facts[0] == "25" and facts[2].startswith("– → 100"), "C1 could be had from all questions less C2"


def test_what_was_answered_is_not_asked_otherwise(person: Callable[[str], Any], tmp_path: Path) -> None:
    lan = person("lan")
    one = survey(lan, ask=False)
    with pytest.raises(ValidationError, match="dấu \\*"):
        write.create(QUESTION, lan, Question(quiz=one, text="Gì?", options="Có\nKhông"))
    with pytest.raises(ValidationError, match="đủ 2 phương án"):
        write.create(
            QUESTION, lan, Question(quiz=one, text="Gì?", options="*Có\nKhông", words="HMông: a | b")
        )
    path = sheet(tmp_path / "p.xlsx", [line(1, "trước", "a")])
    assert "đang soạn" in "".join(why(take_in(lan, one, path, "p.xlsx")))
    with pytest.raises(NotNow, match="triển khai chiến dịch trước"):
        write.act(QUIZ, lan, one, "ask")
    write.act(REGISTERS["outreach.campaign"], lan, one.campaign, "start")
    one.refresh_from_db()
    write.act(QUIZ, lan, one, "ask")
    take_in(lan, one, path, "p.xlsx", dry=False)
    asked = Question.objects.get(position=2)
    with pytest.raises(ValidationError, match="lập khảo sát mới"):
        write.edit(QUESTION, lan, asked, {"text": "Báo ai?"})
    with pytest.raises(ValidationError, match="lập khảo sát mới"):
        write.withdraw(QUESTION, lan, asked, "thôi")
    assert write.edit(QUESTION, lan, asked, {"words": "Thái: a | b | c | d | e"}).words
    with pytest.raises(ValidationError, match="rút các phiếu trước"):
        write.withdraw(QUIZ, lan, one, "thôi")


def test_sheets_corrected_by_a_second_file_are_counted_anew_and_as_before_after_an_undo(
    tmp_path: Path,
) -> None:
    one = survey()
    first = [line(n, "trước", "a", "") for n in (1, 2)]
    take_in(System(), one, sheet(tmp_path / "1.xlsx", first), "1.xlsx", dry=False)
    wrong = sheet(tmp_path / "2.xlsx", [line(n, "trước", "b", "") for n in (1, 2)])
    mended = take_in(System(), one, wrong, "2.xlsx", dry=False)
    assert mended.counts["total"]["updated"] == 2
    assert set(Answer.objects.values_list("answered", "right")) == {(1, 0)}
    undo(System(), mended)
    assert set(Answer.objects.values_list("answers", "right")) == {("c1=a", 1)}


def test_sheets_of_two_villages_with_the_same_numbers_both_stand(tmp_path: Path) -> None:
    one = survey()
    for name, village in (("1.xlsx", "Nậm Kè"), ("2.xlsx", "Cao Chải")):
        rows = [line(n, "trước", "a", **{"Bản, tổ dân phố": village}) for n in (1, 2)]
        done = take_in(System(), one, sheet(tmp_path / name, rows), name, dry=False)
        assert done.counts["total"]["created"] == 2, why(done)
    assert Answer.objects.count() == 4
    assert "theo các cột: khảo sát, đợt hỏi, xã, phường" in str(done.counts)


@pytest.mark.parametrize(
    ("head", "cell", "told"),
    [
        ("hovaten", "Sùng", "không hỏi các cột: “hovaten”"),
        ("Ông/bà", "Sùng", "không hỏi các cột: “Ông/bà”"),
        ("Ghi chú", "Sùng 0912345678", "không hỏi các cột: “Ghi chú”"),
        ("Email / Zalo", "a@b.vn", "không hỏi các cột: “Email / Zalo”"),
        ("C9. Câu lạ?", "a", "không hỏi các cột: “C9. Câu lạ?”"),
        ("phonenumber", "0912345678", "không hỏi các cột"),
        ("so_phieu", "Giàng A Sùng, 0912345678", "Dòng 1, cột “so_phieu”: Số phiếu chỉ là mã ngắn"),
        ("so_phieu", "0912345678", "Số phiếu chỉ là mã ngắn"),
        ("ban", "nhà ông Sùng CCCD 012345678901", "Dòng 1, cột “ban”: Chỉ ghi tên bản"),
        ("bt_khao_sat", "0197e9a0-0000-7000-8000-000000000000", "biểu của một khảo sát khác"),
    ],
)
def test_what_tells_of_somebody_or_is_of_another_survey_is_refused_before_it_is_kept(
    tmp_path: Path, head: str, cell: str, told: str
) -> None:
    one, path = survey(), tmp_path / "p.json"
    row = {"so_phieu": "7", "dot": "before", "ngay": "2026-03-02", "xa": "03451", "ban": "Nậm Kè", "c1": "a"}
    path.write_text(json.dumps([{**row, head: cell}, row]), "utf-8")
    with pytest.raises(ValidationError, match=re.escape(told)):
        take_in(System(), one, path, "p.json", dry=False)
    assert not ImportBatch.objects.exists() and not Answer.objects.exists()


def test_all_read_what_a_public_campaign_did_and_no_question_of_a_withdrawn_survey(
    person: Callable[[str], Any],
) -> None:
    one = survey(person("lan"))
    run = Campaign.objects.get()
    book = REGISTERS["outreach.session"]
    write.create(
        book, System(),
        Session(title="Họp bản", kind="meeting", day=DAY, area_path=HOME, participants=53, campaign=run),
    )  # fmt: skip
    address = f"/so/outreach-campaign/{run.pk}/"
    write.act(REGISTERS["outreach.campaign"], person("lan"), run, "publish")
    panel = read(None, address).partition("Kết quả của chiến dịch")[2]
    assert re.search(r"Lượt người dự</dt><dd>53", panel) and "Cộng mọi dòng" in panel
    assert "Thấy bẫy" in read(person("lan"), "/so/outreach-question/")
    write.withdraw(QUIZ, person("lan"), one, "thôi")
    assert "Thấy bẫy" not in read(person("lan"), "/so/outreach-question/")
