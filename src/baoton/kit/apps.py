"""The machine every register runs on."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "baoton.kit"
    verbose_name = "Bộ máy sổ"

    def ready(self) -> None:
        """Map counts and search follow every change."""
        from baoton.kit.reading.search import SearchReader
        from baoton.kit.reading.tile_counts import TileReader
        from baoton.kit.writing.outbox import read_by

        read_by(TileReader())
        read_by(SearchReader())
