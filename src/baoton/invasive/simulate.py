"""Simulated sites of invasive species, surveys and treatments, with their known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from baoton.invasive.models import Cover, Site, Survey, Treatment
from baoton.invasive.registers import site, survey
from baoton.kit.ids import source_id
from baoton.kit.writing.write import settle
from baoton.places.queries import commune_choices, outlines
from baoton.taxa.models import Taxon

BODY = "kiem_lam"
SPECIES = ("Mimosa pigra", "Pomacea canaliculata", "Eichhornia crassipes", "Chromolaena odorata")


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any], sites: int = 24) -> int:
    """Sites over six years, half of this year's treated, some eradicated; how many sites."""
    drawn = outlines()
    areas = [p for p, _name in commune_choices() if p in drawn]
    found = {
        t.scientific_name: t
        for t in Taxon.objects.filter(scientific_name__in=SPECIES, withdrawn__isnull=True)
    }
    taxa = [found[name] for name in SPECIES if name in found]
    made, looks, treated = [], [], []
    for n in range(sites):
        area, taxon = areas[(n * 7) % len(areas)], taxa[n % len(taxa)]
        first = date(year - 5 + n * 6 // sites, 1, 1) + timedelta(days=int(rng.integers(0, 300)))
        ended = min(first + timedelta(days=400), today) if n % 8 == 3 and first.year < year - 1 else None
        one = Site(
            id=source_id("simulated.alien", str(n)), taxon=taxon, name=f"Điểm mô phỏng {n + 1}", day=min(first, today),
            cover=Cover.values[n % 5], source="mô phỏng", organisation=BODY, ended=ended,
            status="eradicated" if ended else "present",
        )  # fmt: skip
        one.put(drawn[area].representative_point().buffer(0.0005 + 0.0004 * float(rng.random())))
        site.derive(one)
        made.append(one)
        looks += _looks(rng, one, ended, today)
        if n % 2 == 0:
            day = min(one.day + timedelta(days=30), today)
            treated.append(
                Treatment(
                    id=source_id("simulated.treated", str(n)), site=one, day=day, method=Treatment.Method.values[n % 6],
                    hectares=round((one.hectares or 1) / 2, 4), who="Dân quân xã", cost=2_000_000, organisation=BODY,
                    follow_up=day + timedelta(days=60),
                )
            )  # fmt: skip
    settle(site, made)
    Site.objects.bulk_create(made)
    for one_look in looks:
        survey.derive(one_look)
    settle(survey, looks)
    Survey.objects.bulk_create(looks)
    for one in made:
        site.derive(one)  # the area measured last
    Site.objects.bulk_update(made, ["m2"])
    for row in treated:
        row.m2, row.area_path = round(row.hectares * 10_000), row.site.area_path
    Treatment.objects.bulk_create(treated)
    stands: list[tuple[dict[str, Any], float]] = [
        (
            {"area": s.area_path, "day": f"{s.day}", "until": f"{s.ended or date(year + 1, 1, 1)}"},
            (s.m2 or 0) / 10_000,
        )
        for s in made
    ]
    truth.setdefault("books", {}).update(
        {
            "invasive.infested": [{**r, "n": ha} for r, ha in stands],
            "invasive.sites": [{**r, "n": 1} for r, _ha in stands],
            "invasive.treated": [
                {
                    "area": t.area_path,
                    "day": f"{t.day}",
                    "until": f"{t.day.year + 1}",
                    "n": (t.m2 or 0) / 10_000,
                }
                for t in treated
            ],
        }
    )
    return len(made)


def _looks(rng: np.random.Generator, one: Site, ended: date | None, today: date) -> list[Survey]:
    """A look a year: the ground grows by a fifth, or nothing is found any more before the end."""
    found, day, n = [], one.day + timedelta(days=330), 1
    while day <= today and (ended is None or day <= ended) and n < 8:
        clean = ended is not None and day > ended - timedelta(days=200)
        found.append(
            Survey(
                id=source_id("simulated.alien-survey", f"{one.pk} {n}"), taxon=one.taxon, site=one, day=day,
                found="no" if clean else "yes", method="đi tuyến", searched_ha=2.0, organisation=BODY, note="mô phỏng",
                hectares=None if clean else round((one.hectares or 1) * 1.2**n * float(rng.uniform(0.9, 1.1)), 4),
            )
        )  # fmt: skip
        day, n = day + timedelta(days=330), n + 1
    return found
