"""Animals found, handed over or seized: kept, cared for, released, followed."""

from django.apps import AppConfig


class RescueConfig(AppConfig):
    name = "baoton.rescue"
    verbose_name = "Cứu hộ động vật"

    def ready(self) -> None:
        """Today's care and the year in numbers stand beside the book of animals."""
        from typing import Any
        from urllib.parse import urlencode

        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.custody.models import Kind
        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name == "rescue.animal" and record is None and actor.scopes("rescue.animal.food"):
                return Beside(_("Chăm sóc hôm nay"), reverse("rescue-today"))
            return None

        @beside
        def numbers(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name == "rescue.animal" and record is None and actor.scopes("rescue.animal.see"):
                return Beside(_("Cứu hộ trong năm"), reverse("rescue-year"))
            return None

        @beside
        def printed(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name == "rescue.animal" and record is not None and actor.scopes("rescue.care.see"):
                return Beside(_("In hồ sơ (PDF)"), reverse("rescue-dossier", args=[record.pk]))
            return None

        @beside
        def from_below(actor: Actor, register: Register, record: Any) -> Beside | None:
            """A tip of an animal and a seized living one become its record, which names them."""
            if record is None or not actor.scopes("rescue.animal.create"):
                return None
            asked = {"area_path": record.area_path}
            if register.name == "tips.tip" and record.kind == "animal":
                asked |= {"tip": record.pk, "source": "tip"}
            elif register.name == "custody.lot" and record.kind == Kind.ALIVE:
                asked |= {
                    "lot": record.pk,
                    "source": "seized",
                    "written": record.written,
                    "told_on": record.day,
                }
            else:
                return None
            return Beside(
                _("Lập hồ sơ con vật"), f"{reverse('record-new', args=['rescue-animal'])}?{urlencode(asked)}"
            )
