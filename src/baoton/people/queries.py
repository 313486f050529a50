"""What other apps may ask about people and bodies."""

from collections.abc import Iterable

from baoton.people.models import Organisation


def organisation_choices() -> Iterable[tuple[str, str]]:
    return [(o.code, o.name) for o in Organisation.objects.all()]
