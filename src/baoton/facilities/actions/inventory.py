"""The count of growers without a code: what a row must say, how it becomes a dossier, how far each commune is."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import rulebook
from baoton.facilities.actions.dossiers import new_rule_from
from baoton.facilities.models import Application, Canvass, Document, Facility, Owner, Planted, Stock
from baoton.facilities.queries import group_of
from baoton.kit.access import Actor, require
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import audit, write
from baoton.kit.writing.verb import declare
from baoton.places.queries import commune_choices, province_path

ISSUE = "facilities.document.issue"
declare(ISSUE, gettext_lazy("ban hành danh sách thống kê nơi trồng"))


def due() -> Any:
    """By which day the rulebook wants the count, with its source."""
    return rulebook.param_value("transition.planting_inventory_due", on=timezone.localdate())


def derive(row: Planted) -> None:
    """The group of the lists today; what was planted since the circular began is not counted here."""
    row.group = group_of(row.taxon, timezone.localdate()) if row.taxon_id else ""
    if row.year is not None:
        first = new_rule_from()
        if row.year > timezone.localdate().year:
            raise ValidationError({"year": _("Năm trồng chưa tới.")})
        if date(row.year, 12, 31) >= first:
            told = _(
                "Đợt thống kê chỉ dành cho nơi trồng trước năm %(year)s; trồng sau thì nộp hồ sơ cấp mã số."
            )
            raise ValidationError({"year": told % {"year": first.year}})


def not_listed(row: Planted) -> str:
    """Why no dossier is made of the row: its species needs no code."""
    return "" if row.group else _("Loài không thuộc danh mục hôm nay: không cần mã số.")


def apply(actor: Actor, row: Planted, said: Mapping[str, Any]) -> None:
    """The grower becomes owner, facility, book and dossier, each through its own door; the row names its dossier.

    A grower of several species in one village has one facility: the next species joins its dossier.
    """
    row.application = _joined(actor, row) or _fresh(actor, row)


def _joined(actor: Actor, row: Planted) -> Application | None:
    other = Planted.objects.filter(
        grower=row.grower, village=row.village, area_path=row.area_path, withdrawn__isnull=True,
        application__status=Application.Status.HANDED_IN,
    ).select_related("application__facility").first()  # fmt: skip
    if other is None or other.application is None:
        return None
    _book(actor, row, other.application.facility)
    return other.application


def _fresh(actor: Actor, row: Planted) -> Application:
    owner = write.create(
        REGISTERS["facilities.owner"], actor,
        Owner(kind=Owner.Kind.HOUSEHOLD, name=row.grower, address=row.village, area_path=row.area_path),
    )  # fmt: skip
    facility = write.create(
        REGISTERS["facilities.facility"], actor,
        Facility(
            name=_("Cơ sở trồng %(name)s") % {"name": row.grower}, kind=Facility.Kind.PLANTING, owner=owner,
            village=row.village, area_path=row.area_path,
        ),
    )  # fmt: skip
    _book(actor, row, facility)
    dossier: Application = write.create(
        REGISTERS["facilities.application"], actor,
        Application(facility=facility, kind=Application.Kind.GRANT, papers=_("từ thống kê nơi trồng chưa có mã số")),
    )  # fmt: skip
    return dossier


def _book(actor: Actor, row: Planted, facility: Facility) -> None:
    stock = write.create(
        REGISTERS["facilities.stock"], actor,
        Stock(
            facility=facility, taxon=row.taxon, form=Stock.Form.PLANTING, purpose="T", unit=row.unit,
            since=timezone.localdate(),
        ),
    )  # fmt: skip
    if row.amount:
        said = {"kind": "plant", "amount": row.amount, "note": _("số thống kê của xã")}
        write.act(REGISTERS["facilities.stock"], actor, stock, "opening", said)


def progress(actor: Actor) -> list[dict[str, Any]]:
    """Each commune the reader may know: its growers, rows, dossiers, and the day it said it was done.

    One that wrote nothing and did not say that it looked is not known (None), never nought.
    """
    rows = REGISTERS["facilities.planted"].door(actor).rows()
    seen = list(rows.values_list("area_path", "grower", "village", "status", "amount"))
    done = dict(REGISTERS["facilities.canvass"].door(actor).rows().values_list("area_path", "finished"))
    lines = Counter(r[0] for r in seen)
    applied = Counter(r[0] for r in seen if r[3] == Planted.Status.APPLIED)
    growers = Counter(area for area, _g, _v in {(r[0], r[1], r[2]) for r in seen})
    communes = [(p, n) for p, n in commune_choices() if _knows(actor, p)]
    return [
        {
            "area": path, "name": name, "finished": done.get(path),
            **({"growers": growers[path], "rows": lines[path], "applied": applied[path]}
               if path in lines or path in done else dict.fromkeys(("growers", "rows", "applied"))),
        }
        for path, name in communes
    ]  # fmt: skip


def _knows(actor: Actor, path: str) -> bool:
    """Whether the actor may read the rows of a commune."""
    return any(
        scope.covers({"area_path": path, "organisation": scope.organisation})
        for scope in actor.scopes("facilities.planted.see")
    )


def issue(actor: Actor) -> Document:
    """The list of the province is issued: numbered, frozen, kept among the documents."""
    from baoton.facilities.papers.inventory import INVENTORY

    held = Document(area_path=province_path(), organisation=getattr(actor, "organisation_id", "") or "")
    with transaction.atomic():
        INVENTORY.issue(held, "", timezone.localdate())
        require(actor, ISSUE, held)  # asked of the database, so that the row must stand first
        _write_down(actor, held)
    return held


def _write_down(actor: Actor, held: Document) -> None:
    audit.write(
        actor, ISSUE, register=Document._meta.label_lower, object_id=held.pk,
        object_name=str(held), new=held.snapshot(),
    )  # fmt: skip


__all__ = ["Canvass", "apply", "derive", "due", "issue", "not_listed", "progress"]
