"""What other apps may ask about people and bodies."""

from collections.abc import Iterable
from typing import Any

from baoton.kit.kinds.area import units
from baoton.kit.writing.verb import ACTIONS
from baoton.people import groups, links
from baoton.people.groups import tell_groups
from baoton.people.models import Organisation, Person
from baoton.people.roles import names, table, verbs_of


def organisation_choices() -> Iterable[tuple[str, str]]:
    return [(o.code, o.name) for o in Organisation.objects.offices()]


def bodies() -> dict[str, str]:
    """Every body by its code, in the reader's language."""
    return {o.code: str(o) for o in Organisation.objects.all()}


def organisation_name(code: str) -> str:
    """The body's name as its own language has it; empty for an unknown code."""
    found = Organisation.objects.filter(pk=code).first()
    return found.name if found else ""


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
    "bodies", "callable_people", "grants_of", "holders", "organisation_choices", "organisation_name", "slip",
    "tell_groups",
]  # fmt: skip
