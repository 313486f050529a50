"""Units with validity dates, mergers, protected areas, sites."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "baoton.places"
    label = "places"
    verbose_name = "Địa bàn"
    default_auto_field = "django.db.models.BigAutoField"
