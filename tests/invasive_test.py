"""Invasive species: eradicated only after clean surveys, first records told through doors, spread with its limits."""

from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from tests.custody.cases import of

from baoton.invasive import queries
from baoton.invasive.models import Site, Survey, Treatment
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.places.queries import outlines
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
HERE, DAY = "12/03451", date(2026, 1, 10)


def make(row: Any, who: str = "dung") -> Any:
    return write.create(REGISTERS[row._meta.label_lower], of(who), row)


def do(row: Any, verb: str, **said: Any) -> Any:
    return write.act(
        REGISTERS[row._meta.label_lower], of("dung"), type(row).objects.get(pk=row.pk), verb, said
    )


def mimosa() -> Taxon:
    return Taxon.objects.get(scientific_name="Mimosa pigra")


def site(day: date = DAY, **more: Any) -> Site:
    one = Site(taxon=more.pop("taxon", None) or mimosa(), name="Bãi suối", day=day, **more)
    if "hectares" not in more:
        one.put(outlines()[HERE].representative_point().buffer(0.001))
    else:
        one.area_path = HERE
    made: Site = make(one)
    return made


def look(one: Site, days: int, found: str = "no", **more: Any) -> Survey:
    made: Survey = make(Survey(site=one, taxon=one.taxon, day=one.day + timedelta(days), found=found, **more))
    return made


def treat(one: Site, days: int, ha: float = 1.0) -> Treatment:
    day = one.day + timedelta(days)
    made: Treatment = make(Treatment(site=one, day=day, method="cut", hectares=ha, who="Dân quân"))
    return made


def test_a_site_is_eradicated_only_after_three_clean_surveys_since_the_last_treatment(client: Client) -> None:
    one = site()
    assert one.area_path == HERE and 3 < (one.hectares or 0) < 4
    for days in (5, 10, 15):
        look(one, days)
    treat(one, 20)
    look(one, 30)
    with pytest.raises(NotNow, match="Mới có 1 trong 3"):
        do(one, "eradicate")
    look(one, 40)
    look(one, 40)  # the same day is one survey
    with pytest.raises(NotNow, match="Mới có 2 trong 3"):
        do(one, "eradicate")
    look(one, 50)
    client.force_login(of("lan"))
    page = client.get(f"/so/invasive-site/{one.pk}/").content.decode()
    assert (
        "3/3 lần điều tra liền nhau không thấy loài (thực hành chung" in page and "35/2018/TT-BTNMT" in page
    )
    done = do(one, "eradicate")
    assert (done.status, done.ended) == ("eradicated", timezone.localdate())
    make(Survey(site=one, taxon=one.taxon, day=timezone.localdate(), found="yes", hectares=0.1))
    again = Site.objects.get(pk=one.pk)
    assert (again.status, again.ended, again.m2) == (
        "present",
        None,
        1000,
    )  # and as large as it was measured now


def test_surveys_without_a_find_say_no_ground_and_are_of_the_species_of_their_site() -> None:
    one = site()
    with pytest.raises(ValidationError, match="Không thấy loài thì không ghi diện tích"):
        look(one, 5, hectares=1.0)
    with pytest.raises(ValidationError, match="loài khác"):
        other = Taxon.objects.get(scientific_name="Lantana camara")
        make(Survey(site=one, taxon=other, day=DAY, found="no"))
    assert make(Survey(site=one, day=one.day + timedelta(4), found="no")).taxon == one.taxon
    with pytest.raises(ValidationError, match="Ghi loài đã tìm, hoặc chọn điểm"):
        make(Survey(day=DAY, found="no"))
    with pytest.raises(ValidationError, match="lớn hơn 0"):
        treat(one, 5, 0)


def test_the_first_record_of_a_listed_species_in_a_commune_is_an_early_warning(client: Client) -> None:
    first = site(timezone.localdate() - timedelta(20))
    site(timezone.localdate() - timedelta(3))
    far = Survey(taxon=mimosa(), day=timezone.localdate() - timedelta(2), found="yes", area_path="12/03463")
    make(far)
    told = queries.firsts(of("lan"))
    assert [(f.area_path, f.day) for f in told] == [("12/03463", far.day), (HERE, first.day)]
    client.force_login(of("lan"))
    page = client.get("/ngoai-lai/").content.decode()
    assert "Mimosa pigra" in page and "Tà Tổng" in page and "69/2025/TT-BNNMT: 67 loài, 3 nhóm" in page
    assert "35/2018/TT-BTNMT" in page and "tạm trả lời theo Thông tư 35/2018/TT-BTNMT" in page
    client.force_login(of("sung"))  # of Mù Cả alone
    assert "Tà Tổng" not in client.get("/ngoai-lai/").content.decode()
    assert [f.area_path for f in queries.firsts(of("sung"))] == [HERE]


