"""Fire: P and levels as the tables say, gaps and −99 told, FIRMS files of here and elsewhere, alerts and verdicts."""

import json
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.exceptions import ValidationError
from django.db.models import F
from django.test import Client
from django.utils import timezone
from docx import Document
from tests.custody.cases import of
from tests.habitats.map_in_test import refused

from baoton.fire import queries
from baoton.fire.models import Alert, Bulletin, Fire, Hotspot, Permit, Quiet, Station, Table, Weather, Zoned
from baoton.habitats.models import Work
from baoton.kit import blobs
from baoton.kit.importing import run_file
from baoton.kit.kinds.moment import clock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Duty
from baoton.places.queries import outlines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
HERE, DAY = "12/03451", date(2026, 3, 1)


def make(row: Any, who: str = "dung") -> Any:
    return write.create(REGISTERS[row._meta.label_lower], of(who), row)


def do(row: Any, verb: str, who: str = "dung", **said: Any) -> Any:
    return write.act(REGISTERS[row._meta.label_lower], of(who), type(row).objects.get(pk=row.pk), verb, said)


def spot() -> Any:
    return outlines()[HERE].representative_point()


@pytest.fixture
def station(province: None) -> Station:
    one = Station(name="Mù Cả", code="MC")
    one.put(spot())
    made: Station = make(one)
    make(Zoned(station=made, area_path=HERE))
    return made


def dry(station: Station, days: int, t: float = 30, rh: float = 50, **more: Any) -> None:
    for n in range(days):
        make(Weather(station=station, day=DAY + timedelta(n), t13=t, rh13=rh, rain_mm=0, **more))


def table(**more: Any) -> Table:
    limits = {"level1": 1000, "level2": 2000, "level3": 3000, "level4": 4000, "reset_mm": 6, **more}
    made: Table = make(Table(decision="QĐ thử", since=date(2026, 1, 1), **limits))
    return made


def last(station: Station) -> Weather:
    return Weather.objects.filter(station=station, withdrawn__isnull=True).order_by("-day")[0]


def test_a_code_given_twice_is_refused_in_the_words_of_the_book(station: Station) -> None:
    with pytest.raises(ValidationError, match="Trạm có Mã trạm đã tồn tại"):
        Station(name="khác", code="MC", area_path=HERE).full_clean()


def test_p_adds_up_and_has_a_level_only_once_the_province_has_its_table(
    station: Station, client: Client
) -> None:
    dry(station, 3, wind_kmh=10)
    each = 30 * 6.112 * 2.718281828 ** (17.62 * 30 / (243.12 + 30)) * 0.5
    assert (last(station).p_high, last(station).level, last(station).danger) == (
        round(3 * each, 1),
        None,
        None,
    )
    client.force_login(of("lan"))
    page = client.get("/chay-rung/").content.decode()
    assert "Chưa nhập bảng cấp cháy rừng của tỉnh" in page and "chưa rõ" in page
    table()
    assert (last(station).level, last(station).danger) == (2, 0)  # 1,909
    dry_more = DAY + timedelta(3)
    make(Weather(station=station, day=dry_more, t13=38, rh13=10, rain_mm=6))
    assert (last(station).level, last(station).danger) == (5, 1)
    page = client.get("/chay-rung/").content.decode()
    assert "quá cũ để nói cấp của ngày này" in page and "Cấp cháy rừng theo xã, phường" not in page
    page = client.get(f"/chay-rung/?ngay={dry_more}").content.decode()
    assert "Cấp theo QĐ thử" in page and "Cấp cháy rừng theo xã, phường" in page
    make(Weather(station=station, day=dry_more + timedelta(1), t13=38, rh13=10, rain_mm=6.1))
    assert (last(station).p_high, last(station).level) == (0, 1)
    with pytest.raises(ValidationError, match="lớn hơn cấp trước"):
        table(level2=500)


@pytest.mark.once
def test_the_page_leads_nobody_to_a_station_he_may_not_open(station: Station, client: Client) -> None:
    dry(station, 2)
    for who, opens in (("dung", 200), ("pao", 404)):  # Pao answers for another commune
        client.force_login(of(who))
        address = REGISTERS["fire.station"].url(station)
        assert client.get(address).status_code == opens
        told = client.get("/chay-rung/", {"ngay": f"{DAY + timedelta(1)}"}).content.decode()
        assert "Mù Cả" in told and (f'href="{address}"' in told) is (opens == 200)


