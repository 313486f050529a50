"""What a reader does with what is his own: makes, renews and revokes the link of his calendar."""

import secrets

from django.utils import timezone

from baoton.notices.models import CalendarLink
from baoton.notices.queries import digest
from baoton.people.models import Person


def make_link(person: Person) -> str:
    """A fresh secret; the one before opens nothing any more."""
    token = secrets.token_urlsafe(24)
    CalendarLink.objects.update_or_create(
        person=person, defaults={"digest": digest(token), "made": timezone.now()}
    )
    return token


def drop_link(person: Person) -> None:
    """No link opens the person's calendar."""
    CalendarLink.objects.filter(person=person).delete()
