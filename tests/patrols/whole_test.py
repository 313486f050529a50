"""Whole patrols come in from SMART's files, with their legs and signs, once, and go again together."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.kit.importing import run_file, undo
from baoton.kit.models import ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox
from baoton.observations.models import Event, Occurrence
from baoton.patrols.actions import load
from baoton.patrols.models import Leg, Patrol, Sign, Square
from baoton.patrols.queries import on_patrol

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
TRACK = [(102.40, 22.40), (102.41, 22.40), (102.41, 22.41)]
"""About 2.1 km in Lai Châu."""


def wkb(points: list[tuple[float, float]]) -> str:
    import shapely

    return str(shapely.to_wkb(shapely.LineString(points), hex=True))


def day(on: str, *inside: str, **more: str) -> str:
    told = {"startTime": "08:00:00", "endTime": "12:00:00", "restMinutes": "0", **more}
    words = " ".join(f'{k}="{v}"' for k, v in told.items())
    return f'<p:days date="{on}" {words}>{"".join(inside)}</p:days>'


def track(points: list[tuple[float, float]] = TRACK) -> str:
    return f'<p:track distance="2.1" geom="{wkb(points)}"/>'


def waypoint(*inside: str, number: str = "1") -> str:
    told = "".join(inside)
    return f'<p:waypoints id="{number}" x="102.405" y="22.4" time="09:00:00"><p:groups>{told}</p:groups></p:waypoints>'


def seen(category: str, **told: str) -> str:
    words = "".join(
        f'<p:attributes attributeKey="{k}"><p:sValue>{v}</p:sValue></p:attributes>' for k, v in told.items()
    )
    return f'<p:observations categoryKey="{category}">{words}</p:observations>'


def patrol(
    tmp_path: Path, *days: str, by: str = "Đi bộ", code: str = "P-1", last: str = "2026-03-03", legs: str = ""
) -> Path:
    path = tmp_path / "tuan-tra.xml"
    leg = legs or (
        f'<p:legs id="1" startDate="2026-03-02" endDate="{last}"><p:transportType value="{by}"/>'
        f'<p:members givenName="Vàng" familyName="A Sùng" isLeader="true"/>{"".join(days)}</p:legs>'
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><p:patrol xmlns:p="http://www.smartconservationsoftware.org/xml/1.3/'
        f'patrol" id="{code}" patrolType="GROUND" startDate="2026-03-02" endDate="{last}" isArmed="false">'
        f'<p:team value="Tổ 1"/>{leg}</p:patrol>',
        encoding="utf-8",
    )
    return path


def bring(path: Path, dry: bool = False) -> ImportBatch:
    load()
    batch = run_file(System(), path, dry=dry)
    outbox.drain()
    return batch


def counts(batch: ImportBatch) -> dict[str, int]:
    return {k: batch.counts["total"][k] for k in ("created", "updated", "unchanged", "refused")}


def whole(tmp_path: Path) -> Path:
    snares = seen("humanactivity.hunting.snares.", numberofsnares="4.0", ageofsign="veryold")
    gibbon = seen("animals.", species="Nomascus concolor", count="2")
    return patrol(
        tmp_path, day("2026-03-02", track(), waypoint(snares, gibbon)), day("2026-03-03", track(), waypoint())
    )


def test_it_brings_the_patrol_its_days_its_signs_and_what_was_seen(tmp_path: Path) -> None:
    batch = bring(whole(tmp_path))
    assert counts(batch) == {"created": 6, "updated": 0, "unchanged": 0, "refused": 0}, batch.counts
    one = Patrol.objects.get()
    assert (one.code, one.status, one.transport, one.people) == ("P-1", "done", "foot", 1)
    assert "Tổ 1" in one.report
    legs = list(Leg.objects.order_by("day"))
    assert [leg.patrol_id for leg in legs] == [one.pk, one.pk]
    assert [leg.hours for leg in legs] == [4.0, 4.0]
    assert one.metres == sum(leg.metres or 0 for leg in legs) > 4_000
    assert Square.objects.filter(leg=legs[0]).exists()
    sign = Sign.objects.get()
    assert (sign.patrol_id, sign.kind.code, sign.count, sign.age) == (one.pk, "snare", 4, "old")
    seen_there = Occurrence.objects.get()
    assert seen_there.event_id == Event.objects.get().pk
    assert Event.objects.get().sampling_effort == "2.1 km; 4 giờ"


def test_the_page_of_a_patrol_shows_what_its_file_saw_to_whoever_may_know_the_place(
    tmp_path: Path, person: Callable[[str], Any]
) -> None:
    bring(whole(tmp_path))
    other = Patrol.objects.create(code="P-2", day_start="2026-03-02", area_path="12/03451")
    one, seen_there = Patrol.objects.get(code="P-1"), Occurrence.objects.get()
    at = REGISTERS["observations.occurrence"].url(seen_there)
    told = on_patrol(person("dung"), one)["seen"]
    assert [row.pk for row in told] == [seen_there.pk]
    assert at in page(person("dung"), one) and at not in page(person("dung"), other)
    Patrol.objects.filter(pk=one.pk).update(area_path="12/03451", shown_area_path="12/03451")
    Occurrence.objects.update(status="verified")
    book = REGISTERS["observations.occurrence"]
    assert book.door(person("sung")).rows().filter(pk=seen_there.pk).exists()
    hidden = page(person("sung"), one)
    assert at not in hidden and "Nomascus" not in hidden and "P-1" in hidden


def page(who: Any, record: Patrol) -> str:
    browser = Client()
    browser.force_login(who)
    return browser.get(REGISTERS["patrols.patrol"].url(record)).content.decode()


def test_a_second_import_changes_nothing_and_undo_takes_all_back(tmp_path: Path) -> None:
    path = whole(tmp_path)
    first = bring(path)
    assert counts(bring(path)) == {"created": 0, "updated": 0, "unchanged": 6, "refused": 0}
    undo(System(), first)
    for model in (Patrol, Leg, Sign, Occurrence, Event):
        assert not model.objects.filter(withdrawn__isnull=True).exists(), model
    outbox.drain()
    assert counts(bring(path))["created"] == 6
    assert Leg.objects.filter(withdrawn__isnull=True).count() == 2


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    batch = bring(whole(tmp_path), dry=True)
    assert counts(batch)["created"] == 6
    assert not Patrol.objects.exists()
    assert not Leg.objects.exists()


def test_an_unknown_kind_is_told_and_not_guessed(tmp_path: Path) -> None:
    batch = bring(patrol(tmp_path, day("2026-03-02", track(), waypoint(seen("features.waterhole.")))))
    assert counts(batch) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}
    assert not Sign.objects.exists()


@pytest.mark.parametrize(
    ("days", "by", "metres", "hours"),
    [
        ((day("2026-03-02", track(), startTime="22:00:00", endTime="02:30:00"),), "foot", True, 4.5),
        ((day("2026-03-02", '<p:track distance="7.5" geom="zz"/>'),), "Xe máy", 7500, 4.0),
        ((day("2026-03-02", track(), startTime="", endTime=""),), "Đà điểu", True, None),
        ((day("2026-03-02", track(), startTime="08:00:00+07:00", endTime="12:00:00+07:00"),), "", True, 4.0),
        ((day("2026-03-02", track(), track([(102.42, 22.41), (102.43, 22.41)])),), "foot", True, 4.0),
    ],
)
def test_a_day_is_read_however_it_was_told(
    tmp_path: Path, days: tuple[str, ...], by: str, metres: bool | int, hours: float | None
) -> None:
    """Over midnight, a track that cannot be read, no hours, a zone of time, two tracks of a day."""
    batch = bring(patrol(tmp_path, *days, by=by))
    assert counts(batch)["refused"] == 0
    leg = Leg.objects.get()
    assert leg.hours == hours
    assert leg.metres == metres if metres is not True else (leg.metres or 0) > 1_000


def test_two_legs_of_one_number_and_two_days_of_one_date_all_stand(tmp_path: Path) -> None:
    one = f'<p:legs id="1"><p:transportType value="foot"/>{day("2026-03-02", track())}</p:legs>'
    bring(patrol(tmp_path, legs=one * 2))
    assert Leg.objects.count() == 2
    assert counts(bring(patrol(tmp_path, legs=one * 2)))["unchanged"] == 3


def test_a_day_of_900_km_is_refused_and_its_patrol_stands(tmp_path: Path) -> None:
    far = track([(102.4, 22.4), (102.4, 14.4)])
    batch = bring(patrol(tmp_path, day("2026-03-02", far), day("2026-03-03", track())))
    assert counts(batch) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}
    assert Leg.objects.get().day.day == 3


def test_a_refused_patrol_says_so_on_its_legs(tmp_path: Path) -> None:
    batch = bring(patrol(tmp_path, day("2026-03-02", track()), last="2026-02-01"))
    assert counts(batch) == {"created": 0, "updated": 0, "unchanged": 0, "refused": 2}


def test_a_file_cut_in_the_middle_says_one_sentence_and_brings_nothing(tmp_path: Path) -> None:
    path = whole(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    batch = bring(path)
    assert batch.state == ImportBatch.State.FAILED
    assert "bị cắt hoặc hỏng" in batch.counts["error"]["vi"]
    assert not Patrol.objects.exists()


def test_a_byte_order_mark_and_another_prefix_change_nothing(tmp_path: Path) -> None:
    path = whole(tmp_path)
    bring(path)
    text = path.read_text(encoding="utf-8").replace("<p:", "<ns9:").replace("</p:", "</ns9:")
    path.write_text("\ufeff" + text.replace("xmlns:p=", "xmlns:ns9="), encoding="utf-8")
    assert counts(bring(path))["unchanged"] == 6


def test_two_bodies_may_each_have_a_patrol_of_one_number(
    tmp_path: Path, person: Callable[[str], Any]
) -> None:
    path = whole(tmp_path)
    bring(path)
    path = path.rename(tmp_path / "kiem-lam.xml")
    dung = person("dung")
    batch = run_file(dung, path)
    assert counts(batch)["refused"] == 0, batch.counts["rules"]
    assert Patrol.objects.count() == 2
    assert counts(run_file(dung, path))["refused"] == 0
    assert Patrol.objects.count() == 2
    assert {s.patrol.organisation for s in Sign.objects.all() if s.patrol} == {"", dung.organisation_id}
