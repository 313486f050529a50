"""Founding an area: options counted as drawn, criteria judged, nobody lost from a count, the papers."""

import json
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.exceptions import ValidationError
from django.test import Client
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.habitats.ground import MU_CA, square

from baoton.habitats.models import (
    Consultation,
    Effectiveness,
    Opinion,
    Option,
    Parcel,
    Post,
    Proposal,
    Version,
    Zone,
)
from baoton.habitats.proposals import counted, criteria
from baoton.habitats.proposals.papers import DECISION, MINUTES, PROJECT, SUMMARY, coordinates
from baoton.habitats.proposals.sheet import fitting, pdf
from baoton.habitats.proposals.simulate import found
from baoton.habitats.topology import area_m2
from baoton.kit.access import Public, System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.observations.models import Occurrence
from baoton.people.models import Person
from baoton.plan import figures
from baoton.plan.queries import values
from baoton.taxa.models import Taxon
from formats import crs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def book(name: str) -> Any:
    return REGISTERS[f"habitats.{name}"]


def made(model: Any, of: str, shape: Any = None, /, **values: Any) -> Any:
    record = model(**values)
    if shape is not None:
        record.put(shape)
    return write.create(book(of), System(), record)


@pytest.fixture
def option() -> Option:
    """Two zones of one square each in Mù Cả, half of one mapped as forest and half as farmland."""
    proposal = made(Proposal, "proposal", title="Khu thử", kind="reserve", day="2026-02-01", invented=True)
    proposal.refresh_from_db()
    one = made(Option, "option", proposal=proposal, name="A", chosen=True)
    made(Zone, "zone", square(0, 0), option=one, kind="strict")
    made(Zone, "zone", square(1, 0), option=one, kind="restoration")
    made(Zone, "zone", square(2, 0), option=one, kind="buffer")
    version = Version.objects.create(
        title="m", source="thử", valid_from="2026-01-01", status="published", area_path="12"
    )
    west, south, east, north = shapely.bounds(square(0, 0)).tolist()
    for code, kind, shape in (
        ("a", "rich", shapely.box(west - 0.001, south, (west + east) / 2, north)),
        ("b", "farm", shapely.box((west + east) / 2, south, east, north)), ("c", "medium", square(1, 0)),
    ):  # fmt: skip
        parcel = Parcel(version=version, code=code, forest_class=kind, function="protection", area_path=MU_CA)
        parcel.put(shape)
        parcel.hectares = float(area_m2([shape])[0]) / 10_000
        parcel.save()
    return one


def test_an_option_is_counted_as_it_is_drawn(option: Option) -> None:
    told = counted(System(), option)
    zone = {z.kind: z.hectares for z in option.zones.all()}
    assert told.inside == pytest.approx(zone["strict"] + zone["restoration"])
    assert sum(c.ha for c in told.cells) == pytest.approx(sum(zone.values()), abs=0.01)
    by = {(c.zone, c.forest_class): c.ha for c in told.cells}
    assert by["strict", "rich"] == pytest.approx(zone["strict"] / 2, rel=1e-3), (
        "what lies outside the zone is not counted"
    )
    assert by["buffer", ""] == pytest.approx(zone["buffer"], rel=1e-3), "ground without a map stays unknown"
    states = {c.name: c for c in criteria(option.proposal, told)}
    assert states["Diện tích"].state == "not" and "5" in states["Diện tích"].asked
    assert "chưa đối chiếu" in states["Diện tích"].basis
    assert states["Hệ sinh thái tự nhiên"].state == "not" and states["Đất nông nghiệp, đất ở"].state == "not"
    rare = states["Loài nguy cấp, quý, hiếm"]
    assert rare.state == "unknown" and "Mù Cả" in rare.settle


def test_zones_of_one_option_share_no_ground(option: Option) -> None:
    with pytest.raises(ValidationError, match="một chỗ chỉ thuộc một phân khu"):
        made(Zone, "zone", square(0.5, 0), option=option, kind="service")


