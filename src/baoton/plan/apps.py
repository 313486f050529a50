"""Plans, tasks, work items, indicators."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "baoton.plan"
    verbose_name = "Kế hoạch"

    def ready(self) -> None:
        """Figures follow every change, and are compared with the rows every night."""
        from baoton.kit.writing.outbox import read_by
        from baoton.plan import actions  # noqa: F401
        from baoton.plan.figures import FigureReader

        read_by(FigureReader())
