"""Links that open once: the first administrator's, a newcomer's, and one to choose a new password."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from baoton.kit import office
from baoton.people.models import OneTimeLink, Person

LIFE = {
    OneTimeLink.Kind.FIRST: timedelta(days=2),
    OneTimeLink.Kind.JOIN: timedelta(days=14),
    OneTimeLink.Kind.RESET: timedelta(hours=24),
}


def digest(token: str) -> str:
    """What is kept of a link."""
    return hmac.new(settings.SECRET_KEY.encode(), f"link:{token}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def make(kind: str, person: Person | None = None, made_by: str = "") -> str:
    """A fresh link's token; an earlier one of the same kind and person opens nothing any more."""
    OneTimeLink.objects.filter(person=person, kind=kind, used__isnull=True).delete()
    token = secrets.token_urlsafe(24)
    until = timezone.now() + LIFE[OneTimeLink.Kind(kind)]
    OneTimeLink.objects.create(digest=digest(token), kind=kind, person=person, made_by=made_by, until=until)
    return token


def first() -> str:
    """The token that makes the first administrator; empty where there already is one."""
    return "" if Person.objects.administrators().exists() else make(OneTimeLink.Kind.FIRST)


def find(token: str, lock: bool = False) -> OneTimeLink | None:
    """The link if it still opens."""
    rows = OneTimeLink.objects.select_for_update(of=("self",)) if lock else OneTimeLink.objects.all()
    link = rows.filter(digest=digest(token), used__isnull=True, until__gt=timezone.now()).first()
    if link is None:
        return None
    if link.person is None:
        return None if Person.objects.administrators().exists() else link
    return link if link.person.is_active else None


def address(token: str) -> str:
    """The link as one types or scans it."""
    return f"{office.address()}{reverse('one-time', args=[token])}"
