"""The status of a species in the province, computed from verified records and adopted by a person."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.taxa.models import Taxon

STANDING = Q(withdrawn__isnull=True)
CATEGORIES = (
    ("RE", _("RE – tuyệt chủng trong vùng")),
    ("CR", _("CR – cực kỳ nguy cấp")),
    ("EN", _("EN – nguy cấp")),
    ("VU", _("VU – sẽ nguy cấp")),
    ("NT", _("NT – sắp bị đe doạ")),
    ("LC", _("LC – ít quan tâm")),
    ("DD", _("DD – thiếu dữ liệu")),
)


class SpeciesStatus(Record):
    """What everybody may know of one species up to a day; unknown figures are null with their reason.

    The extents come from the places that may be shown: of `records`, `blurred` count at the centre of their
    square and `withheld` not at all, and an area of occupancy is told only where there are none of these.
    What the true places say stands in `TrueExtent`. `category` stays 'chưa đánh giá' until a person adopts one.
    """

    class Status(models.TextChoices):
        COMPUTED = "computed", _("đã tính, chờ thông qua")
        ADOPTED = "adopted", _("đã thông qua")
        SUPERSEDED = "superseded", _("đã thay bằng bản mới")

    taxon = models.ForeignKey(Taxon, on_delete=models.PROTECT, related_name="statuses")
    taxon_group = models.CharField(_("nhóm loài"), max_length=20, default="other")
    on = models.DateField(_("tính đến ngày"))
    records = models.PositiveIntegerField(_("số ghi nhận"))
    years = models.PositiveSmallIntegerField(_("số năm có ghi nhận"))
    blurred = models.PositiveIntegerField(_("số ghi nhận làm mờ vị trí"), default=0)
    withheld = models.PositiveIntegerField(_("số ghi nhận không công bố vị trí"), default=0)
    places = models.PositiveIntegerField(_("số vị trí khác nhau"), null=True)
    eoo_km2 = models.FloatField(_("phạm vi phân bố (km²)"), null=True)
    aoo_km2 = models.FloatField(_("diện tích cư trú (km²)"), null=True)
    why_unknown = models.CharField(max_length=300, blank=True, default="")
    hull = models.BinaryField(null=True)
    cells = models.BinaryField(null=True)
    legal = models.JSONField(default=dict)
    category = models.CharField(_("hạng"), max_length=40, blank=True, default="")
    indicated = models.CharField(_("hạng hệ thống gợi ý"), max_length=40, blank=True, default="")
    because = models.TextField(_("lý do"), blank=True, default="")
    input_hash = models.CharField(max_length=64)
    measures = models.JSONField(default=dict, blank=True)
    method = models.CharField(max_length=80)
    status = models.CharField(_("tình trạng"), max_length=12, choices=Status, default=Status.COMPUTED)
    adopted_by = models.CharField(_("người thông qua"), max_length=200, blank=True, default="")
    adopted_on = models.DateField(_("ngày thông qua"), null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["taxon", "on"], name="status_taxon")]

    def __str__(self) -> str:
        return f"{self.taxon} – {self.on:%d/%m/%Y}"

    @property
    def guarded(self) -> bool:
        """Whether the figures rest on less than the true places."""
        return bool(self.blurred or self.withheld)


class TrueExtent(models.Model):
    """The other edition of a status: what the true places say, for whoever may know every one of them.

    `rests_on` are the areas, bodies and groups of its records as they stood then: a reader's grants must cover
    all of them, for a record that was open then may be guarded today.
    """

    status = models.OneToOneField(
        SpeciesStatus, on_delete=models.CASCADE, primary_key=True, related_name="true_extent"
    )
    places = models.PositiveIntegerField()
    eoo_km2 = models.FloatField(null=True)
    aoo_km2 = models.FloatField(null=True)
    why_unknown = models.CharField(max_length=300, blank=True, default="")
    hull = models.BinaryField(null=True)
    cells = models.BinaryField(null=True)
    indicated = models.CharField(max_length=40, blank=True, default="")
    rests_on = models.JSONField(default=list)
    measures = models.JSONField(default=dict, blank=True)


class Session(Record):
    """A meeting of the council: who sat there, which species were before it, how it voted, what was decided."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang chuẩn bị")
        HELD = "held", _("đã họp, chờ quyết định")
        DECIDED = "decided", _("đã có quyết định")

    class Majority(models.TextChoices):
        HALF = "half", _("quá nửa thành viên có mặt")
        THIRDS = "thirds", _("ít nhất hai phần ba thành viên có mặt")

    title = models.CharField(_("tên phiên họp"), max_length=300)
    day = models.DateField(_("ngày họp"))
    place = models.CharField(_("nơi họp"), max_length=200, blank=True, default="")
    founded_by = models.CharField(_("quyết định lập hội đồng"), max_length=200, blank=True, default="")
    majority = models.CharField(_("thông qua khi"), max_length=6, choices=Majority, default=Majority.THIRDS)
    notes = models.TextField(_("ý kiến trao đổi"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=8, choices=Status, default=Status.DRAFT)
    number = models.CharField(_("số biên bản"), max_length=120, blank=True, default="")
    paper = models.CharField(_("biên bản"), max_length=64, blank=True, default="", editable=False)
    decision = models.CharField(_("số quyết định"), max_length=120, blank=True, default="")
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    signer = models.CharField(_("người ký quyết định"), max_length=200, blank=True, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["day", "id"], name="council_day", condition=STANDING)]

    def __str__(self) -> str:
        return f"{self.title} {self.day:%d/%m/%Y}"


