"""Who may decide, whether there is a right to be heard, and until when a fine may be decided."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from rulebook.certainty import weakest
from rulebook.decisions.facts import Facts
from rulebook.decisions.fines import value_on
from rulebook.decisions.result import Fired, Hearing, Limitation, Office
from rulebook.decisions.words import dong, fact, said_as
from rulebook.reading import said


def later(day: date, *, years: int = 0, months: int = 0) -> date:
    """The same day of the month so many years and months on; the last of the month when there is no such day."""
    count = day.month - 1 + months + 12 * years
    year, month = day.year + count // 12, count % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def seized_value(facts: Facts, rows: Sequence[Fired]) -> Decimal | None:
    """The value of what the rows take: items, and the vehicle where it is taken; None when some is not known."""
    does = {one for row in rows for one in row.additional} | {row.row.does for row in rows}
    total: Decimal | None = Decimal(0)
    if "seize_items" in does:
        for place in sorted({place for row in rows for place in row.items}):
            value = facts.items[place].value
            total = None if value is None or total is None else total + value
    if does & {"seize_vehicle", "seize_cart_motorbike"} and total is not None:
        total = None if facts.vehicle_value is None else total + facts.vehicle_value
    return total


def offices(facts: Facts, rows: Sequence[Fired], day: date, *, provisional: bool) -> tuple[Office, ...]:
    """Every office with what it may do here, weakest first. The top of the range decides, as for a person.

    `provisional` says that some row is still open: then no office is called competent for sure, though one
    whose limit is already passed is not.
    """
    powers, seizure = (
        value_on("enforcement.powers", day),
        value_on("enforcement.seizure_powers", day),
    )
    tops = [row.row.fine[1] for row in rows if row.row.fine]
    if powers is None or seizure is None or not tops:
        return ()
    most = value_on("enforcement.max_fine", day)
    top = min(max(tops), most.value["person"]) if most and most.value else max(tops)
    value = seized_value(facts, rows)
    out = []
    for office, limit in powers.value.items():
        cap = seizure.value.get(office)
        may_fine: bool | None = top <= limit
        unlimited = cap == "any"
        may_seize = True if unlimited else None if cap is None or value is None else value <= cap
        if provisional:
            all_fines = most is not None and limit >= most.value["person"]
            may_fine = (may_fine or None) if all_fines else (None if may_fine else False)
            may_seize = True if unlimited else (None if may_seize is not False else False)
        out.append(
            Office(
                office=office,
                may_fine=may_fine,
                may_seize=may_seize,
                fine_limit=limit,
                seizure_limit=None if unlimited else cap,
                basis=powers.basis,
                certainty=weakest([powers.certainty, seizure.certainty]),
            )
        )
    return tuple(out)


def hearing(facts: Facts, rows: Sequence[Fired], day: date) -> Hearing | None:
    """Whether the top of the range reaches the amount from which the offender may ask to be heard."""
    told = value_on("enforcement.hearing_from", day)
    tops = [row.fine[1] for row in rows if row.fine]
    if not tops:
        return None
    if told is None:
        return Hearing(None, f"Chưa có căn cứ về quyền giải trình cho ngày {said(day)}.", "unverified")
    if facts.offender is None:
        return Hearing(None, f"Chưa rõ {fact('offender')}.", told.certainty)
    amount = told.value[facts.offender]
    if amount is None:
        return Hearing(None, f"Chưa đọc mức của {said_as('offender', facts.offender)}.", told.certainty)
    due = max(tops) >= amount
    word = "từ" if due else "dưới"
    return Hearing(due, f"Mức tối đa của khung {dong(max(tops))}, {word} {dong(amount)}.", told.certainty)


def limitation(facts: Facts) -> Limitation | None:
    """Until when a fine may be decided, counted from the end of the act."""
    if facts.day is None:
        return None
    told = value_on("enforcement.limitation_years", facts.day)
    if told is None or told.value is None:
        return Limitation(
            None, None, f"Chưa đọc thời hiệu áp dụng cho ngày {said(facts.day)}.", "", "unverified"
        )
    if facts.continuing:
        why = "Hành vi còn tiếp diễn: thời hiệu chưa bắt đầu tính từ ngày chấm dứt."
        return Limitation(None, False, why, told.basis, told.certainty)
    start = facts.ended or (facts.day if facts.continuing is False else None)
    if start is None:
        why = f"Chưa rõ {fact('continuing')}; sớm nhất hết thời hiệu sau ngày "
        why += f"{said(later(facts.day, years=told.value))}."
        return Limitation(None, None, why, told.basis, told.certainty)
    until = later(start, years=told.value)
    expired = None if facts.decided is None else facts.decided > until
    why = f"{told.value} năm từ ngày {said(start)}."
    return Limitation(until, expired, why, told.basis, told.certainty)
