"""Precision and recall of the signals on simulated books with planted fraud of each kind and honest noise.

    python -m benchmarks.forensics [ROUNDS]

Each round makes 40 breeding books of nearly three years, honest but for one in five. A signal of the planted rule on
a planted book is right; any signal on an honest book is wrong. Writes `results/forensics.md`.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np

BOOKS, TODAY = 40, date(2026, 11, 15)


def main(rounds: int) -> str:
    """The table, from an empty database of its own."""
    os.environ["BAOTON_VAR"] = tempfile.mkdtemp(prefix="forensics-")
    os.environ["DATABASE_URL"] = ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoton.site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from baoton.facilities import checks, simulate
    from baoton.facilities.models import Entry, Facility, Inspection, Owner, Stock
    from baoton.taxa.actions import load
    from baoton.taxa.models import Taxon

    call_command("migrate", verbosity=0)
    load()
    species = {
        t.scientific_name: t
        for t in Taxon.objects.filter(scientific_name__in=simulate.KEPT, accepted__isnull=True)
    }
    planted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    honest = named = 0
    years = seconds = 0.0
    owner = Owner.objects.create(name="x", kind="household")
    for n in range(rounds):
        rng = np.random.default_rng([85, n])
        with transaction.atomic():
            for i in range(BOOKS):
                fraud = simulate.FRAUDS[(n + i // 5) % len(simulate.FRAUDS)] if i % 5 == 0 else ""
                name = (
                    "Macaca mulatta"
                    if fraud == "season"
                    else simulate.KEPT[int(rng.integers(len(simulate.KEPT)))]
                )
                place = Facility.objects.create(name=f"{n} {i}", kind="breeding", owner=owner)
                stock = Stock(
                    facility=place, taxon=species[name], form="breeding", purpose="T", since=date(2024, 1, 5)
                )
                lines = simulate.book_of(rng, stock, TODAY, fraud)
                stock.balance = sum(e.amount for e in lines)
                stock.capacity = stock.balance + (-5 if fraud == "over_capacity" else 20)
                stock.save()
                Entry.objects.bulk_create(lines)
                Inspection.objects.create(facility=place, kind="planned", day=TODAY + timedelta(days=5))
                began = time.process_time()
                told = {f.rule for f in checks.look(stock, TODAY)}
                seconds += time.process_time() - began
                years += (TODAY - stock.since).days / 365.25
                if fraud:
                    planted[fraud] += 1
                    right[fraud] += fraud in told
                else:
                    honest += 1
                    named += bool(told)
                    wrong.update(told)
            transaction.set_rollback(True)
    rows = [
        "| kind | planted | found | recall | named in honest books | precision |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for rule in simulate.FRAUDS:
        good, bad = right[rule], wrong[rule]
        share = f"{good / (good + bad):.2f}" if good + bad else "–"
        rows.append(
            f"| {rule} | {planted[rule]} | {good} | {good / max(1, planted[rule]):.2f} | {bad} | {share} |"
        )
    head = (
        f"{rounds * BOOKS} books of {years:.0f} book-years; {named} of {honest} honest books named "
        f"({100 * named / max(1, honest):.1f} %, at most 2 % asked); {1000 * seconds / (rounds * BOOKS):.0f} ms of "
        "processor a book. The simulator and the signals come from one hand: real fraud will be found less often.\n\n"
    )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    text = main(int(sys.argv[1]) if sys.argv[1:] else 20)
    (Path(__file__).parent / "results" / "forensics.md").write_text(text, encoding="utf-8")
    print(text)
