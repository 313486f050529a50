"""A body reads exactly what is lent to it, at every door; a case not lent answers as one that is not there."""

import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from baoton.enforcement.models import Case, Grant, Item, Person
from baoton.enforcement.models.sharing import PARTS
from baoton.files.actions import attach
from baoton.files.models import Evidence
from baoton.kit.access import Denied
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
BOOKS = (
    "enforcement.case", "enforcement.act", "enforcement.person", "enforcement.item", "enforcement.tool",
    "enforcement.circumstances", "enforcement.grant", "enforcement.bound",
)  # fmt: skip
CANARY = re.compile(r"[FIPDE]\dQX")
MU_CA = "12/03451"
CASES = 3


def made(dung: Any, n: int) -> Case:
    """A case whose every part carries a word of its own: F facts, I items, P persons, D papers, E photos of items."""
    case = Case(code=f"VV-{n}", day=date(2026, 7, 1), title=f"F{n}QX", area_path=MU_CA)
    case.put_point(102.40 + n / 100, 22.40)
    write.create(REGISTERS["enforcement.case"], dung, case)
    item = write.create(REGISTERS["enforcement.item"], dung, Item(case=case, name=f"I{n}QX"))
    write.create(REGISTERS["enforcement.person"], dung, Person(case=case, name=f"P{n}QX"))
    for about, letter in ((case, "D"), (item, "E")):
        name = f"{letter}{n}QX"
        attach(
            dung,
            about,
            [f"%PDF-1.4 {name}".encode()],
            f"{name}.pdf",
            kind=Evidence.Kind.SCAN,
            media_type="application/pdf",
        )
    return case


@pytest.fixture
def cases(person: Callable[[str], Any]) -> list[Case]:
    told = [made(person("dung"), n) for n in range(CASES)]
    outbox.drain()
    return told


def lend(actor: Any, case: Case, body: str, parts: set[str], days: int = 30, since: int = 0) -> Grant:
    today = timezone.localdate()
    values = {p: p in parts for p in PARTS}
    row = Grant(
        case=case, body=body, purpose="phối hợp", since=today + timedelta(days=since),
        until=today + timedelta(days=days), **values,
    )  # fmt: skip
    stored: Grant = write.create(REGISTERS["enforcement.grant"], actor, row)
    return stored


def allowed(n: int, parts: set[str]) -> set[str]:
    told = {f"{letter}{n}QX" for letter, part in zip("FIP", PARTS, strict=False) if part in parts}
    told |= {f"D{n}QX"} if "documents" in parts else set()
    return told | ({f"E{n}QX"} if {"items", "documents"} <= parts else set())


def decoded(answer: Any) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            raw = b" ".join(packed.read(name) for name in packed.namelist())
    return re.sub(r"(?:[?&]|&amp;)q=[^\"&]*|value=\"[^\"]*\"|“[^”]*”", "", raw.decode("utf-8", "replace"))


def doors() -> Iterator[str]:
    """Every address at which something of these books could be read."""
    yield from ("/", reverse("together"), "/tim/goi-y/?q=QX", "/cong-viec/", "/lich.ics")
    yield from (
        f"/tiles/enforcement-case/{at}" for at in ("8/200/111.mvt", "12/3212/1786.mvt", "12/3212/1786.json")
    )
    yield from (f"/tim/?q={letter}{n}QX" for letter in "FIPDE" for n in range(CASES))
    for name in (*BOOKS, "files.evidence"):
        slug, rows = REGISTERS[name].slug, list(REGISTERS[name].model._default_manager.all())
        if not rows:
            continue
        yield from (f"{reverse('register', args=[slug])}?{asked}" for asked in ("count=exact", "q=QX"))
        yield from (reverse(v, args=[slug]) for v in ("record-new", "desk", "api-items"))
        kinds = ("csv", "geojson") if REGISTERS[name].located else ("xlsx",)
        yield from (reverse("register-export", args=[slug, kind]) for kind in kinds)
        yield from (f"{reverse('register-suggest', args=[slug])}?by={by}&q=V" for by in ("code", "name"))
        yield from (reverse(v, args=[slug, row.pk]) for row in rows for v in ("record", "api-item"))
        yield from (
            reverse(v, args=[slug, rows[0].pk]) for v in ("record-edit", "record-paper", "record-pdf")
        )
    for row in Evidence.objects.all():
        yield f"{reverse('evidence-file', args=[row.pk])}?original=1"


