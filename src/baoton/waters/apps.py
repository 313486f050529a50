"""Waters: rivers and lakes, spawning grounds with closed seasons, restocking and what came of it."""

from django.apps import AppConfig


class WatersConfig(AppConfig):
    name = "baoton.waters"
    verbose_name = "Thuỷ vực"
