"""An option while it is drawn: zones laid onto borders by a stated rule, and the table that follows each move."""

from typing import Any

import numpy as np
import pytest
import shapely
from django.test import Client
from tests.habitats.founding_test import made
from tests.habitats.ground import MU_CA, square

from baoton.habitats.models import Option, Parcel, Proposal, Version, Zone
from baoton.habitats.proposals.snapping import snapped
from baoton.habitats.topology import area_m2
from baoton.kit.kinds.words import as_text
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
M = 1 / 110_750  # a metre north in degrees


def wiggly() -> tuple[Any, Any]:
    """Two squares, one north of the other; the side they share bends five metres up and down."""
    west, south, east, north = square(0, 0).bounds
    bends = [(x, north + 5 * M * (-1) ** i) for i, x in enumerate(np.linspace(east, west, 21)[1:-1])]
    side, top = [(east, north), *bends, (west, north)], 2 * north - south
    return shapely.Polygon([(west, south), (east, south), *side]), shapely.Polygon(
        [*side, (west, top), (east, top)]
    )


@pytest.fixture
def option() -> Option:
    """Two zones drawn roughly, up to 12 m beside two parcels of the published map; what they share is one line."""
    version = Version.objects.create(
        title="m", source="thử", valid_from="2026-01-01", status="published", area_path="12"
    )
    for code, shape in zip("ab", wiggly(), strict=True):
        parcel = Parcel(
            version=version, code=code, forest_class="rich", function="protection", area_path=MU_CA
        )
        parcel.put(shape)
        parcel.hectares = float(area_m2([shape])[0]) / 10_000
        parcel.save()
    proposal = made(Proposal, "proposal", title="Khu thử", kind="reserve", day="2026-02-01", invented=True)
    proposal.refresh_from_db()
    one = made(Option, "option", proposal=proposal, name="A", chosen=True)
    west, south, east, north = square(0, 0).bounds
    top = 2 * north - south
    d = 8 * M
    rough = [(west + d, south - d), (east, south + d), (east - d, north), (west, north - d)]
    made(Zone, "zone", shapely.Polygon(rough), option=one, kind="strict")
    made(Zone, "zone", shapely.Polygon([(west, north - d), (east - d, north), (east + d, top), (west, top + d)]),
         option=one, kind="restoration")  # fmt: skip
    return one


def shape_of(zone: Zone) -> Any:
    return shapely.from_wkb(bytes(Zone.objects.get(pk=zone.pk).geom or b""))


def test_zones_are_laid_onto_parcels_as_told_and_only_when_taken(option: Option, client: Client) -> None:
    strict, restoration = option.zones.order_by("-kind")
    before, address = shape_of(strict), f"/rung/phuong-an/{option.pk}/bat-dinh/"
    client.force_login(Person.objects.get(username="lan"))
    page = client.get(REGISTERS["habitats.option"].url(option)).content.decode()
    assert address in page
    told = client.get(address, {"m": "20", "lo": "on"})
    laid = {one.zone.pk: one for one in told.context["laid"]}
    one = laid[strict.pk]
    assert (one.corners, one.moved, one.added) == (4, 4, 19), "the bends between two corners are followed"
    assert one.farthest == pytest.approx(8 * (1 + (0.94) ** 2) ** 0.5, rel=0.05)
    assert one.becomes - one.was == pytest.approx(
        float(np.diff(area_m2([before, wiggly()[0]]))[0]) / 10_000, abs=1e-6
    )
    assert shape_of(strict).equals(before), "nothing moves before it is taken"
    assert "đổi (ha)" in told.content.decode() and "Lấy kết quả này" in told.content.decode()
    given = {"m": "20", "lo": "on", "seen": told.context["seen"]}
    assert client.post(address, given).status_code == 302
    assert shape_of(strict).normalize().equals_exact(wiggly()[0].normalize(), 1e-12)
    assert shape_of(strict).intersection(shape_of(restoration)).area < 1e-12
    assert shape_of(strict).union(shape_of(restoration)).interiors[:] == []
    event = AuditEvent.objects.filter(verb="habitats.zone.edit").latest("id")
    assert "bắt dính 20 m" in event.note and "lô rừng" in event.note
    again = client.post(address, given).content.decode()
    assert "Có người vừa sửa phân khu" in again
    assert "Dung sai từ 0,1 đến 500 mét." in client.get(address, {"m": "-5", "lo": "on"}).content.decode()
    ground = as_text(round(Zone.objects.get(pk=strict.pk).hectares or 0, 2))
    assert f">{ground}<" in client.get("/so/habitats-zone/").content.decode(), "hectares have two digits"
    assert "không có gì để đổi" in client.get(address, {"m": "20", "lo": "on"}).content.decode()


