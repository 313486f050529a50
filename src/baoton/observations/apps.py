"""Events, occurrences, measurements: the one evidence stream."""

from typing import Any

from django.apps import AppConfig


class ObservationsConfig(AppConfig):
    name = "baoton.observations"
    verbose_name = "Quan sát"

    def ready(self) -> None:
        """A visit follows what was seen at it."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.writing.outbox import followed_by
        from baoton.observations import (
            doubts,  # noqa: F401  their rules
            queueing,
            resettling,  # noqa: F401  its nightly job
        )
        from baoton.observations.actions import guard_others

        @beside
        def photos(actor: Any, register: Any, record: Any) -> Beside | None:
            if register.name != "observations.occurrence" or record is not None:
                return None
            if not actor.scopes("observations.occurrence.create"):
                return None
            return Beside(_("Ảnh hàng loạt"), reverse("photos"))

        followed_by(guard_others)
        followed_by(queueing.follow)
