"""The list of those who planted listed species before the circular in force and have no code, for the department."""

from typing import Any

from django.utils import timezone

import rulebook
from baoton.facilities.models import Canvass, Document, Planted
from baoton.facilities.papers.common import above, issuer, law, of_body, vernacular
from baoton.facilities.papers.filing import Filed
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Sheet, Table
from baoton.places.queries import commune_choices, province_short, unit_name

HEADS = (
    ("STT", "n", 1.2), ("Xã, phường", "commune", 3.2), ("Bản", "village", 2.6), ("Người trồng, cơ sở", "grower", 4.0),
    ("Loài", "vi", 3.0), ("Tên khoa học", "latin", 3.9), ("Nhóm", "group", 1.6), ("Từ năm", "year", 1.5),
    ("Số lượng", "amount", 2.3), ("Diện tích (ha)", "hectares", 1.9),
)  # fmt: skip


def rows(found: Any) -> list[dict[str, Any]]:
    """The growers as the list has them, by commune and name; what is not known is a dash."""
    told = found.select_related("taxon").order_by("area_path", "village", "grower", "id")
    return [
        {
            "n": n, "commune": unit_name(p.area_path), "village": p.village, "grower": p.grower,
            "vi": vernacular(p.taxon), "latin": p.taxon.scientific_name, "group": p.group or "—",
            "year": p.year or "—", "amount": "—" if p.amount is None else f"{as_text(p.amount)} {p.unit}",
            "hectares": "—" if p.hectares is None else as_text(p.hectares), "origin": p.get_origin_display(),
            "state": p.get_status_display(), "note": p.note, "person": p.person_key,
        }
        for n, p in enumerate(told, 1)
    ]  # fmt: skip


def of_list(document: Document) -> dict[str, Any]:
    """The fields of the list: the rows and the progress that the document was given, else all that stands."""
    given = getattr(document, "listed", None)
    told = rows(Planted.objects.filter(withdrawn__isnull=True)) if given is None else given
    done, communes = getattr(document, "progress", None) or (
        Canvass.objects.filter(withdrawn__isnull=True).count(),
        len(commune_choices()),
    )
    growers = len({(r["commune"], r["village"], r["grower"], r["person"]) for r in told})
    due = rulebook.param_value("transition.planting_inventory_due", on=timezone.localdate()).value
    return {
        "rows": told, "many": as_text(len(told)), "growers": as_text(growers),
        "done": as_text(done), "communes": as_text(communes), "due": as_text(due),
        "law": law(timezone.localdate()), "on": as_text(timezone.localdate()), "place": province_short(),
        "receivers": [f"{above().name} (báo cáo)", "Lưu: VT"],
        **of_body(),
    }  # fmt: skip


INVENTORY = Filed(
    "inventory",
    Sheet(
        "planting-inventory", "Danh sách",
        "Cơ sở trồng loài nguy cấp, quý, hiếm, loài thuộc Phụ lục CITES trước năm 2026 chưa có mã số", (),
        of_list, issuer, wide=True, parts=(
            "Thực hiện điều khoản chuyển tiếp của {{ law }}; hạn thống kê: ngày {{ due }}. Đến ngày {{ on }}: "
            "{{ done }} trong {{ communes }} xã, phường đã báo rà soát xong; {{ growers }} người trồng, cơ sở; "
            "{{ many }} dòng.",
            Table("rows", HEADS, "Chưa có dòng nào."),
            Article("Ghi chú:", "dấu — là chưa rõ; xã, phường chưa báo rà soát xong có thể còn thiếu."),
        ),
    ),
    "BC",
)  # fmt: skip
