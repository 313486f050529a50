"""PostgreSQL is ended in mid-import and in mid-report, a part of it or the whole server, and comes back."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from scripts.postgres import binaries, free_port, plain_user
from tests.faults.ground import TRIAL, whole
from tests.faults.writing_test import checked, standing, state
from tests.installation import Installation, Visitor, installations

ROWS = 8_000
AT_WORK = "select count(*) from kit_job where state in ('waiting', 'running')"


class Server:
    """A PostgreSQL of the trial's own, which may be killed whole and started again."""

    def __init__(self, folder: Path, tools: Path) -> None:
        self.folder, self.tools, self.port, self.who = folder, tools, free_port(), plain_user()
        if self.who:
            os.chown(folder, self.who["user"], self.who["group"])
        self._do("initdb", "-U", "baoton", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def _do(self, tool: str, *words: str) -> None:
        command = [str(self.tools / tool), "-D", str(self.folder / "db"), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd=self.folder,
                       **self.who)  # type: ignore[call-overload]  # fmt: skip

    def start(self) -> None:
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories='' -c fsync=off"
        )
        self._do("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def killed(self) -> None:
        """The postmaster is killed outright; its children end as they notice, then nothing is left of it."""
        os.kill(int((self.folder / "db" / "postmaster.pid").read_text().split()[0]), 9)
        time.sleep(2.0)

    def stop(self) -> None:
        self._do("pg_ctl", "-m", "immediate", "stop")

    @property
    def url(self) -> str:
        return f"postgresql://baoton@127.0.0.1:{self.port}/postgres"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Installation]]:
    """A server of its own with a small served installation on it."""
    tools = binaries()
    if tools is None:
        pytest.skip("there is no PostgreSQL here")
    folder = Path(tempfile.mkdtemp(prefix="baoton-own-pg-"))
    server = Server(folder, tools)
    try:
        for site in installations(tmp_path_factory.mktemp("own"), server.url):
            assert site.run("demo", "--records", "200").returncode == 0
            site.serve()
            yield server, site
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def again(server: Server) -> None:
    """The server dies and comes back."""
    server.killed()
    server.start()


def one_backend(server: Server) -> None:
    """One connection's process is killed: the server ends every connection and recovers from its log."""
    with psycopg.connect(server.url, autocommit=True) as link:
        found = link.execute("select pg_backend_pid()").fetchone()
        assert found is not None
        os.kill(found[0], 9)
    time.sleep(1.0)


KILLS = [again, one_backend]


@TRIAL
@pytest.mark.once
@pytest.mark.parametrize("kill", KILLS)
def test_postgres_killed_in_mid_import_loses_and_doubles_nothing(
    own: tuple[Server, Installation], kill: Callable[[Server], None]
) -> None:
    server, site = own
    lan, name = Visitor(site, "lan"), f"pg-{kill.__name__}"
    batch = checked(lan, name, ROWS)
    lan.post(f"/nhap/{batch}/ghi/", {})
    site.until(lambda: state(site, "kit_importbatch", batch) == "running", 20)
    time.sleep(0.7)
    kill(server)
    site.until(lambda: site.get("/so/observations-occurrence/")[0] == 200, 60)
    site.until(lambda: state(site, "kit_importbatch", batch) in {"checked", "half", "done"}, 120)
    site.until(lambda: site.one(AT_WORK) == 0, 400)
    told = state(site, "kit_importbatch", batch)
    if told in {"checked", "half"}:
        stands, keys = standing(site, name)
        assert stands == keys and (stands > 0) == (told == "half")
        Visitor(site, "lan").post(f"/nhap/{batch}/ghi/", {})
        site.until(lambda: state(site, "kit_importbatch", batch) == "done", 120)
    assert standing(site, name) == (ROWS, ROWS)
    whole(site)


@TRIAL
@pytest.mark.once
@pytest.mark.parametrize("kill", KILLS)
def test_postgres_killed_in_mid_report_leaves_one_report_when_it_is_made_again(
    own: tuple[Server, Installation], kill: Callable[[Server], None]
) -> None:
    server, site = own
    lan = Visitor(site, "lan")
    before = site.one("select count(*) from reporting_report")
    job = lan.job("/bao-cao/lap/", {"year": "2026"})
    site.until(lambda: state(site, "kit_job", job) != "waiting", 60)
    kill(server)
    site.until(lambda: site.get("/so/observations-occurrence/")[0] == 200, 60)
    site.until(lambda: site.one(AT_WORK) == 0, 240)
    if site.one("select count(*) from reporting_report") == before:
        Visitor(site, "lan").post(f"/viec-nen/{job}/lai/", {})
        site.until(lambda: site.one("select count(*) from reporting_report") > before, 120)
    assert site.one("select count(*) from reporting_report") == before + 1
    whole(site)


def test_connections_ended_in_mid_import_lose_and_double_nothing(served: Installation) -> None:
    """What CI can do beside others: every connection of the one database is ended by the server itself."""
    if not served.database:
        pytest.skip("SQLite lives in the processes that other tests kill")
    lan = Visitor(served, "lan")
    batch = checked(lan, "ngat", 4_000)
    lan.post(f"/nhap/{batch}/ghi/", {})
    served.until(lambda: state(served, "kit_importbatch", batch) == "running", 20)
    with psycopg.connect(served.database, autocommit=True) as link:
        link.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
    served.until(lambda: served.get("/so/observations-occurrence/")[0] == 200, 60)
    served.until(lambda: served.one(AT_WORK) == 0, 120)
    if state(served, "kit_importbatch", batch) != "done":
        assert len(set(standing(served, "ngat"))) == 1
        Visitor(served, "lan").post(f"/nhap/{batch}/ghi/", {})
        served.until(lambda: state(served, "kit_importbatch", batch) == "done", 120)
    assert standing(served, "ngat") == (4_000, 4_000)
    whole(served)
