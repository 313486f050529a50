"""What is printed on a case: the papers of its steps and those made by hand, each kept with its number."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from baoton.enforcement.models import Act, Case, Item, Paper, Person
from baoton.kit import blobs
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.fixture
def dung(person: Callable[[str], Any]) -> Any:
    return person("dung")


@pytest.fixture
def case(dung: Any) -> Case:
    values = {"title": "Nuôi nhốt chim rừng", "day": date(2026, 7, 1), "area_path": "12/03451"}
    one: Case = write.create(REGISTERS["enforcement.case"], dung, Case(**values))
    goods = Item(
        case=one, name="Chim rừng", kind="animal", group="ordinary", state="alive", number=3, value=2_000_000
    )
    for row in (Act(case=one, act="keeping"), goods, Person(case=one, kind="person", name="Lò Văn Mẫu")):
        write.create(REGISTERS[row._meta.label_lower], dung, row)
    return one


def act(actor: Any, one: Case, verb: str, **said: Any) -> Any:
    return write.act(REGISTERS["enforcement.case"], actor, one, verb, said)


def words(kind: str) -> str:
    """All that stands in the newest document of a kind, tables too."""
    paper = Paper.objects.filter(kind=kind).latest("id")
    document = Document(io.BytesIO(blobs.path_of(paper.paper).read_bytes()))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_minute_and_decision_come_with_their_steps_and_say_who_what_and_how_much(
    dung: Any, case: Case
) -> None:
    act(dung, case, "minute", on=date(2026, 7, 3))
    told = words("minute")
    assert "Lò Văn Mẫu" in told and "3 cá thể" in told and "2.000.000" in told
    said = {
        "office": "station_head",
        "signer": "Vàng A Thử",
        "instrument": "146/2026/NĐ-CP",
        "fine": 3_000_000,
    }
    act(dung, case, "decide", on=date(2026, 7, 16), **said)
    told = words("decision")
    assert (
        "3.000.000" in told
        and "Vàng A Thử" in told
        and "146/2026/NĐ-CP" in told
        and "Mẫu do phần mềm soạn" in told
    )
    case.refresh_from_db()
    assert [p.day for p in Paper.objects.order_by("id")] == [date(2026, 7, 3), date(2026, 7, 16)]
    assert case.number and Paper.objects.get(kind="decision").number == case.number


def test_the_transfer_letter_lists_what_goes_with_it(dung: Any, case: Case) -> None:
    act(dung, case, "minute", on=date(2026, 7, 3))
    act(dung, case, "transfer", on=date(2026, 7, 4), sent_to="Công an tỉnh", reason="dấu hiệu tội phạm")
    told = words("transfer")
    assert "Công an tỉnh" in told and "biên bản vi phạm hành chính" in told and "Chim rừng" in told


@pytest.mark.parametrize("kind", ["check", "seizure", "return", "destruction", "summary"])
def test_each_document_by_hand_is_filled_and_kept(dung: Any, case: Case, kind: str) -> None:
    act(dung, case, "paper", kind=kind)
    told = words(kind)
    assert "Nuôi nhốt chim rừng" in told and "{{" not in told and "Mẫu do phần mềm soạn" in told


def test_a_document_of_a_step_is_not_made_by_hand(dung: Any, case: Case) -> None:
    with pytest.raises(ValidationError):
        act(dung, case, "paper", kind="decision")
    assert not Paper.objects.exists()
