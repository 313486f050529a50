"""The count of growers without a code: what a row must say, how it becomes a dossier, how far each commune is."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

import rulebook
from baoton.facilities.actions.dossiers import new_rule_from
from baoton.facilities.models import Application, Canvass, Document, Facility, Owner, Planted, Stock
from baoton.facilities.queries import group_of
from baoton.kit.access import Actor, require
from baoton.kit.reading.register import REGISTERS
from baoton.kit.text import fold
from baoton.kit.writing import audit, write
from baoton.kit.writing.verb import declare
from baoton.places.queries import commune_choices, province_path

ISSUE = "facilities.document.issue"
SAME, OTHER = "same", "other"
WHO = ((SAME, gettext_lazy("cùng một người")), (OTHER, gettext_lazy("người khác")))
declare(ISSUE, gettext_lazy("ban hành danh sách thống kê nơi trồng"))


def due() -> Any:
    """By which day the rulebook wants the count, with its source."""
    return rulebook.param_value("transition.planting_inventory_due", on=timezone.localdate())


def derive(row: Planted) -> None:
    """The group of the lists today; what was planted since the circular began is not counted here."""
    row.group = group_of(row.taxon, timezone.localdate()) if row.taxon_id else ""
    row.person_key = person_key(row)
    if row.birth_year is not None and row.birth_year > timezone.localdate().year:
        raise ValidationError({"birth_year": _("Năm sinh chưa tới.")})
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


def _digits(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


def person_key(row: Planted) -> str:
    """What tells this grower from another of the same name: the strongest of what was written; empty where nothing."""
    if identity := _digits(row.identity):
        return f"id {identity}"
    if phone := _digits(row.phone):
        return f"tel {phone}"
    return f"born {row.birth_year}" if row.birth_year else ""


def one_person(a: Planted, b: Planted) -> tuple[bool | None, str]:
    """Whether two rows of one name are one person, and by what; None where nothing that both have says it."""
    if (x := _digits(a.identity)) and (y := _digits(b.identity)):
        return x == y, _("số định danh")
    if a.birth_year and b.birth_year and a.birth_year != b.birth_year:
        return False, _("năm sinh")
    if (x := _digits(a.phone)) and (y := _digits(b.phone)) and x == y:
        return True, _("điện thoại")
    if a.birth_year and b.birth_year:
        return True, _("năm sinh")
    return None, ""


def apply(actor: Actor, row: Planted, said: Mapping[str, Any]) -> None:
    """The grower becomes owner, facility, book and dossier, each through its own door; the row names its dossier.

    A grower of several species in one village has one facility: the next species joins his dossier where identity
    number, telephone or birth year says that he is the one; where nothing says it, it is asked. What was done and
    why stands in the row.
    """
    namesakes = [r for r in _namesakes(row) if r.application is not None]
    same: Planted | None = None
    why, open_ = "", []
    for other in namesakes:
        is_one, by = one_person(row, other)
        if is_one:
            same, why = other, _("cùng %(by)s") % {"by": by}
            break
        if is_one is None:
            open_.append(other)
    if same is None and open_:
        same, why = _asked(open_, str(said.get("who") or ""))
    if same is not None:
        assert same.application is not None
        _book(actor, row, same.application.facility)
        row.application = same.application
        row.matched = gettext_noop("ghép vào hồ sơ đã có của người cùng tên: %(why)s") % {"why": why}
        return
    row.application = _fresh(actor, row)
    if open_:
        row.matched = gettext_noop("hồ sơ riêng: được trả lời là người khác cùng tên")
    elif namesakes:
        row.matched = gettext_noop("hồ sơ riêng: khác người cùng tên ở bản này")
    else:
        row.matched = gettext_noop("hồ sơ mới")


def _namesakes(row: Planted) -> list[Planted]:
    """Rows of the same name in the same village whose dossier has only been handed in, the oldest first."""
    rows = Planted.objects.filter(
        area_path=row.area_path, withdrawn__isnull=True, application__status=Application.Status.HANDED_IN
    ).exclude(pk=row.pk)
    here = rows.select_related("application__facility").order_by("id")
    name, village = fold(row.grower), fold(row.village)
    return [r for r in here if fold(r.grower) == name and fold(r.village) == village]


def _asked(rows: Sequence[Planted], who: str) -> tuple[Planted | None, str]:
    """The row of the same person where it was answered that he is the one; unanswered it is asked."""
    if who == OTHER:
        return None, ""
    people = {r.application_id for r in rows}
    if who == SAME and len(people) == 1:
        return rows[0], _("được trả lời là cùng một người")
    if who == SAME:
        told = _("Có %(n)s người cùng tên đã có hồ sơ ở bản này; ghi năm sinh, điện thoại hoặc số định danh.")
        raise ValidationError({"who": told % {"n": len(people)}})
    told = _(
        "Bản này đã có hồ sơ của người cùng tên “%(name)s”, chưa rõ có phải một người. Chọn cùng một người hay người "
        "khác, hoặc ghi năm sinh, điện thoại, số định danh rồi làm lại."
    )
    raise ValidationError({"who": told % {"name": rows[0].grower}})


def _fresh(actor: Actor, row: Planted) -> Application:
    owner = write.create(
        REGISTERS["facilities.owner"], actor,
        Owner(
            kind=Owner.Kind.HOUSEHOLD, name=row.grower, address=row.village, area_path=row.area_path,
            identity=row.identity, phone=row.phone,
        ),
    )  # fmt: skip
    facility = write.create(
        REGISTERS["facilities.facility"], actor,
        Facility(
            name=gettext_noop("Cơ sở trồng %(name)s") % {"name": row.grower}, kind=Facility.Kind.PLANTING, owner=owner,
            village=row.village, area_path=row.area_path,
        ),
    )  # fmt: skip
    _book(actor, row, facility)
    dossier: Application = write.create(
        REGISTERS["facilities.application"], actor,
        Application(
            facility=facility, kind=Application.Kind.GRANT, papers=gettext_noop("từ thống kê nơi trồng chưa có mã số")
        ),
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
    seen = list(rows.values_list("area_path", "grower", "village", "status", "person_key"))
    done = dict(REGISTERS["facilities.canvass"].door(actor).rows().values_list("area_path", "finished"))
    lines = Counter(r[0] for r in seen)
    applied = Counter(r[0] for r in seen if r[3] == Planted.Status.APPLIED)
    growers = Counter(r[0] for r in {(r[0], r[1], r[2], r[4]) for r in seen})
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
