"""Events, occurrences, measurements: the one evidence stream."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "baoton.observations"
    label = "observations"
    verbose_name = "Quan sát"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A visit follows what was seen at it."""
        from baoton.kit.writing.outbox import followed_by
        from baoton.observations.actions import guard_visits

        followed_by(guard_visits)
