"""What people bring that cannot be, each in many spellings: one clear sentence, and nothing written."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from tests.facilities.books_test import DAY, coded, refused
from tests.facilities.cases import SYSTEM, TA_TONG, act, book, facility, stock
from tests.facilities.excel_test import brought, day, filled
from tests.facilities.pages_test import signed_in

from baoton.facilities.models import Code, Entry, Individual, Stock, Transfer
from baoton.facilities.queries import by_code
from baoton.kit.access import Denied
from baoton.kit.writing import ledger, write
from baoton.people.actions import give
from baoton.people.models import Organisation, Person

pytestmark = pytest.mark.once

TOMORROW = timezone.localdate() + timedelta(2)  # a day to come, though midnight passes while the tests run
db = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def on(*marks: Any) -> Any:
    def wrap(test: Any) -> Any:
        for mark in (*db, *marks):
            test = mark(test)
        return test

    return wrap


# — codes —

SPELLINGS = [
    "IIB-LCH-0007", "IIB-LCH-OOO7", "IIB-LCH-O0o7", "iib lch 0007", "ＩＩＢ-ＬＣＨ-０００７", "IIB-LCH-000７",
    "11B-LCH-0007", "1IB-LCH-OOO7", "llB-lch-0007", "IIB–LCH–0007", "IIB_LCH_0007", "IIB/LCH/0007",
    " IIB.LCH. 0007 ", "IIB\u00a0LCH\u00a00007", "IIB‑LCH‑0007",
]  # fmt: skip
STRANGE = [
    "",
    "-",
    "IIB-LCH-0008",
    "IIB-LCH-007",
    "IIA-LCH-0007",
    "IIB-LCX-0007",
    "0007",
    "IIB-LCH-0007-1",
    "LCH0007",
    "%",
]


@on(pytest.mark.parametrize("written", SPELLINGS))
def test_a_code_is_understood_however_it_is_typed(written: str) -> None:
    at = coded(facility("Trại Tà Tổng", area=TA_TONG))
    found = by_code(written)
    assert found is not None and found.pk == at.pk  # type: ignore[attr-defined]


@on(pytest.mark.parametrize("written", STRANGE))
def test_a_code_that_nobody_bears_is_said_so_and_none_is_guessed(civets: Stock, written: str) -> None:
    coded(facility("Trại Tà Tổng", area=TA_TONG))
    assert by_code(written) is None
    said = {"day": DAY, "kind": "dam", "amount": 1, "paper": "x"}
    refused("mã số" if written else "Cần ghi", "stock", civets, "give", **said, code=written)
    assert not Transfer.objects.exists()


@on()
def test_of_two_codes_that_one_spelling_could_mean_none_is_chosen() -> None:
    for text in ("IIB-LO-1001", "IIB-LOI-001"):
        Code.objects.create(facility=facility(text), text=text, group="IIB", since=DAY)
    assert by_code("IIB-LOI001") is not None and by_code("IIB-L01-OO1") is None


# — days —

VERBS: dict[str, dict[str, Any]] = {
    "born": {}, "bought": {"partner": "x", "paper": "y"}, "taken": {"paper": "y"}, "died": {"paper": "y"},
    "sold": {"partner": "x"}, "lost": {}, "grew": {"into": "female"}, "give": {"code": "IIB-LCH-0007", "paper": "y"},
}  # fmt: skip


@on(
    pytest.mark.parametrize("verb", [*VERBS, "mark"]),
    pytest.mark.parametrize(("when", "why"), [
        (TOMORROW, "chưa tới"), (TOMORROW + timedelta(3650), "chưa tới"), (date(2026, 1, 4), "Sổ mở ngày 05/01/2026"),
        (date(1926, 3, 2), "Sổ mở ngày"),
    ]),
)  # fmt: skip
def test_no_line_is_of_a_day_to_come_or_before_the_book(
    civets: Stock, verb: str, when: date, why: str
) -> None:
    stock(coded(facility("Trại Tà Tổng", area=TA_TONG)))  # type: ignore[arg-type]
    said: dict[str, Any] = {
        "day": when,
        "kind": "dam",
        **VERBS.get(verb, {"mark_kind": "chip", "mark": "D1"}),
    }
    lines = Entry.objects.count()
    refused(why, "stock", civets, verb, **said, **({} if verb == "mark" else {"amount": 1}))
    assert Entry.objects.count() == lines and not Individual.objects.exists()


@on()
def test_today_is_the_day_of_viet_nam_also_between_midnight_there_and_in_greenwich(
    civets: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)  # half past midnight of the 29th at home
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert timezone.localdate() == date(2026, 11, 29)
    act("stock", civets, "born", day=date(2026, 11, 29), kind="unsexed", amount=1)
    refused("30/11/2026 chưa tới", "stock", civets, "born", day=date(2026, 11, 30), kind="unsexed", amount=1)
    monkeypatch.setattr(timezone, "now", lambda: late - timedelta(hours=1))
    refused("29/11/2026 chưa tới", "stock", civets, "born", day=date(2026, 11, 29), kind="unsexed", amount=1)


# — balances of a file —

BALANCES: list[tuple[Any, str]] = [
    (12, "ghi 12"), (14, "ghi 14"), (0, "ghi 0"), (130, "ghi 130"), (-13, "số dương"), 
    ("mười ba", "không phải số nguyên"),
    ("13 con", "không phải số nguyên"), ("1,000", "không phải số nguyên"), (13.5, "không phải số nguyên"),
    ("12+1", "không phải số nguyên"),
]  # fmt: skip


@on(pytest.mark.parametrize(("stated", "why"), BALANCES))
def test_a_balance_that_does_not_follow_is_refused_with_its_row(
    herd: Stock, tmp_path: Path, stated: Any, why: str
) -> None:
    told = brought(tmp_path, filled(herd, {"day": day(2), "unsexed": 3, "why": "sinh", "total": stated}))[1]
    assert told[0][0] == "refused" and why in told[0][1], told
    assert not Entry.objects.filter(movement="born").exists() and not ledger.differences(Entry)


@on(pytest.mark.parametrize("stated", [None, "", "  ", "-", 13, 13.0, "13", " 13 ", "13,0", "=B8+3"]))
def test_a_balance_left_blank_or_spelt_otherwise_is_no_fault(
    herd: Stock, tmp_path: Path, stated: Any
) -> None:
    told = brought(tmp_path, filled(herd, {"day": day(2), "unsexed": 3, "why": "sinh", "total": stated}))[1]
    assert told == [("created", "")], told


# — another's book —


@pytest.fixture
def keeper(province: None) -> Any:
    Organisation.objects.get_or_create(code="trai_pao", defaults={"name": "Trại Pao"})
    person = Person.objects.create(username="pao_chu", organisation_id="trai_pao")
    give(SYSTEM, person, "keeper", organisation="trai_pao")
    return Person.objects.get(pk=person.pk)


@on()
def test_an_owner_writes_into_no_other_book_by_any_door(civets: Stock, keeper: Any, tmp_path: Path) -> None:
    act("stock", civets, "mark", day=DAY, kind="dam", mark_kind="chip", mark="K1")
    animal, line = Individual.objects.get(), Entry.objects.filter(book=civets).latest("position")
    stood = (Entry.objects.count(), Stock.objects.get(pk=civets.pk).revision, animal.revision)
    browser = signed_in("pao_chu")
    said = {"day": str(DAY), "kind": "dam", "amount": "1", "partner": "x", "paper": "y", "reason": "x"}
    stocks, entries, animals = (
        book(n).url(r) for n, r in (("stock", civets), ("entry", line), ("individual", animal))
    )
    doors = [
        *(f"{stocks}lam/{verb}/" for verb in (*VERBS, "opening", "mark")), 
        f"{entries}lam/reverse/", f"{entries}lam/verify/",
        *(f"{animals}lam/{verb}/" for verb in ("end", "grew", "move", "remark")), f"{stocks}sua/",
        *(f"/co-so-cua-toi/{civets.pk}/{verb}/" for verb in VERBS),
    ]  # fmt: skip
    for door in doors:
        assert browser.post(door, said).status_code in {403, 404, 405}, door
    together = browser.post(f"{book('entry').url()}cung-lam/verify/", {"pick": [str(line.pk)]})
    assert "đã xác nhận dòng sổ 1" not in together.content.decode().lower()
    for verb in VERBS:
        with pytest.raises(Denied):
            write.act(
                book("stock"), keeper, civets, verb, {**said, "day": DAY, "amount": 1, "into": "female"}
            )
    told = brought(tmp_path, filled(civets, {"day": day(8), "unsexed": 1, "why": "sinh"}), keeper)[1]
    assert {o for o, _m in told} == {"refused"}
    assert (
        Entry.objects.count(),
        Stock.objects.get(pk=civets.pk).revision,
        Individual.objects.get().revision,
    ) == stood
    assert Entry.objects.filter(verified_on__isnull=False).count() == 0


# — purposes —


@on(
    pytest.mark.parametrize("generation", ["", "F0", "F1", "f1", "F-1", "0", "1", "W", "F?", "F"]),
)
def test_a_priority_species_is_not_traded_before_its_generation(generation: str) -> None:
    with pytest.raises(Exception, match=r"F2|thế hệ"):
        stock(facility(), "Nomascus concolor", generation=generation)
    assert not Stock.objects.exists()
