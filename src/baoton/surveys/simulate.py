"""A simulated campaign of listening posts: where groups of gibbons live is known, and what was heard."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from baoton.kit.access import System
from baoton.kit.ids import source_id
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.models import Dataset
from baoton.places.queries import commune_choices
from baoton.surveys import actions
from baoton.surveys.design.sample import Wanted, draw
from baoton.surveys.models import Campaign, Protocol, Site
from baoton.surveys.protocols.asked import form_of
from baoton.surveys.protocols.workbook import filled
from baoton.taxa.models import Taxon

SITES, ROUNDS, PSI, HEARD = 10, 2, 0.4, 0.6
CALLS = ("doi", "doi", "don", "khong_ro")


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """Ten posts, each listened at on two mornings; how many visits were made.

    `truth["survey"]` holds which posts have a group and the chances it was drawn with, `truth["books"]` the rows
    behind each figure. What was heard comes in by the same file as from the field, and waits to be verified.
    """
    protocol = Protocol.objects.get(code="diem_nghe_vuon", version=1)
    paths = [p for p, name in commune_choices() if name.endswith("Mù Cả")] or [commune_choices()[0][0]]
    first = date(year, 3, 1)
    campaign = Campaign(
        id=source_id("simulated.campaign", str(year)), code=f"DT-{year}-VUON", name=f"Vượn đen tuyền, mùa khô {year}",
        question="Bao nhiêu phần các điểm nghe còn đàn vượn?", protocol=protocol, organisation="kiem_lam",
        taxon=Taxon.objects.filter(scientific_name="Nomascus concolor").first(), area_path=paths[0], teams="Tổ 1; Tổ 2",
        day_start=first, day_end=min(first + timedelta(days=91), today), visits_each=ROUNDS,
        cost_site=400_000, cost_visit=600_000, budget=20_000_000,
        contract=f"01/{year}/HĐ-MP (mô phỏng)",
    )  # fmt: skip
    write.create(REGISTERS["surveys.campaign"], System(), campaign)
    drawn = draw(campaign, Wanted(sites=SITES, reserve=3, seed=year))
    for one in drawn.sites:
        one.pk = source_id("simulated.survey_site", f"{year} {one.code}")
        write.create(REGISTERS["surveys.site"], System(), one)
    write.edit(REGISTERS["surveys.campaign"], System(), campaign, {"drawing": drawn.told})
    campaign = write.act(
        REGISTERS["surveys.campaign"], System(), campaign, "agree", {"reason": "đủ cho sai số 0,15"}
    )
    dataset = Dataset(
        id=source_id("simulated.survey", str(year)), code=campaign.code, title=campaign.name, simulated=True,
        organisation=campaign.organisation,
    )  # fmt: skip
    campaign.dataset = write.create(REGISTERS["observations.dataset"], System(), dataset)
    Campaign.objects.filter(pk=campaign.pk).update(dataset=dataset)
    visits, rows, present = _heard(rng, campaign, today)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ket-qua.xlsx"
        path.write_bytes(filled(form_of(protocol), visits, rows))
        batch = actions.take_in(System(), campaign, path, path.name, dry=False)
    if wrong := actions.refusals(batch) or batch.counts.get("error"):
        raise RuntimeError(f"the simulated results were refused: {wrong}")
    truth["survey"] = {"psi": PSI, "heard": HEARD, "present": present}
    truth.setdefault("books", {}).update(_counted(campaign))
    return len(visits)


def _heard(
    rng: np.random.Generator, campaign: Campaign, today: date
) -> tuple[list[dict[str, str]], list[dict[str, str]], dict[str, bool]]:
    """Visits, calls, and at which posts a group lives; the last post was not reached a second time."""
    visits, rows, present = [], [], {}
    sites = list(campaign.sites.filter(status=Site.Status.PLANNED).order_by("position"))
    days = max((min(campaign.day_end, today) - campaign.day_start).days, 1)
    for n, site in enumerate(sites):
        present[site.code] = bool(rng.random() < PSI)
        for number in range(1, ROUNDS + 1):
            day = campaign.day_start + timedelta(days=int(rng.integers(0, days)))
            hours, calls = (
                float(rng.integers(6, 10)) / 2,
                int(rng.integers(1, 4)) if rng.random() < HEARD else 0,
            )
            if n == len(sites) - 1 and number == ROUNDS:
                continue
            at = {"diem": site.code, "luot": str(number)}
            told = {"ngay": f"{day:%d/%m/%Y}", "nguoi_dieu_tra": site.team, "gio_bat_dau": "05:15"}
            visits.append({**at, **told, "gio_nghe": f"{hours:g}", "gio_gio": "lang"})
            for _call in range(calls if present[site.code] else 0):
                rows.append(
                    {
                        **at, "huong": str(int(rng.integers(0, 360))),
                        "khoang_cach": str(int(rng.integers(3, 20)) * 100),
                        "gio_hot": f"06:{int(rng.integers(0, 60)):02d}", "kieu_hot": str(rng.choice(CALLS)),
                        "so_con": str(int(rng.integers(2, 5))),
                    }
                )  # fmt: skip
    return visits, rows, present


def _counted(campaign: Campaign) -> dict[str, list[dict[str, Any]]]:
    """The rows behind each figure: a site counts at its first visit of the year."""
    seen: set[Any] = set()
    visits, sites = [], []
    for one in campaign.visits.order_by("day", "id"):
        row = {"area": one.area_path, "day": one.day.isoformat(), "until": f"{one.day.year + 1}"}
        visits.append({**row, "n": 1})
        sites.append({**row, "n": int(one.site_id not in seen)})
        seen.add(one.site_id)
    first = f"{campaign.day_start:%Y-%m-%d}"
    signed = {"area": campaign.area_path, "day": first, "until": f"{campaign.day_start.year + 1}", "n": 1}
    return {"surveys.visits": visits, "surveys.sites": sites, "surveys.contracts": [signed]}
