"""What must be known of a case to hold it against the decision tables, beside what its own page says."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor
from baoton.kit.record import Record
from rulebook.decisions import fact, said_as, words


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"


def _word(kind: str, code: str) -> str:
    return said_as(kind, code, _lang())


def choices(kind: str) -> Sequence[tuple[str, Any]]:
    """The values of a fact as the tables know them, said in the reader's language."""
    return [(code, lazy(_word, str)(kind, code)) for code in words()[kind]]


def _fact(name: str) -> str:
    return fact(name, _lang())


def label(name: str) -> Any:
    """The name of a fact as the tables say it, in the reader's language."""
    return lazy(_fact, str)(name)


def yes_no(name: str) -> Any:
    """A fact that is yes, no or not known."""
    return models.BooleanField(label(name), null=True, blank=True)


def chosen(name: str) -> Any:
    """A fact with few values, or not known."""
    return models.CharField(label(name), max_length=20, choices=choices(name), blank=True, default="")


def amount(name: str) -> Any:
    """An amount that is not known until it is written."""
    return models.FloatField(label(name), null=True, blank=True, validators=[MinValueValidator(0)])


class Circumstances(Record):
    """The facts of one case that its tables ask for. Blank is “not known yet” and never taken for “no”."""

    of_one_body = True

    case = models.OneToOneField(
        "enforcement.Case", on_delete=models.PROTECT, related_name="circumstances", verbose_name=_("vụ việc")
    )
    offender = chosen("offender")
    previous = chosen("previous")
    ended = models.DateField(label("ended"), null=True, blank=True)
    continuing = yes_no("continuing")
    forest = chosen("forest")
    forest_origin = chosen("forest_origin")
    forest_stage = chosen("forest_stage")
    area_measurable = yes_no("area_measurable")
    area_m2 = amount("area_m2")
    damage = models.PositiveBigIntegerField(label("damage"), null=True, blank=True)
    gain = models.PositiveBigIntegerField(label("gain"), null=True, blank=True)
    tools = models.PositiveIntegerField(label("tools"), null=True, blank=True)
    fire_level = models.PositiveSmallIntegerField(label("fire_level"), null=True, blank=True)
    vehicle_value = models.PositiveBigIntegerField(label("vehicle_value"), null=True, blank=True)
    strict_zone = yes_no("strict_zone")
    hunting_forbidden_area = yes_no("hunting_forbidden_area")
    forbidden_tools = yes_no("forbidden_tools")
    forbidden_season = yes_no("forbidden_season")
    cross_border = yes_no("cross_border")
    organised = yes_no("organised")
    many_times = yes_no("many_times")
    position_abused = yes_no("position_abused")
    concealed = yes_no("concealed")
    remedied = yes_no("remedied")
    owned_up = yes_no("owned_up")
    forced = yes_no("forced")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="circumstances_fire_level",
                condition=Q(fire_level__isnull=True) | Q(fire_level__gte=1, fire_level__lte=5),
                violation_error_message=_("Cấp dự báo cháy rừng từ 1 đến 5."),
            ),
            models.CheckConstraint(
                name="circumstances_ended_or_goes_on",
                condition=Q(ended__isnull=True) | Q(continuing__isnull=True) | Q(continuing=False),
                violation_error_message=_("Hành vi còn tiếp diễn thì chưa có ngày chấm dứt."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("dữ kiện để đối chiếu"))

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """They are facts of the case, and lent with them."""
        from baoton.enforcement import reach

        return reach.theirs(actor, verb, "facts", "case")


FACTS: tuple[str, ...] = tuple(
    f.name
    for f in Circumstances._meta.local_fields
    if f.name in words()["facts"] or f.name in words()["measures"]
)
"""The names under which the tables ask for them."""