def test_a_secret_place_counts_by_its_shown_place_alone(option: Option) -> None:
    from baoton.observations.models import Dataset

    taxon = Taxon.objects.filter(sensitivity__gt=0).first()
    data = Dataset.objects.create(code="x", title="x", organisation="so_nnmt")
    at = square(0, 0).centroid
    one = Occurrence(dataset=data, occurrence_id="1", taxon=taxon, status="verified", disclosure=2,
                     occurrence_status="present", area_path=MU_CA, organisation="so_nnmt")  # fmt: skip
    one.put_point(at.x, at.y)
    one.save()
    seen = counted(System(), option).species
    assert [s.taxon.pk for s in seen] == [taxon.pk]  # type: ignore[union-attr]
    for reader in (Public(), Person.objects.get(username="sung")):
        assert counted(reader, option).species == []
    paper = Document(BytesIO(PROJECT.filled(option.proposal)))
    words = "\n".join(
        [p.text for p in paper.paragraphs] + [c.text for t in paper.tables for r in t.rows for c in r.cells]
    )
    assert taxon.scientific_name not in words and "không phải là không có loài" in words  # type: ignore[union-attr]


@pytest.mark.once
def test_a_village_written_in_two_ways_is_one_place(option: Option, client: Client) -> None:
    asked: dict[str, Any] = {"proposal": option.proposal, "area_path": MU_CA, "invited_on": date(2026, 5, 4)}
    held = {"day": date(2026, 5, 6), "attended": 1, "agreed": 1, "against": 0, "conditional": 0, "silent": 0}
    for village, more in (
        ("Bản Nậm Kè", held),
        ("nậm kè", {}),
        ("Thôn  Nậm Kè", held),
        ("Pa Thắng", {}),
        ("", {}),
    ):
        made(Consultation, "consultation", village=village, **asked, **more)
    client.force_login(Person.objects.get(username="lan"))
    page = client.get(f"/so/habitats-proposal/{option.proposal_id}/").content.decode()
    assert "Đã họp lấy ý kiến 1 trên 3 nơi được mời" in page


@given(numbers=st.lists(st.integers(0, 60), min_size=4, max_size=4), attended=st.integers(0, 200))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_is_lost_from_the_count_of_a_consultation(
    option: Option, numbers: list[int], attended: int
) -> None:
    values = dict(zip(("agreed", "against", "conditional", "silent"), numbers, strict=True))
    one = Consultation(proposal=option.proposal, area_path=MU_CA, invited_on="2026-03-01", day="2026-03-02",
                       attended=attended, **values)  # fmt: skip
    one.clean_fields(exclude=["minutes"])
    if sum(numbers) == attended:
        write.create(book("consultation"), System(), one)
    else:
        with pytest.raises(ValidationError, match="phải bằng nhau"):
            write.create(book("consultation"), System(), one)


