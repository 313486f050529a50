"""What patrols tell the plan."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.patrols.models import Patrol, SignKind
from baoton.plan.queries import Distinct, Indicator, Sum, tell


def kind_of(code: str) -> Any:
    """The filter's value for one kind of signs, read when it is asked."""
    return lambda: str(SignKind.objects.filter(code=code).values_list("pk", flat=True).first() or "")


ASK: Any = {"about": "species_habitats", "section": "species_habitats"}
DONE: Any = {"register": "patrols.patrol", "where": {"status": Patrol.Status.DONE.value}, **ASK}
SNARES: Any = {"register": "patrols.sign", **ASK}

WALKED: Any = {"register": "patrols.leg", **ASK}

tell(
    Indicator(
        "patrols.threats", _("Bẫy, mối đe doạ đã ghi nhận"),
        pgettext_lazy("đơn vị tính", "dấu hiệu"), where={"threat": "1"}, **SNARES,
    ),
    Indicator("patrols.patrols", _("Cuộc tuần tra"), pgettext_lazy("đơn vị tính", "cuộc tuần tra"), **DONE),
    Indicator("patrols.km", _("Quãng đường tuần tra"), "km", measure=Sum("metres", per=1000), **WALKED),
    Indicator(
        "patrols.days", _("Số ngày có tuần tra"),
        pgettext_lazy("đơn vị tính", "ngày"), measure=Distinct("day"), by_area=False, **WALKED,
    ),
    Indicator(
        "patrols.snares", _("Dây phanh, bẫy dây đã thấy"), _("cái"), measure=Sum("count"),
        where={"kind": kind_of("snare")}, **SNARES,
    ),
    Indicator(
        "patrols.snares_removed", _("Dây phanh, bẫy dây đã tháo"), _("cái"), measure=Sum("count"),
        where={"kind": kind_of("snare"), "done": "removed"}, **SNARES,
    ),
)  # fmt: skip
