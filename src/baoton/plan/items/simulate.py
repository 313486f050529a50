"""Simulated giving of work: a quarterly letter to every commune, a meeting, papers, targets; with their known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from django.conf import settings

from baoton.kit.ids import source_id
from baoton.kit.reading.register import REGISTERS
from baoton.kit.refs import name_of
from baoton.places.queries import commune_choices, province_path
from baoton.plan.items.actions import lead_body, next_due, working_day_before
from baoton.plan.items.papers import LETTER, YEARLY
from baoton.plan.models import Assignment, Document, IndicatorValue, Meeting, Proof, Target, Work, Yearly
from baoton.plan.queries import met, task_number
from rulebook.demonstration import load_demonstration

TITLE = "Họp bản, ký cam kết không săn bắt (mô phỏng)"
SHOWS = "Biên bản họp bản, danh sách ký cam kết"
ASKED = "Bản nào đã họp trong quý trước thì có phải họp lại không?"
SHORT = "Trả lại: thiếu danh sách ký cam kết của hai bản."
CONCLUDED = (
    (5, "Trình kế hoạch điều tra mùa khô năm sau", "so_nnmt", "Tờ trình, dự toán", "doing", 34),
    (3, "Kiểm tra lại các cơ sở chưa khắc phục", "kiem_lam", "Biên bản kiểm tra", "done", 20),
    (1, "Rà soát kinh phí tuyên truyền chưa giao", "so_tai_chinh", "Bảng đối chiếu", "planned", 45),
)
AIMS = (
    ("outreach.sessions", 0.9, "met"),
    ("outreach.participants", 1.2, "not"),
    ("plan.done", 1.3, "not"),
)
ADDED = (
    "Lồng ghép bảo vệ rừng vào hương ước của các bản; mỗi quý thông báo trên loa về loài cấm săn bắt; cử hai người của "
    "xã dự lớp tập huấn nhận dạng loài (mô phỏng)"
)
ESTIMATE = "observations.camera_rate"


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """The work of two quarters of one letter in different states, one meeting's, two papers; how many pieces."""
    lead, home = lead_body(), province_path()
    letter = _letter(year, lead, home)
    following = next_due(letter, letter.due)
    assert following is not None
    works: list[Work] = []
    proofs: list[Proof] = []
    for n, (path, _name) in enumerate(commune_choices()):
        session = _session(path, letter)
        works += [_past(rng, n, letter, path, session), _coming(rng, n, letter, path, following)]
        if session is not None and works[-2].status == Work.Status.DONE:
            about_type, about_id = name_of(session)
            proofs.append(
                Proof(
                    id=source_id("simulated.proof", path), work=works[-2], about_type=about_type, about_id=about_id,
                    area_path=path, organisation=works[-2].responsible,
                )
            )  # fmt: skip
    works += _meeting(today, lead, home)
    Work.objects.bulk_create(works)
    Proof.objects.bulk_create(proofs)
    _papers(year, lead, home)
    _yearly(year)
    truth.setdefault("books", {}).update(
        {
            "plan.documents": [_row(one) for one in Document.objects.all()],
            "plan.meetings": [_row(one) for one in Meeting.objects.all()],
        }
    )
    for one in works:
        told = {"task": (one.task.number or 0) if one.task else 0, "area": one.area_path}
        told |= {"due": one.due.isoformat(), "status": str(one.status)}
        truth["works"].append({**told, "finished": one.finished.isoformat() if one.finished else None})
    truth["given"] = {
        "letter": str(letter.pk), "proofs": len(proofs), "checked": sum(w.checked is not None for w in works),
        "asked": sum(bool(w.question) for w in works), "returned": sum(w.said == SHORT for w in works),
    }  # fmt: skip
    return len(works)


def _letter(year: int, lead: str, home: str) -> Assignment:
    """One letter of the lead body to every commune, repeated by quarter to the end of the year."""
    letter = Assignment(
        id=source_id("simulated.assignment", "1"), title=TITLE, node=task_number(1), organisation=lead,
        area_path=home,
        bodies=[f"ubnd_{path.split('/')[1]}" for path, _name in commune_choices()],
        due=working_day_before(date(year, 9, 30)), must_show=SHOWS, weight=2, every=Assignment.Every.QUARTER,
        until=date(year, 12, 31), status=Assignment.Status.ISSUED, number="01/MP-GV",
        issued_on=working_day_before(date(year, 7, 15)),
    )  # fmt: skip
    assert letter.issued_on is not None
    letter.paper = LETTER.issue(letter, letter.number, letter.issued_on)
    letter.save()
    return letter


def _session(path: str, letter: Assignment) -> Any:
    """A session the commune held while the work ran: what shows that it was done."""
    book = REGISTERS["outreach.session"]
    rows: Any = book.model._default_manager.filter(area_path=path, withdrawn__isnull=True)
    return rows.filter(day__range=(letter.issued_on, letter.due)).order_by("-day", "id").first()


def _work(letter: Assignment, path: str, due: date, begins: date, **state: Any) -> Work:
    return Work(
        id=source_id("simulated.given", f"{path} {due}"), title=letter.title, task=letter.node,
        responsible=f"ubnd_{path.split('/')[1]}", organisation=letter.organisation, area_path=path, begins=begins,
        due=due, must_show=letter.must_show, weight=letter.weight, assignment=letter, **state,
    )  # fmt: skip


