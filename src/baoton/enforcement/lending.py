"""The book of what is lent of cases, and what the page of a case shows of it: to whom, until when, read when."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from baoton.enforcement.models import Case
from baoton.enforcement.models.sharing import PARTS, Grant
from baoton.kit.access import Actor, reach_of
from baoton.kit.kinds import Choice, Day, Link, Text, YesNo
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS, Panel, Register
from baoton.kit.writing.verb import Verb
from baoton.people.models import Person as Account
from baoton.people.queries import organisation_choices, organisation_name

LENT_BOOKS = ("enforcement.case", "enforcement.person", "enforcement.item", "enforcement.tool")


class OfOwn(Link):
    """Cases of one's own body: what another body lent is not lent on."""

    def rows(self, actor: Actor) -> Any:
        own = reach_of(actor.scopes("enforcement.case.see"), Case)
        return own.rows(super().rows(actor))


class Lending(Register):
    """A case is lent by its own body, to another one, for a time to come."""

    def judge(self, actor: Actor, record: Any, old: Mapping[str, Any] | None) -> None:
        if old is not None:
            return
        today = timezone.localdate()
        wrong: dict[str, str] = {}
        if record.body == record.organisation:
            wrong["body"] = now("Cơ quan này giữ vụ việc nên đã xem được.")
        elif record.body not in dict(organisation_choices()):
            wrong["body"] = now("Không có cơ quan này.")
        if record.until is not None and record.until < today:
            wrong["until"] = now("Ngày cuối đã qua.")
        if not any(getattr(record, part) for part in PARTS):
            wrong["facts"] = now("Chọn ít nhất một phần để chia sẻ.")
        if wrong:
            raise ValidationError(wrong)


def derive(record: Grant) -> None:
    """It belongs to the body of its case; a part left blank is not lent."""
    for part in PARTS:
        setattr(record, part, bool(getattr(record, part)))
    if record.case_id and record._state.adding:
        record.organisation = (
            Case.objects.filter(pk=record.case_id).values_list("organisation", flat=True).get()
        )
        record.area_path = Case.objects.filter(pk=record.case_id).values_list("area_path", flat=True).get()


def take_back(actor: Actor, record: Grant, answers: Mapping[str, Any]) -> None:
    """From this moment the other body reads nothing of it."""
    record.revoked, record.reason = timezone.now(), str(answers["reason"])[:300]


grant = Lending(
    name="enforcement.grant",
    model=Grant,
    label=_("Chia sẻ vụ việc"),
    one=_("phần chia sẻ"),
    help=_(
        "Mỗi dòng là một phần vụ việc mà cơ quan giữ vụ việc cho cơ quan khác xem, để làm gì và đến ngày nào. Mỗi lần "
        "xem đều được ghi lại. Không sửa; muốn đổi thì thu hồi rồi chia sẻ lại."
    ),
    order=("-since",),
    derive=derive,
    fields=(
        OfOwn("case", to="enforcement.case", by=("code",)),
        Choice("body", among=organisation_choices),
        YesNo("facts", help=_("Hành vi, nơi, ngày, tình trạng vụ việc.")),
        YesNo("items"),
        YesNo("persons"),
        YesNo("documents", help=_("Ảnh, bản quét, văn bản; của tang vật thì khi tang vật cũng được chia sẻ.")),
        Text("purpose"),
        Day("since", today=True),
        Day("until"),
        Choice("status", asked=False),
        Text("reason", asked=False),
    ),
    show=("case", "body", "facts", "items", "persons", "documents", "until", "status"),
    find=("status", ("body", "body", _("cơ quan")), ("case", "case"), ("until", "until", _("đến hết ngày"))),
    verbs=(
        "create",
        Verb(
            "revoke", _("thu hồi"), {Grant.Status.OPEN: Grant.Status.REVOKED},
            (Text("reason", _("lý do"), required=True),), do=take_back, danger=True,
        ),
    ),
)  # fmt: skip


def readings(record: Any, limit: int = 20) -> list[dict[str, Any]]:
    """When people of other bodies read what is lent of the case, the latest first: who, of which body, what, how."""
    keys = {record.pk: now("vụ việc")}
    for name in LENT_BOOKS[1:]:
        book = REGISTERS.get(name)
        if book is not None:
            keys |= dict.fromkeys(
                book.model._default_manager.filter(**{"case": record.pk}).values_list("pk", flat=True),
                str(book.one),
            )
    verbs = [f"{name}.see" for name in LENT_BOOKS]
    events = (
        AuditEvent.objects.filter(object_id__in=list(keys), verb__in=verbs).exclude(note="").order_by("-at")
    )
    found = list(events[:limit])
    bodies = dict(Account.objects.filter(pk__in=_keys(found)).values_list("pk", "organisation__name"))
    by = {str(pk): name for pk, name in bodies.items()}
    return [
        {
            "at": e.at,
            "who": e.actor_name,
            "body": by.get(e.actor_id, ""),
            "what": keys[e.object_id],
            "how": now(e.note),
        }
        for e in found
    ]


def _keys(events: Iterable[AuditEvent]) -> list[str]:
    return [e.actor_id for e in events if len(e.actor_id) == 36]


def panel(actor: Actor, record: Any) -> dict[str, Any]:
    """What the page of a case shows its own body: what is lent, and when it was read. Nothing to anybody else."""
    if not reach_of(actor.scopes("enforcement.case.see"), type(record)).holds(record):
        return {"own": False}
    today = timezone.localdate()
    told = [
        {
            "grant": one, "body": organisation_name(one.body) or one.body, "parts": one.parts,
            "open": one.status == Grant.Status.OPEN and one.since <= today <= one.until,
            "coming": one.status == Grant.Status.OPEN and today < one.since,
        }
        for one in Grant.objects.filter(case=record, withdrawn__isnull=True).order_by("-since", "-id")
    ]  # fmt: skip
    seen = readings(record)
    return {
        "own": True, "grants": told, "readings": seen[:19], "more": len(seen) > 19, "record": record,
        "may_lend": bool(actor.scopes("enforcement.grant.create")), "book": grant,
    }  # fmt: skip


LENT = Panel("enforcement/lent.html", panel)
