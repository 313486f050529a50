"""The cast of the demonstration: one account for each kind of user, with the grants of their work."""

from datetime import date

from django.conf import settings

from baoton.kit.access import System
from baoton.people.actions import give
from baoton.people.models import Grant, Person
from rulebook.demonstration import load_demonstration

PASSWORD = (
    "baoton-demo"  # printed on the screen of the demonstration; a real installation has no such account
)
CAST = load_demonstration(settings.PROVINCE).cast


def cast_here() -> list[Person]:
    """The accounts of the cast that stand open in this installation, in the order of the cast."""
    held = {
        p.username: p for p in Person.objects.filter(username__in=[c.username for c in CAST], is_active=True)
    }
    return [held[c.username] for c in CAST if c.username in held]


def cast(until: date | None = None) -> list[Person]:
    """Every member of the cast has an account and their grants; a second run changes nothing."""
    people = []
    for one in CAST:
        person, made = Person.objects.get_or_create(
            username=one.username,
            defaults={
                "last_name": one.family,
                "first_name": one.given,
                "organisation_id": one.body,
                "title": one.title,
            },
        )
        if made:
            person.set_password(PASSWORD)
            person.save()
        if not Grant.objects.filter(person=person, role=one.role).exists():
            limit = until if one.role == "surveyor" else None
            group = "plant" if one.role == "surveyor" else ""  # the contract is for plants
            give(
                System(),
                person,
                one.role,
                area_path=one.area,
                taxon_group=group,
                until=limit,
                reason="tài khoản trình diễn",
            )
        people.append(person)
    return people
