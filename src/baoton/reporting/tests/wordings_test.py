"""An office rewords the report's template: what is wrong is told with its place, nothing in it can run."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from docx import Document
from jinja2.exceptions import SecurityError, TemplateError

from baoton.kit import blobs
from baoton.kit.access import System
from baoton.kit.models import AuditEvent
from baoton.kit.paper.sandbox import Sandbox
from baoton.people.actions import load as load_people
from baoton.people.models import Person
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.plan import actions as plan
from baoton.plan import figures
from baoton.reporting import actions
from baoton.reporting.models import Report, Wording
from baoton.reporting.periods import Period
from baoton.reporting.word import template
from baoton.reporting.wording.checking import faults
from baoton.reporting.wording.versions import in_force

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = timezone.localdate()


@pytest.fixture(scope="module")
def office(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    from django.conf import settings

    before = settings.BLOB_DIR
    settings.BLOB_DIR = tmp_path_factory.mktemp("blobs")
    with django_db_blocker.unblock(), translation.override("vi"), transaction.atomic():
        load_places()
        load_people("lai_chau")
        plan.load("lai_chau", "654/KH-UBND")
        cast()
        figures.compute([TODAY.year])
        yield
        transaction.set_rollback(True)
    settings.BLOB_DIR = before


def worded(*lines: str, swap: tuple[str, str] = ("", "")) -> bytes:
    """The present template with more paragraphs, or with some words of a run in others."""
    document = Document(io.BytesIO(template.made()))
    for line in lines:
        document.add_paragraph(line)
    if swap[0]:
        cells = [p for t in document.tables for c in t._cells for p in c.paragraphs]
        for paragraph in [*document.paragraphs, *cells]:
            for run in paragraph.runs:
                run.text = run.text.replace(*swap)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def said(held: bytes, name: str = "mau.docx") -> str:
    with translation.override("vi"):
        return "\n".join(faults(name, held))


def send(name: str, held: bytes, since: date = TODAY, file: str = "mau.docx") -> Any:
    client = Client()
    client.force_login(Person.objects.get(username=name))
    sent = {"file": SimpleUploadedFile(file, held), "since": since.isoformat(), "note": "đổi người ký"}
    return client.post("/bao-cao/mau-word/", sent)


def test_the_present_template_has_no_fault() -> None:
    assert said(template.made()) == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Kính gửi {{ nguoi_nhan }}", "Đoạn “Kính gửi {{ nguoi_nhan }}”: không biết trường “nguoi_nhan”."),
        ("Kỳ {{ period", "thẻ có “{{” không đủ cặp"),
        ("Kỳ {{ period } }", "thẻ có “{{” không đủ cặp"),
        ("Kỳ {{ period | }}", "thẻ “{{ period | }}” viết sai"),
        ("{%p for s in sections %}", "Đoạn “{%p for s in sections %}”: thẻ for chưa có thẻ đóng endfor."),
        ("{%p endif %}", "không có thẻ mở tương ứng"),
        ("{% for s in sections %}{{ s.tieu_de }}{% endfor %}", "không biết trường “s.tieu_de”"),
        ("{% for s in cac_muc %}x{% endfor %}", "không biết trường “cac_muc”"),
        ("{% include 'x' %}", "chỉ dùng for và if"),
        ("{% set a = 1 %}", "chỉ dùng for và if"),
    ],
)
def test_a_fault_is_told_with_its_paragraph(line: str, told: str) -> None:
    assert told in said(worded(line))


def test_a_template_that_lost_a_field_it_needs_is_told_which() -> None:
    assert "Mẫu thiếu trường “communes_table”" in said(worded(swap=("{{ communes_table }}", "Bảng")))


ATTACKS = (
    "{{ ''.__class__ }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ period.__init__.__globals__ }}",
    "{{ period['__class__'] }}", "{{ period|attr('__class__') }}", "{{ cycler.__init__.__globals__.os }}",
    "{{ self }}", "{{ lipsum() }}", "{{ period.format('x') }}", "{{ 'a' * 999999999 }}", "{{ range(10**9)|list }}",
    "{% for x in ''.__class__.__subclasses__() %}{% endfor %}", "{{ ''['__cl' ~ 'ass__'] }}",
    "{% if ''.__class__ %}x{% endif %}", "{{ sections.append(1) }}",
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_python_is_reached(attack: str) -> None:
    """Refused when it is sent; and were it laid past that, the sandbox stops it or gives nothing of Python."""
    assert said(worded(attack))
    made = Sandbox()
    try:
        text = made.from_string(attack).render(period="năm 2026", sections=[1])
    except (SecurityError, TemplateError, TypeError, MemoryError, OverflowError):
        return
    assert "class" not in text and "<" not in text and len(text) < 100


@pytest.mark.parametrize("name", ["mau.docm", "mau.docx"])
def test_a_file_with_macros_is_not_taken(name: str) -> None:
    held = io.BytesIO(template.made())
    with zipfile.ZipFile(held, "a") as pack:
        pack.writestr("word/vbaProject.bin", b"x")
    assert "có macro" in said(held.getvalue(), name) and "có macro" in said(template.made(), "mau.docm")


def test_other_files_are_told_what_they_are() -> None:
    assert "không phải tệp Word" in said(b"xin chao") and "không phải tệp Word" in said(
        b"PK\x03\x04" + b"0" * 50
    )
    held = io.BytesIO(template.made())
    with zipfile.ZipFile(held, "a") as pack:
        pack.writestr(
            "word/_rels/settings.xml.rels",
            '<Relationships><Relationship Id="r" Type="x/attachedTemplate" Target="http://x/a.dotm" '
            'TargetMode="External"/></Relationships>',
        )
    assert "lấy nội dung từ nơi khác" in said(held.getvalue())


def test_a_version_is_used_from_its_day_and_old_reports_keep_theirs(office: None, tmp_path: Any) -> None:
    old = actions.make(System(), Period(TODAY.year), tmp_path)
    answer = send("lan", worded("Câu riêng của Sở, {{ period }}."))
    assert answer.status_code == 302, answer.content.decode()
    now = Wording.objects.get()
    fresh = actions.make(System(), Period(TODAY.year), tmp_path)
    assert send("lan", worded("Câu của năm sau."), TODAY + timedelta(days=9)).status_code == 302
    assert in_force(TODAY) == now and in_force(TODAY + timedelta(days=9)) != now

    def lines(report: Report) -> list[str]:
        held = io.BytesIO(blobs.path_of(report.docx_sha256).read_bytes())
        return [p.text for p in Document(held).paragraphs]

    assert f"Câu riêng của Sở, năm {TODAY.year}." in lines(fresh) and fresh.template_sha256 == now.sha256
    assert not [x for x in lines(Report.objects.get(pk=old.pk)) if "Câu riêng" in x]
    assert AuditEvent.objects.filter(verb="reporting.template.edit").count() == 2
    client = Client()
    client.force_login(Person.objects.get(username="hoa"))
    text = client.get("/bao-cao/mau-word/").content.decode()
    assert text.count("đang dùng</span>") == 1 and "chưa đến ngày" in text and "Gửi mẫu mới" not in text
    got = b"".join(client.get(f"/bao-cao/mau-word/{now.pk}.docx").streaming_content)  # type: ignore[attr-defined]
    assert got == blobs.path_of(now.sha256).read_bytes()
    assert client.get("/bao-cao/mau/").content == got


def test_a_page_tells_every_fault_and_takes_nothing(office: None) -> None:
    before = Wording.objects.count()
    answer = send("lan", worded("{{ sai_mot }}", "{{ sai_hai }}"), TODAY - timedelta(days=1))
    text = answer.content.decode()
    assert answer.status_code == 400 and "sai_mot" in text and "sai_hai" in text
    assert "không được trước hôm nay" in text and Wording.objects.count() == before
    for name in ("hoa", "sung", "dung"):
        assert send(name, template.made()).status_code == 403


def test_more_faults_than_are_told_are_counted() -> None:
    held = worded(*(f"Đoạn {i}: {{{{ khong_co_{i} }}}}" for i in range(20)))
    told = faults("mau.docx", held)
    assert len(told) == 13 and told[-1].startswith("Còn 8 chỗ sai nữa")
