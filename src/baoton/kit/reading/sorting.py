"""The order a reader asks for: by any column that tells nothing hidden; unknown values stand at one end."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from baoton.kit.kinds.area import Area
from baoton.kit.kinds.base import Kind

KEY = "sort_key"
LEAST: dict[str, Any] = {
    "CharField": "", "TextField": "", "DateField": date.min, "DateTimeField": datetime(1, 1, 1, tzinfo=UTC),
    "FloatField": -1e300, "DecimalField": -(10**12), "BooleanField": False,
    "IntegerField": -(2**31), "BigIntegerField": -(2**62), "PositiveIntegerField": -1, "SmallIntegerField": -32768,
    "PositiveSmallIntegerField": -1, "PositiveBigIntegerField": -1,
}  # fmt: skip


def sortable(model: Any, kind: Kind, located: bool) -> bool:
    """Whether rows may be put in the order of this field: a plain column whose order betrays no place and nobody."""
    if kind.column is None or kind.personal or kind.attname in getattr(model, "place_words", ()):
        return False
    if located and kind.attname.startswith("area_path"):
        return isinstance(kind, Area)  # by the commune the reader may know
    return kind.column.get_internal_type() in LEAST


def by(rows: "QuerySet[Any]", kind: Kind, located: bool, down: bool) -> "QuerySet[Any]":
    """The rows of a door in that order, then by key, so that a cursor can follow."""
    assert kind.column is not None
    column = "door_area_path" if located and isinstance(kind, Area) else kind.attname
    least = Value(LEAST[kind.column.get_internal_type()], output_field=kind.column.__class__())
    rows = rows.annotate(**{KEY: Coalesce(F(column), least)})
    return rows.order_by(f"-{KEY}", "-id") if down else rows.order_by(KEY, "id")
