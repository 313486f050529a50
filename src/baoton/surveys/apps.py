"""Surveys: campaigns, their sites and protocols, and what comes back from the field."""

from typing import Any

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "baoton.surveys"
    verbose_name = "Điều tra, quan trắc"

    def ready(self) -> None:
        """Design, progress and results stand beside a campaign, a trial beside a protocol."""
        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register

        pages = {
            "surveys.campaign": (
                (_("Thiết kế, rút mẫu, tệp"), "survey-design"),
                (_("Tiến độ"), "survey-progress"),
            ),
            "surveys.protocol": ((_("Thử quy trình"), "protocol-trial"),),
        }

        def lead_to(book: str, label: Any, page: str) -> None:
            @beside
            def lead(actor: Actor, register: Register, record: Any) -> Beside | None:
                if register.name != book or record is None:
                    return None
                return Beside(label, reverse(page, args=[record.pk]))

        @beside
        def onward(actor: Actor, register: Register, record: Any) -> Beside | None:
            if (
                register.name != "surveys.campaign"
                or record is not None
                or not actor.scopes("surveys.campaign.create")
            ):
                return None
            return Beside(_("Điều tra tiếp ở đâu"), reverse("survey-next"))

        for book, leads in pages.items():
            for label, page in leads:
                lead_to(book, label, page)
