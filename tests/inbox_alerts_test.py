"""Alerts by place in the inbox: to whom, for how long, who of the body has seen them, and what a letter leaves out."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from baoton.fire.models import Alert, Hotspot, Station, Table, Weather, Zoned
from baoton.invasive.models import Site
from baoton.kit.access import System
from baoton.kit.kinds import moment
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.notices.models import Mute, Read
from baoton.people.models import Duty, Person
from baoton.places.queries import outlines, unit_name
from baoton.site.inbox import letters
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
HOME, OTHER = "12/03451", "12/03463"
TODAY = timezone.localdate()


def make(row: Any) -> Any:
    return write.create(REGISTERS[row._meta.label_lower], System(), row)


def inbox(person: Person, kind: str = "") -> str:
    """The inbox of a person, or the part of it that is of one kind."""
    browser = Client()
    browser.force_login(person)
    page = browser.get("/thong-bao/").content.decode().partition('id="content"')[2]
    return (
        page
        if not kind
        else page.partition(f"{kind}</h2>")[2].partition("</section>")[0]
        or page.partition(f"{kind} <")[2].partition("</section>")[0]
    )


def read_all(person: Person, kind: str) -> None:
    browser = Client()
    browser.force_login(person)
    browser.post("/thong-bao/doc/", {"kind": kind})


def hot(area: str = HOME, hours: float = 1) -> Alert:
    """A hotspot seen some hours ago in a commune, and the alert that it makes."""
    at = moment.now() - round(hours * 3_600_000)
    one = Hotspot(at=at, satellite="N20")
    one.put(outlines()[area].representative_point())
    made = make(one)
    return Alert.objects.get(hotspots=made.pk)


def test_a_hotspot_that_nobody_answered_reaches_the_body_on_duty_and_the_commune_it_lies_in(
    person: Callable[[str], Any],
) -> None:
    dung, sung, pao = person("dung"), person("sung"), person("pao")
    make(Duty(person=dung, area_path=HOME, since=TODAY, until=TODAY))
    one, told = hot(), f"1 điểm nóng ở {unit_name(HOME)}"
    assert one.officer == dung and told in inbox(dung) and told in inbox(sung)
    assert told not in inbox(pao) and told not in inbox(person("hoa"))
    Alert.objects.filter(pk=one.pk).update(day=TODAY - timedelta(days=4))
    assert told not in inbox(dung)  # too old
    Alert.objects.filter(pk=one.pk).update(day=TODAY, status="false")
    assert told not in inbox(sung)  # answered
    Alert.objects.filter(pk=one.pk).update(status="waiting", routed="muted")
    assert told not in inbox(dung)


def test_who_of_the_body_has_seen_it_and_when_is_told_to_its_people_alone(
    person: Callable[[str], Any],
) -> None:
    sung, pao = person("sung"), person("pao")
    mate = Person.objects.create_user(
        "mate", password="x", organisation=sung.organisation, first_name="Giàng A Mát"
    )
    for grant in sung.grants.all():
        grant.pk, grant.person = None, mate
        grant._state.adding = True
        grant.save()
    hot()
    assert "cơ quan đã xem" not in inbox(mate)
    read_all(sung, "fire")
    at = timezone.localtime(Read.objects.get().at)
    assert f"cơ quan đã xem: {sung} {at:%H:%M %d/%m}" in " ".join(inbox(mate).split())
    assert "chưa ai trả lời" in inbox(mate).partition("mục đã đọc")[0]  # his own mark is still to be set
    assert f"bạn đọc lúc {at:%H:%M %d/%m/%Y}" in inbox(sung)
    hot(OTHER, 30)
    Person.objects.filter(pk=pao.pk).update(organisation=person("dung").organisation)
    assert str(sung) not in inbox(Person.objects.get(pk=pao.pk))


def test_a_letter_names_no_commune_of_a_guarded_place(person: Callable[[str], Any]) -> None:
    dung, sung, one = person("dung"), person("sung"), hot()
    assert unit_name(HOME) in letters.text_of(dung, TODAY)
    Alert.objects.filter(pk=one.pk).update(disclosure=1, shown_area_path="12")
    assert unit_name(HOME) in inbox(
        dung, "Điểm nóng chưa trả lời"
    )  # he may know the place; his letter is no place for it
    assert "điểm nóng" not in letters.text_of(sung, TODAY)  # he may not
    letter = letters.text_of(dung, TODAY)
    assert "1 điểm nóng" in letter and unit_name(HOME) not in letter and "nơi thấy không ghi" in letter
    Mute.objects.create(person=dung, rule="fire", until=TODAY)
    assert "điểm nóng" not in letters.text_of(dung, TODAY)


def test_a_high_level_of_danger_is_told_for_the_communes_of_the_station_while_it_is_fresh(
    person: Callable[[str], Any],
) -> None:
    station = Station(name="Mù Cả", code="MC")
    station.put(outlines()[HOME].representative_point())
    make(station)
    make(Zoned(station=station, area_path=HOME))
    make(
        Table(
            decision="QĐ thử",
            since=date(2020, 1, 1),
            level1=100,
            level2=200,
            level3=300,
            level4=9000,
            reset_mm=6,
        )
    )
    dry = [
        make(Weather(station=station, day=TODAY - timedelta(days=n), t13=38, rh13=30, rain_mm=0))
        for n in (2, 1, 0)
    ]
    told = f"Cấp cháy rừng IV ở {unit_name(HOME)}"
    assert told in inbox(person("sung")) and told in inbox(person("dung"))
    assert "Cấp cháy rừng IV" not in inbox(person("pao"))
    write.edit(REGISTERS["fire.weather"], System(), dry[-1], {"rain_mm": 20})
    assert "Cấp cháy rừng IV" not in inbox(person("sung"))  # it rained: the newest numbers count
    write.withdraw(REGISTERS["fire.weather"], System(), dry[-1], "nhầm")
    assert told in inbox(person("sung"))
    Weather.objects.filter(day=TODAY - timedelta(days=1)).update(day=TODAY - timedelta(days=9))
    assert "Cấp cháy rừng IV" not in inbox(person("sung"))


def test_an_invasive_species_is_news_where_it_is_first_and_while_it_is_fresh(
    person: Callable[[str], Any],
) -> None:
    def grows(area: str, days: int) -> Site:
        one = Site(
            taxon=Taxon.objects.get(scientific_name="Mimosa pigra"),
            name="Bãi",
            day=TODAY - timedelta(days=days),
        )
        one.put(outlines()[area].representative_point().buffer(0.001))
        made: Site = make(one)
        return made

    grows(OTHER, 200)
    one, sung = grows(HOME, 5), person("sung")
    told = f"(ngoại lai xâm hại): thấy lần đầu ở {unit_name(HOME)}"
    assert told in inbox(sung) and told not in inbox(person("pao"))
    assert unit_name(OTHER) not in inbox(person("dung"))  # known there since long ago
    Site.objects.filter(pk=one.pk).update(disclosure=1, shown_area_path="12")
    assert unit_name(HOME) not in letters.text_of(person("dung"), TODAY)
    Site.objects.filter(pk=one.pk).update(disclosure=0, shown_area_path=HOME)
    grows(HOME, 300)  # an older record comes to light
    assert "thấy lần đầu" not in inbox(sung)
