"""From the rows of a case to the facts that the decision tables ask for, and back to where a missing one is entered.

Nothing is guessed: what no row says stays unknown, and the indication names it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from baoton.enforcement.models import Case, Circumstances, Item, Person, Tool
from baoton.enforcement.models.circumstances import FACTS
from baoton.kit.access import Actor, may
from baoton.kit.reading.register import REGISTERS
from baoton.law.queries import Told, tell
from baoton.places.queries import province_path
from baoton.taxa.queries import names_of
from rulebook.answers import Origin
from rulebook.decisions import Facts, Missing, deadlines, species_group
from rulebook.decisions import Item as Line

CLASSES = {"Mammalia": "mammal", "Aves": "bird_reptile", "Reptilia": "bird_reptile"}
SORTS = {"Elephantidae": "elephant_rhino", "Rhinocerotidae": "elephant_rhino", "Ursidae": "bear_tiger"}
TIGERS = {"Panthera tigris"}
ORIGINS: Mapping[str, Origin] = {"wild": "wild", "captive": "propagated"}
WHOLE = {"alive", "dead"}


def line(row: Item, names: tuple[str, ...], on: date | None, label: str) -> Line:
    """One row of the goods as the tables ask for it; its group is that of its species on the day of the act."""
    group, sure = row.group or None, "read"
    if group is None and names and on is not None:
        told = species_group(names, on=on, origin=ORIGINS.get(row.origin), place=province_path())
        group, sure = told.group, told.certainty
    taxon = row.taxon
    return Line(
        name=label,
        kind=row.kind or None,
        group=group,
        group_certainty=sure,  # type: ignore[arg-type]
        klass=None if taxon is None or not taxon.klass else CLASSES.get(taxon.klass, "other"),
        state=row.state or None,
        sort=row.sort or _sort(row),
        origin=row.origin or None,
        number=row.number,
        value=row.value,
        kg=None if row.kg is None else str(row.kg),
        wood_m3=None if row.wood_m3 is None else str(row.wood_m3),
    )


def _sort(row: Item) -> str | None:
    """A whole animal is told by its species; of a part of an elephant or rhinoceros somebody must say what it is."""
    taxon = row.taxon
    if taxon is None or not taxon.family:
        return None
    if taxon.scientific_name in TIGERS:
        return "bear_tiger"
    told = SORTS.get(taxon.family)
    if told == "elephant_rhino" and row.state not in WHOLE:
        return None
    return told or "other"


def labels(rows: list[Item]) -> list[str]:
    """A name for each row that no other of the case has."""
    given: list[str] = []
    for row in rows:
        name, n = row.name, 2
        while name in given:
            name, n = f"{row.name} ({n})", n + 1
        given.append(name)
    return given


def facts_of(case: Case) -> tuple[Facts, dict[str, Any]]:
    """What the rows of a case say, and the row of each line of the goods by its name.

    Without a decision the law of today stands for that of the day of decision.
    """
    rows = list(Item.objects.filter(case=case, withdrawn__isnull=True).select_related("taxon").order_by("id"))
    named = names_of([row.taxon for row in rows if row.taxon is not None])
    called = labels(rows)
    items = tuple(
        line(row, named.get(row.taxon_id, ()) if row.taxon_id else (), case.day, label)
        for row, label in zip(rows, called, strict=True)
    )
    known = _circumstances(case)
    known.setdefault("offender", _offender(case))
    vehicles, tools = _tools(case)
    known.setdefault("vehicle_value", vehicles)
    known.setdefault("tools", tools)
    today = timezone.localdate()
    decided = case.decided or (today if case.day is not None and case.day <= today else None)
    acts = frozenset(case.acts.filter(withdrawn__isnull=True).values_list("act", flat=True))
    return Facts(day=case.day, decided=decided, acts=acts, items=items, **known), dict(
        zip(called, rows, strict=True)
    )


def _circumstances(case: Case) -> dict[str, Any]:
    row = Circumstances.objects.filter(case=case, withdrawn__isnull=True).first()
    told = {} if row is None else {name: getattr(row, name) for name in FACTS}
    return {name: value for name, value in told.items() if value not in (None, "")}


def _offender(case: Case) -> str | None:
    """Person or organisation, where all who offended are the one or the other."""
    kinds = set(
        Person.objects.filter(case=case, role=Person.Role.OFFENDER, withdrawn__isnull=True).values_list(
            "kind", flat=True
        )
    )
    return kinds.pop() or None if len(kinds) == 1 else None


def _tools(case: Case) -> tuple[int | None, int | None]:
    """The value of the vehicles and how many tools; None where one has no value, or where none is written down."""
    rows = list(Tool.objects.filter(case=case, withdrawn__isnull=True))
    values = [row.value for row in rows if row.kind == Tool.Kind.VEHICLE]
    number = sum(row.number for row in rows if row.kind == Tool.Kind.TOOL)
    known = [v for v in values if v is not None]
    return (sum(known) if values and len(known) == len(values) else None), number or None


def indication(actor: Actor, case: Case) -> Told:
    """The indication for a case; each missing fact leads to the form where this actor enters it."""
    facts, rows = facts_of(case)
    clocks = () if case.minuted is None else deadlines(case.minuted)
    return tell(facts, lambda missing: entered(actor, case, rows, missing), clocks)


def entered(actor: Actor, case: Case, rows: Mapping[str, Any], missing: Missing) -> str:
    """The form in which the actor enters the fact; empty where he may not."""
    if missing.item in rows:
        return _form(actor, "enforcement.item", rows[missing.item])
    if missing.name == "acts":
        return _new(actor, "enforcement.act", case)
    if missing.name == "items":
        return _new(actor, "enforcement.item", case)
    if missing.name in FACTS:
        row = Circumstances.objects.filter(case=case, withdrawn__isnull=True).first()
        told = (
            _new(actor, "enforcement.circumstances", case)
            if row is None
            else _form(actor, "enforcement.circumstances", row)
        )
        return f"{told}#id_{missing.name}" if told else ""
    return _form(actor, "enforcement.case", case)


def _form(actor: Actor, name: str, row: Any) -> str:
    return (
        reverse("record-edit", args=[REGISTERS[name].slug, row.pk]) if may(actor, f"{name}.edit", row) else ""
    )


def _new(actor: Actor, name: str, case: Case) -> str:
    if not may(actor, f"{name}.create") or not may(actor, "enforcement.case.edit", case):
        return ""
    return f"{reverse('record-new', args=[REGISTERS[name].slug])}?{urlencode({'case': str(case.pk)})}"
