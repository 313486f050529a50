"""A plan from its file to the programme: read, corrected beside its text, adopted; a second counts nothing twice."""

import html
import re
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from docx import Document as Word
from pypdf import PdfWriter

from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.outreach.models import Session
from baoton.plan import figures, queries
from baoton.plan.models import Draft, IndicatorValue, Node, Plan, Work
from rulebook import plans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
PAPER = """ỦY BAN NHÂN DÂN
Số: 77/KH-UBND
Lai Châu, ngày 10 tháng 3 năm 2026
KẾ HOẠCH
Hành động đa dạng sinh học
Thực hiện Luật Đa dạng sinh học, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:
I. MỤC TIÊU
- Giữ rừng đầu nguồn.
- Người dân cùng tham gia.
II. NHIỆM VỤ
1. Tuyên truyền trong trường học.
2. Điều tra loài thuỷ sinh.
III. TỔ CHỨC THỰC HIỆN
1. Sở Tài chính
- Bố trí kinh phí.
Nơi nhận:
- Bộ Nông nghiệp và Môi trường (báo cáo);
- Lưu: VT.
"""
ANNEX = (
    ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"),
    ("1", "Tuyên truyền trong trường học", "Sở Nông nghiệp và Môi trường", "Các sở, ngành", "Hằng năm"),
    ("2", "Điều tra loài thuỷ sinh", "Sở Khoa học và Công nghệ", "", "Năm 2026-2027"),
)


def client(person: Any) -> Client:
    made = Client()
    made.force_login(person)
    return made


def word(rows: Any = ANNEX) -> bytes:
    paper, out = Word(), BytesIO()
    for line in PAPER.splitlines():
        paper.add_paragraph(line)
    if rows:
        paper.add_paragraph("PHỤ LỤC")
        table = paper.add_table(len(rows), len(rows[0]))
        for n, row in enumerate(rows):
            for k, text in enumerate(row):
                table.cell(n, k).text = text
    paper.save(out)
    return out.getvalue()


def upload(who: Client, data: bytes, name: str = "ke-hoach.docx") -> str:
    page = who.post("/so/plan-draft/moi/", {"source": SimpleUploadedFile(name, data)}, follow=True)
    return html.unescape(page.content.decode())


def told(who: Client, one: Draft, **step: Any) -> str:
    """What the page says after one correction."""
    one.refresh_from_db()
    page = who.post(f"/ke-hoach/ban-nhap/{one.pk}/", {"revision": one.revision, **step}, follow=True)
    one.refresh_from_db()
    return html.unescape(page.content.decode())


def act(who: Client, one: Draft, verb: str) -> str:
    page = who.post(f"/so/plan-draft/{one.pk}/lam/{verb}/", follow=True)
    one.refresh_from_db()
    return html.unescape(page.content.decode())


def node(code: str, **more: Any) -> dict[str, Any]:
    return {"do": "node", "code": code, "kind": "solution", "number": code.rpartition(".")[2],
            "parent": code.rpartition(".")[0], "text": "x", **more}  # fmt: skip


def task(at: int, number: int, at_node: str, **more: Any) -> dict[str, Any]:
    return {"do": "task", "at": at, "number": number, "node": at_node, "name": "Tuyên truyền", "time": "Hằng năm",
            "lead_bodies": ["so_nnmt"], **more}  # fmt: skip


