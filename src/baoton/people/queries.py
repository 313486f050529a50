"""What other apps may ask about people and bodies."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

import rulebook
from baoton.kit.kinds.area import units
from baoton.kit.writing.verb import ACTIONS
from baoton.people import groups, links
from baoton.people.groups import tell_groups
from baoton.people.models import Duty, Grant, Organisation, Person
from baoton.people.roles import names, table, verbs_of
from baoton.people.throttle import address as address_of


def organisation_choices() -> Iterable[tuple[str, str]]:
    return [(o.code, o.name) for o in Organisation.objects.offices()]


def person_choices() -> Iterable[tuple[str, str]]:
    """Open accounts of offices, by name: whom a roster or a piece of work may name."""
    rows = Person.objects.filter(is_active=True, organisation__private=False).order_by(
        "first_name", "last_name"
    )
    return [(str(one.pk), str(one)) for one in rows]


def on_duty(area_path: str, on: date) -> Duty | None:
    """Who is on duty in an area on a day: of the narrowest area that holds it, the one entered last; else None."""
    held = Duty.objects.filter(withdrawn__isnull=True, since__lte=on, until__gte=on, person__is_active=True)
    paths = [area_path, area_path.partition("/")[0], ""]
    found = held.filter(area_path__in=paths).select_related("person").order_by("-since", "-id")
    return min(found, key=lambda one: paths.index(one.area_path), default=None)


def head_of(area_path: str) -> Person | None:
    """A leader of the body whose own area this is; None where nobody holds that role there."""
    bodies_here = Organisation.objects.offices().filter(area_path=area_path).exclude(area_path="")
    return _first("leader", Person.objects.filter(organisation__in=bodies_here))


def holder_of(role: str, area_path: str) -> Person | None:
    """Somebody who holds the role for an area, by name; None where nobody does."""
    return _first(role, Person.objects.all(), [area_path, area_path.partition("/")[0], ""])


def _first(role: str, people: "QuerySet[Person]", paths: Iterable[str] | None = None) -> Person | None:
    held = Grant.objects.in_force().filter(role=role)
    if paths is not None:
        held = held.filter(area_path__in=list(paths))
    return people.filter(is_active=True, pk__in=held.values("person")).order_by("username").first()


def bodies() -> dict[str, str]:
    """Every body by its code, in the reader's language."""
    return {o.code: str(o) for o in Organisation.objects.all()}


def organisation_name(code: str) -> str:
    """The body's name as its own language has it; empty for an unknown code."""
    found = Organisation.objects.filter(pk=code).first()
    return found.name if found else ""


def issuer_of(code: str) -> tuple[str, str]:
    """The head of a document of a body: the one above it, where the province's data name it, and itself."""
    province = rulebook.province(settings.PROVINCE)
    bodies = {b.key: b for b in province.bodies}
    known = bodies.get(code)
    if known is None:
        return "", (organisation_name(code) or "……").upper()
    above = bodies.get(known.parent) if known.parent else None

    def provincial(name: str) -> str:
        return f"{name.removesuffix(' tỉnh')}\ntỉnh {province.name}" if name.endswith(" tỉnh") else name

    over = provincial(above.name).upper().replace(" VÀ ", "\nVÀ ", 1) if above else ""
    return over, provincial(known.name).upper()


def signer_of(code: str) -> str:
    """Who signs for a body: its head as the province's data call him, a commune's chairman, else only “the head”."""
    known = {b.key: b for b in rulebook.province(settings.PROVINCE).bodies}.get(code)
    head = known.head if known else "Chủ tịch" if code.startswith("ubnd_") else ""
    return (head or "Thủ trưởng cơ quan").upper()


def callable_people(codes: Iterable[str]) -> dict[str, list[Person]]:
    """Whom to ring in each body: its open accounts, those with a telephone number first."""
    found: dict[str, list[Person]] = {}
    rows = Person.objects.filter(is_active=True, organisation__in=list(codes))
    for person in sorted(rows, key=lambda p: (not p.phone, p.first_name)):
        found.setdefault(str(person.organisation_id), []).append(person)
    return found


def slip(person: Person, token: str) -> dict[str, Any]:
    """What a printed slip says: whose it is, the one-time link and its picture for a telephone."""
    import segno

    address = links.address(token)
    return {
        "person": person,
        "address": address,
        "picture": segno.make(address, error="m").svg_inline(scale=3, border=1),
    }


def holders(verb: str) -> list[str]:
    """Which roles hold the verb, as the office calls them."""
    known = names()
    return [known.get(role, role) for role in table() if verb in verbs_of(role)]


def grants_of(person: Person) -> list[dict[str, Any]]:
    """Each grant in force with the verbs it gives, as the office says them."""
    bodies_now = bodies()
    told = []
    for grant in person.grants.in_force():
        verbs = sorted({str(ACTIONS[v].label) for v in verbs_of(grant.role) if v in ACTIONS})
        told.append(
            {
                "grant": grant,
                "role": names().get(grant.role, grant.role),
                "area": units().name(grant.area_path) if grant.area_path else "",
                "body": bodies_now.get(grant.organisation, grant.organisation),
                "group": groups.name(grant.taxon_group) if grant.taxon_group else "",
                "verbs": verbs,
            }
        )
    return told


__all__ = [
    "address_of", "bodies", "callable_people", "grants_of", "head_of", "holder_of", "holders", "on_duty",
    "organisation_choices",
    "organisation_name", "person_choices", "slip", "tell_groups",
]  # fmt: skip
