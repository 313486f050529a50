"""The yearly report recomputed from the simulator's truth by a script that imports nothing of ours.

Page, workbook, Word and API equal it to the digit, each figure's opened records count to it, and
withdrawing one record moves all of them.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from django.template.defaultfilters import floatformat
from django.test import Client, override_settings
from django.utils import translation
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import withdraw
from baoton.observations.models import Occurrence
from baoton.people.models import Person
from baoton.plan.queries import INDICATORS
from baoton.reporting.actions import make_yearly
from baoton.reporting.models import Report
from baoton.reporting.queries import number

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "recompute.py"
YEAR, UNTIL, RECORDS = 2026, date(2026, 11, 15), 2000


@pytest.fixture(scope="module")
def province(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A small simulated province, gone after this module; the file that holds its truth."""
    folder = tmp_path_factory.mktemp("province")
    with (
        django_db_blocker.unblock(),
        override_settings(BLOB_DIR=folder / "blobs"),
        translation.override("vi"),
        transaction.atomic(),
    ):
        truth = simulated()
        path = folder / "truth.json"
        path.write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")
        yield path
        transaction.set_rollback(True)


def simulated() -> dict[str, Any]:
    """Law, places, taxa, plan, cast, and a seeded year with its figures; the truth it was drawn from."""
    from baoton.assessment import actions as assessment
    from baoton.cameras import simulate as cameras
    from baoton.custody import simulate as custody
    from baoton.enforcement import simulate as cases
    from baoton.facilities import simulate as facilities
    from baoton.fire import simulate as fire
    from baoton.funding import simulate as funding
    from baoton.habitats import simulate as habitats
    from baoton.invasive import simulate as invasive
    from baoton.observations import simulate as observations
    from baoton.outreach import simulate as outreach
    from baoton.patrols import simulate as patrols
    from baoton.patrols.actions import load as load_signs
    from baoton.people.actions import load as load_people
    from baoton.people.simulate import cast
    from baoton.places.actions import load as load_places
    from baoton.plan import actions as plan
    from baoton.plan import figures
    from baoton.plan import simulate as works
    from baoton.plan.drafts import simulate as beside
    from baoton.plan.items import simulate as given_work
    from baoton.rescue import simulate as rescue
    from baoton.surveys import simulate as surveys
    from baoton.surveys.actions import load as load_protocols
    from baoton.taxa.actions import load as load_taxa
    from baoton.tips import simulate as tips
    from baoton.together import simulate as together
    from baoton.waters import simulate as waters

    load_places()
    load_people("lai_chau")
    load_taxa()
    load_signs()
    load_protocols()
    plan.load("lai_chau", "654/KH-UBND")
    cast()
    truth: dict[str, Any] = {
        "seed": 654,
        "year": YEAR,
        "until": UNTIL.isoformat(),
        "works": [],
        "sessions": [],
    }
    streams = [np.random.default_rng([654, i]) for i in range(24)]
    observations.task_node_cached.__globals__["_NODE"].clear()
    works.simulate(streams[1], YEAR, UNTIL, truth)
    outreach.simulate(streams[2], YEAR, UNTIL, truth)
    observations.simulate(streams[3], YEAR, UNTIL, truth, RECORDS)
    patrols.simulate(streams[6], YEAR, UNTIL, truth)
    facilities.simulate(streams[4], YEAR, UNTIL, truth)
    rescue.simulate(streams[7], YEAR, UNTIL, truth)
    tips.simulate(streams[9], YEAR, UNTIL, truth)
    together.simulate(streams[11], YEAR, UNTIL, truth)
    custody.simulate(streams[10], YEAR, UNTIL, truth)
    cases.simulate(streams[12], YEAR, UNTIL, truth)
    surveys.simulate(streams[13], YEAR, UNTIL, truth)
    cameras.simulate(streams[14], YEAR, UNTIL, truth)
    fire.simulate(streams[22], YEAR, UNTIL, truth)
    invasive.simulate(streams[23], YEAR, UNTIL, truth)
    waters.simulate(streams[21], YEAR, UNTIL, truth)
    habitats.simulate(streams[15], YEAR, truth)
    funding.simulate(streams[23], YEAR, UNTIL, truth)
    given_work.simulate(streams[17], YEAR, UNTIL, truth)
    beside.simulate(streams[18], YEAR, UNTIL, truth)
    assessment.compute(date(YEAR, 12, 31))
    figures.compute([YEAR])
    given_work.targets(YEAR, truth)
    return truth


