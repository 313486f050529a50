"""What is printed on founding an area: submission, project, opinions, appraisal minutes, draft decision.

All five are drafts of our own design, which each says at its end. Species stand in them as everybody may know them.
"""

from typing import Any

import numpy as np
import shapely

from baoton.habitats.models import Consultation, Opinion, Option, Proposal
from baoton.habitats.proposals import Counted, boundary, counted, criteria, n
from baoton.kit.access import Anybody
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Centred, Ground, Sheet, Table, When
from baoton.people.queries import issuer_of, signer_of
from baoton.places.queries import home, province_name, province_short, unit_name, villages_among
from formats import crs

UNKNOWN = "chưa có số liệu"
OURS = ("Mẫu do phần mềm soạn theo các nội dung luật yêu cầu như đã biết; khi có biểu mẫu chính thức thì thay bằng tệp "
        "Word của cơ quan.")  # fmt: skip
INVENTED = "RANH GIỚI GIẢ ĐỊNH, chỉ để trình diễn; không phải khu có thật."


def option_of(record: Proposal) -> Option | None:
    return record.options.filter(withdrawn__isnull=True, chosen=True).first()


def plain(text: str) -> str:
    return text.strip().rstrip(".").strip() or UNKNOWN


def coordinates(option: Option) -> list[dict[str, Any]]:
    """Every corner of the boundary in VN-2000 of the province's meridian, ring by ring, clockwise from the north."""
    rows: list[dict[str, Any]] = []
    system = crs.vn2000(meridian())
    for ring, part in enumerate(shapely.get_parts(shapely.normalize(boundary(option))), 1):
        for line in (part.exterior, *part.interiors):
            xy = np.asarray(line.coords)[:-1]
            east, north = crs.from_lonlat(xy[:, 0], xy[:, 1], system)
            rows += [
                {"n": len(rows) + i + 1, "part": ring, "x": f"{b:.2f}", "y": f"{a:.2f}"}
                for i, (a, b) in enumerate(zip(east.tolist(), north.tolist(), strict=True))
            ]
    return rows


def meridian() -> float:
    """The province's own central meridian."""
    return float(home().facts.get("central_meridian", {}).get("value", crs.LAI_CHAU))


def fields(record: Proposal) -> dict[str, Any]:
    """Whatever the four documents may name."""
    option = option_of(record)
    told = counted(Anybody(), option) if option is not None else None
    meetings = list(record.consultations.filter(withdrawn__isnull=True).order_by("area_path", "invited_on"))
    held = [m for m in meetings if m.day]
    return {
        "title": record.title, "kind": record.get_kind_display(), "why": plain(record.why), "day": as_text(record.day),
        "invented": INVENTED if record.invented else "", "note": OURS, "place": province_short(),
        "province": province_name(), "nature": plain(record.nature), "people": plain(record.people),
        "programme": plain(record.programme), "money": plain(record.money),
        "option": option.name if option else UNKNOWN,
        "inside": n(told.inside, 2) if told and told.inside else UNKNOWN,
        "communes": ", ".join(unit_name(p) for p in told.communes) if told and told.communes else UNKNOWN,
        "map": f"{told.map} ({told.map.source})" if told and told.map else UNKNOWN,
        "zones": [{"name": w, "ha": n(ha, 2)} for _k, w, ha in told.zones] if told else [],
        "cells": _cells(told), "species": _species(told), "criteria": _criteria(record, told),
        "meetings": [_meeting(m) for m in meetings], "opinions": _opinions(record), **_counts(meetings, held),
        "corners": coordinates(option) if option else [], "meridian": f"{meridian():g}°",
        "appraisal": plain(record.appraisal), "decision": record.decision or "……",
        "left_name": "", "right_name": "", "receivers": ["Như trên", "Lưu: VT"],
        "signer": signer_of(record.organisation or "so_nnmt"),
    }  # fmt: skip


