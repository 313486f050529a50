"""A record that an import changed after it was counted says its old and its new values; one taken back says so too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from baoton.kit.access import System
from baoton.kit.importing import run_file, undo
from baoton.kit.importing.generic import template
from baoton.kit.importing.target import by_name
from baoton.kit.models import AuditEvent, ImportBatch
from baoton.outreach.models import Session
from baoton.people.actions import load as load_people
from baoton.people.models import Person
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.plan import actions as plan
from baoton.plan import figures
from baoton.reporting import actions
from baoton.reporting.models import Report
from baoton.reporting.periods import Period

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.BLOB_DIR = tmp_path / "blobs"
    with translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        cast()
        yield


def brought(tmp_path: Path, people: int) -> ImportBatch:
    path = tmp_path / f"{people}.xlsx"
    template(by_name("outreach.session"), path)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append(["Họp Nậm Kè", "họp bản", "15/03/2026", "Mù Cả", "", "", people, "", "", "", 1])
    key = str(book.worksheets[0].cell(1, 1).value)
    del book[book.sheetnames[1]]
    book.save(path)
    return run_file(System(), path, target="outreach.session", mapping={"key": [key]})


def told(report: Report, name: str = "lan") -> str:
    client = Client()
    client.force_login(Person.objects.get(username=name))
    return client.get(f"/bao-cao/{report.pk}/ban-ghi/outreach.sessions/").content.decode()


def test_a_row_changed_by_an_import_says_its_values_and_so_does_its_undo(
    office: None, tmp_path: Path
) -> None:
    assert brought(tmp_path, 40).counts["total"]["created"] == 1
    figures.compute([2026])
    first = actions.make(System(), Period(2026), tmp_path)
    again = brought(tmp_path, 55)
    assert again.counts["total"]["updated"] == 1, again.counts
    assert '<span class="data">40</span> → <span class="data">55</span>' in told(first)
    figures.compute([2026])
    second = actions.make(System(), Period(2026), tmp_path)
    undo(System(), again)
    assert Session.objects.get().participants == 40
    assert '<span class="data">55</span> → <span class="data">40</span>' in told(second)
    assert "đã sửa" not in told(first) or "40</span> → <span" not in told(first)
    event = AuditEvent.objects.filter(object_id=Session.objects.get().pk).order_by("at").last()
    assert event is not None and (event.note, event.old, event.new) == (
        "hoàn tác", {"participants": 55, "revision": 2}, {"participants": 40, "revision": 1}
    )  # fmt: skip


def test_an_import_after_an_undo_is_told_though_the_revision_is_the_same(
    office: None, tmp_path: Path
) -> None:
    brought(tmp_path, 40)
    batch = brought(tmp_path, 55)
    figures.compute([2026])
    report = actions.make(System(), Period(2026), tmp_path)
    undo(System(), batch)
    brought(tmp_path, 70)
    assert Session.objects.get().revision == 2
    assert '<span class="data">55</span> → <span class="data">70</span>' in told(report)
