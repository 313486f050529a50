"""What tips tell the plan."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.plan.queries import Count, Indicator, Part, tell
from baoton.tips.models import Tip

UNIT = pgettext_lazy("đơn vị tính", "tin")
ASK: Any = {
    "register": "tips.tip", "unit": UNIT, "about": "species_habitats", "section": "facilities_enforcement",
}  # fmt: skip


def of_kinds(keys: Sequence[str]) -> Mapping[str, Part]:
    """Tips by what they are about."""
    words = {value: str(label) for value, label in Tip.Kind.choices}
    return {key: Part(words.get(key, key), str(UNIT), {"kind": key}) for key in keys}


tell(
    Indicator("tips.received", _("Tin báo đã nhận"), measure=Count(("kind",)), parts=of_kinds, **ASK),
    Indicator("tips.answered", _("Tin báo đã trả lời"), where={"answered": "1"}, **ASK),
    Indicator("tips.in_time", _("Tin báo có thời hạn, trả lời đúng hạn"), where={"intime": "1"}, **ASK),
)
