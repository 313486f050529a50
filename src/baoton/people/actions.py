"""What is done with people: load the bodies of the province, give and end grants."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import rulebook
from baoton.kit.access import Actor, require
from baoton.kit.writing import audit
from baoton.kit.writing.verb import declare
from baoton.people.models import Grant, Organisation, Person
from baoton.people.roles import table

declare("people.person.see", _("xem người dùng và quyền"))
declare("audit.see", _("xem nhật ký"))
declare("site.init", _("cài đặt hệ thống"))
declare("people.grant.give", _("cấp quyền"))
declare("people.grant.end", _("thu hồi quyền"))


@transaction.atomic
def load(province: str) -> int:
    """The bodies of the province and a People's Committee for each commune stand; loading twice changes nothing."""
    book, on = rulebook.province(province), timezone.localdate()
    for body in book.bodies:
        Organisation.objects.update_or_create(
            code=body.key, defaults={"name": body.name, "name_en": body.en, "area_path": book.code}
        )
    for unit in rulebook.units(on=on, province=province):
        Organisation.objects.update_or_create(
            code=f"ubnd_{unit.code}",
            defaults={
                "name": f"UBND {unit.full_name}",
                "name_en": f"People's Committee of {unit.name}",
                "area_path": unit.path,
            },
        )
    return Organisation.objects.count()


def give(
    actor: Actor,
    person: Person,
    role: str,
    *,
    area_path: str = "",
    organisation: str = "",
    taxon_group: str = "",
    until: date | None = None,
    reason: str = "",
) -> Grant:
    """The person holds the role from today, there, until then; written in the audit."""
    require(actor, "people.grant.give")
    if role not in table():
        raise ValueError(_("Không có vai trò “%(role)s”.") % {"role": role})
    with transaction.atomic():
        grant = Grant.objects.create(
            person=person,
            role=role,
            area_path=area_path,
            organisation=organisation,
            taxon_group=taxon_group,
            until=until,
            given_by=actor.actor_name,
            reason=reason,
        )
        new = {
            "role": role,
            "area_path": area_path,
            "organisation": organisation,
            "taxon_group": taxon_group,
            "until": until.isoformat() if until else None,
        }
        audit.write(
            actor,
            "people.grant.give",
            register="people.grant",
            object_id=grant.pk,
            object_name=f"{person}: {role}",
            new=new,
            note=reason,
        )
    return grant


def end(actor: Actor, grant: Grant, reason: str) -> None:
    """The grant holds no longer; that it was held stays in the audit."""
    require(actor, "people.grant.end")
    with transaction.atomic():
        audit.write(
            actor,
            "people.grant.end",
            register="people.grant",
            object_id=grant.pk,
            object_name=str(grant),
            old={"role": grant.role, "area_path": grant.area_path},
            note=reason,
        )
        grant.delete()


def roles() -> Iterable[str]:
    return table()