def _cells(told: Counted | None) -> list[dict[str, Any]]:
    if told is None:
        return []
    return [
        dict(zip(("zone", "area", "function", "kind"), c.words, strict=True)) | {"ha": n(c.ha, 2)}
        for c in told.cells
    ]


def _species(told: Counted | None) -> list[dict[str, Any]]:
    if told is None:
        return []
    return [
        {
            "n": i,
            "latin": s.taxon.scientific_name,
            "vi": s.taxon.vernacular_vi,
            "group": s.group_word or "–",
            "records": s.records,
        }
        for i, s in enumerate(told.species, 1)
    ]


def _criteria(record: Proposal, told: Counted | None) -> list[dict[str, Any]]:
    if told is None:
        return []
    return [
        {
            "name": c.name,
            "word": c.word,
            "value": c.value,
            "asked": c.asked,
            "basis": ". ".join(filter(None, (c.basis, c.settle))),
        }
        for c in criteria(record, told)
    ]


def _meeting(one: Consultation) -> dict[str, Any]:
    def number(value: int | None) -> str:
        return "–" if value is None else str(value)

    where = ", ".join(filter(None, (unit_name(one.area_path), one.village)))
    return {
        "where": where, "day": as_text(one.day) if one.day else "chưa họp", "attended": number(one.attended),
        "agreed": number(one.agreed), "conditional": number(one.conditional), "against": number(one.against),
        "silent": number(one.silent),
    }  # fmt: skip


def _counts(meetings: list[Consultation], held: list[Consultation]) -> dict[str, Any]:
    names = ("attended", "agreed", "conditional", "against", "silent")
    return {
        "invited": villages_among((m.area_path, m.village) for m in meetings),
        "held": villages_among((m.area_path, m.village) for m in held),
        **{f"all_{k}": sum(getattr(m, k) or 0 for m in held) for k in names},
    }  # fmt: skip


def _opinions(record: Proposal) -> list[dict[str, Any]]:
    rows = Opinion.objects.filter(consultation__proposal=record, withdrawn__isnull=True)
    rows = (
        rows.filter(consultation__withdrawn__isnull=True)
        .select_related("consultation")
        .order_by("consultation", "id")
    )
    return [
        {
            "n": i, "where": ", ".join(filter(None, (unit_name(o.consultation.area_path), o.consultation.village))),
            "side": o.get_side_display(), "text": o.text, "answer": o.answer or "chưa trả lời",
        }
        for i, o in enumerate(rows, 1)
    ]  # fmt: skip


def issuer(record: Proposal) -> tuple[str, str]:
    return issuer_of(record.organisation or "so_nnmt")


def of_province(record: Proposal) -> tuple[str, str]:
    return issuer_of("ubnd_tinh")


WARNED = When("invented", (Centred("{{ invented }}"),))
ZONES = Table("zones", (("Phân khu", "name", 10.0), ("Diện tích (ha)", "ha", 6.0)), "Chưa vẽ phân khu nào.")
CRITERIA = Table("criteria", (
    ("Tiêu chí", "name", 3.4), ("Kết quả", "word", 2.2), ("Hiện có", "value", 3.2), ("Yêu cầu", "asked", 2.8),
    ("Căn cứ; cần làm gì", "basis", 5.0),
), "Chưa tính được: chưa chọn phương án.")  # fmt: skip
SPECIES = Table("species", (
    ("STT", "n", 1.2), ("Tên khoa học", "latin", 5.4), ("Tên Việt Nam", "vi", 5.0), ("Nhóm", "group", 2.6),
    ("Số ghi nhận", "records", 2.4),
), "Chưa có ghi nhận loài đã xác minh trong ranh giới; chưa có không phải là không có loài.")  # fmt: skip
MEETINGS = Table("meetings", (
    ("Nơi lấy ý kiến", "where", 4.8), ("Ngày", "day", 2.6), ("Dự", "attended", 1.5), ("Đồng ý", "agreed", 1.9),
    ("Có điều kiện", "conditional", 2.1), ("Không", "against", 1.7), ("Không ý kiến", "silent", 2.0),
), "Chưa lấy ý kiến ở đâu.")  # fmt: skip

