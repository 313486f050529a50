"""Evidence: a photo, a scan or a decision that stands for something in the registers."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.kit import lent
from baoton.kit.access import Actor
from baoton.kit.place import Located
from baoton.kit.reading.register import all_registers
from baoton.kit.reading.retold import retold


class Evidence(Located):
    """One blob as evidence of one record, named as (`about_type`, `about_id`); the original is never changed.

    Its own geometry is where the photo says it was taken; area, body, group, level and shown place are those of
    the record, so that a right to the record is a right to its evidence, and no other.
    `exif_note` says what the picture itself tells of its place and time, and whether it agrees.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("ảnh")
        SCAN = "scan", _("bản quét")
        DECISION = "decision", _("quyết định")
        ATTENDANCE = "attendance", _("danh sách người dự")
        MINUTES = "minutes", _("biên bản")
        SOURCE = "source", _("tệp gốc đã nhập")

    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    title = models.CharField(_("tên"), max_length=300)
    sha256 = models.CharField(_("sha256"), max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField(_("cỡ tệp"))
    taken = models.DateTimeField(_("chụp lúc"), null=True, blank=True)
    creator = models.CharField(_("người chụp, người lập"), max_length=200, blank=True, default="")
    licence = models.CharField(_("giấy phép"), max_length=100, blank=True, default="")
    about_type = models.CharField(max_length=80, blank=True, default="")
    about_id = models.UUIDField(null=True, blank=True)
    exif_note = models.CharField(_("đối chiếu ảnh"), max_length=300, blank=True, default="")

    taxon_group = models.CharField(max_length=20, blank=True, default="", editable=False)

    place_words: ClassVar = (
        "exif_note", "title", "sha256", "size", "taken", "creator", "licence", "media_type"
    )  # fmt: skip

    @property
    def exif_said(self) -> str:
        """What the picture tells, in the reader's language."""
        return retold(self.exif_note)

    @classmethod
    def guarded_by_itself(cls) -> models.Q:
        """Evidence of records that are guarded for the sake of their own group alone."""
        return models.Q(disclosure=0) | models.Q(guarded_for=models.F("taxon_group"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about_type", "about_id"], name="evidence_about")]

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> models.Q | None:
        """Beside what a person reported: evidence may be added to work that was given to his body."""
        mine = super().theirs(actor, verb)
        if not verb.endswith(".create") or not actor.scopes(verb):
            return mine
        for book in all_registers():
            theirs = None if book.model is cls else book.model.theirs(actor, f"{book.name}.finish")
            if theirs is not None:
                keys = book.model._default_manager.filter(theirs).values("pk")
                told = models.Q(about_type=book.model._meta.label_lower, about_id__in=keys)
                mine = told if mine is None else mine | told
        return mine

    @classmethod
    def barred(cls, actor: Actor) -> models.Q | None:
        """What stands on a record that its body lends in parts, unless this part is for the actor."""
        return lent.kept_back(actor, lent.EVIDENCE)

    def __str__(self) -> str:
        return self.title
