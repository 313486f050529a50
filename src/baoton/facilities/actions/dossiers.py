"""Dossiers: how many days the law gives, what stands in the way, and what a decision does."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import rulebook
from baoton.facilities.actions import accounts
from baoton.facilities.models import Application, Code, Facility, Notice, Stock, code_key
from baoton.facilities.queries import code_group, group_of
from baoton.kit.access import Actor, may
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.text import fold
from baoton.kit.writing import clock, outbox, write
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.serial import Serial
from rulebook.errors import RulebookError
from rulebook.workdays import add_working_days, working_days_between

K = Application.Kind
TERMS = {K.CERTIFICATE: "facility.certificate_days", K.RELEASE: "facility.release_days"}
CODES = frozenset({K.GRANT, K.CHANGE, K.REISSUE})
COMMERCIAL = "T"
TERM = gettext_noop("giải quyết hồ sơ")
ANSWER = gettext_noop("cơ quan khoa học CITES trả lời")
ASK_DAYS, ANSWER_DAYS = "facility.ask_scientific_authority_days", "facility.scientific_authority_answers_days"


def term_of(dossier: Application) -> str:
    """The parameter that holds the days of this kind of dossier; empty where none is known."""
    if dossier.kind in CODES:
        return "facility.code_days_with_check" if dossier.field_check else "facility.code_days_without_check"
    return TERMS.get(K(dossier.kind), "")


def new_rule_from() -> date:
    """The day from which the circular in force counts."""
    since: date = rulebook.param("transition.open_ledger_counts_from", on=timezone.localdate())
    return since


def notice_days(on: date) -> int:
    return int(rulebook.param_value("facility.ordinary_animals_notice_days", on=on).value)


def days_allowed(dossier: Application, on: date) -> int | None:
    """Working days the rulebook gives for the dossier on the day it was received; None where it gives none."""
    name = term_of(dossier)
    return _days(name, rule_day(dossier, on)) if name else None


def rule_day(dossier: Application, on: date) -> date:
    """The day whose rules count: the one it was received, else the last of the old rule or the first of the new one."""
    day, first = dossier.received or on, new_rule_from()
    if dossier.old_rule:
        return min(day, first - timedelta(days=1))
    return max(day, first) if dossier.chose_new else day


def papers_of(dossier: Application) -> list[tuple[str, bool]] | None:
    """Each paper that this kind of dossier needs on its day and whether it was ticked; None where no rule tells."""
    try:
        told = rulebook.param_value("facility.papers", on=rule_day(dossier, timezone.localdate())).value
    except RulebookError:
        return None
    needed = (told or {}).get(dossier.kind)
    return None if needed is None else [(name, name in dossier.ticked) for name in needed]


def tick(actor: Actor, dossier: Application, names: Sequence[str]) -> Application:
    """The ticked papers lie in the dossier; names that its kind does not ask for are refused."""
    known = [name for name, _there in papers_of(dossier) or ()]
    if strange := [name for name in names if name not in known]:
        raise ValidationError(_("Loại hồ sơ này không có giấy tờ “%(name)s”.") % {"name": strange[0]})

    def work(standing: Application) -> None:
        standing.ticked = [name for name in known if name in names]

    told: Application = write.write(REGISTERS["facilities.application"], actor, "edit", dossier, work)
    return told


def derive_application(dossier: Application) -> None:
    """A dossier lies where its facility lies, and belongs to the body that its facility belongs to."""
    if dossier.facility_id:
        dossier.area_path = dossier.facility.area_path
        dossier.organisation = dossier.facility.organisation or dossier.organisation


def closed(dossier: Application) -> str:
    return _("Cơ sở đã đóng; không nhận hồ sơ.") if dossier.facility.status == Facility.Status.CLOSED else ""


def no_asking(dossier: Application) -> str:
    """Why the CITES scientific authority is not asked: it is no first code, or it was asked already."""
    if dossier.kind != K.GRANT:
        return _("Chỉ hỏi cơ quan khoa học CITES khi cấp mã số lần đầu.")
    if dossier.authority_asked:
        return _("Đã gửi hỏi cơ quan khoa học CITES ngày %(on)s.") % {"on": as_text(dossier.authority_asked)}
    return ""


def not_asked(dossier: Application) -> str:
    """Why no answer of the CITES scientific authority can be written down."""
    if not dossier.authority_asked:
        return _("Chưa gửi hỏi cơ quan khoa học CITES.")
    return _("Đã ghi ý kiến cơ quan khoa học CITES.") if dossier.authority_answered else ""


def asked_authority(actor: Actor, dossier: Application, said: Mapping[str, Any]) -> None:
    dossier.authority_asked = _between(said["on"], dossier.received)


def authority_answered(actor: Actor, dossier: Application, said: Mapping[str, Any]) -> None:
    dossier.authority_answered = _between(said["on"], dossier.authority_asked)


def _between(on: date, first: date | None) -> date:
    """The day, which lies neither before the first nor after today."""
    if on > timezone.localdate():
        raise ValidationError({"on": _("Ngày chưa tới.")})
    if first and on < first:
        raise ValidationError({"on": _("Ngày này trước ngày %(on)s.") % {"on": as_text(first)}})
    return on


def answer_days(dossier: Application, on: date) -> int | None:
    """Working days in which the authority answers; None where the rulebook gives none."""
    return _days(ANSWER_DAYS, rule_day(dossier, on))


def _days(name: str, on: date) -> int | None:
    try:
        return int(rulebook.param_value(name, on=on).value)
    except RulebookError:
        return None


def authority(dossier: Application) -> Mapping[str, Any] | None:
    """By when the CITES scientific authority is to be asked, and in how many days it answers, each with its source.

    None where it is not a first code. Whether a species stands in an Appendix is for a person to say.
    """
    on = rule_day(dossier, timezone.localdate())
    ask = _days(ASK_DAYS, on)
    if dossier.kind != K.GRANT or ask is None:
        return None
    try:
        due = add_working_days(dossier.received, ask) if dossier.received else None
    except RulebookError:
        due = None
    answers = answer_days(dossier, on)
    late = due is not None and (dossier.authority_asked or timezone.localdate()) > due
    return {
        "ask": rulebook.param_value(ASK_DAYS, on=on), "due": due, "late": late,
        "answers": rulebook.param_value(ANSWER_DAYS, on=on) if answers is not None else None,
    }  # fmt: skip


def unchecked(dossier: Application) -> str:
    """Why it cannot be proposed or granted: the field check it needs was not made, or found it unfit."""
    if dossier.field_check and dossier.check_result != Application.Result.FIT:
        return _("Hồ sơ phải kiểm tra thực tế và đạt điều kiện trước khi trình, chấp thuận.")
    return closed(dossier)


def accepted(actor: Actor, dossier: Application, said: Mapping[str, Any]) -> None:
    """The clock of the dossier counts from the day it was received."""
    dossier.received = said["on"]
    if dossier.received > timezone.localdate():
        raise ValidationError({"on": _("Ngày nhận hồ sơ chưa tới.")})
    dossier.old_rule = said["on"] < new_rule_from() and not dossier.chose_new


def checked(actor: Actor, dossier: Application, said: Mapping[str, Any]) -> None:
    if said["check_day"] > timezone.localdate():
        raise ValidationError({"check_day": _("Ngày kiểm tra chưa tới.")})


def refused(actor: Actor, dossier: Application, said: Mapping[str, Any]) -> None:
    """The decision says why."""
    settled(dossier, timezone.localdate())
    dossier.refused_why = str(said.get("reason") or "")  # type: ignore[attr-defined]


def settled(dossier: Application, on: date) -> None:
    """The day of the decision, and whether it came in time: unknown where no term is known."""
    running = clock.opened(dossier.pk, TERM)
    due = None if running is None else running.due
    dossier.decided = on
    dossier.pace = "" if due is None else dossier.Pace.ON_TIME if on <= due else dossier.Pace.LATE


def in_time(dossier: Application) -> str:
    """Why no letter of apology is due: the dossier is not late."""
    running = clock.opened(dossier.pk, TERM)
    late = running is not None and running.due is not None and running.due < timezone.localdate()
    return "" if late else _("Hồ sơ chưa quá hạn; chưa phải xin lỗi.")


def apologised(actor: Actor, dossier: Application, said: Mapping[str, Any]) -> None:
    if said["promised"] <= timezone.localdate():
        raise ValidationError({"promised": _("Ngày hẹn lại phải sau hôm nay.")})


def granted(actor: Actor, dossier: Application, said: Mapping[str, Any]) -> None:
    """What was asked takes effect: a code begins, or ends."""
    on = said.get("on") or timezone.localdate()
    if on > timezone.localdate() or (dossier.received and on < dossier.received):
        raise ValidationError({"on": _("Ngày chấp thuận phải từ ngày nhận hồ sơ đến hôm nay.")})
    settled(dossier, on)
    if dossier.kind in {K.GRANT, K.CHANGE}:
        give_code(dossier.facility, on)
    elif dossier.kind == K.REVOKE:
        end(dossier.facility, on, _("thu hồi theo yêu cầu của chủ cơ sở"))


def give_code(facility: Facility, on: date) -> Code:
    """The facility bears a code in the form of the day; the one it bore ends, and no code is ever given twice."""
    # two dossiers of one facility never grant at once
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    group = code_group(facility, on)
    if not group:
        told = _(
            "Không loài nào của cơ sở thuộc danh mục ngày %(on)s: không cần mã số; dùng sổ động vật rừng thông thường."
        )
        raise NotNow(told % {"on": as_text(on)})
    stocks = Stock.objects.filter(facility=facility, withdrawn__isnull=True)
    place = "province" if stocks.filter(purpose=COMMERCIAL).exists() else "VN"
    number = Serial(f"MS {group} {place}", "{n}").take("facilities", 1, "facilities.facility", facility.pk)
    try:
        made = rulebook.format_code("facility", on=on, serial=number.n, group=group, place=place)
    except RulebookError as error:
        raise NotNow(str(error)) from error
    end(facility, on, _("thay bằng mã số %(code)s") % {"code": made.text})
    code = Code(
        facility=facility, text=made.text, group=group, kind=facility.kind, since=on,
        organisation=facility.organisation, area_path=facility.area_path, certainty=made.note,
    )  # fmt: skip
    with outbox.changing(Code, [code.pk]):
        code.save(force_insert=True)
    _bear(facility, code.text, on)
    return code


def end(facility: Facility, on: date, why: str) -> None:
    """The code the facility bears ends on a day; it stays known."""
    open_ = list(Code.objects.filter(facility=facility, until__isnull=True).values_list("pk", flat=True))
    with outbox.changing(Code, open_):
        Code.objects.filter(pk__in=open_).update(until=on, why_ended=why)
    _bear(facility, "", None)


def end_code(actor: Actor, facility: Facility, said: Mapping[str, Any]) -> None:
    """A closed facility bears no code."""
    end(facility, timezone.localdate(), str(said.get("reason") or ""))


def still_holds(facility: Facility) -> str:
    """Why it cannot be closed: books that still hold something."""
    left = Stock.objects.filter(facility=facility, withdrawn__isnull=True).exclude(balance=0).first()
    return (
        "" if left is None else _("Sổ “%(book)s” còn số dư; ghi hết biến động rồi mới đóng.") % {"book": left}
    )


def search_words(facility: Facility) -> str:
    """What a facility is searched by, without tones: name, village, code with and without its dashes."""
    return fold(f"{facility.name} {facility.village} {facility.code} {code_key(facility.code)}")


def derive_facility(facility: Facility) -> None:
    """A facility is found by its name, its village and its code; one of an owner with an account is his body's."""
    accounts.belongs(facility)
    facility.search_text = search_words(facility)


