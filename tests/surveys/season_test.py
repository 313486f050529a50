"""A season from the design of a campaign to the adopted status, its papers and packages, told over HTTP.

Transects with distances come in by Excel, calls of gibbons by the telephone's repeats, cameras with a wrong clock by a
package, places of a walk by GPX; each number of animals and its interval is held against the truth it was drawn from.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pyxform.xls2xform import convert
from tests.cameras import package
from tests.surveys.results_test import filled
from tests.surveys.telephone_test import call, central, submission

from baoton.assessment.actions import compute
from baoton.assessment.models import SpeciesStatus
from baoton.assessment.queries import edition
from baoton.cameras.models import Deployment, Sequence
from baoton.kit.models import ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.models import Dataset, Occurrence
from baoton.people.models import Person
from baoton.places.queries import commune_choices
from baoton.surveys.models import Campaign, Protocol, Site, Visit
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
MACAQUE, ON = "Macaca mulatta", date(2026, 12, 31)
LINES, KM, PER_KM2, SIGMA = 9, 2.0, 50.0, 25.0
CAMERAS, WEEKS = 12, 6


class Office(Client):
    """A person at his desk: forms are sent as pages send them, and what is refused fails the test with its words."""

    @classmethod
    def of(cls, name: str) -> "Office":
        one = cls()
        one.force_login(Person.objects.get(username=name))
        return one

    def words(self, address: str, **asked: str) -> str:
        answer = self.get(address, asked, follow=True)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def add(self, book: str, **answers: Any) -> Any:
        at = REGISTERS[book]
        known = set(at.model.objects.values_list("pk", flat=True))
        told = self.post(f"/so/{at.slug}/moi/", answers, follow=True).content.decode()
        made = at.model.objects.exclude(pk__in=known).first()
        assert made is not None, errors(told)
        return made

    def do(self, record: Any, verb: str, **answers: Any) -> str:
        book = next(r for r in REGISTERS.values() if r.model is type(record))
        told = self.post(f"{book.url(record)}lam/{verb}/", answers, follow=True).content.decode()
        assert "message error" not in told, errors(told)
        record.refresh_from_db()
        return told

    def send(self, campaign: Campaign, path: Path) -> ImportBatch:
        """A file of results is checked, looked at and written on its pages."""
        at = f"/dieu-tra/{campaign.pk}/ket-qua/"
        checked = self.post(at, {"file": upload(path)})
        assert checked.status_code == 302, checked.content.decode()[:2000]
        told = self.post(checked["Location"], {"do": "write"}, follow=True)
        batch = ImportBatch.objects.get(pk=checked["Location"].rstrip("/").rpartition("/")[2])
        assert batch.state == ImportBatch.State.DONE, (batch.counts, told.content.decode()[-3000:])
        return batch

    def bring(self, path: Path, meant: dict[str, str] | None = None) -> ImportBatch:
        """A file goes through the pages of the import: read (columns as `meant` says), tried, written."""
        first = self.post("/nhap/", {"file": upload(path)}, follow=True)
        key = re.search(r"/nhap/([0-9a-f-]{36})/", first.redirect_chain[-1][0])
        assert key, errors(first.content.decode())
        if meant:
            columns = ImportBatch.objects.get(pk=key[1]).plan["tables"][0]["columns"] | meant
            given = {"dataset": path.stem, "title": path.stem, "column-0": list(columns), "crs-0": "wgs84"}
            given |= {
                "term-0": list(columns.values()),
                "target-0": "observations.occurrence",
                "order-0": "dmy",
            }
            self.post(f"/nhap/{key[1]}/cach-doc/", given, follow=True)
        for step in ("kiem-tra", "ghi"):
            self.post(f"/nhap/{key[1]}/{step}/", {}, follow=True)
        batch = ImportBatch.objects.get(pk=key[1])
        assert batch.state == ImportBatch.State.DONE, (batch.state, batch.counts)
        return batch


def errors(page: str) -> str:
    told = re.findall(r'(?:errorlist|message error|role="alert")[^>]*>(.*?)</(?:ul|p|div)>', page, re.S)
    return "; ".join(told) or page[-2500:]


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


@pytest.fixture
def dung() -> Office:
    return Office.of("dung")


@pytest.fixture
def lan() -> Office:
    return Office.of("lan")


def designed(dung: Office, name: str, protocol: str, species: str, shape: str, sites: int) -> Campaign:
    """A campaign is added, its sample drawn, and agreed."""
    area = next(p for p, label in commune_choices() if label.endswith("Mù Cả"))
    made: Campaign = dung.add(
        "surveys.campaign", name=name, question="Còn bao nhiêu con?", area_path=area, day_start="2026-02-01",
        day_end="2026-05-31", teams="Tổ 1; Tổ 2", visits_each="1", cost_site="500000", cost_visit="300000",
        budget="90000000", protocol=str(Protocol.objects.get(code=protocol, status="used").pk),
        taxon=str(Taxon.objects.get(scientific_name=species).pk),
    )  # fmt: skip
    at = f"/dieu-tra/{made.pk}/thiet-ke/"
    assert "rẻ nhất" in dung.words(at, psi="0,4", p="0,4", se="0,1")
    drawn = {
        "sites": str(sites),
        "reserve": "2",
        "shape": shape,
        "size": f"{KM * 1000:g}",
        "seed": "11",
        "strata": "none",
    }
    assert "Đã rút" in dung.post(f"/dieu-tra/{made.pk}/rut-mau/", drawn, follow=True).content.decode()
    dung.do(made, "agree", **{"agree-reason": "đủ cho sai số mong muốn"})
    return made


def sheets_xlsform_and_gpx_go_out(dung: Office, campaign: Campaign) -> None:
    at = f"/dieu-tra/{campaign.pk}/tep/"
    assert dung.get(f"{at}phieu/").content.startswith(b"%PDF")
    assert re.search(b"<(rte|wpt)", dung.get(f"{at}gpx/").content)
    form = convert(xlsform=io.BytesIO(dung.get(f"{at}odk/").content), file_type=".xlsx", validate=False)
    assert not form.warnings and str(campaign.protocol_id) in form.xform
    assert openpyxl.load_workbook(io.BytesIO(dung.get(f"{at}excel/").content)).worksheets


def strewn(codes: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Visits and sightings: animals lie at a known density around the lines; those that a half-normal eye sees are
    written down."""
    rng = np.random.default_rng(20261101)
    visits: list[dict[str, Any]] = [
        {"Ngày": date(2026, 3, 1 + n), "Người điều tra": "Pao", "Giờ bắt đầu": "06:00", "Chiều dài đã đi (km)": KM}
        for n in range(len(codes))
    ]  # fmt: skip
    rows: list[dict[str, Any]] = []
    reach = 100.0
    for code in codes:
        for _animal in range(rng.poisson(PER_KM2 * KM * 2 * reach / 1000)):
            off = rng.uniform(0, reach)
            if rng.random() < np.exp(-(off**2) / (2 * SIGMA**2)):
                angle = rng.uniform(12, 50)
                rows.append(
                    {"Mã điểm": code, "Lượt": 1, "Loài": MACAQUE, "Gặp bằng cách nào": "nhìn thấy", "Số cá thể": 1,
                     "Khoảng cách đến con vật (m)": round(off / np.sin(np.radians(angle)), 2),
                     "Góc so với tuyến (độ)": round(angle, 2)}
                )  # fmt: skip
    return visits, rows


