"""Search over all books: names with and without tones, the best first, and nothing that is hidden."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from baoton.files.models import Evidence
from baoton.kit.access import Public, Reach, Scope, System
from baoton.kit.models import SearchRow, SearchTodo
from baoton.kit.place import Disclosure
from baoton.kit.reading import search, search_words
from baoton.kit.reading.filters import BadFilter
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.writing import outbox, write
from baoton.outreach.models import Session

pytestmark = pytest.mark.django_db
SYSTEM = System()


def session(title: str, area: str = "12/03433") -> Any:
    book = REGISTERS["outreach.session"]
    fresh = Session(
        title=title, kind="meeting", day=date(2026, 3, 2), area_path=area, organisation="kiem_lam"
    )
    return write.create(book, SYSTEM, fresh)


def found(text: str, actor: Any = SYSTEM, book: str = "outreach.session") -> list[str]:
    outbox.drain()
    return [str(r) for f in search.find(actor, text) if f.book.name == book for r in f.records]


def test_the_exact_tone_comes_first_and_whole_words_before_parts(province: None) -> None:
    for title in ("Bản Vuong nói chuyện", "vuờn nhà", "Vườn nhà", "vươn lên", "Họp về vượn"):
        session(title)
    told = found("vượn")
    assert told[0] == "Họp về vượn" and told[-1] == "Bản Vuong nói chuyện"
    assert set(told[1:-1]) == {"vuờn nhà", "Vườn nhà", "vươn lên"}
    assert found("vườn")[0] == "Vườn nhà"
    assert set(found("vuon")) == set(found("VƯỜN")) == set(told)


def test_a_word_of_very_many_rows_is_told_as_such_and_hides_nothing_readable(
    province: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is read by slices: whatever lies first in it is hidden, what may be read is found all the same."""
    titles = [f"Họp chung {i}" for i in range(12)]
    for title in titles:
        session(title)
    search.rebuild()
    whole = search.find(System(), "họp chung", 5)[0]
    assert not whole.many and whole.more and len(whole.records) == 5
    monkeypatch.setattr(search, "CANDIDATES", 3)
    few = search.find(System(), "họp chung", 3)[0]
    assert few.many and few.more and len(few.records) == 3
    book = few.book
    last = str(
        SearchRow.objects.order_by("-pk").filter(register=book.name).values_list("record", flat=True)[0]
    )
    real = Register.door

    def door(self: Register, actor: Any) -> Any:
        told = real(self, actor)
        return replace(told, seen=Reach(Q(pk=last))) if self is book else told

    monkeypatch.setattr(Register, "door", door)
    (alone,) = search.find(System(), "họp chung", 3)
    assert [str(r.pk) for r in alone.records] == [last] and not alone.many and not alone.more


def test_a_part_comes_after_every_whole_word(province: None) -> None:
    session("Tê giác")
    session("Tên các loài")
    assert found("tê") == ["Tê giác", "Tên các loài"]


def test_a_pangolin_is_not_a_hawk(province: None) -> None:
    for title in ("Bảo vệ tê tê", "Chim ưng", "Tết trồng cây", "Họp tế"):
        session(title)
    assert found("tê tê") == ["Bảo vệ tê tê"]
    assert found("te te") == ["Bảo vệ tê tê"]
    names = [str(r) for f in search.find(SYSTEM, "tê tê", 50) for r in f.records]
    assert names and not [n for n in names if "ưng" in n.lower()]


def test_words_in_another_order_come_after_the_phrase(province: None) -> None:
    session("rừng và bảo vệ")
    session("Họp bảo vệ rừng phòng hộ của bản")
    assert found("bảo vệ rừng") == ["Họp bảo vệ rừng phòng hộ của bản", "rừng và bảo vệ"]


def test_a_change_is_found_by_its_new_words_alone(province: None) -> None:
    one = session("Tuyên truyền cháy rừng")
    assert found("cháy rừng")
    one = write.edit(REGISTERS["outreach.session"], SYSTEM, one, {"title": "Trồng thông"})
    assert not found("cháy rừng") and found("trồng thông")
    write.withdraw(REGISTERS["outreach.session"], SYSTEM, one, "nhầm")
    assert not found("trồng thông")
    assert not SearchRow.objects.filter(record=one.pk).exists()


def test_a_withdrawn_row_is_not_found_before_the_index_follows(province: None) -> None:
    one = session("Diễn tập chữa cháy")
    assert found("diễn tập")
    Session.objects.filter(pk=one.pk).update(withdrawn="2026-01-01T00:00:00Z")
    assert not [f for f in search.find(SYSTEM, "diễn tập") if f.book.name == "outreach.session"]


def test_nobody_finds_what_his_door_does_not_show(province: None, person: Callable[[str], Any]) -> None:
    session("Buổi ở Mù Cả", "12/03433")
    session("Buổi ở Tà Tổng", "12/03439")
    for who in ("sung", "pao", "lan", "dung"):
        actor = person(who)
        book = REGISTERS["outreach.session"]
        may = {str(r) for r in book.opened(book.door(actor))}
        assert set(found("buổi ở", actor)) == {t for t in may if t.startswith("Buổi ở")}
    assert not found("buổi ở", Public())


class Neighbour(System):
    """Somebody who may see one commune alone."""

    def scopes(self, verb: str) -> Any:
        return (Scope("12/03433"),)


def test_what_is_hidden_does_not_even_say_that_there_is_more(province: None) -> None:
    for i in range(5):
        session(f"Họp {i}", "12/03439")
    session("Họp dài hơn ở nơi này", "12/03433")
    assert found("họp", Neighbour()) == ["Họp dài hơn ở nơi này"]
    for most in (1, 3, 5):
        (told,) = search.find(Neighbour(), "họp", most)
        assert [str(r) for r in told.records] == ["Họp dài hơn ở nơi này"] and not told.more
        (told,) = search.find(SYSTEM, "họp", most)
        assert len(told.records) == most and told.more


