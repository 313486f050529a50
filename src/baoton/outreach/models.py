"""Outreach: what a commune did to tell its people."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.plan.models import ServesTask, Work


class Session(Record, ServesTask):
    """One outreach session in one commune."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("họp bản")
        SCHOOL = "school", _("trường học")
        LOUDSPEAKER = "loudspeaker", _("loa truyền thanh")
        TRAINING = "training", _("tập huấn")
        PLEDGE = "pledge", _("ký cam kết")

    title = models.CharField(_("nội dung"), max_length=300)
    kind = models.CharField(_("hình thức"), max_length=12, choices=Kind)
    day = models.DateField(_("ngày"))
    village = models.CharField(_("bản, trường"), max_length=200, blank=True, default="")
    language = models.CharField(_("tiếng dùng"), max_length=60, blank=True, default="")
    participants = models.PositiveIntegerField(_("số người dự"), null=True, blank=True)
    women = models.PositiveIntegerField(_("trong đó nữ"), null=True, blank=True)
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
                condition=models.Q(women__lte=models.F("participants")),
                violation_error_message=_("Số nữ không thể nhiều hơn số người dự."),
            )
        ]

    def __str__(self) -> str:
        return self.title
