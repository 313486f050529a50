"""A report is cut off, the clock jumps, two write at once: nothing is lost or doubled."""

import json
import shutil
import subprocess
import threading
import uuid
from pathlib import Path

import pytest
from django.utils.timezone import localtime
from tests.faults.ground import whole
from tests.faults.writing_test import checked, standing, state
from tests.installation import Installation, Visitor

ROWS = 8_000


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
    base = 3 * 3600 if localtime().hour < 3 else 0  # rights begin today: two hours back must be today too
    hour.write_text(str(base))
    site.stop()
    site.serve(LD_PRELOAD=str(library), BAOTON_CLOCK=str(hour))
    try:
        lan, copy = Visitor(site, "lan"), Visitor(site, "lan")
        wrote = [session(lan, "trước")]
        head = feed(copy, "/api/changes?since=2020-01-01")[0]
        hour.write_text(str(base - 7200))
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
