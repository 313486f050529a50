"""Forest fire: weather at 13:00, levels by the province's own table, bulletins, satellite hotspots, fires."""

from typing import Any

from django.apps import AppConfig


class FireConfig(AppConfig):
    name = "baoton.fire"
    verbose_name = "Cháy rừng"

    def ready(self) -> None:
        """Today's danger and the figures of hotspots stand beside the books."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            if record is not None or not actor.scopes("fire.weather.see"):
                return None
            if register.name in {"fire.weather", "fire.station", "fire.bulletin", "fire.table"}:
                return Beside(_("Cấp cháy rừng hôm nay"), reverse("fire-today"))
            if register.name in {"fire.alert", "fire.hotspot"}:
                return Beside(_("Đúng, sai và số phút trả lời"), reverse("fire-answers"))
            return None
