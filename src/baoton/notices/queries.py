"""What is kept for one reader, as he and the programme may read it."""

from django.utils.crypto import salted_hmac

from baoton.notices.models import CalendarLink
from baoton.people.models import Person


def digest(token: str) -> str:
    """What is kept of a link."""
    return salted_hmac("baoton.notices.calendar", token, algorithm="sha256").hexdigest()


def of_link(token: str) -> Person | None:
    """Whose calendar the link opens; nobody's where it was renewed or revoked, or the account is closed."""
    found = CalendarLink.objects.select_related("person").filter(digest=digest(token)).first()
    return found.person if found is not None and found.person.is_active else None


def link_of(person: Person) -> CalendarLink | None:
    """The person's own link, without its secret."""
    return CalendarLink.objects.filter(person=person).first()
