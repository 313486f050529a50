"""What fire amounts to in a year; how often satellites were right and how fast people answered."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count as Many
from django.db.models import QuerySet
from django.db.models import Sum as Total
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.fire.models import Alert
from baoton.plan.queries import Figure, Grouped, Indicator, Sum, tell

ASK: Any = {"about": "biodiversity", "section": "biodiversity"}
ALERTS = pgettext_lazy("đơn vị tính", "cảnh báo")
NOBODY = _("chưa có cảnh báo nào được trả lời")
JUDGED: Any = {"where": {"judged": "1"}, "by_area": False}


def by_status(rows: "QuerySet[Any]", year: int) -> Mapping[str, float]:
    """How many alerts each verdict has."""
    return {str(s): float(n) for s, n in rows.values_list("status").annotate(n=Many("pk")).order_by()}


def minutes(rows: "QuerySet[Any]", year: int) -> Mapping[str, float]:
    """The minutes and the number of the answers of each verdict."""
    told = rows.values_list("status").annotate(n=Many("minutes"), m=Total("minutes")).order_by()
    return {f"{s} {k}": float(v or 0) for s, n, m in told for k, v in (("n", n), ("m", m))}


def precision(parts: Mapping[str, float]) -> Figure:
    """Of the alerts that a person answered, how many per cent were fires."""
    judged = sum(parts.get(s, 0) for s in Alert.Status.values if s != Alert.Status.WAITING)
    return (
        Figure(100 * parts.get(Alert.Status.FIRE, 0) / judged) if judged else Figure(None, why_unknown=NOBODY)
    )


def response(parts: Mapping[str, float]) -> Figure:
    """The mean minutes between an alert and its answer."""
    n, m = (sum(v for k, v in parts.items() if k.endswith(f" {end}")) for end in ("n", "m"))
    return Figure(m / n) if n else Figure(None, why_unknown=NOBODY)


tell(
    Indicator(
        "fire.danger_days", _("Ngày ở trạm có cấp cháy rừng IV, V"),
        pgettext_lazy("đơn vị tính", "ngày trạm"), "fire.weather",
        where={"known": "1"}, measure=Sum("danger"), **ASK,
    ),
    Indicator("fire.fires", _("Đám cháy rừng"), pgettext_lazy("đơn vị tính", "đám"), "fire.fire", **ASK),
    Indicator(
        "fire.permits", _("Giấy phép đốt nương đã cấp"), pgettext_lazy("đơn vị tính", "giấy"), "fire.permit",
        where={"given": "1"}, **ASK,
    ),
    Indicator("fire.burnt", _("Diện tích cháy"), _("ha"), "fire.fire", measure=Sum("m2", per=10_000), **ASK),
    Indicator("fire.alerts", _("Cảnh báo điểm nóng"), ALERTS, "fire.alert", **ASK),
    Indicator("fire.true", _("Cảnh báo điểm nóng là cháy thật"), ALERTS, "fire.alert", where={"status": "fire"}, **ASK),
    Indicator(
        "fire.precision", _("Cảnh báo điểm nóng đúng là cháy"), _("%"), "fire.alert",
        measure=Grouped(("status",), by_status, precision, "tỷ lệ v1"), **JUDGED, **ASK,
    ),
    Indicator(
        "fire.response", _("Thời gian trả lời cảnh báo điểm nóng, trung bình"), _("phút"), "fire.alert",
        measure=Grouped(("status",), minutes, response, "trung bình v1"), **JUDGED, **ASK,
    ),
)  # fmt: skip
