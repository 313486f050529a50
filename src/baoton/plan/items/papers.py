"""The letter that gives work, and the yearly plan of a body from its pieces of work."""

from typing import Any

from django.conf import settings
from django.utils import timezone

import rulebook
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.letter import Letter
from baoton.kit.paper.sheet import Article, Ground, Sheet, Table
from baoton.people.models import Organisation
from baoton.people.queries import bodies, issuer_of, signer_of
from baoton.places.queries import province_short
from baoton.plan.models import Assignment, Work, Yearly
from baoton.plan.queries import plan

BLANK = "……"


def symbol(body: str) -> str:
    """What stands behind the number of a letter of this body."""
    return rulebook.letter_symbol(body, province=settings.PROVINCE)


def of_letter(record: Assignment) -> dict[str, Any]:
    """What the letter says: the work, its day, what must show, and to whom."""
    current, names = plan(), bodies()
    told = [names.get(code, code) for code in record.bodies]
    return {
        "to": told[0] if len(told) == 1 else "các cơ quan, UBND các xã, phường có tên dưới đây",
        "plan": current.code if current else BLANK, "title": record.title, "due": as_text(record.due),
        "must_show": record.must_show, "place": province_short(), "node": record.node.short,
        "rows": [{"n": n, "name": name, "due": as_text(record.due)} for n, name in enumerate(told, 1)],
        "receivers": ["Như trên;", "Lưu: VT."], "signer": signer_of(record.organisation),
        "again": f"Việc này lặp lại {record.get_every_display()} đến hết ngày {as_text(record.until)}."
        if record.until else "",
    }  # fmt: skip


def issuer(record: Any) -> tuple[str, str]:
    return issuer_of(record.organisation)


LETTER = Letter(
    name="plan-assignment",
    title="Công văn",
    about="giao việc thực hiện Kế hoạch {{ plan }}",
    paragraphs=(
        "Để thực hiện Kế hoạch số {{ plan }} (mục: {{ node }}), đề nghị các cơ quan: {{ title }}.",
        "Kết quả phải có: {{ must_show }}. Hoàn thành trước hết ngày {{ due }}. {{ again }}",
        "Danh sách cơ quan thực hiện:",
    ),
    closing=(
        "Đề nghị các cơ quan xác nhận đã nhận việc, báo tiến độ và gửi kết quả kèm minh chứng đúng hạn; chỗ nào "
        "chưa rõ thì hỏi lại ngay.",
        "Trân trọng./.",
    ),
    fields=of_letter,
    issuer=issuer,
    heads=(("TT", "n", 1.2), ("Cơ quan thực hiện", "name", 11.0), ("Hạn", "due", 3.8)),
)


def of_yearly(record: Yearly) -> dict[str, Any]:
    """The work of the body in the year, in the order of its days, and what it adds itself."""
    current = plan()
    body = Organisation.objects.filter(code=record.body).first()
    rows = Work.objects.filter(withdrawn__isnull=True, responsible=record.body, due__year=record.year)
    rows = rows.exclude(status=Work.Status.DROPPED).select_related("task").order_by("due", "id")
    return {
        "year": record.year, "body": body.name if body else record.body, "added": record.added or "không có",
        "plan": current.code if current else BLANK, "place": body.name.split(" ", 2)[-1] if body else BLANK,
        "rows": [
            {
                "n": n, "title": w.title, "task": str(w.task.number or "") if w.task else "", "due": as_text(w.due),
                "must_show": w.must_show,
            }
            for n, w in enumerate(rows, 1)
        ],
        "receivers": ["Sở Nông nghiệp và Môi trường;", "Lưu: VT."], "signer": signer_of(record.body),
        "on": as_text(timezone.localdate()),
    }  # fmt: skip


YEARLY = Sheet(
    "plan-yearly", "Kế hoạch", "Bảo tồn, phục hồi đa dạng sinh học năm {{ year }}", (), of_yearly,
    lambda record: issuer_of(record.body), parts=(
        Ground("Thực hiện Kế hoạch số {{ plan }} của Ủy ban nhân dân tỉnh;"),
        Article("1. Việc được giao trong năm", ""),
        Table("rows", (
            ("TT", "n", 1.1), ("Việc", "title", 6.2), ("Nhiệm vụ", "task", 1.9), ("Hạn", "due", 2.5),
            ("Kết quả phải có", "must_show", 4.6),
        ), "Chưa được giao việc nào."),
        Article("2. Nội dung lồng ghép của địa phương:", "{{ added }}."),
    ),
)  # fmt: skip
