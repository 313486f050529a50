"""Outreach of the communes: campaigns, sessions, materials, pledges, and what people know before and after."""

from typing import Any

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "baoton.outreach"
    verbose_name = "Tuyên truyền"

    def ready(self) -> None:
        """What a survey says stands beside it, with its files and the way back for answers."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register

        @beside
        def results(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name != "outreach.quiz" or record is None:
                return None
            return Beside(_("Biểu hỏi, nộp phiếu, kết quả"), reverse("outreach-survey", args=[record.pk]))