def _past(rng: np.random.Generator, n: int, letter: Assignment, path: str, session: Any) -> Work:
    """The quarter that is over: done with a session that shows it and checked, waiting, returned, or late."""
    began = letter.issued_on or letter.due
    got = began + timedelta(days=int(rng.integers(1, 6)))
    state: dict[str, Any] = {"accepted": got, "status": Work.Status.DOING}
    if session is None or n % 6 == 5:
        percent = int(rng.integers(2, 8)) * 10
        state |= {"percent": percent, "said": "Còn bản ở xa chưa họp được vì mưa lũ."}
    elif n % 6 == 4:
        state |= {"percent": 90, "said": SHORT}
    else:
        state |= {"percent": 100, "status": Work.Status.DONE, "finished": session.day}
        state["result"] = "Đã họp các bản, có danh sách ký cam kết. Kết quả mô phỏng."
        state["checked"] = letter.due + timedelta(days=3) if n % 6 != 3 else None
    return _work(letter, path, letter.due, began, **state)


def _coming(rng: np.random.Generator, n: int, letter: Assignment, path: str, due: date) -> Work:
    """The quarter that runs: accepted, asked back, under way with per cent and a word, or not yet taken."""
    begins, got = letter.due, letter.due + timedelta(days=int(rng.integers(1, 9)))
    percent = int(rng.integers(2, 9)) * 10
    doing = {"status": Work.Status.DOING, "accepted": got, "percent": percent}
    states: tuple[dict[str, Any], ...] = (
        {"accepted": got},
        {"question": ASKED},
        {**doing, "said": "Đã họp xong các bản gần trung tâm xã."},
        {**doing, "said": "Đang họp cùng đợt giao ban của các bản."},
        {},
    )
    return _work(letter, path, due, begins, **states[n % len(states)])


def _meeting(today: date, lead: str, home: str) -> list[Work]:
    """One meeting whose conclusions became work of three bodies."""
    day = working_day_before(today - timedelta(days=26))
    meeting = Meeting.objects.create(
        id=source_id("simulated.meeting", "1"), title="Giao ban quý III thực hiện Kế hoạch (mô phỏng)", day=day,
        chair="Lãnh đạo Sở Nông nghiệp và Môi trường", present="Các sở, ngành phối hợp; UBND các xã, phường",
        concluded="\n".join(f"{i}. {title}." for i, (_t, title, *_rest) in enumerate(CONCLUDED, 1)),
        number="02/TB-MP", organisation=lead, area_path=home,
    )  # fmt: skip
    return [
        Work(
            id=source_id("simulated.concluded", title), title=title, task=task_number(task), responsible=body,
            organisation=lead, area_path=home, begins=day, due=working_day_before(day + timedelta(days=days)),
            must_show=shows, status=status, meeting=meeting,
            finished=day + timedelta(days=days - 4) if status == "done" else None,
            result="Kết quả mô phỏng." if status == "done" else "",
        )
        for task, title, body, shows, status, days in CONCLUDED
    ]  # fmt: skip


def _papers(year: int, lead: str, home: str) -> None:
    """Two directing documents of the year."""
    told = (
        ("15/MP-UBND", date(year, 2, 12), "Ủy ban nhân dân tỉnh", "letter", "Tăng cường chống săn bắt trái phép"),
        ("08/MP-SNNMT", date(year, 6, 4), "Sở Nông nghiệp và Môi trường", "notice", "Phân công kiểm tra cơ sở nuôi"),
    )  # fmt: skip
    for n, (number, day, issuer, kind, title) in enumerate(told, 1):
        Document.objects.create(
            id=source_id("simulated.document", str(n)), number=number, day=working_day_before(day), issuer=issuer,
            kind=kind, title=f"{title} (mô phỏng)", node=task_number(3), organisation=lead, area_path=home,
        )  # fmt: skip


def _row(one: Document | Meeting) -> dict[str, Any]:
    return {"area": one.area_path, "day": one.day.isoformat(), "until": f"{one.day.year + 1}", "n": 1}


def _yearly(year: int) -> None:
    """The yearly plans of the communes of the cast, with what they add themselves: one approved, others drafted."""
    communes = [c for c in load_demonstration(settings.PROVINCE).cast if "/" in c.area]
    for n, one in enumerate(communes):
        plan = Yearly(
            id=source_id("simulated.yearly", one.body), body=one.body, year=year, added=ADDED, organisation=one.body,
            area_path=one.area,
        )  # fmt: skip
        if not n:
            plan.status, plan.number = Yearly.Status.APPROVED, "01/KH-MP"
            plan.paper = YEARLY.issue(plan, plan.number, working_day_before(date(year, 8, 3)))
        plan.save()


def targets(year: int, truth: dict[str, Any]) -> int:
    """Targets beside figures that stand: some met, some not, one met only inside the interval; how many."""
    known = {v.indicator: v for v in IndicatorValue.objects.filter(year=year, area_path="")}
    told: dict[str, float] = {}
    for name, share, _state in AIMS:
        if name in known and known[name].value:
            told[name] = _round((known[name].value or 0) * share)
    rate = known.get(ESTIMATE)
    if rate is not None and rate.value is not None and rate.high is not None:
        told[ESTIMATE] = _round((rate.value + rate.high) / 2)
    states = {}
    for name, value in told.items():
        one = Target(
            id=source_id("simulated.target", name), indicator=name, year=year, value=value,
            baseline=_round(value * 0.6), organisation=lead_body(), area_path=province_path(),
            source="Chỉ tiêu mô phỏng, không phải của văn bản nào",
        )  # fmt: skip
        states[name] = met(one, known[name].value, known[name].low, known[name].high)
        one.save()
    truth["targets"] = {name: [told[name], state] for name, state in states.items()}
    return len(told)


def _round(value: float) -> float:
    """Two digits that are not nought, as an office sets a target."""
    return float(f"{value:.2g}")
