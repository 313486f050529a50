"""What is most doubtful and most precious is verified first; why is said in words, and nothing hidden is told."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from baoton.kit import jobs
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.actions import accept_alike, verify
from baoton.observations.models import Dataset, Occurrence
from baoton.observations.queries import doubts
from baoton.people.models import Person
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
V = REGISTERS["observations.occurrence"]
PIG, GIBBON, DAY = "Sus scrofa", "Nomascus concolor", date(2026, 9, 1)
HERE, AWAY = (102.44, 22.44), (103.0, 22.44)


def seen(name: str = PIG, day: date = DAY, at: tuple[float, float] = HERE, **more: Any) -> Occurrence:
    taxon = Taxon.objects.filter(scientific_name=name).first()
    row = Occurrence(taxon=taxon, scientific_name=name, day_start=day, **more)
    row.put_point(*at)
    made: Occurrence = write.create(V, System(), row)
    return Occurrence.objects.get(pk=made.pk)


def known(n: int, name: str = PIG, months: tuple[int, ...] = (3, 4), extra: Any = None) -> None:
    """Verified records of the species in these months, all at one place."""
    first = seen(name, date(2025, months[0], 2))
    verify(System(), first, "rõ")
    first.refresh_from_db()
    Occurrence.objects.filter(pk=first.pk).update(extra=extra or {})
    kept = {
        f.attname: getattr(first, f.attname) for f in Occurrence._meta.concrete_fields if f.attname != "id"
    }
    rows = []
    for i in range(1, n):
        day = date(2025, months[i % len(months)], 1 + i % 27)
        told = kept | {
            "occurrence_id": f"{name} {i}",
            "day_start": day,
            "sort_day": day.toordinal(),
            "extra": extra or {},
        }
        rows.append(Occurrence(**told))
    Occurrence.objects.bulk_create(rows)


def test_priority_comes_first_then_doubts_then_what_is_worth_knowing_then_the_rest() -> None:
    first = seen()  # the first of its species in the commune
    verify(System(), first)
    plain, doubted, rare = seen(), seen(coordinate_uncertainty_m=9_000), seen(GIBBON)
    assert rare.worth > doubted.worth > plain.worth == 0 == Occurrence.objects.get(pk=first.pk).worth
    browser = Client()
    browser.force_login(Person.objects.get(username="lan"))
    order = []
    here = reverse("desk", args=[V.slug]) + "?status=draft"
    for _turn in range(3):
        page = browser.get(here).content.decode()
        order.append(re.search(r"/so/observations-occurrence/([0-9a-f-]{36})/lam/", page)[1])  # type: ignore[index]
        onward = re.search(r'href="([^"]*cursor=[^"]*)"', page)
        here = onward[1].replace("&amp;", "&") if onward else here
    assert order == [str(rare.pk), str(doubted.pk), str(plain.pk)]


def test_a_month_in_which_a_well_known_species_was_never_met_is_doubted() -> None:
    known(20)
    assert doubts(seen()) == []  # twenty say nothing of the other months
    Occurrence.objects.all().delete()
    known(40)
    record = seen()
    assert "chưa từng gặp vào tháng 9; 40 ghi nhận đã xác minh ở các tháng 3, 4" in doubts(record)
    assert record.worth >= 20 and accept_alike(System(), [record.pk]) == (0, 1)
    assert not [
        d for d in doubts(seen(day=date(2026, 5, 3))) if "tháng" in d
    ]  # the month beside is no wonder


def test_a_record_far_from_every_known_place_is_doubted_but_of_guarded_species_nothing_is_told() -> None:
    known(12)
    assert [d for d in doubts(seen(at=AWAY)) if "cách nơi gần nhất đã xác minh 58 km" in d]
    assert doubts(seen(at=(102.5, 22.44))) == []
    known(12, GIBBON)
    assert doubts(seen(GIBBON, at=AWAY)) == []


def test_a_height_at_which_the_species_never_was_is_doubted_where_heights_are_known() -> None:
    known(12, extra={"minimumElevationInMeters": "400"})
    high = {"minimumElevationInMeters": "2500 m"}
    assert "độ cao 2500 m, các ghi nhận đã xác minh ở 400–400 m" in doubts(seen(extra=high))
    assert doubts(seen(extra={"minimumElevationInMeters": "600"})) == [] == doubts(seen())


def test_what_the_newest_records_do_not_explain_is_held_against_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("baoton.observations.doubts.known.MOST", 31)
    known(40, extra={"minimumElevationInMeters": "400"})
    high = {"minimumElevationInMeters": "2400"}
    strange = seen(at=AWAY, extra=high)
    assert len(doubts(strange)) == 3
    old = seen(day=date(2019, 9, 20), at=AWAY)
    verify(System(), old, "rõ")
    Occurrence.objects.filter(pk=old.pk).update(extra=high)
    assert doubts(strange) == []
    told = doubts(seen(day=date(2026, 12, 1), at=(103.2, 21.8), extra={"minimumElevationInMeters": "2900"}))
    for words in ("41 ghi nhận đã xác minh ở các tháng 3, 4, 9", "cách nơi gần nhất", "ở 400–2400 m"):
        assert [d for d in told if words in d], (words, told)


def test_a_big_file_is_numbered_by_a_job_and_what_is_decided_leaves_the_order() -> None:
    record = seen(GIBBON)
    Occurrence.objects.filter(pk=record.pk).update(worth=0)
    jobs.ask(System(), "observations.order", "thứ tự")
    record.refresh_from_db()
    assert record.worth >= 100
    write.act(V, System(), record, "refuse", {"reason": "ảnh mờ"})
    assert Occurrence.objects.get(pk=record.pk).worth == 0
    assert Dataset.objects.exists()
