"""The one predicate: what a union of grants opens, and what it never doubles, hides or betrays."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoton.kit.access import Scope
from baoton.kit.reading.door import Door
from baoton.kit.reading.listing import BadCursor, count, page
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset, Occurrence
from baoton.taxa.models import Group

pytestmark = pytest.mark.django_db
NAME = "observations.occurrence"
COMMUNES = ("12/03388", "12/03451", "12/03463", "")
SHOWN = ("12/03451", "12/03463", "")
BODIES = ("kiem_lam", "so_nnmt")
GROUPS = (Group.MAMMAL, Group.PLANT)


@dataclass
class Holder:
    """Somebody with the given scopes."""

    see: Sequence[Scope] = ()
    precise: Sequence[Scope] = ()
    actor_id: str = "x"
    actor_name: str = "x"
    held: dict[str, Sequence[Scope]] = field(default_factory=dict)

    def scopes(self, verb: str) -> Sequence[Scope]:
        return {f"{NAME}.see": self.see, f"{NAME}.see_precise": self.precise}.get(verb, ())


@pytest.fixture
def rows(db: None) -> list[Occurrence]:
    """Every combination of true commune, shown commune, owner, group and disclosure, each once."""
    dataset = Dataset.objects.create(code="thử", title="thử")
    made = []
    for area in COMMUNES:
        for owner in BODIES:
            for group in GROUPS:
                for level in (0, 1, 2):
                    shown = area if level == 0 else ("12/03463" if level == 1 else "")
                    row = Occurrence(
                        dataset=dataset,
                        occurrence_id=str(uuid.uuid4()),
                        scientific_name="Thử nghiệm",
                        organisation=owner,
                        taxon_group=group,
                        area_path=area,
                        shown_area_path=shown,
                        disclosure=level,
                        locality="hang đá bí mật",
                        extra={"verbatimLocality": "hang đá bí mật"},
                        status="draft",
                        sort_day=len(made) // 7,
                    )
                    row.put_point(103.123456, 22.123456)
                    row.shown_x, row.shown_y = (
                        (103.123456, 22.123456)
                        if level == 0
                        else ((103.15, 22.15) if level == 1 else (None, None))
                    )
                    made.append(row)
    Occurrence.objects.bulk_create(made)
    return made


def covers(scope: Scope, row: Any, area: str = "area_path") -> bool:
    """The rule of a scope, told in plain Python: the oracle the database is compared with."""
    path = getattr(row, area)
    return (
        (not scope.area_path or path == scope.area_path or path.startswith(f"{scope.area_path}/"))
        and (not scope.organisation or row.organisation == scope.organisation)
        and (not scope.taxon_group or row.taxon_group == scope.taxon_group)
    )


SCOPES = st.lists(
    st.builds(
        Scope,
        st.sampled_from(["", "12", "12/03451", "12/03463"]),
        st.sampled_from(["", *BODIES]),
        st.sampled_from(["", *[str(g) for g in GROUPS]]),
    ),
    max_size=3,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCOPES, SCOPES)
def test_a_union_of_grants_opens_each_row_once_and_masks_what_no_grant_opens(
    rows: list[Occurrence], see: list[Scope], precise: list[Scope]
) -> None:
    door = Door.of(Holder(see, precise), NAME, Occurrence, None)
    found = list(door.open())
    assert len({r.pk for r in found}) == len(found) == door.rows().count()
    got = {r.pk: r for r in found}
    for row in rows:
        sharp = any(covers(s, row) and (not s.taxon_group or row.disclosure == 0) for s in precise)
        seen = sharp or any(covers(s, row, "shown_area_path") for s in see)
        assert (row.pk in got) == seen
        if seen:
            mine = got[row.pk]
            assert mine.door_precise == (sharp or row.disclosure == 0)
            assert (mine.locality == "hang đá bí mật") == mine.door_precise
            assert (mine.lon == 103.123456) == mine.door_precise
            assert mine.area_path == (row.area_path if mine.door_precise else row.shown_area_path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCOPES, SCOPES, st.sampled_from(["12/03451", "12/03463", "12/03388", "12"]))
def test_a_filter_by_area_asks_only_the_place_the_reader_may_know(
    rows: list[Occurrence], see: list[Scope], precise: list[Scope], asked: str
) -> None:
    register = REGISTERS[NAME]
    door = Door.of(Holder(see, precise), NAME, Occurrence, None)
    found = {r.pk for r in door.open(register.filtered(door, {"area": asked}))}
    known = {r.pk: r for r in door.open()}
    expected = {pk for pk, r in known.items() if r.area_path == asked or r.area_path.startswith(f"{asked}/")}
    assert found == expected


def test_whoever_holds_nothing_sees_nothing(rows: list[Occurrence]) -> None:
    assert not Door.of(Holder(), NAME, Occurrence, None).rows().exists()


def test_columns_named_door_betray_no_more_than_objects(rows: list[Occurrence]) -> None:
    door = Door.of(Holder(see=[Scope()]), NAME, Occurrence, None)
    for line in door.open().values("disclosure", "door_x", "door_locality", "door_extra", "door_geom"):
        if line["disclosure"]:
            assert line["door_x"] != 103.123456 and line["door_locality"] == ""
            assert not line["door_extra"] and line["door_geom"] is None


def test_a_masked_record_refuses_to_be_saved(rows: list[Occurrence]) -> None:
    masked = next(
        r for r in Door.of(Holder(see=[Scope()]), NAME, Occurrence, None).open() if not r.door_precise
    )
    with pytest.raises(ValueError, match="masked"):
        masked.save()


def walk(size: int) -> tuple[list[Any], list[Any]]:
    register = REGISTERS[NAME]
    door = Door.of(Holder(see=[Scope()], precise=[Scope()]), NAME, Occurrence, None)
    seen, cursor, last = [], "", None
    while True:
        last = page(register, door.open(), cursor, size)
        seen += [r.pk for r in last.records]
        if not last.following:
            break
        cursor = last.following
    back, cursor = [r.pk for r in last.records], last.previous
    while cursor:
        last = page(register, door.open(), cursor, size)
        back = [r.pk for r in last.records] + back
        cursor = last.previous
    return seen, back


@pytest.mark.parametrize("size", [1, 5, 7, 48, 100])
def test_pages_show_every_row_once_forwards_and_backwards(rows: list[Occurrence], size: int) -> None:
    expected = [o.pk for o in Occurrence.objects.order_by("-sort_day", "-id")]
    seen, back = walk(size)
    assert seen == expected
    assert back == expected


def test_a_made_up_cursor_is_refused(rows: list[Occurrence]) -> None:
    door = Door.of(Holder(see=[Scope()], precise=[Scope()]), NAME, Occurrence, None)
    for cursor in ("abc", "W10", "eyJhIjoxfQ"):
        with pytest.raises(BadCursor):
            page(REGISTERS[NAME], door.open(), cursor)


def test_a_count_stops_at_its_limit_and_says_so(
    rows: list[Occurrence], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baoton.kit.reading.listing.COUNT_LIMIT", 10)
    told = count(Occurrence.objects.all())
    assert (told.number, told.exact) == (10, False)
    assert count(Occurrence.objects.all(), exact=True).number == len(rows)
