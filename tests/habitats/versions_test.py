"""Published maps of one place never share a day; what one amounts to is its parcels, square metre by square metre."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from tests.habitats.ground import loaded, row, square, version, written

from baoton.habitats.models import Extent, Parcel, Version
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
BOOK = REGISTERS["habitats.version"]
AREAS = ("12", "12/03451", "12/03463")
FIRST = date(2024, 1, 1)
STEP = st.tuples(
    st.sampled_from(["publish", "reopen", "until", "from"]), st.integers(0, 4), st.integers(0, 40),
    st.one_of(st.none(), st.integers(0, 20)),
)  # fmt: skip


def standing() -> list[Version]:
    return list(Version.objects.filter(status="published", withdrawn__isnull=True))


def share_a_day(one: Version, other: Version) -> bool:
    far = date(9999, 1, 1)
    return one.valid_from <= (other.valid_to or far) and other.valid_from <= (one.valid_to or far)


@given(steps=st.lists(STEP, min_size=4, max_size=12))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_published_maps_of_one_place_never_share_a_day(steps: list[tuple[Any, ...]]) -> None:
    Parcel.objects.all().delete()
    Extent.objects.all().delete()
    Version.objects.all().delete()
    maps = [version(f"Bản đồ {i}", area_path=AREAS[i % 3]) for i in range(5)]
    for one in maps:
        Parcel.objects.create(version=one, code="a")
    for verb, which, days, length in steps:
        one = Version.objects.get(pk=maps[which].pk)
        first = FIRST + timedelta(days=days)
        try:
            if verb in ("publish", "reopen"):
                write.act(BOOK, System(), one, verb, {"reason": "sai"})
            elif verb == "from":
                last = None if length is None else first + timedelta(days=length)
                write.edit(BOOK, System(), one, {"valid_from": first, "valid_to": last})
            else:
                write.edit(BOOK, System(), one, {"valid_to": first})
        except (ValidationError, NotNow):
            continue
        now = standing()
        for i, a in enumerate(now):
            for b in now[i + 1 :]:
                nested = a.area_path.startswith(b.area_path) or b.area_path.startswith(a.area_path)
                assert not (nested and share_a_day(a, b)), (
                    a.valid_from,
                    a.valid_to,
                    b.valid_from,
                    b.valid_to,
                )


def test_what_a_map_amounts_to_follows_its_parcels_and_its_days(tmp_path: Path) -> None:
    one = version("Hiện trạng", "2026-01-01")
    rows = [
        row("a", square(0, 0), "TXB"),
        row("b", square(1, 0), "TXB"),
        row("c", square(2, 0), "DTR", use="SX"),
    ]
    loaded(written(tmp_path / "a.geojson", rows))
    write.act(BOOK, System(), one, "publish", {})
    geod = Geod(ellps="WGS84")
    kept = {e.forest_class: e for e in Extent.objects.all()}
    both = sum(abs(geod.geometry_area_perimeter(square(i, 0))[0]) for i in (0, 1))
    assert kept["medium"].m2 == pytest.approx(both, abs=2) and kept["medium"].forest == "yes"
    assert kept["young"].forest == "no" and kept["medium"].area_path == "12/03451"
    one.refresh_from_db()
    write.edit(BOOK, System(), one, {"valid_to": date(2026, 12, 31)})
    assert set(Extent.objects.values_list("until", flat=True)) == {date(2027, 1, 1)}
    with pytest.raises(ValidationError, match="công bố"):
        write.edit(REGISTERS["habitats.parcel"], System(), Parcel.objects.first(), {"plot": "9"})
    second = version("Hiện trạng sau", "2026-06-01")
    loaded(written(tmp_path / "b.geojson", rows), "Hiện trạng sau")
    with pytest.raises(ValidationError, match="Hiện trạng"):
        write.act(BOOK, System(), second, "publish", {})
    one.refresh_from_db()
    write.act(BOOK, System(), one, "reopen", {"reason": "sai"})
    assert not Extent.objects.exists()
