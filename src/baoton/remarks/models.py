"""What colleagues say to each other about a record."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.ids import new_id
from baoton.people.models import Person


class Remark(models.Model):
    """One person's words on one record, named as (`about_type`, `about_id`); they are withdrawn, never edited.

    It has no rights of its own: it is read through the record, by whoever may know the record's true place.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    about_type = models.CharField(max_length=80)
    about_id = models.UUIDField()
    text = models.TextField(_("ý kiến"))
    author_id = models.CharField(max_length=60)
    author_name = models.CharField(max_length=200)
    written = models.DateTimeField(default=timezone.now)
    withdrawn = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about_type", "about_id", "id"], name="remark_about")]

    def __str__(self) -> str:
        return self.text[:80]


class Mention(models.Model):
    """One colleague named in a remark, and when he said that he read it."""

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mentions")
    read = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["remark", "person"], name="mention_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["person", "id"], name="mention_unread", condition=models.Q(read__isnull=True)
            )
        ]
