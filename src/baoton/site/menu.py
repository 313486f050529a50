"""The left menu, by the plan's own structure; an entry appears only for whoever may open it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import rulebook
from baoton.facilities.queries import is_owner
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.surveys.queries import is_sender

HOME = rulebook.province(settings.PROVINCE)
PLAN = HOME.plan.split("/")[0]
TASKS = {one.topic: one for one in rulebook.plans.load(HOME.key, HOME.plan).tasks}


def task(topic: str, words: str | Promise, own: bool = False) -> str | Promise:
    """A part of the menu by the number of the plan's task of this topic; `own`: in the words the plan has for it."""

    def told() -> str:
        one = TASKS.get(topic)
        if one is None:
            return str(words)
        said = (one.en if get_language() == "en" else one.short) if own else ""
        return f"{one.number} · {said or words}"

    return lazy(told, str)()


@cache
def _address(register: str, url_name: str) -> str:
    """Asked a hundred times for each page, and always the same."""
    return REGISTERS[register].url() if register else reverse(url_name)


@dataclass(frozen=True)
class Entry:
    """One line of the menu: an address by name, or a register.

    `verb` is what one must hold to see it; `test` says it of the reader himself.
    """

    label: str | Promise
    url_name: str = ""
    register: str = ""
    verb: str = ""
    test: Callable[[Actor], bool] | None = None

    def address(self) -> str:
        return _address(self.register, self.url_name)

    def open_to(self, actor: Actor) -> bool:
        if self.test is not None:
            return self.test(actor)
        if self.register:
            register = REGISTERS[self.register]
            return register.public is not None or bool(
                actor.scopes(f"{self.register}.see") or actor.scopes(f"{self.register}.see_precise")
            )
        return not self.verb or bool(actor.scopes(self.verb))