class Seat(Record):
    """One member of the council at one session: each has one vote on each species."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chủ tịch")
        SECRETARY = "secretary", _("thư ký")
        REVIEWER = "reviewer", _("phản biện")
        MEMBER = "member", _("uỷ viên")

    session = models.ForeignKey(
        Session, verbose_name=_("phiên họp"), on_delete=models.PROTECT, related_name="seats"
    )
    name = models.CharField(_("họ tên"), max_length=200)
    works_at = models.CharField(_("chức vụ, nơi công tác"), max_length=300, blank=True, default="")
    role = models.CharField(_("vai trò"), max_length=10, choices=Role, default=Role.MEMBER)
    present = models.BooleanField(_("có mặt"), default=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "name"],
                name="seat_once",
                condition=STANDING,
                violation_error_message=_("Phiên họp đã có thành viên này."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Item(Record):
    """One species before a session, with the version that the council reads: what changes after is another one."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("chưa biểu quyết xong")
        PASSED = "passed", _("thông qua hạng đề nghị")
        OTHER = "other", _("thông qua hạng khác")
        FAILED = "failed", _("không thông qua")

    session = models.ForeignKey(
        Session, verbose_name=_("phiên họp"), on_delete=models.PROTECT, related_name="items"
    )
    taxon = models.ForeignKey(Taxon, verbose_name=_("loài"), on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        SpeciesStatus, verbose_name=_("bản tình trạng"), on_delete=models.PROTECT, related_name="items"
    )
    category = models.CharField(_("hạng đề nghị"), max_length=2, choices=CATEGORIES)
    reason = models.TextField(_("căn cứ đề nghị"), blank=True, default="")
    input_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    outcome = models.CharField(_("kết quả"), max_length=8, choices=Outcome, default=Outcome.PENDING)
    decided = models.CharField(
        _("hạng được thông qua"), max_length=2, choices=CATEGORIES, blank=True, default=""
    )

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session", "taxon"],
                name="item_once",
                condition=STANDING,
                violation_error_message=_("Loài này đã có trong chương trình của phiên họp."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.taxon} – {self.category}"


class Vote(Record):
    """What one member said of one species."""

    class Choice(models.TextChoices):
        FOR = "for", _("đồng ý")
        AGAINST = "against", _("không đồng ý")
        ABSTAIN = "abstain", _("không có ý kiến")
        OTHER = "other", _("hạng khác")

    item = models.ForeignKey(Item, verbose_name=_("loài"), on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey(
        Seat, verbose_name=_("thành viên"), on_delete=models.PROTECT, related_name="votes"
    )
    choice = models.CharField(_("phiếu"), max_length=8, choices=Choice)
    category = models.CharField(_("hạng khác"), max_length=2, choices=CATEGORIES, blank=True, default="")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "seat"],
                name="vote_once",
                violation_error_message=_("Mỗi thành viên có một phiếu cho mỗi loài."),
            ),
            models.CheckConstraint(
                name="vote_names_the_other_category",
                condition=(Q(choice="other") & ~Q(category="")) | (~Q(choice="other") & Q(category="")),
                violation_error_message=_(
                    "Phiếu “hạng khác” ghi rõ hạng nào; phiếu khác thì không ghi hạng."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_choice_display()}"
