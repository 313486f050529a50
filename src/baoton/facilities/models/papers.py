"""Every document that was issued about a facility, a dossier, a visit or a campaign, as it was issued."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record


class Document(Record):
    """One issued document: its number from the register of numbers, and its file frozen under its hash."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("giấy tiếp nhận hồ sơ và hẹn trả kết quả")
        SUPPLEMENT = "supplement", _("thông báo bổ sung hồ sơ")
        CHECK = "check", _("biên bản kiểm tra thực tế")
        DECISION = "decision", _("quyết định chấp thuận")
        REFUSAL = "refusal", _("quyết định không chấp thuận")
        REVOCATION = "revocation", _("quyết định thu hồi mã số")
        CODE = "code", _("giấy chứng nhận mã số cơ sở")
        CERTIFICATE = "certificate", _("giấy chứng nhận cơ sở bảo tồn")
        APOLOGY = "apology", _("thư xin lỗi vì trả kết quả chậm")
        ORDER = "order", _("quyết định kiểm tra")
        PLAN = "plan", _("kế hoạch kiểm tra")
        MINUTE = "minute", _("biên bản kiểm tra cơ sở")
        INVENTORY = "inventory", _("danh sách thống kê cơ sở trồng")

    kind = models.CharField(_("loại văn bản"), max_length=12, choices=Kind)
    number = models.CharField(_("số văn bản"), max_length=120, blank=True, default="")
    day = models.DateField(_("ngày phát hành"))
    facility = models.ForeignKey(
        "facilities.Facility", null=True, on_delete=models.PROTECT, related_name="documents", verbose_name=_("cơ sở")
    )  # fmt: skip
    application = models.ForeignKey(
        "facilities.Application", null=True, on_delete=models.PROTECT, related_name="documents",
        verbose_name=_("hồ sơ"),
    )  # fmt: skip
    inspection = models.ForeignKey(
        "facilities.Inspection", null=True, on_delete=models.PROTECT, related_name="documents",
        verbose_name=_("cuộc kiểm tra"),
    )  # fmt: skip
    campaign = models.ForeignKey(
        "facilities.Campaign", null=True, on_delete=models.PROTECT, related_name="documents",
        verbose_name=_("đợt kiểm tra"),
    )  # fmt: skip
    paper = models.CharField(_("mã băm của tệp"), max_length=64, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="document_day"),
            models.Index(fields=["kind", "day", "id"], name="document_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()
