"""The supervisor: web server and background worker, each a process of its own, started anew when it dies.

Nothing is forked here: each process is a fresh interpreter, so no library's threads are ever copied half-alive.
"""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time

FIRST_WAIT, LONGEST_WAIT, CALM = 0.5, 30.0, 60.0
PATIENCE = 20.0


class Taken(ValueError):
    """Another program answers at this address already."""


def check_free(host: str, port: int) -> None:
    """Raises `Taken` when the port is in use; a shared port would send half the visitors to the other program."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Taken(
                    f"cổng {port} của {host} đã có chương trình khác dùng (có thể là một baoton khác đang chạy). "
                    "Dừng chương trình đó, hoặc chọn cổng khác: baoton serve --port 8001"
                ) from error
            raise ValueError(f"không mở được {host}:{port}: {error.strerror}") from error


class Child:
    """One process kept alive: started anew when it ends, more slowly the more often it fails."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command = name, [sys.executable, "-m", *command]
        self.process: subprocess.Popen[bytes] | None = None
        self.wait, self.began, self.due = FIRST_WAIT, 0.0, 0.0

    def start(self) -> None:
        env = {**os.environ, "BAOTON_SUPERVISED": "1"}
        self.process = subprocess.Popen(self.command, env=env, start_new_session=True)
        self.began = time.monotonic()

    def look(self) -> None:
        """A dead process is told once and started again after its wait."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.wait = FIRST_WAIT if now - self.began > CALM else min(self.wait * 2, LONGEST_WAIT)
        self.due, self.process = now + self.wait, None
        say(f"{self.name} đã dừng (mã {code}); chạy lại sau {self.wait:g} giây")

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def bury(self, until: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def say(text: str) -> None:
    print(f"baoton: {text}", file=sys.stderr, flush=True)  # noqa: T201


def serve(host: str, port: int) -> int:
    """Web server and worker run until this process is told to stop; both end with it."""
    check_free(host, port)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    children = [
        Child("máy chủ web", ["baoton.site.web", host, str(port)]),
        Child("việc nền", ["baoton.site.command", "work"]),
    ]
    for child in children:
        child.start()
    print(f"Mở http://{host}:{port}  (dừng: Ctrl+C)", flush=True)  # noqa: T201
    while not stop.wait(0.2):
        for child in children:
            child.look()
    for child in children:
        child.end()
    until = time.monotonic() + PATIENCE
    for child in children:
        child.bury(until)
    return 0


def end_with_parent() -> None:
    """This process ends when the one that started it is gone, so that nothing is left holding the port."""
    if os.environ.get("BAOTON_SUPERVISED") != "1":
        return
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(71)

    threading.Thread(target=watch, name="parent", daemon=True).start()
