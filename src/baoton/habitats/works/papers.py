"""The minutes of accepting a work, as Word."""

from typing import Any

from django.utils.translation import override

from baoton.habitats.models import Acceptance
from baoton.habitats.works import doing, growing
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Ground, Sheet, Table
from baoton.people.queries import issuer_of
from baoton.places.queries import province_short, unit_name

OURS = "Mẫu do phần mềm soạn; khi có biểu mẫu chính thức thì thay bằng tệp Word của cơ quan."
BLANK = "……"


def fields(record: Acceptance) -> dict[str, Any]:
    """What the minutes may name; a guarded place is told as everybody may know it."""
    with override("vi"):
        work = record.work
        counted = growing.living(work, record.day.year, by_species=True)
        _rule, why = growing.least(work, record.day)
        return {
            "name": work.name if work.disclosure == 0 else work.get_kind_display(), "kind": work.get_kind_display(),
            "where": unit_name(work.shown_area_path) or BLANK, "owner": work.owner if work.disclosure == 0 else BLANK,
            "ha": as_text(round(work.hectares, 2)) if work.hectares and work.disclosure == 0 else BLANK,
            "contractor": work.contractor or BLANK,
            "contract": work.contract if work.contract and work.disclosure == 0 else BLANK,
            "done": as_text(work.day), "day": as_text(record.day), "nth": growing.year_of_growth(work, record.day),
            "members": record.members.strip().rstrip("."),
            "species": [
                {"n": n, "name": str(one), "latin": one.taxon.scientific_name, "count": as_text(one.count),
                 "source": one.source, "paper": one.certificate or "chưa ghi"}
                for n, one in enumerate(doing.plantings(work), 1)
            ],
            "counted": [
                {"words": one.words, "plots": one.plots, "planted": as_text(one.planted), "alive": as_text(one.alive),
                 "share": f"{one.share[0]:.0f} % ({one.share[1]:.0f}–{one.share[2]:.0f} %)"}
                for one in counted
            ],
            "rule": why.rstrip(".") or BLANK, "outcome": record.get_outcome_display(),
            "basis": record.basis.rstrip("."),
            "failed": f"{as_text(round(record.failed_ha, 2))} ha" if record.failed_ha else "không",
            "remarks": record.note.strip().rstrip(".") or "không có", "place": province_short(), "note": OURS,
        }  # fmt: skip


MINUTES = Sheet(
    "restoration-acceptance", "Biên bản", "Nghiệm thu công trình phục hồi sinh cảnh năm thứ {{ nth }}: {{ name }}", (),
    fields, lambda record: issuer_of(record.organisation or "kiem_lam"),
    parts=(
        Article("1. Thời gian:", "ngày {{ day }}."),
        Article("2. Thành phần:", "{{ members }}."),
        Article("3. Công trình:", "{{ kind }}, {{ ha }} ha, tại {{ where }}; chủ rừng, chủ đất: {{ owner }}; đơn vị "
                "thi công: {{ contractor }}; hợp đồng: {{ contract }}; làm xong ngày {{ done }}."),
        Article("4. Loài trồng", ""),
        Table("species", (
            ("STT", "n", 1.2), ("Loài", "name", 3.2), ("Tên khoa học", "latin", 3.8), ("Số cây", "count", 1.9),
            ("Nguồn giống", "source", 3.4), ("Chứng nhận", "paper", 2.8),
        ), "Công trình không ghi loài trồng."),
        Article("5. Kết quả đếm cây ở các ô trong năm", ""),
        Table("counted", (
            ("Loài", "words", 4.6), ("Số ô", "plots", 1.6), ("Đã trồng", "planted", 2.2), ("Còn sống", "alive", 2.2),
            ("Tỷ lệ sống (khoảng tin cậy 95 %)", "share", 5.4),
        ), "Chưa đếm cây ở ô nào trong năm."),
        Article("6. Mức phải đạt:", "{{ rule }}."),
        Article("7. Kết luận:", "{{ outcome }}. Căn cứ: {{ basis }}. Phần hỏng phải làm lại: {{ failed }}."),
        Article("8. Ý kiến, kiến nghị:", "{{ remarks }}."),
        Ground("{{ note }}"),
    ),
    sides=("Đại diện bên thi công", "Đại diện bên nghiệm thu"),
)  # fmt: skip