def test_rain_between_the_two_remembered_limits_leaves_p_between_two_numbers(station: Station) -> None:
    dry(station, 2)
    make(Weather(station=station, day=DAY + timedelta(2), t13=30, rh13=50, rain_mm=6))
    assert last(station).p_low == 0 and (last(station).p_high or 0) > 1900
    now = queries.now(DAY + timedelta(2))[0]
    assert now.p.startswith("0–") and now.level is None


def test_a_missing_day_is_told_and_p_is_unknown_until_rain(station: Station, client: Client) -> None:
    table()
    dry(station, 2)
    make(Weather(station=station, day=DAY + timedelta(3), t13=30, rh13=50, rain_mm=0))
    assert (last(station).p_high, last(station).level) == (None, None)
    client.force_login(of("dung"))
    text = client.get(f"/so/fire-station/{station.pk}/").content.decode()
    assert "1 ngày thiếu số liệu" in text and "03/03/2026" in text


def test_minus_99_in_a_file_is_missing_data_and_said_so(station: Station, tmp_path: Path) -> None:
    path = tmp_path / "thoi-tiet.csv"
    path.write_text(
        "station,date,temperature_13h,humidity_13h,rain_24h_mm\nMC,2026-03-01,30,50,-99\nMC,2026-03-02,30,50,0\n",
        encoding="utf-8",
    )
    done = run_file(of("dung"), path, "fire.weather")
    assert done.counts["total"]["created"] == 2, done.counts
    told = json.dumps(done.warnings, ensure_ascii=False)
    assert "−99, −999 là mã của máy khi thiếu số liệu" in told
    assert list(Weather.objects.order_by("day").values_list("rain_mm", flat=True)) == [None, 0.0]
    with pytest.raises(ValidationError, match="nhỏ hơn 0"):
        REGISTERS["fire.weather"].field("rain_mm").cell("-99", of("dung"))  # type: ignore[union-attr]


def firms(path: Path, rows: list[tuple[float, float, str, str]]) -> Path:
    head = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,"
    head += "satellite,instrument,confidence,version,frp,daynight"
    body = [f"{lat},{lon},330.1,0.4,0.4,{day},{time},N,VIIRS,n,2.0NRT,4.5,D" for lat, lon, day, time in rows]
    path.write_text("\n".join([head, *body]) + "\n", encoding="utf-8")
    return path


def test_a_firms_file_makes_one_alert_of_what_is_near_and_sends_it_to_whoever_is_on_duty(
    tmp_path: Path,
) -> None:
    sung = of("sung")
    Duty.objects.create(
        person=sung,
        area_path=HERE,
        since=timezone.localdate(),
        until=timezone.localdate(),
        organisation="ubnd_03451",
    )
    x, y = spot().x, spot().y
    rows = [(y, x, "2026-03-01", "615"), (y + 0.004, x, "2026-03-01", "0615"), (y, x, "2026-03-09", "1830")]
    done = run_file(
        of("dung"), firms(tmp_path / "a.csv", [*rows, (16.0, 107.0, "2026-03-01", "0615")]), "fire.hotspot"
    )
    total = done.counts["total"]
    assert (total["created"], total["left_out"], total["refused"]) == (3, 1, 0), done.counts
    again = run_file(of("dung"), firms(tmp_path / "b.csv", rows), "fire.hotspot")
    assert (again.counts["total"]["created"], again.counts["total"]["unchanged"]) == (0, 3)
    alerts = list(Alert.objects.order_by("first"))
    assert [(a.size, a.area_path, a.officer, a.routed) for a in alerts] == [
        (2, HERE, sung, "duty"), (1, HERE, sung, "duty"),
    ]  # fmt: skip
    first = timezone.localtime(
        datetime.fromtimestamp(alerts[0].first / 1000, tz=timezone.get_current_timezone())
    )
    assert f"{first:%d/%m/%Y %H:%M}" == "01/03/2026 13:15"  # the file's time is UTC


