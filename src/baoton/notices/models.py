"""What belongs to one reader alone: what he read and muted, what he watches, his digest, his calendar's link; and
which records were noted as news, which each reader meets through his own door."""

from typing import ClassVar

from django.core.validators import EmailValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.people.models import Person


class CalendarLink(models.Model):
    """The link by which a person's telephone reads his calendar; only a keyed digest of it is kept."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="calendar_link"
    )
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(default=timezone.now)


class News(models.Model):
    """A record that a rule noted once, when it came to count; it tells nothing of the record itself."""

    rule = models.CharField(max_length=40)
    record = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "record"], name="news_once")]
        indexes: ClassVar = [models.Index(fields=["rule", "-at"], name="news_newest")]


class Read(models.Model):
    """One notice that a person has read, by its key."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices_read")
    key = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="notice_read_once")]


class Mute(models.Model):
    """Notices of one kind that a person does not want until a day; they stay to be looked at."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mutes")
    rule = models.CharField(max_length=40)
    until = models.DateField(_("đến hết ngày"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "rule"], name="mute_once")]


class Watch(models.Model):
    """A species or a unit of which a person wants to hear beyond his own body's area; exactly one of the two."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="watches")
    taxon = models.UUIDField(null=True)
    area_path = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "taxon", "area_path"], name="watch_once")
        ]


class Digest(models.Model):
    """How often a person is written to, and where; nobody is until he asks for it."""

    class Every(models.TextChoices):
        NEVER = "never", _("không gửi")
        DAY = "day", _("mỗi ngày")
        WEEK = "week", _("thứ Hai hằng tuần")

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="digest")
    every = models.CharField(max_length=5, choices=Every, default=Every.NEVER)
    address = models.CharField(max_length=254, validators=[EmailValidator()])
    sent = models.DateField(null=True)