def walked(campaign: Campaign, path: Path) -> tuple[Path, int]:
    """The workbook of the lines as a team brings it home."""
    codes = list(campaign.sites.filter(status="planned").order_by("position").values_list("code", flat=True))
    visits, rows = strewn(codes)
    return filled(campaign, path, visits, rows), len(rows)


def cameras(folder: Path) -> Path:
    """Twelve cameras for six weeks; macaques live at two of three and pass by in half of the weeks; one clock is a
    year behind."""
    rng = np.random.default_rng(7)
    head, media = package.DEPLOYMENTS.splitlines()[0] + "\n", []
    places = []
    for n in range(CAMERAS):
        year = 2025 if n == 0 else 2026
        places.append(
            f"c{n},Khe {n},{22.50 + 0.01 * n:.3f},{102.45 + 0.012 * n:.3f},15,{year}-03-01T00:00:00+07:00,"
            f"{year}-04-12T00:00:00+07:00,Pao,{n},Reconyx,0.5,false,trailGame,\n"
        )
        for week in range(WEEKS):
            if (n % 3 and rng.random() < 0.5) or n == 0:
                day = date(year, 3, 1).toordinal() + 7 * week + 2
                media.append(
                    f"p{n}-{week},c{n},{date.fromordinal(day)}T09:00:00+07:00,c{n}/{week}.JPG,false,image/jpeg,\n"
                )
    return package.write(
        folder, deployments=head + "".join(places), media=package.MEDIA_HEAD + "".join(media),
        observations=package.OBSERVATION_HEAD,
    )  # fmt: skip


GPX = (
    '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="may" xmlns="http://www.topografix.com/GPX/1/1">'
    '<wpt lat="22.5512" lon="102.4811"><time>2026-03-09T02:10:00Z</time><name>Macaca mulatta</name></wpt>'
    '<wpt lat="22.5634" lon="102.5023"><time>2026-03-09T03:20:00Z</time><name>Sus scrofa</name></wpt></gpx>'
)