def _bear(facility: Facility, text: str, since: date | None) -> None:
    """The facility bears this code, or none."""
    facility.code, facility.code_from = text, since
    with outbox.changing(Facility, [facility.pk]):
        Facility.objects.filter(pk=facility.pk).update(
            code=text, code_from=since, search_text=search_words(facility)
        )


def derive_stock(stock: Stock) -> None:
    """A book lies where its facility lies; a purpose the law does not allow the species on that day is refused."""
    if stock.facility_id:
        stock.organisation, stock.area_path = stock.facility.organisation, stock.facility.area_path
    if not stock.taxon_id or not stock.since:
        return
    stood = None if stock._state.adding else Stock.objects.filter(pk=stock.pk).first()
    if stood is not None and stood.entries.exists():
        for name in ("facility_id", "taxon_id", "form", "unit"):
            if getattr(stock, name) != getattr(stood, name):
                told = _("Sổ đã có dòng; không đổi cơ sở, loài hay mẫu sổ, đơn vị tính.")
                raise ValidationError({name.removesuffix("_id"): told})
        if stood.entries.filter(day__lt=stock.since).exists():
            raise ValidationError({"since": _("Sổ đã có dòng trước ngày này.")})
    if stock._state.adding and stock.form == Stock.Form.PLANTING and stock.unit == "con":
        stock.unit = "cây"  # nobody said otherwise
    if stock.since > timezone.localdate():
        raise ValidationError({"since": _("Ngày mở sổ chưa tới.")})
    if stock._state.adding and stock.facility_id and stock.facility.status == Facility.Status.CLOSED:
        raise ValidationError({"facility": _("Cơ sở đã đóng.")})
    group = group_of(stock.taxon, stock.since)
    if stock.form == Stock.Form.ORDINARY and group:
        told = _(
            "Loài thuộc nhóm %(group)s: dùng sổ nuôi hoặc sổ trồng, không dùng sổ động vật rừng thông thường."
        )
        raise ValidationError({"form": told % {"group": group}})
    if group == "priority" and stock.purpose == COMMERCIAL:
        try:
            first = str(rulebook.param_value("facility.commercial_priority_generation", on=stock.since).value)
        except RulebookError:
            return
        if not _reaches(stock.generation, first):
            told = _(
                "Loài ưu tiên bảo vệ chỉ nuôi thương mại từ thế hệ %(first)s; ghi thế hệ nuôi hoặc mục đích khác."
            )
            raise ValidationError({"purpose": told % {"first": first}})


