"""Units with validity dates, mergers, protected areas, sites."""

from typing import Any

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "baoton.places"
    verbose_name = "Địa bàn"

    def ready(self) -> None:
        """The machine learns which units there are; every book with a place leads to the map."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit.access import Actor
        from baoton.kit.kinds.area import tell_units
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register
        from baoton.kit.writing.outbox import read_by
        from baoton.places.queries import Units
        from baoton.places.reassign import Reassigned

        tell_units(Units())
        read_by(Reassigned())

        @beside
        def to_map(actor: Actor, register: Register, record: Any) -> Beside | None:
            if record is not None or not register.located:
                return None
            return Beside(_("Xem trên bản đồ"), f"{reverse('map')}?register={register.slug}")