def recomputed(truth: Path, *more: str) -> dict[str, Any]:
    """What the script prints, run as its own process."""
    found = subprocess.run(
        [sys.executable, str(SCRIPT), str(truth), *more], capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer


@pytest.fixture(scope="module")
def truth(province: Path) -> dict[str, Any]:
    return recomputed(province)


@pytest.fixture(scope="module")
def files(province: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """The report as it stands: the Word document and the workbook."""
    return opened(tmp_path_factory.mktemp("report"))


def opened(folder: Path) -> tuple[Any, Any]:
    paper, book = make_yearly(System(), YEAR, folder)
    return Document(str(paper)), load_workbook(book)


@pytest.fixture
def lan(db: None, province: Path) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username="lan"))
    return client


def same(mine: Any, theirs: Any) -> bool:
    """Equal to the last digit a reader could print; unknown equals only unknown."""
    if mine is None or theirs is None:
        return mine is None and theirs is None
    return bool(mine == pytest.approx(theirs, rel=1e-9, abs=0))


def on_sheet(book: Any) -> dict[str, tuple[Any, ...]]:
    """The figures sheet as name → (value, low, high, count)."""
    rows = book["Số liệu"].iter_rows(min_row=4, values_only=True)
    found = {}
    for row in rows:
        value = None if row[3] == "chưa có số liệu" else row[3]
        found[row[0]] = (value, row[4], row[5], row[6])
    return found


def on_paper(paper: Any) -> list[str]:
    """The text of every paragraph, in order; a row of a section's table as the sentence it stands for."""
    lines = [p.text for p in paper.paragraphs]
    for table in paper.tables:
        heads = [c.text for c in table.rows[0].cells]
        if "Kết quả" in heads and "Nội dung" in heads:
            label, value = heads.index("Nội dung"), heads.index("Kết quả")
            lines += [f"- {r.cells[label].text}: {r.cells[value].text} " for r in table.rows[1:]]
    return lines


def labels() -> dict[str, str]:
    return {name: str(one.label) for name, one in INDICATORS.items()}


def test_the_script_imports_nothing_of_ours_and_stays_short() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    names = {a.name for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module or "" for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ImportFrom)}
    assert not {n.split(".")[0] for n in names} & {"baoton", "rulebook", "ecostat", "formats"}
    assert len(text.splitlines()) <= 183


def test_every_figure_of_the_plan_is_recomputed(truth: dict[str, Any]) -> None:
    assert set(INDICATORS) <= set(truth["figures"])


def test_the_workbook_equals_it(truth: dict[str, Any], files: tuple[Any, Any]) -> None:
    sheet = on_sheet(files[1])
    assert set(sheet) == set(truth["figures"])
    for name, told in truth["figures"].items():
        for mine, key in zip(sheet[name], ("value", "low", "high", "count"), strict=True):
            assert same(mine, told[key]), (name, key, mine, told[key])


def test_the_paper_equals_it(truth: dict[str, Any], files: tuple[Any, Any]) -> None:
    lines = on_paper(files[0])
    for name, label in labels().items():
        told = truth["figures"][name]
        if told["value"] is None:  # asked of others beside the draft, never a sentence of the paper
            assert not [line for line in lines if line.startswith(f"- {label}:")]
            continue
        value = number(told["value"])
        found = [line for line in lines if line.startswith(f"- {label}: {value}")]
        assert len(found) == 1, (name, value, [line for line in lines if label in line])
        if told["low"] is not None:
            assert f"{number(told['low'])} đến {number(told['high'])}" in found[0]


def test_each_source_in_the_annex_says_the_number_of_records(
    truth: dict[str, Any], files: tuple[Any, Any]
) -> None:
    table = next(t for t in files[0].tables if t.rows[0].cells[0].text == "Số")
    said = [row.cells[3].text for row in table.rows[1:]]
    counts = [told["count"] for told in truth["figures"].values() if told["value"] is not None]
    assert sorted(said) == sorted(number(n) for n in counts)


