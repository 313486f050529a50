"""Reports that were made: which figures, from which records, under which chain head; and figures asked of others."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor
from baoton.kit.ids import new_id
from baoton.kit.record import Record
from baoton.people.queries import organisation_name
from baoton.reporting.periods import named


class Report(models.Model):
    """One report as it was made; its file is a blob, its figures are kept with their queries."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(_("năm"))
    part = models.CharField(max_length=20, blank=True, default="")
    area = models.CharField(max_length=40, blank=True, default="")
    made = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=200)
    figures = models.JSONField(default=list)
    audit_head = models.CharField(max_length=64)
    simulated = models.BooleanField(default=False)
    docx_sha256 = models.CharField(max_length=64)
    template_sha256 = models.CharField(max_length=64, blank=True, default="")
    records_sha256 = models.CharField(max_length=64, blank=True, default="")
    xlsx_sha256 = models.CharField(max_length=64, blank=True, default="")
    editions = models.JSONField(default=dict)
    """The files of its other editions by key: `{"public": {"docx": sha256, "xlsx": sha256}}`."""

    class Meta:
        ordering: ClassVar = ["-made"]


class Wording(models.Model):
    """One version of the report's Word template: whose file, from which day on it is used; it is never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    since = models.DateField(_("áp dụng từ ngày"))
    note = models.CharField(_("ghi chú"), max_length=300, blank=True, default="")
    uploaded = models.DateTimeField(default=timezone.now)
    uploaded_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-since", "-uploaded", "-id"]

    def __str__(self) -> str:
        return self.name


class FigureRequest(Record):
    """A figure that the system does not hold, asked of the body that knows it; its answer is printed as that body's."""

    class Status(models.TextChoices):
        ASKED = "asked", _("đã hỏi")
        ANSWERED = "answered", _("đã trả lời")

    what = models.CharField(_("số liệu"), max_length=200)
    count = models.CharField(max_length=60, editable=False, blank=True, default="")
    period = models.CharField(_("kỳ báo cáo"), max_length=8)
    body = models.CharField(_("cơ quan được hỏi"), max_length=40)
    answer_by = models.DateField(_("trả lời trước ngày"), null=True, blank=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.ASKED)
    answer = models.CharField(_("trả lời"), max_length=300, blank=True, default="")
    source = models.CharField(_("văn bản, nguồn"), max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["period", "id"], name="request_period"),
            models.Index(fields=["body", "status", "id"], name="request_body"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "count"],
                condition=models.Q(withdrawn__isnull=True) & ~models.Q(count=""),
                name="request_once",
                violation_error_message=_("Số liệu này đã được hỏi cho kỳ này."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.what}, {named(self.period)}"

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> models.Q | None:
        """What the actor's own body was asked, by the verbs of whoever answers."""
        body = getattr(actor, "organisation_id", "") or ""
        held = verb.rpartition(".")[2] in {"see", "answer"} and actor.scopes(verb)
        return models.Q(body=body) if body and held else None


class OwnReport(Record):
    """What one commune or body reports to the lead on a period: its figures, its words, its number and paper."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("dự thảo")
        SUBMITTED = "submitted", _("đã nộp")
        RETURNED = "returned", _("trả lại")
        CHECKED = "checked", _("đã kiểm tra")
        MERGED = "merged", _("đã đưa vào báo cáo tỉnh")

    body = models.CharField(_("cơ quan"), max_length=40)
    period = models.CharField(_("kỳ báo cáo"), max_length=8)
    results = models.TextField(_("kết quả nổi bật"), blank=True, default="")
    obstacles = models.TextField(_("khó khăn, vướng mắc"), blank=True, default="")
    proposals = models.TextField(_("đề xuất, kiến nghị"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    due = models.DateField(_("hạn nộp"), null=True, blank=True)
    submitted = models.DateField(_("nộp ngày"), null=True, blank=True)
    returned_why = models.CharField(_("trả lại vì"), max_length=300, blank=True, default="")
    number = models.CharField(_("số báo cáo"), max_length=120, blank=True, default="")
    paper = models.CharField(_("báo cáo"), max_length=64, blank=True, default="", editable=False)
    figures = models.JSONField(default=list, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["period", "status", "id"], name="own_period"),
            models.Index(fields=["body", "id"], name="own_body"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "period"],
                condition=models.Q(withdrawn__isnull=True),
                name="own_once",
                violation_error_message=_(
                    "Cơ quan này đã có báo cáo của kỳ này; mở bản đã có để sửa hoặc nộp."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{organisation_name(self.body) or self.body}, {named(self.period)}"

    @classmethod
    def barred(cls, actor: Actor) -> models.Q | None:
        """Whoever writes his body's report reads no other body's, unless he checks them; the leader reads all."""
        if actor.scopes("reporting.own.check") or not actor.scopes("reporting.own.submit"):
            return None
        return ~models.Q(body=getattr(actor, "organisation_id", "") or "")


class Submission(models.Model):
    """One version of a report of a commune or body as it was submitted; it is never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(OwnReport, on_delete=models.CASCADE, related_name="versions")
    n = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=200)
    results = models.TextField(blank=True, default="")
    obstacles = models.TextField(blank=True, default="")
    proposals = models.TextField(blank=True, default="")
    figures = models.JSONField(default=list)
    records_sha256 = models.CharField(max_length=64, blank=True, default="")
    paper = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "n"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.report}, {self.n}"


class Outgoing(Record):
    """A paper on its way out: one edition of a report that was made, presented, approved, numbered and issued."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("dự thảo")
        WAITING = "waiting", _("chờ duyệt")
        RETURNED = "returned", _("trả lại")
        APPROVED = "approved", _("đã duyệt")
        ISSUED = "issued", _("đã phát hành")

    made_from = models.CharField(_("báo cáo đã lập"), max_length=36)
    edition = models.CharField(_("bản gửi"), max_length=20, default="whole")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    presented_by = models.CharField(_("người trình"), max_length=200, blank=True, default="")
    returned_why = models.CharField(_("trả lại vì"), max_length=300, blank=True, default="")
    approved_by = models.CharField(_("người duyệt"), max_length=200, blank=True, default="")
    approved_on = models.DateField(_("duyệt ngày"), null=True, blank=True)
    number = models.CharField(_("số báo cáo"), max_length=120, blank=True, default="")
    issued_on = models.DateField(_("ban hành ngày"), null=True, blank=True)
    paper = models.CharField(_("bản Word"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["status", "id"], name="outgoing_status")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["made_from", "edition"],
                condition=models.Q(withdrawn__isnull=True),
                name="outgoing_once",
                violation_error_message=_("Bản gửi này của báo cáo đã được trình; mở bản đã có để xem."),
            )
        ]

    def __str__(self) -> str:
        return (
            f"{_('báo cáo')} {self.number}" if self.number else f"{_('báo cáo')} {self.get_status_display()}"
        )
