"""What seized goods tell the plan: animals as they were counted at seizure, whatever became of them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.plan.queries import Indicator, Sum, tell

tell(
    Indicator(
        "custody.seized", _("Cá thể động vật bị thu giữ, đếm lúc thu giữ"), pgettext_lazy("đơn vị tính", "con"),
        "custody.lot", where={"animals": "1"}, measure=Sum("taken"), about="species_habitats",
        section="facilities_enforcement",
    ),
)  # fmt: skip
