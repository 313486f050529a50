"""What is printed on rescue: the hand-over minute, the owner's notice, the minutes on remains and on a release.

All four are drafts of our own design, which each says at its end: the official forms were not read.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

import rulebook
from baoton.kit.ids import new_id
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Ground, Sheet, Table, When
from baoton.kit.writing import outbox
from baoton.kit.writing.serial import number_of
from baoton.people.queries import issuer_of, signer_of
from baoton.places.queries import province_short, unit_name
from baoton.rescue.actions.clocks import term
from baoton.rescue.models import Animal, Paper, Release
from rulebook.errors import RulebookError

UNKNOWN = "……"
RANGERS = "kiem_lam"
OURS = "Mẫu do phần mềm soạn; khi có biểu mẫu chính thức thì thay bằng tệp Word của cơ quan."
K = Paper.Kind


def plain(text: str) -> str:
    """Words to which a document puts its own full stop; dots where nothing is known."""
    return text.strip().rstrip(".").strip() or UNKNOWN


def day_of(day: date | None) -> str:
    return UNKNOWN if day is None else as_text(day)


def commune_of(record: Any) -> str:
    """The commune in the middle of a sentence."""
    name = unit_name(record.area_path)
    return f"{name[:1].lower()}{name[1:]}"


def issuer(record: Any) -> tuple[str, str]:
    """The head of a document: the record's body, else the rangers."""
    return issuer_of(record.organisation or RANGERS)


def of_animal(record: Animal) -> dict[str, Any]:
    """The fields every document about an animal may name: never where exactly it was found, nor a telephone."""
    taxon = record.taxon
    weight = record.care.filter(weight_g__isnull=False, reverses__isnull=True, reversed_by__isnull=True)
    grams = weight.order_by("-day", "-position").values_list("weight_g", flat=True).first()
    return {
        "code": record.code, "written": plain(record.written), "latin": taxon.scientific_name if taxon else "",
        "vi": record.name, "sex": record.get_sex_display(), "age": record.get_age_display(),
        "marks": plain(record.marks), "health": record.get_health_display() or UNKNOWN,
        "weight": UNKNOWN if grams is None else f"{as_text(grams)} g", "commune": commune_of(record),
        "source": record.get_source_display(), "told": day_of(record.told_on), "received": day_of(record.received_on),
        "brought_by": plain(record.brought_by), "receiver": plain(record.receiver), "place": province_short(),
        "left_name": record.brought_by, "right_name": record.receiver, "note": OURS,
        "noticed": day_of(record.noticed_on), "until": _until(record), "days": _days(record),
        "cause": plain(record.cause), "died": day_of(record.died_on), "how": plain(record.ended_how),
        "way": record.get_status_display(), "decided_by": plain(record.decided_by),
        "receivers": ["Nhân dân trong xã, phường", "Chi cục Kiểm lâm", "Lưu: VT"],
        "signer": signer_of(record.organisation or RANGERS),
    }  # fmt: skip


def of_remains(record: Animal) -> dict[str, Any]:
    """The same of a dead animal; who signs is written by hand."""
    return {**of_animal(record), "left_name": "", "right_name": ""}


def _days(record: Animal) -> str:
    days = term("rescue.owner_notice_days", record.noticed_on or timezone.localdate())
    return UNKNOWN if days is None else as_text(days)


def _until(record: Animal) -> str:
    """The last day of the notice, where the calendar of that year is known."""
    if record.noticed_on is None:
        return UNKNOWN
    days = term("rescue.owner_notice_days", record.noticed_on)
    try:
        return UNKNOWN if days is None else as_text(rulebook.add_working_days(record.noticed_on, days))
    except RulebookError:
        return UNKNOWN


def of_release(record: Release) -> dict[str, Any]:
    """The fields of the minute of a release: its place stands in it, so it is given to few."""
    animals = Animal.objects.filter(release=record.pk, withdrawn__isnull=True).select_related("taxon")
    rows = [
        {
            "n": n, "code": a.code, "vi": a.name, "latin": a.taxon.scientific_name if a.taxon else "",
            "sex": a.get_sex_display(), "age": a.get_age_display(), "marks": a.marks,
        }
        for n, a in enumerate(animals.order_by("code", "id"), 1)
    ]  # fmt: skip
    points = [
        {"n": n, "topic": p.get_topic_display(), "state": p.get_state_display(), "why": p.why}
        for n, p in enumerate(record.points.filter(withdrawn__isnull=True).order_by("position"), 1)
    ]
    spot = "" if record.lat is None else f"{record.lat:.5f}, {record.lon:.5f}"
    where = ", ".join(filter(None, (record.locality, spot))) or UNKNOWN
    return {
        "code": record.code, "day": day_of(record.day), "commune": commune_of(record), "where": where,
        "animals": rows, "points": points, "method": plain(record.method), "owner": plain(record.forest_owner),
        "decided_by": plain(record.decided_by), "decision": plain(record.decision), "team": plain(record.team),
        "monitoring": plain(record.monitoring), "report": plain(record.report), "note": OURS, "place": province_short(),
        "left_name": record.forest_owner, "right_name": "",
    }  # fmt: skip


LINES = (
    Article("1. Loài (như người báo gọi):", "{{ written }}."),
    When("latin", (Article("2. Loài đã đối chiếu:", "{{ vi }} ({{ latin }})."),)),
    Article("3. Giới tính, tuổi:", "{{ sex }}, {{ age }}; cân nặng: {{ weight }}."),
    Article("4. Dấu, thẻ, đặc điểm:", "{{ marks }}."),
    Article("5. Tình trạng sức khoẻ:", "{{ health }}."),
)

