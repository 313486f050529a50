"""The map of forest and habitats, and the founding of protected areas."""

from django.apps import AppConfig


class HabitatsConfig(AppConfig):
    name = "baoton.habitats"
    verbose_name = "Rừng và sinh cảnh"

    def ready(self) -> None:
        """Its links stand beside its books; its map tells surveys their strata."""
        from baoton.habitats.queries import classes_at
        from baoton.surveys.queries import HABITATS

        HABITATS.append(classes_at)
