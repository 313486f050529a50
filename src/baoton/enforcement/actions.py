"""The steps of a case: each refuses in a sentence what the law of its day does not allow."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

import rulebook
from baoton.custody import actions as custody
from baoton.custody.models import Kind
from baoton.enforcement.indication import facts_of
from baoton.enforcement.models import Case, Item, Person
from baoton.kit.access import Actor, System
from baoton.kit.writing import clock, outbox
from baoton.kit.writing.refusal import NotNow
from baoton.tips.actions import made_case
from baoton.tips.models import Tip
from rulebook.decisions import said_as
from rulebook.decisions.deciding import decide as judged
from rulebook.decisions.fines import value_on
from rulebook.decisions.powers import later
from rulebook.decisions.words import dong
from rulebook.errors import NoCalendar, RulebookError
from rulebook.workdays import add_working_days, working_days_between

Said = Mapping[str, Any]
DECIDING, SENDING = gettext_noop("ra quyết định"), gettext_noop("chuyển hồ sơ")
SESSION = gettext_noop("phiên giải trình")
BOOK = "enforcement.case"
S = Case.Status
AT_WORK = (S.OPENED, S.CHECKING, S.MINUTED, S.HEARING)


def days_of(name: str) -> Any:
    """Working days that a parameter gives on a day; None where it is not in force or not read: no clock runs."""

    def of(record: Case, on: date) -> int | None:
        value = _value(name, on)
        return int(value) if value else None

    return of


def days_to_send(record: Case, on: date) -> int | None:
    """Working days to pass a case upward; a remote place has more of them."""
    name = "enforcement.transfer_remote_days" if record.remote else "enforcement.transfer_days"
    told: int | None = days_of(name)(record, on)
    return told


def _value(name: str, on: date) -> Any:
    """The parameter's value on a day; None where none is in force or none was read."""
    try:
        told = value_on(name, on)
    except RulebookError:
        return None
    return None if told is None else told.value


def not_before(record: Case, on: date) -> None:
    """A step lies between the act and today, and not before the step that it follows."""
    if on > timezone.localdate():
        raise ValidationError({"on": _("Ngày này chưa tới.")})
    for day, what in (
        (record.day, _("ngày xảy ra hành vi")),
        (record.minuted, _("ngày lập biên bản")),
        (record.decided, _("ngày ra quyết định")),
    ):
        if day is not None and on < day:
            raise ValidationError({"on": _("Ngày này trước %(what)s.") % {"what": what}})


def on_a_day(actor: Actor, record: Case, said: Said) -> None:
    """It happened on a day that has come."""
    not_before(record, said["on"])


def minute(actor: Actor, record: Case, said: Said) -> None:
    """The minute was made on a day; the clock of the decision runs from it."""
    not_before(record, said["on"])
    record.minuted = said["on"]


def extend(actor: Actor, record: Any, said: Said) -> None:
    """A complex case has a month, and once a month more; counted from the minute."""
    on, start = said["on"], record.minuted
    not_before(record, on)
    first, more = (_value(f"enforcement.decision_{n}_months", start) for n in ("complex", "extension"))
    if record.extensions >= 2:
        raise NotNow(_("Thời hạn đã kéo dài hai lần, không kéo dài được nữa."))
    if first is None or (record.extensions and more is None):
        raise NotNow(_("Chưa có căn cứ để kéo dài thời hạn vào ngày này."))
    until = later(start, months=first + (more if record.extensions else 0))
    try:
        days = working_days_between(start, until)
    except NoCalendar as error:
        raise NotNow(error.sentence) from error
    if clock.opened(record.pk, DECIDING) is not None:
        clock.stop(record, DECIDING, on)
    clock.start(record._meta.label_lower, record, DECIDING, days, start)
    record.extensions += 1


def heard(actor: Actor, record: Case, said: Said) -> None:
    """The offender was heard, or said that he does not want to be."""
    not_before(record, said["on"])
    record.heard = said["on"]


def not_decidable(record: Any) -> str:
    """Why nothing can be decided yet."""
    if record.day is None:
        return _("Chưa ghi ngày xảy ra hành vi nên chưa biết áp dụng văn bản nào.")
    if not offenders(record):
        return _("Chưa ghi người vi phạm.")
    return ""


