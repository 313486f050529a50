"""What a body lends of its case to another body: which parts, for what, until when, and that it was taken back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor
from baoton.kit.record import Record
from baoton.people.queries import organisation_name

PARTS = ("facts", "items", "persons", "documents")


class Grant(Record):
    """One body may read these parts of one case until a day; it is never changed, only taken back.

    It belongs to the body of the case. The other body sees it while it is in force and then no longer, as if it had
    never been.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("đang chia sẻ")
        REVOKED = "revoked", _("đã thu hồi")

    of_one_body = True

    case = models.ForeignKey(
        "enforcement.Case", on_delete=models.PROTECT, related_name="grants", verbose_name=_("vụ việc")
    )
    body = models.CharField(_("cơ quan được xem"), max_length=40)
    facts = models.BooleanField(_("nội dung vụ việc"), default=False)
    items = models.BooleanField(_("tang vật, phương tiện"), default=False)
    persons = models.BooleanField(_("người liên quan"), default=False)
    documents = models.BooleanField(_("ảnh, giấy tờ"), default=False)
    purpose = models.CharField(_("để làm gì"), max_length=300)
    since = models.DateField(_("từ ngày"), default=timezone.localdate)
    until = models.DateField(_("đến hết ngày"))
    status = models.CharField(_("tình trạng"), max_length=8, choices=Status, default=Status.OPEN)
    revoked = models.DateTimeField(_("thu hồi lúc"), null=True, editable=False)
    reason = models.CharField(_("lý do thu hồi"), max_length=300, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["body", "until"], name="grant_body"),
            models.Index(fields=["case", "id"], name="grant_case"),
            models.Index(fields=["status", "id"], name="grant_status"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="grant_gives_something",
                condition=Q(facts=True) | Q(items=True) | Q(persons=True) | Q(documents=True),
                violation_error_message=_("Chọn ít nhất một phần để chia sẻ."),
            ),
            models.CheckConstraint(
                name="grant_ends_after_it_begins",
                condition=Q(until__gte=models.F("since")),
                violation_error_message=_("Ngày cuối không thể trước ngày đầu."),
            ),
        ]

    def __str__(self) -> str:
        return now("%(body)s xem đến hết %(until)s") % {
            "body": organisation_name(self.body) or self.body,
            "until": f"{self.until:%d/%m/%Y}",
        }

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """The body it is for sees it while it holds."""
        if not verb.endswith(".see") or not actor.scopes(verb):
            return None
        return in_force(actor)

    @property
    def parts(self) -> list[str]:
        """The parts it opens, in words."""
        return [str(self._meta.get_field(one).verbose_name) for one in PARTS if getattr(self, one)]  # type: ignore[union-attr]


def in_force(actor: Actor, prefix: str = "") -> Q | None:
    """The grants to the actor's body that hold today; None for whoever belongs to no body."""
    body = getattr(actor, "organisation_id", "") or ""
    if not body:
        return None
    today = timezone.localdate()
    told = {
        "body": body, "status": Grant.Status.OPEN, "since__lte": today, "until__gte": today,
        "withdrawn__isnull": True,
    }  # fmt: skip
    return Q(**{f"{prefix}{name}": value for name, value in told.items()})