def test_ground_nobody_measured_is_unknown_and_not_none_at_all(client: Client) -> None:
    this = timezone.localdate().year
    one = site(date(this - 2, 3, 1), hectares=None)
    (told,) = queries.spreads(of("lan"))
    assert [ha for _year, ha, _km in told.rows] == [None, None, None]
    assert (told.sites, told.unmeasured, told.now_ha, told.rate) == (1, 1, None, "")
    site(date(this - 1, 3, 1), hectares=2.0, taxon=one.taxon)
    (told,) = queries.spreads(of("lan"))
    assert [ha for _year, ha, _km in told.rows] == [None, 2.0, 2.0] and told.unmeasured == 1
    client.force_login(of("lan"))
    assert "1 điểm chưa đo" in client.get("/ngoai-lai/").content.decode()


def test_ground_grows_by_a_known_rate_and_the_front_is_measured() -> None:
    year = timezone.localdate().year
    one = site(date(year - 6, 1, 10), hectares=1.0)
    for n in range(1, 7):
        ha = round(1.25**n * (1.02 if n % 2 else 0.98), 3)
        day = date(year - 6 + n, 1, 10)
        make(Survey(site=one, taxon=one.taxon, day=day, found="yes", hectares=ha, area_path=HERE))
    far = Site(taxon=one.taxon, name="Xa", day=date(year - 1, 1, 10), hectares=0.5)
    near = Site(taxon=one.taxon, name="Gần", day=date(year - 6, 1, 1), hectares=0.5)
    for row, x in ((near, 102.45), (far, 102.5)):
        row.put(shapely.Point(x, 22.47))
        make(row)
    (told,) = queries.spreads(of("lan"))
    assert told.rows[0][0] == year - 6 and told.rows[-1][1] == pytest.approx(1.25**6 * 0.98 + 1.0, abs=0.001)
    assert told.front_km == pytest.approx(5.1, abs=0.1)
    assert told.speed == "cần ít nhất 5 chỗ thấy lần đầu trong 4 năm khác nhau"
    best = float(told.rate.split(" ")[0])
    assert 15 < best < 30 and "khoảng tin cậy 95 %" in told.rate
    two_years = [(2025, 1.0, 0.0), (2026, 2.0, 0.0)]
    assert queries.rate(two_years) == "cần ít nhất 4 năm có diện tích mới tính được tốc độ"


def test_the_front_moves_at_a_known_speed_on_the_page_and_its_map(client: Client) -> None:
    last = timezone.localdate().year - 1
    lon, lat = 102.45, 22.47
    for n in range(7):  # two kilometres north a year, seen every January
        one = Site(taxon=mimosa(), name=f"Biên {n}", day=date(last - 6 + n, 1, 10), hectares=0.5)
        one.put(shapely.Point(lon, lat + n * 2000 / 110_750))
        make(one)
        again = Site(taxon=mimosa(), name=f"Thấy lại {n}", day=date(last - 6 + n, 6, 10), hectares=0.5)
        again.put(shapely.Point(lon + 0.001, lat + n * 2000 / 110_750))  # in the same square: counts no more
        make(again)
    (told,) = queries.spreads(of("lan"))
    assert len(told.places) == 7
    best = int("".join(c for c in told.speed.split(" m ")[0] if c.isdigit()))
    assert best == pytest.approx(2000, abs=15) and "m mỗi năm (khoảng tin cậy 95 %" in told.speed
    client.force_login(of("lan"))
    page = client.get("/ngoai-lai/").content.decode()
    assert told.speed in page and f"đến hết năm {last}" in page and 'id="fronts"' in page
    inside = dict(queries.fronts(told))
    assert max(inside) == last and shapely.covers(inside[last], inside[last - 1])


def test_a_blurred_record_names_no_commune_and_no_first_day(client: Client) -> None:
    today, there = timezone.localdate(), "12/03463"
    one, later = site(today - timedelta(20)), site(today - timedelta(3))
    # guarded for the sake of something near: who may not know the place sees the middle of a grid in the next commune
    Site.objects.filter(pk=one.pk).update(disclosure=1, shown_area_path=there)
    assert (HERE, one.day) in [(f.area_path, f.day) for f in queries.firsts(of("lan"))]
    pao, sung = of("pao"), of("sung")  # of Tà Tổng, of Mù Cả
    assert queries.firsts(pao) == [] and queries.fresh_firsts(pao, one.day) == []
    assert [f.day for f in queries.fresh_firsts(sung, one.day)] == [later.day]
    client.force_login(pao)
    page = client.get("/ngoai-lai/").content.decode()
    assert (
        "Không có loài nào trong danh mục được ghi nhận lần đầu" in page and "chỉ biết nơi gần đúng" in page
    )
    assert "lần đầu ghi nhận loài này ở xã" not in client.get(f"/so/invasive-site/{one.pk}/").content.decode()


def test_a_front_whose_limits_hold_nought_is_told_as_unknown_first() -> None:
    days = [date(2019 + n, 3, 1) for n in range(6)]
    metres = [0.0, 9000.0, 500.0, 8000.0, 200.0, 5000.0]
    places = [queries.Place(day, 102.5, 22.4, m) for day, m in zip(days, metres, strict=True)]
    assert queries.speed(places).startswith("chưa rõ biên có dời: khoảng tin cậy 95 % từ -")
