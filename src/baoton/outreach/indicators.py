"""What the communes' outreach amounts to in a year."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models import Sum as Total
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.kit.share import Z, share_of_people
from baoton.outreach.models import Answer
from baoton.outreach.queries import of_villages, share_reached
from baoton.plan.queries import Distinct, Figure, Grouped, Indicator, Sum, tell

ASK: Any = {"register": "outreach.session", "about": "outreach", "section": "communication"}
SUMS = ("n", "right", "answered", "right2", "both", "answered2")
BEFORE, AFTER = Answer.Wave.BEFORE.value, Answer.Wave.AFTER.value
NOBODY_ASKED = _("chưa hỏi ai sau tuyên truyền trong năm")
ONE_WAVE = _("chưa có khảo sát nào hỏi đủ cả hai đợt trong năm")


def by_survey(rows: "QuerySet[Any]", year: int) -> Mapping[str, float]:
    """What the sums of people's answers are made of, in each wave of each survey."""
    told = rows.values_list("quiz", "wave").annotate(
        n=Count("pk"), r=Total("right"), a=Total("answered"), rr=Total(F("right") * F("right")),
        ra=Total(F("right") * F("answered")), aa=Total(F("answered") * F("answered")),
    )  # fmt: skip
    return {
        f"{quiz} {wave} {name}": n for quiz, wave, *sums in told for name, n in zip(SUMS, sums, strict=True)
    }


def _share(parts: Mapping[str, float], wave: str, among: set[str]) -> tuple[float, float]:
    keys = [key.split(" ") for key in parts]
    chosen = [(name, parts[f"{q} {w} {name}"]) for q, w, name in keys if w == wave and q in among]
    return share_of_people(*(sum(n for name, n in chosen if name == one) for one in SUMS))


def _surveys(parts: Mapping[str, float], wave: str) -> set[str]:
    return {key.split(" ")[0] for key in parts if key.endswith(f" {wave} n")}


def _with_limits(value: float, error: float, least: float) -> Figure:
    if error != error:
        return Figure(round(value, 9))
    low, high = max(value - Z * error, least), min(value + Z * error, 100.0)
    return Figure(round(value, 9), round(low, 9), round(high, 9))


def known(parts: Mapping[str, float]) -> Figure:
    """How many per cent of the answers after outreach were right."""
    if not (surveys := _surveys(parts, AFTER)):
        return Figure(None, why_unknown=NOBODY_ASKED)
    return _with_limits(*_share(parts, AFTER, surveys), 0.0)


def learned(parts: Mapping[str, float]) -> Figure:
    """How far that lies above the share before, over the surveys that have both waves in the year."""
    if not (surveys := _surveys(parts, AFTER) & _surveys(parts, BEFORE)):
        return Figure(None, why_unknown=ONE_WAVE)
    (before, error1), (after, error2) = (_share(parts, wave, surveys) for wave in (BEFORE, AFTER))
    return _with_limits(after - before, (error1 * error1 + error2 * error2) ** 0.5, -100.0)


tell(
    Indicator("outreach.sessions", _("Buổi tuyên truyền"), _("buổi"), **ASK),
    Indicator(
        "outreach.participants", _("Lượt người dự"), _("lượt người"), measure=Sum("participants"), **ASK
    ),
    Indicator("outreach.women", _("Trong đó nữ"), _("lượt người"), measure=Sum("women"), **ASK),
    Indicator("outreach.materials", _("Tài liệu đã phát"), _("bản"), measure=Sum("materials"), **ASK),
    Indicator(
        "outreach.languages",
        _("Thứ tiếng đã dùng khi tuyên truyền"),
        pgettext_lazy("đơn vị tính", "thứ tiếng"),
        measure=Distinct("language"),
        by_area=False,
        **ASK,
    ),
    Indicator(
        "outreach.communes",
        _("Xã, phường có tuyên truyền"),
        pgettext_lazy("đơn vị tính", "xã, phường"),
        measure=Distinct("area_path"),
        by_area=False,
        **ASK,
    ),
    Indicator(
        "outreach.villages",
        _("Bản, tổ dân phố có tuyên truyền"),
        pgettext_lazy("đơn vị tính", "bản, tổ dân phố"),
        measure=Distinct("settlement_id"),
        by_area=False,
        **ASK,
    ),
    Indicator(
        "outreach.reached",
        _("Phần bản, tổ dân phố có tuyên truyền trong năm"),
        "%",
        measure=Grouped(
            ("settlement_id",), of_villages, share_reached, "bản có buổi / bản trong danh sách v1"
        ),
        by_area=False,
        **ASK,
    ),
    Indicator(
        "outreach.pledges",
        _("Cam kết đã ký"),
        _("bản"),
        measure=Sum("number"),
        **(ASK | {"register": "outreach.pledge"}),
    ),
    Indicator(
        "outreach.handed",
        _("Tài liệu phát ra từ kho"),
        _("bản"),
        measure=Sum("handed"),
        where={"what": "handed"},
        **(ASK | {"register": "outreach.handout"}),
    ),
    Indicator(
        "outreach.known",
        _("Trả lời đúng về bảo tồn sau tuyên truyền"),
        "%",
        where={"wave": AFTER},
        measure=Grouped(("quiz_id",), by_survey, known, "phần trả lời đúng v1"),
        by_area=False,
        **(ASK | {"register": "outreach.answer"}),
    ),
    Indicator(
        "outreach.learned",
        _("Thay đổi phần trả lời đúng so với trước tuyên truyền"),
        _("điểm phần trăm"),
        measure=Grouped(("quiz_id",), by_survey, learned, "thay đổi phần trả lời đúng v1"),
        by_area=False,
        **(ASK | {"register": "outreach.answer"}),
    ),
)