def test_of_a_file_of_another_country_every_row_is_left_out_with_one_sentence(tmp_path: Path) -> None:
    path = firms(tmp_path / "a.csv", [(-5.5, 148.4 + n / 10, "2026-03-01", "0025") for n in range(4)])
    done = run_file(of("dung"), path, "fire.hotspot")
    assert not Hotspot.objects.exists() and not Alert.objects.exists()
    assert done.counts["total"]["left_out"] == 4 and done.counts["total"]["refused"] == 0
    (told,) = {one["message"] for one in done.counts["first"]["left_out"]}
    assert told == "Điểm nằm ngoài tỉnh Lai Châu nên để lại; nếu cả tệp như thế thì đây là tệp của nơi khác."


def test_a_list_in_json_and_a_shapefile_are_read_like_the_table(tmp_path: Path) -> None:
    x, y = spot().x, spot().y
    one = {
        "latitude": y,
        "longitude": x,
        "brightness": 330.5,
        "acq_date": "2026-03-01",
        "acq_time": "0615",
        "frp": 12.5,
    }
    (tmp_path / "f.json").write_text(json.dumps([one, {**one, "latitude": 10.0}, "?"]), encoding="utf-8")
    done = run_file(of("dung"), tmp_path / "f.json", "fire.hotspot")
    assert (done.counts["total"]["created"], done.counts["total"]["left_out"]) == (1, 1), done.counts
    places = shapely.to_wkb(np.array([shapely.Point(x + 0.1, y), shapely.Point(100, 10)]))
    columns = [np.array([330.0, 331.0]), *(np.array([w, w], object) for w in ("2026-03-01", "0615", "N"))]
    names = ["BRIGHTNESS", "ACQ_DATE", "ACQ_TIME", "SATELLITE"]
    pyogrio.raw.write(tmp_path / "f.shp", places, columns, names, geometry_type="Point", crs="EPSG:4326")
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as packed:
        for end in ("shp", "shx", "dbf", "prj"):
            packed.write(tmp_path / f"f.{end}", f"f.{end}")
    done = run_file(of("dung"), tmp_path / "f.zip", "fire.hotspot")
    assert (done.counts["total"]["created"], done.counts["total"]["left_out"]) == (1, 1), done.counts
    first, second = Hotspot.objects.order_by("min_x")
    assert first.at == second.at and (first.frp, second.brightness) == (12.5, 330.0)


@pytest.mark.outside
def test_a_real_firms_file_of_the_sea_brings_nothing_in(shared: Path) -> None:
    done = run_file(of("dung"), shared / "data/weather_fire/firms_modis_nrt_sea_20180523.csv", "fire.hotspot")
    assert not Hotspot.objects.exists() and done.counts["total"]["refused"] == 0, done.counts


def hot(lon: float, lat: float, hour: int = 6, day: date = DAY) -> Hotspot:
    at = round(timezone.make_aware(datetime(day.year, day.month, day.day, hour)).timestamp() * 1000)
    one = Hotspot(at=at, satellite="N")
    one.put_point(lon, lat)
    made: Hotspot = make(one)
    return Hotspot.objects.select_related("alert").get(pk=made.pk)


def test_a_verdict_has_its_minutes_and_the_page_counts_them(client: Client) -> None:
    x, y = spot().x, spot().y
    one, two = hot(x, y).alert, hot(x, y, day=DAY + timedelta(9)).alert
    assert one is not None and two is not None and one.pk != two.pk
    Alert.objects.update(told=F("first") + 3_600_000)
    with pytest.raises(ValidationError, match="trước cả lúc vệ tinh thấy"):
        do(one, "fire", "sung", at=one.first - 1)
    assert do(one, "fire", "sung", at=one.first + 3_600_000 + 42 * 60_000, note="Cháy 2 ha").minutes == 42
    do(two, "false", "sung", at=two.first + 3_600_000, note="Bếp lò")
    client.force_login(of("lan"))
    page = client.get("/chay-rung/tra-loi/?nam=2026").content.decode()
    assert "50 % (1/2)" in page and '<td class="num">21</td>' in page
    again = hot(x + 0.002, y, 8).alert
    assert again is not None and again.pk == one.pk and Alert.objects.get(pk=one.pk).size == 2
    assert Alert.objects.count() == 2
    fresh = hot(
        x, y, 9, DAY + timedelta(9)
    ).alert  # what was judged no fire is told anew when it is seen again
    assert fresh is not None and fresh.pk != two.pk and fresh.status == "waiting"


