"""Darwin Core, OGC API, open data."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "baoton.sharing"
    verbose_name = "Chia sẻ dữ liệu"
