"""What a commune did to tell its people, and what people promised in writing."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.outreach.models.campaigns import BACKWARDS, STANDING, Campaign, Group
from baoton.places.models import Village
from baoton.plan.models import ServesTask, Work


class Session(Record, ServesTask):
    """One meeting, broadcast or post in one commune; who came is told by sex and by group where it was counted."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("họp bản")
        SCHOOL = "school", _("trường học")
        LOUDSPEAKER = "loudspeaker", _("loa truyền thanh")
        POST = "post", _("bài đăng, tin nhắn")
        TRAINING = "training", _("tập huấn")
        PLEDGE = "pledge", _("ký cam kết")

    GROUPS: ClassVar = ("pupils", "villagers", "officials", "others")

    title = models.CharField(_("nội dung"), max_length=300)
    kind = models.CharField(_("hình thức"), max_length=12, choices=Kind)
    day = models.DateField(_("ngày"))
    village = models.CharField(_("bản, trường"), max_length=200, blank=True, default="")
    language = models.CharField(_("tiếng dùng"), max_length=60, blank=True, default="")
    participants = models.PositiveIntegerField(_("số người dự"), null=True, blank=True)
    women = models.PositiveIntegerField(_("trong đó nữ"), null=True, blank=True)
    men = models.PositiveIntegerField(_("trong đó nam"), null=True, blank=True)
    pupils = models.PositiveIntegerField(_("học sinh, thiếu nhi"), null=True, blank=True)
    villagers = models.PositiveIntegerField(_("người dân"), null=True, blank=True)
    officials = models.PositiveIntegerField(_("cán bộ, bộ đội"), null=True, blank=True)
    others = models.PositiveIntegerField(_("những người khác"), null=True, blank=True)
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("chiến dịch"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="sessions",
    )  # fmt: skip
    group = models.ForeignKey(
        Group, verbose_name=_("trường, câu lạc bộ"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="sessions",
    )  # fmt: skip
    until = models.DateField(_("đến ngày (phát nhiều ngày)"), null=True, blank=True)
    times = models.PositiveIntegerField(_("số lần phát, đăng"), null=True, blank=True)
    schedule = models.CharField(_("lịch phát, nơi đăng"), max_length=300, blank=True, default="")
    settlement = models.ForeignKey(
        Village, verbose_name=_("bản trong danh sách"), null=True, blank=True, editable=False,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    work = models.ForeignKey(
        Work,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("việc được giao"),
        related_name="+",
    )
    materials = models.PositiveIntegerField(_("tài liệu đã phát"), null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="session_day"),
            models.Index(fields=["area_path", "day", "id"], name="session_area"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="women_among_participants",
                condition=Q(women__lte=F("participants")),
                violation_error_message=_("Số nữ không thể nhiều hơn số người dự."),
            ),
            models.CheckConstraint(
                name="men_and_women_are_all",
                condition=Q(participants=F("men") + F("women")) & Q(men__lte=F("participants")),
                violation_error_message=_(
                    "Số nam cộng số nữ phải bằng số người dự; chưa đếm riêng thì để trống, không ghi 0."
                ),
            ),
            models.CheckConstraint(
                name="groups_are_all",
                condition=Q(participants=F("pupils") + F("villagers") + F("officials") + F("others"))
                & Q(
                    participants__gte=Coalesce(F("pupils"), Value(0))
                    + Coalesce(F("villagers"), Value(0))
                    + Coalesce(F("officials"), Value(0))
                    + Coalesce(F("others"), Value(0))
                ),
                violation_error_message=_(
                    "Học sinh, người dân, cán bộ và người khác cộng lại phải bằng số người dự; nhóm chưa đếm thì để"
                    " trống, không ghi 0."
                ),
            ),
            models.CheckConstraint(
                name="session_ends_later",
                condition=Q(until__isnull=True) | Q(until__gte=F("day")),
                violation_error_message=BACKWARDS,
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Pledge(Record, ServesTask):
    """So many pledges signed on one day by one sort of people; no names are kept."""

    class Who(models.TextChoices):
        HOUSEHOLD = "household", _("hộ gia đình")
        EATERY = "eatery", _("quán ăn, nhà hàng")
        SHOP = "shop", _("cửa hàng, cơ sở kinh doanh")
        KEEPER = "keeper", _("cơ sở nuôi, trồng")
        SCHOOL = "school", _("lớp học, trường học")
        VILLAGE = "village", _("cả bản, tổ dân phố")
        UNION = "union", _("hội, đoàn thể")

    who = models.CharField(_("ai ký"), max_length=10, choices=Who)
    number = models.PositiveIntegerField(_("số bản cam kết"))
    day = models.DateField(_("ngày ký"))
    about = models.CharField(_("cam kết việc gì"), max_length=300)
    village = models.CharField(_("bản, tổ dân phố"), max_length=200, blank=True, default="")
    session = models.ForeignKey(
        Session, verbose_name=_("ký tại buổi"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="pledges",
    )  # fmt: skip
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("chiến dịch"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="pledges",
    )  # fmt: skip

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="pledge_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="pledge_area", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="pledge_of_some",
                condition=Q(number__gt=0),
                violation_error_message=_("Số bản cam kết phải lớn hơn 0."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_who_display()} {self.day:%d/%m/%Y}"
