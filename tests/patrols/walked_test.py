"""A patrol from its plan to its report: lengths and hours that add up, effort that is never lost, ways told to few."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import shapely
from django.core.exceptions import ValidationError
from django.test import Client

from baoton.kit.access import Denied, Public
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.observations.models import Event, Occurrence
from baoton.patrols import actions
from baoton.patrols.models import Leg, Patrol, Sign, SignKind, Square, Team
from baoton.patrols.queries import covered, grid, where_next
from baoton.patrols.views import _joined
from baoton.places.queries import measure
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
MU_CA = "12/03451"
DAY = date(2026, 10, 5)
TRACK = shapely.LineString([(102.40, 22.40), (102.41, 22.405), (102.42, 22.40)])


@pytest.fixture
def dung(person: Callable[[str], Any]) -> Any:
    return person("dung")


def planned(actor: Any, **more: Any) -> Patrol:
    values = {"day_start": DAY, "area_path": MU_CA, "people": 4, "leader": "Lò Văn A"} | more
    made: Patrol = write.create(REGISTERS["patrols.patrol"], actor, Patrol(**values))
    return made


def walk(actor: Any, patrol: Patrol, track: Any = TRACK, **more: Any) -> Leg:
    leg = Leg(patrol=patrol, **({"day": patrol.day_start, "hours": 4.0} | more))
    leg.put(track)
    made: Leg = write.create(REGISTERS["patrols.leg"], actor, leg)
    return made


def find(
    actor: Any, patrol: Patrol | None, code: str = "snare", at: tuple[float, float] = (102.41, 22.405)
) -> Sign:
    sign = Sign(patrol=patrol, kind=SignKind.objects.get(code=code), day=DAY, count=3)
    sign.put_point(*at)
    made: Sign = write.create(REGISTERS["patrols.sign"], actor, sign)
    return made


def test_a_patrol_adds_up_its_legs_and_loses_a_withdrawn_one(dung: Any) -> None:
    patrol = planned(dung, day_end=DAY + timedelta(days=1))
    assert patrol.metres is None and patrol.hours is None  # not known is not nothing
    first = walk(dung, patrol)
    walk(dung, patrol, None, day=DAY + timedelta(days=1), said_km=3.2, hours=2.5)
    patrol.refresh_from_db()
    assert patrol.metres == round(measure(TRACK)) + 3200 and patrol.hours == 6.5
    write.withdraw(REGISTERS["patrols.leg"], dung, first, "nhập hai lần")
    patrol.refresh_from_db()
    assert patrol.metres == 3200 and patrol.hours == 2.5
    assert not Square.objects.filter(leg=first).exists()


def test_a_withdrawn_patrol_takes_its_ways_along_and_leaves_what_was_found(dung: Any) -> None:
    patrol = planned(dung)
    leg, sign = walk(dung, patrol), find(dung, patrol)
    write.withdraw(REGISTERS["patrols.patrol"], dung, patrol, "nhập nhầm tổ")
    for one in (leg, sign):
        one.refresh_from_db()
    assert leg.withdrawn is not None and sign.withdrawn is None
    told = covered(dung, DAY, DAY)
    assert len(told.square) == 0 and told.stray == 1 and told.finds is None


def test_hours_that_no_leg_knows_are_a_dash_and_legs_left_out_are_counted(dung: Any) -> None:
    patrol = planned(dung)
    walk(dung, patrol, hours=None)
    walk(dung, patrol, None, said_km=5.0, hours=2.0)
    told = covered(dung, DAY, DAY)
    assert told.untimed == 1 and told.untracked == 1 and not np.isfinite(told.hours).any()
    page = Client()
    page.force_login(dung)
    shown = page.get("/tuan-tra/do-phu/", {"area": MU_CA, "when": "10/2026"}).content.decode()
    assert "1 chặng chưa ghi số giờ" in shown and "chưa tính 1 chặng không có vết đi" in shown
    assert "<dd>–" in shown
    wrong = page.get("/tuan-tra/do-phu/", {"when": "hôm kia kìa"}).content.decode()
    assert "Không hiểu “hôm kia kìa”" in wrong
    assert page.get("/tuan-tra/do-phu/", {"area": "12/99999"}).status_code == 404


@pytest.mark.parametrize("name", ["sung", "pao", "minh", "thu", "hoa", "khoa", "thanh", "quan", ""])
def test_no_door_tells_where_a_patrol_went_to_who_may_not_know(
    dung: Any, person: Callable[[str], Any], name: str
) -> None:
    """Lists, pages, files, items, tiles, coverage and the file for SMART, read as bytes and searched for the place."""
    patrol = Patrol(day_start=DAY, locality="khe Bí Mật", objective="đi khe Bí Mật", area_path=MU_CA)
    patrol.put(TRACK)
    write.create(REGISTERS["patrols.patrol"], dung, patrol)
    leg, sign = walk(dung, patrol, note="khe Bí Mật"), find(dung, patrol)
    page = Client()
    if name:
        page.force_login(person(name))
    asked = ["/tuan-tra/do-phu/", f"/tuan-tra/do-phu/?area={MU_CA}&when=2026", "/tuan-tra/smart.csv?when=2026",
             "/tuan-tra/lich/?thang=2026-10", f"/tuan-tra/{patrol.pk}/tuyen.gpx"]  # fmt: skip
    for row, book in ((patrol, "patrols-patrol"), (leg, "patrols-leg"), (sign, "patrols-sign")):
        asked += [f"/so/{book}/", f"/so/{book}/{row.pk}/", f"/so/{book}/{row.pk}/sua/", f"/so/{book}/?q=Bí+Mật",
                  f"/so/{book}/xuat.csv", f"/so/{book}/xuat.xlsx", f"/so/{book}/xuat.geojson", f"/so/{book}/xuat.gpkg",
                  f"/api/collections/{book}/items", f"/api/collections/{book}/items/{row.pk}",
                  f"/so/{book}/?box=102.3,22.3,102.5,22.5"]  # fmt: skip
    for address in asked:
        answer = page.get(address)
        told = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
        if told[:2] == b"PK":
            with ZipFile(BytesIO(told)) as packed:
                told = b"".join(packed.read(n) for n in packed.namelist())
        words = told.replace("q=Bí+Mật".encode(), b"")
        for secret in (b"102.41", b"22.405", b"102.42", "khe Bí".encode()):
            assert secret not in words, (address, secret)
        if "box=" in address:  # a question by the true place finds nothing
            assert not [
                r for r in (patrol, leg, sign) if f"/{r.pk}/".encode() in told.split(b'id="list"')[-1]
            ], address


def test_a_leg_takes_day_and_commune_of_its_patrol_and_of_several_days_it_asks(dung: Any) -> None:
    team = write.create(REGISTERS["patrols.team"], dung, Team(name="Tổ 1", area_path=MU_CA))
    patrol = planned(dung, team=team, area_path="12")
    assert patrol.area_path == MU_CA  # the team's commune says more than the whole province
    leg = walk(dung, patrol, None, day=None, said_km=2.0)
    assert leg.day == DAY and leg.area_path == MU_CA
    with pytest.raises(ValidationError, match="nhiều ngày"):
        walk(dung, planned(dung, day_end=DAY + timedelta(days=1)), None, day=None, said_km=2.0)


def test_the_page_of_a_patrol_draws_its_ways_for_whoever_may_know_them_alone(
    dung: Any, person: Callable[[str], Any]
) -> None:
    patrol = planned(dung)
    walk(dung, patrol)
    for name, drawn in (("dung", True), ("sung", False)):
        page = Client()
        page.force_login(person(name))
        shown = page.get(f"/so/patrols-patrol/{patrol.pk}/").content.decode()
        assert ('id="walked"' in shown) == drawn and ("102.41" in shown) == drawn


def test_what_a_leg_covers_is_its_length_square_by_square(dung: Any) -> None:
    leg = walk(dung, planned(dung))
    told = list(Square.objects.filter(leg=leg))
    assert len(told) >= 2
    assert sum(s.metres for s in told) == pytest.approx(measure(TRACK), rel=0.003)
    assert sum(s.hours or 0 for s in told) == pytest.approx(4.0)
    middle = grid().square(102.41, 22.405)
    assert middle in {s.square for s in told}


@pytest.mark.parametrize(
    ("track", "more", "field"),
    [
        (shapely.LineString([(102.4, 22.4), (110.4, 22.4)]), {}, "geom"),  # 824 km on foot
        (TRACK, {"hours": 0.1}, "hours"),  # 2.4 km in six minutes
        (None, {"said_km": 90.0}, "said_km"),
        (TRACK, {"day": DAY + timedelta(days=3)}, "day"),
        (TRACK, {"day": DAY - timedelta(days=1)}, "day"),
        (TRACK, {"hours": 25.0}, "__all__"),
        (TRACK, {"hours": 0.0}, "__all__"),
    ],
)
def test_a_leg_nobody_can_have_walked_is_refused_and_nothing_is_kept(
    dung: Any, track: Any, more: Any, field: str
) -> None:
    patrol = planned(dung)
    with pytest.raises(ValidationError) as told:
        walk(dung, patrol, track, **more)
    assert field in told.value.message_dict
    patrol.refresh_from_db()
    assert not Leg.objects.exists() and not Square.objects.exists() and patrol.metres is None


def test_a_patrol_is_reported_once_it_was_walked_and_not_called_off_after(dung: Any) -> None:
    book, patrol = REGISTERS["patrols.patrol"], planned(dung)
    with pytest.raises(NotNow, match="Chưa có chặng"):
        write.act(book, dung, patrol, "finish", {"report": "Tháo 3 bẫy"})
    walk(dung, patrol)
    with pytest.raises(NotNow, match="đã có chặng"):
        write.act(book, dung, patrol, "cancel", {"reason": "mưa"})
    assert write.act(book, dung, patrol, "finish", {"report": "Tháo 3 bẫy"}).status == "done"


def test_no_leg_is_added_to_a_patrol_that_was_called_off(dung: Any) -> None:
    patrol = planned(dung)
    write.act(REGISTERS["patrols.patrol"], dung, patrol, "cancel", {"reason": "mưa lũ"})
    patrol.refresh_from_db()
    with pytest.raises(ValidationError, match="không đi"):
        walk(dung, patrol)


def test_wildlife_seen_has_the_patrol_as_its_visit_with_its_effort(dung: Any) -> None:
    patrol = planned(dung)
    walk(dung, patrol)
    visit = actions.seen_on(dung, Patrol.objects.get(pk=patrol.pk))
    assert visit == actions.seen_on(dung, Patrol.objects.get(pk=patrol.pk))
    row = Occurrence(taxon=Taxon.objects.get(scientific_name="Rusa unicolor"), day_start=DAY, event=visit)
    row.put_point(102.41, 22.405)
    write.create(REGISTERS["observations.occurrence"], dung, row)
    walk(dung, patrol, None, said_km=1.5, hours=1.0)
    told = Event.objects.get(pk=visit.pk)
    assert "Lò Văn A" not in str(told.snapshot())  # a visit is published: who walked is not
    assert "5 giờ" in told.sampling_effort and "4 người" in told.sampling_effort
    assert told.sampling_effort.startswith(f"{(round(measure(TRACK)) + 1500) / 1000:.1f}".replace(".", ","))
    page = Client()
    page.force_login(dung)
    assert "Nai" in page.get(f"/so/patrols-patrol/{patrol.pk}/").content.decode()


def test_ways_and_signs_are_told_to_whoever_may_know_places_and_to_nobody_else(
    dung: Any, person: Callable[[str], Any]
) -> None:
    patrol = Patrol(day_start=DAY)
    patrol.put(TRACK)
    write.create(REGISTERS["patrols.patrol"], dung, patrol)
    walk(dung, patrol)
    find(dung, patrol)
    for name in ("patrols.patrol", "patrols.leg", "patrols.sign"):
        book = REGISTERS[name]
        assert book.door(Public()).rows().count() == 0
        assert book.door(person("pao")).rows().count() == 0
        for row in book.opened(book.door(person("sung"))):
            assert not row.door_precise and row.geom is None and row.lon is None
        assert all(row.door_precise for row in book.opened(book.door(dung)))
    told = covered(person("sung"), DAY, DAY)
    assert len(told.square) == 0 and told.signs.sum() == 0 and told.stray == 0
    with pytest.raises(Denied):
        planned(person("hoa"))


def test_coverage_counts_what_was_walked_and_found_and_says_where_next(dung: Any) -> None:
    patrol = planned(dung)
    walk(dung, patrol)
    find(dung, patrol)
    find(dung, None, "camera")
    find(dung, None, "camp", (102.5, 22.5))
    told = covered(dung, DAY, DAY)
    assert told.km.sum() == pytest.approx(measure(TRACK) / 1000, rel=0.003)
    assert (
        told.signs.sum() == 1 and told.stray == 1
    )  # a camera is no threat; a camp off the track is told apart
    assert told.finds is not None and told.finds.finds.sum() == 1
    assert covered(dung, DAY + timedelta(days=1), DAY + timedelta(days=9)).km.sum() == 0
    inside = covered(dung, DAY, DAY, MU_CA)
    assert len(inside.area[MU_CA]) > 100
    first = where_next(inside, MU_CA, DAY + timedelta(days=10))
    assert len(first) == 10 and [n.score for n in first] == sorted((n.score for n in first), reverse=True)
    unvisited = [n for n in first if n.days is None]
    assert unvisited and all(n.square not in set(inside.square.tolist()) for n in unvisited)


def test_a_proposed_square_becomes_a_patrol_in_one_click(dung: Any) -> None:
    patrol = planned(dung)
    walk(dung, patrol)
    page = Client()
    page.force_login(dung)
    shown = page.get("/tuan-tra/do-phu/", {"area": MU_CA, "when": "2026"}).content.decode()
    square = shown.split('name="square" value="')[1].split('"')[0]
    answer = page.post("/tuan-tra/di-tiep/", {"area": MU_CA, "square": square}, follow=True)
    assert "Đã lập cuộc tuần tra" in answer.content.decode()
    made = Patrol.objects.exclude(pk=patrol.pk).get()
    assert made.geom is not None and made.status == "planned"
    way = page.get(f"/tuan-tra/{made.pk}/tuyen.gpx").content.decode()
    assert way.count("<rtept") == 5
    for square in ("1", "x", "99999999999999999999"):
        assert page.post("/tuan-tra/di-tiep/", {"area": MU_CA, "square": square}).status_code == 404


def test_the_month_shows_each_patrol_on_its_days(dung: Any) -> None:
    team = write.create(
        REGISTERS["patrols.team"], dung, Team(name="Tổ Mù Cả", area_path=MU_CA, leader="Chang A Pó")
    )
    made = planned(dung, team=team, day_end=DAY + timedelta(days=1), leader="")
    assert made.leader == "Chang A Pó"
    page = Client()
    page.force_login(dung)
    shown = page.get("/tuan-tra/lich/?thang=2026-10").content.decode()
    assert shown.count("Tổ Mù Cả") == 2
    assert "Tổ Mù Cả" not in page.get("/tuan-tra/lich/?thang=2026-11").content.decode()
    for wrong in ("2026-13", "x", "0-1", "99999-1", "2026"):
        assert page.get(f"/tuan-tra/lich/?thang={wrong}").status_code == 404


def test_signs_leave_in_the_columns_of_smart_and_no_cell_runs(dung: Any) -> None:
    patrol = planned(dung, objective="=1+1")
    find(dung, patrol)
    page = Client()
    page.force_login(dung)
    told = page.get("/tuan-tra/smart.csv?when=2026").content.decode("utf-8-sig").splitlines()
    assert told[0].startswith('"Patrol ID","Patrol Start Date"') and len(told) == 2
    assert "'=1+1" in told[1] and "snare" in told[1] and "102.41" in told[1]
    assert page.get("/tuan-tra/smart.csv?when=1999").content.decode("utf-8-sig").count("\n") <= 1
    unread = page.get("/tuan-tra/smart.csv?when=mùa+măng", follow=True)
    assert "Không hiểu “mùa măng”" in unread.content.decode()


def test_a_sign_added_from_a_patrol_starts_in_its_commune(dung: Any) -> None:
    page = Client()
    page.force_login(dung)
    new = "/so/patrols-sign/moi/?patrol="
    within = page.get(f"/so/patrols-patrol/{planned(dung, area_path=MU_CA).pk}/").content.decode()
    at = re.search(rf'href="({re.escape(new)}[^"]*)"', within)
    assert at is not None and "area_path=12%2F03451" in at[1]
    form = page.get(at[1].replace("&amp;", "&")).content.decode()
    assert re.search(r'value="12/03451" selected|<option[^>]*selected[^>]*>[^<]*Mù Cả', form)
    wide = page.get(f"/so/patrols-patrol/{planned(dung, area_path='12').pk}/").content.decode()
    assert new in wide and not re.search(rf'href="{re.escape(new)}[^"]*area_path', wide)


def test_a_kind_of_sign_that_was_ended_is_offered_no_more_and_keeps_its_signs(dung: Any) -> None:
    kind = SignKind.objects.get(code="gun")
    one = find(dung, None, "gun")
    write.edit(REGISTERS["patrols.sign_kind"], dung, kind, {"until": date(2026, 1, 1)})
    field = REGISTERS["patrols.sign"].field("kind")
    assert kind not in field.offered(dung)  # type: ignore[union-attr]
    page = Client()
    page.force_login(dung)
    assert "súng" in page.get(f"/so/patrols-sign/{one.pk}/").content.decode()
    assert actions.load() == 0


def test_squares_are_drawn_together_as_they_lie_apart_holes_and_corners_too() -> None:
    on = grid()
    first = on.square(102.4, 22.4)
    ring = [first + r * 100_000 + c for r in range(3) for c in range(3) if (r, c) != (1, 1)]
    squares = np.array([*ring, first + 3 * 100_000 + 3, first + 500_000], np.int64)
    drawn = shapely.from_geojson(json.dumps(_joined(on, squares)))
    told = shapely.union_all(on.shapes(squares))
    assert drawn.is_valid and shapely.symmetric_difference(drawn, told).area < 1e-3 * told.area
    assert len(shapely.get_parts(drawn)) == 3 and sum(len(p.interiors) for p in drawn.geoms) == 1
    assert shapely.get_num_coordinates(drawn) == 4 * 5
