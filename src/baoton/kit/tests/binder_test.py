"""One PDF of many parts: in their order, numbered through, the same bytes for the same parts."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typst
from PIL import Image

from baoton.kit.paper.binder import PDF, Binding, Kept, Sheet, bound, pages_of

pytestmark = pytest.mark.once


@pytest.fixture
def parts(tmp_path: Path) -> list[Sheet | Kept]:
    Image.new("RGB", (400, 300), "green").save(tmp_path / "photo.jpg")
    (tmp_path / "three.typ").write_text("Một #pagebreak() Hai #pagebreak() Ba")
    (tmp_path / "three.pdf").write_bytes(bytes(typst.compile(str(tmp_path / "three.typ"))))
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.4 torn")
    return made(tmp_path)


def made(folder: Path) -> list[Sheet | Kept]:
    return [
        Sheet(
            "Biên bản vi phạm",
            ['Ông Giàng A Sùng khai: *không* biết #image("x").'],
            ["Bước", "Ai"],
            [["1", "Dũng"]],
        ),
        Kept("Ảnh 1", "a" * 64, folder / "photo.jpg"),
        Kept("Bản quét", "b" * 64, folder / "three.pdf", PDF),
        Kept("Bản hỏng", "c" * 64, folder / "torn.pdf", PDF),
    ]


def words(pdf: bytes, tmp_path: Path) -> list[str]:
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext")
    (tmp_path / "bound.pdf").write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "bound.pdf", "-"], capture_output=True, check=True
    )
    return told.stdout.decode().split("\f")[:-1]


def test_each_page_of_each_part_is_there_once_with_its_number(
    parts: list[Sheet | Kept], tmp_path: Path
) -> None:
    pages = words(bound(Binding("Hồ sơ vụ việc 01", ["Kín"], "Chi cục Kiểm lâm"), parts), tmp_path)
    assert len(pages) == 2 + 1 + 1 + 3 + 1
    assert all(
        f"{n}/{len(pages)}" in page.replace(" ", "") and "Chi cục Kiểm lâm" in page
        for n, page in enumerate(pages, 1)
    )
    assert "Bản quét" in pages[1] and "c" * 64 in pages[-1] and "Không in được" in pages[-1]


def test_words_are_never_taken_for_marks_of_the_typesetter(parts: list[Sheet | Kept], tmp_path: Path) -> None:
    page = words(bound(Binding("Hồ sơ"), parts), tmp_path)[2]
    assert '*không* biết #image("x")' in page


def test_the_same_parts_give_the_same_bytes_in_another_process(
    parts: list[Sheet | Kept], tmp_path: Path
) -> None:
    here = hashlib.sha256(bound(Binding("Hồ sơ"), parts[:3])).hexdigest()
    code = (
        "import hashlib, sys, django; django.setup()\n"
        "from pathlib import Path\n"
        "from baoton.kit.tests.binder_test import made\n"
        "from baoton.kit.paper.binder import Binding, bound\n"
        "print(hashlib.sha256(bound(Binding('Hồ sơ'), made(Path(sys.argv[1]))[:3])).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == here


def test_pages_are_counted_to_the_last(tmp_path: Path) -> None:
    (tmp_path / "many.typ").write_text("#for n in range(37) { if n > 0 { pagebreak() }; [#n] }")
    (tmp_path / "many.pdf").write_bytes(bytes(typst.compile(str(tmp_path / "many.typ"))))
    assert pages_of(tmp_path, "many.pdf") == 37


def test_a_photo_is_scaled_to_its_place_and_the_page_says_so(tmp_path: Path) -> None:
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(tmp_path / "big.jpg", quality=95)
    parts = [
        Kept("Ảnh lớn", "a" * 64, tmp_path / "big.jpg"),
        Kept("Bản vẽ", "b" * 64, tmp_path / "seen.png", "image/png"),
    ]
    Image.new("RGBA", (60, 400), (0, 90, 0, 120)).save(tmp_path / "seen.png")
    pdf = bound(Binding("Hồ sơ"), parts)
    assert len(pdf) < (tmp_path / "big.jpg").stat().st_size / 3
    pages = words(pdf, tmp_path)
    assert len(pages) == 4
    assert "thu nhỏ" in pages[2] and "thu nhỏ" not in pages[3]
    told = subprocess.run(
        ["pdfimages", "-list", tmp_path / "bound.pdf"], capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in told.stdout.splitlines()[2:]]
    assert [(line[0], line[3], line[4]) for line in lines] == [("3", "1004", "669"), ("4", "60", "400")]


def test_a_photo_with_a_long_story_stands_on_a_page_of_its_own(tmp_path: Path) -> None:
    Image.new("RGB", (400, 300), "green").save(tmp_path / "photo.jpg")
    story = Kept("Ảnh", "a" * 64, tmp_path / "photo.jpg", lines=["Lời kể dài. " * 60])
    pages = words(
        bound(Binding("Hồ sơ"), [story, Kept("Ảnh sau", "b" * 64, tmp_path / "photo.jpg")]), tmp_path
    )
    assert len(pages) == 5
    told = subprocess.run(
        ["pdfimages", "-list", tmp_path / "bound.pdf"], capture_output=True, text=True, check=True
    )
    assert [line.split()[0] for line in told.stdout.splitlines()[2:]] == ["4", "5"]
