"""Cases: acts, persons, goods, what the law suggests, and what is lent of them to other bodies."""

from typing import Any

from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "baoton.enforcement"
    verbose_name = "Xử lý vi phạm"

    def ready(self) -> None:
        """The books of cases lend; the indication and the bound file stand beside them."""
        from urllib.parse import urlencode

        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.enforcement.court import BIND
        from baoton.enforcement.lend import start
        from baoton.enforcement.power import case_of
        from baoton.kit import lent
        from baoton.kit.access import Actor
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register
        from baoton.kit.writing.verb import declare
        from baoton.observations.queries import OTHER_REPORTS

        start()
        declare(BIND, _("đóng quyển hồ sơ vụ việc"))

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name == "enforcement.case" and record is None:
                return Beside(_("Phối hợp giữa các cơ quan"), reverse("together"))
            if register.name == "enforcement.case" and not lent.borrowed(actor, register.name, record):
                return Beside(_("Gợi ý áp dụng quy định"), reverse("case-indication", args=[record.pk]))
            if register.name == "enforcement.bound" and record is not None:
                return Beside(_("Tải hồ sơ (PDF)"), reverse("case-bound", args=[record.pk]))
            if register.name == "custody.lot" and record is not None and (case := case_of(actor, record)):
                return Beside(_("Vụ việc và thẩm quyền tịch thu"), f"{case}#tham-quyen")
            return None

        def spot(actor: Actor) -> list[tuple[str, str]]:
            """Beside the quick report: a case from the spot, for whoever may open one."""
            may_open = actor.scopes("enforcement.case.create")
            return [(str(_("vi phạm, mở vụ việc")), reverse("case-quick"))] if may_open else []

        OTHER_REPORTS.append(spot)

        @beside
        def shortly(actor: Actor, register: Register, record: Any) -> Beside | None:
            if (
                register.name == "enforcement.case"
                and record is None
                and actor.scopes("enforcement.case.create")
            ):
                return Beside(_("Mở nhanh trên điện thoại"), reverse("case-quick"))
            return None

        @beside
        def from_below(actor: Actor, register: Register, record: Any) -> Beside | None:
            """A tip and a patrol may become a case, which names them."""
            names = {"tips.tip": "tip", "patrols.patrol": "patrol"}
            if record is None or register.name not in names or not actor.scopes("enforcement.case.create"):
                return None
            name = names[register.name]
            asked = {name: record.pk, "source": name, "area_path": record.area_path}
            return Beside(
                _("Mở vụ việc"), f"{reverse('record-new', args=['enforcement-case'])}?{urlencode(asked)}"
            )
