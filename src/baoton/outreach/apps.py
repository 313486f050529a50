"""Outreach of the communes: campaigns, sessions, materials, pledges, and what people know before and after."""

from typing import Any

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "baoton.outreach"
    verbose_name = "Tuyên truyền"

    def ready(self) -> None:
        """What a survey says stands beside it; files, remarks and history are for whoever holds a grant over it."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit import lent
        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register
        from baoton.outreach.models import Campaign, Question, Quiz
        from baoton.outreach.queries import granted

        def inside(model: Any) -> None:
            lent.lends(model._meta.label_lower, lambda actor, part: granted(actor, model), noted=False)

        for model in (Campaign, Quiz, Question):
            inside(model)

        @beside
        def results(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name != "outreach.quiz" or record is None:
                return None
            return Beside(_("Biểu hỏi, nộp phiếu, kết quả"), reverse("outreach-survey", args=[record.pk]))
