"""Killed in the middle of its work, nothing is lost and nothing doubled; what was begun is told as it stands."""

import threading
import time

import pytest
from tests.installation import Installation, Visitor, sheet

ROWS = 8_000


def state(site: Installation, table: str, key: str) -> str:
    pk = key if site.database else key.replace("-", "")
    return str(site.one(f"select state from {table} where id = '{pk}'"))


def standing(site: Installation, dataset: str) -> tuple[int, int]:
    """How many records of the dataset stand, and how many different source ids they carry."""
    sql = (
        "select count(*), count(distinct o.occurrence_id) from observations_occurrence o "
        f"join observations_dataset d on d.id = o.dataset_id where o.withdrawn is null and d.code = '{dataset}'"
    )
    return tuple(site.rows(sql)[0])  # type: ignore[return-value]


def checked(lan: Visitor, name: str, rows: int) -> str:
    batch = lan.bring(f"{name}.csv", sheet(rows, name), target="observations.occurrence", dataset=name)
    lan.post(f"/nhap/{batch}/kiem-tra/", {})
    lan.site.until(lambda: state(lan.site, "kit_importbatch", batch) == "checked", 120)
    return batch


def undo(lan: Visitor, batch: str) -> None:
    """The import is taken back, asked for once its writing job has ended."""
    at_work = "select count(*) from kit_job where state in ('waiting', 'running')"
    lan.site.until(lambda: lan.site.one(at_work) == 0, 180)
    lan.post(f"/nhap/{batch}/hoan-tac/", {})
    lan.site.until(lambda: state(lan.site, "kit_importbatch", batch) == "undone", 120)


@pytest.mark.parametrize("after", [0.2, pytest.param(1.2, marks=pytest.mark.once)])
def test_a_worker_killed_while_it_writes_a_file_loses_and_doubles_nothing(
    served: Installation, after: float
) -> None:
    lan, name = Visitor(served, "lan"), f"giet-{int(after * 10)}"
    batch = checked(lan, name, ROWS)
    lan.post(f"/nhap/{batch}/ghi/", {})
    served.until(lambda: state(served, "kit_importbatch", batch) == "running", 20)
    time.sleep(after)
    served.kill("command work")
    served.until(lambda: state(served, "kit_importbatch", batch) in {"checked", "half", "done"}, 180)
    told = state(served, "kit_importbatch", batch)
    if told in {"checked", "half"}:
        stands, keys = standing(served, name)
        assert stands == keys and (stands > 0) == (told == "half")
        lan.post(f"/nhap/{batch}/ghi/", {})
        served.until(lambda: state(served, "kit_importbatch", batch) == "done", 120)
    assert standing(served, name) == (ROWS, ROWS)
    undo(lan, batch)
    assert standing(served, name) == (0, 0)


def test_a_double_click_over_the_net_writes_once_and_can_be_undone(served: Installation) -> None:
    lan = Visitor(served, "lan")
    batch = checked(lan, "hai-lan", 3_000)
    clicks = [threading.Thread(target=lan.post, args=(f"/nhap/{batch}/ghi/", {})) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(30)
    served.until(lambda: state(served, "kit_importbatch", batch) == "done", 120)
    assert standing(served, "hai-lan") == (3_000, 3_000)
    undo(lan, batch)
    assert standing(served, "hai-lan") == (0, 0)


@pytest.mark.once  # PostgreSQL lets many write at once
def test_everybody_can_sign_in_while_a_big_file_is_written(served: Installation) -> None:
    lan = Visitor(served, "lan")
    batch = checked(lan, "to", ROWS)
    lan.post(f"/nhap/{batch}/ghi/", {})
    while state(served, "kit_importbatch", batch) == "running":
        Visitor(served, "dung")
    assert standing(served, "to") == (ROWS, ROWS)


def test_after_all_that_the_log_is_whole(served: Installation) -> None:
    told = served.run("verify-audit")
    assert told.returncode == 0, told.stdout
