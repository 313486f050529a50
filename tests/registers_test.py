"""What every register keeps, tested once over all of them: form and file agree, links and verbs go through the door."""

import csv
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from baoton.kit.access import Denied, Public, Scope, System
from baoton.kit.importing import run_file
from baoton.kit.importing.target import TARGETS
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Number, Shape, Text
from baoton.kit.kinds.base import Kind
from baoton.kit.models import AuditEvent
from baoton.kit.pages.form import KindForm
from baoton.kit.pages.record import context_of
from baoton.kit.reading import exporting
from baoton.kit.reading.register import REGISTERS, Part, Register
from baoton.kit.writing import write
from baoton.observations.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("year")]
BOOKS = sorted(REGISTERS)
LINKS = [(n, k.name) for n in BOOKS for k in REGISTERS[n].fields if isinstance(k, Link) and k.asked]
VERBS = [(n, v if isinstance(v, str) else v.name) for n in BOOKS for v in REGISTERS[n].verbs]
PARTS = [(n, p.book) for n in BOOKS for p in REGISTERS[n].parts if isinstance(p, Part)]
GENERIC = ["outreach.session"]


@dataclass
class Holder:
    """Somebody with the given scopes by verb."""

    held: dict[str, Sequence[Scope]] = field(default_factory=dict)
    actor_id: str = "ai"
    actor_name: str = "ai"
    organisation_id: str = "ubnd_03451"

    def scopes(self, verb: str) -> Sequence[Scope]:
        return self.held.get(verb, ())


def some(book: Register) -> Any:
    return book.model._default_manager.filter(withdrawn__isnull=True).first()


def refused(kind: Kind, written: str) -> bool:
    try:
        kind.cell(written, System())
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("name", BOOKS)
def test_no_field_is_told_twice_and_each_has_words_of_the_office(name: str) -> None:
    book = REGISTERS[name]
    names = [k.name for k in book.fields]
    assert len(names) == len(set(names))
    for kind in book.fields:
        assert str(kind.heading) != kind.name and "_" not in str(kind.heading), (name, kind.name)
    for kind in book.shown:
        assert kind in book.fields


@pytest.mark.parametrize("name", BOOKS)
def test_every_field_refuses_what_it_cannot_hold(name: str) -> None:
    for kind in REGISTERS[name].asked:
        if isinstance(kind, Count):
            assert refused(kind, "-1") and refused(kind, "2,5") and refused(kind, "nhiều"), kind.name
        elif isinstance(kind, Number):
            assert refused(kind, "nhiều") and refused(kind, "1e999"), kind.name
        elif isinstance(kind, Day):
            assert refused(kind, "hôm qua") and refused(kind, "31/02/2026"), kind.name
        elif isinstance(kind, Choice | Link | Area):
            assert refused(kind, "không có cái này"), kind.name
        elif isinstance(kind, Shape):
            assert refused(kind, "POLYGON ((0 0, 1 1))"), kind.name
        elif isinstance(kind, Text) and kind.longest:
            assert refused(kind, "x" * (kind.longest + 1)), kind.name


GOOD = {"title": "Họp bản", "kind": "họp bản", "day": "15/03/2026", "area_path": "Mù Cả"}
ROWS: list[dict[str, str]] = [
    {**GOOD, "participants": "", "women": "", **row}
    for row in (
        {"participants": "1.200", "women": "20"},
        {"title": " Họp  bản ", "kind": "MEETING", "day": "2026-03-15", "area_path": "03451"},
        {"participants": "-4"},
        {"participants": "4", "women": "9"},
        {"title": ""},
        {"area_path": ""},
        {"area_path": "Xã Lạ"},
        {"day": "15/13/2026"},
        {"day": ""},
        {"kind": "văn nghệ"},
        {"participants": "bốn"},
        {"participants": "2,5"},
        {"title": "x" * 301},
        {"participants": "không rõ"},
    )
]
COLUMNS = ("title", "kind", "day", "area_path", "participants", "women", "task_id")


def by_form(book: Register, row: dict[str, str]) -> tuple[Any, ...] | None:
    """What a form stores for the row, or None where it refuses it."""
    form = KindForm(book.asked, System(), book.model(), row)
    if not form.is_valid():
        return None
    record = book.model()
    write.put(book, record, form.values())
    try:
        made = write.create(book, System(), record)
    except ValidationError:
        return None
    made.refresh_from_db()
    return tuple(getattr(made, c) for c in COLUMNS)


@pytest.mark.parametrize("i", range(len(ROWS)))
def test_a_form_and_a_file_store_the_same_or_both_refuse(i: int, tmp_path: Path) -> None:
    book, row = REGISTERS["outreach.session"], ROWS[i]
    path = tmp_path / "buoi.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.DictWriter(out, [str(book.field(k).heading) for k in row])  # type: ignore[union-attr]
        lines.writeheader()
        lines.writerow(dict(zip(lines.fieldnames, row.values(), strict=True)))
    batch = run_file(System(), path, target="outreach.session")
    filed = None
    if batch.counts["total"]["created"]:
        filed = book.model._default_manager.filter(batch=batch.pk).values_list(*COLUMNS).get()
    assert batch.counts["total"]["created"] + batch.counts["total"]["refused"] == 1, batch.counts
    assert by_form(book, row) == filed


def test_a_column_the_book_does_not_have_is_told(tmp_path: Path) -> None:
    path = tmp_path / "buoi.csv"
    path.write_text("Nội dung,Hình thức,Ngày,Xã phường,Món ăn\nHọp,họp bản,2026-03-15,Mù Cả,xôi\n", "utf-8")
    batch = run_file(System(), path, target="outreach.session")
    told = str(batch.warnings) + str(batch.plan)
    assert "Món ăn" in told


