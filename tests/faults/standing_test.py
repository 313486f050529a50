"""The site stands: files download, a dead process is replaced, a second server is refused."""

import json
import os
import signal
import threading
import time

import pytest
from tests.installation import Installation, Visitor, sheet

pytestmark = pytest.mark.once  # processes and ports: the database is a bystander


def worker(site: Installation) -> str:
    return str(json.loads(site.get("/song")[1])["worker"])


def checked(visitor: Visitor, name: str, rows: int) -> str:
    """A file uploaded and checked; the key of its import."""
    batch = visitor.bring(f"{name}.csv", sheet(rows, name), target="observations.occurrence", dataset=name)
    job = visitor.job(f"/nhap/{batch}/kiem-tra/")
    visitor.site.until(lambda: b"/nhap/" in visitor.get(f"/viec-nen/{job}/")[2] or True, 1)
    visitor.site.until(
        lambda: (
            visitor.site.one(f"select state from kit_importbatch where id='{key(visitor.site, batch)}'")
            == "checked"
        ),
        60,
    )
    return batch


def key(site: Installation, text: str) -> str:
    return text if site.database else text.replace("-", "")


def test_outcome_files_download_while_others_do_too(served: Installation) -> None:
    lan = Visitor(served, "lan")
    batch = checked(lan, "tai-ve", 200)
    found: list[tuple[int, int]] = []

    def download() -> None:
        status, _h, body = lan.get(f"/nhap/{batch}/ket-qua.csv", timeout=60)
        found.append((status, len(body)))

    threads = [threading.Thread(target=download) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(70)
    assert [status for status, _size in found] == [200] * 6
    assert min(size for _status, size in found) > 200 * 20
    assert served.get("/song")[0] == 200


@pytest.mark.parametrize("word", ["spawn_main", "command work", "site.web"])
def test_a_killed_process_is_replaced(served: Installation, word: str) -> None:
    served.until(lambda: worker(served) == "running", 20)
    before = set(served.pids(word))
    assert before
    served.kill(word)
    served.until(lambda: bool(set(served.pids(word)) - before), 30)
    served.until(lambda: worker(served) == "running", 30)


def test_nothing_is_left_when_the_supervisor_is_killed(served: Installation) -> None:
    assert served.kill("command serve") == 1
    end = time.monotonic() + 20
    while served.pids("python") and time.monotonic() < end:
        time.sleep(0.1)
    assert served.pids("python") == []


def test_a_second_server_on_the_port_is_refused_with_a_sentence(served: Installation) -> None:
    second = served.run("serve", "--port", str(served.port))
    assert second.returncode == 1
    assert f"cổng {served.port}" in second.stderr and "Traceback" not in second.stderr
    assert served.get("/song")[0] == 200


def test_song_tells_that_the_worker_is_gone(served: Installation) -> None:
    served.until(lambda: worker(served) in {"running", "silent"}, 60)
    (supervisor,) = served.pids("command serve")
    os.kill(supervisor, signal.SIGSTOP)
    try:
        served.kill("command work")
        served.until(lambda: worker(served) == "stopped", 10)
    finally:
        os.kill(supervisor, signal.SIGCONT)
    served.until(lambda: worker(served) == "running", 30)
