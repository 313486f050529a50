"""Invasive alien species: where they grow, surveys with and without a find, treatments, first records in a commune."""

from typing import Any

from django.apps import AppConfig


class InvasiveConfig(AppConfig):
    name = "baoton.invasive"
    verbose_name = "Loài ngoại lai xâm hại"

    def ready(self) -> None:
        """First records and spread stand beside the books."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            here = register.name.startswith("invasive.") and record is None
            may = here and bool(actor.scopes("invasive.site.see"))
            return Beside(_("Cảnh báo sớm và lan rộng"), reverse("invasive-now")) if may else None
