"""A figure of a report opens its records as they were counted: what changed since is told, no hidden one is."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from baoton.kit import blobs
from baoton.kit.access import System
from baoton.kit.place import Disclosure
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.models import Dataset, Occurrence
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
from baoton.reporting.queries import Told
from baoton.reporting.records import reading
from baoton.reporting.records.keeping import counted, keep, key_of
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MU_CA = "12/03451"
BOOK, SEEN = "outreach.session", "observations.occurrence"


@pytest.fixture(scope="module")
def report(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Report]:
    """A report of three sessions and two sightings; then one session is edited, one withdrawn, one made anew."""
    from django.conf import settings

    before = settings.BLOB_DIR
    settings.BLOB_DIR = tmp_path_factory.mktemp("blobs")
    with django_db_blocker.unblock(), translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        cast()
        made = [
            write.create(
                REGISTERS[BOOK], System(),
                Session(title=f"Họp {n}", kind="meeting", day=date(2026, 5, n), area_path=MU_CA, participants=n),
            )
            for n in (1, 2, 3)
        ]  # fmt: skip
        dataset = Dataset.objects.create(code="thu", title="Bộ thử")
        places = {}
        for name, level in (("Aus bus", Disclosure.AS_IS), ("Cus dus", Disclosure.WITHHELD)):
            taxon = Taxon.objects.create(
                scientific_name=name, key=name.lower(), rank="species", sensitivity=level
            )
            row = Occurrence(
                dataset=dataset, taxon=taxon, scientific_name=name, locality=f"khe cũ {name}", occurrence_id=name,
                day_start=date(2026, 5, 2), status="draft",
            )  # fmt: skip
            row.put_point(102.6, 22.4)
            places[name] = write.create(REGISTERS[SEEN], System(), row)
        Occurrence.objects.update(status="verified")
        figures.compute([2026])
        told = actions.make(System(), Period(2026), tmp_path_factory.mktemp("report"))
        first = Session.objects.get(pk=made[0].pk)
        write.edit(REGISTERS[BOOK], System(), first, {"title": "Họp sửa tên", "participants": 99})
        write.withdraw(REGISTERS[BOOK], System(), Session.objects.get(pk=made[1].pk), "ghi nhầm")
        Session.objects.create(title="Họp sau", kind="meeting", day=date(2026, 6, 1), area_path=MU_CA)
        for row in Occurrence.objects.all():
            write.edit(REGISTERS[SEEN], System(), row, {"locality": "khe mới"})
        yield told
        transaction.set_rollback(True)
    settings.BLOB_DIR = before


def opened(name: str, report: Report, figure: str) -> Any:
    client = Client()
    client.force_login(Person.objects.get(username=name))
    return client.get(f"/bao-cao/{report.pk}/ban-ghi/{figure}/", follow=True)


def test_the_records_are_kept_with_the_revision_that_was_counted(report: Report) -> None:
    one = next(Told(**f) for f in report.figures if f["name"] == "outreach.sessions")
    kept = counted(report.records_sha256, one)
    assert kept is not None and len(kept) == one.count == 3 and set(kept.revisions.tolist()) == {1}
    assert Session.objects.filter(withdrawn__isnull=True).count() == 3  # another three


def test_a_row_edited_since_reads_as_it_was_and_says_what_changed(report: Report) -> None:
    text = opened("lan", report, "outreach.sessions").content.decode()
    assert "Họp 1" in text and "Họp 3" in text and "Họp sau" not in text and "Họp 2" not in text
    assert '<span class="data">Họp 1</span> → <span class="data">Họp sửa tên</span>' in text
    assert '<span class="data">1</span> → <span class="data">99</span>' in text
    assert "3 bản ghi được đếm" in text and "1 bản ghi đã rút từ đó hoặc bạn không được xem" in text
    kept = Client()
    kept.force_login(Person.objects.get(username="lan"))
    assert (
        f"/bao-cao/{report.pk}/ban-ghi/outreach.sessions/"
        in kept.get(f"/bao-cao/{report.pk}/").content.decode()
    )


def test_what_a_reader_may_not_know_of_a_place_stands_in_no_old_value(report: Report) -> None:
    names = Person.objects.values_list("username", flat=True)
    told = {name: opened(name, report, "observations.records") for name in names}
    texts = {name: answer.content.decode() for name, answer in told.items() if answer.status_code == 200}
    guarded = Occurrence.objects.get(scientific_name="Cus dus").pk
    book, knows = REGISTERS[SEEN], set()
    for name in texts:
        door = book.door(Person.objects.get(username=name))
        knows |= {name for row in door.open(door.rows().filter(pk=guarded)) if row.door_precise}
    assert "lan" in knows and set(texts) - knows, (
        "one reader knows the place, another who reads reports does not"
    )
    for name, text in texts.items():
        assert ("khe cũ Cus dus" in text) == ("khe mới" in text and name in knows) == (name in knows), name


def test_who_may_not_see_reports_or_the_book_sees_no_record(report: Report) -> None:
    assert opened("sung", report, "outreach.sessions").status_code == 403
    assert opened("lan", report, "outreach.nothing").status_code == 404
    assert opened("lan", report, "outreach.women").status_code == 200


def test_a_report_made_before_records_were_kept_opens_those_of_today(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(records_sha256="")
    answer = opened("lan", report, "outreach.sessions")
    assert "dưới đây là bản ghi hiện nay" in answer.content.decode() and answer.redirect_chain
    assert Path("/so/outreach-session").name in answer.redirect_chain[0][0]


def test_a_figure_that_counted_nothing_opens_the_list_of_today(report: Report) -> None:
    none = [Told(**f) for f in report.figures if f["value"] is not None and not f["count"] and f["register"]]
    assert none, "some figure of the report counted nothing"
    for one in none:
        if one.address:
            answer = opened("lan", report, one.name)
            assert answer.status_code == 200 and answer.redirect_chain, one.name


def test_very_many_records_are_read_page_by_page(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WALKED", 2)
    monkeypatch.setattr(reading, "PAGE", 2)
    texts = [opened("lan", report, "outreach.sessions").content.decode()]
    client = Client()
    client.force_login(Person.objects.get(username="lan"))
    address = f"/bao-cao/{report.pk}/ban-ghi/outreach.sessions/?trang=2"
    texts.append(client.get(address).content.decode())
    found = [[name for name in ("Họp 1", "Họp 2", "Họp 3", "Họp sau") if name in text] for text in texts]
    assert found == [["Họp 1"], ["Họp 3"]]  # two records a page; the second of the first page is withdrawn
    assert "Trang 1 trên 2" in texts[0] and "thì không liệt kê" in texts[0]


def test_records_kept_as_lines_are_still_read(report: Report) -> None:
    one = next(Told(**f) for f in report.figures if f["name"] == "outreach.sessions")
    now = counted(report.records_sha256, one)
    assert now is not None
    lines = "".join(f"{pk.hex} {n}\n" for pk, n in now.every.items())
    old = blobs.store(
        [gzip.compress(f"#other?\n{'0' * 32} 1\n#{key_of(one)}\n{lines}".encode())], "application/gzip"
    ).sha256
    then = counted(old, one)
    assert then is not None and then.every == now.every
    assert counted(old, replace(one, query={"when": "1999"})) is None


def test_figures_of_one_book_share_their_keys(report: Report) -> None:
    told = [Told(**f) for f in report.figures]
    whole = next(f for f in told if f.name == "outreach.sessions")
    some = replace(whole, query={"when": "2026-06"})
    sha256 = keep([replace(some, count=1), replace(whole, count=3)])
    with np.load(blobs.path_of(sha256)) as columns:
        assert columns[f"{BOOK}.keys"].shape == (16, 3)
    parts = [counted(sha256, one) for one in (some, whole)]
    assert [None if p is None else set(p.every) for p in parts] == [
        set(Session.objects.filter(title="Họp sau").values_list("pk", flat=True)),
        set(Session.objects.filter(withdrawn__isnull=True).values_list("pk", flat=True)),
    ]