def test_the_appendix_a_commune_a_row_equals_it(truth: dict[str, Any], files: tuple[Any, Any]) -> None:
    sheet = files[1]["Xã, phường"]
    heads = [c.value for c in sheet[3]]
    papers = [t for t in files[0].tables if t.rows[0].cells[1].text == "Xã, phường"]
    assert max(len(t.columns) for t in papers) <= 10  # what a sheet of paper holds
    numbers = [c.text for t in papers for c in t.rows[1].cells[2:]]
    assert numbers == [f"({i})" for i in range(3, 3 + len(truth["communes"]))]
    by_label = {str(INDICATORS[n].label): n for n in truth["communes"]}
    names = [by_label[h.rsplit(" (", 1)[0]] for h in heads[2:]]
    assert set(names) == set(truth["communes"])
    written: dict[str, dict[str, str]] = {}
    for paper in papers:
        told_by = [by_label[c.text.rsplit(" (", 1)[0]] for c in paper.rows[0].cells[2:]]
        for r in paper.rows[2:]:
            cells = zip(told_by, (c.text for c in r.cells[2:]), strict=True)
            written.setdefault(r.cells[1].text, {}).update(cells)
    seen = 0
    for row in sheet.iter_rows(min_row=4, values_only=True):
        path = row[0] or ""
        if row[1] == "Toàn tỉnh":
            continue
        for i, name in enumerate(names):
            told = truth["communes"][name].get(path)
            cell = None if row[2 + i] in ("–", None) else row[2 + i]
            assert same(cell, told), (name, row[1], cell, told)
            assert written[row[1]][name] == ("–" if told is None else number(told)), (name, row[1])
            seen += told is not None
    assert seen > 200


def test_the_species_table_equals_it(truth: dict[str, Any], files: tuple[Any, Any]) -> None:
    rows = {r[0]: r for r in files[1]["Loài"].iter_rows(min_row=4, values_only=True)}
    assert set(rows) == set(truth["species"])
    paper = next(t for t in files[0].tables if t.rows[0].cells[1].text == "Tên khoa học")
    written = {r.cells[1].text: [c.text for c in r.cells] for r in paper.rows[1:]}
    for name, told in truth["species"].items():
        row, cells = rows[name], written[name]
        assert (row[4], row[5]) == (told["records"], told["years"])
        assert same(row[7], told["eoo"]), (name, row[7], told["eoo"])
        assert same(row[8], told["aoo"]), (name, row[8], told["aoo"])
        assert cells[6] in (
            {"chưa có số liệu", "không công bố"} if told["eoo"] is None else {number(told["eoo"])}
        )
        assert (cells[7] == "không công bố") == (told["aoo"] is None), name


def test_the_api_equals_it(truth: dict[str, Any], lan: Client) -> None:
    answer = lan.get(f"/api/figures/{YEAR}").json()
    assert {f["indicator"] for f in answer["figures"]} == set(INDICATORS)
    for figure in answer["figures"]:
        told = truth["figures"][figure["indicator"]]
        for key in ("value", "low", "high", "count"):
            assert same(figure[key], told[key]), (figure["indicator"], key)


def test_the_plan_page_equals_it(truth: dict[str, Any], lan: Client) -> None:
    page = lan.get("/ke-hoach/", {"year": YEAR}).content.decode()
    shown = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.S)
    shown = [(re.sub(r"<[^>]+>", "", dt).strip(), dd) for dt, dd in shown]
    assert {label for label, _dd in shown} == set(labels().values())
    names = {label: name for name, label in labels().items()}
    for label, cell in shown:
        told = truth["figures"][names[label]]
        number_shown = re.search(r'class="figure"[^>]*>([^<]+)<', cell)
        assert (number_shown is None) == (told["value"] is None), label
        if number_shown:
            with translation.override("vi"):
                assert number_shown.group(1) == floatformat(float(told["value"]), "-1g"), label


def test_the_records_each_figure_opens_count_to_it(truth: dict[str, Any], lan: Client) -> None:
    """Rows of a case are opened by the body that keeps them, and by no other."""
    ranger = Client()
    ranger.force_login(Person.objects.get(username="dung"))
    for figure in lan.get(f"/api/figures/{YEAR}").json()["figures"]:
        book = REGISTERS[figure["register"]]
        kept = getattr(book.model, "of_one_body", False)
        asked = {**figure["query"], "count": "exact", "limit": "1"}
        answer = (ranger if kept else lan).get(f"/api/collections/{book.slug}/items", asked).json()
        assert answer["numberMatched"] == truth["figures"][figure["indicator"]]["count"], figure["indicator"]


