"""The small files beside the database stay open, and are let go where another file lies in their place."""

from pathlib import Path

import pytest
from django.conf import settings

from baoton.kit.beside import small_file

pytestmark = pytest.mark.once
TABLE = "told (word TEXT)"


def words() -> list[str]:
    return [row[0] for row in small_file("small.sqlite3", TABLE).execute("SELECT word FROM told")]


def test_it_is_opened_once_and_what_broke_half_way_is_undone() -> None:
    file = small_file("small.sqlite3", TABLE)
    file.execute("INSERT INTO told VALUES ('whole')")
    file.execute("BEGIN IMMEDIATE")
    file.execute("INSERT INTO told VALUES ('half')")
    assert small_file("small.sqlite3", TABLE) is file
    assert words() == ["whole"]


def test_a_file_taken_away_or_another_folder_is_not_read_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    small_file("small.sqlite3", TABLE).execute("INSERT INTO told VALUES ('before')")
    assert words() == ["before"]
    for one in tmp_path.glob("small.sqlite3*"):
        one.unlink()
    assert words() == []
    monkeypatch.setattr(settings, "VAR", tmp_path / "..")
    (tmp_path / ".." / "small.sqlite3").unlink(missing_ok=True)
    assert words() == []
