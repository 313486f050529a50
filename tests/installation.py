"""A whole installation in a folder of its own: set up by its own commands, served, asked, killed."""

import contextlib
import fcntl
import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings

PASSWORD = "baoton-demo"
COMMAND = [sys.executable, "-m", "baoton.site.command"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """A data folder with its database; `serve` starts it on a port of its own."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder, self.database, self.port = folder, database, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "BAOTON_VAR": str(folder),
            "BAOTON_HOSTS": "127.0.0.1",
            "BAOTON_ADDRESS": self.base,
            "DJANGO_SETTINGS_MODULE": "baoton.site.settings",
            "BAOTON_WEB_PROCESSES": "1",
            "PYTHONUNBUFFERED": "1",
        }
        self.env.pop("DATABASE_URL", None)
        self.env.pop("BAOTON_JOBS_INLINE", None)
        if database:
            self.env["DATABASE_URL"] = database
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "server.log"

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *words], env={**self.env, **env}, capture_output=True, text=True, timeout=280
        )

    def python(self, code: str) -> str:
        """What a few lines print that are run inside the installation."""
        code = f"import django; django.setup()\n{code}"
        told = subprocess.run([sys.executable, "-c", code], env=self.env, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr[-3000:]
        return told.stdout.strip()

    @property
    def stands(self) -> bool:
        """Whether its server runs and answers."""
        if self.process is None or self.process.poll() is not None:
            return False
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get("/song")[0] == 200
        return False

    def serve(self, **env: str) -> None:
        with self.log.open("ab") as out:
            command = [*COMMAND, "serve", "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, env={**self.env, **env}, stdout=out, stderr=out, start_new_session=True
            )
        self.until(lambda: self.get("/song")[0] == 200, 60)
        assert self.process.poll() is None, self.log.read_text()[-2000:]

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def until(self, test: Any, seconds: float) -> None:
        """Waits until the test holds; a refused connection is not yet."""
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if test():
                    return
            assert time.monotonic() < end, f"not within {seconds} s\n{self.log.read_text()[-4000:]}"
            time.sleep(0.05)

    def get(self, path: str, timeout: float = 20, cookie: str = "") -> tuple[int, bytes]:
        status, _headers, body = ask(
            self.port, "GET", path, {"Cookie": cookie} if cookie else {}, b"", timeout
        )
        return status, body

    def pids(self, word: str) -> list[int]:
        """The processes of this installation whose command holds the word."""
        found = []
        mine = f"BAOTON_VAR={self.folder}".encode()
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if word in words and mine in (path / "environ").read_bytes().split(b"\0"):
                    found.append(int(path.name))
        return found

    def kill(self, word: str) -> int:
        """Every process with the word is killed outright; how many."""
        found = self.pids(word)
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(found)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if not self.database:
            with contextlib.closing(sqlite3.connect(self.folder / "baoton.sqlite3", timeout=30)) as one:
                return one.execute(sql).fetchall()
        import psycopg

        with psycopg.connect(self.database) as other:
            return other.execute(sql).fetchall()  # type: ignore[arg-type]

    def one(self, sql: str) -> Any:
        return self.rows(sql)[0][0]


def ask(
    port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"", timeout: float = 20
) -> tuple[int, dict[str, list[str]], bytes]:
    """One request; the headers by lower-case name, each with all its values."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        link.request(method, path, body=body or None, headers=headers)
        answer = link.getresponse()
        told: dict[str, list[str]] = {}
        for name, value in answer.getheaders():
            told.setdefault(name.lower(), []).append(value)
        return answer.status, told, answer.read()
    finally:
        link.close()


class Visitor:
    """A browser without a screen: keeps its cookies, sends the form token, follows nothing by itself."""

    def __init__(self, site: Installation, name: str = "", password: str = PASSWORD) -> None:
        self.site, self.jar = site, {}
        self.status = 0
        if name:
            self.get("/dang-nhap/")
            status, _h, _b = self.post("/dang-nhap/", {"username": name, "password": password})
            assert status == 302, f"{name} cannot log in: {status}"

    def send(self, method: str, path: str, body: bytes = b"", kind: str = "", timeout: float = 30) -> Any:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.jar.items())}
        if kind:
            headers["Content-Type"] = kind
            headers["X-CSRFToken"] = self.jar.get("csrftoken", "")
        status, told, content = ask(self.site.port, method, path, headers, body, timeout)
        for line in told.get("set-cookie", []):
            name, _, rest = line.strip().partition("=")
            self.jar[name] = rest.partition(";")[0]
        return status, told, content

    def get(self, path: str, timeout: float = 30) -> Any:
        return self.send("GET", path, timeout=timeout)

    def post(self, path: str, fields: dict[str, str], timeout: float = 30) -> Any:
        return self.send(
            "POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded", timeout
        )

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> Any:
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
            for k, v in fields.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), content, f"\r\n--{edge}--\r\n".encode()])
        return self.send("POST", path, body, f"multipart/form-data; boundary={edge}", 60)

    def bring(self, name: str, content: bytes, **fields: str) -> str:
        """The file is uploaded and read; the key of its import."""
        status, told, _body = self.upload("/nhap/", name, content, **fields)
        assert status == 302, status
        found = re.search(r"/nhap/([0-9a-f-]{36})/", told["location"][0])
        assert found, told
        return found[1]

    def job(self, path: str, fields: dict[str, str] | None = None) -> str:
        """A job is asked for; its key, or nothing where the answer leads elsewhere."""
        _status, told, _body = self.post(path, fields or {})
        found = re.search(r"/viec-nen/([0-9a-f-]{36})/", urlsplit(told.get("location", [""])[0]).path)
        return found[1] if found else ""


