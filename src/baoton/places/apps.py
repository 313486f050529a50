"""Units with validity dates, mergers, protected areas, sites."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "baoton.places"
    label = "places"
    verbose_name = "Địa bàn"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The machine learns which units there are."""
        from baoton.kit.kinds.area import tell_units
        from baoton.places.queries import Units

        tell_units(Units())