SUBMISSION = Sheet(
    "founding-submission", "Tờ trình", "Về việc thành lập {{ kind }} {{ title }}", (), fields, issuer, parts=(
        WARNED,
        "Kính trình Uỷ ban nhân dân {{ province }} xem xét, quyết định thành lập {{ kind }} {{ title }} như sau:",
        Article("1. Sự cần thiết:", "{{ why }}."),
        Article("2. Phạm vi, diện tích:", "phương án “{{ option }}”, {{ inside }} ha (không kể vùng đệm), thuộc "
                "{{ communes }}; theo bản đồ {{ map }}."),
        ZONES,
        Article("3. Tiêu chí:", ""), CRITERIA,
        Article("4. Lấy ý kiến:", "đã họp {{ held }} trên {{ invited }} nơi được mời; {{ all_attended }} người dự: "
                "{{ all_agreed }} đồng ý, {{ all_conditional }} đồng ý có điều kiện, {{ all_against }} không đồng ý, "
                "{{ all_silent }} không có ý kiến (bảng tổng hợp kèm theo)."),
        Article("5. Hồ sơ kèm theo:", "dự án thành lập; bản đồ hiện trạng và quy hoạch VN-2000; tổng hợp ý kiến; dự "
                "thảo "
                "quyết định."),
        Ground("{{ note }}"),
    ),
)  # fmt: skip

PROJECT = Sheet(
    "founding-project", "Dự án", "Thành lập {{ kind }} {{ title }}", (), fields, issuer, parts=(
        WARNED,
        Article("Chương 1. Sự cần thiết và căn cứ.", "{{ why }}."),
        Article("Chương 2. Điều kiện tự nhiên.", "{{ nature }}."),
        Article("Chương 3. Hiện trạng rừng và hệ sinh thái.", "Theo bản đồ {{ map }}, phương án “{{ option }}”:"),
        Table("cells", (
            ("Phân khu", "zone", 4.4), ("Xã, phường", "area", 3.2), ("Chức năng", "function", 3.2),
            ("Trạng thái", "kind", 3.6), ("ha", "ha", 2.2),
        ), "Chưa có số liệu hiện trạng."),
        Article("Chương 4. Giá trị đa dạng sinh học, nguồn gen, cảnh quan.", "Loài có ghi nhận đã xác minh trong ranh "
                "giới, theo mức công bố vị trí dành cho mọi người:"),
        SPECIES,
        Article("Chương 5. Hiện trạng sử dụng đất, sử dụng rừng.", "Xem bảng ở chương 3 (đất nông nghiệp, đất khác "
                "theo "
                "bản đồ); điều tra sử dụng đất trong khu: chưa có số liệu."),
        Article("Chương 6. Dân cư, kinh tế - xã hội.", "{{ people }}."),
        Article("Chương 7. Mục tiêu và mức đáp ứng tiêu chí.", ""), CRITERIA,
        Article("Chương 8. Ranh giới, diện tích, các phân khu chức năng và vùng đệm.", "{{ inside }} ha (không kể vùng "
                "đệm), thuộc {{ communes }}; bản đồ kèm theo."),
        ZONES,
        Article("Chương 9. Chương trình, giải pháp và tổ chức quản lý.", "{{ programme }}."),
        Article("Chương 10. Khái toán đầu tư và phân kỳ.", "{{ money }}."),
        Article("Chương 11. Tổ chức thực hiện và lấy ý kiến.", "Đã họp {{ held }} trên {{ invited }} nơi được mời."),
        MEETINGS,
        Ground("{{ note }}"),
    ),
)  # fmt: skip