def test_a_plan_is_read_corrected_beside_its_text_and_adopted(person: Callable[[str], Any]) -> None:
    lan, began = client(person("lan")), time.monotonic()
    page = upload(lan, word())
    assert time.monotonic() - began < 5
    one = Draft.objects.get()
    assert one.number == "77/KH-UBND" and "9 mục, 2 nhiệm vụ" in page, page
    page = html.unescape(lan.get(f"/ke-hoach/ban-nhap/{one.pk}/").content.decode())
    assert page.index("Giữ rừng đầu nguồn.") < page.index("Cây mục") < page.rindex("Giữ rừng đầu nguồn.")
    assert "Nhiệm vụ 1 chưa gắn với chủ đề nào của chương trình" in page

    page = told(
        lan, one, **node("I.2", text="Người dân giữ rừng.", kind="aim", bodies=["so_tai_chinh"], serves=["1"])
    )
    assert "Người dân giữ rừng." in page and one.data["nodes"][2]["serves"] == [1]
    page = told(lan, one, **node("I.1", number="2", text="Giữ rừng, bản đã gõ."))
    assert "Đã có mục số 2 dưới mục I: mỗi mục một số." in page and "Giữ rừng, bản đã gõ." in page
    assert "không đặt dưới chính nó" in told(lan, one, **node("III", number="9", parent="III.1", text="y"))
    assert "còn 2 mục con" in told(lan, one, do="remove", code="I")
    told(lan, one, do="add", code="I.2", kind="objective", text="Không mất thêm loài nào.")
    told(lan, one, do="up", code="I.3")
    codes = [n["code"] for n in one.data["nodes"]]
    assert codes[:4] == ["I", "I.1", "I.3", "I.2"]
    told(lan, one, do="remove", code="I.3")
    told(lan, one, **node("III.1", number="2", kind="group", text="Sở Tài chính"))
    assert [n["code"] for n in one.data["nodes"]][-2:] == ["III.2", "III.2.1"]
    assert "Ngày ban hành viết như" in told(lan, one, do="head", id="77/KH-UBND", issued="hôm nay", title="A")
    head = {
        "id": "77/KH-UBND",
        "issued": "10/03/2026",
        "title": "Hành động",
        "recipients": "Bộ | báo cáo\nLưu: VT",
    }
    told(lan, one, do="head", **head)
    assert one.data["recipients"][0] == {"name": "Bộ", "purpose": "báo cáo"}
    told(lan, one, **task(0, 1, "II.1", topic="outreach"))

    assert "Đã đưa kế hoạch vào chương trình" in act(lan, one, "adopt")
    made = Plan.objects.get(pk="77/KH-UBND")
    assert queries.plan() != made and made.body["topics"] == {"outreach": "II.1"}
    assert [n.code for n in made.nodes.filter(kind="task")] == ["II.1", "II.2"]
    assert "mở lại để sửa" in told(lan, one, do="remove", code="I.1")
    given = lan.get(f"/ke-hoach/ban-nhap/{one.pk}/ke-hoach.yaml").content.decode()
    assert plans.parse(yaml.safe_load(given)).task(2).lead_bodies == ("so_khcn",)

    # corrected again, the plan of the programme follows; a node to which something is tied stays
    Work.objects.create(title="a", task=Node.objects.get(pk="77/KH-UBND:II.2"), responsible="so_nnmt",
                        due=timezone.localdate(), must_show="b", area_path="12")  # fmt: skip
    act(lan, one, "reopen")
    told(lan, one, do="remove", code="I.1")
    act(lan, one, "adopt")
    assert not Node.objects.filter(pk="77/KH-UBND:I.1").exists()
    act(lan, one, "reopen")
    told(lan, one, do="task-remove", at=1)
    told(lan, one, do="remove", code="II.2")
    assert "Mục II.2 đã có việc" in act(lan, one, "adopt")


