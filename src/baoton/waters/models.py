"""Waters and their grounds with closed seasons; fish let go to restock them, and what was found after."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baoton.facilities.models import Facility
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.taxa.models import Taxon

STANDING = Q(withdrawn__isnull=True)


class Body(Located):
    """A river, stream, lake, reservoir or wetland."""

    class Kind(models.TextChoices):
        RIVER = "river", _("sông")
        STREAM = "stream", _("suối")
        LAKE = "lake", _("hồ tự nhiên")
        RESERVOIR = "reservoir", _("hồ chứa")
        WETLAND = "wetland", _("đất ngập nước")
        POND = "pond", _("ao nuôi kín")

    name = models.CharField(_("tên thuỷ vực"), max_length=200)
    kind = models.CharField(_("loại thuỷ vực"), max_length=10, choices=Kind)
    importance = models.TextField(_("giá trị đa dạng sinh học"), blank=True, default="")
    use = models.TextField(_("khai thác, sử dụng nước"), blank=True, default="")
    hectares = models.FloatField(_("diện tích (ha)"), null=True, editable=False)
    km = models.FloatField(_("chiều dài (km)"), null=True, editable=False)
    source = models.CharField(_("nguồn"), max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="water_name", condition=STANDING),
            models.Index(fields=["area_path", "name", "id"], name="water_area", condition=STANDING),
            models.Index(fields=["cell"], name="water_cell"),
        ]

    @property
    def natural(self) -> bool:
        """Whether what is let go here may spread: everything but a closed pond."""
        return self.kind != self.Kind.POND

    def __str__(self) -> str:
        return self.name


class Ground(Located):
    """A spawning or nursery ground, or a protected stretch."""

    class Kind(models.TextChoices):
        SPAWNING = "spawning", _("bãi đẻ")
        NURSERY = "nursery", _("bãi giống")
        STRETCH = "stretch", _("đoạn được bảo vệ")

    name = models.CharField(_("tên bãi, đoạn"), max_length=200)
    water = models.ForeignKey(
        Body, verbose_name=_("thuỷ vực"), on_delete=models.PROTECT, related_name="grounds"
    )
    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    species = models.CharField(_("loài dùng nơi này"), max_length=300, blank=True, default="")
    source = models.CharField(_("nguồn"), max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="ground_name", condition=STANDING),
            models.Index(fields=["area_path", "name", "id"], name="ground_area", condition=STANDING),
            models.Index(fields=["cell"], name="ground_cell"),
        ]

    def __str__(self) -> str:
        return self.name


class Season(Record):
    """A time in which nobody fishes at a ground, by one decision."""

    ground = models.ForeignKey(
        Ground, verbose_name=_("bãi, đoạn"), on_delete=models.PROTECT, related_name="seasons"
    )
    since = models.DateField(_("cấm từ ngày"))
    until = models.DateField(_("cấm đến ngày"))
    basis = models.CharField(_("theo văn bản"), max_length=300)
    forbids = models.CharField(_("cấm những gì"), max_length=300, blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["since", "id"], name="season_since", condition=STANDING)]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="season_ends_after_it_began",
                condition=Q(until__gte=F("since")),
                violation_error_message=_("Ngày cuối của kỳ cấm không thể trước ngày đầu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.since:%d/%m/%Y}–{self.until:%d/%m/%Y}"


class Release(Located):
    """Fish let go to restock a water: proposed, approved once the species was looked at, done. Of a guarded species
    its place is told to few."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("đề xuất")
        APPROVED = "approved", _("đã duyệt")
        DONE = "done", _("đã thả")
        REFUSED = "refused", _("không duyệt")

    water = models.ForeignKey(  # always there; nothing only where its reader may not know it
        Body, verbose_name=_("thả vào thuỷ vực"), null=True, on_delete=models.PROTECT, related_name="releases"
    )
    taxon = models.ForeignKey(Taxon, verbose_name=_("loài"), on_delete=models.PROTECT, related_name="+")
    planned = models.DateField(_("ngày dự kiến"))
    day = models.DateField(_("ngày thả"), null=True, blank=True, editable=False)
    count = models.PositiveIntegerField(_("số con"))
    size_cm = models.FloatField(_("cỡ (cm)"), null=True, blank=True)
    source = models.CharField(_("nguồn giống"), max_length=300)
    facility = models.ForeignKey(
        Facility, verbose_name=_("cơ sở cấp giống (có mã số)"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    quarantine = models.CharField(_("số giấy kiểm dịch"), max_length=120, blank=True, default="")
    quarantine_paper = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("giấy kiểm dịch"), null=True, blank=True, on_delete=models.PROTECT
    )
    cost = models.BigIntegerField(_("chi phí (đồng)"), null=True, blank=True)
    locality = models.CharField(_("nơi thả cụ thể"), max_length=300, blank=True, default="")
    attended = models.TextField(_("ai dự, ai chứng kiến"), blank=True, default="")
    despite = models.TextField(_("lý do duyệt dù còn câu hỏi về loài"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PROPOSED)

    place_words: ClassVar = ("water_id", "locality", "attended", "despite")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["planned", "id"], name="restock_day", condition=STANDING),
            models.Index(fields=["day", "id"], name="restock_done", condition=STANDING),
            models.Index(fields=["area_path", "planned", "id"], name="restock_area", condition=STANDING),
            models.Index(
                fields=["shown_area_path", "planned", "id"], name="restock_shown", condition=STANDING
            ),
            models.Index(fields=["cell"], name="restock_cell"),
            models.Index(fields=["shown_cell"], name="restock_shown_cell"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="restock_of_some",
                condition=Q(count__gt=0),
                violation_error_message=_("Số con thả phải lớn hơn 0."),
            )
        ]

    def __str__(self) -> str:
        name = self.taxon.vernacular_vi.split(";")[0] or self.taxon.scientific_name
        return f"{name} {self.day or self.planned:%d/%m/%Y}"


class Check(Record):
    """One look at what became of fish let go: a net that caught so many in so many hours, or a cage."""

    release = models.ForeignKey(
        Release, verbose_name=_("đợt thả"), on_delete=models.PROTECT, related_name="checks"
    )
    day = models.DateField(_("ngày"))
    method = models.CharField(_("cách kiểm tra"), max_length=200)
    hours = models.FloatField(_("số giờ đánh lưới"), null=True, blank=True)
    caught = models.PositiveIntegerField(_("số con bắt được"), null=True, blank=True)
    looked = models.PositiveIntegerField(_("số con theo dõi"), null=True, blank=True)
    alive = models.PositiveIntegerField(_("số con còn sống"), null=True, blank=True)
    note = models.TextField(_("ghi chú"), blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["day", "id"], name="restock_check_day", condition=STANDING)]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="check_alive_of_looked",
                condition=Q(alive__isnull=True, looked__isnull=True)
                | Q(alive__isnull=False, looked__isnull=False, looked__gt=0, alive__lte=F("looked")),
                violation_error_message=_(
                    "Số con còn sống đi cùng số con theo dõi và không nhiều hơn; không rõ thì để trống cả hai."
                ),
            ),
            models.CheckConstraint(
                name="check_caught_in_hours",
                condition=Q(caught__isnull=True, hours__isnull=True)
                | Q(caught__isnull=False, hours__isnull=False, hours__gt=0),
                violation_error_message=_(
                    "Số con bắt được đi cùng số giờ đánh lưới (lớn hơn 0); không rõ thì để trống cả hai."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.day:%d/%m/%Y}"
