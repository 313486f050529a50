"""Evidence and custody: what was seized, who holds it, and the chain of hands that nothing breaks quietly."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "baoton.custody"
    verbose_name = "Tang vật"

    def ready(self) -> None:
        """What waits for the reader's signature stands beside the book of lots, and a lot's label beside the lot."""
        from typing import Any

        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.custody.models import readable
        from baoton.kit.access import Actor
        from baoton.kit.lent import lends
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register

        for name in ("custody.lot", "custody.step", "custody.offer"):
            lends(name, readable(name))

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name == "custody.lot" and record is None and actor.scopes("custody.offer.accept"):
                return Beside(_("Chờ tôi ký nhận"), reverse("custody-inbox"))
            if register.name == "custody.lot" and record is not None:
                return Beside(_("In nhãn"), reverse("custody-label", args=[record.pk]))
            return None
