"""Looking at facilities: visits, what they counted and found, and the signals that call for one."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.facilities.models.bodies import of_bodies
from baoton.facilities.models.classes import KINDS
from baoton.kit.access import Actor
from baoton.kit.record import Record


class Campaign(Record):
    """A round of inspections: when, which teams, by which decision; its visits are the plan."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang lập")
        DECIDED = "decided", _("đã ban hành")
        CLOSED = "closed", _("đã kết thúc")

    name = models.CharField(_("tên đợt kiểm tra"), max_length=200)
    begins = models.DateField(_("từ ngày"))
    ends = models.DateField(_("đến ngày"))
    teams = models.TextField(
        _("các đoàn"), help_text=_("Mỗi dòng một đoàn: tên đoàn: trưởng đoàn, thành viên.")
    )
    note = models.TextField(_("mục đích, yêu cầu"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    number = models.CharField(_("số quyết định"), max_length=120, blank=True, default="")
    paper = models.CharField(_("quyết định"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["begins", "id"], name="campaign_begins")]

    def __str__(self) -> str:
        return self.name


class Inspection(Record):
    """One visit to look at a facility: why, by whom, what was counted beside the book, what was found."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("theo kế hoạch")
        UNANNOUNCED = "unannounced", _("đột xuất")
        FOLLOW_UP = "follow_up", _("kiểm tra lại")

    class Status(models.TextChoices):
        PLANNED = "planned", _("trong kế hoạch")
        STARTED = "started", _("đang kiểm tra")
        FINISHED = "finished", _("đã kiểm tra")

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="inspections", verbose_name=_("cơ sở")
    )
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="visits",
        verbose_name=_("đợt kiểm tra"),
    )  # fmt: skip
    kind = models.CharField(_("hình thức"), max_length=12, choices=Kind)
    day = models.DateField(_("ngày kiểm tra"))
    team = models.CharField(_("đoàn kiểm tra"), max_length=300, blank=True, default="")
    why = models.TextField(_("lý do đưa vào kế hoạch"), blank=True, default="")
    points = models.JSONField(_("từng nội dung kiểm tra"), default=dict, editable=False)
    checklist = models.TextField(_("nội dung đã kiểm tra"), blank=True, default="")
    summary = models.TextField(_("kết luận"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLANNED)
    number = models.CharField(_("số biên bản"), max_length=120, blank=True, default="")
    paper = models.CharField(_("biên bản"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="inspection_day"),
            models.Index(fields=["status", "day", "id"], name="inspection_status"),
        ]

    def __str__(self) -> str:
        return f"{self.facility.name} {self.day:%d/%m/%Y}"

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> models.Q | None:
        """An owner sees a visit to his facility once its minute is made, never one that is to come."""
        return of_bodies(
            actor, verb, "facilities.inspection.see", "facility__organisation", status=cls.Status.FINISHED
        )


class Counted(Record):
    """What was counted of one class of one book, beside the balance that stood at the moment the visit began."""

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="counts", verbose_name=_("cuộc kiểm tra")
    )
    stock = models.ForeignKey(
        "facilities.Stock", on_delete=models.PROTECT, related_name="+", verbose_name=_("sổ")
    )
    kind = models.CharField(_("lớp"), max_length=40, choices=KINDS)
    balance = models.IntegerField(_("số dư sổ"), editable=False)
    counted = models.PositiveIntegerField(_("đếm được"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "stock", "kind"], name="counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.stock}: {self.get_kind_display()}"


class Finding(Record):
    """Something an inspection found that must be mended by a day."""

    class Status(models.TextChoices):
        OPEN = "open", _("chưa khắc phục")
        CLOSED = "closed", _("đã khắc phục")

    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="findings", verbose_name=_("cuộc kiểm tra")
    )
    what = models.CharField(_("tồn tại"), max_length=400)
    found = models.DateField(_("thấy ngày"), null=True, editable=False)
    due = models.DateField(_("hạn khắc phục"))
    status = models.CharField(_("tình trạng"), max_length=6, choices=Status, default=Status.OPEN)
    closed_on = models.DateField(_("khắc phục ngày"), null=True, blank=True)
    how = models.TextField(_("đã khắc phục thế nào"), blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["status", "due", "id"], name="finding_status")]

    def __str__(self) -> str:
        return self.what

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> models.Q | None:
        """An owner sees what he must mend once the minute is made."""
        return of_bodies(
            actor, verb, "facilities.finding.see", "inspection__facility__organisation",
            inspection__status=Inspection.Status.FINISHED,
        )  # fmt: skip


class Signal(Record):
    """Something in a book that no honest history easily explains: a reason to look, never a verdict."""

    class Status(models.TextChoices):
        OPEN = "open", _("chưa có giải thích")
        ANSWERED = "answered", _("chủ cơ sở đã giải thích")
        LOOKED = "looked", _("đã đưa vào kiểm tra")
        GONE = "gone", _("không còn")

    stock = models.ForeignKey(
        "facilities.Stock", on_delete=models.PROTECT, related_name="signals", verbose_name=_("sổ")
    )
    rule = models.CharField(_("dấu hiệu"), max_length=40)
    key = models.CharField(max_length=80, editable=False)
    words = models.TextField(_("vì sao"))
    entries = models.JSONField(_("các dòng sổ"), default=list, editable=False)
    score = models.PositiveSmallIntegerField(_("mức"), default=1, editable=False)
    found = models.DateField(_("thấy ngày"))
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.OPEN)
    answer = models.TextField(_("giải thích của chủ cơ sở"), blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stock", "key"], name="signal_once")]
        indexes: ClassVar = [models.Index(fields=["status", "score", "id"], name="signal_status")]

    def __str__(self) -> str:
        return f"{self.words.rstrip('.')} · {self.stock}"