def test_a_tolerance_that_breaks_a_ring_is_refused_with_its_place(option: Option, client: Client) -> None:
    client.force_login(Person.objects.get(username="lan"))
    before = [shape_of(z) for z in option.zones.order_by("id")]
    address = f"/rung/phuong-an/{option.pk}/bat-dinh/"
    west, south, _east, north = square(0, 0).bounds
    thin = shapely.box(west + 20 * M, south + 30 * M, west + 26 * M, north - 30 * M)
    small = Option.objects.get(pk=option.pk)
    zone = Zone(option=small, kind="service")
    zone.put(thin)
    with pytest.raises(
        ValueError, match=r"Bắt dính 40 m làm .* tại 22\.\d+; 102\.\d+; chọn dung sai nhỏ hơn"
    ):
        snapped([zone], 40, False, Version.objects.get())
    assert "Chọn ít nhất một loại ranh giới" in client.get(address, {"m": "20"}).content.decode()
    wide = client.get(address, {"m": "5000", "lo": "on"}).content.decode()
    assert "500" in wide and "Lấy kết quả này" not in wide
    assert [shape_of(z) for z in option.zones.order_by("id")] == before
    client.force_login(Person.objects.get(username="sung"))
    assert client.get(address, {"m": "20", "lo": "on"}).status_code in {403, 404}


def test_the_table_follows_what_is_drawn_and_writes_nothing(option: Option, client: Client) -> None:
    strict = option.zones.get(kind="strict")
    before, events = shape_of(strict), AuditEvent.objects.count()
    west, south, east, north = square(0, 0).bounds
    given = {"record": str(strict.pk), "option": "A", "kind": "strict"}

    def asked(shape: Any, **more: str) -> str:
        answer = client.post("/rung/phan-khu/tinh/", given | {"shape": shapely.to_geojson(shape)} | more)
        return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)

    client.force_login(Person.objects.get(username="lan"))
    half = shapely.box(west, south, (west + east) / 2, north - 20 * M)
    told = asked(half)
    ha = float(area_m2([half])[0]) / 10_000
    words = f"{ha:.2f} ha".replace(".", ",")
    assert words in told and "chưa lưu" in told and "rừng giàu" in told and "Tiêu chí" in told
    assert "Chồng lên" in asked(shapely.box(west, south, east, north + 50 * M))
    bow = '{"type":"Polygon","coordinates":[[[103,22],[103.1,22.1],[103.1,22],[103,22.1],[103,22]]]}'
    answer = client.post("/rung/phan-khu/tinh/", given | {"shape": bow}).content.decode()
    assert "tự cắt" in answer and "<table" not in answer
    assert "ngoài tỉnh" in asked(shapely.box(106, 10, 106.1, 10.1))
    assert "Vẽ xong hình" in client.post("/rung/phan-khu/tinh/", given | {"shape": ""}).content.decode()
    assert words in asked(half, record="", kind="service"), "a new zone is told beside those that stand"
    assert shape_of(strict).equals(before) and AuditEvent.objects.count() == events
    assert 'data-live="/rung/phan-khu/tinh/"' in client.get(
        f"{REGISTERS['habitats.zone'].url(strict)}sua/"
    ).content.decode()  # fmt: skip
    client.force_login(Person.objects.get(username="sung"))
    assert asked(half) in {"403", "404"} and asked(half, record="") in {"403", "404"}
