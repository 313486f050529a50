"""What was written down in one language is told in the language of whoever reads it."""

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from baoton.kit import importing
from baoton.kit.importing import outcome
from baoton.kit.reading.retold import _messages, retold

TOLD = [
    ("hết hạn ký 01/03/2027", "expired 01/03/2027"),
    (
        "Đợt đặt máy này ở dòng 5, mà dòng đó bị từ chối; sửa dòng đó trước.",
        "This deployment is row 5, which was refused; correct that row first.",
    ),
    ("Thiếu “có”; điền rồi nhập lại.", "“có” is missing; fill it in and import again."),
    (
        "ảnh không có toạ độ; ảnh chụp ngày 2026-03-01, ghi nhận ngày 2026-03-04",
        "the photo has no coordinates; the photo was taken on 2026-03-01, the occurrence is dated 2026-03-04",
    ),
]
OWN = ["Tôi gặp đàn này ở khe", "có: hai con", "Họp dân: nhất trí", ""]


@pytest.mark.parametrize(("vi", "en"), TOLD)
def test_a_sentence_of_ours_is_told_in_the_readers_language_either_way(vi: str, en: str) -> None:
    with override("en"):
        assert retold(vi) == en and retold(en) == en
    with override("vi"):
        assert retold(en) == vi and retold(vi) == vi


@pytest.mark.parametrize("words", OWN)
def test_what_somebody_wrote_himself_stays_as_it_is(words: str) -> None:
    with override("en"):
        assert retold(words) == words


def test_whoever_writes_a_text_cannot_make_its_reading_slow() -> None:
    """Each message read of a text that repeats the words between its values: a reading that tries again never ends."""
    _plain, forms = _messages("en")
    for form in [one for near in forms.values() for one in near]:
        between = "x".join(form.words[1:-1]) or "x"
        assert form.held((form.words[0] + f"x{between}" * 400)[:20_000] + "!") is None or form.words[-1] in (
            "",
            "!",
        )


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_reasons_of_an_import_are_read_in_either_language(
    person: Callable[[str], Any], client: Client, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("occurrenceID,scientificName,eventDate\n1,Sus scrofa,ngày mai\n", encoding="utf-8")
    lan = person("lan")
    with override("en"):
        batch = importing.run_file(lan, path, dataset="a")
    client.force_login(lan)
    client.cookies["django_language"] = "vi"
    page = html.unescape(client.get(f"/nhap/{batch.pk}/").content.decode())
    english = batch.counts["first"]["refused"][0]["message"]
    with override("vi"):
        vietnamese = retold(english)
    assert vietnamese != english and vietnamese in page and english not in page
    assert "Không" in vietnamese or "ngày" in vietnamese.lower(), vietnamese
    assert batch.outcome_sha256
    with override("vi"):
        sent = next(outcome.batches(batch.outcome_sha256)).to_pylist()[0]
    assert sent["cách sửa, thay đổi"] == vietnamese
