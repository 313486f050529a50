"""What comes of a tip, each in one verb with a word that its sender may read."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

import rulebook
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import clock, write
from baoton.patrols.models import Patrol
from baoton.tips.actions.routing import route
from baoton.tips.models import Sender, Tip, Word
from rulebook.errors import RulebookError

RECEIVE, NOTICE = gettext_noop("xã tiếp nhận động vật"), gettext_noop("thông báo tìm chủ nuôi")
ANSWER_DAYS, RECEIVE_DAYS, NOTICE_DAYS = (
    "enforcement.tip_answer_days", "rescue.commune_receives_days", "rescue.owner_notice_days",
)  # fmt: skip
OUTCOMES = frozenset({Tip.Status.CASE, Tip.Status.PATROL, Tip.Status.HANDED, Tip.Status.NOTHING})


def days_of(name: str, on: date) -> int | None:
    """The working days that a text gives on a day; None where none was read."""
    try:
        value = rulebook.param_value(name, on=on).value
    except RulebookError:
        return None
    return None if value is None else int(value)


def receive_days(record: Tip, on: date) -> int | None:
    """How soon the commune must receive a stray or hurt animal."""
    return days_of(RECEIVE_DAYS, on)


def term_of(tip: Tip) -> int | None:
    """Working days to answer: those of an animal that needs rescue, else the general term."""
    return days_of(RECEIVE_DAYS if tip.rescue else ANSWER_DAYS, tip.received)


def due_day(tip: Tip) -> date | None:
    """The last day to answer; None where no text gives a term, or no calendar tells the working days."""
    days = term_of(tip)
    try:
        return None if days is None else rulebook.add_working_days(tip.received, days)
    except RulebookError:
        return None


def derive(record: Tip) -> None:
    """A tip has a code and somebody who answers; one that was answered knows how long it took, and whether in time."""
    record.code = record.code or f"TB-{record.received:%y%m%d}-{record.pk.hex[-6:].upper()}"
    if record.found != Tip.Found.PHOTO:
        named = record.area_path or record.locality
        record.found = Tip.Found.MAP if record.geom else Tip.Found.NAMED if named else Tip.Found.NONE
    if record._state.adding and record.officer is None:
        record.rescue = record.rescue or record.kind == Tip.Kind.ANIMAL
        _place(record)
        typed_by = record.organisation
        route(record)
        record.organisation = record.organisation or typed_by
    record.due = due_day(record)
    if record.status in OUTCOMES and record.answered is None:
        now = timezone.now()
        record.answered = timezone.localdate()
        record.hours = round(max((now - record.received_at).total_seconds(), 0) / 3600, 2)
    elif record.status not in OUTCOMES:
        record.answered = record.hours = None
    record.in_time = None if record.due is None or record.answered is None else record.answered <= record.due


def _place(record: Tip) -> None:
    """The commune is known before the officer is looked for."""
    from baoton.tips.disclosure import settle

    settle([record])


def derive_sender(record: Sender) -> None:
    """Who sent a tip belongs where the tip does."""
    record.organisation, record.area_path = record.tip.organisation, record.tip.area_path


def patrolled(actor: Actor, record: Tip, answers: Mapping[str, Any]) -> None:
    """A patrol is planned for tomorrow where the tip is, or in its commune."""
    with override("vi"):  # kept words: in the language of the office, whoever writes
        objective = _("Tin báo %(code)s: %(kind)s") % {"code": record.code, "kind": record.get_kind_display()}
    plan = Patrol(
        day_start=timezone.localdate() + timedelta(days=1), area_path=record.area_path, locality=record.locality,
        objective=objective,
    )  # fmt: skip
    plan.put_point(record.lon, record.lat)
    record.patrol = write.create(REGISTERS["patrols.patrol"], actor, plan)
    record.answer = record.answer or gettext_noop("Tổ tuần tra sẽ đến nơi xem.")


def rescued(actor: Actor, record: Tip, answers: Mapping[str, Any]) -> None:
    """The animal needs rescue; the clock of the commune starts with the verb."""
    record.rescue = True


def taken_in(actor: Actor, record: Tip, answers: Mapping[str, Any]) -> None:
    """The commune holds the animal: the public notice for its lawful owner begins."""
    days = days_of(NOTICE_DAYS, timezone.localdate())
    if days is not None and clock.opened(record.pk, NOTICE) is None:
        clock.start(record._meta.label_lower, record, NOTICE, days, timezone.localdate())


def not_an_animal(record: Tip) -> str:
    """Why the commune cannot receive anything, in a sentence; empty where it can."""
    if clock.opened(record.pk, RECEIVE) is not None:
        return ""
    return _("Chưa báo cứu hộ, hoặc xã đã tiếp nhận rồi.")


def already(record: Tip) -> str:
    """Why the clock of the commune cannot start again, in a sentence."""
    return _("Đã báo xã tiếp nhận.") if clock.of_record(record.pk).filter(name=RECEIVE).exists() else ""


def said(actor: Actor, record: Tip, answers: Mapping[str, Any]) -> None:
    """A word of the office that the sender may read."""
    say(actor, record, str(answers.get("text") or ""))


def say(actor: Actor, tip: Tip, text: str, by: str = Word.By.OFFICE) -> Word:
    """The word stands with the tip."""
    word = Word(tip=tip, by=by, text=text, organisation=tip.organisation, area_path=tip.area_path)
    made: Word = write.create(REGISTERS["tips.word"], actor, word)
    return made


def made_case(actor: Actor, tip: Tip, case_code: str, answer: str) -> Tip:
    """The tip became the case of that number; the sender reads the answer. Raises `Denied` or `NotNow`."""
    done: Tip = write.act(
        REGISTERS["tips.tip"], actor, tip, "case", {"case_code": case_code, "answer": answer}
    )
    return done
