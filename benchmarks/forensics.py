"""Precision and recall of the signals on simulated books with planted fraud of each kind and honest noise.

    python -m benchmarks.forensics [SEEDS] [FIRST]

Each seed makes 40 facilities of nearly three years, honest but for one in five. All books are looked at every half
year with what was written by then. A signal of the planted rule on a planted book is right; any signal on an honest
book, at any look, is wrong. Seeds below 200 were for trying (100 to 106 showed that `never_ages` asked two litters);
the table comes from seeds kept back, from 200 on.
Writes `results/forensics.md`.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import beta

BOOKS, SINCE, TODAY = 40, date(2024, 1, 5), date(2026, 11, 15)
LOOKS = [date(2024, 7, 1), date(2025, 1, 1), date(2025, 7, 1), date(2026, 1, 1), date(2026, 7, 1), TODAY]
BESIDE = ("sold_young", "every_month", "one_sided", "mark_reused", "marks_unread", "count_differs")
BACK = 200
NOISE = (
    "Honest noise: keepers who write daily, weekly, monthly or quarterly, sum a month's litters in one line, tell "
    "sexes or not, lose one adult in seven to thirty a year; births out of season now and then; counts by visits in "
    "four years of five, some made while a line was not yet written; late answers to deliveries; marked breeders.\n\n"
    "`balance` cannot be planted: the book refuses such a line. Recall of `no_deaths`, `never_ages`, `sex_ratio` and "
    "`season` depends on the size of the fraud (here 4–24 males and 15–99 females that never die or never change): "
    "few animals over few years stay within chance. The simulator and the signals come from one hand: real fraud "
    "will be found less often.\n\n"
)


def interval(k: int, n: int) -> str:
    """k of n with its exact 95 % interval (Clopper and Pearson 1934)."""
    if not n:
        return "–"
    low = beta.ppf(0.025, k, n - k + 1) if k else 0.0
    high = beta.ppf(0.975, k + 1, n - k) if k < n else 1.0
    return f"{k / n:.2f} ({low:.2f}–{high:.2f})"


@dataclass
class Tally:
    """What was planted, found and wrongly named, by kind."""

    planted: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    honest: int = 0
    named: int = 0
    years: float = 0.0
    named_years: int = 0
    any_right: Counter[str] = field(default_factory=Counter)
    looks: int = 0
    seconds: float = 0.0


def main(seeds: range) -> str:
    """The table, from an empty database of its own."""
    os.environ["BAOTON_VAR"] = tempfile.mkdtemp(prefix="forensics-")
    os.environ["DATABASE_URL"] = ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoton.site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from baoton.taxa.actions import load

    call_command("migrate", verbosity=0)
    load()
    tally = Tally()
    for seed in seeds:
        with transaction.atomic():
            _world(np.random.default_rng([85, seed]), seed, tally)
            transaction.set_rollback(True)
    return _table(tally, seeds)


def _world(rng: np.random.Generator, seed: int, tally: Tally) -> None:
    from baoton.facilities import checks, simulate
    from baoton.facilities.models import Entry, Facility, Owner, Stock
    from baoton.facilities.simulate_books import FRAUDS, SEASONAL, book_of
    from baoton.taxa.models import Taxon
    from benchmarks.forensics_noise import beside

    names = {*simulate.KEPT, *simulate.PLANTED, *simulate.ORDINARY}
    species = {
        t.scientific_name: t for t in Taxon.objects.filter(scientific_name__in=names, accepted__isnull=True)
    }
    owner = Owner.objects.create(name="x", kind="household")
    kinds = (*FRAUDS, *BESIDE)
    for i in range(BOOKS):
        fraud = kinds[(seed * 8 + i // 5) % len(kinds)] if i % 5 == 0 else ""
        form = "planting" if i % 10 == 3 else "ordinary" if i % 5 == 4 else "breeding"
        pool: Any = {"planting": simulate.PLANTED, "ordinary": simulate.ORDINARY}.get(form, simulate.KEPT)
        pool = SEASONAL if fraud in {"season", "every_month"} else pool
        place = Facility.objects.create(name=f"{seed} {i}", kind=form, owner=owner)
        taxon = species[pool[int(rng.integers(len(pool)))]]
        stock = Stock(facility=place, taxon=taxon, form=form, purpose="T", since=SINCE)
        large = (int(rng.integers(4, 25)), int(rng.integers(15, 100)))
        lines = book_of(rng, stock, TODAY, fraud, large)
        most = max(np.cumsum([e.amount for e in lines]))
        last = sum(e.amount for e in lines)
        stock.capacity = (
            int(last * rng.uniform(0.6, 0.95)) if fraud == "over_capacity" else int(most * 1.1) + 3
        )
        stock.save()
        Entry.objects.bulk_create(lines)
        later = beside(rng, stock, lines, TODAY, fraud)
        began = time.process_time()
        told: dict[date, set[str]] = {}
        for on in LOOKS if not fraud else LOOKS[-1:]:
            stock.balance = sum(e.amount for e in lines if e.day <= on)
            later(on)
            told[on] = {f.rule for f in checks.look(stock, on, by=on)}
            tally.looks += 1
        tally.seconds += time.process_time() - began
        every = set().union(*told.values())
        if fraud:
            tally.planted[fraud] += 1
            tally.right[fraud] += fraud in every
            tally.any_right[fraud] += bool(every)
        else:
            tally.honest += 1
            tally.named += bool(every)
            tally.years += (TODAY - SINCE).days / 365.25
            tally.named_years += len({(on - timedelta(days=2)).year for on, rules in told.items() if rules})
            tally.wrong.update(every)


def _table(t: Tally, seeds: range) -> str:
    rows = [
        "| kind | planted | found | recall (95 %) | found by any signal | named in honest books | precision (95 %) |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for rule in t.planted:
        good, bad = t.right[rule], t.wrong[rule]
        rows.append(
            f"| {rule} | {t.planted[rule]} | {good} | {interval(good, t.planted[rule])} | {t.any_right[rule]} | {bad} "
            f"| {interval(good, good + bad)} |"
        )
    rows += [f"| {rule} | – | – | – | – | {t.wrong[rule]} | – |" for rule in t.wrong if rule not in t.planted]
    good, bad = sum(t.right.values()), t.named
    rows.append(
        f"| all | {sum(t.planted.values())} | {good} | {interval(good, sum(t.planted.values()))} "
        f"| {sum(t.any_right.values())} | {bad} books | {interval(good, good + bad)} |"
    )
    share = 100 * t.named_years / max(1e-9, t.years)
    head = [
        f"{len(seeds)} seeds ({seeds.start}–{seeds.stop - 1}) of {BOOKS} facilities over ",
        f"{(TODAY - SINCE).days / 365.25:.1f} years, one in five with one planted fraud. ",
        f"**Honest books named: {t.named_years} of {t.years:.0f} book-years, {share:.2f} %** ",
        f"(95 %: {interval(t.named_years, round(t.years))}; at most 2 % asked), each looked at every half year; ",
        f"{t.named} of {t.honest} honest books ever. {1000 * t.seconds / t.looks:.0f} ms of processor a look.\n\n",
    ]
    return "".join(head) + NOISE + "\n".join(rows) + "\n"


if __name__ == "__main__":
    given = [int(x) for x in sys.argv[1:]]
    many, first = (given + [35, BACK][len(given) :])[:2]
    text = main(range(first, first + many))
    if first >= BACK:
        (Path(__file__).parent / "results" / "forensics.md").write_text(text, encoding="utf-8")
    print(text)
