"""Seedlings of a nursery lot by lot, and plants harvested under the canopy by licence: two ledgers."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baoton.habitats.models.works import STANDING, Work
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.kit.writing.ledger import Entry
from baoton.taxa.models import Taxon


class NurseryLot(Record):
    """One lot of seed of one species in a nursery, from the seed to the seedlings that left."""

    code = models.CharField(_("mã lô giống"), max_length=60)
    nursery = models.CharField(_("vườn ươm"), max_length=200)
    taxon = models.ForeignKey(Taxon, verbose_name=_("loài"), on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("nguồn hạt, hom"), max_length=300)
    certificate = models.CharField(_("số chứng nhận nguồn giống"), max_length=120, blank=True, default="")
    note = models.TextField(_("ghi chú"), blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["code", "id"], name="nursery_lot_code", condition=STANDING),
            models.Index(fields=["area_path", "code", "id"], name="nursery_lot_area", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nursery", "code"],
                condition=STANDING,
                name="nursery_lot_once",
                violation_error_message=_("Vườn ươm này đã có lô mang mã đó."),
            )
        ]

    def __str__(self) -> str:
        return self.code


class Seedling(Entry):
    """One line of a lot: seed in, seed raised to seedlings, seedlings out to a work, losses."""

    KINDS = (("seed", _("hạt, hom")), ("seedling", _("cây con")))

    class What(models.TextChoices):
        RECEIVED = "received", _("nhập vào lô")
        RAISED = "raised", _("ươm thành cây con")
        ISSUED = "issued", _("xuất trồng")
        LOST = "lost", _("hao hụt")

    book = models.ForeignKey(
        NurseryLot, verbose_name=_("lô giống"), on_delete=models.PROTECT, related_name="lines"
    )
    kind = models.CharField(_("hạt hay cây con"), max_length=40, choices=KINDS)
    what = models.CharField(_("việc ở vườn ươm"), max_length=8, choices=What)
    issued = models.IntegerField(_("số cây xuất"), null=True, editable=False)
    work = models.ForeignKey(
        Work, verbose_name=_("trồng ở công trình"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="seedlings",
    )  # fmt: skip
    unchangeable: ClassVar = Entry.unchangeable | {"what", "issued", "work_id"}

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["book", "day", "position"], name="seedling_book"),
            models.Index(fields=["day", "id"], name="seedling_day"),
            models.Index(fields=["work"], name="seedling_work"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.get_what_display()} {self.amount:+d} {self.get_kind_display()}"


class HarvestArea(Located):
    """Ground under the canopy where people grow or gather one plant; of a guarded plant its place is told to few."""

    name = models.CharField(_("tên vùng"), max_length=200)
    taxon = models.ForeignKey(Taxon, verbose_name=_("loài"), on_delete=models.PROTECT, related_name="+")
    hectares = models.FloatField(_("diện tích đo được (ha)"), null=True, editable=False)
    growers = models.PositiveIntegerField(_("số hộ trồng, thu hái"), null=True, blank=True)
    group = models.CharField(_("nhóm hộ, hợp tác xã"), max_length=200, blank=True, default="")
    yearly_kg = models.PositiveIntegerField(_("mức khai thác bền vững (kg/năm)"), null=True, blank=True)
    basis = models.CharField(_("căn cứ của mức đó"), max_length=300, blank=True, default="")

    place_words: ClassVar = ("name", "group", "hectares")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["taxon", "id"], name="harvest_area_taxon", condition=STANDING),
            models.Index(fields=["area_path", "id"], name="harvest_area_area", condition=STANDING),
            models.Index(fields=["shown_area_path", "id"], name="harvest_area_shown", condition=STANDING),
            models.Index(fields=["cell"], name="harvest_area_cell"),
            models.Index(fields=["shown_cell"], name="harvest_area_shown_cell"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="harvest_yield_has_a_basis",
                condition=Q(yearly_kg__isnull=True) | ~Q(basis=""),
                violation_error_message=_(
                    "Ghi căn cứ của mức khai thác bền vững; chưa có căn cứ thì để trống mức."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name or (self.taxon.vernacular_vi.split(";")[0] or self.taxon.scientific_name)


class Licence(Record):
    """Leave to harvest so many kilograms of a plant in an area within a time."""

    class Status(models.TextChoices):
        ASKED = "asked", _("đang đề nghị")
        GRANTED = "granted", _("đã cấp phép")
        REFUSED = "refused", _("không cấp")
        REVOKED = "revoked", _("đã thu hồi")

    area = models.ForeignKey(
        HarvestArea, verbose_name=_("vùng"), on_delete=models.PROTECT, related_name="licences"
    )
    holder = models.CharField(_("người được phép"), max_length=200)
    since = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến hết ngày"))
    kg = models.PositiveIntegerField(_("được khai thác (kg)"))
    paper_number = models.CharField(_("số giấy phép khai thác"), max_length=120, blank=True, default="")
    paper_file = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("giấy phép"), null=True, blank=True, on_delete=models.PROTECT
    )
    status = models.CharField(_("tình trạng"), max_length=8, choices=Status, default=Status.ASKED)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["since", "id"], name="harvest_licence_since", condition=STANDING),
            models.Index(fields=["area", "since", "id"], name="harvest_licence_area", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="harvest_licence_ends_later",
                condition=Q(until__gte=F("since")),
                violation_error_message=_("Ngày hết hạn không thể trước ngày bắt đầu."),
            ),
            models.CheckConstraint(
                name="harvest_licence_of_some",
                condition=Q(kg__gt=0),
                violation_error_message=_("Số kg được khai thác phải lớn hơn 0."),
            ),
        ]

    def __str__(self) -> str:
        return self.paper_number or f"{self.holder} {self.since:%d/%m/%Y}"


class Harvest(Entry):
    """One line of a licence: what it allowed, and each harvest taken from what it leaves."""

    KINDS = (("kg", _("còn được khai thác (kg)")),)

    class What(models.TextChoices):
        ALLOWED = "allowed", _("cấp phép")
        TAKEN = "taken", _("khai thác")

    book = models.ForeignKey(
        Licence, verbose_name=_("giấy phép"), on_delete=models.PROTECT, related_name="lines"
    )
    kind = models.CharField(_("lớp"), max_length=40, choices=KINDS, default="kg")
    what = models.CharField(_("cấp hay khai thác"), max_length=8, choices=What)
    kg = models.IntegerField(_("khai thác được (kg)"), null=True, editable=False)
    income = models.BigIntegerField(_("thu được (đồng)"), null=True, blank=True)
    who = models.CharField(_("ai khai thác"), max_length=200, blank=True, default="")
    unchangeable: ClassVar = Entry.unchangeable | {"what", "kg", "income"}

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["book", "day", "position"], name="harvest_book"),
            models.Index(fields=["day", "id"], name="harvest_day"),
            models.Index(fields=["area_path", "day", "id"], name="harvest_area_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.amount:+d} kg"
