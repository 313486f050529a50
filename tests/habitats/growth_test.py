"""What becomes of a planting: plots, living trees with an interval, care, minutes that pass or not, photo points."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
import shapely
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.custody.cases import of
from tests.habitats.works_test import DONE, do, done, make, planned, species

import rulebook
from baoton.files.actions import keeping
from baoton.files.queries import of_record
from baoton.habitats.models import Acceptance, Care, Counted, PhotoPoint, Planting, Plot, Regrowth, Work
from baoton.habitats.works import growing
from baoton.habitats.works.scenes import photograph
from baoton.kit import blobs
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.outbox import drain
from baoton.kit.writing.refusal import NotNow
from baoton.plan import figures
from baoton.plan.queries import values
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
COUNTED = DONE + timedelta(60)


def planted(x: float = 0, name: str = "Alnus nepalensis") -> tuple[Work, Planting]:
    work = planned(x, 2, "native")
    tree = species(work, name, certificate="NG 1")
    return do(do(work, "approve", despite="có đề án"), "carry_out", on=DONE), tree


def count(plot: Plot, tree: Planting, alive: int, of_: int = 50, day: date = COUNTED) -> Counted:
    made: Counted = make(Counted(plot=plot, planting=tree, day=day, planted=of_, alive=alive))
    return made


def plots(work: Work, n: int) -> list[Plot]:
    do(work, "lay_plots", plots=n)
    return list(work.plots.order_by("number"))


def test_plots_stand_inside_the_work_and_the_same_work_gives_the_same_plots() -> None:
    work, _tree = planted()
    found = plots(work, 5)
    ground = shapely.from_wkb(bytes(work.geom or b""))
    places = [shapely.from_wkb(bytes(p.geom or b"")) for p in found]
    assert [p.number for p in found] == [1, 2, 3, 4, 5] and all(shapely.contains(ground, at) for at in places)
    Plot.objects.all().delete()
    again = [shapely.from_wkb(bytes(p.geom or b"")) for p in plots(work, 5)]
    assert [at.wkt for at in again] == [at.wkt for at in places]
    assert [p.number for p in plots(work, 2)] == [1, 2, 3, 4, 5, 6, 7]


def test_survival_stands_with_its_interval_by_year_and_in_the_figures(client: Client) -> None:
    figures.compute([2026])
    work, tree = planted()
    one, other = plots(work, 2)
    count(one, tree, 50, day=DONE + timedelta(5))
    count(one, tree, 44)  # counted again: the last count of the year stands
    wrong = count(other, tree, 36)
    drain()
    told = values(2026)["habitats.survival"]
    assert (round(told.value, 1), round(told.low, 1), round(told.high, 1)) == (80.0, 71.1, 86.7)
    client.force_login(of("lan"))
    assert "80 % (71–87 %)" in client.get(f"/so/habitats-work/{work.pk}/").content.decode()
    write.withdraw(REGISTERS["habitats.counted"], of("lan"), wrong, "ghi nhầm ô")
    drain()
    assert values(2026)["habitats.survival"].value == 88.0
    assert not figures.differences([i for i in figures.INDICATORS.values() if i.name == "habitats.survival"])


def test_a_count_is_never_above_what_was_planted_and_stands_at_its_own_work() -> None:
    work, tree = planted()
    one, other = plots(work, 2)
    with pytest.raises(ValidationError, match="không thể nhiều hơn số cây đã trồng trong ô"):
        count(one, tree, 51)
    count(one, tree, 300, 300)
    with pytest.raises(ValidationError, match="Các ô cộng lại 550 cây mà công trình chỉ trồng 500 cây"):
        count(other, tree, 1, 250)
    with pytest.raises(ValidationError, match="trước ngày làm xong"):
        count(other, tree, 1, 10, DONE - timedelta(1))
    _elsewhere, strange = planted(4)
    with pytest.raises(ValidationError, match="được trồng ở công trình khác"):
        count(other, strange, 1, 10)
    with pytest.raises(ValidationError, match="chỉ có 56,"):
        make(Care(work=work, day=COUNTED, what="weed", hectares=900))


def test_the_form_of_a_count_offers_the_species_of_its_own_work_alone(client: Client) -> None:
    work, _tree = planted()
    planted(4, "Betula alnoides")
    (plot,) = plots(work, 1)
    client.force_login(of("dung"))
    form = client.get(f"/so/habitats-counted/moi/?plot={plot.pk}").content.decode()
    offered = form.partition('name="planting"')[2].partition("</select>")[0]
    assert offered.count("<option") == 2 and "Tống quá sủ" in offered


def test_regeneration_is_told_per_hectare_of_the_plots(client: Client) -> None:
    work = done(0, 2)
    for plot, stems in zip(plots(work, 2), (12, 18), strict=True):
        make(Regrowth(plot=plot, day=COUNTED, height="tall", stems=stems))
    assert growing.regrown(work) == [(2026, 2, 30, 1500.0)]
    client.force_login(of("lan"))
    assert "1.500" in client.get(f"/so/habitats-work/{work.pk}/").content.decode()


def accept(work: Work, **more: Any) -> Acceptance:
    given = {"outcome": "passed", "basis": "hợp đồng", "members": "Xã; kiểm lâm", "day": COUNTED, **more}
    made: Acceptance = make(Acceptance(work=work, **given))
    return made


def test_minutes_rest_on_counts_and_on_the_rule_of_their_day(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, tree = planted()
    one = accept(work)
    with pytest.raises(NotNow, match="Chưa đếm cây ở ô nào trong năm 2026"):
        do(one, "sign")
    count(plots(work, 1)[0], tree, 40)
    client.force_login(of("lan"))
    page = client.get(f"/so/habitats-acceptance/{one.pk}/").content.decode()
    assert "chưa đọc được: người nghiệm thu kết luận" in page and "năm thứ 1" in page
    signed = do(one, "sign")
    assert (signed.planted, signed.alive) == (50, 40) and signed.number
    said = "\n".join(
        [p.text for p in docx.Document(BytesIO(blobs.path_of(signed.paper).read_bytes())).paragraphs]
        + [
            c.text
            for t in docx.Document(BytesIO(blobs.path_of(signed.paper).read_bytes())).tables
            for c in t._cells
        ]
    )
    assert "80 % (67–89 %)" in said and "Tống quá sủ" in said and "đạt. Căn cứ: hợp đồng" in said
    value = rulebook.param_value(growing.RULE, on=COUNTED)
    told = replace(value, value={1: 85, 2: 80}, source="quy định thử")
    monkeypatch.setattr(rulebook, "param_value", lambda *_a, **_k: told)
    with pytest.raises(NotNow, match="Tỷ lệ sống 80 % thấp hơn 85 % theo quy định thử"):
        do(accept(work), "sign")
    with pytest.raises(ValidationError, match="ghi phần hỏng bao nhiêu ha"):
        accept(work, outcome="part")
    assert do(accept(work, outcome="part", failed_ha=1), "sign").status == "signed"


def photo(colour: str, name: str) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_two_photos_of_a_point_are_compared_by_whoever_may_know_its_place(client: Client) -> None:
    Taxon.objects.filter(scientific_name="Panax vietnamensis").update(sensitivity=2)
    work, _tree = planted(0, "Panax vietnamensis")
    point = PhotoPoint(work=work, name="Gốc dẻ", bearing=45)
    point.put(shapely.from_wkb(bytes(work.geom or b"")).centroid)
    made = make(point)
    assert made.disclosure == 2
    address = f"/phuc-hoi/diem-anh/{made.pk}/"
    client.force_login(of("dung"))
    assert "Cần ít nhất hai ảnh" in client.get(address).content.decode()
    keep = keeping()
    for name in ("2026.jpg", "2027.jpg"):
        keep(of("lan"), made, [photo("green", name)])
    keep(of("lan"), made, [SimpleUploadedFile("hỏng.jpg", "không phải ảnh".encode(), "image/jpeg")])
    assert "So sánh 2 ảnh" in client.get(f"/so/habitats-photopoint/{made.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert "2026.jpg" in page and "2027.jpg" in page and "data-slide" in page
    assert "hỏng.jpg" not in page, "what cannot be opened is not offered"
    client.force_login(of("sung"))
    assert client.get(address).status_code == 404


def test_the_demonstration_photographs_one_view_from_one_place_on_several_days(client: Client) -> None:
    work, _tree = planted()
    views = photograph([work], date(2026, 11, 15))
    point = PhotoPoint.objects.get(work=work)
    photos = list(of_record(point))
    assert [f"{p.taken:%Y-%m-%d}" for p in photos if p.taken] == [v["day"] for v in views] and len(views) == 3
    assert {v["bearing"] for v in views} == {point.bearing}
    assert all("cách 0 m" in p.exif_note for p in photos), photos[0].exif_note
    client.force_login(of("dung"))
    page = client.get(f"/phuc-hoi/diem-anh/{point.pk}/").content.decode()
    assert f"hướng {point.bearing}°" in page and "ảnh mô phỏng" in page and page.count("<option") == 6
    for photo in (photos[0], photos[-1]):
        assert str(photo.pk) in page and client.get(f"/minh-chung/{photo.pk}/tep").status_code == 200
