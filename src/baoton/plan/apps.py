"""Plans, tasks, work items, indicators."""

from typing import Any

from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "baoton.plan"
    verbose_name = "Kế hoạch"

    def ready(self) -> None:
        """Figures follow every change, and are compared with the rows every night."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register
        from baoton.kit.writing.outbox import read_by
        from baoton.plan import actions  # noqa: F401
        from baoton.plan.figures import FigureReader

        read_by(FigureReader())

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            if record is None:
                may = register.name in {"plan.assignment", "plan.work"} and actor.scopes(
                    "plan.assignment.create"
                )
                return Beside(_("Giao việc"), reverse("plan-assign")) if may else None
            may_tie = actor.scopes("plan.proof.create") and record.withdrawn is None
            here = reverse("plan-proves", args=[register.slug, record.pk])
            return (
                Beside(_("Gắn vào việc được giao"), here)
                if may_tie and register.name[:5] != "plan."
                else None
            )
