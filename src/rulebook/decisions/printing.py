"""One indication as plain Vietnamese text, to be printed into a case file. It suggests; a person decides."""

from collections.abc import Iterator

from rulebook.certainty import SAID
from rulebook.decisions.fines import what
from rulebook.decisions.result import Decision, Fired, Office, Open
from rulebook.decisions.words import dong, range_of_money, said_as, words
from rulebook.reading import said

OPENING = (
    "GỢI Ý ÁP DỤNG QUY ĐỊNH",
    "Bản gợi ý do phần mềm đối chiếu dữ kiện với bảng quy định; người có thẩm quyền xem xét và quyết định.",
)


def _mark(row: Fired) -> str:
    told = [] if row.certainty == "read" else [f"CHƯA XÁC MINH: {SAID[row.certainty]}"]
    told += [row.row.note] if row.row.note else []
    return f" [{'; '.join(told)}]" if told else ""


def _items(row: Fired, decision: Decision) -> str:
    names = [decision.facts.items[p].name for p in row.items if decision.facts.items[p].name]
    return f" Tang vật: {', '.join(dict.fromkeys(names))}." if names else ""


def _fine(row: Fired, decision: Decision) -> str:
    if row.fine is None:
        return "chưa nói được mức phạt"
    who = said_as("offender", decision.facts.offender or "person")
    sure = "" if decision.facts.offender else ", nếu là cá nhân"
    return f"phạt tiền {range_of_money(*row.fine)} ({who}{sure})"


def _administrative(row: Fired, decision: Decision) -> str:
    used = "; ".join(row.used)
    text = f"{row.row.basis}: {_fine(row, decision)}."
    text += f" Căn cứ dữ kiện: {used}." if used else ""
    text += _items(row, decision)
    if row.additional:
        text += f" Xử phạt bổ sung: {'; '.join(map(what, row.additional))}."
    if row.remedies:
        text += f" Khắc phục hậu quả: {'; '.join(map(what, row.remedies))}."
    return text + _mark(row)


def _criminal(row: Fired, decision: Decision) -> str:
    text = (
        f"{row.row.source}, {row.table.article} khoản {row.row.paragraph} ({row.table.vi}): dữ kiện đến mức "
    )
    text += f"xem xét trách nhiệm hình sự. Căn cứ dữ kiện: {'; '.join(row.used)}."
    return text + _items(row, decision) + _mark(row)


def _open(one: Open) -> str:
    if one.table is None:
        return f"Chưa đối chiếu với bảng nào: còn thiếu {_missing(one)}."
    where = ", ".join(part for part in (one.table.source, one.table.article) if part)
    if one.unread:
        text = f"{where}: chưa đọc {one.unread}"
        return text + (f"; còn thiếu {_missing(one)}." if one.missing else ".")
    rows = f" ({len(one.rows)} hàng)" if one.rows else ""
    return f"{where}{rows}: còn thiếu {_missing(one)}."


def _missing(one: Open) -> str:
    return ", ".join(m.said for m in one.missing)


def _yes(known: bool | None, yes: str, no: str) -> str:
    return {True: yes, False: no, None: "chưa nói được"}[known]


def _office(one: Office) -> str:
    limit = "không giới hạn giá trị" if one.seizure_limit is None else f"đến {dong(one.seizure_limit)}"
    told = _yes(one.competent, "trong thẩm quyền", "vượt thẩm quyền")
    return (
        f"{said_as('offices', one.office)}: {told} (phạt cá nhân đến {dong(one.fine_limit or 0)}; tịch thu {limit}) "
        f"[{one.basis}; {SAID[one.certainty]}]"
    )


def _facts(decision: Decision) -> Iterator[str]:
    facts = decision.facts
    if facts.day:
        yield f"Ngày xảy ra hành vi: {said(facts.day)}."
    if facts.decided:
        yield f"Ngày ra quyết định: {said(facts.decided)}."
    if facts.acts:
        yield f"Hành vi: {', '.join(said_as('acts', a) for a in words()['acts'] if a in facts.acts)}."


def _clocks(decision: Decision) -> Iterator[str]:
    if decision.limitation:
        told = decision.limitation
        until = f"đến hết ngày {said(told.until)}" if told.until else "chưa nói được"
        past = ", ĐÃ HẾT" if told.expired else ""
        yield f"Thời hiệu xử phạt: {until}{past}. {told.why}"
    if decision.hearing:
        told_hearing = _yes(decision.hearing.due, "có", "không")
        mark = f" [{SAID[decision.hearing.certainty]}]" if decision.hearing.certainty != "read" else ""
        yield f"Quyền giải trình: {told_hearing}. {decision.hearing.why}{mark}"


def _sections(decision: Decision) -> Iterator[tuple[str, list[str]]]:
    yield "Dữ kiện", list(_facts(decision))
    yield "Dấu hiệu hình sự", [_criminal(row, decision) for row in decision.criminal]
    yield "Xử phạt vi phạm hành chính", [_administrative(row, decision) for row in decision.administrative]
    circumstances = [f"{what(r.row.does)} ({r.row.basis}){_mark(r)}" for r in decision.circumstances]
    yield "Tình tiết", circumstances
    yield (
        "So sánh quy định ngày xảy ra hành vi và ngày ra quyết định",
        [
            f"{c.old.source}{' ' + c.old.article if c.old.article else ''}: {c.why}"
            for c in decision.comparisons
        ],
    )
    yield "Thẩm quyền", [_office(one) for one in decision.offices]
    yield "Thời hiệu, giải trình", list(_clocks(decision))
    yield "Chưa xét được", [_open(one) for one in decision.open] + list(decision.gaps)


def printed(decision: Decision) -> str:
    """The indication in plain text: facts, what they meet, what is open. Every line is a suggestion."""
    lines = list(OPENING)
    for title, told in _sections(decision):
        if told:
            lines += ["", f"{title}:", *(f"- {line}" for line in told)]
    if not decision.administrative and not decision.criminal:
        lines += ["", "Chưa có hàng nào khớp với dữ kiện đã có; điều đó không có nghĩa là không vi phạm."]
    return "\n".join(lines) + "\n"
