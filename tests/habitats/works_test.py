"""Works of restoration: ground counted once, species looked up before they are planted, each mistake one sentence."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.custody.cases import of
from tests.habitats.ground import MU_CA, square

from baoton.habitats.models import Planting, Restored, Work
from baoton.habitats.topology import area_m2
from baoton.habitats.works.ground import cut, rebuild
from baoton.kit.kinds.geometry import sound
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.outbox import drain
from baoton.kit.writing.refusal import NotNow
from baoton.plan import figures
from baoton.plan.queries import INDICATORS, values
from baoton.taxa.models import Taxon

READ, DONE = date(2025, 11, 20), date(2026, 3, 1)


def make(row: Any, who: str = "lan") -> Any:
    return write.create(REGISTERS[row._meta.label_lower], of(who), row)


def do(row: Any, verb: str, who: str = "lan", **said: Any) -> Any:
    return write.act(REGISTERS[row._meta.label_lower], of(who), type(row).objects.get(pk=row.pk), verb, said)


def planned(x: float, side: int = 1, kind: str = "regeneration", **more: Any) -> Work:
    row = Work(name=f"Lô {x}", kind=kind, year=more.pop("year", 2026), area_path=MU_CA, **more)
    row.put(shapely.union_all([square(x + i, 0) for i in range(side)]))
    made: Work = make(row)
    return made


def done(x: float, side: int = 1, kind: str = "regeneration", on: date = DONE, **more: Any) -> Work:
    made: Work = do(do(planned(x, side, kind, **more), "approve"), "carry_out", on=on)
    return made


def species(work: Work, name: str, **more: Any) -> Planting:
    taxon = Taxon.objects.get(scientific_name=name)
    made: Planting = make(Planting(work=work, taxon=taxon, count=500, source="Vườn ươm xã", **more))
    return made


def counted(kind: str) -> float:
    return sum(r.m2 for r in Restored.objects.filter(kind=kind, withdrawn__isnull=True)) / 10_000


def area(x: float, side: int) -> float:
    return float(area_m2([shapely.union_all([square(x + i, 0) for i in range(side)])])[0]) / 10_000


boxes = st.lists(st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(1, 6)] * 2), min_size=1, max_size=12)


@pytest.mark.once
@settings(max_examples=60, deadline=None)
@given(boxes)
def test_no_set_of_works_counts_a_square_metre_twice(found: list[tuple[int, int, int, int]]) -> None:
    shapes = [shapely.box(x, y, x + w, y + h) for x, y, w, h in found]
    parts = cut(shapes)
    assert sum(p.area for p in parts) == pytest.approx(shapely.union_all(shapes).area)
    grid = np.array(
        [[shapely.contains_xy(p, x + 0.5, y + 0.5) for p in parts] for x in range(18) for y in range(18)]
    )
    assert grid.sum(axis=1).max() <= 1
    assert all(p.is_empty or shapely.covers(s, p) for s, p in zip(shapes, parts, strict=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_hectares_of_a_year_are_the_union_of_its_works_whatever_is_changed() -> None:
    figures.compute([2026])
    one, other = done(0, 2), done(1, 2, on=DONE + timedelta(1))
    done(1, 1, "wetland", DONE + timedelta(2))
    assert counted("regeneration") == pytest.approx(area(0, 3), abs=1e-3)
    drain()
    told = {k: v.value for k, v in values(2026).items() if k.startswith("habitats.restored")}
    assert told["habitats.restored"] == pytest.approx(area(0, 3), abs=1e-3)
    assert told["habitats.restored_wetland"] == pytest.approx(area(1, 1), abs=1e-3)
    assert values(2026, MU_CA)["habitats.restored"].value == pytest.approx(area(0, 3), abs=1e-3)
    write.withdraw(REGISTERS["habitats.work"], of("lan"), Work.objects.get(pk=one.pk), "vẽ nhầm")
    assert counted("regeneration") == pytest.approx(area(1, 2), abs=1e-3)
    moved = Work.objects.get(pk=other.pk)
    write.edit(REGISTERS["habitats.work"], of("lan"), moved, {"geom": square(5, 0)})
    assert counted("regeneration") == pytest.approx(area(5, 1), abs=1e-3)
    kept = sorted((r.work_id, r.m2, r.m2_once) for r in Restored.objects.all())
    rebuild()
    assert kept == sorted((r.work_id, r.m2, r.m2_once) for r in Restored.objects.all())
    drain()
    assert not figures.differences(
        [one for one in INDICATORS.values() if one.register == "habitats.restored"]
    )


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_species_and_certified_sources_count_once_they_are_planted() -> None:
    figures.compute([2026])
    work = planned(0, kind="native")
    species(work, "Alnus nepalensis", certificate="NG-1")
    species(work, "Canarium album")
    other = planned(3, kind="enrichment")
    species(other, "Castanopsis indica", certificate="NG-1")

    def told(area: str = "") -> list[float | None]:
        drain()
        found = values(2026, area)
        return [found[f"habitats.{k}"].value for k in ("native_species", "seed_sources")]

    assert told() == [None, None], "planned is not planted"
    work, other = (do(do(one, "approve", despite="thử"), "carry_out", on=DONE) for one in (work, other))
    assert told() == told(MU_CA) == [2, 1], "one source in two works is one"
    write.withdraw(REGISTERS["habitats.work"], of("lan"), Work.objects.get(pk=work.pk), "vẽ nhầm")
    assert told() == [None, 1]
    mine = [one for one in INDICATORS.values() if one.register == "habitats.planting"]
    assert not figures.differences(mine)


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_the_page_shows_what_a_work_shares_with_others_and_what_it_adds(client: Client) -> None:
    done(0, 2)
    two = done(1, 2, on=DONE + timedelta(1))
    again = planned(2, 1, earlier=two)
    client.force_login(of("lan"))
    text = client.get(f"/so/habitats-work/{two.pk}/").content.decode()
    ha = f"{area(2, 1):.2f}".replace(".", ",")
    assert "Chồng lên công trình khác" in text and "Lô 0" in text
    assert f"tính vào số liệu năm 2026: {ha} ha trong loại này" in text
    assert "đã tính ở công trình cùng loại khác trong năm" in text
    assert f"/so/habitats-work/{again.pk}/" in text and "Phần hỏng được làm lại ở" in text


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_species_are_refused_or_asked_by_the_lists_of_the_day() -> None:
    work = planned(0, 1, "native")
    with pytest.raises(NotNow, match="Chưa ghi loài cây nào"):
        do(work, "approve")
    bad = species(work, "Mimosa pigra")
    with pytest.raises(ValidationError, match="69/2025"):
        do(work, "approve")
    do(work, "approve", despite="Chờ đọc danh mục mới")
    with pytest.raises(NotNow, match=r"Mimosa pigra.*35/2018/TT-BTNMT, Phụ lục 1: không trồng"):
        do(work, "carry_out", on=READ)
    write.withdraw(REGISTERS["habitats.planting"], of("lan"), bad, "không trồng nữa")
    species(work, "Alnus nepalensis", certificate="NG 1")
    assert do(work, "carry_out", on=DONE).status == "done"


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_the_place_of_a_work_with_a_guarded_species_is_told_to_whoever_may_know_it(client: Client) -> None:
    Taxon.objects.filter(scientific_name="Panax vietnamensis").update(sensitivity=2)
    open_ = planned(0, 2, "native")
    secret = planned(1, 2, "native")
    species(secret, "Panax vietnamensis", certificate="NG 9")
    species(open_, "Alnus nepalensis", certificate="NG 1")
    for one in (secret, open_):
        do(do(one, "approve", despite="có đề án"), "carry_out", on=DONE)
    assert Work.objects.get(pk=secret.pk).disclosure == 2
    for name, told in (("dung", True), ("sung", False), ("hoa", False)):
        client.force_login(of(name))
        text = client.get(f"/so/habitats-work/{secret.pk}/").content.decode()
        assert ("Lô 1" in text) is told, name
        listed = client.get(f"/so/habitats-work/{open_.pk}/").content.decode()
        assert ("Lô 1" in listed) is told, name
        assert "đã tính ở công trình cùng loại khác" not in listed, name
        rows = REGISTERS["habitats.restored"].door(of(name)).rows()
        assert rows.filter(work=secret).exists() is told and rows.filter(work=open_).exists(), name


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_each_mistake_is_told_in_one_sentence() -> None:
    with pytest.raises(ValidationError, match=r"Năm của vụ \(2025\) trước năm ký hợp đồng \(2026\)"):
        planned(0, year=2025, contract_day=DONE)
    work = do(planned(0, contract_day=DONE), "approve")
    with pytest.raises(ValidationError, match="không thể trước ngày ký hợp đồng"):
        do(work, "carry_out", on=DONE - timedelta(1))
    with pytest.raises(ValidationError, match="Ngày này chưa đến"):
        do(work, "carry_out", on=timezone.localdate() + timedelta(1))
    with pytest.raises(ValidationError, match="chưa làm xong trước vụ này"):
        planned(1, earlier=work)
    with pytest.raises(NotNow, match="Chưa khoanh vùng"):
        do(make(Work(name="Chưa vẽ", kind="wetland", year=2026, area_path=MU_CA)), "approve")
    west, south, east, north = square(0, 0).bounds
    crossing = f"POLYGON(({west} {south},{east} {north},{east} {south},{west} {north},{west} {south}))"
    with pytest.raises(ValidationError, match="Hình tự cắt hoặc hỏng tại"):
        sound(shapely.from_wkt(crossing))
    twice = shapely.MultiPolygon([square(0, 0), square(0.5, 0)])
    with pytest.raises(ValidationError, match="Hình tự cắt hoặc hỏng tại"):
        sound(twice)  # a work that overlaps itself
