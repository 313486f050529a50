"""Migratory species by month: from verified records and from what is written, with stop-over sites and sources."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from baoton.kit.access import Public, System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.doubts.season import out_of_season
from baoton.observations.migrating import calendar
from baoton.observations.models import Occurrence, Season
from baoton.people.models import Person
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
PIG = "Sus scrofa"  # any open species of the list tells the same


def entry(**more: Any) -> Season:
    values: dict[str, Any] = {
        "taxon": Taxon.objects.get(scientific_name=PIG), "kind": "wintering", "month_from": 11, "month_to": 2,
        "place": "đầm Pa Nậm", "area_path": "12/03451", "source": "Sách thử 2020, tr. 5",
    }  # fmt: skip
    made: Season = write.create(REGISTERS["observations.season"], System(), Season(**values | more))
    return made


def seen(day: date, status: str = "verified") -> Occurrence:
    row = Occurrence(taxon=Taxon.objects.get(scientific_name=PIG), day_start=day, status=status)
    row.put_point(102.44, 22.44)
    made: Occurrence = write.create(REGISTERS["observations.occurrence"], System(), row)
    return made


def test_the_calendar_holds_what_is_written_and_what_was_verified_and_each_season_its_page() -> None:
    entry()
    seen(date(2025, 12, 3))
    seen(date(2026, 12, 4))
    seen(date(2026, 6, 4), "draft")
    row = calendar(System())[0]
    by = {c.month: (c.records, c.written) for c in row.cells}
    assert by[12] == (2, "trú đông") and by[1] == (0, "trú đông") and by[6] == (0, "") and row.records == 2
    assert row.sites[0].startswith("đầm Pa Nậm (") and row.sources == ["Sách thử 2020, tr. 5 (đã đọc)"]
    assert [r.taxon.scientific_name for r in calendar(Public(), "tru-dong")] == [PIG]
    assert calendar(System(), "sinh-san") == []
    browser = Client()
    page = browser.get("/di-cu/tru-dong/").content.decode()
    assert "Mùa trú đông" in page and PIG in page and "chưa đọc được văn bản nào nêu mùa cấm" in page
    assert browser.get("/di-cu/nam-nao/").status_code == 404
    browser.force_login(Person.objects.get(username="lan"))
    assert "Mùa có mặt" in browser.get(f"/loai/{row.taxon.pk}/").content.decode()
    assert "Thêm điều tài liệu viết" in browser.get("/di-cu/").content.decode()


def test_of_a_guarded_species_the_public_reads_no_season() -> None:
    guarded = Taxon.objects.filter(sensitivity__gt=0, rank="species", accepted=None).order_by(
        "scientific_name"
    )[0]
    entry(taxon=guarded)
    assert calendar(Public()) == [] and len(calendar(System())) == 1


@pytest.mark.parametrize("wrong", [{"month_from": 0}, {"month_to": 13}, {"source": " "}])
def test_a_season_without_months_or_source_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        entry(**wrong)


def test_a_month_that_is_written_is_no_wonder() -> None:
    first = seen(date(2025, 3, 2))
    kept = {
        f.attname: getattr(first, f.attname) for f in Occurrence._meta.concrete_fields if f.attname != "id"
    }
    Occurrence.objects.bulk_create(Occurrence(**kept | {"occurrence_id": f"k{n}"}) for n in range(40))
    record = seen(date(2026, 12, 1), "draft")
    assert "tháng 12" in out_of_season(record)
    entry()
    assert out_of_season(record) == ""


def test_the_demonstration_shows_seasons_and_says_that_their_source_is_invented(
    client: Client, year: dict[str, Any]
) -> None:
    client.force_login(Person.objects.get(username="lan"))
    page = client.get("/di-cu/").content.decode()
    assert year["seasons"] and all(one["species"] in page for one in year["seasons"])
    assert "Tài liệu mô phỏng, 2026: không có thật" in page
