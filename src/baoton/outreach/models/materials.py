"""Leaflets, posters and books: what came in, what was handed out to whom, never more than there is."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.kit.writing.ledger import Entry
from baoton.outreach.models.campaigns import STANDING, Campaign
from baoton.outreach.models.sessions import Session


class Material(Record):
    """One printed or recorded thing, in the store of the body that hands it out."""

    class Kind(models.TextChoices):
        LEAFLET = "leaflet", _("tờ rơi")
        POSTER = "poster", _("áp phích")
        BOOK = "book", _("sách, sổ tay")
        BANNER = "banner", _("băng rôn, biển")
        RECORD = "record", _("đĩa, thẻ nhớ ghi âm, ghi hình")

    title = models.CharField(_("tên tài liệu"), max_length=300)
    kind = models.CharField(_("loại"), max_length=8, choices=Kind)
    language = models.CharField(_("tiếng dùng"), max_length=60, blank=True, default="")
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("chiến dịch"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="materials",
    )  # fmt: skip

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["title", "id"], name="material_title", condition=STANDING),
            models.Index(fields=["area_path", "title", "id"], name="material_area", condition=STANDING),
        ]

    def __str__(self) -> str:
        return self.title


class Handout(Entry):
    """One line of a material: copies printed or received, handed out at a session or to a commune, lost."""

    KINDS = (("copy", _("bản trong kho")),)

    class What(models.TextChoices):
        RECEIVED = "received", _("in, nhận về")
        HANDED = "handed", _("phát, cấp ra")
        LOST = "lost", _("hỏng, mất")

    book = models.ForeignKey(
        Material, verbose_name=_("tài liệu"), on_delete=models.PROTECT, related_name="lines"
    )
    kind = models.CharField(_("lớp"), max_length=40, choices=KINDS, default="copy")
    what = models.CharField(_("nhập hay xuất"), max_length=8, choices=What)
    handed = models.IntegerField(_("số bản phát ra"), null=True, editable=False)
    session = models.ForeignKey(
        Session, verbose_name=_("phát tại buổi"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="handouts",
    )  # fmt: skip
    unchangeable: ClassVar = Entry.unchangeable | {"what", "handed", "session_id", "area_path"}

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["book", "day", "position"], name="handout_book"),
            models.Index(fields=["day", "id"], name="handout_day"),
            models.Index(fields=["area_path", "day", "id"], name="handout_area"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.get_what_display()} {self.amount:+d}"
