"""The bulletin as a Word document."""

from typing import Any

from django.utils import timezone

from baoton.fire import actions, queries
from baoton.fire.models import Bulletin
from baoton.kit.paper.letter import Letter
from baoton.people.queries import issuer_of, signer_of
from baoton.places.queries import province_short

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