MENU: Sequence[tuple[str | Promise, Sequence[Entry]]] = (
    (
        _("Kế hoạch"),
        (
            Entry(_("Điều hành"), "leaders", verb="plan.briefing.see"),
            Entry(format_lazy("{} {}", _("Kế hoạch"), PLAN), "plan"),
            Entry(_("Kế hoạch đọc từ tệp"), register="plan.draft"),
            Entry(_("Việc phải làm"), register="plan.work"),
            Entry(_("Việc của từng cơ quan"), "plan-bodies", verb="plan.work.see"),
            Entry(_("Công văn giao việc"), register="plan.assignment"),
            Entry(_("Công văn đôn đốc"), register="plan.reminder"),
            Entry(_("Chỉ tiêu năm"), register="plan.target"),
            Entry(_("Lịch"), "calendar-page", verb="plan.work.see"),
            Entry(_("Cuộc họp"), register="plan.meeting"),
            Entry(_("Văn bản chỉ đạo"), register="plan.document"),
            Entry(_("Kế hoạch năm của cơ quan"), register="plan.yearly"),
        ),
    ),
    (
        task("outreach", _("Tuyên truyền")),
        (
            Entry(_("Buổi tuyên truyền"), register="outreach.session"),
            Entry(_("Chiến dịch tuyên truyền"), register="outreach.campaign"),
            Entry(_("Trường, câu lạc bộ tham gia"), register="outreach.group"),
            Entry(_("Cam kết đã ký"), register="outreach.pledge"),
            Entry(_("Tài liệu tuyên truyền"), register="outreach.material"),
            Entry(_("Khảo sát hiểu biết"), register="outreach.quiz"),
            Entry(_("Độ phủ tuyên truyền"), "outreach-reach", verb="outreach.session.see"),
        ),
    ),
    (
        task("special_use_forest", _("Khu rừng đặc dụng"), own=True),
        (
            Entry(_("Tiến độ thành lập"), "plan-task-2"),
            Entry(_("Đề xuất thành lập khu"), register="habitats.proposal"),
            Entry(_("Lấy ý kiến về khu"), register="habitats.consultation"),
            Entry(_("Hiệu quả quản lý khu"), register="habitats.effectiveness"),
        ),
    ),
    (
        task("species_habitats", _("Loài ưu tiên và sinh cảnh")),
        (
            Entry(_("Loài"), register="taxa.taxon"),
            Entry(_("Tình trạng loài"), register="assessment.status"),
            Entry(_("Phiên họp hội đồng"), register="assessment.session"),
            Entry(_("Công trình phục hồi sinh cảnh"), register="habitats.work"),
            Entry(_("Nghiệm thu công trình"), register="habitats.acceptance"),
            Entry(_("Xuất theo bảng của FERM"), "ferm", verb="habitats.work.see"),
            Entry(_("Lô giống ở vườn ươm"), register="habitats.nurserylot"),
            Entry(_("Vùng lâm sản ngoài gỗ, dược liệu"), register="habitats.harvestarea"),
            Entry(_("Giấy phép khai thác dưới tán"), register="habitats.licence"),
        ),
    ),
    (
        _("Cơ sở nuôi, trồng"),
        (
            Entry(_("Cơ sở của tôi"), "owner", test=is_owner),
            Entry(_("Cơ sở"), register="facilities.facility"),
            Entry(_("Sổ theo dõi"), register="facilities.stock"),
            Entry(_("Hồ sơ đề nghị"), register="facilities.application"),
            Entry(_("Chuyển giữa các cơ sở"), register="facilities.transfer"),
            Entry(_("Báo nuôi thông thường"), register="facilities.notice"),
            Entry(_("Thống kê nơi trồng"), "inventory", verb="facilities.planted.see"),
            Entry(_("Đợt kiểm tra"), register="facilities.campaign"),
            Entry(_("Kiểm tra"), register="facilities.inspection"),
            Entry(_("Dấu hiệu trong sổ"), register="facilities.signal"),
            Entry(_("Tồn tại"), register="facilities.finding"),
        ),
    ),
    (
        task("biodiversity", _("Đa dạng sinh học")),
        (
            Entry(_("Bản đồ"), "map"),
            Entry(_("Bản đồ rừng và sinh cảnh"), register="habitats.version"),
            Entry(_("Lô rừng và sinh cảnh"), register="habitats.parcel"),
            Entry(_("So sánh hai bản đồ"), register="habitats.comparison"),
            Entry(_("Tính theo ảnh"), "habitat-raster", verb="habitats.parcel.see"),
            Entry(_("Loài di cư"), "migration"),
            Entry(_("Xã, phường"), "places"),
        ),
    ),
    (
        _("Cháy rừng"),
        (
            Entry(_("Cấp cháy rừng hôm nay"), "fire-today", verb="fire.weather.see"),
            Entry(_("Cảnh báo điểm nóng"), register="fire.alert"),
            Entry(_("Giấy phép đốt nương"), register="fire.permit"),
            Entry(_("Đám cháy rừng"), register="fire.fire"),
            Entry(_("Bản tin cấp cháy rừng"), register="fire.bulletin"),
            Entry(_("Thời tiết 13 giờ"), register="fire.weather"),
            Entry(_("Điểm nóng vệ tinh"), register="fire.hotspot"),
            Entry(_("Bảng cấp cháy rừng của tỉnh"), register="fire.table"),
            Entry(_("Nguồn nhiệt không phải cháy rừng"), register="fire.quiet"),
        ),
    ),
    (
        _("Loài ngoại lai"),
        (
            Entry(_("Cảnh báo sớm và lan rộng"), "invasive-now", verb="invasive.site.see"),
            Entry(_("Điểm có loài ngoại lai xâm hại"), register="invasive.site"),
            Entry(_("Điều tra loài ngoại lai"), register="invasive.survey"),
            Entry(_("Xử lý loài ngoại lai"), register="invasive.treatment"),
        ),
    ),
    (
        _("Thuỷ vực"),
        (
            Entry(_("Thuỷ vực"), register="waters.body"),
            Entry(_("Bãi đẻ, kỳ cấm"), register="waters.ground"),
            Entry(_("Thả cá bổ sung"), register="waters.release"),
        ),
    ),
    (
        task("survey", _("Điều tra, quan trắc")),
        (
            Entry(_("Chiến dịch điều tra"), register="surveys.campaign"),
            Entry(_("Gửi kết quả điều tra"), "survey-send", test=is_sender),
            Entry(_("Điểm điều tra"), register="surveys.site"),
            Entry(_("Quy trình điều tra"), register="surveys.protocol"),
            Entry(_("Bẫy ảnh"), register="cameras.deployment"),
            Entry(_("Xem ảnh bẫy"), register="cameras.sequence"),
            Entry(_("Báo nhanh"), "quick-report", verb="observations.occurrence.create"),
            Entry(_("Ghi nhận loài"), register="observations.occurrence"),
            Entry(_("Ghi nhận có thể trùng"), "twins", verb="observations.occurrence.same"),
            Entry(_("Đợt điều tra"), register="observations.event"),
            Entry(_("Bộ dữ liệu"), register="observations.dataset"),
            Entry(_("Nhập tệp"), "import-start", verb="observations.occurrence.import"),
        ),
    ),
    (
        _("Tin báo"),
        (
            Entry(_("Báo tin"), "tip-send"),
            Entry(_("Tin báo"), register="tips.tip"),
            Entry(_("Lịch trực"), "duty-month", verb="people.duty.see"),
            Entry(_("Số liệu tin báo"), "tip-figures", verb="tips.tip.see"),
        ),
    ),
    (
        _("Phối hợp"),
        (
            Entry(_("Lịch phối hợp"), "together-month", verb="together.operation.see"),
            Entry(_("Kiểm tra chợ, quán, đường, mạng"), register="together.check"),
            Entry(_("Đợt phối hợp"), register="together.operation"),
            Entry(_("Quy chế phối hợp"), register="together.agreement"),
        ),
    ),
    (
        _("Tuần tra"),
        (
            Entry(_("Lịch tuần tra"), "patrol-month", verb="patrols.patrol.see"),
            Entry(_("Tuần tra"), register="patrols.patrol"),
            Entry(_("Bẫy, mối đe doạ"), register="patrols.sign"),
            Entry(_("Độ phủ tuần tra"), "patrol-coverage", verb="patrols.leg.see"),
            Entry(_("Tổ tuần tra"), register="patrols.team"),
        ),
    ),
    (
        _("Tang vật"),
        (
            Entry(_("Tang vật"), register="custody.lot"),
            Entry(_("Chờ tôi ký nhận"), "custody-inbox", verb="custody.offer.accept"),
            Entry(_("Đề nghị bàn giao"), register="custody.offer"),
        ),
    ),
    (
        _("Cứu hộ động vật"),
        (
            Entry(_("Chăm sóc hôm nay"), "rescue-today", verb="rescue.animal.food"),
            Entry(_("Động vật cứu hộ"), register="rescue.animal"),
            Entry(_("Đợt thả"), register="rescue.release"),
            Entry(_("Chương trình tái thả"), register="rescue.programme"),
        ),
    ),
    (
        _("Xử lý vi phạm"),
        (
            Entry(_("Vụ việc vi phạm"), register="enforcement.case"),
            Entry(_("Phối hợp giữa các cơ quan"), "together", verb="enforcement.grant.see"),
            Entry(_("Bảng quyết định"), "decision-tables"),
        ),
    ),
    (
        _("Kinh phí"),
        (
            Entry(_("Kinh phí năm"), "funding-year", verb="funding.line.see"),
            Entry(_("Dòng kinh phí"), register="funding.line"),
            Entry(_("Chứng từ chi"), register="funding.payment"),
        ),
    ),
    (
        _("Báo cáo và chia sẻ"),
        (
            Entry(_("Báo cáo năm"), "reports", verb="reporting.yearly.see"),
            Entry(_("Báo cáo của xã, cơ quan"), register="reporting.own"),
            Entry(_("Báo cáo trình duyệt, phát hành"), register="reporting.outgoing"),
            Entry(_("Báo cáo công bố"), "reports-published"),
            Entry(_("Dữ liệu mở"), "open-data"),
        ),
    ),
    (
        _("Quản trị"),
        (
            Entry(_("Người dùng và quyền"), "people", verb="people.person.see"),
            Entry(_("Nhật ký"), "audit", verb="audit.see"),
            Entry(_("Cài đặt"), "setup", verb="people.setup"),
        ),
    ),
)


