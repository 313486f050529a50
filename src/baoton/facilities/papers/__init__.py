"""What is printed on facilities: each a Word template that the office may replace with its own."""

from typing import Any

from baoton.facilities.models import Application, Inspection
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.paper import Paper
from baoton.places.queries import unit_name

RANGERS = ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "CHI CỤC KIỂM LÂM")
HEAD = "Chi cục trưởng"


def issuer(record: Any) -> tuple[str, str]:
    return RANGERS


def of_dossier(dossier: Application) -> dict[str, Any]:
    """The fields every document about a dossier may name."""
    facility = dossier.facility
    return {
        "kind": dossier.get_kind_display(),
        "name": facility.name,
        "owner": str(facility.owner),
        "commune": unit_name(facility.area_path),
        "village": facility.village,
        "code": facility.code,
        "code_from": as_text(facility.code_from) if facility.code_from else "",
        "received": as_text(dossier.received) if dossier.received else "",
        "missing": dossier.missing,
        "proposal": dossier.proposal,
        "check_day": as_text(dossier.check_day) if dossier.check_day else "",
        "check_note": dossier.check_note,
    }


def paper(name: str, title: str, about: str, *paragraphs: str) -> Paper:
    """A document about a dossier, signed by the head of the sub-department."""
    return Paper(name, title, about, paragraphs, of_dossier, issuer, HEAD)


SUPPLEMENT = paper(
    "facility-supplement", "Thông báo", "Về việc bổ sung hồ sơ đề nghị {{ kind }}",
    "Ngày {{ received }}, Chi cục Kiểm lâm nhận hồ sơ đề nghị {{ kind }} của {{ owner }} "
    "cho cơ sở {{ name }} tại {{ commune }}.",
    "Hồ sơ còn thiếu hoặc chưa đúng: {{ missing }}.",
    "Đề nghị chủ cơ sở bổ sung. Thời gian chờ bổ sung không tính vào thời hạn giải quyết.",
)  # fmt: skip
DECISION = paper(
    "facility-decision", "Quyết định", "Về việc {{ kind }} đối với cơ sở {{ name }}",
    "Xét hồ sơ đề nghị {{ kind }} nhận ngày {{ received }} của {{ owner }}.",
    "{{ proposal }}",
    "Điều 1. Chấp thuận đề nghị {{ kind }} của cơ sở {{ name }} tại {{ commune }}."
    "{% if code %} Mã số của cơ sở: {{ code }}, có hiệu lực từ ngày {{ code_from }}.{% endif %}",
    "Điều 2. Chủ cơ sở ghi sổ theo dõi theo mẫu, báo biến động và chịu sự kiểm tra theo quy định.",
    "Điều 3. Quyết định có hiệu lực từ ngày ký.",
)  # fmt: skip
REFUSAL = paper(
    "facility-refusal", "Thông báo", "Về việc không chấp thuận đề nghị {{ kind }}",
    "Chi cục Kiểm lâm đã xem xét hồ sơ đề nghị {{ kind }} nhận ngày {{ received }} "
    "của {{ owner }} cho cơ sở {{ name }} tại {{ commune }}.",
    "{% if check_note %}Kết quả kiểm tra ngày {{ check_day }}: {{ check_note }}.{% endif %}",
    "Hồ sơ chưa đủ điều kiện để chấp thuận. Chủ cơ sở được nộp lại khi đã đủ điều kiện.",
)  # fmt: skip


def of_visit(visit: Inspection) -> dict[str, Any]:
    """The fields of the minute of a visit."""
    counts = [
        c for c in visit.counts.select_related("stock__taxon", "stock__facility") if c.counted is not None
    ]
    lines = "; ".join(
        f"{c.stock.taxon.vernacular_vi or c.stock.taxon.scientific_name}, {c.get_kind_display()}: "
        f"sổ {as_text(c.balance)}, đếm được {as_text(c.counted)}"
        for c in counts
        if c.balance or c.counted
    )
    found = "; ".join(
        f"{f.what} (khắc phục trước {as_text(f.due)})" for f in visit.findings.order_by("due", "id")
    )
    return {
        "name": visit.facility.name, "owner": str(visit.facility.owner), "code": visit.facility.code or "chưa có mã số",
        "commune": unit_name(visit.facility.area_path), "day": as_text(visit.day), "team": visit.team or "……",
        "kind": visit.get_kind_display(), "counts": lines or "không có cá thể", "checklist": visit.checklist,
        "summary": visit.summary, "findings": found or "không có tồn tại",
    }  # fmt: skip


MINUTE = Paper(
    "facility-minute", "Biên bản", "Kiểm tra cơ sở {{ name }} ({{ kind }})",
    (
        "Hôm nay, ngày {{ day }}, tại cơ sở {{ name }}, {{ commune }}, mã số: {{ code }}.",
        "Đoàn kiểm tra: {{ team }}. Đại diện cơ sở: {{ owner }}.",
        "Nội dung đã kiểm tra: {{ checklist }}.",
        "Số lượng theo sổ và đếm được: {{ counts }}.",
        "Tồn tại: {{ findings }}.",
        "Kết luận: {{ summary }}.",
        "Biên bản lập thành hai bản, đọc cho các bên cùng nghe, thống nhất ký tên.",
        "ĐẠI DIỆN CƠ SỞ (ký, ghi rõ họ tên): ……………………",
    ),
    of_visit, issuer, "Đại diện đoàn kiểm tra",
)  # fmt: skip