def the_clock_is_repaired_and_pictures_reviewed(dung: Office) -> None:
    wrong = Deployment.objects.get(code="c0")
    dung.do(
        wrong, "repair", **{"repair-shown": "01/03/2025 00:00:00", "repair-truth": "01/03/2026 00:00:00",
                            "repair-evidence": "watch", "repair-reason": "ảnh đồng hồ lúc đặt", "repair-ends": "true"},
    )  # fmt: skip
    assert set(Sequence.objects.filter(deployment=wrong).values_list("day__year", flat=True)) == {2026}
    book, who = REGISTERS["cameras.sequence"], Person.objects.get(username="dung")
    for i, one in enumerate(Sequence.objects.filter(status="waiting").order_by("started")):
        if i < 3:
            dung.do(one, "animal", **{"animal-name": MACAQUE, "animal-count": "1"})
        else:
            write.act(book, who, one, "animal", {"name": MACAQUE, "count": 1})
    assert not Sequence.objects.filter(status="waiting").exists()


def the_undoubted_are_verified_together(lan: Office) -> None:
    """Survey by survey what no rule doubts, after a look at the sample."""
    for survey in Dataset.objects.filter(occurrences__status="draft").distinct():
        page = lan.words("/duyet-loat/", survey=str(survey.pk))
        keys = re.findall(r'name="key" value="([0-9a-f-]{36})"', page)
        if keys:
            assert "Đã xác minh" in lan.post("/duyet-loat/", {"key": keys}, follow=True).content.decode()


def one_meeting_told_twice_is_merged(lan: Office, dung: Office) -> None:
    first = Occurrence.objects.filter(
        taxon__scientific_name=MACAQUE, dataset__code__startswith="DT-"
    ).order_by("disclosure", "id")[0]  # a line near a gibbon is guarded with it
    again = dung.add(
        "observations.occurrence", day_start=first.day_start.isoformat(), taxon=str(first.taxon_id),
        individual_count="1",
        shape=f'{{"type":"Point","coordinates":[{first.lon:.6f},{first.lat:.6f}]}}', recorded_by=first.recorded_by,
    )  # fmt: skip
    assert f"/trung-lap/{first.pk}/{again.pk}/" in lan.words("/trung-lap/", nam="2026") or (
        f"/trung-lap/{again.pk}/{first.pk}/" in lan.words("/trung-lap/", nam="2026")
    )
    lan.do(again, "same", **{"same-other": str(first.pk), "other": str(first.pk)})
    assert again.status == "duplicate"


def a_council_votes_and_its_decision_adopts(lan: Office, status: SpeciesStatus) -> None:
    """Agenda, members and sheet of votes on their pages; the figures stand still from the agenda on."""
    session = lan.add(
        "assessment.session", title="Họp lần 1", day="2026-11-20", place="Sở", majority="thirds"
    )
    lan.add("assessment.item", session=str(session.pk), taxon=str(status.taxon_id), category="LC")
    for name, role in (("Hà Văn An", "chair"), ("Lò Thị Bình", "secretary"), ("Tao Văn Cư", "member")):
        lan.add("assessment.seat", session=str(session.pk), name=name, role=role, present="true")
    boxes = re.findall(r'name="(v-[0-9a-f-]+)"', lan.words(REGISTERS["assessment.session"].url(session)))
    assert len(boxes) == 3
    votes = dict(zip(boxes, ("for", "for", "against"), strict=True))
    told = lan.post(f"/hoi-dong/{session.pk}/phieu/", votes, follow=True).content.decode()
    assert "đồng ý 2, không 1" in told
    lan.do(session, "hold")
    status.refresh_from_db()
    assert status.status == "computed" and session.status == "held" and session.number == "01/BB-HĐ"
    lan.do(
        session, "decide", **{"decide-decision": "18/QĐ-UBND", "decide-decided_on": "2026-11-28",
                              "decide-signer": "Nguyễn Văn Chủ"},
    )  # fmt: skip
    status.refresh_from_db()
    assert status.status == "adopted" and status.category == "LC" and status.adopted_on == date(2026, 11, 28)


