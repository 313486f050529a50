"""The only place that knows everything: reads every app's declarations at start."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings

READ = ("actions", "registers", "indicators", "checks", "imports")


class SiteConfig(AppConfig):
    name = "baoton.site"
    verbose_name = "Bảo Tồn"

    def ready(self) -> None:
        """Every declaration of every app has been read, lowest app first."""
        from baoton.kit.importing import generic
        from baoton.kit.pages.beside import beside

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
        generic.open_books()
        beside(to_why)
        inbox()


def inbox() -> None:
    """The kinds of notices are told, and who notes the news of records follows the outbox."""
    from baoton.kit.writing.outbox import read_by
    from baoton.site.inbox import kinds, letters, noting

    kinds.declare()
    read_by(noting.SpeciesNews())
    assert letters.JOB  # read here so that the worker knows of the nightly letters


def to_why(actor: Any, register: Any, record: Any) -> Any:
    """Every record with a place leads a person to why he may see it."""
    from django.urls import reverse
    from django.utils.translation import gettext_lazy as _

    from baoton.kit.access import Public
    from baoton.kit.pages.beside import Beside

    if record is None or not register.located or isinstance(actor, Public):
        return None
    return Beside(_("Vì sao tôi xem được?"), reverse("why", args=[register.slug, record.pk]))
