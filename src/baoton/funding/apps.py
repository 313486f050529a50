"""Money: where it comes from, what it is for, what was promised, paid and given, and what a result cost."""

from typing import Any

from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "baoton.funding"
    verbose_name = "Kinh phí"

    def ready(self) -> None:
        """What was paid for a record is asked beside it; the year of money stands beside its books."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.funding import actions  # noqa: F401
        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            if not actor.scopes("funding.payment.see"):
                return None
            if register.name.startswith("funding."):
                return Beside(_("Kinh phí năm"), reverse("funding-year")) if record is None else None
            if record is None or record.withdrawn is not None:
                return None
            return Beside(_("Tiền đã chi"), reverse("funding-of", args=[register.slug, record.pk]))
