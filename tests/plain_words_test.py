"""No page names a thing as the code does: fields, verbs, states, filters, rules, constraints, in both languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import CheckConstraint, UniqueConstraint
from django.test import Client
from django.utils import translation

from baoton.kit.access import System
from baoton.kit.importing.rules import RULES
from baoton.kit.pages.record import spoken_value
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.writing.verb import ACTIONS
from baoton.plan.models import Work
from baoton.reporting.counts import COUNTS

pytestmark = pytest.mark.once
BOOKS = sorted(REGISTERS)
RAW = re.compile(r"[a-z]+_[a-z_]+|\b[a-z]+\.[a-z]+(\.[a-z]+)?\b|\bis violated\b|[{}<>]|^$")
CODES = re.compile(
    r"\b(draft|verified|refused|planned|doing|done|dropped|withdrawn|true|false|none|null|status|taxon|event)\b"
)
VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)


def spoken(book: Register) -> Iterator[tuple[str, str]]:
    """Every word a page may show of a book, with where it stands."""
    yield "label", str(book.label)
    yield "one", str(book.one)
    for kind in book.fields:
        yield f"field {kind.name}", str(kind.heading)
        if kind.help:
            yield f"help {kind.name}", str(kind.help)
        for key, label in kind.listed:
            yield f"value {kind.name} {key}", str(label)
    for one in book.filters:
        yield f"filter {one.name}", str(one.label)
    for verb in book.own_verbs:
        yield f"verb {verb.name}", str(verb.label)
        yield f"done {verb.name}", verb.said(book.model())
        for kind in verb.asks:
            yield f"asks {verb.name} {kind.name}", str(kind.bound(book.model).heading)
    for field in book.model._meta.concrete_fields:
        for key, label in field.flatchoices:
            yield f"state {field.name} {key}", str(label)
    for constraint in book.model._meta.constraints:
        told = isinstance(constraint, CheckConstraint) or getattr(constraint, "condition", None) is not None
        if isinstance(constraint, CheckConstraint | UniqueConstraint) and told:
            yield (
                f"constraint {constraint.name}",
                str(constraint.violation_error_message) % {"name": constraint.name},
            )


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", BOOKS)
def test_no_word_of_a_book_is_an_identifier(name: str, language: str) -> None:
    with translation.override(language):
        wrong = [f"{where}: {text}" for where, text in spoken(REGISTERS[name]) if RAW.search(text)]
        if language == "vi":
            wrong += [f"{where}: {text}" for where, text in spoken(REGISTERS[name]) if CODES.search(text)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_rights_rules_and_counts_are_told_in_words(language: str) -> None:
    with translation.override(language):
        words = {verb: str(action.label) for verb, action in ACTIONS.items()}
        words |= {rule: str(label) for rule, label in RULES.items()}
        words |= {count: translation.gettext(label) for count, (label, _indicators) in COUNTS.items()}
        wrong = {k: w for k, w in words.items() if RAW.search(w)}
        if language == "en":
            wrong |= {
                k: w
                for k, w in words.items()
                if VIETNAMESE.search(re.sub("Bảo Tồn|Lai Châu|Mường Tè", "", w))
            }
    assert not wrong


STORED: list[tuple[str, Any, str]] = [
    ("status", "planned", "chưa bắt đầu"),
    ("due", "2026-11-02", "02/11/2026"),
    ("working_days", 1200, "1.200"),
    ("status", None, "—"),
    ("result", "Biên bản", "Biên bản"),
]


@pytest.mark.parametrize(("column", "stored", "told"), STORED)
def test_the_history_tells_values_as_the_page_does(column: str, stored: Any, told: str) -> None:
    with translation.override("vi"):
        book = REGISTERS["plan.work"]
        assert spoken_value(System(), book, book.model(), column, stored) == told


@pytest.mark.django_db
@pytest.mark.usefixtures("year")
def test_after_a_verb_the_page_says_what_happened(person: Any) -> None:
    row = Work.objects.filter(status="planned").first()
    assert row is not None
    browser = Client()
    browser.force_login(person("lan"))
    page = browser.post(f"/so/plan-work/{row.pk}/lam/start/", follow=True).content.decode()
    assert "Đã bắt đầu." in page and "chưa bắt đầu → đang làm" in page
    assert "planned" not in re.sub(r'class="[^"]*"|value="[^"]*"', "", page)


HEAD = ("/", "/dang-nhap/", "/quen-mat-khau/", "/so/plan-work/", "/so/taxa-taxon/tu-dien/", "/tim/?q=a", "/toi/",
        "/quan-tri/nguoi-dung/", "/dieu-hanh/", "/bao-cao/", "/khong-co/", "/ke-hoach/", "/ban-do/")  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("path", HEAD)
def test_head_is_answered_like_get(person: Any, path: str) -> None:
    browser = Client()
    browser.force_login(person("lan"))
    got, told = browser.get(path), browser.head(path)
    assert (told.status_code, told.content) == (got.status_code, b"")


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_only_who_may_load_boundaries_is_told_to(person: Any) -> None:
    for name, told in (("lan", True), ("quan", True), ("sung", False), ("dung", False)):
        browser = Client()
        browser.force_login(person(name))
        page = browser.get("/dia-ban/").content.decode()
        assert ("Nạp ranh giới chính thức" in page) is told and "baoton import" not in page, name
    assert "Nạp ranh giới" not in Client().get("/dia-ban/").content.decode()
