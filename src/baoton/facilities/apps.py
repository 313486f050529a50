"""Facilities that breed, plant or keep: codes, ledgers, inspections."""

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "baoton.facilities"
    verbose_name = "Cơ sở nuôi, trồng"

    def ready(self) -> None:
        """The plan of inspections stands beside their book, the QR picture beside a facility with a code."""
        from typing import Any

        from django.urls import reverse
        from django.utils.translation import gettext_lazy as _

        from baoton.facilities.models import Owner
        from baoton.kit.access import Actor, may
        from baoton.kit.pages.beside import Beside, beside
        from baoton.kit.reading.register import Register

        @beside
        def leads(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name == "facilities.inspection" and record is None:
                if actor.scopes("facilities.inspection.create"):
                    return Beside(_("Lập kế hoạch kiểm tra"), reverse("inspection-plan"))
            elif register.name == "facilities.inspection" and record.status != "finished":
                if may(actor, "facilities.inspection.edit", record):
                    return Beside(
                        _("Trang kiểm tra (điện thoại)"), reverse("facility-visit", args=[record.pk])
                    )
            elif register.name == "facilities.campaign" and record is not None and record.status == "draft":
                if actor.scopes("facilities.inspection.create"):
                    return Beside(
                        _("Đưa cơ sở vào kế hoạch"), f"{reverse('inspection-plan')}?campaign={record.pk}"
                    )
            elif register.name == "facilities.application" and record is None:
                if actor.scopes("facilities.application.edit"):
                    return Beside(_("Mẫu văn bản"), reverse("facility-templates"))
            elif register.name in {"facilities.planted", "facilities.canvass"} and record is None:
                return Beside(_("Tiến độ thống kê"), reverse("inventory"))
            elif register.name == "facilities.facility" and record is not None and record.code:
                return Beside(_("Mã QR"), reverse("facility-qr", args=[record.pk]))
            elif register.name == "facilities.stock" and record is not None:
                return Beside(_("Tải sổ theo mẫu"), reverse("facility-book", args=[record.pk]))
            return None

        @beside
        def account(actor: Actor, register: Register, record: Any) -> Beside | None:
            if register.name != "facilities.facility" or record is None:
                return None
            if not may(actor, "facilities.owner.account", Owner.objects.filter(pk=record.owner_id).first()):
                return None
            return Beside(_("Tài khoản của chủ cơ sở"), reverse("facility-account", args=[record.pk]))

        def brings(actor: Actor, register: Register, record: Any) -> bool:
            here = register.name == "facilities.stock" and record is not None
            return here and bool(actor.scopes("facilities.entry.import"))

        @beside
        def form(actor: Actor, register: Register, record: Any) -> Beside | None:
            if not brings(actor, register, record):
                return None
            return Beside(_("Tải mẫu Excel để ghi"), reverse("facility-book", args=[record.pk]) + "?mau")

        @beside
        def excel(actor: Actor, register: Register, record: Any) -> Beside | None:
            if not brings(actor, register, record):
                return None
            return Beside(_("Nhập sổ từ Excel"), reverse("import-start") + "?target=facilities.entry")
