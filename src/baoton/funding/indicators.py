"""What the plan is told of money: planned, allotted, signed and paid in a year, by commune."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from baoton.people.queries import bodies
from baoton.plan.queries import Indicator, Part, Sum, tell

DONG = _("đồng")


def of_bodies(keys: Sequence[str]) -> Mapping[str, Part]:
    """Sums by the body that spends."""
    names = bodies()
    return {key: Part(names.get(key, key), str(DONG), {"who": key}) for key in keys}


ASK: Any = {"register": "funding.line", "section": "funding", "parts": of_bodies, "yearly": True}

tell(
    Indicator("funding.planned", _("Kinh phí dự kiến"), DONG, measure=Sum("planned", ("body",)), **ASK),
    Indicator(
        "funding.allotted", _("Kinh phí đã giao"), DONG, measure=Sum("allotted", ("body",)), where={"given": "1"}, **ASK
    ),
    Indicator("funding.paid", _("Kinh phí đã chi"), DONG, "funding.payment", measure=Sum("amount"), section="funding"),
)  # fmt: skip