def test_the_steps_the_dossier_and_its_papers(option: Option) -> None:
    proposal = option.proposal
    for verb in ("inventory", "draft", "consult"):
        proposal = write.act(book("proposal"), System(), proposal, verb, {})
    with pytest.raises(NotNow, match=r"Chưa lấy ý kiến ở Xã Mù Cả.*khái toán"):
        write.act(book("proposal"), System(), proposal, "complete", {})
    counts = {"attended": 10, "agreed": 6, "against": 1, "conditional": 2, "silent": 1}
    held = Consultation(proposal=proposal, area_path=MU_CA, village="bản Gò Cứ", invited_on="2026-03-01",
                        day="2026-03-02", **counts)  # fmt: skip
    held.clean_fields(exclude=["minutes"])
    held = write.create(book("consultation"), System(), held)
    said = made(Opinion, "opinion", consultation=held, side="against", text="Nương của nhà tôi ở trong đó")
    chapters = dict.fromkeys(("nature", "people", "programme", "money"), "đã viết")
    proposal = write.edit(book("proposal"), System(), proposal, chapters)
    with pytest.raises(NotNow, match="1 ý kiến chưa được trả lời"):
        write.act(book("proposal"), System(), proposal, "complete", {})
    write.edit(book("opinion"), System(), said, {"answer": "Đưa nương ra ngoài"})
    proposal = write.act(book("proposal"), System(), proposal, "complete", {})
    summary = Document(BytesIO(SUMMARY.filled(proposal)))
    cells = [c.text for t in summary.tables for r in t.rows for c in r.cells]
    assert "Nương của nhà tôi ở trong đó" in cells and "Đưa nương ra ngoài" in cells
    decision = Document(BytesIO(DECISION.filled(proposal)))
    assert any("RANH GIỚI GIẢ ĐỊNH" in p.text for p in decision.paragraphs)
    corners = [[c.text for c in r.cells] for t in decision.tables for r in t.rows if len(r.cells) == 4]
    first = next(r for r in corners if r[0] == "1")
    lon, lat = crs.to_lonlat(*(__import__("numpy").array([float(first[i])]) for i in (3, 2)), "vn2000-103-3")
    assert square(0, 0).union(square(1, 0)).boundary.distance(shapely.Point(lon[0], lat[0])) < 1e-6
    assert len(coordinates(option)) >= 4
    for verb, given_ in (("appraise", {}), ("pass", {"appraisal": "đạt"}),
                         ("found", {"decision": "1/QĐ", "decided_on": proposal.day})):  # fmt: skip
        proposal = write.act(book("proposal"), System(), proposal, verb, given_)
    minutes = Document(BytesIO(MINUTES.filled(proposal)))
    words = "\n".join(p.text for p in minutes.paragraphs)
    assert "Ý kiến hội đồng: đạt." in words and "1 người không đồng ý, 2 người đồng ý có điều kiện" in words
    with pytest.raises(NotNow, match="mốc"):
        write.act(book("proposal"), System(), proposal, "mark", {})
    made(Post, "post", square(0, 0).centroid, proposal=proposal, number="01", day="2026-10-01")
    proposal = write.act(book("proposal"), System(), proposal, "mark", {})
    assert proposal.status == "marked"


def test_what_nobody_answered_of_the_management_sheet_never_counts_as_nought(option: Option) -> None:
    area = option.proposal
    said = {"proposal": area, "filled_by": "Ban quản lý, hai bản", "q01": "3", "q02": "0", "q07": "2"}
    with pytest.raises(ValidationError, match="chưa có quyết định thành lập"):
        made(Effectiveness, "effectiveness", year=2026, **said)
    Proposal.objects.filter(pk=area.pk).update(status="board", decided_on="2026-01-10")
    area.refresh_from_db()
    with pytest.raises(ValidationError, match="quyết định năm 2026"):
        made(Effectiveness, "effectiveness", year=2025, **said)
    one = made(Effectiveness, "effectiveness", year=2026, **said)
    client = Client()
    client.force_login(Person.objects.get(username="lan"))
    page = client.get(book("effectiveness").url(one)).content.decode()
    assert "56 % (5/9 điểm của 3 câu đã trả lời); 9 câu chưa trả lời, không tính là 0" in page
    assert "56 % (5/9" in client.get(book("proposal").url(area)).content.decode()
    with pytest.raises(ValidationError, match="đã có phiếu của năm ấy"):
        made(Effectiveness, "effectiveness", year=2026, **said)
    assert "không phải METT" in client.get("/so/habitats-effectiveness/").content.decode()


