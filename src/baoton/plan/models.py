"""The plan as data: its document's nodes, the work that fulfils them, the indicators that tell."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor
from baoton.kit.record import Record


class Plan(models.Model):
    """One plan document of the province."""

    code = models.CharField(primary_key=True, max_length=60)
    title = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400, blank=True, default="")
    issuer = models.CharField(max_length=200)
    issued = models.DateField()
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.code


TIMES = (
    gettext_noop("Thường xuyên"),
    gettext_noop("Hằng năm"),
    gettext_noop("Năm 2026"),
    gettext_noop("Năm 2026-2027"),
)
PLACE_WORDS = (gettext_noop("gạch đầu dòng thứ"), gettext_noop("đoạn văn"), gettext_noop("mục"))


class Node(models.Model):
    """One aim, objective, task, solution or duty of a plan, with its place in the document."""

    class Kind(models.TextChoices):
        AIM = "aim", _("mục đích")
        REQUIREMENT = "requirement", _("yêu cầu")
        OBJECTIVE = "objective", _("mục tiêu")
        TASK = "task", _("nhiệm vụ trọng tâm")
        GROUP = "group", _("đề mục")
        SOLUTION = "solution", _("giải pháp")
        DUTY = "duty", _("trách nhiệm")

    key = models.CharField(primary_key=True, max_length=100)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="nodes")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind)
    number = models.PositiveSmallIntegerField(null=True)  # of a task, as the annex counts
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    position = models.PositiveIntegerField()
    title = models.TextField()
    title_en = models.CharField(max_length=400, blank=True, default="")
    official = models.TextField(blank=True, default="")
    lead = models.JSONField(default=list)
    with_bodies = models.JSONField(default=list)
    lead_said = models.TextField(blank=True, default="")
    with_said = models.TextField(blank=True, default="")
    time = models.TextField(blank=True, default="")
    where_in_document = models.CharField(max_length=200)
    serves = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["plan", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "code"], name="node_once")]

    def __str__(self) -> str:
        """The document's own words where it names the node, else ours; English is always ours."""
        return self.title_en if self.title_en and get_language() == "en" else self.official or self.title

    @property
    def short(self) -> str:
        """The node in few words, in the reader's language."""
        return self.title_en if self.title_en and get_language() == "en" else self.title

    @property
    def when(self) -> str:
        """The time the annex gives, in the reader's language."""
        return gettext(self.time) if self.time else ""

    @property
    def place(self) -> str:
        """Where it stands in the document, in the reader's language."""
        text = self.where_in_document
        for word in PLACE_WORDS if get_language() == "en" else ():
            text = text.replace(word, gettext(word))
        return text


class Draft(Record):
    """A plan read from its file and corrected by a person until it is adopted; `data` is a plan as the rulebook has it.

    `words` is the hash under which the paragraphs of the file lie.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang sửa")
        ADOPTED = "adopted", _("đã đưa vào chương trình")

    source = models.ForeignKey("kit.StoredFile", verbose_name=_("tệp kế hoạch"), on_delete=models.PROTECT)
    title = models.TextField(_("tên kế hoạch"), editable=False, default="")
    number = models.CharField(_("số kế hoạch"), max_length=60, editable=False, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    data = models.JSONField(default=dict, editable=False)
    words = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["status", "id"], name="plan_draft_status")]

    def __str__(self) -> str:
        return self.number or self.title[:80] or str(self.source)


class ServesTask(models.Model):
    """Anything that can say which task of the plan it serves."""

    task = models.ForeignKey(
        Node,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("phục vụ nhiệm vụ"),
        related_name="+",
        db_index=False,  # nearly always empty: where a table is big its own index keeps those that are not
    )

    class Meta:
        abstract = True


class Assignment(Record):
    """One letter that gives the same work to several bodies: what, by when, what must show."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("dự thảo")
        ISSUED = "issued", _("đã giao")

    class Every(models.TextChoices):
        ONCE = "once", _("một lần")
        MONTH = "month", _("hằng tháng")
        QUARTER = "quarter", _("hằng quý")
        YEAR = "year", _("hằng năm")

    title = models.CharField(_("việc"), max_length=300)
    node = models.ForeignKey(
        Node, verbose_name=_("theo mục của kế hoạch"), on_delete=models.PROTECT, related_name="assignments"
    )
    bodies = models.JSONField(_("giao cho"), default=list, editable=False)
    due = models.DateField(_("hạn"))
    working_days = models.PositiveSmallIntegerField(_("số ngày làm việc"), null=True, blank=True)
    must_show = models.CharField(_("kết quả phải có"), max_length=300)
    weight = models.PositiveSmallIntegerField(_("trọng số"), default=1)
    every = models.CharField(_("lặp lại"), max_length=10, choices=Every, default=Every.ONCE)
    until = models.DateField(_("lặp đến ngày"), null=True, blank=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    number = models.CharField(_("số công văn"), max_length=120, blank=True, default="")
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    paper = models.CharField(_("công văn"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["status", "due", "id"], name="assignment_status"),
            models.Index(fields=["due", "id"], name="assignment_due"),
        ]

    def __str__(self) -> str:
        return self.title


class Meeting(Record):
    """A meeting on the plan; its conclusions become work."""

    title = models.CharField(_("tên cuộc họp"), max_length=300)
    day = models.DateField(_("ngày"))
    chair = models.CharField(_("chủ trì"), max_length=200)
    present = models.TextField(_("thành phần"), blank=True, default="")
    concluded = models.TextField(_("kết luận"), blank=True, default="")
    number = models.CharField(_("số thông báo kết luận"), max_length=120, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "id"], name="meeting_day")]

    def __str__(self) -> str:
        return self.title


