"""The review desk: twenty records in twenty keys, common ones together after a look at a sample."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.week.conftest import Office, number

pytestmark = pytest.mark.browser

DRAFTS = """
from datetime import date, timedelta
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.models import Dataset, Occurrence
from baoton.taxa.models import Taxon
book = REGISTERS["observations.occurrence"]
def survey(code, names, **more):
    data = Dataset.objects.create(code=code, title=f"Điều tra {code}", organisation="so_nnmt")
    for n, name in enumerate(names):
        row = Occurrence(dataset=data, day_start=date(2026, 10, 1) + timedelta(days=n % 20), **more)
        row.taxon = Taxon.objects.filter(scientific_name=name).first()
        row.scientific_name = name
        row.put_point(102.4 + n / 1000, 22.4 + n / 1000)
        write.create(book, System(), row)
    return data.pk
common = Taxon.objects.filter(sensitivity=0, accepted=None, rank="species", taxon_group="bird")[:3]
from baoton.taxa.queries import legal_statuses
free = [t.scientific_name for t in Taxon.objects.filter(sensitivity=0, accepted=None, rank="species")
        if (s := legal_statuses([t])[t.pk]) is not None and s.group is None][:3]
print(survey("keys", (free * 6)[:16] + ["Nomascus concolor"] * 2 + ["Con vật lạ"] * 2))
print(survey("bulk", free * 10 + ["Nomascus concolor"] * 2))
"""


def test_an_officer_judges_twenty_records_in_twenty_five_keys_and_a_survey_in_a_few(
    office: Office, open_as: Callable[..., Any]
) -> None:
    keys, bulk = office.python(DRAFTS).splitlines()[-2:]
    lan = open_as("lan")
    lan.page.goto(f"/so/observations-occurrence/ban-lam-viec/?status=draft&dataset={keys}")
    assert lan.page.locator("[data-map]").count() == 1 and lan.page.locator(".judge").count() == 1
    lan.picture("desk")
    assert number(lan.page.inner_text(".head p.soft")) == 20
    began = time.monotonic()
    for left in range(20, 0, -1):
        lan.page.locator(".head p.soft", has_text=f"Còn {left} ").wait_for()
        doubted = lan.page.locator(".judge .note").count()
        lan.press("q" if doubted else "1")
    lan.page.wait_for_selector("text=Hết việc")
    seconds = time.monotonic() - began
    lan.note("20 records verified at the desk", seconds)
    assert lan.keys <= 25 and lan.clicks == 0
    lan.page.goto("/duyet-loat/")
    lan.click(f"a[href='?survey={bulk}']")
    text = lan.page.inner_text("main")
    assert "30 ghi nhận loài thông thường" in text and "2 ghi nhận khác phải xem từng bản ghi" in text
    assert lan.page.locator("main table tbody tr").count() >= 5
    lan.picture("together")
    lan.press("1")
    lan.page.wait_for_selector("text=Đã xác minh 30 ghi nhận.")
    lan.page.goto(f"/so/observations-occurrence/?status=draft&dataset={bulk}")
    assert number(lan.page.inner_text("#list .sentence")) == 2
    lan.page.check("[data-pick-all]")
    lan.page.fill("#list input[name='verify-reason']", "cho nhanh")
    lan.click(".together button")
    assert "loài ưu tiên: xem từng bản ghi" in lan.page.inner_text("main")


def test_a_record_left_for_later_is_not_shown_again_at_once(
    office: Office, open_as: Callable[..., Any]
) -> None:
    lan = open_as("lan")
    lan.page.goto("/so/observations-occurrence/ban-lam-viec/?status=draft")
    first = lan.page.inner_text("h1") + lan.page.get_attribute(".head .acts a", "href")
    lan.press("0")
    lan.page.wait_for_url("**cursor=**")
    second = lan.page.get_attribute(".head .acts a", "href")
    assert second not in first
    lan.press("q" if lan.page.locator(".judge .note").count() else "1")
    lan.page.wait_for_url("**last=**")
    if lan.page.locator("dl.facts").count():
        assert lan.page.get_attribute(".head .acts a", "href") not in first
    else:
        assert "để sau" in lan.page.inner_text("main")