def sheet(rows: int, stem: str = "a") -> bytes:
    """A plain table of records that nobody guards."""
    head = "occurrenceID,scientificName,eventDate,decimalLatitude,decimalLongitude,individualCount\n"
    places = ((22.3 + i % 97 / 1000, 102.9 + i % 89 / 1000) for i in range(rows))
    lines = (
        f"{stem}-{i},Canis lupus familiaris,2026-03-{1 + i % 28:02d},{lat:.5f},{lon:.5f},1\n"
        for i, (lat, lon) in enumerate(places)
    )
    return (head + "".join(lines)).encode()


def installations(folder: Path, database: str = "") -> Iterator[Installation]:
    """One installation, stopped at the end whatever happened."""
    site = Installation(folder, database)
    try:
        yield site
    finally:
        site.stop()
        site.kill("python")
        shutil.rmtree(folder, ignore_errors=True)


def made_database(name: str, options: str = "") -> str:
    """The address of a new database of this name on the PostgreSQL server of the tests."""
    import psycopg

    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}" {options}')  # type: ignore[arg-type]
    return f"{url.rpartition('/')[0]}/{name}"


@contextlib.contextmanager
def database_of_its_own(options: str = "") -> Iterator[str]:
    """The address of a new database, gone at the end; nothing where the tests run on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"own_{uuid.uuid4().hex[:10]}"
    try:
        yield made_database(name, options)
    finally:
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def prepared(tmp: pytest.TempPathFactory, *words: str, postgres: bool = False) -> Path:
    """The data folder an installation has after this command: made once in a run of tests, copied for each who asks.

    What the command printed lies in it as `printed.txt`. With `postgres` it fills a database on the tests' server,
    from which `database_of_its_own` makes others: its name lies in the folder as `template.txt`.
    """
    shared = tmp.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    name = "-".join(words)
    pattern, mine = shared / f"prepared-{name}", tmp.mktemp(name)
    with (shared / f"{pattern.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not pattern.exists():
            begun = pattern.with_suffix(".begun")
            begun.mkdir(exist_ok=True)
            database = ""
            if postgres:
                template = f"prepared_{uuid.uuid4().hex[:10]}"
                (begun / "template.txt").write_text(template)
                database = made_database(template)
            made = Installation(begun, database).run(*words)
            assert made.returncode == 0, made.stderr[-2000:]
            (begun / "printed.txt").write_text(made.stdout, encoding="utf-8")
            begun.rename(pattern)
    shutil.copytree(pattern, mine, symlinks=True, dirs_exist_ok=True)
    return with_vendors(mine)


def with_vendors(folder: Path) -> Path:
    """The folder with the scripts and styles of others that pages need, where they were fetched already."""
    if settings.VENDOR_DIR.is_dir() and not (folder / "vendor").exists():
        (folder / "vendor").symlink_to(settings.VENDOR_DIR)
    return folder
