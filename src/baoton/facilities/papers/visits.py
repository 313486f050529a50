"""What is printed on inspections: the decision, the plan with its days and teams, the minute that both sides sign."""

from typing import Any

from django.utils import timezone

from baoton.facilities.models import Campaign, Inspection
from baoton.facilities.papers.common import UNKNOWN, council, issuer, law, of_body, plain, vernacular, within
from baoton.facilities.papers.dossiers import DECIDES
from baoton.facilities.papers.filing import Filed
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Centred, Ground, Sheet, Table, When
from baoton.places.queries import province_short, unit_name

STATES = {"yes": "đạt", "no": "không đạt", "none": "không có"}


def of_visit(visit: Inspection) -> dict[str, Any]:
    """The fields of the minute of a visit, and of the decision to make one."""
    facility = visit.facility
    rows = visit.counts.select_related("stock__taxon", "stock__facility").order_by(
        "stock__since", "stock_id", "id"
    )
    counts = [
        {
            "vi": vernacular(c.stock.taxon), "kind": c.get_kind_display(), "balance": as_text(c.balance),
            "counted": UNKNOWN if c.counted is None else as_text(c.counted),
            "apart": "" if c.counted is None else as_text(c.counted - c.balance),
        }
        for c in rows
        if c.balance or c.counted
    ]  # fmt: skip
    found = visit.findings.filter(withdrawn__isnull=True).order_by("due", "id")
    points = [
        {
            "n": n,
            "what": what,
            "state": STATES.get(said.get("state", ""), UNKNOWN),
            "note": said.get("note", ""),
        }
        for n, (what, said) in enumerate(visit.points.items(), 1)
    ]
    commune = within(facility.area_path)
    return {
        "name": facility.name, "owner": str(facility.owner), "code": facility.code or "chưa có mã số",
        "commune": commune, "where": ", ".join(filter(None, (facility.village, commune))), "day": as_text(visit.day),
        "team": plain(visit.team) or UNKNOWN, "kind": visit.get_kind_display(), "why": plain(visit.why),
        "counts": counts, "points": points, "checklist": plain(visit.checklist) or UNKNOWN,
        "summary": plain(visit.summary) or UNKNOWN,
        "findings": [{"n": n, "what": f.what, "due": as_text(f.due)} for n, f in enumerate(found, 1)],
        "law": law(timezone.localdate()), "place": province_short(),
        "receivers": [str(facility.owner), council(facility.area_path), "Lưu: VT"],
        **of_body(),
    }  # fmt: skip


def of_campaign(campaign: Campaign) -> dict[str, Any]:
    """The fields of the decision and of the plan of a campaign: every visit with its day, team and reason."""
    visits = (
        campaign.visits.filter(withdrawn__isnull=True)
        .select_related("facility")
        .order_by("day", "team", "id")
    )
    rows = [
        {
            "n": n, "day": as_text(v.day), "name": v.facility.name, "code": v.facility.code or "—",
            "commune": unit_name(v.facility.area_path), "team": v.team.split(":")[0].strip(), "why": v.why,
        }
        for n, v in enumerate(visits, 1)
    ]  # fmt: skip
    communes = sorted({council(v.facility.area_path) for v in visits})
    teams = [line.strip() for line in campaign.teams.splitlines() if line.strip()]
    return {
        "name": campaign.name, "begins": as_text(campaign.begins), "ends": as_text(campaign.ends),
        "year": campaign.begins.year, "note": plain(campaign.note), "visits": rows, "many": as_text(len(rows)),
        "communes": as_text(len(communes)), "teams": [{"n": n, "who": t} for n, t in enumerate(teams, 1)],
        "on": as_text(timezone.localdate()), "law": law(timezone.localdate()), "place": province_short(),
        "receivers": [*communes, "Các đoàn kiểm tra", "Lưu: VT"],
        **of_body(),
    }  # fmt: skip


ORDER = Filed(
    "order",
    Sheet(
        "inspection-order", "Quyết định", "Về việc kiểm tra cơ sở nuôi, trồng: {{ name }}", (), of_campaign, issuer,
        parts=(
            DECIDES, Ground("Căn cứ {{ law }};"), Ground("Xét yêu cầu quản lý cơ sở nuôi, trồng năm {{ year }},"),
            Centred("QUYẾT ĐỊNH:"),
            Article("Điều 1.", "Kiểm tra {{ many }} cơ sở nuôi, trồng tại {{ communes }} xã, phường, từ ngày {{ "
                               "begins }} "
                    "đến ngày {{ ends }}, theo kế hoạch kèm theo."),
            Article("Điều 2.", "Các đoàn kiểm tra:"),
            Table("teams", (("STT", "n", 1.4), ("Đoàn, trưởng đoàn, thành viên", "who", 14.4)), "Chưa lập đoàn."),
            Article("Điều 3.", "Đoàn kiểm tra đối chiếu sổ với số đếm thực tế, lập biên bản có chữ ký hai bên "
                               "và theo dõi "
                    "việc khắc phục."),
            Article("Điều 4.", "Các đoàn kiểm tra, chủ cơ sở có tên trong kế hoạch và UBND các xã, phường liên "
                               "quan thi hành "
                    "Quyết định này./."),
        ),
    ),
    "QĐ", names=True,
)  # fmt: skip