def on_page(text: str) -> dict[str, str]:
    """The figures of a page as label → the number that is printed, or that there is none."""
    row = r"<tr><td>([^<]+)</td><td class=\"num\">(?:<span[^>]*>|<a [^>]*>)?([^<]+)<"
    return {unescape(label): value for label, value in re.findall(row, text)}


def on_slides(held: bytes) -> dict[str, str]:
    """The figures of the annex of a presentation as label → the number that is printed."""
    found = {}
    for slide in Presentation(BytesIO(held)).slides:
        for table in (s.table for s in slide.shapes if s.has_table):
            heads = [c.text for c in table.rows[0].cells]
            if heads[:2] == ["Số liệu", "Giá trị"]:
                found |= {r.cells[0].text: r.cells[1].text for r in list(table.rows)[1:]}
    return found


def test_page_workbook_paper_slides_and_api_agree_to_the_digit(files: tuple[Any, Any], lan: Client) -> None:
    """Every figure a report prints, wherever it is printed."""
    report = Report.objects.order_by("made")[0]
    live, kept = (
        on_page(lan.get(a).content.decode()) for a in (f"/bao-cao/{YEAR}/so-lieu/", f"/bao-cao/{report.pk}/")
    )
    shown = on_slides(lan.get(f"/bao-cao/{report.pk}.pptx").content)
    sheet, lines = on_sheet(files[1]), on_paper(files[0])
    api = {f["indicator"]: f["value"] for f in lan.get(f"/api/figures/{YEAR}").json()["figures"]}
    told = {f["name"]: f for f in report.figures}
    assert set(INDICATORS) < set(told) == set(sheet) and set(api) == set(INDICATORS)
    wrong = []
    for name, figure in told.items():
        label, value = figure["label"], figure["value"]
        words = "chưa có số liệu" if value is None else number(value)
        printed = [
            line
            for line in lines
            if re.match(rf"- {re.escape(label)}: {re.escape(words)}(?![\d.,]*\d)", line)
        ]
        places = {
            "page": live[label] == words, "kept": kept[label] == words, "workbook": sheet[name][0] == value,
            "slides": shown[label] == ("–" if value is None else words), "api": api.get(name, value) == value,
            "paper": len(printed) == (value is not None and bool(figure["section"])),
        }  # fmt: skip
        wrong += [(name, place, words) for place, agrees in places.items() if not agrees]
    assert not wrong


def test_withdrawing_one_record_moves_all_of_them(
    province: Path,
    truth: dict[str, Any],
    lan: Client,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    """The photo that alone makes its event at its camera: fewer records, and another camera rate."""
    gone = lone_photo(json.loads(province.read_text(encoding="utf-8")))
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(REGISTERS["observations.occurrence"], System(), Occurrence.objects.get(pk=gone), "ghi nhầm")
    after = recomputed(province, "--without", gone)["figures"]
    before = truth["figures"]
    for name in ("observations.records", "observations.camera_rate"):
        assert after[name]["count"] == before[name]["count"] - 1
        assert after[name]["value"] < before[name]["value"]
    api = {f["indicator"]: f for f in lan.get(f"/api/figures/{YEAR}").json()["figures"]}
    paper, book = opened(tmp_path)
    sheet, lines = on_sheet(book), on_paper(paper)
    page = lan.get("/ke-hoach/", {"year": YEAR}).content.decode()
    for name in ("observations.records", "observations.camera_rate", "observations.species"):
        told, label = after[name], labels()[name]
        assert same(api[name]["value"], told["value"]) and api[name]["count"] == told["count"]
        assert same(sheet[name][0], told["value"]) and sheet[name][3] == told["count"]
        assert [line for line in lines if line.startswith(f"- {label}: {number(told['value'])} ")]
        with translation.override("vi"):
            assert f">{floatformat(float(told['value']), '-1g')}<" in page


def lone_photo(truth: dict[str, Any]) -> str:
    """The id of a verified photo of this year, alone of its species at its camera, of a species seen elsewhere."""
    good = [r for r in truth["records"] if r["status"] == "verified" and r["day"].startswith(str(YEAR))]
    common = {s["name"] for s in truth["species"] if not s["protected"]}
    for one in good:
        twins = [r for r in good if (r["event"], r["species"]) == (one["event"], one["species"])]
        others = [r for r in good if r["species"] == one["species"] and r["event"] != one["event"]]
        if one["camera"] and len(twins) == 1 and others and one["species"] in common:
            return str(one["id"])
    raise AssertionError("the simulated year has no lone photo")
