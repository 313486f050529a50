"""The bulletin and the permit to burn as Word documents."""

from typing import Any

from django.utils import timezone

from baoton.fire import actions, queries
from baoton.fire.models import Bulletin, Permit
from baoton.kit.paper.letter import Letter
from baoton.kit.paper.sheet import Article, Ground, Sheet
from baoton.people.queries import issuer_of, signer_of
from baoton.places.queries import province_short, unit_name

DEFAULT = (
    "Các xã theo dõi tin hằng ngày, trực đúng người trong lịch trực, báo ngay khi thấy lửa; không đốt nương khi "
    "chưa được phép."
)


def fields(record: Bulletin) -> dict[str, Any]:
    """What the bulletin says: what it kept when it was issued, else how things stand."""
    rows = record.rows or actions.rows_on(record.day)
    high = [r for r in rows if (r["number"] or 0) >= queries.DANGER]
    told = "; ".join(f"{r['communes'] or r['zone']} (cấp {r['level']})" for r in high)
    unknown = any(r["number"] is None for r in rows)
    if told:
        warned = (
            f"Cảnh báo: {told}. Nguy hiểm, dễ cháy lớn; trực chữa cháy, không dùng lửa trong và gần rừng."
        )
    else:
        warned = (
            "Chưa thấy vùng nào ở cấp IV, cấp V; có vùng chưa đủ số liệu để nói cấp."
            if unknown
            else "Không vùng nào ở cấp IV, cấp V."
        )
    return {
        "to": "UBND các xã, phường; các Hạt Kiểm lâm; chủ rừng",
        "day": f"{record.day:%d/%m/%Y}",
        "until": f" đến ngày {record.until:%d/%m/%Y}" if record.until else "",
        "basis": queries.basis(record.day),
        "warned": warned,
        "advice": record.advice or DEFAULT,
        "rows": rows,
        "place": province_short(),
        "signer": signer_of(record.organisation),
        "receivers": ["Như trên;", "Lưu: VT."],
        "issued": f"{timezone.localdate():%d/%m/%Y}",
    }


BULLETIN = Letter(
    name="fire-bulletin",
    title="Bản tin",
    about="dự báo cấp cháy rừng ngày {{ day }}",
    paragraphs=("Dự báo cấp cháy rừng ngày {{ day }}{{ until }}. {{ basis }}",),
    closing=("{{ warned }}", "{{ advice }}"),
    fields=fields,
    issuer=lambda record: issuer_of(record.organisation),
    heads=(
        ("TT", "n", 1.0), ("Trạm", "zone", 3.0), ("Chỉ số P", "p", 2.6), ("Cấp", "level", 1.6), ("FWI", "fwi", 2.6),
        ("Xã, phường", "communes", 5.4),
    ),
)  # fmt: skip


def permit_fields(record: Permit) -> dict[str, Any]:
    """What the permit says; what was not entered is left for the pen."""
    blank = "……"
    return {
        "holder": record.holder, "what": record.what, "locality": record.locality or blank,
        "commune": unit_name(record.area_path) if record.area_path else blank,
        "ha": blank if record.hectares is None else f"{record.hectares:.2f}".replace(".", ","),
        "since": f"{record.since:%d/%m/%Y}", "until": f"{record.until:%d/%m/%Y}",
        "from_hour": record.from_hour, "to_hour": record.to_hour, "terms": (record.terms or blank).strip().rstrip("."),
        "given_by": record.given_by, "place": province_short(), "signer": signer_of(record.organisation),
        "point": blank if record.lat is None or record.lon is None else f"{record.lat:.5f}, {record.lon:.5f}",
        "receivers": ["Người được đốt", "Hạt Kiểm lâm", "Lưu: VT"],
    }  # fmt: skip


PERMIT = Sheet(
    "fire-permit", "Giấy phép", "Đốt {{ what }}", (), permit_fields, lambda record: issuer_of(record.organisation),
    parts=(
        Article("Cho phép:", "{{ holder }} đốt {{ what }}."),
        Article("Nơi đốt:", "{{ locality }}, {{ commune }}; tâm {{ point }} (WGS84); diện tích {{ ha }} ha."),
        Article("Thời gian:", "từ ngày {{ since }} đến hết ngày {{ until }}, mỗi ngày từ {{ from_hour }} giờ đến "
                "{{ to_hour }} giờ."),
        Article("Điều kiện:", "{{ terms }}."),
        Article("Người cho phép:", "{{ given_by }}."),
        "Ngừng đốt và báo ngay cho xã khi lửa vượt khỏi nơi được phép. Giấy này không còn giá trị khi bị thu hồi.",
        Ground("Mẫu do phần mềm soạn; khi có biểu mẫu chính thức thì thay bằng tệp Word của cơ quan."),
    ),
)  # fmt: skip
