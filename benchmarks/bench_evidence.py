"""From what waits to be verified to the next survey: the desk's first page, statuses of species, samples, proposals.

On the standing database one draft in eight is doubted (50,000 of 400,000 at a million records). The desk is asked as an
officer's browser asks it, the whole page; statuses are computed as after an import and for every species; the sample
is drawn from two cells a record.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from benchmarks import standing
from benchmarks.table import Row

TIMES, SPECIES, TOUCHED = 7, 500, 50
DESK = "/so/observations-occurrence/ban-lam-viec/"
ASKS = {"all drafts": {"status": "draft"}, "priority only": {"status": "draft", "protected": "1"},
        "one group": {"status": "draft", "group": "bird"}}  # fmt: skip


def doubt(n: int) -> int:
    """Drafts are numbered by risk as the night numbers them: priority species first, one in eight doubted."""
    from django.db.models import F

    from baoton.observations.models import Occurrence

    drafts = Occurrence.objects.filter(status="draft")
    guarded = drafts.filter(taxon__sensitivity__gt=0).values("pk")
    keys = list(
        drafts.order_by("occurrence_id").values_list("pk", flat=True)[:: max(drafts.count() // (n // 20), 1)]
    )
    drafts.update(worth=0)
    for start in range(0, len(keys), 5_000):
        Occurrence.objects.filter(pk__in=keys[start : start + 5_000]).update(worth=20)
    Occurrence.objects.filter(pk__in=guarded).update(worth=F("worth") + 100)
    return len(keys)


def asked(work: Callable[[], Any]) -> tuple[list[float], float]:
    """Seconds of wall clock of several turns, in order, the first not counted; and the processor's of the quickest."""
    found, spent = [], []
    for _ in range(TIMES + 1):
        start, began = time.perf_counter(), time.process_time()
        work()
        found.append(time.perf_counter() - start)
        spent.append(time.process_time() - began)
    return sorted(found[1:]), min(spent[1:])


def measure(n: int) -> dict[str, Any]:
    """In this process, on the standing database: seconds of each work."""
    standing.stand(n)
    import numpy as np
    from django.test import Client
    from django.utils import timezone

    from baoton.assessment.actions import compute
    from baoton.kit.access import System
    from baoton.observations.models import Occurrence
    from baoton.people.actions import give
    from baoton.people.models import Person
    from baoton.surveys.proposing import Asked, ground, propose
    from baoton.taxa.models import Taxon
    from ecostat.sampling import sample_points

    told: dict[str, Any] = {"rows": n, "doubted": doubt(n), "works": {}}
    officer, new = Person.objects.get_or_create(username="bench")
    if new:
        give(System(), officer, "officer", area_path="12")
    lan = Client(headers={"host": "localhost"})
    lan.force_login(officer)
    for what, given in ASKS.items():

        def page(given: dict[str, str] = given) -> None:
            assert lan.get(DESK, given).status_code == 200, given

        seconds, processor = asked(page)
        note = f"slowest of {TIMES} {seconds[-1] * 1000:.0f} ms; processor of this process {processor * 1000:.0f} ms"
        told["works"][f"the desk's first page, {what}"] = [seconds[TIMES // 2], "≤ 0.05 s", 0.05, note]
    taxa = list(Taxon.objects.filter(pk__in=Occurrence.objects.values("taxon")).order_by("pk")[:SPECIES])
    for what, some, limit in (
        (f"status of {TOUCHED} species, as an import of 10,000 records touches", taxa[:TOUCHED], 10),
        (f"status of {len(taxa)} species", taxa, 60),
    ):
        start = time.perf_counter()
        made = compute(timezone.localdate(), some)
        told["works"][what] = [time.perf_counter() - start, f"≤ {limit} s", limit, f"{made} statuses"]
    side = int(np.sqrt(2 * n))
    x, y = (a.ravel().astype(float) for a in np.meshgrid(np.arange(side), np.arange(side)))
    start = time.perf_counter()
    sample_points(x, y, 200, rng=np.random.default_rng(1), reserve=50)
    told["works"][f"200 sites balanced among {x.size:,} cells"] = [
        time.perf_counter() - start,
        "≤ 10 s",
        10,
        "",
    ]
    start = time.perf_counter()
    made = propose(System(), Asked([str(t.pk) for t in taxa[:5]], 60_000_000, 600_000, 5_000))
    name = f"where to survey next, {ground().x.size:,} cells × 5 species"
    told["works"][name] = [time.perf_counter() - start, "≤ 60 s", 60, f"{made['chosen']} cells"]
    return told


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = standing.run(engine, "benchmarks.bench_evidence")
        for what, (seconds, target, limit, note) in found["works"].items() if found else ():
            name = (
                f"{engine}: {what}; {found['rows']:,} records, {found['doubted']:,} doubted" if found else ""
            )
            table.append(Row(name, seconds, "aim", limit, target=target, note=note))
    return table


if __name__ == "__main__":
    print(json.dumps(measure(standing.ROWS)))