@pytest.mark.parametrize("name", GENERIC)
def test_what_a_book_gives_it_takes_back_unchanged(name: str, tmp_path: Path) -> None:
    book = REGISTERS[name]
    assert name in TARGETS
    path = tmp_path / "ra.csv"
    exporting.write(book, System(), {}, "csv", path)
    run_file(System(), path, target=name, dataset="lần một")
    again = run_file(System(), path, target=name, dataset="lần một")
    total = again.counts["total"]
    assert total["created"] == total["updated"] == total["refused"] == 0 < total["unchanged"], total


@pytest.mark.parametrize(("name", "link"), LINKS)
def test_a_link_is_never_made_to_what_the_actor_may_not_see(name: str, link: str) -> None:
    kind = REGISTERS[name].field(link)
    assert isinstance(kind, Link)
    target = kind.book
    row = some(target)
    if row is None:
        pytest.skip("nothing to link to in the simulated year")
    key, word = str(row.pk), str(getattr(row, kind.by[0])) if kind.by else ""
    assert kind.cell(key, System()) == row.pk
    target.model._default_manager.filter(pk=row.pk).update(withdrawn="2026-01-01T00:00:00Z")
    told: list[str] = []
    for written in (key, word, str(uuid.uuid4()), "không có"):
        if written:
            with pytest.raises(ValidationError) as error:
                kind.cell(written, System())
            told.append(" ".join(error.value.messages))
    assert len(set(told)) == 1, "a withdrawn row must be answered like one that is not there"
    assert key not in str(kind.widget(System(), REGISTERS[name].model()).render("x", None))


def test_a_link_to_a_book_one_may_not_read_is_answered_like_nothing() -> None:
    kind = REGISTERS["observations.occurrence"].field("dataset")
    assert isinstance(kind, Link)
    book, row = kind.book, Dataset.objects.first()
    assert row is not None and kind.found([row.code], System())[row.code]
    hidden = Register.door
    try:
        Register.door = lambda self, actor: hidden(self, actor).__class__.of(
            actor, "none.such", self.model, None
        )  # type: ignore[method-assign]
        assert kind.found([row.code, str(row.pk)], Public()) == {}
    finally:
        Register.door = hidden  # type: ignore[method-assign]
    assert book.door(Public())


@pytest.mark.parametrize(("name", "verb"), VERBS)
def test_a_verb_is_refused_to_whoever_lacks_it_and_leaves_nothing(name: str, verb: str) -> None:
    book = REGISTERS[name]
    record = some(book)
    if record is None and verb != "create":
        pytest.skip("the simulated year has no row here")
    elsewhere = [Scope("12/99999")]
    before = AuditEvent.objects.count()
    strangers = [Public(), Holder({f"{name}.see": [Scope()], f"{name}.see_precise": [Scope()]})]
    for actor in [*strangers, *([Holder({f"{name}.{verb}": elsewhere})] if verb != "create" else [])]:
        with pytest.raises((Denied, PermissionDenied)):
            if verb == "create":
                write.write(book, actor, verb, book.model(area_path="12/03451"), lambda r: None)
            else:
                write.write(book, actor, verb, record, lambda r: None)
    assert AuditEvent.objects.count() == before
    if record is not None:
        assert book.model._default_manager.get(pk=record.pk).revision == record.revision


@pytest.mark.parametrize("name", [n for n in BOOKS if "edit" in REGISTERS[n].verbs])
def test_a_record_cannot_be_carried_out_of_reach(name: str) -> None:
    """Who may write in one commune may not move a record into another: refused after the work, nothing stands."""
    book = REGISTERS[name]
    record = book.model._default_manager.filter(area_path__startswith="12/", withdrawn__isnull=True).first()
    if record is None:
        pytest.skip("no row with a commune")
    actor = Holder({f"{name}.edit": [Scope(record.area_path)]})

    def carry(row: Any) -> None:
        row.organisation, row.area_path = "khác", "12/03388" if record.area_path != "12/03388" else "12/03451"
        if book.located:
            row.put_point(None, None)

    with pytest.raises(Denied):
        write.write(book, actor, "edit", record, carry)
    assert book.model._default_manager.get(pk=record.pk).area_path == record.area_path


@pytest.mark.parametrize(("name", "child"), PARTS)
def test_a_part_of_a_page_hides_what_its_reader_may_not_see(name: str, child: str) -> None:
    book, parts = REGISTERS[name], REGISTERS[child]
    record = some(book)
    if record is None:
        pytest.skip("no row")
    one = next(p for p in book.parts if isinstance(p, Part) and p.book == child)
    for row in book.model._default_manager.filter(withdrawn__isnull=True)[:200]:
        if parts.model._default_manager.filter(**{one.by: row.pk}).exists():
            record = row
            break
    stranger = Holder({f"{name}.see": [Scope()], f"{name}.see_precise": [Scope()]})
    seen = {str(r.pk) for r in parts.door(stranger).rows().filter(**{one.by: record.pk})}
    context = context_of(stranger, book, book.get(stranger, record.pk))
    drawn = " ".join(str(p["rows"]) for p in context["parts"] if p["register"] is parts)
    children = {
        str(k)
        for k in parts.model._default_manager.filter(**{one.by: record.pk}).values_list("pk", flat=True)
    }
    assert {k for k in children if k in drawn} <= seen