def test_the_hidden_words_of_a_guarded_place_answer_nobody(province: None) -> None:
    """A picture's title tells its place, so it is found only where the place is told to everybody."""
    one = Evidence(
        kind="photo", title="Hang Huổi Lồng", sha256="0" * 64, media_type="image/jpeg", size=1,
        disclosure=Disclosure.GENERALISED,
    )  # fmt: skip
    one.put_point(102.5, 22.4)
    one.save()
    search.index("files.evidence", [one.pk])
    assert "long" not in SearchRow.objects.get(record=one.pk).plain
    assert not found("Huổi Lồng", SYSTEM, "files.evidence")
    Evidence.objects.filter(pk=one.pk).update(disclosure=Disclosure.AS_IS)
    search.index("files.evidence", [one.pk])
    assert found("Huổi Lồng", SYSTEM, "files.evidence") == ["Hang Huổi Lồng"]


def test_a_book_built_anew_says_what_the_increments_said(
    province: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(7):
        session(f"Buổi số {i}")
    outbox.drain()
    want = set(SearchRow.objects.filter(register="outreach.session").values_list("record", "plain", "toned"))
    SearchRow.objects.filter(register="outreach.session").first().delete()  # type: ignore[union-attr]
    SearchRow.objects.create(register="outreach.session", record=uuid.uuid4(), toned="x", plain="x", size=1)
    monkeypatch.setattr(search, "PART", 3)
    search.rebuild("outreach.session")
    assert want == set(
        SearchRow.objects.filter(register="outreach.session").values_list("record", "plain", "toned")
    )
    assert not SearchTodo.objects.exists()


def test_a_rebuild_that_is_killed_goes_on_where_it_was(
    province: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(7):
        session(f"Buổi số {i}")
    outbox.drain()
    SearchRow.objects.all().delete()
    monkeypatch.setattr(search, "PART", 3)
    SearchTodo.objects.create(register="outreach.session")
    search._next_part("outreach.session")
    with pytest.raises(RuntimeError), transaction.atomic():
        search._next_part("outreach.session")
        raise RuntimeError
    assert SearchRow.objects.count() == 3
    search.go_on()
    assert SearchRow.objects.count() == 7


def test_what_was_loaded_before_is_found_once_the_worker_begins(province: None) -> None:
    SearchRow.objects.all().delete()
    search.begin()
    search.go_on()
    names = [str(r) for f in search.find(Public(), "tê tê java") for r in f.records]
    assert names and all("tê tê java" in n.lower() for n in names[:1])
    for f in search.find(Public(), "tê tê", 50):
        assert not [r for r in f.records if "ưng" in str(r).lower().split()]
    search.begin()
    assert not SearchTodo.objects.filter(register="taxa.taxon").exists()


def test_a_touched_record_is_read_again_though_only_its_change_was_told(province: None) -> None:
    one, other = session("Buổi họp"), session("Buổi khác")
    outbox.drain()
    SearchRow.objects.filter(record__in=[one.pk, other.pk]).update(plain=" cu ")
    for turn in (7, 8):  # twice before the worker comes, and back to what it was
        with outbox.changing(Session, [one.pk]):
            Session.objects.filter(pk=one.pk).update(participants=turn)
    outbox.drain()
    said = dict(SearchRow.objects.filter(register="outreach.session").values_list("record", "plain"))
    assert "buoi hop" in said[one.pk] and said[other.pk] == " cu "


def test_the_page_and_its_suggestions_lead_to_the_record(province: None) -> None:
    taxon = REGISTERS["taxa.taxon"].model._default_manager.filter(vernacular_vi__startswith="Vượn").first()
    assert taxon is not None
    search.index("taxa.taxon", [taxon.pk])
    for address in ("/tim/", "/tim/goi-y/"):
        page = Client().get(address, {"q": taxon.vernacular_vi}).content.decode()
        assert f"/so/taxa-taxon/{taxon.pk}/" in page
    assert "Không tìm thấy" in Client().get("/tim/", {"q": "zzzzqqq"}).content.decode()


@pytest.mark.parametrize(
    "odd",
    ["", " ", '"', "a\" OR \"b", "*", "NEAR(a b)", "-", "toned:x", "a:*", "!a & b", "' ; --", "😀", "中文", "٣",
     "a" * 299, "x" * 301, "a " * 30, "đ", "AND", "OR NOT", "(", "ê̂", "1e5", "12-3", "a.b@c.vn", "http://a/b"],
)  # fmt: skip
def test_odd_words_are_answered(province: None, odd: str) -> None:
    session("a.b@c.vn 1e5 12-3 中文 đ AND")
    outbox.drain()
    assert Client().get("/tim/", {"q": odd}).status_code == 200
    try:
        search.find(SYSTEM, odd)
    except BadFilter:
        assert len(odd) > 300 or len(odd.split()) > 20


@pytest.mark.parametrize(
    "own", ["中文", "1e5", "12-3", "a.b@c.vn", "đường số 5", "Ω mega", "http://a/b?c=1", "0x1f"]
)
def test_a_title_is_found_by_itself(province: None, own: str) -> None:
    session(own)
    assert found(own) == [own]


@given(st.text(max_size=60))
def test_an_index_gets_letters_and_digits_alone(text: str) -> None:
    for toned, plain in search_words.words(text):
        assert toned.isascii() and toned.isalnum() and plain.isascii() and plain.isalnum()
