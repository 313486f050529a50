"""Darwin Core, OGC API, open data."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "baoton.sharing"
    label = "sharing"
    verbose_name = "Chia sẻ dữ liệu"
    default_auto_field = "django.db.models.BigAutoField"
