"""A campaign spread over teams and days along short ways; a visit noted on a phone; its report by commune."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.facilities.cases import MU_CA, SYSTEM, TA_TONG, act, book, facility, stock
from tests.facilities.pages_test import signed_in

from baoton.facilities.actions import campaigns, fieldwork, routes
from baoton.facilities.models import Campaign, Counted, Finding, Inspection
from baoton.files.queries import of_record
from baoton.kit.writing import write
from rulebook.workdays import is_working_day

TODAY = date(2026, 11, 16)
in_province = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def at(key: str, x: float, y: float) -> routes.Stop:
    return routes.Stop(key, (x, y), True)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(102, 104), st.floats(21, 23)), min_size=1, max_size=12), st.integers(1, 4)
)
def test_every_facility_is_on_exactly_one_way_and_the_order_is_no_longer_than_given(
    places: list[tuple[float, float]], teams: int
) -> None:
    stops = [at(str(i), x, y) for i, (x, y) in enumerate(places)]
    way = routes.ordered(stops)
    pieces = routes.shared(way, teams)
    assert sorted(s.key for p in pieces for s in p) == sorted(s.key for s in stops)
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 1
    from_north = sorted(stops, key=lambda s: (-s.at[1], s.at[0], s.key))  # type: ignore[index]
    assert routes.length(way) <= routes.length([from_north[0], *from_north[1:]]) + 1e-6 or len(stops) > 3


def test_a_way_along_a_line_is_as_long_as_the_line() -> None:
    stops = [at("b", 103.0, 22.5), at("d", 103.0, 22.1), at("a", 103.0, 22.7), at("c", 103.0, 22.3)]
    way = routes.ordered(stops)
    assert [s.key for s in way] == ["a", "b", "c", "d"]
    assert routes.length(way) == pytest.approx(routes.metres((103.0, 22.7), (103.0, 22.1)), rel=1e-6)


@pytest.mark.parametrize(("many", "days"), [(1, 20), (7, 20), (20, 20), (33, 20)])
def test_visits_are_spread_evenly_over_the_days_in_their_order(many: int, days: int) -> None:
    told = routes.days_for(many, [TODAY + timedelta(i) for i in range(days)])
    assert told == sorted(told) and len(told) == many
    per = [told.count(d) for d in set(told)]
    assert max(per) - min(per) <= 1 and max(per) <= -(-many // days)


@pytest.fixture
def campaign(db: Any, province: None) -> Campaign:
    today = timezone.localdate()
    made: Campaign = write.create(
        book("campaign"), SYSTEM,
        Campaign(
            name="Đợt cuối năm", begins=today, ends=today + timedelta(60), organisation="kiem_lam",
            teams="Đoàn 1: Lò Văn Dũng\nĐoàn 2: Tẩn Mai",
        ),
    )  # fmt: skip
    return made


@pytest.mark.usefixtures("campaign")
class TestOfACampaign:
    def test_ticked_facilities_are_shared_among_teams_on_working_days(self, campaign: Campaign) -> None:
        places = [facility(f"Trại {i}", area=MU_CA if i % 2 else TA_TONG) for i in range(5)]
        browser = signed_in("dung")
        page = browser.get("/kiem-tra/ke-hoach/", {"campaign": str(campaign.pk)}).content.decode()
        assert "Đợt cuối năm" in page and "selected" in page
        browser.post(
            "/kiem-tra/ke-hoach/", {"pick": [str(p.pk) for p in places], "campaign": str(campaign.pk)}
        )
        made = list(Inspection.objects.filter(campaign=campaign))
        assert {v.facility_id for v in made} == {p.pk for p in places}
        by = {team: [v for v in made if v.team == team] for team in campaigns.teams_of(campaign)}
        assert sorted(len(v) for v in by.values()) == [2, 3]
        assert all(campaign.begins <= v.day <= campaign.ends and is_working_day(v.day) for v in made)
        assert len({(v.day.year, v.day.month) for v in made}) > 1
        told = campaigns.report(SYSTEM, campaign)
        assert dict(told["rows"])["Xã Tà Tổng"] == [3, 0, None, None, None] and told["total"][:2] == [5, 0]
        assert sum(w["guessed"] for w in told["ways"]) == 5 and len(told["overlay"]) == 2
        assert (
            len({o["kind"] for o in told["overlay"]} - {"shape"}) == 2
        )  # told apart, and the map shows both whole
        text = browser.get(book("campaign").url(campaign)).content.decode()
        assert "không phải đường đi" in text and "đặt tạm ở giữa xã" in text

    def test_a_decided_plan_takes_no_more_by_the_plan_page_and_an_empty_one_is_not_decided(
        self, campaign: Campaign
    ) -> None:
        from baoton.kit.writing.refusal import NotNow

        with pytest.raises(NotNow, match="chưa có cuộc kiểm tra"):
            act("campaign", campaign, "decide")
        one = facility()
        write.create(
            book("inspection"),
            SYSTEM,
            Inspection(facility=one, kind="planned", day=campaign.begins, campaign=campaign),
        )
        decided = act("campaign", campaign, "decide")
        with pytest.raises(ValidationError, match="đã ban hành"):
            campaigns.spread(SYSTEM, decided, [(book("facility").get(SYSTEM, one.pk), "x")])
        with pytest.raises(NotNow, match="Còn 1 cuộc"):
            act("campaign", decided, "close")

    def test_the_report_counts_what_was_found_and_mended_by_commune(self, campaign: Campaign) -> None:
        one = write.create(
            book("inspection"), SYSTEM,
            Inspection(facility=facility(), kind="planned", day=campaign.begins, campaign=campaign),
        )  # fmt: skip
        one = act("inspection", one, "start")
        for what in ("thiếu biển", "chuồng hỏng"):
            write.create(book("finding"), SYSTEM, Finding(inspection=one, what=what, due=campaign.ends))
        one = act("inspection", one, "finish", checklist="sổ", summary="x")
        act(
            "finding",
            Finding.objects.get(what="thiếu biển"),
            "close",
            closed_on=campaign.begins,
            how="đã lắp",
        )
        assert dict(campaigns.report(SYSTEM, campaign)["rows"])["Xã Mù Cả"] == [1, 1, 2, 1, 0]
        assert campaigns.report(signed_person("minh"), campaign)["rows"] == []


def signed_person(name: str) -> Any:
    from baoton.people.models import Person

    return Person.objects.get(username=name)


@pytest.fixture
def visit(db: Any, province: None) -> Inspection:
    held = stock(facility(), since=date(2024, 1, 5))
    held = act("stock", held, "opening", kind="dam", amount=4, note="kiểm đếm")
    made: Inspection = write.create(
        book("inspection"), SYSTEM,
        Inspection(facility=held.facility, kind="planned", day=timezone.localdate(), organisation="kiem_lam"),
    )  # fmt: skip
    return made


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return SimpleUploadedFile("chuong.jpg", out.getvalue(), "image/jpeg")


def test_a_team_notes_points_counts_findings_and_photos_on_one_page_and_ends_with_the_minute(
    visit: Inspection,
) -> None:
    browser, page = signed_in("dung"), f"/kiem-tra/{visit.pk}/"
    assert "Bắt đầu kiểm tra" in browser.get(page).content.decode()
    browser.post(page, {"begin": "1"})
    told = browser.get(page).content.decode()
    assert "Đánh dấu cá thể" in told and "đếm thấy" in told
    dam = Counted.objects.get(inspection=visit, kind="dam")
    due = timezone.localdate() + timedelta(10)
    said = {"point0": "yes", "point1": "no", "note1": "lưới thủng", f"count-{dam.pk}": "3"}
    said |= {"what0": "vá lưới", "due0": due.isoformat(), "keep": "1"}
    browser.post(page, {**said, "photos": [photo()]})
    visit.refresh_from_db()
    dam.refresh_from_db()
    assert [p["state"] for p in visit.points.values()] == ["yes", "no"] and dam.counted == 3
    assert Finding.objects.get().due == due and of_record(visit).count() == 1
    browser.post(page, {"end": "1", "summary": "thiếu một con"})
    visit.refresh_from_db()
    assert (
        visit.status == "finished" and visit.number.startswith("01/BB") and "Chuồng trại" in visit.checklist
    )
    assert Finding.objects.count() == 2  # the difference became one too


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"what0": "vá lưới", "due0": "hôm nào"}, "Không đọc được ngày"),
        ({"count": "ba con"}, "ba con"),
        ({"count": "-2"}, "-2"),
        ({"end": "1", "summary": "x"}, "chưa đếm"),
        ({"point0": "có lẽ"}, "không có trong danh mục"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_typed_is_lost(
    visit: Inspection, said: dict[str, str], told: str
) -> None:
    browser, page = signed_in("dung"), f"/kiem-tra/{visit.pk}/"
    browser.post(page, {"begin": "1"})
    dam = Counted.objects.get(inspection=visit, kind="dam")
    if "count" in said:
        said = {f"count-{dam.pk}": said["count"]}
    answer = browser.post(page, {"what1": "chữ đã gõ", **said})
    assert (
        answer.status_code == 200
        and told in answer.content.decode()
        and "chữ đã gõ" in answer.content.decode()
    )
    dam.refresh_from_db()
    visit.refresh_from_db()
    assert dam.counted is None and visit.status == "started"


def test_the_page_of_a_visit_is_the_teams_alone(visit: Inspection) -> None:
    for name in ("minh", "thu", "sung", "hoa"):
        assert signed_in(name).get(f"/kiem-tra/{visit.pk}/").status_code in {403, 404}, name


def test_the_checklist_is_that_of_the_kind_and_day_and_unknown_where_the_rulebook_has_none(
    visit: Inspection,
) -> None:
    _source, known = fieldwork.points_of(visit)
    assert "Đánh dấu cá thể" in known
    visit.day = date(2025, 6, 1)
    assert fieldwork.points_of(visit) == (None, [])
