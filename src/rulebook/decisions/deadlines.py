"""The clocks of a case, with their extensions; a day that cannot be counted comes back as not known, with why."""

from dataclasses import dataclass
from datetime import date, timedelta

from rulebook.certainty import Certainty, weakest
from rulebook.decisions.fines import value_on
from rulebook.decisions.powers import later
from rulebook.errors import NoCalendar
from rulebook.parameters import Value, params
from rulebook.reading import said
from rulebook.workdays import add_working_days, doubts


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due until when. `due` is None when it cannot be said; `why` tells why, or how it was counted."""

    name: str
    vi: str
    due: date | None
    why: str
    basis: str
    certainty: Certainty


def _end(start: date, told: Value) -> date:
    if told.unit == "working_day":
        return add_working_days(start, told.value)
    if told.unit == "month":
        return later(start, months=told.value)
    return start + timedelta(days=told.value)


UNITS = {"working_day": "ngày làm việc", "month": "tháng", "day": "ngày"}


def deadline(name: str, start: date, *, then: tuple[str, ...] = ()) -> Deadline:
    """The end of a period named by its parameter, from a day on, and of the extensions that follow it."""
    vi = params()[name].vi
    told = value_on(name, start)
    steps: list[Value] = []
    for one in (told, *(value_on(other, start) for other in then)):
        if one is None or one.value is None:
            return Deadline(name, vi, None, f"Chưa có căn cứ cho ngày {said(start)}.", "", "unverified")
        steps.append(one)
    day, basis = start, "; ".join(dict.fromkeys(one.basis for one in steps))
    mark = weakest(one.certainty for one in steps)
    try:
        for one in steps:
            day = _end(day, one)
        open_days = doubts(start, day) if any(one.unit == "working_day" for one in steps) else ()
    except NoCalendar as error:
        return Deadline(name, vi, None, error.sentence, basis, mark)
    counted = " cộng ".join(f"{one.value} {UNITS[one.unit]}" for one in steps)
    why = " ".join([f"{counted} từ ngày {said(start)}.", *open_days])
    return Deadline(name, vi, day, why, basis, mark)


def deadlines(
    minute: date,
    *,
    complex_case: bool = False,
    extended: bool = False,
    remote: bool = False,
    seized: date | None = None,
    seizure_extended: bool = False,
    opened: date | None = None,
) -> tuple[Deadline, ...]:
    """The clocks that run from the day of the minute, of the seizure and of the opening of a criminal case.

    Only a complex case may be extended: ValueError when `extended` is asked of another.
    """
    if extended and not complex_case:
        raise ValueError("Chỉ vụ việc phức tạp mới được kéo dài thời hạn ra quyết định.")
    if complex_case:
        more = ("enforcement.decision_extension_months",) if extended else ()
        decide = deadline("enforcement.decision_complex_months", minute, then=more)
    else:
        decide = deadline("enforcement.decision_days", minute)
    transfer = "enforcement.transfer_remote_days" if remote else "enforcement.transfer_days"
    out = [deadline("enforcement.hearing_request_days", minute), deadline(transfer, minute), decide]
    if seized:
        more = ("enforcement.temporary_seizure_extension_days",) if seizure_extended else ()
        out.append(deadline("enforcement.temporary_seizure_days", seized, then=more))
    if opened:
        out.append(deadline("enforcement.file_to_procuracy_days", opened))
    return tuple(out)
