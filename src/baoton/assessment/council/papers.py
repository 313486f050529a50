"""The minutes of a session of the council, as Word."""

from typing import Any

from django.utils.translation import override

from baoton.assessment import council
from baoton.assessment.models import Item, Session, Vote
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Ground, Sheet, Table
from baoton.people.queries import issuer_of
from baoton.places.queries import province_short

BLANK = "……"
OURS = "Mẫu do phần mềm soạn; khi có biểu mẫu chính thức thì thay bằng tệp Word của cơ quan."


def of_session(session: Session) -> dict[str, Any]:
    """The fields of the minutes; figures are those that everybody may know."""
    with override("vi"):
        seats = session.seats.filter(withdrawn__isnull=True).order_by("id")
        came = council.present(session)
        lines = [_line(n, session, item, came) for n, item in enumerate(council.items_of(session), 1)]
        roles = {s.role: s.name for s in came}
        return {
            "title": session.title, "day": as_text(session.day), "where": session.place or BLANK,
            "founded": session.founded_by or BLANK, "majority": session.get_majority_display(),
            "seats": [
                {"n": n, "name": s.name, "at": s.works_at, "role": s.get_role_display(),
                 "came": "có mặt" if s.present else "vắng"}
                for n, s in enumerate(seats, 1)
            ],
            "came": len(came), "called": len(seats), "lines": lines,
            "notes": session.notes.strip().rstrip(".") or "không có",
            "place": province_short(), "left_name": roles.get("secretary", ""), "right_name": roles.get("chair", ""),
            "note": OURS,
        }  # fmt: skip


def _line(n: int, session: Session, item: Item, came: list[Any]) -> dict[str, Any]:
    counted, version = council.tally(session, item, came), item.version
    C = Vote.Choice
    others = "; ".join(f"{code}: {k}" for code, k in sorted(counted.others.items()))
    extent = "chưa có" if version.eoo_km2 is None else f"{version.eoo_km2:,.1f}".translate({44: ".", 46: ","})
    result = (
        item.get_outcome_display()
        if item.outcome != Item.Outcome.PENDING
        else Item.Outcome(counted.outcome).label
    )
    return {
        "n": n, "vi": item.taxon.vernacular_vi, "latin": item.taxon.scientific_name, "proposed": item.category,
        "basis": f"{version.records} ghi nhận, {version.years} năm; EOO (km²): {extent}; đến {as_text(version.on)}; "
        f"mã {version.input_hash[:8]}",
        "yes": counted.counts[C.FOR], "no": counted.counts[C.AGAINST], "none": counted.counts[C.ABSTAIN],
        "other": others or "0", "result": f"{result}{f': {counted.decided}' if counted.decided else ''}",
    }  # fmt: skip


def issuer(session: Session) -> tuple[str, str]:
    return issuer_of(session.organisation or "so_nnmt")


MINUTES = Sheet(
    "assessment-minutes", "Biên bản", "Họp hội đồng đánh giá tình trạng loài: {{ title }}", (), of_session, issuer,
    wide=True, parts=(
        Article("1. Thời gian, địa điểm:", "ngày {{ day }}, tại {{ where }}."),
        Article("2. Căn cứ lập hội đồng:", "{{ founded }}."),
        Article("3. Thành phần:", "có mặt {{ came }} trên {{ called }} thành viên."),
        Table("seats", (
            ("STT", "n", 1.2), ("Họ tên", "name", 6.0), ("Chức vụ, nơi công tác", "at", 10.0),
            ("Vai trò", "role", 3.6), ("Có mặt", "came", 2.3),
        ), "Chưa ghi thành viên."),
        Article("4. Cách thông qua:", "{{ majority }}; mỗi thành viên một phiếu cho mỗi loài."),
        Article("5. Kết quả biểu quyết", ""),
        Table("lines", (
            ("STT", "n", 1.2), ("Loài", "vi", 3.2), ("Tên khoa học", "latin", 3.6),
            ("Số liệu hội đồng đọc (số công bố)", "basis", 5.0),
            ("Hạng đề nghị", "proposed", 1.7), ("Đồng ý", "yes", 1.5), ("Không đồng ý", "no", 1.9),
            ("Không ý kiến", "none", 1.9), ("Hạng khác", "other", 1.7), ("Kết quả", "result", 2.9),
        ), "Không có loài nào."),
        Article("6. Ý kiến trao đổi:", "{{ notes }}."),
        Ground("{{ note }}"),
    ),
    sides=("Thư ký", "Chủ tịch hội đồng"),
)  # fmt: skip