def told(actor: Any) -> set[str]:
    browser = Client(raise_request_exception=True)
    browser.force_login(actor)
    found: set[str] = set()
    for address in doors():
        answer = browser.get(address)
        assert answer.status_code < 500, address
        found |= set(CANARY.findall(decoded(answer)))
    return found


@pytest.mark.once
@pytest.mark.parametrize("seed", [0, 1])
def test_a_body_reads_exactly_what_is_lent_to_it_at_every_door(
    seed: int, cases: list[Case], person: Callable[[str], Any]
) -> None:
    draw, dung = np.random.default_rng(seed), person("dung")
    lent: dict[str, dict[int, set[str]]] = {"canh_sat_moi_truong": {}, "quan_ly_thi_truong": {}}
    for n, case in enumerate(cases):
        for body, told_to in lent.items():
            parts = {p for p in PARTS if draw.random() < 0.45}
            kind = draw.choice(["open", "open", "over", "revoked", "coming", "nothing"])
            if not parts or kind == "nothing":
                continue
            row = lend(dung, case, body, parts, since=5 if kind == "coming" else 0)
            if kind == "over":
                past = timezone.localdate() - timedelta(days=1)
                Grant.objects.filter(pk=row.pk).update(since=past, until=past)
            elif kind == "revoked":
                write.act(REGISTERS["enforcement.grant"], dung, row, "revoke", {"reason": "xong việc"})
            if kind == "open":
                told_to[n] = parts
    for name, body in (("minh", "canh_sat_moi_truong"), ("thu", "quan_ly_thi_truong")):
        expected = set().union(*(allowed(n, parts) for n, parts in lent[body].items()))
        assert told(person(name)) == expected, name
    for stranger in ("lan",):
        assert told(person(stranger)) == set(), stranger


def test_a_case_that_is_not_lent_answers_as_one_that_is_not_there(
    cases: list[Case], person: Callable[[str], Any]
) -> None:
    browser, absent = Client(), str(UUID(int=7))
    browser.force_login(person("minh"))
    lend(person("dung"), cases[1], "canh_sat_moi_truong", {"facts"})
    item = Item.objects.get(case=cases[1])
    for slug, pk in (("enforcement-case", cases[0].pk), ("enforcement-item", item.pk)):
        for name in ("record", "record-edit", "record-paper", "api-item"):
            hidden, missing = (browser.get(reverse(name, args=[slug, k])) for k in (pk, absent))
            assert hidden.status_code == missing.status_code, name
            assert decoded(hidden).replace(str(pk), absent) == decoded(missing), name


def test_what_is_counted_is_what_is_lent(cases: list[Case], person: Callable[[str], Any]) -> None:
    browser = Client()
    browser.force_login(person("thu"))
    counted = lambda: browser.get(reverse("api-items", args=["enforcement-case"])).json()["numberMatched"]  # noqa: E731
    assert counted() == 0
    rows = [lend(person("dung"), case, "quan_ly_thi_truong", {"facts"}) for case in cases[:3]]
    assert counted() == 3
    write.act(REGISTERS["enforcement.grant"], person("dung"), rows[0], "revoke", {"reason": "nhầm"})
    assert counted() == 2


def test_the_owner_sees_when_what_it_lent_was_read(cases: list[Case], person: Callable[[str], Any]) -> None:
    lend(person("dung"), cases[0], "canh_sat_moi_truong", {"facts", "items", "documents"})
    minh, dung = Client(), Client()
    minh.force_login(person("minh"))
    dung.force_login(person("dung"))
    page = reverse("record", args=["enforcement-case", cases[0].pk])
    assert "Chưa ai của cơ quan khác xem" in decoded(dung.get(page))
    minh.get(page)
    paper = Evidence.objects.get(about_id=cases[0].pk)
    assert minh.get(f"{reverse('evidence-file', args=[paper.pk])}?original=1").status_code == 200
    minh.get(reverse("api-items", args=["enforcement-case"]))
    minh.get(reverse("register-export", args=["enforcement-case", "csv"]))
    shown = decoded(dung.get(page))
    for how in ("mở trang", "mở tệp kèm theo", "đọc qua API", "tải tệp"):
        assert f"(vụ việc, {how})" in shown, how
    assert "đã xem lúc" in shown and "Trần Quang Minh" in shown and "Cảnh sát" in shown
    assert not AuditEvent.objects.filter(
        verb="enforcement.case.see", actor_id=person("dung").actor_id
    ).exists()


