"""The paper that asks the province for money, from the lines of a year."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.funding.models import STANDING, Line, Request
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Ground, Sheet, Table
from baoton.kit.writing.serial import number_of
from baoton.people.queries import bodies, issuer_of, signer_of
from baoton.places.queries import province_path, province_short
from baoton.plan.queries import plan

BLANK = "……"


def of_request(record: Request) -> None:
    """A draft names the lines of its year as they stand; a year without any is not asked for."""
    record.area_path = record.area_path or province_path()
    if record.status != Request.Status.DRAFT:
        return
    rows = Line.objects.filter(STANDING, year=record.year, planned__gt=0)
    found = list(rows.select_related("source", "task").order_by("source__name", "code"))
    if not found:
        raise ValidationError({"year": _("Năm này chưa có dòng kinh phí nào ghi số dự kiến.")})
    names = bodies()
    record.lines = [
        {
            "id": str(one.pk), "code": one.code, "title": one.title, "source": one.source.name,
            "body": names.get(one.body, one.body), "task": str(one.task.number or "") if one.task else "",
            "amount": one.planned,
        }
        for one in found
    ]  # fmt: skip
    record.total = sum(one.planned for one in found)


def issued(actor: Any, record: Request, answers: Mapping[str, Any]) -> None:
    """The paper takes its number on the day it is sent."""
    record.issued_on = timezone.localdate()
    record.number = number_of("TTr", record.organisation, record, record.issued_on)


def fields(record: Request) -> dict[str, Any]:
    """What the paper says."""
    current = plan()
    by_source: dict[str, int] = {}
    for one in record.lines:
        by_source[one["source"]] = by_source.get(one["source"], 0) + one["amount"]
    return {
        "year": record.year, "reason": record.reason, "total": as_text(record.total),
        "plan": current.code if current else BLANK, "plan_day": f"{current.issued:%d/%m/%Y}" if current else BLANK,
        "plan_title": current.title if current else BLANK,
        "place": province_short(), "to": f"Ủy ban nhân dân tỉnh {province_short()}",
        "sources": [
            {"n": n, "name": name, "amount": as_text(amount)} for n, (name, amount) in enumerate(by_source.items(), 1)
        ],
        "rows": [{**one, "n": n, "amount": as_text(one["amount"])} for n, one in enumerate(record.lines, 1)],
        "receivers": ["Như trên;", "Sở Tài chính;", "Lưu: VT."], "signer": signer_of(record.organisation),
    }  # fmt: skip


def issuer(record: Request) -> tuple[str, str]:
    """The body that asks, under the province's committee."""
    return issuer_of(record.organisation)


REQUEST = Sheet(
    "funding-request", "Tờ trình", "Về việc đề nghị bố trí kinh phí năm {{ year }} thực hiện Kế hoạch số {{ plan }}",
    (), fields, issuer, wide=True, parts=(
        Article("Kính gửi:", "{{ to }}."),
        Ground("Căn cứ Kế hoạch số {{ plan }} ngày {{ plan_day }} của Ủy ban nhân dân tỉnh: {{ plan_title }};"),
        Article("1. Sự cần thiết:", "{{ reason }}"),
        Article("2. Nhu cầu kinh phí năm {{ year }}:", "tổng cộng {{ total }} đồng, chia theo nguồn như sau:"),
        Table("sources", (("STT", "n", 1.5), ("Nguồn vốn", "name", 14.0), ("Số tiền (đồng)", "amount", 6.0))),
        Article("3. Chi tiết từng nội dung", ""),
        Table("rows", (
            ("STT", "n", 1.3), ("Mã dòng", "code", 2.9), ("Nội dung chi", "title", 7.6), ("Nhiệm vụ", "task", 1.7),
            ("Đơn vị sử dụng", "body", 4.6), ("Nguồn vốn", "source", 3.9), ("Số tiền (đồng)", "amount", 3.2),
        )),
        "Kính đề nghị Ủy ban nhân dân tỉnh xem xét, quyết định./.",
    ),
)  # fmt: skip
