"""Remarks: said and read through the record's door, heard by whoever is named, taken back by their author alone."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from baoton.kit.access import Public, Scope, System
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.refs import resolve
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.actions import give
from baoton.people.models import Person
from baoton.remarks import actions
from baoton.remarks.models import Mention, Remark
from baoton.remarks.queries import named, panel

pytestmark = pytest.mark.django_db
BOOK = "observations.occurrence"


@pytest.fixture
def cast(db: None) -> dict[str, Person]:
    """Lan sees everything, Dũng too, Sùng his commune alone, and Minh no true place."""
    found = {}
    for name, role, path in (
        ("lan", "officer", ""), ("dung", "ranger", ""), ("sung", "commune", "12/03451"), ("minh", "police", ""),
    ):  # fmt: skip
        found[name] = Person.objects.create(username=name, first_name=name)
        give(System(), found[name], role, area_path=path)
    return found


@pytest.fixture
def seen(db: None) -> Any:
    """A record in no commune, its place as it is."""
    from baoton.observations.models import Dataset, Occurrence

    row = Occurrence(
        dataset=Dataset.objects.create(code="x", title="X"),
        occurrence_id="1",
        scientific_name="Copsychus saularis",
    )
    row.put_point(103.1, 22.4)
    return write.create(REGISTERS[BOOK], System(), row)


def guard(row: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(disclosure=1)


def page(client: Client, person: Person, row: Any) -> str:
    client.force_login(person)
    return client.get(REGISTERS[BOOK].url(row)).content.decode()


def test_who_sees_the_record_reads_what_was_said_and_whoever_is_named_hears_of_it(
    cast: dict[str, Person], seen: Any, client: Client
) -> None:
    client.force_login(cast["lan"])
    address = f"{REGISTERS[BOOK].url(seen)}y-kien/"
    answer = client.post(address, {"text": " Xem lại ảnh giúp, @dung. Gửi a@b.vn <b> "})
    assert (
        answer.status_code == 302 and Remark.objects.get().text == "Xem lại ảnh giúp, @dung. Gửi a@b.vn <b>"
    )
    told = page(client, cast["dung"], seen)
    assert "Xem lại ảnh giúp, @dung." in told and "&lt;b&gt;" in told
    home = client.get("/").content.decode()
    assert "Nhắc đến bạn" in home and "Xem lại ảnh" in home
    client.post(f"/nhac-den/{Mention.objects.get().pk}/da-doc/")
    assert "Nhắc đến bạn" not in client.get("/").content.decode()
    event = AuditEvent.objects.get(verb="remarks.remark.create")
    assert event.actor_id == cast["lan"].actor_id and event.new["mentions"] == [cast["dung"].actor_id]
    assert "Xem lại" not in event.object_name + event.note


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("  ", "Chưa ghi ý kiến"),
        ("x" * 4001, "dài 4001 chữ"),
        ("hỏi @khongco nhé", "“@khongco” được xem bản ghi này"),
        (
            "hỏi @sung nhé",
            "“@sung” được xem bản ghi này",
        ),  # the same words: nobody is told who has an account
        ("hỏi @dung và @SUNG nhé", "“@SUNG” được xem"),
        (" ".join(f"@n{i}" for i in range(21)), "nhiều nhất 20 người"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_the_box_and_stays_in_it(
    cast: dict[str, Person], seen: Any, client: Client, text: str, why: str
) -> None:
    client.force_login(cast["lan"])
    told = client.post(f"{REGISTERS[BOOK].url(seen)}y-kien/", {"text": text}).content.decode()
    assert why in told and f">{text}</textarea>" in told and not Remark.objects.exists()


def test_a_person_who_left_is_not_named(cast: dict[str, Person], seen: Any) -> None:
    Person.objects.filter(username="dung").update(is_active=False)
    with pytest.raises(ValidationError, match="Không có đồng nghiệp"):
        actions.remark(cast["lan"], seen, "chào @dung")


def test_the_public_reads_no_remark_and_says_none(cast: dict[str, Person], seen: Any, client: Client) -> None:
    from baoton.observations.actions import verify

    verify(System(), seen, reason="đã xem ảnh")
    actions.remark(cast["lan"], seen, "chuyện nội bộ")
    assert "chuyện nội bộ" not in client.get(REGISTERS[BOOK].url(seen)).content.decode()
    assert panel(Public(), seen) == {"open": False}
    with pytest.raises(PermissionDenied):
        actions.remark(Public(), seen, "xin chào")


def test_of_a_guarded_record_nothing_is_told_to_whoever_may_not_know_its_place(
    cast: dict[str, Person], seen: Any, client: Client
) -> None:
    actions.remark(cast["lan"], seen, "ở ngay đầu nguồn Nậm Kè, hỏi @minh, @dung")
    assert "đầu nguồn" in page(client, cast["minh"], seen)
    guard(seen)
    told, home = page(client, cast["minh"], seen), client.get("/").content.decode()
    assert "đầu nguồn" not in told + home and "Thêm ý kiến" not in told and "Nhắc đến bạn" not in home
    assert client.post(f"{REGISTERS[BOOK].url(seen)}y-kien/", {"text": "đoán"}).status_code == 404
    assert named(cast["minh"]) == [] and len(named(cast["dung"])) == 1
    with pytest.raises(PermissionDenied):
        actions.remark(cast["minh"], resolve(cast["minh"], BOOK, seen.pk), "đoán")
    with pytest.raises(ValidationError, match="được xem bản ghi này"):
        actions.remark(cast["lan"], seen, "hỏi @minh")


def test_its_author_alone_takes_it_back_and_it_is_gone_for_all(
    cast: dict[str, Person], seen: Any, client: Client
) -> None:
    one = actions.remark(cast["lan"], seen, "nhầm rồi @dung")
    with pytest.raises(NotNow, match="Chỉ người viết"):
        actions.withdraw(cast["dung"], one)
    client.force_login(cast["dung"])
    client.post(f"/y-kien/{one.pk}/rut/")
    assert "nhầm rồi" in page(client, cast["dung"], seen)
    client.force_login(cast["sung"])
    assert client.post(f"/y-kien/{one.pk}/rut/").status_code == 404
    client.force_login(cast["lan"])
    client.post(f"/y-kien/{one.pk}/rut/")
    assert "nhầm rồi" not in page(client, cast["dung"], seen) and named(cast["dung"]) == []
    with pytest.raises(NotNow, match="đã rút"):
        actions.withdraw(cast["lan"], one)
    assert AuditEvent.objects.get(verb="remarks.remark.withdraw").old == {"text": "nhầm rồi @dung"}


def test_whoever_holds_no_verb_says_nothing(cast: dict[str, Person], seen: Any) -> None:
    class Reader:
        actor_id = actor_name = "x"

        def scopes(self, verb: str) -> list[Scope]:
            return [Scope()] if ".see" in verb else []

    with pytest.raises(PermissionDenied):
        actions.remark(Reader(), seen, "xin chào")
