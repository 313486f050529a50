"""Tips: what somebody saw and told, what was said back and forth, and who told it where they wished to be reached."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor, person_of
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.patrols.models import Patrol
from baoton.people.models import Person

STANDING = Q(withdrawn__isnull=True)
LONGEST = 5_000


class Tip(Located):
    """One tip. Its place is where the sender says; where nobody said, its commune is the one named or the province.

    `officer` is who it was routed to and `routed` by which rule. `due` is the last day of the term a text gives, or
    none where no text was read; `in_time` stays unknown then.
    """

    class Kind(models.TextChoices):
        SNARE = "snare", _("bẫy, dây phanh")
        HUNTING = "hunting", _("săn bắn, tiếng súng")
        SALE = "sale", _("bán thịt rừng, thú rừng")
        KEEPING = "keeping", _("nuôi nhốt thú rừng")
        ONLINE = "online", _("rao bán trên mạng")
        LOGGING = "logging", _("chặt cây, phá rừng")
        PLANT = "plant", _("đào lan, cây thuốc quý")
        FIRE = "fire", _("cháy rừng, đốt rừng")
        ANIMAL = "animal", _("thú lạc, thú bị thương")
        OTHER = "other", _("việc khác")

    class Channel(models.TextChoices):
        WEB = "web", _("trang báo tin")
        HOTLINE = "hotline", _("gọi điện")
        MEETING = "meeting", _("nói tại buổi họp")
        MARKET = "market", _("khi đi chợ")
        OTHER = "other", _("cách khác")

    class Found(models.TextChoices):
        """How the commune of a tip is known."""

        MAP = "map", _("chỉ trên bản đồ")
        NAMED = "named", _("nêu tên xã, bản")
        PHOTO = "photo", _("theo toạ độ trong ảnh")
        NONE = "none", _("không nêu nơi")

    class Routed(models.TextChoices):
        """By which rule the officer was found."""

        DUTY = "duty", _("người trực của xã")
        PROVINCE_DUTY = "province_duty", _("người trực toàn tỉnh")
        HEAD = "head", _("lãnh đạo cơ quan, vì không ai trực")
        OFFICER = "officer", _("cán bộ tỉnh, vì không ai trực")
        NOBODY = "nobody", _("chưa có ai nhận, vì không ai trực")

    class Status(models.TextChoices):
        NEW = "new", _("mới nhận")
        LOOKING = "looking", _("đang xem")
        CASE = "case", _("đã lập vụ việc")
        PATROL = "patrol", _("đã cử tuần tra")
        HANDED = "handed", _("đã chuyển cơ quan khác")
        NOTHING = "nothing", _("không thấy gì")

    code = models.CharField(_("mã tin"), max_length=40, blank=True, default="")
    channel = models.CharField(_("báo bằng"), max_length=10, choices=Channel, default=Channel.HOTLINE)
    kind = models.CharField(_("việc gì"), max_length=10, choices=Kind)
    what = models.TextField(_("kể lại"), max_length=LONGEST)
    day = models.DateField(_("xảy ra ngày"), null=True, blank=True)
    hour = models.CharField(_("vào lúc"), max_length=100, blank=True, default="")
    locality = models.CharField(_("bản, nơi nào"), max_length=300, blank=True, default="")
    found = models.CharField(
        _("biết nơi từ"), max_length=8, choices=Found, default=Found.NONE, editable=False
    )
    outside = models.BooleanField(_("ngoài tỉnh"), default=False, editable=False)
    received = models.DateField(_("nhận ngày"), default=timezone.localdate, editable=False)
    received_at = models.DateTimeField(_("nhận lúc"), default=timezone.now, editable=False)
    officer = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("người phụ trách")
    )  # fmt: skip
    routed = models.CharField(
        _("giao theo"), max_length=14, choices=Routed, default=Routed.NOBODY, editable=False
    )
    due = models.DateField(_("phải trả lời trước"), null=True, blank=True, editable=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.NEW)
    answer = models.TextField(_("lời nhắn cho người báo"), max_length=2_000, blank=True, default="")
    answered = models.DateField(_("trả lời ngày"), null=True, blank=True, editable=False)
    hours = models.FloatField(_("số giờ đến khi trả lời"), null=True, blank=True, editable=False)
    in_time = models.BooleanField(_("đúng hạn"), null=True, editable=False)
    case_code = models.CharField(_("số vụ việc"), max_length=120, blank=True, default="")
    patrol = models.ForeignKey(
        Patrol, null=True, blank=True, on_delete=models.PROTECT, related_name="tips",
        verbose_name=_("cuộc tuần tra"),
    )  # fmt: skip
    handed_to = models.CharField(_("chuyển cho"), max_length=40, blank=True, default="")
    rescue = models.BooleanField(_("cần cứu hộ"), default=False, editable=False)

    place_words: ClassVar = ("locality", "what", "answer")
    mended_while: ClassVar = Q(status="new")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["received", "id"], name="tip_received", condition=STANDING),
            models.Index(fields=["area_path", "received", "id"], name="tip_area", condition=STANDING),
            models.Index(fields=["shown_area_path", "received", "id"], name="tip_shown", condition=STANDING),
            models.Index(fields=["status", "received", "id"], name="tip_status", condition=STANDING),
            models.Index(fields=["officer", "received"], name="tip_officer"),
            models.Index(fields=["cell"], name="tip_cell"),
            models.Index(fields=["shown_cell"], name="tip_shown_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.code or _('tin báo')} · {self.get_kind_display()}"

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """Beside what a person typed: the tips routed to him, those of his body, and those handed to it."""
        mine = super().theirs(actor, verb)
        last = verb.rpartition(".")[2]
        if last == "create":  # what he types goes to whoever is on duty, beyond his own body too
            person = person_of(actor)
            return Q(reporter=person) if person and actor.scopes(verb) else None
        if last in {"withdraw", "import"} or not actor.scopes(verb.removesuffix("_precise")):
            return mine
        key, body = person_of(actor), getattr(actor, "organisation_id", "") or ""
        told = Q(officer=key) if key and last != "edit" else None
        if body and last != "edit":
            of_body = Q(organisation=body) | Q(handed_to=body)
            told = of_body if told is None else told | of_body
        if told is None or mine is None:
            return told if mine is None else mine
        return mine | told


class Word(Record):
    """Something more that was said about a tip, by who sent it or by the office; the sender reads all of it."""

    class By(models.TextChoices):
        SENDER = "sender", _("người báo tin")
        OFFICE = "office", _("cơ quan")

    tip = models.ForeignKey(Tip, on_delete=models.PROTECT, related_name="words", verbose_name=_("tin báo"))
    by = models.CharField(_("ai nói"), max_length=8, choices=By, default=By.OFFICE, editable=False)
    text = models.TextField(_("lời nhắn"), max_length=2_000)
    said = models.DateTimeField(_("lúc"), default=timezone.now, editable=False)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["tip", "said"], name="word_of_tip")]

    def __str__(self) -> str:
        return f"{self.get_by_display()} {timezone.localtime(self.said):%d/%m/%Y %H:%M}"

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """Whoever may read a tip for being who he is reads what was said about it."""
        return _with_tip(actor, verb)


class Sender(Record):
    """How who sent a tip wished to be reached: personal data, and whoever opens it is written down."""

    tip = models.OneToOneField(
        Tip, on_delete=models.PROTECT, related_name="sender", verbose_name=_("tin báo")
    )
    contact = models.CharField(_("liên hệ"), max_length=200)

    opening_is_audited: ClassVar[bool] = True

    class Meta(Record.Meta):
        pass

    def __str__(self) -> str:
        return str(self.tip)

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """The officer to whom the tip was routed may reach who sent it."""
        key = person_of(actor)
        return Q(tip__officer=key) if key and verb.rpartition(".")[2] == "see" else None


class Receipt(models.Model):
    """What lets a sender look at the state of a tip: digests of the code and of the form that was sent, no more.

    The form's digest is unique, so that the same form sent twice is one tip.
    """

    tip = models.OneToOneField(Tip, primary_key=True, on_delete=models.CASCADE, related_name="receipt")
    code = models.CharField(max_length=64, unique=True)
    form = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return str(self.tip)


def _with_tip(actor: Actor, verb: str) -> Q | None:
    if verb.rpartition(".")[2] != "see":
        return None
    theirs = Tip.theirs(actor, "tips.tip.see")
    return None if theirs is None else Q(tip__in=Tip.objects.filter(theirs).values("pk"))
