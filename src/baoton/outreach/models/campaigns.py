"""Campaigns with one message, and the schools and clubs that take part."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.plan.models import ServesTask

STANDING = Q(withdrawn__isnull=True)
BACKWARDS = _("Ngày kết thúc không thể trước ngày bắt đầu.")


class Campaign(Record, ServesTask):
    """One message told to one audience over a time, in one commune or in the whole province."""

    title = models.CharField(_("tên chiến dịch"), max_length=300)
    audience = models.CharField(_("đối tượng"), max_length=300)
    message = models.TextField(_("thông điệp"))
    language = models.CharField(_("tiếng dùng"), max_length=60, blank=True, default="")
    day = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến ngày"), null=True, blank=True)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="outreach_campaign_day", condition=STANDING),
            models.Index(
                fields=["area_path", "day", "id"], name="outreach_campaign_area", condition=STANDING
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outreach_campaign_ends_later",
                condition=Q(until__isnull=True) | Q(until__gte=F("day")),
                violation_error_message=BACKWARDS,
            )
        ]

    def __str__(self) -> str:
        return self.title


class Group(Record):
    """A school, a club or a union that takes part in outreach; no names of its members."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("trường học")
        CLUB = "club", _("câu lạc bộ")
        UNION = "union", _("hội, đoàn thể")
        FOREST = "forest", _("tổ bảo vệ rừng")

    name = models.CharField(_("tên trường, câu lạc bộ"), max_length=200)
    kind = models.CharField(_("loại"), max_length=8, choices=Kind)
    village = models.CharField(_("bản, tổ dân phố"), max_length=200, blank=True, default="")
    members = models.PositiveIntegerField(_("số thành viên, học sinh"), null=True, blank=True)
    day = models.DateField(_("tham gia từ"), null=True, blank=True)
    until = models.DateField(_("thôi tham gia từ"), null=True, blank=True)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="outreach_group_name", condition=STANDING),
            models.Index(fields=["area_path", "name", "id"], name="outreach_group_area", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_path", "name"],
                condition=STANDING,
                name="outreach_group_once",
                violation_error_message=_("Xã, phường này đã có trường, câu lạc bộ mang tên đó."),
            ),
            models.CheckConstraint(
                name="outreach_group_ends_later",
                condition=Q(until__isnull=True) | Q(day__isnull=True) | Q(until__gte=F("day")),
                violation_error_message=BACKWARDS,
            ),
        ]

    def __str__(self) -> str:
        return self.name
