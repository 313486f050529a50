"""The only place that knows everything: reads every app's declarations at start."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.conf import settings

READ = ("actions", "registers", "indicators", "checks", "imports")


class SiteConfig(AppConfig):
    name = "baoton.site"
    label = "site"
    verbose_name = "Bảo Tồn"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every declaration of every app has been read, lowest app first."""
        for config in apps.get_app_configs():
            if config.name not in settings.DOMAINS:
                continue
            for part in READ:
                name = f"{config.name}.{part}"
                try:
                    import_module(name)
                except ModuleNotFoundError as error:
                    if error.name != name:
                        raise
