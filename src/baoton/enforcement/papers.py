"""What is printed on a case: minutes, the decision, the transfer, the summary; each a draft of our own design."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.enforcement.models import Act, Case, Item, Paper, Person, Tool
from baoton.facilities.papers.common import plain
from baoton.kit.access import Actor
from baoton.kit.ids import new_id
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Centred, Ground, Part, Sheet, Table
from baoton.kit.writing import outbox
from baoton.kit.writing.serial import number_of
from baoton.people.queries import issuer_of
from baoton.places.queries import province_short, unit_name
from rulebook.decisions.words import dong

UNKNOWN = "……"
OURS = "Mẫu do phần mềm soạn; khi có biểu mẫu chính thức thì thay bằng tệp Word của cơ quan."
K = Paper.Kind


def issuer(record: Case) -> tuple[str, str]:
    """The head of a document: the body of the case."""
    return issuer_of(record.organisation)


def said(value: Any) -> str:
    """A value as it stands in a document; dots where nobody wrote it down."""
    return UNKNOWN if value in (None, "") else plain(as_text(value)) or UNKNOWN


def money(value: int | None) -> str:
    return UNKNOWN if value is None else dong(value)


def hearing(record: Case) -> str:
    """How the offender was heard; that nothing of it is written down where nothing is."""
    return "chưa ghi" if record.heard is None else f"ngày {said(record.heard)}, {said(record.hearing_note)}"


def amount(item: Item) -> str:
    """How much of it there is, in the units somebody wrote down."""
    told = ((item.number, "cá thể"), (item.kg, "kg"), (item.wood_m3, "m³"))
    return "; ".join(f"{as_text(n)} {unit}" for n, unit in told if n is not None) or UNKNOWN


def of_case(record: Case) -> dict[str, Any]:
    """The fields every document of a case may name. Its exact place stays in the case; its commune is named."""
    live = {"case": record.pk, "withdrawn__isnull": True}
    persons = Person.objects.filter(**live).order_by("role", "id")
    items = Item.objects.filter(**live).select_related("taxon").order_by("id")
    tools = Tool.objects.filter(**live).order_by("id")
    acts = [str(a) for a in Act.objects.filter(**live).order_by("id")]
    offenders = [p for p in persons if p.role == Person.Role.OFFENDER]
    name = unit_name(record.area_path)
    return {
        "code": record.code, "what": plain(record.title) or UNKNOWN, "day": said(record.day),
        "commune": f"{name[:1].lower()}{name[1:]}", "acts": "; ".join(acts) or UNKNOWN,
        "minuted": said(record.minuted), "hearing": hearing(record),
        "decided": said(record.decided), "served": said(record.served), "transferred": said(record.sent),
        "fine": money(record.fine), "paid": money(record.paid), "outcome": said(record.outcome),
        "receiver": said(record.sent_to), "law": said(record.instrument), "state": record.get_status_display(),
        "source": record.get_source_display(), "offenders": "; ".join(p.name for p in offenders) or UNKNOWN,
        "persons": [
            {
                "n": n, "name": p.name, "role": p.get_role_display(), "identity": said(p.identity),
                "address": said(p.address),
            }
            for n, p in enumerate(persons, 1)
        ],
        "items": [
            {
                "n": n, "name": i.name, "latin": i.taxon.scientific_name if i.taxon else "chưa xác định",
                "state": i.get_state_display() or UNKNOWN, "amount": amount(i), "value": money(i.value),
            }
            for n, i in enumerate(items, 1)
        ],
        "tools": [
            {
                "n": n, "name": t.name, "kind": t.get_kind_display(), "number": as_text(t.number),
                "value": money(t.value),
            }
            for n, t in enumerate(tools, 1)
        ],
        "papers": [
            {"n": n, "kind": p.get_kind_display(), "number": said(p.number), "day": said(p.day)}
            for n, p in enumerate(Paper.objects.filter(**live).order_by("day", "id"), 1)
        ],
        "place": province_short(), "note": OURS, "left_name": "", "right_name": "", "signer": "THỦ TRƯỞNG CƠ QUAN",
        "signed_name": record.signer, "receivers": ["Người có tên trong văn bản", "Lưu: VT, hồ sơ vụ việc"],
    }  # fmt: skip


PERSONS = Table("persons", (
    ("STT", "n", 1.2), ("Họ tên, tên tổ chức", "name", 4.6), ("Vai trò", "role", 3.0),
    ("Số định danh", "identity", 3.0), ("Nơi ở, trụ sở", "address", 4.6),
), "Chưa xác định được người vi phạm.")  # fmt: skip
ITEMS = Table("items", (
    ("STT", "n", 1.2), ("Tên như đã ghi", "name", 3.6), ("Tên khoa học", "latin", 3.8), ("Tình trạng", "state", 2.4),
    ("Số lượng", "amount", 2.6), ("Trị giá", "value", 2.8),
), "Không có tang vật.")  # fmt: skip
TOOLS = Table("tools", (
    ("STT", "n", 1.2), ("Công cụ, phương tiện", "name", 6.4), ("Loại", "kind", 3.6), ("Số lượng", "number", 2.2),
    ("Trị giá", "value", 3.0),
), "Không có công cụ, phương tiện.")  # fmt: skip
PAPERS = Table("papers", (
    ("STT", "n", 1.2), ("Văn bản", "kind", 8.0), ("Số", "number", 4.2), ("Ngày", "day", 3.0),
), "Chưa có văn bản nào.")  # fmt: skip
ACT: tuple[Part, ...] = (
    Article("Vụ việc:", "{{ code }}, {{ what }}."),
    Article("Hành vi:", "{{ acts }}."),
    Article("Thời gian, địa điểm:", "{{ day }}, tại {{ commune }}."),
)
READ = (
    "Biên bản đã đọc cho những người có tên cùng nghe, công nhận đúng, cùng ký; lập hai bản, mỗi bên giữ một."
)
BOTH = ("Người vi phạm, người liên quan", "Người lập biên bản")


def minute(name: str, about: str, parts: Sequence[Part], sides: tuple[str, str] = BOTH) -> Sheet:
    """A minute that both sides sign."""
    return Sheet(
        f"case-{name}", "Biên bản", about, (), of_case, issuer, parts=(*parts, READ, Ground("{{ note }}")), sides=sides
    )  # fmt: skip


SHEETS: dict[str, tuple[Sheet, str]] = {
    K.MINUTE: (minute("minute", "Vi phạm hành chính", (
        *ACT, Article("Người có liên quan:", ""), PERSONS, Article("Tang vật:", ""), ITEMS,
        Article("Công cụ, phương tiện:", ""), TOOLS, Article("Ý kiến của người vi phạm:", "……………………………"),
    )), "BB"),
    K.SEIZURE: (minute("seizure", "Tạm giữ tang vật, phương tiện", (
        *ACT, Article("Tang vật tạm giữ:", ""), ITEMS, Article("Công cụ, phương tiện tạm giữ:", ""), TOOLS,
        Article("Nơi giữ, số niêm phong:", "ghi ở sổ tang vật của từng lô."),
    )), "BB"),
    K.CHECK: (minute("check", "Xác minh tình tiết của vụ việc", (
        *ACT, Article("Người có liên quan:", ""), PERSONS, Article("Đã xác minh:", "……………………………"),
        Article("Kết quả:", "……………………………"),
    )), "BB"),
    K.RETURN: (minute("return", "Trả lại tang vật, phương tiện", (
        *ACT, Article("Trả lại:", ""), ITEMS, TOOLS, Article("Lý do trả lại:", "……………………………"),
    ), ("Bên nhận lại", "Bên trả")), "BB"),
    K.DESTRUCTION: (minute("destruction", "Tiêu huỷ tang vật", (
        *ACT, Article("Tang vật tiêu huỷ:", ""), ITEMS, Article("Cách tiêu huỷ:", "……………………………"),
        Article("Người chứng kiến:", "……………………………"),
    ), ("Người chứng kiến", "Đại diện cơ quan")), "BB"),
    K.DECISION: (Sheet("case-decision", "Quyết định", "Xử phạt vi phạm hành chính", (), of_case, issuer, parts=(
        Ground("Căn cứ biên bản vi phạm hành chính lập ngày {{ minuted }}; việc giải trình: {{ hearing }};"),
        Ground("Căn cứ {{ law }}; điều, khoản áp dụng do người ra quyết định ghi: ……………………………"),
        Centred("QUYẾT ĐỊNH:"),
        Article("Điều 1.", "Phạt tiền {{ offenders }} về hành vi: {{ acts }}, ngày {{ day }} tại {{ commune }}."),
        Article("Mức phạt:", "{{ fine }}."),
        Article("Hình thức phạt bổ sung, biện pháp khắc phục:", "……………………………"),
        Article("Điều 2.", "Quyết định có hiệu lực từ ngày ký. Người bị phạt có quyền khiếu nại, khởi kiện."),
        Article("Điều 3.", "Người có tên tại Điều 1 và cơ quan thu tiền phạt thi hành quyết định này."),
        Ground("{{ note }}"),
    )), "QĐ"),
    K.TRANSFER: (Sheet("case-transfer", "Công văn", "Chuyển hồ sơ vụ việc {{ code }}", (), of_case, issuer, parts=(
        "Kính gửi: {{ receiver }}.",
        *ACT,
        "Xét thấy vụ việc có thể có dấu hiệu tội phạm, cơ quan chuyển hồ sơ ngày {{ transferred }} để xem xét "
        "theo thẩm quyền. Hồ sơ gồm:",
        PAPERS, Article("Tang vật:", ""), ITEMS, Article("Công cụ, phương tiện:", ""), TOOLS, Ground("{{ note }}"),
    )), "CV"),
    K.SUMMARY: (Sheet("case-summary", "Báo cáo", "Tóm tắt vụ việc {{ code }}", (), of_case, issuer, parts=(
        *ACT, Article("Nguồn tin:", "{{ source }}."), Article("Tình trạng:", "{{ state }}."),
        Article("Người có liên quan:", ""), PERSONS, Article("Tang vật:", ""), ITEMS,
        Article("Công cụ, phương tiện:", ""), TOOLS,
        Article("Đã làm:", "lập biên bản ngày {{ minuted }}; quyết định ngày {{ decided }}, mức phạt {{ fine }}; giao "
                "ngày {{ served }}; đã nộp {{ paid }}; chuyển hồ sơ ngày {{ transferred }}; kết quả: {{ outcome }}."),
        Article("Văn bản trong hồ sơ:", ""), PAPERS, Ground("{{ note }}"),
    )), "BC"),
}  # fmt: skip
BY_HAND = (K.CHECK, K.SEIZURE, K.RETURN, K.DESTRUCTION, K.SUMMARY)


def by_hand() -> list[tuple[str, Any]]:
    """Documents that are made when somebody wants one, not by a step of the case."""
    return [(kind.value, kind.label) for kind in BY_HAND]


def issue(record: Case, kind: str, on: date, number: str = "") -> str:
    """The document is issued under a number of its own and kept for good; the hash under which it lies."""
    sheet, series = SHEETS[kind]
    number = number or number_of(series, record.organisation, record, on)
    made = Paper(
        id=new_id(), case=record, kind=kind, number=number, day=on, organisation=record.organisation,
        area_path=record.area_path, paper=sheet.issue(record, number, on),
    )  # fmt: skip
    with outbox.changing(Paper, [made.pk]):
        made.save(force_insert=True)
    return made.paper


@dataclass(frozen=True)
class Issue:
    """The document that a step of the case issues, of the day that the step took place."""

    kind: str
    day: str

    def issue(self, record: Case, number: str, on: date) -> str:
        day = getattr(record, self.day)
        return issue(record, self.kind, day or on, number if self.kind == K.DECISION else "")


def by_hand_of(actor: Actor, record: Case, said: Mapping[str, Any]) -> None:
    """A document is issued that no step brings; those of a step come with that step alone."""
    if said["kind"] not in dict(by_hand()):
        raise ValidationError({"kind": _("Văn bản này được lập cùng một bước của vụ việc.")})
    issue(record, said["kind"], timezone.localdate())
