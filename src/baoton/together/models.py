"""What bodies agreed, what they did together, and what was looked at in markets, restaurants, on roads and online."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.patrols.models import Patrol

STANDING = Q(withdrawn__isnull=True)
BACKWARDS = _("Ngày kết thúc không thể trước ngày bắt đầu.")


class Agreement(Record):
    """A regulation by which bodies act together: who does what, whom to call, from when to when."""

    title = models.CharField(_("tên quy chế"), max_length=300)
    number = models.CharField(_("số, ký hiệu"), max_length=120, blank=True, default="")
    bodies = models.TextField(_("các cơ quan"))
    duties = models.TextField(_("việc của mỗi cơ quan"), blank=True, default="")
    liaison = models.TextField(_("đầu mối của mỗi cơ quan"), blank=True, default="")
    signed = models.DateField(_("ký ngày"))
    until = models.DateField(_("có hiệu lực đến"), null=True, blank=True)
    text = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("văn bản"), null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["signed", "id"], name="agreement_signed")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="agreement_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=models.F("signed")),
                violation_error_message=BACKWARDS,
            )
        ]

    def __str__(self) -> str:
        return self.number or self.title


class Operation(Record):
    """One joint operation: what it was for, which bodies went, what came of it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("đã lên kế hoạch")
        DONE = "done", _("đã làm")
        CANCELLED = "cancelled", _("không làm")

    title = models.CharField(_("tên đợt"), max_length=300)
    agreement = models.ForeignKey(
        Agreement, verbose_name=_("theo quy chế"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="operations",
    )  # fmt: skip
    day = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    bodies = models.TextField(_("các cơ quan tham gia"))
    plan = models.TextField(_("kế hoạch"), blank=True, default="")
    people = models.PositiveIntegerField(_("số người"), null=True, blank=True)
    result = models.TextField(_("kết quả"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLANNED)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="operation_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="operation_area", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="operation_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=models.F("day")),
                violation_error_message=BACKWARDS,
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.day:%d/%m/%Y}"


class Joined(Record):
    """One patrol that went out within a joint operation."""

    operation = models.ForeignKey(
        Operation, verbose_name=_("đợt phối hợp"), on_delete=models.PROTECT, related_name="joined"
    )
    patrol = models.ForeignKey(
        Patrol, verbose_name=_("cuộc tuần tra"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operation", "patrol"],
                condition=STANDING,
                name="patrol_joined_once",
                violation_error_message=_("Cuộc tuần tra này đã có trong đợt phối hợp."),
            )
        ]

    def __str__(self) -> str:
        return str(self.operation)


class Check(Record):
    """One look at a market, a restaurant, a road post or an online page: what was looked at, found and told."""

    class Kind(models.TextChoices):
        MARKET = "market", _("chợ")
        RESTAURANT = "restaurant", _("quán ăn, nhà hàng")
        ROAD = "road", _("chốt kiểm soát trên đường")
        ONLINE = "online", _("trang rao bán trên mạng")
        SHOP = "shop", _("cửa hàng thuốc, mỹ nghệ, cây cảnh")

    class Found(models.TextChoices):
        NOTHING = "nothing", _("không thấy gì")
        DOUBT = "doubt", _("có dấu hiệu vi phạm")

    kind = models.CharField(_("nơi kiểm tra"), max_length=12, choices=Kind)
    place = models.CharField(_("tên chợ, quán, chốt, trang"), max_length=300)
    day = models.DateField(_("ngày"))
    operation = models.ForeignKey(
        Operation, verbose_name=_("đợt phối hợp"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="checks",
    )  # fmt: skip
    looked = models.TextField(_("đã xem gì"))
    found = models.CharField(_("thấy gì"), max_length=10, choices=Found)
    what = models.TextField(_("kể rõ"), blank=True, default="")
    told = models.TextField(_("đã nhắc, đã báo gì"), blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="check_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="check_area", condition=STANDING),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day:%d/%m/%Y}"
