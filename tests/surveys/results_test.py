"""A campaign from its design to its results: sample, files to the field, and what comes back."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils.translation import override

from baoton.kit.access import System
from baoton.kit.models import ImportBatch
from baoton.kit.pages.record import history
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.observations.models import Event, Occurrence
from baoton.places.queries import commune_choices
from baoton.surveys import actions
from baoton.surveys.design.facts import in_words
from baoton.surveys.design.sample import Wanted
from baoton.surveys.models import Campaign, Protocol, Site, Visit
from baoton.surveys.protocols.asked import form_of
from baoton.surveys.protocols.workbook import template
from baoton.surveys.queries import progress
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


def campaign(code: str = "diem_nghe_vuon", species: str = "Nomascus concolor", **more: Any) -> Campaign:
    """An agreed campaign of two communes with a drawn sample."""
    area = next(p for p, name in commune_choices() if name.endswith("Mù Cả"))
    values: dict[str, Any] = {
        "name": "Vượn Mù Cả", "question": "Còn bao nhiêu đàn?", "area_path": area, "day_start": date(2026, 3, 1),
        "day_end": date(2026, 5, 31), "teams": "Tổ 1; Tổ 2", "organisation": "kiem_lam", "visits_each": 2,
    }  # fmt: skip
    made: Campaign = write.create(
        REGISTERS["surveys.campaign"],
        System(),
        Campaign(
            protocol=Protocol.objects.get(code=code),
            taxon=Taxon.objects.filter(scientific_name=species).first(),
            **(values | more),
        ),
    )
    actions.draw_sample(System(), made, Wanted(sites=6, reserve=2, seed=7))
    made.refresh_from_db()
    return write.act(REGISTERS["surveys.campaign"], System(), made, "agree", {"reason": "đủ để ước lượng"})


def heard(day: date, who: str, hours: float) -> dict[str, Any]:
    return {
        "Ngày": day,
        "Người điều tra": who,
        "Giờ bắt đầu": "05:30",
        "Số giờ nghe (giờ)": hours,
        "Gió": "lặng",
    }


def filled(one: Campaign, path: Path, visits: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Path:
    """The campaign's own workbook with cells written into it."""
    assert one.protocol is not None
    sites = list(one.sites.filter(status="planned").order_by("position"))
    return written(template(one, form_of(one.protocol), sites), path, visits, rows)