class Document(Record):
    """A directing document: its number, who issued it when, and which node of the plan it serves."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("kế hoạch")
        DECISION = "decision", _("quyết định")
        LETTER = "letter", _("công văn")
        NOTICE = "notice", _("thông báo")
        OTHER = "other", _("văn bản khác")

    number = models.CharField(_("số, ký hiệu"), max_length=120)
    day = models.DateField(_("ngày ban hành"))
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200)
    kind = models.CharField(_("loại văn bản"), max_length=10, choices=Kind)
    title = models.CharField(_("trích yếu"), max_length=300)
    node = models.ForeignKey(
        Node, verbose_name=_("theo mục của kế hoạch"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="documents",
    )  # fmt: skip
    text = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("văn bản"), null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "id"], name="plan_document_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number", "issuer", "day"],
                condition=models.Q(withdrawn__isnull=True),
                name="plan_document_once",
                violation_error_message=_("Văn bản này đã có trong sổ; mở dòng đã có."),
            )
        ]

    def __str__(self) -> str:
        return self.number


class Yearly(Record):
    """The plan of one body for a year: its pieces of work and its own additions, approved and printed."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("dự thảo")
        APPROVED = "approved", _("đã duyệt")

    body = models.CharField(_("cơ quan"), max_length=40)
    year = models.PositiveSmallIntegerField(_("năm"))
    added = models.TextField(_("nội dung riêng của cơ quan"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    number = models.CharField(_("số kế hoạch"), max_length=120, blank=True, default="")
    paper = models.CharField(_("kế hoạch"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["year", "id"], name="yearly_year")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["body", "year"],
                condition=models.Q(withdrawn__isnull=True),
                name="yearly_once",
                violation_error_message=_("Cơ quan này đã có kế hoạch của năm đó; mở bản đã có."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}"


class Work(Record, ServesTask):
    """One piece of work on a task: who does it, where, until when, and what must then exist."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("chưa bắt đầu")
        DOING = "doing", _("đang làm")
        DONE = "done", _("đã xong")
        DROPPED = "dropped", _("đã dừng")

    title = models.CharField(_("việc"), max_length=300)
    responsible = models.CharField(_("cơ quan chịu trách nhiệm"), max_length=40)
    begins = models.DateField(_("bắt đầu"), null=True, blank=True)
    due = models.DateField(_("hạn"))
    working_days = models.PositiveSmallIntegerField(_("số ngày làm việc"), null=True, blank=True)
    must_show = models.CharField(_("kết quả phải có"), max_length=300)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLANNED)
    finished = models.DateField(_("xong ngày"), null=True, blank=True)
    result = models.TextField(_("kết quả"), blank=True, default="")
    weight = models.PositiveSmallIntegerField(_("trọng số"), default=1)
    assignment = models.ForeignKey(
        Assignment, verbose_name=_("theo công văn giao việc"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="works", editable=False,
    )  # fmt: skip
    meeting = models.ForeignKey(
        Meeting, verbose_name=_("theo kết luận cuộc họp"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="works",
    )  # fmt: skip
    accepted = models.DateField(_("nhận ngày"), null=True, editable=False)
    question = models.TextField(_("hỏi lại"), blank=True, default="", editable=False)
    percent = models.PositiveSmallIntegerField(_("tiến độ, %"), null=True, editable=False)
    said = models.CharField(_("tiến độ bằng lời"), max_length=300, blank=True, default="", editable=False)
    checked = models.DateField(_("kiểm tra ngày"), null=True, editable=False)
    whose: str = ""  # the name of the body, where `queries.with_names` looked it up

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due", "id"], name="work_due"),
            models.Index(fields=["status", "due", "id"], name="work_status"),
            models.Index(fields=["task", "due", "id"], name="work_task"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> models.Q | None:
        """Work given to the actor's body, wherever it lies, by every verb he holds somewhere but making and editing."""
        body = getattr(actor, "organisation_id", "") or ""
        given = verb.rpartition(".")[2] in GIVEN and actor.scopes(verb)
        return models.Q(responsible=body) if body and given else None

    @property
    def days_late(self) -> int:
        """Days past its day while it is open; 0 where it is not late."""
        if self.status not in (self.Status.PLANNED, self.Status.DOING):
            return 0
        return max((timezone.localdate() - self.due).days, 0)


GIVEN = frozenset({"see", "start", "finish", "accept", "ask_back", "report"})
"""What a body does with the work it was given, wherever that lies."""


class Proof(Record):
    """A record of any book that shows a piece of work was done, named as (`about_type`, `about_id`)."""

    work = models.ForeignKey(Work, verbose_name=_("việc"), on_delete=models.PROTECT, related_name="proofs")
    about_type = models.CharField(_("sổ"), max_length=80)
    about_id = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about_type", "about_id"], name="proof_about")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["work", "about_type", "about_id"],
                condition=models.Q(withdrawn__isnull=True),
                name="proof_once",
                violation_error_message=_("Bản ghi này đã gắn với việc đó rồi."),
            )
        ]

    def __str__(self) -> str:
        return str(self.work)


class Reminder(Record):
    """A letter that reminds one body of its late work; the work it names is kept as it stood when it was written."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("dự thảo")
        ISSUED = "issued", _("đã ban hành")

    body = models.CharField(_("cơ quan được đôn đốc"), max_length=40)
    answer_by = models.DateField(_("báo kết quả trước ngày"))
    works = models.JSONField(_("các việc trễ hạn"), default=list, editable=False)
    late = models.PositiveSmallIntegerField(_("số việc trễ"), default=0, editable=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    number = models.CharField(_("số công văn"), max_length=120, blank=True, default="")
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    paper = models.CharField(_("công văn"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["body", "id"], name="reminder_body")]

    def __str__(self) -> str:
        return gettext("Đôn đốc %(n)d việc trễ hạn") % {"n": self.late}


class Target(Record):
    """What a figure is to reach in a year."""

    indicator = models.CharField(_("chỉ tiêu"), max_length=80)
    year = models.PositiveSmallIntegerField(_("năm"))
    value = models.FloatField(_("cần đạt"))
    baseline = models.FloatField(_("mức ban đầu"), null=True, blank=True)
    grows = models.BooleanField(_("càng nhiều càng tốt"), default=True)
    source = models.CharField(_("căn cứ"), max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["year", "id"], name="target_year")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "year", "area_path"],
                condition=models.Q(withdrawn__isnull=True),
                name="target_once",
                violation_error_message=_("Chỉ tiêu này đã có cho năm đó; sửa dòng đã có."),
            ),
            models.CheckConstraint(
                name="target_positive",
                condition=models.Q(value__gt=0),
                violation_error_message=_("Chỉ tiêu phải lớn hơn 0."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Chỉ tiêu năm %(year)s") % {"year": self.year}


class IndicatorValue(models.Model):
    """One figure: an indicator in a year and area, unknown or a number, and the records it rests on.

    `register` and `query` open those records; `count` is how many they are; `input_hash` and `method` say
    from what and how it was computed.
    """

    indicator = models.CharField(max_length=80)
    task = models.ForeignKey(Node, null=True, on_delete=models.CASCADE, related_name="values")
    year = models.PositiveSmallIntegerField()
    area_path = models.CharField(max_length=40, blank=True, default="")
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    count = models.BigIntegerField(null=True)
    register = models.CharField(max_length=80, blank=True, default="")
    query = models.JSONField(default=dict)
    input_hash = models.CharField(max_length=64, blank=True, default="")
    method = models.CharField(max_length=80, blank=True, default="")
    why_unknown = models.CharField(max_length=300, blank=True, default="")
    computed = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "year", "area_path"], name="indicator_once")
        ]


class Tally(models.Model):
    """What the rows of one figure amount to: a part (`rows`, `known`, `sum`) or one distinct value or group."""

    indicator = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    area_path = models.CharField(max_length=40, blank=True, default="")
    part = models.CharField(max_length=8)
    key = models.CharField(max_length=120, blank=True, default="")
    n = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "year", "area_path", "part", "key"], name="tally_once"
            )
        ]