def test_what_is_muted_reaches_nobody_and_is_shown_with_its_reason(client: Client) -> None:
    kiln = Quiet(name="Lò gạch", why="đốt quanh năm", since=date(2026, 1, 1))
    kiln.put(spot())
    make(kiln)
    x, y = spot().x, spot().y
    one = hot(x, y + 0.003).alert
    assert one is not None and (one.routed, one.officer) == ("muted", None)
    client.force_login(of("lan"))
    assert "1 cảnh báo đã bị tắt, kèm lý do" in client.get("/chay-rung/").content.decode()
    assert (
        "nguồn nhiệt đã biết: Lò gạch (đốt quanh năm)"
        in client.get("/so/fire-alert/?mute=1").content.decode()
    )
    far = hot(x, y + 0.02, 12).alert
    assert far is not None and far.muted == ""


def leave(**more: Any) -> Permit:
    """A permit to burn around the spot, from 5 to 16 o'clock."""
    one = Permit(**({"holder": "Giàng A Páo", "what": "nương", "given_by": "Chủ tịch xã", "since": DAY, "until": DAY,
                     "from_hour": 5, "to_hour": 16} | more))  # fmt: skip
    one.put(spot().buffer(0.001))
    made: Permit = make(one, "sung")
    return made


def test_an_alert_within_a_permit_is_told_so_and_a_person_still_says_what_it_was(client: Client) -> None:
    paper = leave()
    x, y = spot().x, spot().y
    one = hot(x, y).alert
    assert one is not None and one.permit is None  # nobody has given it yet
    issued = do(paper, "issue", "sung")
    assert issued.number.endswith("/GP-ĐN") and (issued.hectares or 0) > 3
    words = "\n".join(p.text for p in Document(str(blobs.path_of(issued.paper))).paragraphs)
    assert "Giàng A Páo đốt nương" in words and "từ 5 giờ đến 16 giờ" in words
    one = Alert.objects.get(pk=one.pk)
    assert (one.permit, one.status, one.muted) == (issued, "waiting", "")
    client.force_login(of("sung"))
    page = client.get(REGISTERS["fire.alert"].url(one)).content.decode()
    assert "cả 1 điểm nóng cách nơi được đốt không quá 500 m" in page and "Đây chỉ là gợi ý" in page
    today = client.get(f"/chay-rung/?ngay={DAY}").content.decode()
    assert "trong giấy phép đốt, chờ kết luận" in today and "Hôm ấy có 1 giấy phép đốt" in today
    work = Work(name="Khoanh nuôi suối Nậm", kind="regeneration", year=2026)
    work.put(spot().buffer(0.002))
    make(work, "lan")
    assert "Khoanh nuôi suối Nậm</a>" in client.get(REGISTERS["fire.alert"].url(one)).content.decode()
    late = hot(x + 0.004, y, 23).alert  # the same cluster, at night
    assert late is not None and late.pk == one.pk and Alert.objects.get(pk=one.pk).permit is None
    page = client.get(REGISTERS["fire.alert"].url(one)).content.decode()
    assert "trong 2 điểm nóng có 0 điểm cách nơi được đốt quá 500 m, 1 điểm ngoài ngày, giờ được phép" in page


def test_how_often_the_permits_guessed_right_is_counted_by_verdicts(client: Client) -> None:
    do(leave(until=DAY + timedelta(9)), "enter", "sung", number="07/2026")
    x, y = spot().x, spot().y
    one, two = hot(x, y).alert, hot(x, y, day=DAY + timedelta(9)).alert
    assert one is not None and two is not None
    do(one, "permitted", "sung", note="đúng giấy số 07")
    do(two, "fire", "sung", note="lan vào rừng")
    client.force_login(of("lan"))
    page = client.get("/chay-rung/tra-loi/?nam=2026").content.decode()
    assert '<td class="num">2</td><td class="num">1/2</td><td class="num">50 % (1/2)</td>' in page


@pytest.mark.once
def test_a_permit_that_was_handed_out_is_ended_not_rewritten() -> None:
    paper = do(leave(), "issue", "sung")
    with pytest.raises(ValidationError, match="thì không sửa; hãy thu hồi"):
        write.edit(REGISTERS["fire.permit"], of("sung"), paper, {"holder": "Người khác"})
    with pytest.raises(ValidationError, match="Đốt qua nửa đêm thì lập hai giấy"):
        leave(from_hour=20, to_hour=4)
    with pytest.raises(ValidationError, match="Ngày cuối được đốt đứng trước"):
        leave(until=DAY - timedelta(1))
    one = hot(spot().x, spot().y).alert
    assert one is not None and one.permit == paper
    Permit.objects.filter(pk=paper.pk).update(ended=None)
    ended = do(paper, "end", "sung", reason="gió to")
    assert ended.ended and Alert.objects.get(pk=one.pk).permit == paper  # it burnt while that still held
    Permit.objects.filter(pk=paper.pk).update(ended=one.first)
    assert queries.permit_of(queries.spots_of(one)) is None


