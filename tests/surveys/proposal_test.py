"""Where the next survey goes: by the asker's eyes, compared with other ways, made a campaign with one press."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.models import Occurrence
from baoton.people.models import Grant, Person
from baoton.surveys.models import Campaign, Proposal, Site
from baoton.surveys.proposing import Asked, ground, propose
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
GIBBON, PIG = "Nomascus concolor", "Sus scrofa"
FORM = {"budget": "40.000.000", "cost_visit": "600000", "cost_km": "5000", "p": "0,5", "visits": "2"}


def seen(name: str, lon: float, lat: float) -> None:
    row = Occurrence(
        taxon=Taxon.objects.get(scientific_name=name), day_start=date(2026, 5, 2), status="verified"
    )
    row.put_point(lon, lat)
    write.create(REGISTERS["observations.occurrence"], System(), row)


@pytest.fixture
def known() -> None:
    """Gibbons in one corner, pigs all over."""
    for n in range(8):
        seen(GIBBON, 102.44 + 0.02 * n, 22.44)
    for n in range(20):
        seen(PIG, 102.5 + 0.03 * n, 22.2 + 0.01 * n)


def asked(**more: Any) -> Asked:
    key = str(Taxon.objects.get(scientific_name=GIBBON).pk)
    values: dict[str, Any] = {"taxa": [key], "budget": 40_000_000, "cost_visit": 600_000, "cost_km": 5_000}
    return Asked(**values | more)


def browser_of(name: str) -> Client:
    browser = Client()
    browser.force_login(Person.objects.get(username=name))
    return browser


def test_more_is_proposed_where_the_species_is_likely_and_the_money_is_kept(known: None) -> None:
    told = propose(System(), asked())
    assert told["squares"] > 5_000 and told["cost"] <= 1.2 * 40_000_000 and told["chosen"] >= 5
    assert told["less"] > 0 and told["se"] <= told["plain_se"] and 20 <= told["visited"] <= 28
    on = ground()
    there = {(c["x"], c["y"]) for c in told["cells"]}
    assert there <= set(zip(on.x.tolist(), on.y.tolist(), strict=True))
    assert told == propose(System(), asked()), "the same question draws the same squares"


def test_what_the_asker_may_not_know_moves_nothing_of_his_map(known: None) -> None:
    Grant.objects.filter(person__username="sung").update(role="officer", area_path="12/03460")
    blind = Person.objects.get(username="sung")
    assert not REGISTERS["observations.occurrence"].door(blind).all_precise
    before = propose(blind, asked())
    assert before["species"][0]["squares"] == 0 and before["species"][0]["hidden"] >= 8
    rows = Occurrence.objects.filter(taxon__scientific_name=GIBBON)
    for row in rows:
        row.put_point((row.lon or 0) + 0.004, row.lat or 0)
        row.save()
    assert propose(blind, asked()) == before
    assert propose(System(), asked())["species"][0]["squares"] == 8


def test_the_page_asks_shows_the_map_and_makes_a_draft_campaign(known: None) -> None:
    dung = browser_of("dung")
    assert "Điều tra tiếp ở đâu" in dung.get("/so/surveys-campaign/").content.decode()
    for wrong, told in (
        ({"species-0": "Con vật lạ"}, "không phải một loài"), ({"species-0": ""}, "Chọn từ 1 đến 5 loài"),
        ({"species-0": GIBBON, "budget": "nhiều"}, "kinh phí"), ({"species-0": GIBBON, "p": "2"}, "Xác suất gặp"),
    ):  # fmt: skip
        assert told in dung.post("/dieu-tra/tiep/", FORM | wrong).content.decode(), wrong
    page = dung.post(
        "/dieu-tra/tiep/", FORM | {"species-0": GIBBON, "species-1": PIG}, follow=True
    ).content.decode()
    one = Proposal.objects.get()
    assert str(one.pk) in page
    page = dung.get(f"/dieu-tra/tiep/{one.pk}/").content.decode()
    assert (
        "Rải đều cùng kinh phí" in page
        and "điều chưa biết nằm ở ô chưa ai đến" in page
        and "data-overlay" in page
    )
    assert browser_of("lan").get(f"/dieu-tra/tiep/{one.pk}/").status_code == 404
    assert browser_of("pao").get("/dieu-tra/tiep/").status_code == 403
    assert (
        "Đã lập chiến dịch nháp" in dung.post(f"/dieu-tra/tiep/{one.pk}/lap/", follow=True).content.decode()
    )
    made = Campaign.objects.get()
    assert made.status == "draft" and made.taxon is not None and made.taxon.scientific_name == GIBBON
    sites = Site.objects.filter(campaign=made)
    assert sites.count() == one.told["chosen"] and all(s.inclusion and s.geom for s in sites)
