"""Who reported a record sees and mends it himself, and it opens nothing else to him or to anybody."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from baoton.kit.access import Denied, Public, System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.reading.tiles import Tile, draw
from baoton.kit.writing import write
from baoton.kit.writing.outbox import drain
from baoton.observations.actions import verify
from baoton.observations.models import Occurrence
from baoton.observations.registers import occurrence as book
from baoton.plan.models import Work
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
LON, LAT = 102.4312, 22.4217


@pytest.fixture
def sung(person: Callable[[str], Any]) -> Any:
    return person("sung")


def report(actor: Any, name: str = "Nomascus concolor", place: bool = True, **more: Any) -> Occurrence:
    row = Occurrence(
        taxon=Taxon.objects.get(scientific_name=name),
        day_start=date(2026, 11, 2),
        area_path="12/03451",
        **more,
    )
    if place:
        row.put_point(LON, LAT)
    made: Occurrence = write.create(book, actor, row)
    drain()
    return made


def known(actor: Any, pk: Any) -> tuple[bool, bool] | None:
    """Whether the record is found, and whether at its true place."""
    row = book.opened(book.door(actor)).filter(pk=pk).first()
    return None if row is None else (True, row.door_precise)


def test_a_guarded_animal_does_not_vanish_from_its_finder(sung: Any, person: Callable[[str], Any]) -> None:
    mine = report(sung)
    assert mine.disclosure > 0 and known(sung, mine.pk) == (True, True)
    assert known(person("pao"), mine.pk) is None and known(Public(), mine.pk) is None
    verify(System(), mine, "đã xem")
    assert known(sung, mine.pk) == (True, True)
    assert known(Public(), mine.pk) in (None, (True, False))


def test_another_record_of_the_same_species_stays_hidden_from_the_finder(
    sung: Any, person: Callable[[str], Any]
) -> None:
    report(sung)
    other = report(person("dung"))
    assert known(sung, other.pk) is None or known(sung, other.pk) == (True, False)


def test_a_finder_mends_a_draft_within_his_commune_and_no_longer_once_it_is_judged(sung: Any) -> None:
    mine = report(sung)
    write.edit(book, sung, mine, {"individual_count": 3})
    with pytest.raises(Denied):
        write.edit(book, sung, Occurrence.objects.get(pk=mine.pk), {"geom": b_point(103.4, 22.1)})
    verify(System(), Occurrence.objects.get(pk=mine.pk), "đã xem")
    with pytest.raises(Denied):
        write.edit(book, sung, Occurrence.objects.get(pk=mine.pk), {"individual_count": 9})


def b_point(lon: float, lat: float) -> Any:
    import shapely

    return shapely.Point(lon, lat)


def test_nobody_mends_what_another_reported(sung: Any, person: Callable[[str], Any]) -> None:
    mine = report(sung)
    with pytest.raises(Denied):
        write.edit(book, person("pao"), mine, {"individual_count": 3})


def test_a_commune_is_place_enough_and_a_guarded_one_is_told_by_province(sung: Any) -> None:
    plain, guarded = report(sung, "Macaca mulatta", False), report(sung, place=False)
    assert (plain.area_path, plain.shown_area_path) == ("12/03451", "12/03451")
    assert (guarded.area_path, guarded.shown_area_path) == ("12/03451", "12")


def test_the_map_of_the_finder_counts_his_own_and_no_other(sung: Any, person: Callable[[str], Any]) -> None:
    tile = Tile(8, int((LON + 180) / 360 * 256), 111)
    before = draw(book, person("pao"), tile, {})
    report(sung)
    assert draw(book, person("pao"), tile, {}) == before
    door = book.door(person("sung"))
    assert door.granted is not None and door.mine.rows(Occurrence.objects.all()).count() == 1


def test_work_is_seen_and_finished_by_its_body_alone_wherever_it_lies(
    sung: Any, person: Callable[[str], Any]
) -> None:
    works = REGISTERS["plan.work"]
    mine = write.create(
        works, System(),
        Work(title="Lấy ý kiến", responsible="ubnd_03451", area_path="12", due=date(2026, 11, 1), must_show="Biên bản"),
    )  # fmt: skip
    pao = person("pao")
    assert works.door(sung).rows().filter(pk=mine.pk).exists()
    assert not works.door(pao).rows().filter(pk=mine.pk).exists()
    with pytest.raises(Denied):
        write.act(works, pao, mine, "finish", {"result": "xong"})
    assert write.act(works, sung, mine, "finish", {"result": "xong"}).status == "done"


def test_a_quick_report_without_any_name_is_told_what_lacks(sung: Any) -> None:
    client = Client()
    client.force_login(sung)
    answer = client.post("/bao-nhanh/", {"day_start": "2026-11-02", "occurrence_status": "present"})
    assert answer.status_code == 200 and "Chưa gửi được" in answer.content.decode()
