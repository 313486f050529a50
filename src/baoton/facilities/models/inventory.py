"""The count of those who planted listed species before the circular in force and have no code yet."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.taxa.models import Taxon


class Planted(Record):
    """One species planted by one grower without a code, as the commune found it.

    Two people of one village may bear one name: birth year, telephone and identity number tell them apart.
    """

    opening_is_audited: ClassVar[bool] = True

    class Origin(models.TextChoices):
        NURSERY = "nursery", _("mua giống ở vườn ươm, có giấy tờ")
        BOUGHT = "bought", _("mua, đổi, không có giấy tờ")
        WILD = "wild", _("lấy từ rừng")
        OWN = "own", _("tự nhân giống")
        UNKNOWN = "unknown", _("chưa rõ")

    class Status(models.TextChoices):
        FOUND = "found", _("đã thống kê")
        APPLIED = "applied", _("đã lập hồ sơ cấp mã số")
        CLOSED = "closed", _("không cấp mã số")

    grower = models.CharField(_("tên người trồng, cơ sở"), max_length=200)
    village = models.CharField(_("bản, tổ, đường"), max_length=200, blank=True, default="")
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=40, blank=True, default="")
    identity = models.CharField(_("số định danh"), max_length=40, blank=True, default="")
    person_key = models.CharField(max_length=60, blank=True, default="", editable=False)
    taxon = models.ForeignKey(Taxon, on_delete=models.PROTECT, related_name="+", verbose_name=_("loài"))
    group = models.CharField(_("nhóm"), max_length=10, blank=True, default="", editable=False)
    year = models.PositiveSmallIntegerField(_("trồng từ năm"), null=True, blank=True)
    amount = models.PositiveIntegerField(_("số lượng"), null=True, blank=True)
    unit = models.CharField(_("đơn vị tính"), max_length=20, default="cây")
    hectares = models.FloatField(_("diện tích (ha)"), null=True, blank=True)
    origin = models.CharField(_("nguồn giống"), max_length=8, choices=Origin, default=Origin.UNKNOWN)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")
    found = models.DateField(_("ghi ngày"), default=timezone.localdate, editable=False)
    status = models.CharField(_("tình trạng"), max_length=8, choices=Status, default=Status.FOUND)
    matched = models.CharField(_("lập hồ sơ thế nào"), max_length=300, blank=True, default="", editable=False)
    application = models.ForeignKey(
        "facilities.Application", null=True, blank=True, on_delete=models.PROTECT, related_name="found_as",
        verbose_name=_("hồ sơ"),
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_path", "grower", "village", "taxon", "person_key"], name="planted_once",
                condition=models.Q(withdrawn__isnull=True),
                violation_error_message=_(
                    "Người này với loài này ở bản này đã có trong danh sách. Nếu là người khác cùng tên, ghi năm sinh, "
                    "điện thoại hoặc số định danh."
                ),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["area_path", "grower", "id"], name="planted_area"),
            models.Index(fields=["grower", "id"], name="planted_grower"),
            models.Index(fields=["status", "grower", "id"], name="planted_status"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.grower} · {self.taxon.vernacular_vi.split(';')[0].strip() or self.taxon.scientific_name}"
        )


class Canvass(Record):
    """A commune says that it looked at all its villages: with what it found, or that it found none."""

    finished = models.DateField(_("rà soát xong ngày"))
    households = models.PositiveIntegerField(_("số hộ đã hỏi"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_path"], name="canvass_once", condition=models.Q(withdrawn__isnull=True),
                violation_error_message=_("Xã này đã báo rà soát xong."),
            )
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["finished", "id"], name="canvass_finished")]

    def __str__(self) -> str:
        return f"{self.area_path} {self.finished:%d/%m/%Y}"