PLAN = Filed(
    "plan",
    Sheet(
        "inspection-plan", "Kế hoạch", "{{ name }}", (), of_campaign, issuer, wide=True, parts=(
            Article("1. Mục đích, yêu cầu:", "{% if note %}{{ note }}{% else %}kiểm tra, giám sát cơ sở nuôi, "
                                             "trồng theo mức "
                    "rủi ro và theo quy định{% endif %}."),
            Article("2. Thời gian:", "từ ngày {{ begins }} đến ngày {{ ends }}."),
            Article("3. Lịch kiểm tra:", ""),
            Table("visits", (
                ("STT", "n", 1.2), ("Ngày", "day", 2.7), ("Cơ sở", "name", 4.6), ("Mã số", "code", 3.2),
                ("Xã, phường", "commune", 3.4), ("Đoàn", "team", 3.0), ("Lý do", "why", 6.9),
            ), "Chưa có cuộc kiểm tra nào."),
            "Lý do là gợi ý từ sổ và lần kiểm tra trước, không phải kết luận vi phạm.",
        ),
    ),
    "KH",
)  # fmt: skip

SINGLE_ORDER = Filed(
    "order",
    Sheet(
        "inspection-single-order", "Quyết định", "Về việc kiểm tra cơ sở {{ name }} ({{ kind }})", (), of_visit, issuer,
        parts=(
            DECIDES, Ground("Căn cứ {{ law }};"), When("why", (Ground("Xét: {{ why }};"),)), Centred("QUYẾT ĐỊNH:"),
            Article("Điều 1.", "Kiểm tra cơ sở {{ name }} của {{ owner }}, địa chỉ: {{ where }}, mã số: {{ code }}, "
                    "vào ngày {{ day }}."),
            Article("Điều 2.", "Đoàn kiểm tra: {{ team }}."),
            Article("Điều 3.", "Đoàn kiểm tra và chủ cơ sở thi hành Quyết định này./."),
        ),
    ),
    "QĐ",
)  # fmt: skip

MINUTE = Filed(
    "minute",
    Sheet(
        "facility-minute", "Biên bản", "Kiểm tra cơ sở {{ name }} ({{ kind }})", (), of_visit, issuer, parts=(
            "Hôm nay, ngày {{ day }}, tại cơ sở {{ name }}, {{ where }}, mã số: {{ code }}, gồm có:",
            Article("1. Đoàn kiểm tra:", "{{ team }}."),
            Article("2. Chủ cơ sở:", "{{ owner }}."),
            Article("I. Nội dung kiểm tra", ""),
            Table("points", (
                ("STT", "n", 1.2), ("Nội dung", "what", 8.0), ("Kết quả", "state", 2.3), ("Ghi chú", "note", 4.5),
            ), "{{ checklist }}."),
            Article("II. Số lượng theo sổ và đếm được", ""),
            Table("counts", (
                ("Loài", "vi", 5.0), ("Lớp", "kind", 4.4), ("Theo sổ", "balance", 2.1), ("Đếm được", "counted", 2.2),
                ("Lệch", "apart", 1.8),
            ), "Không có cá thể."),
            Article("III. Tồn tại phải khắc phục", ""),
            Table("findings", (("STT", "n", 1.2), ("Tồn tại", "what", 11.1), ("Hạn", "due", 2.7)), "Không có tồn tại."),
            Article("IV. Kết luận:", "{{ summary }}."),
            Article("V. Ý kiến của chủ cơ sở:", "……………………………"),
            "…………………………………………………………………………",
            "Biên bản lập thành hai bản có giá trị như nhau, đã đọc cho các bên cùng nghe, thống nhất ký tên; "
            "mỗi bên giữ "
            "một bản.",
        ), sides=("Chủ cơ sở", "Đại diện đoàn kiểm tra"),
    ),
    "BB", names=True,
)  # fmt: skip

STEPS = (SINGLE_ORDER, MINUTE)
