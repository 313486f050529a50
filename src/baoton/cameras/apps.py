"""Camera traps: deployments, pictures, sequences, what people and machines say of them, clocks put right."""

from django.apps import AppConfig


class CamerasConfig(AppConfig):
    name = "baoton.cameras"
    verbose_name = "Bẫy ảnh"

    def ready(self) -> None:
        """What is seen by a camera is as guarded as its place."""
        from baoton.cameras.disclosure import visits_of_cameras
        from baoton.observations.disclosure import VISITS_GUARDED

        VISITS_GUARDED.append(visits_of_cameras)

        from typing import Any

        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.cameras.queries import of_species
        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register
        from baoton.taxa.queries import species_panel

        species_panel("cameras/species.html")(of_species)

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            if (
                register.name == "cameras.deployment"
                and record is None
                and actor.scopes("cameras.answer.see")
            ):
                return Beside(_("Gói Camtrap DP"), reverse("camera-package"))
            if register.name == "cameras.sequence" and record is None:
                return Beside(
                    _("Xem loạt ảnh chờ"), reverse("desk", args=[register.slug]) + "?status=waiting"
                )
            return None