def test_a_borrower_adds_changes_and_lends_nothing(cases: list[Case], person: Callable[[str], Any]) -> None:
    lend(person("dung"), cases[0], "canh_sat_moi_truong", set(PARTS))
    minh, case = person("minh"), Case.objects.get(pk=cases[0].pk)
    with pytest.raises(Denied):
        write.edit(REGISTERS["enforcement.case"], minh, case, {"title": "khác"})
    with pytest.raises(Denied):
        lend(minh, cases[0], "quan_ly_thi_truong", {"facts"})
    browser = Client()
    browser.force_login(minh)
    page = decoded(browser.get(reverse("record", args=["enforcement-case", case.pk])))
    assert "Lịch sử" not in page or "Dũng" not in page
    add = reverse("evidence-add", args=["enforcement-case", case.pk])
    assert browser.post(add, {"files": io.BytesIO(b"x")}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": "kiem_lam"}, "body"),
        ({"body": "khong_co"}, "body"),
        ({"days": -1}, "until"),
        ({"parts": set()}, "facts"),
    ],
)
def test_it_refuses_to_lend_to_oneself_to_nobody_nothing_or_for_a_time_that_is_over(
    wrong: dict[str, Any], field: str, cases: list[Case], person: Callable[[str], Any]
) -> None:
    given: dict[str, Any] = {"body": "canh_sat_moi_truong", "parts": {"facts"}, "days": 3} | wrong
    with pytest.raises(ValidationError) as refused:
        lend(person("dung"), cases[0], given["body"], given["parts"], given["days"])
    assert field in refused.value.message_dict


def test_the_partners_page_says_what_is_lent_until_when_and_by_whom(
    cases: list[Case], person: Callable[[str], Any]
) -> None:
    lend(person("dung"), cases[0], "canh_sat_moi_truong", {"facts", "items"}, days=9)
    lend(person("dung"), cases[1], "canh_sat_moi_truong", {"items"}, days=3)
    browser = Client()
    browser.force_login(person("minh"))
    page = decoded(browser.get(reverse("together")))
    assert "F0QX" in page and "I0QX" in page and "I1QX" in page and "F1QX" not in page
    assert "Chi cục Kiểm lâm" in page and "còn 9 ngày" in page and "không chia sẻ nội dung" in page


@pytest.mark.once
def test_every_pair_of_parts_opens_its_own_and_no_more(
    cases: list[Case], person: Callable[[str], Any]
) -> None:
    pairs = list(itertools.combinations(PARTS, 2))[1 : 1 + CASES]
    for case, pair in zip(cases, pairs, strict=True):
        lend(person("dung"), case, "quan_ly_thi_truong", set(pair))
    expected = set().union(*(allowed(n, set(pair)) for n, pair in enumerate(pairs)))
    assert told(person("thu")) == expected


def test_a_number_of_another_bodys_case_is_free(cases: list[Case], person: Callable[[str], Any]) -> None:
    """Whether a number is taken tells of no case that is hidden from who tries it; his own body's is refused."""
    sung = person("sung")
    for case in cases:
        mine = Case(code=case.code, day=date(2026, 7, 1), title="của xã", area_path=MU_CA)
        assert write.create(REGISTERS["enforcement.case"], sung, mine).code == case.code
    with pytest.raises(ValidationError, match="Cơ quan đã có vụ việc mang số này"):
        again = Case(code=cases[0].code, day=date(2026, 7, 1), title="lần nữa", area_path=MU_CA)
        write.create(REGISTERS["enforcement.case"], sung, again)
