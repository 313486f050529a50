"""The account of an owner: one body for one owner, whatever he owns, and a role that reaches its rows alone."""

import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.facilities.models import (
    Application,
    Code,
    Document,
    Entry,
    Facility,
    Individual,
    Mark,
    Notice,
    Owner,
    Signal,
    Stock,
    Transfer,
)
from baoton.kit.access import Actor, require
from baoton.kit.reading.register import REGISTERS
from baoton.kit.text import tidy
from baoton.kit.writing import audit, outbox, write
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.verb import declare
from baoton.people.actions import invite_private, open_private
from baoton.people.models import Grant, Organisation, Person

ACCOUNT = "facilities.owner.account"
ROLE = "keeper"
SHORTEST = 9
"""A shorter identity number says nothing of who somebody is."""
declare(ACCOUNT, gettext_lazy("tạo tài khoản cho chủ cơ sở"))

FOLLOWS: Sequence[tuple[Any, str]] = (
    (Stock, "facility__in"),
    (Entry, "book__facility__in"),
    (Individual, "stock__facility__in"),
    (Mark, "individual__stock__facility__in"),
    (Transfer, "receiver__facility__in"),
    (Application, "facility__in"),
    (Notice, "facility__in"),
    (Document, "facility__in"),
    (Code, "facility__in"),
    (Signal, "stock__facility__in"),
)
"""What belongs to the body of its facility, and how it is found."""


def code_of(owner: Owner) -> str:
    """The code of the body that this owner alone has: it follows from his key, so there are never two."""
    return f"chu_{owner.pk.hex}"


def bare(identity: str) -> str:
    """An identity number without spaces, dots and dashes."""
    return re.sub(r"[\W_]", "", identity).upper()


def derive_owner(owner: Owner) -> None:
    """An identity number is kept in one spelling, so that an owner written twice is known for one."""
    owner.identity = bare(owner.identity)


def same(owner: Owner) -> list[Owner]:
    """Every row of this owner: those of one identity number are one owner, whoever wrote them twice."""
    number = bare(owner.identity)
    if len(number) < SHORTEST:
        return [owner]
    alike = Owner.objects.filter(withdrawn__isnull=True, identity__in={number, owner.identity})
    return sorted({o.pk: o for o in [owner, *alike]}.values(), key=lambda o: str(o.pk))


def body_of(owner: Owner) -> str:
    """The body the owner has already, or would have: his own, that of his other rows, or his facilities' own body."""
    rows = same(owner)
    codes = [code_of(o) for o in rows]
    known = Organisation.objects.filter(code__in=codes).order_by("code").first()
    if known is not None:
        return known.code
    bodies = Facility.objects.filter(owner__in=rows, withdrawn__isnull=True).values("organisation")
    held = Grant.objects.in_force().filter(role=ROLE, organisation__in=bodies).exclude(organisation="")
    found = held.order_by("organisation").values_list("organisation", flat=True).first()
    return found or code_of(owner)


def accounts_of(owner: Owner) -> list[Person]:
    """The open accounts of the owner's body."""
    rows = Person.objects.filter(is_active=True, organisation=body_of(owner))
    held = Grant.objects.in_force().filter(role=ROLE).values("person")
    return list(rows.filter(pk__in=held).order_by("username"))


def open_account(actor: Actor, facility: Facility, name: str) -> tuple[Person, str]:
    """The owner of the facility has an account that sees his facilities alone; it and its one-time link.

    All his facilities belong to his one body from then on, with their books. Raises `NotNow` where he has an
    account already, `Denied` where the actor may not.
    """
    with transaction.atomic():
        owner = write.lock(facility.owner)  # two rangers at once: the second finds the first one's account
        require(actor, ACCOUNT, owner)
        if found := accounts_of(owner):
            told = _("Chủ cơ sở này đã có tài khoản “%(name)s”.")
            raise NotNow(told % {"name": found[0].username})
        before, _space, given = tidy(name).rpartition(" ")
        if not given:
            raise NotNow(_("Ghi họ tên người dùng tài khoản."))
        code, reason = body_of(owner), _("tài khoản của chủ cơ sở %(name)s") % {"name": facility.name}
        values = {"last_name": before, "first_name": given, "phone": owner.phone[:30]}
        person, token = open_private(
            actor, code, facility.name, facility.area_path, values, ROLE, reason[:300]
        )
        _belong(actor, same(owner), code)
        audit.write(
            actor, ACCOUNT, register=Owner._meta.label_lower, object_id=owner.pk, object_name=str(owner),
            new={"organisation": code, "username": person.username}, note=reason[:300],
        )  # fmt: skip
    return person, token


def fresh_link(actor: Actor, facility: Facility, person: Person) -> str:
    """Another one-time link where the owner never came in; the earlier one opens nothing any more."""
    owner = facility.owner
    require(actor, ACCOUNT, owner)
    return invite_private(actor, body_of(owner), person, _("liên kết mới cho chủ cơ sở"))


def _belong(actor: Actor, owners: Sequence[Owner], code: str) -> None:
    """The owners' facilities are the body's, and what belongs to them."""

    def work(standing: Facility) -> None:
        standing.organisation = code

    places = Facility.objects.filter(~Q(organisation=code), owner__in=owners, withdrawn__isnull=True)
    for place in list(places):
        write.write(REGISTERS["facilities.facility"], actor, "edit", place, work, note=_("thuộc chủ cơ sở"))
    every = list(Facility.objects.filter(owner__in=owners).values_list("pk", flat=True))
    for model, path in FOLLOWS:
        rows = model.objects.filter(**{path: every}).exclude(organisation=code)
        keys = list(rows.values_list("pk", flat=True))
        with outbox.changing(model, keys):
            model.objects.filter(pk__in=keys).update(organisation=code)


def belongs(facility: Facility) -> None:
    """A facility of an owner who has an account is his body's from the beginning."""
    if facility.owner_id and facility._state.adding:
        code = body_of(facility.owner)
        if Organisation.objects.filter(code=code).exists():
            facility.organisation = code
