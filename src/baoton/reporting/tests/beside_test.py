"""Two versions or reports beside each other: words put in and taken out, figures, and which records differ."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.outreach.models import Session
from baoton.people.actions import load as load_people
from baoton.people.models import Person
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.plan import actions as plan
from baoton.plan import figures
from baoton.reporting import actions
from baoton.reporting.beside.words import IN, OUT, SAME, changed, lines_up
from baoton.reporting.models import OwnReport, Report
from baoton.reporting.periods import Period

MU_CA, BODY, BOOK = "12/03451", "ubnd_03451", "outreach.session"


def page(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=name))
    return client


def session(n: int, area: str = MU_CA) -> Any:
    row = Session(title=f"Họp {n}", kind="meeting", day=date(2026, 5, n), area_path=area, participants=10 * n)
    return write.create(REGISTERS[BOOK], System(), row)


def submit(said: str) -> None:
    sung, own = Person.objects.get(username="sung"), REGISTERS["reporting.own"]
    write.edit(own, sung, OwnReport.objects.get(body=BODY), {"results": said})
    write.act(own, sung, OwnReport.objects.get(body=BODY), "submit", {})


@pytest.fixture(scope="module")
def office(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Report, Report]]:
    """Two reports of one year and two versions of a commune's; between them one session was added, one corrected, one
    withdrawn, one moved to another year and one out of another commune."""
    from django.conf import settings

    before = settings.BLOB_DIR
    settings.BLOB_DIR = tmp_path_factory.mktemp("blobs")
    with django_db_blocker.unblock(), translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        cast()
        made = [session(n) for n in (1, 2, 3, 4)] + [session(5, "12/03463")]
        figures.compute([2026])
        own = OwnReport(body=BODY, period="2026")
        write.create(REGISTERS["reporting.own"], Person.objects.get(username="lan"), own)
        submit("Đã họp ở ba bản xa\nTổ rừng đi tuần đều")
        first = actions.make(System(), Period(2026), tmp_path_factory.mktemp("first"))
        write.act(REGISTERS["reporting.own"], Person.objects.get(username="lan"), OwnReport.objects.get(),
                  "send_back", {"returned_why": "thiếu"})  # fmt: skip
        change = REGISTERS[BOOK]
        write.edit(change, System(), Session.objects.get(pk=made[0].pk), {"participants": 11})
        write.withdraw(change, System(), Session.objects.get(pk=made[1].pk), "ghi nhầm")
        write.edit(change, System(), Session.objects.get(pk=made[2].pk), {"day": date(2025, 5, 3)})
        write.edit(change, System(), Session.objects.get(pk=made[4].pk), {"area_path": MU_CA})
        session(6)
        figures.compute([2026])
        submit("Đã họp ở năm bản xa\nTổ rừng đi tuần đều")
        yield first, actions.make(System(), Period(2026), tmp_path_factory.mktemp("second"))
        transaction.set_rollback(True)
    settings.BLOB_DIR = before


def opened(name: str, a: Any, b: Any) -> str:
    answer = page(name).get("/bao-cao/doi-chieu/", {"trai": str(a), "phai": str(b)}, follow=True)
    return f"{answer.status_code} {answer.content.decode()}"


def line(text: str, label: str) -> str:
    """The words of one row of the table of figures."""
    row = next(r for r in re.findall(r"<tr>.*?</tr>", text) if label in r)
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip()


@pytest.mark.django_db
@pytest.mark.once
def test_a_figure_says_which_records_make_it_differ(office: tuple[Report, Report]) -> None:
    text = opened("lan", *(one.pk for one in office))
    told = line(text, "Buổi tuyên truyền")
    assert told.endswith("(buổi) 5 4 −1 thêm mới 1; sửa 2; rút 1; vẫn còn nhưng không tính vào đây nữa 1")
    assert "(lượt người) 150 161 +11 thêm mới 1; sửa 2;" in line(text, "Lượt người dự")


@pytest.mark.django_db
@pytest.mark.once
def test_versions_of_a_commune_show_words_put_in_and_taken_out(office: tuple[Report, Report]) -> None:
    own = OwnReport.objects.get()
    first, second = own.versions.order_by("n")
    shown = page("sung").get(f"/so/reporting-own/{own.pk}/").content.decode()
    address = f"/bao-cao/doi-chieu/?trai={first.pk}&amp;phai={second.pk}"
    assert address in shown
    text = opened("sung", first.pk, second.pk)
    assert "<del>[ba]</del>" in text and "<ins>⟨năm⟩</ins>" in text and "1 trên 3 mục" in text
    told = line(text, "Buổi tuyên truyền")
    assert told.endswith(
        "4 4 0 thêm mới 1; đã có, nay mới được tính 1; sửa 1; rút 1; vẫn còn nhưng không tính vào đây nữa 1"
    )


@pytest.mark.django_db
@pytest.mark.once
def test_reports_of_other_days_share_records(office: tuple[Report, Report], tmp_path: Path) -> None:
    spring = actions.make(System(), Period(2026, "q2"), tmp_path)
    text = opened("lan", office[1].pk, spring.pk)
    assert "khác kỳ, địa bàn hoặc cơ quan" in text
    winter = actions.make(System(), Period(2026, "q1"), tmp_path)
    told = line(opened("lan", winter.pk, spring.pk), "Buổi tuyên truyền")
    assert told.endswith("(buổi) 0 4 +4 0 bản ghi ở cả hai, 0 chỉ ở bên trái, 4 chỉ ở bên phải")


@pytest.mark.django_db
@pytest.mark.once
def test_who_may_not_read_a_side_finds_nothing(office: tuple[Report, Report]) -> None:
    own, first = OwnReport.objects.get(), office[0].pk
    version = own.versions.get(n=1).pk
    nothing = UUID(int=7)
    for reader, key in (("pao", version), ("pao", own.pk), ("pao", first), ("sung", first), ("lan", nothing)):
        assert opened(reader, key, key).startswith("404"), reader
    assert opened("lan", "x", first).startswith("404")
    assert "cùng loại" in opened("lan", first, version)


@pytest.mark.django_db
@pytest.mark.once
def test_equal_numbers_are_not_told_as_different(office: tuple[Report, Report]) -> None:
    first, second = OwnReport.objects.get().versions.order_by("n")
    differ, _head, equal = opened("sung", first.pk, second.pk).partition("Số bằng nhau, bản ghi khác nhau")
    assert (
        "Buổi tuyên truyền" in equal and "Buổi tuyên truyền" not in differ.partition("Số liệu khác nhau")[2]
    )
    same = opened("lan", office[0].pk, office[0].pk)
    assert same.startswith("200") and "cùng một báo cáo" in same and "Đặt cạnh báo cáo" in same


@pytest.mark.once
def test_words_are_marked_one_by_one() -> None:
    left, right = changed("Cấp ba bộ đàm cho tổ", "Cấp bốn bộ đàm")
    assert left == [(SAME, "Cấp "), (OUT, "ba"), (SAME, " "), (SAME, "bộ đàm "), (OUT, "cho tổ")]
    assert right == [(SAME, "Cấp "), (IN, "bốn"), (SAME, " "), (SAME, "bộ đàm")]
    assert changed("Bản xa, đường sạt", "Thiếu máy đo") == (
        [(OUT, "Bản xa, đường sạt")],
        [(IN, "Thiếu máy đo")],
    )
    assert changed("", "") == ([], []) and changed("a", "a") == ([(SAME, "a")], [(SAME, "a")])


@pytest.mark.once
def test_paragraphs_stand_beside_what_they_were() -> None:
    old = ["Đã họp ba bản xa", "Bỏ đoạn này", "Giữ nguyên", "Thiếu bộ đàm"]
    new = ["Đoạn mới hẳn", "Đã họp năm bản xa", "Giữ nguyên", "Đường đi khó"]
    assert lines_up(old, new) == [
        ("", "Đoạn mới hẳn"), ("Đã họp ba bản xa", "Đã họp năm bản xa"), ("Bỏ đoạn này", ""),
        ("Giữ nguyên", "Giữ nguyên"), ("Thiếu bộ đàm", "Đường đi khó"),
    ]  # fmt: skip


@pytest.mark.once
def test_a_very_long_text_is_held_line_by_line() -> None:
    long = "\n".join(f"dòng {n} có nhiều chữ" for n in range(3_000))
    left, right = changed(long, long.replace("dòng 7 ", "hàng 7 "))
    assert [text for what, text in right if what == IN] == ["hàng 7 có nhiều chữ"] and len(left) == 4


@pytest.mark.django_db
@pytest.mark.once
def test_sections_of_two_papers_stand_beside_each_other(office: tuple[Report, Report]) -> None:
    text = opened("lan", *(one.pk for one in office))
    head = re.search(r"Phần lời \((\d+) trên (\d+) mục", text)
    assert head is not None and int(head[2]) >= 9 and int(head[1]) >= 1
    assert "<ins>⟨" in text and "<del>[" in text
