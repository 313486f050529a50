"""Records that tell of one meeting are found, pointed at each other, and taken back; real repeats survive."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox, write
from baoton.kit.writing.refusal import NotNow
from baoton.observations import twins
from baoton.observations.models import Dataset, Event, Measurement, Occurrence, Twin
from baoton.observations.queries import verified
from baoton.observations.twins.likeness import Told, alike, pairs
from baoton.people.models import Person
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon

V = REGISTERS["observations.occurrence"]
SETS = [uuid4(), uuid4()]
M = 1 / 111_320


def meeting(**more: Any) -> Told:
    given: dict[str, Any] = {
        "id": uuid4(), "species": "vượn", "day": 739_000, "lon": 102.9, "lat": 22.4, "unsure": 30.0,
        "by": "Lò Văn Dũng", "count": 2, "words": ("", "", "2024-04-24"), "visit": None, "dataset": SETS[0],
        "commune": "12/03451", "presence": "present",
    }  # fmt: skip
    return Told(**{**given, **more})


@pytest.mark.parametrize(
    "more",
    [
        {}, {"day": 739_001}, {"lat": 22.4 + 480 * M}, {"by": "Vàng A Pao; Lò Văn Dũng"}, {"by": "L. V. Dũng, Pao"},
        {"by": ""}, {"count": None}, {"lon": None, "lat": None}, {"dataset": SETS[1]}, {"unsure": 3_000, "lat": 22.42},
        {"words": ("đực", "", "2024-04-24")},
    ],
)  # fmt: skip
def test_one_meeting_told_twice_is_seen(more: dict[str, Any]) -> None:
    assert alike(meeting(), meeting(**more)) and alike(meeting(**more), meeting())


@pytest.mark.parametrize(
    "more",
    [
        {"species": "voọc"}, {"day": 739_002}, {"lat": 22.4 + 700 * M}, {"by": "Vàng A Pao"}, {"count": 3},
        {"presence": "absent"}, {"lon": None, "lat": None, "commune": "12/03460"}, {"day": 0},
        {"lon": None, "lat": None, "commune": ""}, {"unsure": 9_000_000, "lat": 22.9},
    ],
)  # fmt: skip
def test_two_meetings_are_left_alone(more: dict[str, Any]) -> None:
    assert not alike(meeting(), meeting(**more))
    if "words" not in more:
        assert not alike(meeting(words=("đực", "", "")), meeting(words=("cái", "", "")))


def test_repeats_within_one_visit_survive_unless_they_agree_in_every_word() -> None:
    visit = uuid4()
    burst = [meeting(visit=visit, words=("", "", f"2024-04-24T08:0{n}")) for n in range(4)]
    herd = [meeting(visit=visit, count=n) for n in (1, 2, 3)]
    assert not list(pairs(burst)) and not list(pairs(herd))
    assert len(list(pairs([meeting(visit=visit), meeting(visit=visit)]))) == 1


@given(
    st.lists(
        st.tuples(st.integers(739_000, 739_006), st.integers(0, 9), st.sampled_from(["A", "B"])), max_size=25
    )
)
def test_blocks_find_exactly_the_pairs_that_comparing_all_finds(drawn: list[tuple[int, int, str]]) -> None:
    rows = [meeting(day=d, lat=22.4 + 200 * n * M, species=s) for d, n, s in drawn]
    every = {frozenset((a.id, b.id)) for i, a in enumerate(rows) for b in rows[i + 1 :] if alike(a, b)}
    found = [frozenset((a.id, b.id)) for a, b, _why in pairs(rows)]
    assert len(found) == len(set(found)) and set(found) == every


@pytest.fixture
def loaded(db: None) -> None:
    load_places()
    load_taxa()


def seen(level: int = 0, code: str = "d", north: float = 0.0, status: str = "draft") -> Occurrence:
    taxon = Taxon.objects.filter(sensitivity=level, taxon_group="mammal", rank="species", status="accepted")
    row = Occurrence(
        day_start=date(2026, 5, 2), recorded_by="Lò Văn Dũng", taxon=taxon.order_by("scientific_name")[0],
        dataset=Dataset.objects.get_or_create(code=code, defaults={"title": code})[0], individual_count=2,
    )  # fmt: skip
    row.put_point(102.9012, 22.4107 + north * M)
    saved: Occurrence = write.create(V, System(), row)
    return write.act(V, System(), saved, "verify", {"reason": "rõ"}) if status == "verified" else saved


def again(row: Occurrence) -> Occurrence:
    return Occurrence.objects.get(pk=row.pk)


@pytest.mark.usefixtures("loaded")
def test_a_twin_points_at_the_kept_one_counts_no_more_and_comes_back_as_it_stood() -> None:
    kept, told = seen(status="verified"), seen(code="e", north=40, status="verified")
    assert [one.pk for one, _why in twins.candidates(System(), kept)] == [told.pk]
    assert verified().count() == 2
    write.act(V, System(), again(told), "same", {"other": kept.pk, "reason": "hai người cùng ghi"})
    outbox.drain()
    assert verified().count() == 1 and again(told).status == "duplicate" and again(kept).status == "verified"
    assert twins.told(System(), again(told))["kept"].pk == kept.pk
    assert [one.pk for one in twins.told(System(), again(kept))["twins"]] == [told.pk]
    assert not twins.candidates(System(), again(kept))
    write.act(V, System(), again(told), "unsame", {"reason": "nhầm"})
    assert again(told).status == "verified" and verified().count() == 2 and not Twin.objects.exists()


@pytest.mark.usefixtures("loaded")
def test_a_kept_record_is_not_refused_while_others_point_at_it_and_a_withdrawn_one_is_told() -> None:
    kept, told = seen(), seen(code="e")
    write.act(V, System(), again(told), "same", {"other": kept.pk})
    with pytest.raises(ValidationError, match="bỏ ghi trùng ở đó trước"):
        write.act(V, System(), again(kept), "refuse", {"reason": "ảnh mờ"})
    assert not twins.told(System(), again(told))["lost"]
    write.withdraw(V, System(), again(kept), "nhầm")
    assert twins.told(System(), again(told))["lost"]


@pytest.mark.usefixtures("loaded")
def test_two_said_to_be_apart_are_not_asked_again_and_what_cannot_be_is_refused() -> None:
    one, other = seen(), seen(code="e")
    write.act(V, System(), again(one), "apart", {"other": other.pk})
    assert not twins.candidates(System(), again(one)) and not twins.candidates(System(), again(other))
    for wrong in (one.pk, uuid4(), None):
        with pytest.raises((NotNow, ValidationError)):
            write.act(V, System(), again(one), "same", {"other": wrong})
    third = seen(code="f")
    write.act(V, System(), again(third), "same", {"other": one.pk})
    with pytest.raises(NotNow, match="đang chờ xác minh hoặc đã xác minh"):
        write.act(V, System(), again(one), "same", {"other": third.pk})
    with pytest.raises(NotNow, match="bỏ ghi trùng trước"):
        write.act(V, System(), again(one), "apart", {"other": third.pk})


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("told", ["measured", "asked"])
def test_two_groups_heard_at_one_visit_are_told_apart_by_what_was_told_of_them(told: str) -> None:
    one, other = seen(), seen()
    visit = Event.objects.create(dataset=one.dataset, event_id="nghe-1", day_start=one.day_start)
    Occurrence.objects.filter(pk__in=[one.pk, other.pk]).update(event=visit)
    assert [o.pk for o, _why in twins.candidates(System(), again(one))] == [other.pk]
    for row, value in ((one, "40"), (other, "215")):
        if told == "asked":
            Occurrence.objects.filter(pk=row.pk).update(extra={"huong": value})
            continue
        Measurement.objects.create(
            dataset=row.dataset, occurrence=row, measurement_type="góc", measurement_value=value
        )
    assert not twins.candidates(System(), again(one))


@pytest.mark.usefixtures("loaded")
def test_the_more_guarded_one_is_not_what_an_open_one_points_at() -> None:
    guarded, open_ = seen(1), seen(0, code="e", north=90_000)
    Occurrence.objects.filter(pk=open_.pk).update(taxon=guarded.taxon)
    with pytest.raises(NotNow, match="giữ kín hơn"):
        write.act(V, System(), again(open_), "same", {"other": guarded.pk})


@pytest.mark.usefixtures("province", "db")
def test_the_pages_list_compare_and_decide() -> None:
    browser = Client()
    browser.force_login(Person.objects.get(username="lan"))
    kept, told = seen(), seen(code="e", north=40)
    listed = browser.get("/trung-lap/?nam=2026").content.decode()
    assert f"/trung-lap/{kept.pk}/{told.pk}/" in listed and "cách nhau 40 m" in listed
    page = browser.get(f"/trung-lap/{kept.pk}/{told.pk}/").content.decode()
    assert "Có phải cùng một lần gặp?" in page and "Bản này trùng; giữ bản kia" in page
    answer = browser.post(
        f"{V.url(told)}lam/same/", {"other": str(kept.pk), "next": "/trung-lap/"}, follow=True
    )
    assert "Đã ghi là trùng" in answer.content.decode()
    assert again(told).status == "duplicate"
    assert str(told.pk) not in browser.get("/trung-lap/?nam=2026").content.decode()
    assert f"/so/{V.slug}/{kept.pk}/" in browser.get(V.url(told)).content.decode()
    browser.force_login(Person.objects.get(username="pao"))
    assert browser.get("/trung-lap/").status_code == 403
