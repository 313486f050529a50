"""The machine every register runs on."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "baoton.kit"
    label = "kit"
    verbose_name = "Bộ máy sổ"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What is kept at write time listens to every change."""
        import baoton.kit.reading.tile_counts  # noqa: F401
