"""Plans read from their words: no paragraph is missing, tasks have who and when, doubts are told."""

from collections import Counter
from datetime import date
from pathlib import Path

import docx
import pytest
import typst

from formats import paragraphs
from formats.source import FormatError
from rulebook.drafts import DraftPlan, draft
from rulebook.plans import load
from rulebook.provinces import load_province

BODIES = [(b.key, (b.name, b.short)) for b in load_province("lai_chau").bodies]
HEAD = [
    "ỦY BAN NHÂN DÂN",
    "Số: 3100/KH-UBND",
    "Sơn La, ngày 15 tháng 3 năm 2027",
    "KẾ HOẠCH",
    "Hành động bảo tồn đa dạng sinh học giai đoạn 2027 - 2030",
    "Căn cứ Luật Đa dạng sinh học ngày 13 tháng 11 năm 2008;",
    "Thực hiện Quyết định số 149/QĐ-TTg ngày 28 tháng 01 năm 2022 của Thủ tướng Chính phủ, Ủy ban nhân dân tỉnh "
    "ban hành Kế hoạch như sau:",
]
BODY = [
    ("A", "section", "A. CĂN CỨ VÀ MỤC TIÊU"),
    ("A.I", "group", "I. Mục tiêu chung và cụ thể"),
    ("A.I.1", "general_objective", "1. Mục tiêu chung"),
    ("", "", "Đến năm 2030, các hệ sinh thái rừng, đất ngập nước và các loài nguy cấp của tỉnh được giữ gìn, phục hồi "
     "và sử dụng bền vững, gắn với sinh kế của người dân sống gần rừng và giữ được nguồn nước cho vùng hạ du."),
    ("A.I.2", "group", "2. Mục tiêu cụ thể"),
    ("A.I.2.1", "objective", "- Nâng diện tích rừng tự nhiên được khoanh nuôi lên 12.000 ha vào năm"),
    ("A.I.2.2", "objective", "- Không để mất thêm loài nào;"),
    ("A.II", "group", "II. Yêu cầu"),
    ("A.II.1", "requirement", "- Việc làm phải có người chịu trách nhiệm."),
    ("B", "section", "B. NHIỆM VỤ, GIẢI PHÁP"),
    ("B.I", "group", "I. Bảo tồn tại chỗ"),
    ("B.I.1", "group", "1. Rừng"),
    ("B.I.1.1", "solution", "1.1. Khoanh nuôi 500 ha mỗi năm tại các xã vùng cao."),
    ("B.I.1.2", "group", "1.2. Làm giàu rừng:"),
    ("B.I.1.2.1", "solution", "- Trồng dặm cây bản địa;"),
    ("B.I.1.2.1.1", "solution", "+ Ưu tiên cây gỗ lớn;"),
    ("B.I.1.2.1.2", "solution", "+ Lấy giống ở tỉnh."),
    ("B.I.1.2.2", "solution", "- Chăm sóc ba năm."),
    ("B.I.2", "group", "2. Loài"),
    ("B.I.2.a", "group", "a) Linh trưởng"),
    ("B.I.2.a.1", "solution", "- Điều tra vượn theo Kế hoạch số 12/KH-SNNMT."),
    ("B.I.2.b", "solution", "b) Thả lại rùa về suối sau khi đã kiểm dịch."),
    ("C", "section", "C. TỔ CHỨC THỰC HIỆN"),
    ("C.1", "group", "1. Sở Nông nghiệp và Môi trường"),
    ("C.1.1", "duty", "Chủ trì, theo dõi, đôn đốc các đơn vị; hằng năm báo cáo Ủy ban nhân dân tỉnh."),
    ("C.2", "group", "2. Sở Tài chính"),
    ("C.2.1", "duty", "- Bố trí kinh phí;"),
    ("C.2.2", "duty", "- Hướng dẫn thanh quyết toán."),
    ("C.3", "closing", "Trên đây là Kế hoạch hành động, các đơn vị nghiêm túc thực hiện./."),
]  # fmt: skip
TAIL = ["Nơi nhận:", "- Bộ Nông nghiệp và Môi trường; (Báo cáo)", "- Các sở, ngành;", "- Lưu: VT, NN.",
        "TM. ỦY BAN NHÂN DÂN", "Nguyễn Văn A"]  # fmt: skip