def test_the_sheet_and_the_pages(option: Option) -> None:
    assert fitting(1_000, 800)[:1] == ("A3",) and fitting(1_000, 800)[3] == 5_000
    assert fitting(15_000, 11_000)[0] == "A1" and fitting(15_000, 11_000)[3] == 25_000
    made_ = pdf(option)
    assert made_.startswith(b"%PDF") and len(made_) < 3_000_000
    client = Client()
    client.force_login(Person.objects.get(username="lan"))
    for record, name in ((option.proposal, "proposal"), (option, "option")):
        page = client.get(book(name).url(record)).content.decode()
        assert "RANH GIỚI GIẢ ĐỊNH" in page and "không đạt" in page and "chưa đối chiếu" in page
    page = client.get(book("proposal").url(option.proposal)).content.decode()
    zones = json.loads(page.split('<script id="zones" type="application/json">')[1].split("</script>")[0])
    assert [z["name"] for z in zones] == [
        "vùng đệm",
        "phân khu phục hồi sinh thái",
        "phân khu bảo vệ nghiêm ngặt",
    ]
    answer = client.get(f"/rung/de-xuat/{option.proposal.pk}/to-trinh.docx")
    assert answer.status_code == 200 and answer["Content-Disposition"].endswith('to-trinh.docx"')
    assert client.get(f"/rung/phuong-an/{option.pk}/ban-do.pdf").content.startswith(b"%PDF")
    sung = Client()
    sung.force_login(Person.objects.get(username="sung"))
    assert sung.get(f"/rung/de-xuat/{option.proposal.pk}/du-an.docx").status_code == 404


def test_the_demonstration_has_a_founded_area_with_posts_tasks_and_two_sheets(client: Client) -> None:
    truth: dict[str, Any] = {}
    area = found(np.random.default_rng(654), 2026, truth)
    client.force_login(Person.objects.get(username="dung"))
    page = client.get(f"/so/habitats-proposal/{area.pk}/").content.decode()
    assert "RANH GIỚI GIẢ ĐỊNH" in page and "Ban quản lý khu mẫu (mô phỏng)" in page
    assert "Hồ sơ đã đủ các phần." in page and ">M01<" in page
    assert page.count(f"({area.title})</a>") == len(truth["works"]) == 5, "the tasks of its management plan"
    first, second = truth["sheets"]
    for sheet in (first, second):
        percent = round(100 * sheet["points"] / (3 * sheet["answered"]))
        assert (
            f"{percent} % ({sheet['points']}/{3 * sheet['answered']} điểm của {sheet['answered']} câu" in page
        )
    assert second["points"] > first["points"] and "2 câu chưa trả lời" in page


def test_a_founded_area_is_planned_until_the_day_of_its_decision_and_stands_from_then() -> None:
    found(np.random.default_rng(654), 2026, {})
    figures.compute([2023, 2024])
    ha = (Proposal.objects.get().planned_m2 or 0) / 10_000
    told = {y: [values(y)[f"habitats.{k}"].value for k in ("proposed", "founded")] for y in (2023, 2024)}
    assert told == {2023: [pytest.approx(ha), None], 2024: [None, pytest.approx(ha)]}


def test_a_commune_reads_the_proposal_it_is_asked_about_and_no_other(option: Option, client: Client) -> None:
    sung = Person.objects.get(username="sung")
    address = f"/so/habitats-proposal/{option.proposal_id}/"
    client.force_login(sung)
    assert client.get(address).status_code == 404
    asked = made(
        Consultation, "consultation", proposal=option.proposal, area_path=MU_CA, invited_on="2026-05-04"
    )
    other = made(
        Consultation, "consultation", proposal=option.proposal, area_path="12/03463", invited_on="2026-05-04"
    )
    page = client.get(address).content.decode()
    assert "Khu thử" in page and "đã họp 0 trên 1 nơi được mời" in page
    assert "Hồ sơ còn thiếu" not in page and "tờ trình" not in page, "what the office has still to do"
    assert client.get(f"/so/habitats-option/{option.pk}/").status_code == 200
    assert (
        client.get(f"/so/habitats-zone/?option={option.pk}").content.decode().count("bảo vệ nghiêm ngặt") >= 1
    )
    assert client.get(f"/so/habitats-consultation/{other.pk}/").status_code == 404
    form = client.get(f"/so/habitats-consultation/{asked.pk}/sua/").content.decode()
    assert "Khu thử" in form, "the form knows what the commune is asked about"
    assert client.get(f"{address}sua/").status_code in {403, 404}
    write.withdraw(book("consultation"), System(), asked, "mời nhầm")
    assert client.get(address).status_code == 404
