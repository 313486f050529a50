"""Names, synonyms, legal status on a date, disclosure."""

from django.apps import AppConfig


class TaxaConfig(AppConfig):
    name = "baoton.taxa"
    verbose_name = "Loài"

    def ready(self) -> None:
        """A grant may be narrowed to one of the groups of taxa; a taxon's page is that of its species."""
        from django.urls import reverse

        from baoton.kit.reading.register import HOMES
        from baoton.people.queries import tell_groups
        from baoton.taxa.models import Group

        tell_groups(Group.choices)
        HOMES["taxa.taxon"] = lambda one: reverse("species", args=[one.accepted_id or one.pk])
