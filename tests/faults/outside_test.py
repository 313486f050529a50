"""What the site stands on fails: the disk is full, the database dies, the clock jumps. Nothing is lost or doubled."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.writing_test import checked, standing, state
from tests.installation import Installation, Visitor, installations

ROWS = 8_000
SMALL_MB = 320


def key(site: Installation, text: str) -> str:
    return text if site.database else text.replace("-", "")


def whole(site: Installation) -> None:
    """The log is whole, and the site answers."""
    told = site.run("verify-audit")
    assert told.returncode == 0, told.stdout
    assert site.get("/so/observations-occurrence/")[0] == 200


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own that can be filled."""
    folder.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("no disk of its own can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[tuple[Installation, Path]]:
    """A served installation whose database lies on a small disk, and that disk."""
    url = os.environ.get("DATABASE_URL", "")
    with small_disk(Path(tempfile.mkdtemp(prefix="baoton-disk-")), SMALL_MB) as disk:
        if not url.startswith("postgres"):
            for site in installations(disk / "var", ""):
                assert site.run("demo", "--records", "200").returncode == 0
                site.serve()
                yield site, disk
            return
        import psycopg

        name, place = f"full_{uuid.uuid4().hex[:8]}", disk / "pg"
        place.mkdir()
        if os.geteuid() == 0:
            disk.chmod(0o755)
            shutil.chown(place, "postgres", "postgres")
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f"CREATE TABLESPACE {name} LOCATION '{place}'")  # type: ignore[arg-type]
            link.execute(f'CREATE DATABASE "{name}" TABLESPACE {name}')  # type: ignore[arg-type]
        try:
            for site in installations(tmp_path / "var", f"{url.rpartition('/')[0]}/{name}"):
                assert site.run("demo", "--records", "200").returncode == 0
                site.serve()
                yield site, disk
        finally:
            with psycopg.connect(url, autocommit=True) as link:
                link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]
                link.execute(f"DROP TABLESPACE {name}")  # type: ignore[arg-type]


