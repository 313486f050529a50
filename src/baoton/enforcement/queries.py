"""What others may ask of cases: whether somebody stood in one before, and whether goods are counted twice."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from baoton.enforcement.models import Case, Item, Person, Tool
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS

ENDED = (Case.Status.CLEAN, Case.Status.CLOSED)
MOST = 20
BOOKS = {Person: "enforcement.person", Item: "enforcement.item", Tool: "enforcement.tool"}


def one_spelling(text: str) -> str:
    """A number or mark as it is kept, however it was typed: no blanks, points or strokes, capital letters."""
    return re.sub(r"[\s.\-_/]+", "", text).upper()


def hour_of(text: str) -> str:
    """An hour as `HH:MM` from the ways people write it; raises where it is none. Blank stays blank."""
    told = re.fullmatch(r"(\d{1,2})(?:[:hg](\d{2})?)?", re.sub(r"\s", "", text.lower()).removesuffix("iờ"))
    if not text.strip():
        return ""
    if told is None or int(told[1]) > 23 or int(told[2] or 0) > 59:
        raise ValidationError({"hour": _("Ghi giờ như 14:30.")})
    return f"{int(told[1]):02d}:{int(told[2] or 0):02d}"


def again(actor: Actor, record: Case) -> Mapping[str, Any]:
    """What a reader of a case is warned of: people who stand in other cases that he may read, goods counted twice.

    Only rows that he may read are looked at, so that a warning tells nothing that they would not tell him.
    """
    return {
        "people": _people(actor, record),
        "twice": [*_twice(actor, record, Item), *_twice(actor, record, Tool)],
    }


def _rows(actor: Actor, model: Any) -> Any:
    return REGISTERS[BOOKS[model]].door(actor).rows()


def _people(actor: Actor, record: Case) -> list[dict[str, Any]]:
    """Offenders of this case that stand in other cases under the same number."""
    told = []
    offended = {"role": Person.Role.OFFENDER}
    for one in _rows(actor, Person).filter(case=record.pk, **offended).exclude(identity="").order_by("id"):
        others = _rows(actor, Person).filter(identity=one.identity, **offended).exclude(case=record.pk)
        cases = list(dict.fromkeys(others.order_by("-id").values_list("case", flat=True)))
        if cases:
            told.append({"name": one.name, **_cases(actor, cases)})
    return told


def _twice(actor: Actor, record: Case, model: Any) -> list[dict[str, Any]]:
    """Goods of this case whose mark (or lot in custody) stands on another row of it, or of a case still open."""
    told = []
    for one in _rows(actor, model).filter(case=record.pk).order_by("id"):
        alike = _rows(actor, model).exclude(pk=one.pk).exclude(case__status__in=ENDED)
        same = alike.filter(mark=one.mark) if one.mark else alike.none()
        if model is Item and one.lot_id:
            same = same | alike.filter(lot=one.lot_id)
        here = [str(other) for other in same.filter(case=record.pk)]
        cases = list(
            dict.fromkeys(same.exclude(case=record.pk).order_by("-id").values_list("case", flat=True))
        )
        if here or cases:
            told.append({"name": str(one), "mark": one.mark, "here": here, **_cases(actor, cases)})
    return told


def _cases(actor: Actor, keys: list[Any]) -> dict[str, Any]:
    """The newest cases, each with its page where the reader may open it, else without a word; how many more are."""
    book = REGISTERS["enforcement.case"]
    known = {one.pk: one for one in book.door(actor).rows().filter(pk__in=keys[:MOST])}
    told = [
        {"name": str(known[k]), "address": book.url(known[k])} if k in known
        else {"name": _("một vụ việc bạn không được xem nội dung"), "address": ""}
        for k in keys[:MOST]
    ]  # fmt: skip
    return {"cases": told, "more": max(len(keys) - MOST, 0)}
