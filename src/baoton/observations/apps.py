"""Events, occurrences, measurements: the one evidence stream."""

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "baoton.observations"
    verbose_name = "Quan sát"

    def ready(self) -> None:
        """A visit follows what was seen at it."""
        from baoton.kit.writing.outbox import followed_by
        from baoton.observations import (
            doubts,  # noqa: F401  their rules
            queueing,
            resettling,  # noqa: F401  its nightly job
        )
        from baoton.observations.actions import guard_others

        followed_by(guard_others)
        followed_by(queueing.follow)
