"""What is done with people: load the bodies of the province, give and end grants."""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import rulebook
from baoton.kit.access import Actor, require
from baoton.kit.writing import audit
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.verb import declare
from baoton.people.models import Grant, Organisation, Person, SecondFactor
from baoton.people.roles import table

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
declare("people.person.see", _("xem người dùng và quyền"))
declare("people.person.close", _("khoá tài khoản"))
declare("people.person.open", _("mở lại tài khoản"))
declare("people.person.reset", _("đặt lại mật khẩu và lớp bảo vệ thứ hai"))
declare("audit.see", _("xem nhật ký"))
declare("people.init", _("cài đặt hệ thống"))
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
                "name": f"UBND {unit.full_name[0].lower()}{unit.full_name[1:]}",
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


def close(actor: Actor, person: Person, reason: str) -> None:
    """The account is closed and every session of it has ended, also should it be opened again."""
    _change(actor, "people.person.close", person, reason, is_active=False)


def reopen(actor: Actor, person: Person, reason: str) -> None:
    """The account is open again, with the grants it holds; sessions from before stay ended."""
    _change(actor, "people.person.open", person, reason, is_active=True)


def reset(actor: Actor, person: Person, reason: str) -> str:
    """A fresh password, told this once, and no second factor any more; every session has ended."""
    require(actor, "people.person.reset")
    fresh = "-".join("".join(secrets.choice(LETTERS) for _i in range(5)) for _j in range(4))
    with transaction.atomic():
        person.set_password(fresh)
        SecondFactor.objects.filter(person=person).delete()
        _change(actor, "people.person.reset", person, reason, password=person.password)
    return fresh


def _change(actor: Actor, verb: str, person: Person, reason: str, **values: Any) -> None:
    require(actor, verb)
    if str(person.pk) == actor.actor_id:
        raise NotNow(_("Không tự làm việc này với tài khoản của chính mình."))
    with transaction.atomic():
        rows = Person.objects.filter(pk=person.pk)
        old = rows.get().is_active
        rows.update(session_epoch=F("session_epoch") + 1, **values)
        person.refresh_from_db()
        audit.write(
            actor, verb, register="people.person", object_id=person.pk, object_name=str(person),
            old={"is_active": old}, new={"is_active": person.is_active}, note=reason,
        )  # fmt: skip


def end_other_sessions(person: Person) -> None:
    """Every session of the person has ended; whoever asks renews the one at hand."""
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
