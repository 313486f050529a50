"""What is kept for one reader, as he and the programme may read it."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from baoton.notices.models import CalendarLink, Digest, Watch
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


def digest_of(person: Person) -> Digest:
    """How the person wants to be written to; not at all until he says so."""
    return Digest.objects.filter(person=person).first() or Digest(person=person, address=person.email)


def watched(person: Person) -> tuple[set[str], set[UUID]]:
    """The units and the species that a person watches; his own body's area comes with them."""
    areas, taxa = set(), set()
    for area, taxon in Watch.objects.filter(person=person).values_list("area_path", "taxon"):
        if taxon is not None:
            taxa.add(taxon)
        elif area:
            areas.add(area)
    return areas, taxa


def watches(person: Person) -> "QuerySet[Watch]":
    """What the person asked to hear of."""
    return Watch.objects.filter(person=person).order_by("pk")


def taxa_watched() -> set[UUID]:
    """Every species that somebody watches."""
    return {t for t in Watch.objects.filter(taxon__isnull=False).values_list("taxon", flat=True) if t}
