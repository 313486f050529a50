"""Campaigns with one message, and the schools and clubs that take part."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor, reach_of
from baoton.kit.record import Record
from baoton.plan.models import ServesTask

STANDING = Q(withdrawn__isnull=True)
BACKWARDS = _("Ngày kết thúc không thể trước ngày bắt đầu.")


def unless_writing(actor: Actor, model: type[models.Model], drafts: Q) -> Q | None:
    """Those of the drafts that the actor may not edit; None where he may edit every row."""
    edits = reach_of(actor.scopes(f"{model._meta.label_lower}.edit"), model)
    return None if edits.all else drafts & ~edits.test


class Campaign(Record, ServesTask):
    """One message told to one audience over a time, in one commune or in the whole province.

    A draft is read by who may write it; what was set going in the province by every commune, what is public by all.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        RUNNING = "running", _("đang triển khai")
        PUBLIC = "public", _("công khai")

    title = models.CharField(_("tên chiến dịch"), max_length=300)
    audience = models.CharField(_("đối tượng"), max_length=300)
    message = models.TextField(_("thông điệp"))
    language = models.CharField(_("tiếng dùng"), max_length=60, blank=True, default="")
    day = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)

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

    @classmethod
    def barred(cls, actor: Actor) -> Q | None:
        """A draft is read by whoever may write it, and by nobody else."""
        return unless_writing(actor, cls, Q(status=cls.Status.DRAFT))

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """A campaign that the province set going is read wherever somebody reads campaigns at all."""
        if verb != "outreach.campaign.see" or not actor.scopes(verb):
            return None
        return ~Q(status=cls.Status.DRAFT) & ~Q(area_path__contains="/")


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
