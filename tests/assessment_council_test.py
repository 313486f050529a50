"""A session of the council: agenda, one vote a member, minutes, a decision that adopts what passed."""

import io
from datetime import date
from typing import Any

import docx
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from baoton.assessment import council
from baoton.assessment.actions import compute
from baoton.assessment.models import Item, Seat, Session, SpeciesStatus, Vote
from baoton.kit import blobs
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.observations.actions import verify
from baoton.observations.models import Occurrence
from baoton.people.models import Person
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
FIRST, SECOND = "Macaca mulatta", "Sus scrofa"
NAMES = ("PGS. Hà Văn An", "TS. Lò Thị Bình", "Ông Tao Văn Cư")


def book(name: str) -> Any:
    return REGISTERS[f"assessment.{name}"]


def record(name: str, day: date, n: int) -> None:
    row = Occurrence(taxon=Taxon.objects.get(scientific_name=name), day_start=day)
    row.put_point(102.44 + n / 100, 22.44 - n / 100)
    verify(System(), write.create(REGISTERS["observations.occurrence"], System(), row), "rõ")


@pytest.fixture
def lan(db: None) -> Any:
    return Person.objects.get(username="lan")


@pytest.fixture
def session(lan: Any) -> Session:
    """Two species with a version each, three members of whom all came."""
    for n, name in enumerate([FIRST] * 4 + [SECOND] * 4):
        record(name, date(2026, 3, 1 + n), n)
    compute(date(2026, 6, 30), Taxon.objects.filter(scientific_name__in=[FIRST, SECOND]))
    made: Session = write.create(
        book("session"), lan, Session(title="Họp lần 1", day=date(2026, 7, 2), place="Sở NN&MT")
    )
    for name in (FIRST, SECOND):
        taxon = Taxon.objects.get(scientific_name=name)
        write.create(book("item"), lan, Item(session=made, taxon=taxon, category="VU"))
    for name, role in zip(NAMES, ("chair", "secretary", "member"), strict=True):
        write.create(book("seat"), lan, Seat(session=made, name=name, role=role))
    return made


def browser_of(person: Any) -> Client:
    browser = Client()
    browser.force_login(Person.objects.get(pk=person.pk))
    return browser


def vote(person: Any, session: Session, first: str, second: str) -> Any:
    """The sheet of votes: letters a member, for each of the two species (f, a, b, or a category after a blank)."""
    words = {"f": "for", "a": "against", "b": "abstain"}
    sent = {}
    for item, told in zip(council.items_of(session), (first, second), strict=True):
        for seat, one in zip(council.present(session), told.split(), strict=False):
            sent[f"v-{item.pk}-{seat.pk}"] = words.get(one, one)
    return browser_of(person).post(f"/hoi-dong/{session.pk}/phieu/", sent, follow=True)


def held(lan: Any, session: Session) -> Session:
    vote(lan, session, "f f a", "EN EN f")
    done: Session = write.act(book("session"), lan, session, "hold", {})
    return done


def test_the_agenda_is_voted_held_and_adopted_with_number_and_signer(lan: Any, session: Session) -> None:
    page = vote(lan, session, "f f a", "EN EN b").content.decode()
    assert "đồng ý 2, không 1, không ý kiến 0" in page and "EN: 2" in page
    url = book("session").url(session)
    page = browser_of(lan).post(f"{url}lam/hold/", follow=True).content.decode()
    assert "thông qua hạng đề nghị: VU" in page and "thông qua hạng khác: EN" in page
    assert SpeciesStatus.objects.filter(status="adopted").count() == 0
    given = {"decision": "15/QĐ-UBND", "decided_on": "2026-07-10", "signer": "Nguyễn Văn Chủ"}
    browser_of(lan).post(f"{url}lam/decide/", {f"decide-{k}": v for k, v in given.items()}, follow=True)
    told = {s.taxon.scientific_name: s for s in SpeciesStatus.objects.filter(status="adopted")}
    assert {n: s.category for n, s in told.items()} == {FIRST: "VU", SECOND: "EN"}
    assert all(s.adopted_on == date(2026, 7, 10) for s in told.values())
    for word in ("01/BB-HĐ", "15/QĐ-UBND", "Nguyễn Văn Chủ", "2/3 phiếu"):
        assert word in told[FIRST].because, word