TABLE = [
    ["STT", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành", "Ghi chú"],
    ["1", "Khoanh nuôi tái sinh rừng tự nhiên ở các xã vùng cao", "Sở Nông nghiệp và Môi trường",
     "UBND các xã, phường", "Hàng năm", ""],
    ["2", "Điều tra vượn", "Chi cục Kiểm lâm; Sở Khoa học và Công nghệ", "Các sở, ngành", "Quý III/2027", ""],
    ["3", "Thả lại rùa", "Sở Nông nghiệp và Môi trường", "", "2028 - 2029", ""],
    ["4", "Tập huấn", "Sở Tài chính", "", "khi có kinh phí", ""],
]  # fmt: skip


def codes(plan: DraftPlan) -> list[tuple[str, str]]:
    return [(n.code, n.kind) for n in plan.nodes]


def read(path: Path) -> DraftPlan:
    found = paragraphs.read(path)
    return draft(found.paragraphs, found.tables, found.lines, BODIES)


def word(path: Path, marks: bool = True) -> Path:
    """The invented plan as an office's Word file; without `marks` its dashes are those of a Word list."""
    paper = docx.Document()
    for text in [*HEAD, *(t for _c, _k, t in BODY)]:
        if not marks and text.startswith("- "):
            paper.add_paragraph(text[2:], style="List Bullet")
        else:
            paper.add_paragraph(text)
    for text in TAIL:
        paper.add_paragraph(text)
    paper.add_paragraph("PHỤ LỤC")
    table = paper.add_table(len(TABLE), len(TABLE[0]))
    for row, cells in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    paper.save(str(path))
    return path


def sheet(path: Path) -> Path:
    """The same as a PDF whose lines break at the width of the sheet."""
    texts = [*HEAD, *(t for _c, _k, t in BODY), *TAIL, "PHỤ LỤC"]
    lines = ['#set page(paper: "a4", numbering: "1")', "#set text(size: 13pt)", "#set par(justify: true)"]
    lines += [f"#text({_quoted(t)})\n" for t in texts]
    cells = ", ".join(f"text({_quoted(c)})" for row in TABLE for c in row[:5])
    lines.append(f"#table(columns: (8%, 32%, 22%, 20%, 18%), {cells})")
    path.write_bytes(typst.compile("\n".join(lines).encode()))
    return path


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


EXPECTED = [(code, kind) for code, kind, _text in BODY if code]


@pytest.mark.parametrize("form", ["typed", "listed", "pdf", "txt"])
def test_every_heading_bullet_and_duty_of_an_invented_plan_is_read(tmp_path: Path, form: str) -> None:
    if form == "pdf":
        plan = read(sheet(tmp_path / "kh.pdf"))
    elif form == "txt":
        target = tmp_path / "kh.txt"
        target.write_text("\n\n".join([*HEAD, *(t for _c, _k, t in BODY), *TAIL]), encoding="utf-8")
        plan = read(target)
    else:
        plan = read(word(tmp_path / "kh.docx", form == "typed"))
    annexed = (
        [] if form == "txt" else [(f"PL.{n}", "task") for n in range(1, 5)]
    )  # the plan itself lists none
    assert codes(plan) == EXPECTED + annexed
    assert (plan.id, plan.place, plan.issued) == ("3100/KH-UBND", "Sơn La", date(2027, 3, 15))
    assert plan.title == HEAD[4]
    assert [r for r, _p in plan.recipients][:2] == ["Bộ Nông nghiệp và Môi trường", "Các sở, ngành"]
    assert plan.cites == (("149/QĐ-TTg", "phần mở đầu"), ("12/KH-SNNMT", "B.I.2.a"))
    assert next(n for n in plan.nodes if n.code == "C.2").bodies == ("so_tai_chinh",)
    if form == "txt":
        assert not plan.tasks
        return
    rows = [(t.number, t.name, t.lead_bodies, t.rhythm, t.due) for t in plan.tasks]
    assert rows == [
        (1, TABLE[1][1], ("so_nnmt",), "yearly", None),
        (2, TABLE[2][1], ("kiem_lam", "so_khcn"), "once", date(2027, 9, 30)),
        (3, TABLE[3][1], ("so_nnmt",), "once", date(2029, 12, 31)),
        (4, TABLE[4][1], ("so_tai_chinh",), None, None),
    ]
    assert "Nhiệm vụ 4 của phụ lục chưa hiểu thời gian “khi có kinh phí”." in plan.doubts


@pytest.mark.outside
def test_plan_654_comes_out_whole(shared: Path) -> None:
    plan, known = read(shared / "plan-654.txt"), load("lai_chau", "654/KH-UBND")
    assert codes(plan) == [(n.code, n.kind) for n in known.nodes]
    assert (plan.id, plan.issued, plan.title) == (known.id, known.issued, known.title)
    assert [r for r, _p in plan.recipients] == [r.name for r in known.recipients]
    assert plan.cites == tuple((c.id, c.place) for c in known.cites)
    for mine, theirs in zip(plan.tasks, known.tasks, strict=True):
        for name in (
            "number",
            "name",
            "lead",
            "coordinating",
            "time",
            "lead_bodies",
            "rhythm",
            "start",
            "due",
        ):
            assert getattr(mine, name) == getattr(theirs, name), (mine.number, name)
        assert set(theirs.coordinating_bodies) >= set(mine.coordinating_bodies)


def test_no_word_between_the_first_heading_and_the_recipients_is_lost(tmp_path: Path) -> None:
    told = Counter(" ".join(n.text for n in read(word(tmp_path / "kh.docx")).nodes).split())
    for _code, kind, text in BODY:
        words = text.split(" ", 1)[1] if kind else text
        if kind != "general_objective":
            missing = Counter(words.rstrip(":").split()) - told
            assert not missing, text


def test_two_of_one_number_a_gap_and_an_annex_without_times_are_told() -> None:
    plan = draft(
        ["KẾ HOẠCH", "I. NHIỆM VỤ", "1. Trồng rừng", "2. Điều tra", "2. Tuần tra", "4. Tập huấn",
         "II. TỔ CHỨC THỰC HIỆN", "1. Sở Tài chính", "Bố trí tiền."]
    )  # fmt: skip
    assert [n.code for n in plan.nodes] == ["I", "I.1", "I.2", "I.2′", "I.4", "II", "II.1", "II.1.1"]
    assert [t.name for t in plan.tasks] == ["Trồng rừng", "Điều tra", "Tuần tra", "Tập huấn"]
    told = " ".join(plan.doubts)
    assert "hai mục cùng số “2” dưới mục I" in told and "sau mục số 2 là “4”" in told
    assert "Không đọc được phụ lục" in told and "chưa thấy số" in told and "chưa thấy ngày" in told


def test_a_task_with_bullets_is_one_task_and_its_bullets_say_how() -> None:
    plan = draft(
        ["KẾ HOẠCH", "I. NỘI DUNG, NHIỆM VỤ", "1. Trồng rừng", "- Chọn cây bản địa;", "- Chăm sóc.", "2. Điều tra",
         "a) Trên cạn", "- Chim.", "b) Dưới nước", "II. KINH PHÍ", "Ngân sách tỉnh."]
    )  # fmt: skip
    assert codes(plan) == [
        ("I", "section"), ("I.1", "task"), ("I.1.1", "solution"), ("I.1.2", "solution"), ("I.2", "task"),
        ("I.2.a", "group"), ("I.2.a.1", "solution"), ("I.2.b", "solution"), ("II", "section"), ("II.1", "solution"),
    ]  # fmt: skip
    assert [t.name for t in plan.tasks] == ["Trồng rừng", "Điều tra"]


def test_what_is_no_plan_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="không giống một kế hoạch"):
        draft(["Thư ngỏ", "Kính gửi quý vị"])
    for name, data, why in (
        ("a.xls", b"x", "không phải .docx, .pdf hay .txt"),
        ("a.docx", b"x", "không mở được như tệp Word"),
        ("a.pdf", b"%PDF-1.4 x", "không mở được như PDF"),
        ("a.txt", b" \n", "không có chữ nào"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FormatError, match=why):
            paragraphs.read(tmp_path / name)
    (tmp_path / "scan.pdf").write_bytes(typst.compile(b"#rect(width: 3cm, height: 3cm)"))
    with pytest.raises(FormatError, match="ảnh quét"):
        paragraphs.read(tmp_path / "scan.pdf")


def test_tasks_by_name_and_titles_on_the_next_line_are_headings() -> None:
    plan = draft(
        [
            "KẾ HOẠCH", "Giữ loài", "Chương I", "MỤC TIÊU", "Mục tiêu 1: Số cá thể tăng 10%.",
            "Mục tiêu 2: Mọi xã có tổ tuần tra.", "Chương II", "NHIỆM VỤ VÀ GIẢI PHÁP",
            "Nhiệm vụ 1: Hoàn thiện quy định", "- Sở NN&MT rà soát văn bản;", "Nhiệm vụ số 2. Giữ loài",
            "a) Điều tra hằng năm;", "b) Cứu hộ.", "+ Lập trạm;", "III. Kinh phí", "Ngân sách tỉnh.",
        ]
    )  # fmt: skip
    told = [(n.code, n.kind, n.text) for n in plan.nodes]
    assert told[:3] == [
        ("C1", "section", "MỤC TIÊU"),
        ("C1.1", "objective", "Số cá thể tăng 10%."),
        ("C1.2", "objective", "Mọi xã có tổ tuần tra."),
    ]
    assert [t.name for t in plan.tasks] == ["Hoàn thiện quy định", "Giữ loài"]
    by_text = {n.text: n for n in plan.nodes}
    second = by_text["Giữ loài"]
    assert by_text["Điều tra hằng năm;"].parent == second.code == by_text["Cứu hộ."].parent
    assert by_text["Lập trạm;"].parent == by_text["Cứu hộ."].code
    assert by_text["Sở NN&MT rà soát văn bản;"].kind == "solution"
