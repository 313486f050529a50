"""The disk is full in mid-import, in mid-report, while the log is written: nothing lost, doubled or kept by halves."""

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from tests.faults.ground import TRIAL, fill, whole
from tests.faults.outside_test import session
from tests.faults.writing_test import checked, standing, state
from tests.installation import Installation, Visitor, sheet

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.models import AuditEvent, ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import audit, write
from baoton.observations.models import Occurrence
from baoton.outreach.models import Session
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa

ROWS = 8_000
AT_WORK = "select count(*) from kit_job where state in ('waiting', 'running')"


@TRIAL
def test_a_full_disk_loses_and_doubles_nothing(full: tuple[Installation, Path]) -> None:
    site, disk = full
    lan = Visitor(site, "lan")
    batch = checked(lan, "day-dia", ROWS)
    filler = fill(disk, 3)
    lan.post(f"/nhap/{batch}/ghi/", {})
    at_work = "select count(*) from kit_job where state in ('waiting', 'running')"
    with contextlib.suppress(
        AssertionError
    ):  # where not even the end can be written, the worker does so later
        site.until(lambda: site.one(at_work) == 0, 60)
    stands, keys = standing(
        site, "day-dia"
    )  # a big file is written in slices, and shown when all of them stand
    assert stands == keys < ROWS
    assert site.get("/so/observations-occurrence/")[0] == 200, "reading goes on"
    filler.unlink()
    site.until(lambda: site.get("/song")[0] == 200, 30)
    site.until(lambda: site.one(at_work) == 0, 240)
    again = Visitor(site, "lan")
    if state(site, "kit_importbatch", batch) != "done":
        stands, keys = standing(site, "day-dia")
        assert stands == keys and (stands > 0) == (state(site, "kit_importbatch", batch) == "half")
        again.post(f"/nhap/{batch}/ghi/", {})
        site.until(lambda: state(site, "kit_importbatch", batch) == "done", 120)
    assert standing(site, "day-dia") == (ROWS, ROWS)
    whole(site)


@TRIAL
def test_a_full_disk_in_mid_report_leaves_no_half_report_and_one_when_there_is_room(
    full: tuple[Installation, Path],
) -> None:
    site, disk = full
    lan = Visitor(site, "lan")
    before = site.one("select count(*) from reporting_report")
    filler = fill(disk, 0)
    lan.post("/bao-cao/lap/", {"year": "2026"})
    with contextlib.suppress(AssertionError):
        site.until(lambda: site.one(AT_WORK) == 0, 60)
    filler.unlink()
    site.until(lambda: site.get("/song")[0] == 200, 30)
    site.until(lambda: site.one(AT_WORK) == 0, 240)
    again = Visitor(site, "lan")
    if site.one("select count(*) from reporting_report") == before:
        again.post("/bao-cao/lap/", {"year": "2026"})
        site.until(lambda: site.one("select count(*) from reporting_report") > before, 120)
    assert site.one("select count(*) from reporting_report") == before + 1
    whole(site)


@TRIAL
def test_no_change_stands_without_its_event_when_the_disk_was_full_while_it_was_written(
    full: tuple[Installation, Path],
) -> None:
    site, disk = full
    lan = Visitor(site, "lan")
    kept = "select count(*) from outreach_session where title like 'đĩa đầy%'"
    filler, answers = fill(disk, 0), []
    for n in range(40):
        with contextlib.suppress(OSError):
            answers.append(session(lan, f"đĩa đầy {n} " + "x" * 150))
    assert set(answers) <= {302, 500, 503}
    filler.unlink()
    site.until(lambda: site.get("/song")[0] == 200, 30)
    answers.append(session(Visitor(site, "lan"), "đĩa đầy, đã có chỗ"))
    told = site.one("select count(*) from kit_auditevent where verb = 'outreach.session.create' and "
                    "object_name like '%đĩa đầy%'")  # fmt: skip
    assert site.one(kept) == answers.count(302) == told
    whole(site)


@contextlib.contextmanager
def room_for(pages: int) -> Iterator[None]:
    """The database may grow by so many pages alone; what SQLite answers then is what it answers on a full disk."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what tests before left free would be room too
        used = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {used + pages}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@pytest.fixture
def alone(tmp_path: Path, transactional_db: None) -> None:
    """A log of its own: what tests before wrote was emptied, and their heads told elsewhere."""
    settings.VAR = tmp_path


@pytest.mark.usefixtures("alone")
@pytest.mark.once
def test_a_database_that_may_not_grow_keeps_all_of_a_file_or_nothing(tmp_path: Path) -> None:
    load_places()
    load_taxa()
    path = tmp_path / "day.csv"
    path.write_bytes(sheet(3_000, "day"))
    with room_for(60), pytest.raises(OperationalError, match="full"):
        run_file(System(), path, target="observations.occurrence", dataset="day")
    assert ImportBatch.objects.get().state in {"checked", "uploaded"}
    assert Occurrence.objects.count() == 0 and audit.verify().whole
    run_file(System(), path, target="observations.occurrence", dataset="day")
    found = Occurrence.objects.values_list("occurrence_id", flat=True)
    assert (len(found), len(set(found))) == (3_000, 3_000) and audit.verify().whole


@pytest.mark.usefixtures("alone")
@pytest.mark.once
def test_a_change_whose_event_finds_no_room_does_not_stand() -> None:
    load_places()
    made = 0
    with room_for(12), contextlib.suppress(OperationalError):
        for n in range(500):
            row = Session(
                title=f"đầy {n} " + "x" * 150, kind="meeting", day=date(2026, 5, 2), area_path="12/03451"
            )
            write.create(REGISTERS["outreach.session"], System(), row)
            made += 1
    assert 0 < made < 500
    assert (
        Session.objects.count() == made == AuditEvent.objects.filter(verb="outreach.session.create").count()
    )
    assert audit.verify().whole
