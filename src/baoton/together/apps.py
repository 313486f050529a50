"""Acting together: co-ordination regulations, joint operations, checks of markets, restaurants, roads and pages."""

from typing import Any

from django.apps import AppConfig


class TogetherConfig(AppConfig):
    name = "baoton.together"
    verbose_name = "Phối hợp"

    def ready(self) -> None:
        """The month stands beside the books of operations and checks."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            here = register.name in {"together.operation", "together.check"} and record is None
            may = here and bool(actor.scopes("together.operation.see"))
            return Beside(_("Lịch phối hợp"), reverse("together-month")) if may else None
