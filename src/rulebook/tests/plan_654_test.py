"""Plan 654 is in the rulebook whole: no bullet without a node, the annex to the letter."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import rulebook
from rulebook.plans import load

PLAN = load("lai_chau", "654/KH-UBND")
ROMAN = ("I", "II", "III", "IV", "V")


def headings_with_bullets(text: str) -> Counter[str]:
    """How many bullets stand under each heading of sections I–V, read from the plan's own text."""
    body = text.split("I. MỤC ĐÍCH, YÊU CẦU", 1)[1].split("Nơi nhận:", 1)[0]
    found: Counter[str] = Counter()
    section, number, letter = "I", "", ""
    for line in ("", *body.splitlines()):
        line = line.strip()
        if (roman := re.match(r"(I|II|III|IV|V)\. [A-ZĐÁÀẢÃẠĂÂÊÔƠƯ ,]+", line)) and line.upper() == line:
            section, number, letter = roman.group(1), "", ""
            found[section] += 0
        elif digit := re.match(r"(\d)\. \S", line):
            number, letter = digit.group(1), ""
            found[f"{section}.{number}"] += 0
        elif lettered := re.match(r"([a-z])\) \S", line):
            letter = lettered.group(1)
            found[f"{section}.{number}.{letter}"] += 0
        elif line.startswith("- "):
            found[".".join(part for part in (section, number, letter) if part)] += 1
    return found


@pytest.fixture(scope="session")
def text(shared: Path) -> str:
    return (shared / "plan-654.txt").read_text(encoding="utf-8")


@pytest.mark.outside
def test_no_bullet_and_no_heading_of_the_plan_is_without_a_node(text: str) -> None:
    headings = headings_with_bullets(text)
    body = text.split("1. Mục đích", 1)[1].split("Nơi nhận:", 1)[0]
    assert sum(headings.values()) == len(re.findall(r"^ *- ", body, re.MULTILINE)) == 28
    codes = {n.code for n in PLAN.nodes}
    assert set(headings) | {"I"} <= codes
    for heading, bullets in headings.items():
        numbered = [n.bullet for n in PLAN.nodes if n.parent == heading and n.bullet]
        assert numbered == list(range(1, bullets + 1)), heading


@pytest.mark.outside
def test_a_heading_with_a_plain_paragraph_has_a_node_for_it(text: str) -> None:
    headings = headings_with_bullets(text)
    holders = {".".join(h.split(".")[:-1]) for h in headings}
    plain = {h for h, n in headings.items() if n == 0 and h not in holders and not h.startswith("III.")}
    assert plain == {"II.1", "IV.3.c", "V.2", "V.3", "V.4"}
    for heading in plain:
        own = PLAN.node(heading)
        assert own.is_work or any(n.is_work for n in PLAN.children(heading)), heading


@pytest.mark.outside
def test_the_annex_is_carried_to_the_letter(text: str) -> None:
    annex = " ".join(text.split("Phụ lục \n", 1)[1].split("thực hiện \n", 1)[1].split())
    rows = re.split(r"(?:^|\s)([1-5])\s(?=[A-ZĐ])", annex)[1:]
    assert rows[::2] == ["1", "2", "3", "4", "5"]
    for number, row in zip(rows[::2], rows[1::2], strict=True):
        task = PLAN.task(int(number))
        cells = f"{task.annex_name} {task.lead} {task.coordinating} {task.time}"
        assert row.strip().replace("2026- 2027", "2026-2027") == cells


@pytest.mark.outside
def test_the_names_in_section_iii_and_the_recipients_are_the_plans_own(text: str) -> None:
    flat = " ".join(text.split())
    for task in PLAN.tasks:
        assert f"{task.number}. {task.name}" in flat
    for recipient in PLAN.recipients:
        assert f"- {recipient.name}" in flat
    assert flat.split("Nơi nhận:")[1].split("TM.")[0].count("- ") == len(PLAN.recipients)
    for cited in PLAN.cites:
        assert cited.id in flat
    assert PLAN.title in flat


@pytest.mark.outside
def test_our_short_titles_are_not_the_plans_sentences(text: str) -> None:
    flat = " ".join(text.split())
    for node in PLAN.nodes:
        if node.bullet:
            assert node.vi not in flat, node.code


@pytest.mark.outside
def test_the_closing_call_on_all_bodies_has_a_node(text: str) -> None:
    closing = text.split("V. TỔ CHỨC THỰC HIỆN", 1)[1].split("Nơi nhận:", 1)[0].rsplit("\n\n", 6)
    assert any("yêu cầu Thủ trưởng" in part for part in closing)
    assert PLAN.node("V.6").kind == "closing"


def test_the_times_of_the_five_tasks() -> None:
    times = ["Thường xuyên", "Năm 2026", "Hằng năm", "Hằng năm", "Năm 2026-2027"]
    assert [t.time for t in PLAN.tasks] == times
    assert PLAN.task(2).due == date(2026, 12, 31)
    assert PLAN.task(5).due == date(2027, 12, 31)
    assert PLAN.task(1).due is None


def test_muong_te_names_mu_ca_and_ta_tong() -> None:
    names = [rulebook.unit(f"12/{code}").name for code in PLAN.task(2).communes]
    assert names == ["Mù Cả", "Tà Tổng"]


def test_every_node_has_its_parent_before_it_and_a_body_that_exists() -> None:
    seen = {""}
    bodies = {b.key for b in rulebook.province().bodies}
    for node in PLAN.nodes:
        assert node.parent in seen
        assert node.code not in seen
        assert node.parent == ".".join(node.code.split(".")[:-1])
        seen.add(node.code)
        if node.is_work:
            assert node.body in bodies
            assert node.serves
            assert set(node.serves) <= {1, 2, 3, 4, 5}
    assert {n.parent for n in PLAN.nodes if not n.parent} == {""}
    assert tuple(n.code for n in PLAN.children("")) == ROMAN


def test_every_task_is_served_by_solutions_and_duties() -> None:
    for task in PLAN.tasks:
        kinds = {n.kind for n in PLAN.serving(task.number)}
        assert {"task", "duty"} <= kinds
        assert PLAN.node(task.code).kind == "task"


def test_a_place_is_said_as_an_officer_says_it() -> None:
    assert PLAN.node("IV.3.a.2").place == "mục IV.3.a, gạch đầu dòng thứ 2"
    assert PLAN.node("V.2.1").place == "mục V.2, đoạn văn"


def test_an_unknown_plan_node_or_task_is_refused_in_vietnamese() -> None:
    for call in (
        lambda: load("lai_chau", "1/KH-UBND"),
        lambda: load("../lists", "654/KH-UBND"),
        lambda: PLAN.node("IX.9"),
        lambda: PLAN.task(6),
    ):
        with pytest.raises(rulebook.UnknownName, match="không có"):
            call()
