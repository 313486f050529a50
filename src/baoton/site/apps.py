"""Settings, addresses, home: the only place that knows everything."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "baoton.site"
    label = "site"
    verbose_name = "Bảo Tồn"
    default_auto_field = "django.db.models.BigAutoField"
