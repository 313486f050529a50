"""What acting together amounts to in a year."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.plan.queries import Count, Indicator, Part, tell
from baoton.together.models import Check

CHECKS = pgettext_lazy("đơn vị tính", "lượt")
ASK: Any = {"about": "species_habitats", "section": "facilities_enforcement"}


def of_kinds(keys: Sequence[str]) -> Mapping[str, Part]:
    """Checks by where they were."""
    words = {value: str(label) for value, label in Check.Kind.choices}
    return {key: Part(words.get(key, key), str(CHECKS), {"kind": key}) for key in keys}


tell(
    Indicator(
        "together.checks", _("Lượt kiểm tra chợ, quán, đường, mạng"), CHECKS, "together.check",
        measure=Count(("kind",)), parts=of_kinds, **ASK,
    ),
    Indicator(
        "together.doubts", _("Lượt kiểm tra thấy dấu hiệu vi phạm"), CHECKS, "together.check",
        where={"found": "doubt"}, **ASK,
    ),
    Indicator(
        "together.operations", _("Đợt phối hợp đã làm"),
        pgettext_lazy("đơn vị tính", "đợt phối hợp"), "together.operation",
        where={"status": "done"}, **ASK,
    ),
)  # fmt: skip