def offenders(record: Case) -> list[Person]:
    """Those who offended, by the rows of the case."""
    rows = Person.objects.filter(case=record, role=Person.Role.OFFENDER, withdrawn__isnull=True)
    return list(rows.order_by("id"))


def instruments() -> list[tuple[str, str]]:
    """The decrees on fines that a decision may rest on."""
    return [(i.id, f"{i.id}: {i.title}") for i in rulebook.instruments().values() if "xử phạt" in i.title]


def decide(actor: Actor, record: Case, said: Said) -> None:
    """A fine was decided by an office within its power, by a decree that holds; what could not be judged is said."""
    on = said["on"]
    not_before(record, on)
    record.decided = on
    unread = [*_in_force(record, on), *_hearing(record, on), *_within_power(record, on)]
    record.unread = "\n".join(unread)


def _in_force(record: Any, on: date) -> list[str]:
    """A decree holds on the day of the act, or as a milder one on the day of the decision."""
    one = rulebook.instruments().get(record.instrument)
    if one is None:
        raise ValidationError({"instrument": _("Không có văn bản này trong bộ quy định.")})
    then, today = one.holds(record.day), one.holds(on)
    told = {"one": one.id, "day": f"{record.day:%d/%m/%Y}"}
    if then is False and today is not False and on > record.day:
        return [_("%(one)s chưa có hiệu lực ngày %(day)s: chỉ áp dụng khi quy định nhẹ hơn.") % told]
    if then is False:
        raise ValidationError({"instrument": _("%(one)s không có hiệu lực ngày %(day)s.") % told})
    return [] if then else [_("Chưa đọc được %(one)s có hiệu lực ngày %(day)s hay không.") % told]


def _hearing(record: Any, on: date) -> list[str]:
    """Whoever may ask to be heard has his days for it before anything is decided."""
    if record.heard is not None:
        return []
    right = judged(facts_of(record)[0]).hearing
    if right is None or right.due is None:
        return [_("Chưa rõ người vi phạm có quyền giải trình hay không.")]
    if not right.due:
        return []
    days = _value("enforcement.hearing_request_days", record.minuted)
    try:
        last = None if days is None else add_working_days(record.minuted, days)
    except NoCalendar:
        last = None
    if last is None:
        return [_("Người vi phạm có quyền giải trình; chưa có căn cứ về thời hạn xin giải trình.")]
    if on <= last:
        told = _(
            "Người vi phạm còn quyền xin giải trình đến hết ngày %(last)s; ghi kết quả giải trình trước."
        )
        raise NotNow(told % {"last": f"{last:%d/%m/%Y}"})
    return []


def _within_power(record: Any, on: date) -> list[str]:
    """The office may fine and confiscate so much; what nobody has read is said and never taken for allowed."""
    unread = []
    office = str(said_as("offices", record.office, "vi"))
    powers, seizing = _value("enforcement.powers", on), _value("enforcement.seizure_powers", on)
    if record.fine:
        limit = None if powers is None else powers.get(record.office)
        if limit is None:
            unread.append(_("Chưa có căn cứ về mức phạt tối đa của chức danh này vào ngày quyết định."))
        else:
            unread += _fine_within(record, on, office, limit)
    if record.confiscates:
        unread += _goods_within(record, office, (seizing or {}).get(record.office))
    return unread


def _fine_within(record: Any, on: date, office: str, limit: int) -> list[str]:
    kinds = {one.kind for one in offenders(record)}
    times = _value("enforcement.organisation_times", on) if kinds == {"organisation"} else 1
    most = limit if times is None else limit * times
    told = {"office": office, "most": dong(most), "fine": dong(record.fine or 0)}
    if (record.fine or 0) <= limit:
        return []
    if times is None:
        return [_("Chưa có căn cứ về mức phạt tổ chức vào ngày quyết định.")]
    if (record.fine or 0) > most:
        raise ValidationError(
            {"fine": _("%(office)s chỉ được phạt đến %(most)s; mức %(fine)s vượt thẩm quyền.") % told}
        )
    return []


