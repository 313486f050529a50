"""What becomes of a work: plots with trees counted by year, regeneration, care, acceptance, photo points."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.habitats.models.works import STANDING, Planting, Work
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.taxa.models import Taxon


class Plot(Located):
    """A plot in which trees are counted, year by year; it is as guarded as its work."""

    work = models.ForeignKey(
        Work, verbose_name=_("công trình"), on_delete=models.PROTECT, related_name="plots"
    )
    number = models.PositiveSmallIntegerField(_("số ô"))
    m2 = models.PositiveIntegerField(_("diện tích ô (m²)"), default=100)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")

    place_words: ClassVar = ("note",)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["work", "number", "id"], name="growth_plot_work", condition=STANDING),
            models.Index(fields=["cell"], name="growth_plot_cell"),
            models.Index(fields=["shown_cell"], name="growth_plot_shown_cell"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["work", "number"],
                condition=STANDING,
                name="growth_plot_once",
                violation_error_message=_("Công trình này đã có ô mang số đó."),
            ),
            models.CheckConstraint(
                name="growth_plot_of_some",
                condition=Q(m2__gt=0),
                violation_error_message=_("Diện tích ô phải lớn hơn 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('ô')} {self.number}"


class Counted(Record):
    """The trees of one species in one plot on one day: of those planted in it, how many live."""

    plot = models.ForeignKey(Plot, verbose_name=_("ô"), on_delete=models.PROTECT, related_name="counts")
    planting = models.ForeignKey(
        Planting, verbose_name=_("loài trồng"), on_delete=models.PROTECT, related_name="counts"
    )
    day = models.DateField(_("ngày đếm"))
    planted = models.PositiveIntegerField(_("số cây đã trồng trong ô"))
    alive = models.PositiveIntegerField(_("số cây còn sống"))
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="growth_count_day", condition=STANDING),
            models.Index(fields=["plot", "day", "id"], name="growth_count_plot", condition=STANDING),
            models.Index(fields=["planting", "day", "id"], name="growth_count_species", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="growth_alive_of_planted",
                condition=Q(planted__gt=0, alive__lte=F("planted")),
                violation_error_message=_(
                    "Số cây còn sống không thể nhiều hơn số cây đã trồng trong ô; kiểm tra lại hai số."
                ),
            ),
            models.UniqueConstraint(
                fields=["plot", "planting", "day"],
                condition=STANDING,
                name="growth_counted_once",
                violation_error_message=_("Ô này, loài này đã đếm ngày đó; sửa dòng đã có."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alive}/{self.planted} {self.day:%d/%m/%Y}"


class Regrowth(Record):
    """Trees that came by themselves in a plot, by species and height."""

    class Height(models.TextChoices):
        LOW = "low", _("dưới 0,5 m")
        KNEE = "knee", _("0,5–1 m")
        TALL = "tall", _("1–2 m")
        HIGH = "high", _("trên 2 m")

    plot = models.ForeignKey(Plot, verbose_name=_("ô"), on_delete=models.PROTECT, related_name="regrowth")
    taxon = models.ForeignKey(
        Taxon, verbose_name=_("loài"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField(_("ngày đếm"))
    height = models.CharField(_("cấp chiều cao"), max_length=4, choices=Height)
    stems = models.PositiveIntegerField(_("số cây tái sinh"))

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["plot", "day", "id"], name="regrowth_plot", condition=STANDING)
        ]

    def __str__(self) -> str:
        return f"{self.stems} {self.get_height_display()} {self.day:%d/%m/%Y}"


class Care(Record):
    """One round of care of a work: what was done, by whom, over how much of it."""

    class What(models.TextChoices):
        WEED = "weed", _("phát dọn, xới, vun gốc")
        FEED = "feed", _("bón phân")
        REPLANT = "replant", _("trồng dặm")
        GUARD = "guard", _("bảo vệ, rào, ngăn gia súc")
        FIRE = "fire", _("làm đường băng, phòng cháy")

    work = models.ForeignKey(
        Work, verbose_name=_("công trình"), on_delete=models.PROTECT, related_name="cares"
    )
    day = models.DateField(_("ngày"))
    what = models.CharField(_("việc chăm sóc"), max_length=8, choices=What)
    hectares = models.FloatField(_("diện tích chăm sóc (ha)"), null=True, blank=True)
    replanted = models.PositiveIntegerField(_("số cây trồng dặm"), null=True, blank=True)
    who = models.CharField(_("ai làm"), max_length=200, blank=True, default="")
    note = models.TextField(_("ghi chú"), blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["work", "day", "id"], name="restore_care", condition=STANDING)
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="restore_care_of_some",
                condition=Q(hectares__isnull=True) | Q(hectares__gt=0),
                violation_error_message=_("Diện tích phải lớn hơn 0; chưa đo thì để trống."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.day:%d/%m/%Y}"


class Acceptance(Record):
    """The minutes of accepting a work in one year; signed ones keep what was counted."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang lập")
        SIGNED = "signed", _("đã ký")

    class Outcome(models.TextChoices):
        PASSED = "passed", _("đạt")
        PART = "part", _("đạt một phần, làm lại phần hỏng")
        FAILED = "failed", _("không đạt")

    work = models.ForeignKey(
        Work, verbose_name=_("công trình"), on_delete=models.PROTECT, related_name="acceptances"
    )
    day = models.DateField(_("nghiệm thu ngày"))
    outcome = models.CharField(_("kết luận"), max_length=8, choices=Outcome)
    failed_ha = models.FloatField(_("phần hỏng phải làm lại (ha)"), null=True, blank=True)
    basis = models.CharField(_("căn cứ kết luận"), max_length=300)
    members = models.TextField(_("thành phần nghiệm thu"))
    note = models.TextField(_("ý kiến, kiến nghị"), blank=True, default="")
    planted = models.PositiveIntegerField(_("số cây đã trồng trong các ô"), null=True, editable=False)
    alive = models.PositiveIntegerField(_("số cây còn sống trong các ô"), null=True, editable=False)
    number = models.CharField(_("số biên bản"), max_length=120, blank=True, default="")
    paper = models.CharField(_("biên bản"), max_length=64, blank=True, default="", editable=False)
    status = models.CharField(_("tình trạng"), max_length=8, choices=Status, default=Status.DRAFT)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="restore_accept_day", condition=STANDING),
            models.Index(fields=["work", "day", "id"], name="restore_accept_work", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="restore_failed_part",
                condition=Q(failed_ha__isnull=True) | Q(failed_ha__gt=0),
                violation_error_message=_("Phần hỏng phải lớn hơn 0 ha; không có thì để trống."),
            ),
            models.CheckConstraint(
                name="restore_part_says_how_much",
                condition=~Q(outcome="part") | Q(failed_ha__isnull=False),
                violation_error_message=_("Đạt một phần thì ghi phần hỏng bao nhiêu ha."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.day:%d/%m/%Y}"


class PhotoPoint(Located):
    """A place from which the same view is photographed again and again."""

    work = models.ForeignKey(
        Work, verbose_name=_("công trình"), on_delete=models.PROTECT, related_name="points"
    )
    name = models.CharField(pgettext_lazy("điểm chụp", "tên điểm"), max_length=120)
    bearing = models.PositiveSmallIntegerField(
        _("hướng chụp (độ từ hướng bắc)"), validators=[MaxValueValidator(359)]
    )
    note = models.CharField(_("mốc dễ nhận, cách đứng chụp"), max_length=300, blank=True, default="")

    place_words: ClassVar = ("name", "note", "bearing")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["work", "id"], name="photo_point_work", condition=STANDING),
            models.Index(fields=["cell"], name="photo_point_cell"),
            models.Index(fields=["shown_cell"], name="photo_point_shown_cell"),
        ]

    def __str__(self) -> str:
        return self.name or str(_("điểm chụp ảnh"))
