"""What people know before and after a campaign: a survey, its questions, and answer sheets without anybody's name."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor
from baoton.kit.record import Record
from baoton.outreach.models.campaigns import STANDING, Campaign, unless_writing


class Quiz(Record):
    """One survey of knowledge for a campaign, asked in two waves of different people."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        ASKING = "asking", _("đang hỏi")
        PUBLIC = "public", _("đã công bố")

    title = models.CharField(_("tên khảo sát"), max_length=300)
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("chiến dịch"), on_delete=models.PROTECT, related_name="quizzes"
    )
    day = models.DateField(_("ngày lập"))
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["day", "id"], name="quiz_day", condition=STANDING)]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def barred(cls, actor: Actor) -> Q | None:
        """A draft is read by whoever may write it, and by nobody else."""
        return unless_writing(actor, cls, Q(status=cls.Status.DRAFT))

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """A survey of the province that is being asked is read wherever somebody reads surveys at all."""
        if verb != "outreach.quiz.see" or not actor.scopes(verb):
            return None
        return ~Q(status=cls.Status.DRAFT) & ~Q(area_path__contains="/")


class Published(models.Model):
    """The sheets of a survey as they were counted when its results were published: what all may read rests on them."""

    quiz = models.OneToOneField(
        Quiz, verbose_name=_("khảo sát"), on_delete=models.PROTECT, related_name="published", primary_key=True
    )
    sheets = models.JSONField(_("các phiếu khi công bố"), default=list)

    def __str__(self) -> str:
        return str(self.quiz)


class Question(Record):
    """One question of a survey with its options a line; a star before an option says that it is right."""

    quiz = models.ForeignKey(
        Quiz, verbose_name=_("khảo sát"), on_delete=models.PROTECT, related_name="questions"
    )
    position = models.PositiveIntegerField(_("thứ tự"), default=0)
    text = models.TextField(_("câu hỏi"))
    options = models.TextField(_("phương án"))
    words = models.TextField(_("bằng tiếng khác"), blank=True, default="")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["quiz", "position"],
                condition=STANDING,
                name="quiz_question_once",
                violation_error_message=_("Khảo sát đã có câu hỏi ở thứ tự này."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.text}"

    @property
    def name(self) -> str:
        """What forms and files call it."""
        return f"c{self.position}"

    @classmethod
    def barred(cls, actor: Actor) -> Q | None:
        """The questions of a draft are read by whoever may write them, those of a withdrawn survey by nobody."""
        gone = Q(quiz__withdrawn__isnull=False)
        drafts = unless_writing(actor, cls, Q(quiz__status=Quiz.Status.DRAFT))
        return gone if drafts is None else gone | drafts

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """Questions are read where their survey is."""
        if verb != "outreach.question.see" or not actor.scopes(verb):
            return None
        return (
            ~Q(quiz__status=Quiz.Status.DRAFT) & ~Q(quiz__area_path__contains="/") & Q(quiz__withdrawn=None)
        )


class Answer(Record):
    """What one person answered in one wave; who it was is written nowhere."""

    class Wave(models.TextChoices):
        BEFORE = "before", _("trước")
        AFTER = "after", _("sau")

    class Sex(models.TextChoices):
        FEMALE = "female", _("nữ")
        MALE = "male", _("nam")

    class Who(models.TextChoices):
        PUPILS = "pupils", _("học sinh, thiếu nhi")
        VILLAGERS = "villagers", _("người dân")
        OFFICIALS = "officials", _("cán bộ, bộ đội")
        OTHERS = "others", _("những người khác")

    quiz = models.ForeignKey(
        Quiz, verbose_name=_("khảo sát"), on_delete=models.PROTECT, related_name="answers"
    )
    wave = models.CharField(_("đợt hỏi"), max_length=6, choices=Wave)
    number = models.CharField(_("số phiếu"), max_length=80)
    day = models.DateField(_("ngày hỏi"))
    village = models.CharField(_("bản, tổ dân phố"), max_length=200, blank=True, default="")
    sex = models.CharField(_("giới tính"), max_length=6, choices=Sex, blank=True, default="")
    who = models.CharField(_("nhóm"), max_length=9, choices=Who, blank=True, default="")
    answers = models.TextField(_("trả lời"))
    answered = models.PositiveIntegerField(_("số câu trả lời"), editable=False, default=0)
    right = models.PositiveIntegerField(_("số câu đúng"), editable=False, default=0)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="answer_sheet_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="answer_sheet_area", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["quiz", "wave", "area_path", "village", "number"],
                condition=STANDING,
                name="answer_sheet_once",
                violation_error_message=_("Bản, tổ dân phố này đã có phiếu mang số đó trong đợt này."),
            ),
            models.CheckConstraint(
                name="right_among_answered",
                condition=Q(right__lte=F("answered")),
                violation_error_message=_("Số câu đúng không thể nhiều hơn số câu trả lời."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_wave_display()}, {self.number}"
