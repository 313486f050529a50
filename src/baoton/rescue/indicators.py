"""What rescue tells the plan."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.plan.queries import Count, Indicator, Part, Sum, tell
from baoton.taxa.models import Group

ASK: Any = {"about": "species_habitats", "section": "facilities_enforcement"}
HEADS = pgettext_lazy("đơn vị tính", "con")


def of_groups(keys: Sequence[str]) -> Mapping[str, Part]:
    """Animals by the group of their species."""
    words = {value: str(label) for value, label in Group.choices}
    return {key: Part(words.get(key, key), str(HEADS), {"group": key}) for key in keys}


def animals(name: str, label: Any, when: str, **more: Any) -> Indicator:
    return Indicator(
        name,
        label,
        HEADS,
        "rescue.animal",
        when,
        measure=Count(("taxon_group",)),
        parts=of_groups,
        **ASK,
        **more,
    )


tell(
    animals("rescue.received", _("Động vật đã tiếp nhận cứu hộ"), "received"),
    animals("rescue.released", _("Động vật đã thả về tự nhiên"), "released"),
    animals("rescue.died", _("Động vật cứu hộ đã chết (kể cả chết trước khi tiếp nhận)"), "died"),
    animals("rescue.kept", _("Động vật đang nuôi giữ cứu hộ"), "kept", standing=True, until="ended"),
    Indicator(
        "rescue.releases",
        _("Đợt thả động vật"),
        pgettext_lazy("đơn vị tính", "đợt thả"),
        "rescue.release",
        "released",
        about="species_habitats",
        section="species_habitats",
    ),
    Indicator(
        "rescue.cost", _("Chi phí cứu hộ đã ghi"), _("đồng"), "rescue.care", measure=Sum("cost"), **ASK
    ),
)