SUMMARY = Sheet(
    "founding-opinions", "Tổng hợp ý kiến", "Về việc thành lập {{ kind }} {{ title }}", (), fields, issuer, parts=(
        WARNED,
        "Đã mời {{ invited }} nơi, đã họp {{ held }} nơi, {{ all_attended }} người dự: {{ all_agreed }} đồng ý, "
        "{{ all_conditional }} đồng ý có điều kiện, {{ all_against }} không đồng ý, {{ all_silent }} không có ý kiến.",
        MEETINGS,
        Article("Từng ý kiến và trả lời", ""),
        Table("opinions", (
            ("STT", "n", 1.2), ("Nơi", "where", 3.4), ("Ý kiến", "side", 2.4), ("Nội dung", "text", 5.0),
            ("Trả lời", "answer", 4.6),
        ), "Chưa ghi ý kiến nào."),
        Ground("{{ note }}"),
    ),
)  # fmt: skip

MINUTES = Sheet(
    "founding-appraisal", "Biên bản", "Họp hội đồng thẩm định dự án thành lập {{ kind }} {{ title }}", (), fields,
    issuer, sides=("Thư ký", "Chủ tịch hội đồng"), parts=(
        WARNED,
        Article("1. Thời gian, địa điểm:", "……"),
        Article("2. Thành phần hội đồng (theo quyết định thành lập hội đồng số ……):", "……"),
        Article("3. Hồ sơ đưa ra thẩm định:", "tờ trình; dự án thành lập; tổng hợp ý kiến (đã họp {{ held }} trên "
                "{{ invited }} nơi được mời); dự thảo quyết định; bản đồ. Phương án “{{ option }}”, {{ inside }} ha "
                "(không kể vùng đệm), thuộc {{ communes }}; theo bản đồ {{ map }}."),
        ZONES,
        Article("4. Tiêu chí như tính được từ số liệu của hồ sơ:", ""), CRITERIA,
        Article("5. Ý kiến của người được hỏi mà hội đồng cần xem:", "{{ all_against }} người không đồng ý, "
                "{{ all_conditional }} người đồng ý có điều kiện."),
        Article("6. Ý kiến hội đồng:", "{{ appraisal }}."),
        Article("7. Kết quả bỏ phiếu:", "số phiếu phát ra ……; đồng ý ……; đồng ý có sửa ……; không đồng ý ……."),
        Article("8. Kết luận:", "……"),
        Ground("{{ note }}"),
    ),
)  # fmt: skip

DECISION = Sheet(
    "founding-decision", "Quyết định", "Về việc thành lập {{ kind }} {{ title }}", (), fields, of_province, parts=(
        WARNED,
        Centred("UỶ BAN NHÂN DÂN TỈNH QUYẾT ĐỊNH:"),
        Article("Điều 1.", "Thành lập {{ kind }} {{ title }}, diện tích {{ inside }} ha (không kể vùng đệm), thuộc "
                "{{ communes }}, gồm:"),
        ZONES,
        Article("Điều 2.", "Ranh giới theo Phụ lục toạ độ kèm theo Quyết định này."),
        Article("Điều 3.", "Sở Nông nghiệp và Môi trường, Uỷ ban nhân dân các xã nêu tại Điều 1 và các cơ quan liên "
                "quan "
                "chịu trách nhiệm thi hành Quyết định này."),
        Article("Phụ lục.", "Toạ độ các đỉnh của ranh giới, hệ VN-2000, kinh tuyến trục {{ meridian }}, múi 3°; X là "
                "hướng bắc, Y là hướng đông, đơn vị mét."),
        Table("corners", (("Đỉnh", "n", 2.2), ("Mảnh", "part", 2.2), ("X (m)", "x", 5.6), ("Y (m)", "y", 5.6)),
              "Chưa chọn phương án."),
        Ground("{{ note }}"),
    ), signer="TM. UỶ BAN NHÂN DÂN\nCHỦ TỊCH",
)  # fmt: skip
PAPERS = {
    "to-trinh": SUBMISSION,
    "du-an": PROJECT,
    "tong-hop-y-kien": SUMMARY,
    "bien-ban-tham-dinh": MINUTES,
    "du-thao-quyet-dinh": DECISION,
}