def test_a_figure_is_counted_once_whatever_the_number_of_plans(person: Callable[[str], Any]) -> None:
    lan, year = client(person("lan")), timezone.localdate().year
    book = REGISTERS["outreach.session"]
    met = Session(
        title="Họp", kind="meeting", day=timezone.localdate(), area_path="12/03451", participants=30
    )
    write.create(book, person("lan"), met)
    one = person("lan")
    works = [
        Work(title=f"v{n}", responsible="so_nnmt", due=timezone.localdate(), must_show="b", area_path="12")
        for n in "ab"
    ]
    works[0].task = queries.task_number(1)
    write.create(REGISTERS["plan.work"], one, works[0])
    figures.compute([year])

    def every() -> dict[tuple[str, str], Any]:
        rows = IndicatorValue.objects.filter(year=year)
        return {(v.indicator, v.area_path): (v.value, v.count, v.query) for v in rows}

    before = every()
    upload(lan, word())
    draft = Draft.objects.get()
    told(lan, draft, **task(0, 1, "II.1", topic="outreach"))
    act(lan, draft, "adopt")
    figures.compute([year])
    assert every() == before
    choices = dict(queries.task_choices())
    assert choices["77/KH-UBND:II.1"].startswith("77/KH-UBND · 1. ") and choices[
        "654/KH-UBND:III.1"
    ].startswith("1. ")
    works[1].task = Node.objects.get(pk="77/KH-UBND:II.1")
    write.create(REGISTERS["plan.work"], one, works[1])
    figures.compute([year])
    assert every()["plan.due", ""][0] == before["plan.due", ""][0] + 1

    def page(address: str) -> str:
        return html.unescape(lan.get(address).content.decode())

    def sessions(text: str) -> Any:
        return re.search(r"Buổi tuyên truyền</a></dt><dd>.*?>([\d.]+)<", text, re.S)

    own, second = page("/ke-hoach/nhiem-vu/1/"), page("/ke-hoach/nhiem-vu/1/?plan=77/KH-UBND")
    assert sessions(own)[1] == sessions(second)[1] == "1"
    assert ">va<" in own and ">vb<" not in own and ">vb<" in second and ">va<" not in second
    second = page("/ke-hoach/?plan=77/KH-UBND")
    assert "chỉ tính một lần" in second and "<option selected>77/KH-UBND</option>" in second
    assert "plan=77%2FKH-UBND" in second and "0/1 việc đã xong" in second
    assert "Giữ rừng đầu nguồn" in page("/ke-hoach/van-ban/?plan=77/KH-UBND")
    assert lan.get("/ke-hoach/?plan=1").status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (word(()), "a.docx", "Không đọc được phụ lục nhiệm vụ"),
        (
            word((*ANNEX, ("2", "Nhiệm vụ nữa", "Sở Tài chính", "", "Năm 2027"))),
            "a.docx",
            "Có 2 nhiệm vụ cùng số 2",
        ),
        ("Thân gửi các bạn,\nhẹn gặp lại.".encode(), "a.txt", "tệp này không giống một kế hoạch"),
        (b"\x89PNG\r\n\x1a\n123", "a.png", "không phải .docx, .pdf hay .txt"),
    ],
)
def test_a_paper_that_is_no_whole_plan_is_told_in_a_sentence(
    person: Callable[[str], Any], data: bytes, name: str, sentence: str
) -> None:
    lan = client(person("lan"))
    page = upload(lan, data, name)
    if one := Draft.objects.first():
        page += html.unescape(lan.get(f"/ke-hoach/ban-nhap/{one.pk}/").content.decode())
        if "cùng số" in sentence:
            assert sentence in act(lan, one, "adopt") and one.status == "draft"
    assert sentence in page


def test_a_scan_says_that_it_has_no_words_and_a_number_is_taken_once(person: Callable[[str], Any]) -> None:
    lan, out, pdf = client(person("lan")), BytesIO(), PdfWriter()
    pdf.add_blank_page(595, 842)
    pdf.write(out)
    page = upload(lan, out.getvalue(), "scan.pdf")
    assert not Draft.objects.exists() and "ảnh" in page and "errorlist" in page
    upload(lan, word())
    one = Draft.objects.get()
    told(lan, one, do="head", id="654/KH-UBND", issued="10/03/2026", title="A")
    assert "Chương trình đã có Kế hoạch 654/KH-UBND" in act(lan, one, "adopt") and one.status == "draft"
    assert client(person("sung")).get(f"/ke-hoach/ban-nhap/{one.pk}/").status_code in (403, 404)
