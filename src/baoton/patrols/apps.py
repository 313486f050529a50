"""Patrols: who walked where, how far and how long, and what was found on the way."""

from typing import Any

from django.apps import AppConfig

SHORT = ("snare", "trap", "threat", "camera")


class PatrolsConfig(AppConfig):
    name = "baoton.patrols"
    verbose_name = "Tuần tra"

    def ready(self) -> None:
        """Signs are reported beside species; the month and the coverage stand beside the books."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import REGISTERS, Register
        from baoton.observations.queries import OTHER_REPORTS
        from baoton.patrols.models import SignKind

        def signs(actor: Actor) -> list[tuple[str, str]]:
            if not actor.scopes("patrols.sign.create"):
                return []
            kinds = {k.code: k for k in SignKind.objects.filter(code__in=SHORT, withdrawn__isnull=True)}
            new = reverse("record-new", args=[REGISTERS["patrols.sign"].slug])
            return [(str(kinds[c]), f"{new}?kind={kinds[c].pk}") for c in SHORT if c in kinds]

        OTHER_REPORTS.append(signs)

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name == "patrols.patrol" and record is None:
                return Beside(_("Lịch tuần tra"), reverse("patrol-month"))
            if register.name == "patrols.patrol" and record is not None and record.geom is not None:
                return Beside(_("Tuyến dự kiến (GPX)"), reverse("patrol-gpx", args=[record.pk]))
            legs = actor.scopes("patrols.leg.see")
            if legs and register.name in {"patrols.leg", "patrols.sign"} and record is None:
                return Beside(_("Độ phủ tuần tra"), reverse("patrol-coverage"))
            return None