def test_the_minutes_are_word_with_members_votes_and_results(lan: Any, session: Session) -> None:
    stored = held(lan, session)
    page = docx.Document(io.BytesIO(blobs.path_of(stored.paper).read_bytes()))
    words = "\n".join(p.text for p in page.paragraphs)
    cells = [[c.text for c in row.cells] for table in page.tables for row in table.rows]
    assert "có mặt 3 trên 3 thành viên" in words and "hai phần ba" in words
    assert any(NAMES[0] in row and "chủ tịch" in row for row in cells)
    line = next(row for row in cells if SECOND in row)
    assert line[4:] == ["VU", "1", "0", "0", "EN: 2", "thông qua hạng khác: EN"]


def test_a_session_is_not_held_before_every_member_present_voted(lan: Any, session: Session) -> None:
    vote(lan, session, "f f", "f")
    with pytest.raises(NotNow, match="Còn thiếu 3 phiếu"):
        write.act(book("session"), lan, session, "hold", {})
    absent = Seat.objects.get(name=NAMES[2])
    write.edit(book("seat"), lan, absent, {"present": False})
    vote(lan, session, "f f", "f a")
    stored = write.act(book("session"), lan, session, "hold", {})
    assert [i.outcome for i in council.items_of(stored)] == ["passed", "failed"]


def test_a_member_has_one_vote_and_the_proposed_category_is_a_yes(lan: Any, session: Session) -> None:
    vote(lan, session, "f f f", "VU a b")
    vote(lan, session, "a f f", "VU a b")
    assert Vote.objects.count() == 6
    one = council.items_of(session)[1].votes.order_by("seat_id").first()
    assert (one.choice, one.category) == ("for", "")
    twice = Vote(item=one.item, seat=one.seat, choice="against")
    with pytest.raises(ValidationError, match="một phiếu"):
        write.create(book("vote"), lan, twice)
    assert "Phiếu không hợp lệ" in vote(lan, session, "x", "").content.decode()


def test_once_held_nothing_of_it_moves_until_it_is_reopened(lan: Any, session: Session) -> None:
    stored = held(lan, session)
    item, seat = council.items_of(stored)[0], council.present(stored)[0]
    for work in (
        lambda: write.edit(book("item"), lan, item, {"category": "CR"}),
        lambda: write.withdraw(book("seat"), lan, seat, "nhầm"),
        lambda: write.edit(book("session"), lan, stored, {"majority": "half"}),
        lambda: council.cast(lan, stored, item, seat, "against"),
    ):
        with pytest.raises(ValidationError, match="đã chốt phiếu"):
            work()
    stored = write.act(book("session"), lan, stored, "reopen", {"reason": "ghi nhầm phiếu"})
    council.cast(lan, stored, item, seat, "against")
    again = write.act(book("session"), lan, stored, "hold", {})
    assert [i.outcome for i in council.items_of(again)] == ["failed", "other"]
    assert again.number == "02/BB-HĐ"


def test_what_the_council_read_stays_when_figures_are_computed_anew(lan: Any, session: Session) -> None:
    read = council.items_of(session)[0].version_id
    record(FIRST, date(2026, 6, 1), 9)
    compute(date(2026, 9, 30), Taxon.objects.filter(scientific_name=FIRST))
    assert SpeciesStatus.objects.filter(taxon__scientific_name=FIRST).count() == 2
    stored = held(lan, session)
    assert council.items_of(stored)[0].version_id == read
    page = browser_of(lan).get(REGISTERS["assessment.status"].url(council.items_of(stored)[0].version))
    words = page.content.decode()
    assert "Các bản đặt cạnh nhau" in words and "thêm 1 ghi nhận" in words and "EOO" in words
    SpeciesStatus.objects.filter(pk=read).update(input_hash="khác")
    with pytest.raises(NotNow, match="số liệu đã đổi"):
        write.act(
            book("session"), lan, stored, "decide",
            {"decision": "1", "decided_on": date(2026, 7, 10), "signer": "A"},
        )  # fmt: skip
    assert not SpeciesStatus.objects.filter(status="adopted").exists()


def test_others_read_no_votes_and_cast_none(lan: Any, session: Session) -> None:
    held(lan, session)
    url = book("session").url(session)
    for name, code in (("thanh", 200), ("sung", 403), ("dung", 403)):
        browser = browser_of(Person.objects.get(username=name))
        assert browser.get(url).status_code == code, name
        assert browser.post(f"/hoi-dong/{session.pk}/phieu/").status_code in (403, 404)