def fill(disk: Path, leave: int) -> Path:
    """All but some megabytes of the disk are taken."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free - leave * 1024 * 1024
    with filler.open("wb") as out:
        for _block in range(max(0, free) // (1024 * 1024)):
            out.write(b"\0" * 1024 * 1024)
    return filler


TRIAL = pytest.mark.skipif(
    "BAOTON_TRIALS" not in os.environ, reason="a trial that fills a disk or kills a database"
)


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
    assert standing(site, "day-dia") == (0, 0)
    assert site.get("/so/observations-occurrence/")[0] == 200, "reading goes on"
    filler.unlink()
    site.until(lambda: site.get("/song")[0] == 200, 30)
    site.until(lambda: site.one(at_work) == 0, 240)
    again = Visitor(site, "lan")
    if state(site, "kit_importbatch", batch) != "done":
        assert standing(site, "day-dia") == (0, 0)
        if state(site, "kit_importbatch", batch) == "failed":
            again.post(f"/nhap/{batch}/kiem-tra/", {})
            site.until(lambda: state(site, "kit_importbatch", batch) == "checked", 240)
        again.post(f"/nhap/{batch}/ghi/", {})
        site.until(lambda: state(site, "kit_importbatch", batch) == "done", 120)
    assert standing(site, "day-dia") == (ROWS, ROWS)
    whole(site)


@TRIAL
def test_the_database_is_killed_in_mid_import_and_comes_back(served: Installation) -> None:
    if not served.database:
        pytest.skip("SQLite lives in the processes that other tests kill")
    import psycopg

    lan = Visitor(served, "lan")
    batch = checked(lan, "csdl-chet", ROWS)
    with psycopg.connect(served.database, autocommit=True) as link:
        name = served.database.rpartition("/")[2]
        link.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')  # type: ignore[arg-type]
        victim = link.execute("select pg_backend_pid()").fetchone()
        assert victim is not None
        lan.post(f"/nhap/{batch}/ghi/", {})
        served.until(lambda: state(served, "kit_importbatch", batch) == "running", 20)
        time.sleep(1.0)
        os.kill(victim[0], 9)  # the server then ends every connection and recovers from its log
    served.until(lambda: served.get("/so/observations-occurrence/")[0] == 200, 60)
    served.until(lambda: state(served, "kit_importbatch", batch) in {"checked", "done"}, 90)
    if state(served, "kit_importbatch", batch) == "checked":
        assert standing(served, "csdl-chet") == (0, 0)
        Visitor(served, "lan").post(f"/nhap/{batch}/ghi/", {})
        served.until(lambda: state(served, "kit_importbatch", batch) == "done", 120)
    assert standing(served, "csdl-chet") == (ROWS, ROWS)
    whole(served)


@pytest.mark.once
def test_a_worker_killed_in_mid_report_leaves_one_report_when_it_is_made_again(served: Installation) -> None:
    lan = Visitor(served, "lan")
    before = served.one("select count(*) from reporting_report")
    job = lan.job("/bao-cao/lap/", {"year": "2026"})
    assert job
    served.until(lambda: state(served, "kit_job", job) != "waiting", 60)
    served.kill("command work")
    served.until(lambda: state(served, "kit_job", job) not in {"waiting", "running"}, 90)
    if served.one("select count(*) from reporting_report") == before:
        lan.post(f"/viec-nen/{job}/lai/", {})
        served.until(lambda: served.one("select count(*) from reporting_report") > before, 120)
    assert served.one("select count(*) from reporting_report") == before + 1
    key = str(served.one("select id from reporting_report order by made desc limit 1"))
    dashed = str(uuid.UUID(key))
    for kind in ("docx", "xlsx"):
        status, _told, body = lan.get(f"/bao-cao/{dashed}.{kind}", timeout=60)
        assert status == 200 and body[:2] == b"PK"
    whole(served)


@pytest.mark.once
def test_a_clock_set_back_two_hours_skips_no_change_and_stops_nobody(
    site: Installation, tmp_path: Path
) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler to make another clock with")
    library, hour = tmp_path / "clock.so", tmp_path / "seconds"
    source = Path(__file__).with_name("shifted_clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    hour.write_text("0")
    site.stop()
    site.serve(LD_PRELOAD=str(library), BAOTON_CLOCK=str(hour))
    try:
        lan, copy = Visitor(site, "lan"), Visitor(site, "lan")
        wrote = [session(lan, "trước")]
        head = feed(copy, "/api/changes?since=2020-01-01")[0]
        hour.write_text("-7200")
        assert site.get("/song")[0] == 200
        back = Visitor(site, "lan")
        batch = checked(back, "lui-gio", 50)
        back.post(f"/nhap/{batch}/ghi/", {})
        site.until(lambda: state(site, "kit_importbatch", batch) == "done", 90)
        wrote.append(session(back, "sau"))
        told = feed(copy, f"/api/changes?since={head['next']}")
        puts = [
            line["id"]
            for line in told
            if line["op"] == "put" and line["collection"] == "observations-occurrence"
        ]
        assert len(puts) == len(set(puts)) == 50
        assert wrote == [302, 302]
        assert json.loads(site.get("/song")[1])["worker"] == "running"
        whole(site)
    finally:
        site.stop()


def session(visitor: Visitor, title: str) -> int:
    given = {
        "title": title,
        "kind": "meeting",
        "day": "02/05/2026",
        "area_path": "12/03451",
        "participants": "10",
    }
    status, _told, _body = visitor.post("/so/outreach-session/moi/", given)
    return int(status)


def feed(visitor: Visitor, path: str) -> list[dict[str, str]]:
    status, _told, body = visitor.get(path, timeout=60)
    assert status == 200, body[:200]
    return [json.loads(line) for line in body.splitlines() if line.strip()]


def test_two_who_write_at_once_lose_nothing_and_double_nothing(served: Installation) -> None:
    """One record edited by two, and one file written by two: one of each wins, the other gets a sentence."""
    lan, other = Visitor(served, "lan"), Visitor(served, "lan")
    batch = checked(lan, "hai-nguoi", 2_000)
    clicks = [threading.Thread(target=v.post, args=(f"/nhap/{batch}/ghi/", {})) for v in (lan, other)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(60)
    served.until(lambda: state(served, "kit_importbatch", batch) == "done", 120)
    assert standing(served, "hai-nguoi") == (2_000, 2_000)
    pk = served.one(
        "select o.id from observations_occurrence o join observations_dataset d on d.id = o.dataset_id "
        "where d.code = 'hai-nguoi' limit 1"
    )
    revision = served.one(f"select revision from observations_occurrence where id = '{pk}'")
    path, found = f"/so/observations-occurrence/{uuid.UUID(str(pk))}/lam/refuse/", []

    def refuse(visitor: Visitor) -> None:
        status, _told, _body = visitor.post(path, {"reason": "ảnh mờ", "revision": str(revision)})
        found.append((status, visitor.get("/")[2].decode()))

    writers = [threading.Thread(target=refuse, args=(v,)) for v in (lan, other)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(60)
    assert [status for status, _b in found] == [302, 302]
    assert sum('role="alert"' in body for _s, body in found) == 1, "the loser reads why"
    assert served.one(f"select revision from observations_occurrence where id = '{pk}'") == revision + 1
    whole(served)
