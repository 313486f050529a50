"""Events, occurrences, measurements: the one evidence stream."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "baoton.observations"
    label = "observations"
    verbose_name = "Quan sát"
    default_auto_field = "django.db.models.BigAutoField"