FEW = 20
"""So many lines are shown at once; of more, the group one is in, and the plan's where one is in none."""


@dataclass(frozen=True)
class Group:
    """A heading with its lines of (label, address, is here); whether they are shown before anybody unfolds them."""

    heading: str | Promise
    lines: list[tuple[str | Promise, str, bool]]
    unfolded: bool = False


def heading_of(register: str) -> str | Promise:
    """The heading under which a book stands in the menu, or under which most other books of its app do."""
    listed = [(one.register, heading) for heading, entries in MENU for one in entries if one.register]
    exact = [heading for name, heading in listed if name == register]
    near = [heading for name, heading in listed if name.split(".")[0] == register.split(".")[0]]
    return (exact or sorted(near, key=near.count, reverse=True) or [_("Số liệu khác")])[0]


def menu_for(actor: Actor, here: str) -> list[Group]:
    """The groups of what this actor may open; a group with nothing to open is left out."""
    groups = []
    for heading, entries in MENU:
        lines = []
        for entry in entries:
            try:
                if entry.open_to(actor):
                    address = entry.address()
                    lines.append((entry.label, address, here == address))
            except (NoReverseMatch, KeyError):
                continue
        if lines:
            groups.append(Group(heading, lines))
    few = sum(len(one.lines) for one in groups) <= FEW
    inside = [any(address != "/" and here.startswith(address) for _l, address, _h in g.lines) for g in groups]
    if not any(inside):
        inside[:1] = [True]
    return [replace(one, unfolded=few or mine) for one, mine in zip(groups, inside, strict=True)]