def written(workbook: bytes, path: Path, visits: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Path:
    """A workbook with cells of visits and rows under their heads."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for sheet, lines in ((book.worksheets[0], visits), (book.worksheets[1], rows)):
        heads = [c.value for c in sheet[1]]
        for r, line in enumerate(lines, 2):
            for head, value in line.items():
                sheet.cell(r, heads.index(head) + 1, value)
    book.save(path)
    return path


def test_a_sample_is_spread_in_order_and_the_same_seed_draws_it_again() -> None:
    one = campaign()
    sites = list(one.sites.filter(withdrawn__isnull=True).order_by("position"))
    assert [s.status for s in sites] == ["planned"] * 6 + ["reserve"] * 2
    assert {s.area_path for s in sites} == {one.area_path}
    assert all(s.inclusion and s.inclusion > 0 for s in sites)
    assert "số khởi đầu 7; 2 điểm dự phòng mỗi tầng" in in_words(one.drawing) and "km²" in in_words(
        one.drawing
    )
    with override("en"):
        told = in_words(one.drawing)
    assert "seed 7" in told and "số khởi đầu" not in told and "cả khu vực" not in told
    with override("en"):
        told = str(history(System(), REGISTERS["surveys.campaign"], one, True))
    assert "seed 7" in told and "%(" not in told, "what changed is told in words, not as it is stored"
    assert in_words("Rút tay năm 2019.") == "Rút tay năm 2019.", "words of before stay as they were written"
    from baoton.surveys.design.sample import draw

    again = draw(one, Wanted(sites=6, reserve=2, seed=7)).sites
    assert [(s.lon, s.lat) for s in again] == [(s.lon, s.lat) for s in sites]


def test_a_cost_that_is_not_written_is_no_nought() -> None:
    from baoton.surveys.design.numbers import cost_of

    assert cost_of(Campaign(cost_visit=300), 6, 12) is None
    assert cost_of(Campaign(cost_site=0, cost_visit=300), 6, 12) == 3_600


def test_a_line_that_fits_nowhere_in_its_area_is_told() -> None:
    from baoton.surveys.design.sample import draw

    with pytest.raises(NotNow, match=r"Tuyến dài 50\.?000 m chỉ nằm gọn trong tầng “.+” ở 0 nơi, cần 2"):
        draw(campaign(), Wanted(sites=2, shape="line", size=50_000, seed=7))
    assert "nằm gọn" not in draw(campaign(), Wanted(sites=2, shape="line", size=10, edge=100, seed=7)).told


def test_a_visit_taken_back_stands_no_longer_though_its_site_was_withdrawn_before(tmp_path: Path) -> None:
    one = campaign()
    path = filled(one, tmp_path / "ket-qua.xlsx", [heard(date(2026, 3, 10), "Pao", 4)], [])
    done = actions.take_in(System(), one, path, path.name, dry=False)
    write.withdraw(REGISTERS["surveys.site"], System(), Visit.objects.get().site, "ghi nhầm")
    actions.take_back(System(), one, done)
    assert not Visit.objects.filter(withdrawn__isnull=True).exists()


def test_a_workbook_taken_in_english_is_read_by_who_works_in_vietnamese(tmp_path: Path) -> None:
    one = campaign()
    with override("en"):
        visit = {"Observers": "Pao", "Start time": "05:30", "Hours of listening (hours)": 4, "Wind": "lặng"}
        path = filled(one, tmp_path / "sent.xlsx", [{"Day": date(2026, 3, 10)} | visit], [])
    done = actions.take_in(System(), one, path, path.name, dry=False)
    total = done.counts["total"]  # the visit, and that the species was looked for in vain
    assert (total["created"], total["refused"]) == (2, 0)
    assert Visit.objects.get().effort_unit == "giờ"
    with override("en"):
        assert progress(System(), one, date(2026, 4, 1)).whole.effort == [(4.0, "hours")]


def test_results_in_excel_become_visits_with_effort_once_however_often_they_are_sent(tmp_path: Path) -> None:
    one = campaign()
    visits = [
        heard(date(2026, 3, 10), "Pao", 4),
        heard(date(2026, 3, 11), "Sùng", 3.5),
    ]
    first = one.sites.get(position=1)
    rows = [
        {"Mã điểm": first.code, "Lượt": 1, "Hướng la bàn (độ)": 120, "Khoảng cách ước lượng (m)": 800,
         "Giờ bắt đầu hót": "06:05", "Kiểu hót": "hót đôi", "Số con ước lượng": 3},
    ]  # fmt: skip
    path = filled(one, tmp_path / "ket-qua.xlsx", visits, rows)
    dry = actions.take_in(System(), one, path, path.name)
    assert dry.state == ImportBatch.State.CHECKED, dry.counts
    assert not Visit.objects.exists()
    done = actions.write_down(System(), one, dry)
    assert done.state == ImportBatch.State.DONE, done.counts
    assert actions.refusals(done) == []
    made = {v.site.code: v for v in Visit.objects.select_related("site", "protocol")}
    assert sorted(made) == [first.code, one.sites.get(position=2).code]
    assert made[first.code].effort == 4 and made[first.code].effort_unit == "giờ"
    assert made[first.code].protocol == one.protocol
    seen = Occurrence.objects.filter(withdrawn__isnull=True)
    assert sorted(seen.values_list("occurrence_status", flat=True)) == ["absent", "present"]
    assert seen.get(occurrence_status="present").extra["kieu_hot"] == "doi"
    again = actions.take_in(System(), one, path, path.name, dry=False)
    assert again.counts["total"]["created"] == 0 and again.counts["total"]["refused"] == 0, again.counts[
        "total"
    ]
    assert Visit.objects.count() == 2 and Event.objects.count() == 2
    actions.take_back(System(), one, done)
    assert not Visit.objects.filter(withdrawn__isnull=True).exists()
    assert set(Site.objects.filter(campaign=one).values_list("visited", flat=True)) == {0}