def _reaches(generation: str, first: str) -> bool:
    said, needed = (text.strip().upper().removeprefix("F") for text in (generation, first))
    return said.isdigit() and needed.isdigit() and int(said) >= int(needed)


def derive_notice(notice: Notice) -> None:
    """Working days from the bringing in to the notice, and whether that is late by the parameter of that day."""
    if notice.facility_id:
        notice.organisation, notice.area_path = notice.facility.organisation, notice.facility.area_path
    if not notice.brought or not notice.told:
        return
    today = timezone.localdate()
    if notice.brought > today or notice.told > today:
        raise ValidationError({"told" if notice.told > today else "brought": _("Ngày chưa tới.")})
    if notice.told < notice.brought:
        raise ValidationError({"told": _("Ngày báo trước ngày đưa về nuôi.")})
    try:
        notice.days_taken = working_days_between(notice.brought, notice.told)
        notice.late = notice.days_taken > notice_days(notice.brought)
    except RulebookError:
        notice.days_taken = notice.late = None


def checklist(actor: Actor, dossier: Application) -> Mapping[str, Any]:
    """The papers a dossier of this kind needs on its day, each ticked or not; and the term with its source."""
    on = rule_day(dossier, timezone.localdate())
    name, days = term_of(dossier), days_allowed(dossier, on)
    term = rulebook.param_value(name, on=on) if name and days is not None else None
    needed = papers_of(dossier)
    return {
        "record": dossier,
        "needed": needed,
        "missing": [n for n, there in needed or () if not there],
        "papers": rulebook.param_value("facility.papers", on=on) if needed is not None else None,
        "may_tick": needed and may(actor, "facilities.application.edit", dossier),
        "term": term,
        "days": days,
        "pending": rulebook.param_value("transition.pending_dossiers", on=timezone.localdate())
        if dossier.received and dossier.received < new_rule_from()
        else None,
        "late": not in_time(dossier),
        "authority": authority(dossier),
        "apologised": bool(dossier.late_reason),
    }