def test_a_season_from_design_to_an_adopted_status_and_open_packages(
    dung: Office, lan: Office, tmp_path: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    lines = designed(dung, "Khỉ vàng trên tuyến", "tuyen_khoang_cach", MACAQUE, "line", LINES)
    posts = designed(dung, "Vượn ở điểm nghe", "diem_nghe_vuon", "Nomascus concolor", "point", 4)
    for one in (lines, posts):
        sheets_xlsform_and_gpx_go_out(dung, one)

    # a season of files, each with its counts, and none twice
    path, n = walked(lines, tmp_path / "tuyen.xlsx")
    done = dung.send(lines, path)
    total = done.counts["total"]
    assert total["refused"] == 0 and Occurrence.objects.filter(occurrence_status="present").count() == n > 40
    assert dung.send(lines, path).counts["total"]["created"] == 0
    site = Site.objects.filter(campaign=posts, status="planned").order_by("position")[0].code
    kobo = central(
        posts,
        tmp_path / "kobo.zip",
        [submission(site, "uuid:1")],
        [call("uuid:1"), call("uuid:1", huong="300")],
    )
    assert dung.send(posts, kobo).counts["total"]["created"] == 3
    assert Visit.objects.filter(campaign=posts).count() == 1
    assert dung.bring(cameras(tmp_path)).counts["total"]["refused"] == 0
    walk = tmp_path / "di-tuyen.gpx"
    walk.write_text(GPX, encoding="utf-8")
    came = dung.bring(walk, {"name": "scientificName"})
    assert came.counts["total"]["created"] == 2, (came.counts, came.plan)

    the_clock_is_repaired_and_pictures_reviewed(dung)
    the_undoubted_are_verified_together(lan)
    one_meeting_told_twice_is_merged(lan, dung)

    # the status: density from distances, occupancy from cameras, the category with its interval
    taxon = Taxon.objects.get(scientific_name=MACAQUE)
    with django_capture_on_commit_callbacks(execute=True):
        compute(ON, [taxon])
    status = SpeciesStatus.objects.get(taxon=taxon)
    told = edition(Person.objects.get(username="lan"), status).measures
    assert told["density"]["low"] < PER_KM2 < told["density"]["high"] and told["density"]["n"] == n
    assert told["density"]["lines"] == LINES and told["density"]["km"] == LINES * KM
    seen = told["cameras"]["occupancy"]
    assert seen["low"] <= 67 <= seen["high"] and seen["sites"] == CAMERAS
    page = lan.words(f"/loai/{taxon.pk}/")
    assert "con/km²" in page and "Phần nơi có loài" in page and "hạng có thể từ" in page
    a_council_votes_and_its_decision_adopts(lan, status)
    page = lan.words(REGISTERS["assessment.status"].url(status))
    assert "18/QĐ-UBND" in page and "2/3 phiếu" in page

    # the file of the species, the archive and the package
    file = docx.Document(io.BytesIO(lan.get(f"/loai/{taxon.pk}/ho-so/").content))
    words = "\n".join(
        [p.text for p in file.paragraphs] + [c.text for t in file.tables for r in t.rows for c in r.cells]
    )
    assert MACAQUE in words and "Mật độ" in words and "LC" in words and "chưa thông qua" not in words
    assert "01/BB-HĐ" in words and "18/QĐ-UBND" in words and "Nguyễn Văn Chủ" in words
    assert file.inline_shapes, "the map is missing"
    lines.refresh_from_db()
    sent = lan.get(f"/du-lieu-mo/{lines.dataset_id}/dot.zip", {"mine": "1"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(sent)))
    assert {"meta.xml", "eml.xml"} <= set(archive.namelist())
    text = next(archive.read(n).decode() for n in archive.namelist() if "occurrence" in n.lower())
    assert text.count(MACAQUE) >= n
    camtrap = zipfile.ZipFile(io.BytesIO(b"".join(lan.get("/bay-anh/camtrap-dp.zip"))))
    rows = list(csv.DictReader(io.StringIO(camtrap.read("observations.csv").decode())))
    assert {r["scientificName"] for r in rows} == {MACAQUE} and not [
        r for r in rows if r["eventStart"] < "2026"
    ]

    # a later version adopted replaces it and says so; taken back, the former stands again
    with django_capture_on_commit_callbacks(execute=True):
        compute(date(2027, 1, 31), [taxon])
    later = SpeciesStatus.objects.exclude(pk=status.pk).get(taxon=taxon)
    SpeciesStatus.objects.filter(pk=status.pk).update(on=date(2026, 6, 30))
    answers = {"adopt-category": "NT", "adopt-reason": "Biên bản 02", "adopt-adopted_on": "2026-11-29"}
    lan.do(later, "adopt", **answers | {"adopt-category": "NT", "adopt-reason": "Biên bản 02"})
    status.refresh_from_db()
    assert (
        status.status == "superseded"
        and "đã thay bằng bản tính đến" in status.because
        and status.category == "LC"
    )
    lan.do(later, "take_back", **{"take_back-reason": "nhầm"})
    status.refresh_from_db()
    assert (status.status, later.status) == ("adopted", "computed")