def test_a_hotspot_taken_back_takes_its_alert_along_while_nobody_answered() -> None:
    one = hot(spot().x, spot().y)
    write.withdraw(REGISTERS["fire.hotspot"], of("dung"), one, "nhầm")
    assert Alert.objects.get(pk=one.alert_id).withdrawn is not None


def test_a_bulletin_is_issued_with_what_is_known_and_keeps_it(station: Station) -> None:
    table()
    one = make(Bulletin(day=DAY))
    with pytest.raises(NotNow, match="chưa trạm nào có đủ"):
        do(one, "issue")
    dry(station, 1, t=38, rh=5)
    Table.objects.update(level1=10, level2=20, level3=30, level4=4000)
    issued = do(one, "issue")
    assert issued.number.endswith("/BT-CCR") and issued.rows[0]["level"] == "IV"
    text = "\n".join(p.text for p in Document(str(blobs.path_of(issued.paper))).paragraphs)
    assert "Cấp theo QĐ thử" in text and "Mù Cả (cấp IV)" in text


def test_a_drawn_fire_has_its_area_and_never_none() -> None:
    fire = Fire(day=DAY, forest="special")
    fire.put(spot().buffer(0.001))
    assert (make(fire).hectares or 0) > 3
    with pytest.raises(ValidationError, match="phải lớn hơn 0"):
        make(Fire(day=DAY, forest="special", area_path=HERE, hectares=0))


def test_rain_too_little_to_be_measured_is_none_and_said_so(
    station: Station, client: Client, tmp_path: Path
) -> None:
    path = tmp_path / "mua.csv"
    lines = [
        "01/03/2026,25,60,vết",
        "02/03/2026,26,61,Không mưa",
        "03/03/2026,26,61,3",
        "04/03/2026,26,61,-99",
    ]
    path.write_text(
        "Trạm,Ngày,Nhiệt độ 13h,Độ ẩm 13h,Lượng mưa\n" + "".join(f"{station},{x}\n" for x in lines)
    )
    batch = run_file(of("dung"), path, target="fire.weather")
    assert batch.counts["total"]["created"] == 4
    assert list(Weather.objects.order_by("day").values_list("rain_mm", flat=True)) == [0, 0, 3, None]
    client.force_login(of("lan"))
    assert "mưa không đo được (dưới 0,1 mm); ghi là 0" in client.get(f"/nhap/{batch.pk}/").content.decode()


def test_a_hotspot_file_whose_times_may_be_of_another_clock_is_not_guessed_at(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    times = ("13:30 ICT", "2560", "1:30 PM", "", "630", "6:30 UTC", "06:30:12")
    rows = "".join(f"22.{40 + i},102.6,2026-11-20,{t},N\n" for i, t in enumerate(times))
    path.write_text(
        "latitude,longitude,acq_date,acq_time,satellite\n" + rows + "22.49,102.6,20/11/2026,0630,N\n"
    )
    batch = run_file(of("dung"), path, target="fire.hotspot")
    assert batch.counts["total"]["created"] == 4 == Hotspot.objects.count()
    assert {f"{clock(at):%d/%m/%Y %H:%M}" for at in Hotspot.objects.values_list("at", flat=True)} == {
        "20/11/2026 13:30"
    }
    words = [told for _rule, told in refused(batch).values()]
    assert len(words) == 4 and "ghi “13:30 ICT”, không phải giờ quốc tế (UTC)" in words[0]
    assert all("ngoài địa bàn" not in told for told in words), "one fault is one sentence"
    path.write_text("latitude,longitude,acq_date,acq_time_local,satellite\n22.4,102.6,2026-11-20,1330,N\n")
    ((_rule, told),) = refused(run_file(of("dung"), path, target="fire.hotspot")).values()
    assert "cần cột acq_time, giờ quốc tế (UTC)" in told