HANDOVER = Sheet(
    "rescue-handover", "Biên bản", "Giao nhận động vật {{ code }}", (), of_animal, issuer, parts=(
        "Hôm nay, ngày {{ received }}, tại {{ commune }}, các bên giao nhận một cá thể động vật "
        "({{ source }}), được báo ngày {{ told }}:",
        Article("Bên giao:", "{{ brought_by }}."),
        Article("Bên nhận:", "{{ receiver }}."),
        *LINES,
        Article("6. Ảnh và vị trí tìm thấy:", "lưu trong hồ sơ {{ code }}."),
        Article("7. Ý kiến của các bên:", "……………………………"),
        "Biên bản lập thành hai bản có giá trị như nhau, đã đọc cho các bên cùng nghe, mỗi bên giữ một bản.",
        Ground("{{ note }}"),
    ),
    sides=("Bên giao", "Bên nhận"),
)  # fmt: skip

NOTICE = Sheet(
    "rescue-notice", "Thông báo", "Về việc tìm chủ nuôi hợp pháp của động vật", (), of_animal, issuer, parts=(
        "Ngày {{ received }}, tại {{ commune }} đã tiếp nhận một cá thể động vật: {{ vi }}"
        "{% if latin %} ({{ latin }}){% endif %}, mã hồ sơ {{ code }}.",
        "Ai là chủ nuôi hợp pháp, đề nghị mang giấy tờ chứng minh nguồn gốc và tả được dấu, thẻ, đặc điểm của con vật "
        "đến trụ sở cơ quan thông báo để nhận lại.",
        "Thời hạn thông báo: {{ days }} ngày làm việc kể từ ngày {{ noticed }}, đến hết ngày {{ until }}. Quá thời hạn "
        "này mà không có người nhận, con vật được xử lý theo quy định.",
        Ground("{{ note }}"),
    ),
)  # fmt: skip

REMAINS = Sheet(
    "rescue-remains", "Biên bản", "Xử lý động vật chết {{ code }}", (), of_remains, issuer, parts=(
        "Cá thể động vật sau đây tiếp nhận ngày {{ received }}, chết ngày {{ died }}:",
        *LINES[:4],
        Article("5. Nguyên nhân chết:", "{{ cause }}."),
        Article("6. Cơ quan quyết định:", "{{ decided_by }}."),
        Article("7. Cách xử lý:", "{{ way }}; {{ how }}."),
        Ground("{{ note }}"),
    ),
    sides=("Bên nhận, người xử lý", "Đại diện cơ quan"),
)  # fmt: skip

RELEASE = Sheet(
    "rescue-release", "Biên bản", "Thả động vật về môi trường tự nhiên, đợt {{ code }}", (), of_release, issuer, parts=(
        "Ngày {{ day }}, tại {{ commune }}, theo quyết định số {{ decision }} của {{ decided_by }}, các bên thả động "
        "vật sau đây về tự nhiên:",
        Table("animals", (
            ("STT", "n", 1.2), ("Mã", "code", 3.2), ("Loài", "vi", 3.4), ("Tên khoa học", "latin", 4.2),
            ("Giới tính", "sex", 1.8), ("Tuổi", "age", 2.0),
        ), "Không có con vật nào."),
        Article("Nơi thả:", "{{ where }}. Chủ rừng: {{ owner }}."),
        Article("Cách thả:", "{{ method }}."),
        Article("Người thả:", "{{ team }}."),
        Article("Kiểm tra trước khi thả", ""),
        Table("points", (
            ("STT", "n", 1.2), ("Nội dung", "topic", 7.0), ("Kết quả", "state", 2.6), ("Căn cứ, lý do", "why", 5.0),
        ), "Chưa kiểm tra."),
        Article("Theo dõi sau thả:", "{{ monitoring }}."),
        Article("Kết quả:", "{{ report }}."),
        Ground("{{ note }}"),
    ),
    sides=("Chủ rừng", "Đại diện cơ quan thả"),
)  # fmt: skip


@dataclass(frozen=True)
class Filed:
    """One kind of document of an animal: `series` is its kind in the register of numbers; a row keeps it."""

    kind: str
    sheet: Sheet
    series: str

    def issue(self, record: Animal, number: str, on: Any) -> str:
        """The document is issued and kept for good; the hash under which it lies."""
        number = number_of(self.series, record.organisation or RANGERS, record, on)
        made = Paper(
            id=new_id(), kind=self.kind, number=number, day=on, animal_id=record.pk,
            organisation=record.organisation, area_path=record.area_path,
            paper=self.sheet.issue(record, number, on),
        )  # fmt: skip
        with outbox.changing(Paper, [made.pk]):
            made.save(force_insert=True)
        return made.paper


@dataclass(frozen=True)
class Minute:
    """The minute of a release; it names the place, so that it lies on the release and is given with its place alone."""

    sheet: Sheet
    series: str

    def issue(self, record: Release, number: str, on: Any) -> str:
        record.number = number_of(self.series, record.organisation or RANGERS, record, on)
        return self.sheet.issue(record, record.number, on)


HANDOVER_FILED = Filed(K.HANDOVER, HANDOVER, "BB")
NOTICE_FILED = Filed(K.NOTICE, NOTICE, "TB")
REMAINS_FILED = Filed(K.REMAINS, REMAINS, "BB")
RELEASE_MINUTE = Minute(RELEASE, "BB")