def _goods_within(record: Any, office: str, limit: Any) -> list[str]:
    if limit == "any":
        return []
    if limit is None:
        return [_("Chưa có căn cứ về giá trị tang vật chức danh này được tịch thu.")]
    values = list(Item.objects.filter(case=record, withdrawn__isnull=True).values_list("value", flat=True))
    known = sum(v for v in values if v is not None)
    if known > limit:
        told = _("%(office)s chỉ được tịch thu tang vật đến %(most)s; tang vật trị giá %(value)s.")
        told %= {"office": office, "most": dong(limit), "value": dong(known)}
        raise ValidationError({"confiscates": told})
    return [_("Có tang vật chưa định giá nên chưa kiểm được thẩm quyền tịch thu.")] if None in values else []


def serve(actor: Actor, record: Case, said: Said) -> None:
    """The decision was handed to the offender on a day."""
    not_before(record, said["on"])
    record.served = said["on"]


def no_fine(record: Case) -> str:
    return "" if record.fine else _("Quyết định không có tiền phạt.")


def pay(actor: Actor, record: Any, said: Said) -> None:
    """So much was paid; the case is carried out when nothing is owed."""
    not_before(record, said["on"])
    total, fine = (record.paid or 0) + said["amount"], record.fine or 0
    if total > fine:
        told = _("Còn phải nộp %(left)s; số tiền ghi vào lớn hơn.")
        raise ValidationError({"amount": told % {"left": dong(fine - (record.paid or 0))}})
    record.paid, record.paid_on = total, said["on"]
    if total < fine:
        record.status = _stored(record)


def send(actor: Actor, record: Case, said: Said) -> None:
    """The file left for another body on a day."""
    not_before(record, said["on"])
    record.sent = said["on"]


def come_back(actor: Actor, record: Case, said: Said) -> None:
    """The file came back: the case goes on from its minute, or from checking where there was none."""
    not_before(record, said["on"])
    record.status = S.MINUTED if record.minuted else S.CHECKING


def suspend(actor: Actor, record: Case, said: Said) -> None:
    """It rests, and knows where it stood; no clock stops for it, since no rule for that was read."""
    record.before = _stored(record)


def resume(actor: Actor, record: Case, said: Said) -> None:
    """It goes on from where it stood."""
    record.status, record.before = record.before or S.CHECKING, ""


@outbox.followed_by
def follow(label: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> None:
    """A tip of which a new case was made says so, and who sent it reads that with his code."""
    if label != Case._meta.label_lower:
        return
    known = {row["id"] for row in before}
    made = {str(row["tip_id"]): row["code"] for row in after if row["tip_id"] and row["id"] not in known}
    open_still = (Tip.Status.NEW, Tip.Status.LOOKING, Tip.Status.PATROL)
    for tip in Tip.objects.filter(pk__in=made, status__in=open_still, withdrawn__isnull=True):
        made_case(System(), tip, made[str(tip.pk)], _("Đã lập vụ việc; cơ quan đang xử lý."))


def in_custody(record: Any) -> str:
    """Why an item cannot be seized: it is held already."""
    return _("Tang vật này đã có chuỗi tang vật.") if record.lot_id else ""


GOODS = {"wood": Kind.TIMBER, "nontimber": Kind.PLANT, "wood_product": Kind.PRODUCT}
BODIES = {"alive": Kind.ALIVE, "dead": Kind.DEAD, "part": Kind.PART, "product": Kind.PRODUCT}


def seize(actor: Actor, record: Any, said: Said) -> None:
    """The item is taken into custody of the case's body; its chain begins with this step."""
    not_before(record.case, said["on"])
    kind = GOODS.get(record.kind) or BODIES.get(record.state) or Kind.OTHER
    lot = custody.seize(
        actor, kind=kind, written=record.name, origin=record.case.code, on=said["on"], count=record.number,
        kg=_exact(record.kg), m3=_exact(record.wood_m3), place=said.get("place") or "", seal=said.get("seal") or "",
        area_path=record.area_path, taxon=record.taxon,
    )  # fmt: skip
    record.lot = lot


def _exact(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def still_owed(record: Case) -> str:
    """Why a case that was decided cannot be closed."""
    if record.status == S.SERVED and record.fine and (record.paid or 0) < record.fine:
        return str(gettext_lazy("Tiền phạt chưa nộp đủ."))
    return ""


def _stored(record: Any) -> str:
    """The state that the database has: a verb has already moved the row in hand."""
    return str(Case.objects.values_list("status", flat=True).get(pk=record.pk))
