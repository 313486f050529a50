"""Text as people type it, made comparable without losing a word; how many cells changed is told."""

import polars as pl
import pyarrow.compute as pc

AS_TEXT = r"^['’‘`´]\s*([-+]?\d.*)$"
FORMULA_TEXT = r'^="([^"]*)"$'
"""What spreadsheets put around a cell to keep it text: '15/03/2025, ="007"."""


def tidy(column: pl.Series, lines: bool = False) -> tuple[pl.Series, int]:
    """The column in NFC without stray spaces (line breaks kept if `lines`), and how many cells that changed."""
    if column.null_count() == len(column):
        return column, 0
    arrow = column.to_arrow()
    work = column
    if not pc.all(pc.string_is_ascii(arrow)).as_py():
        work = work.str.normalize("NFC").str.replace_all("[\u00a0\u2007\u202f]", " ")
        work = work.str.replace_all("[\u200b\u2060\ufeff]", "")
    if work.str.contains("\0", literal=True).any():  # no database of text holds it, and no page shows it
        work = work.str.replace_all("\0", "", literal=True)
    crowded = "[ \t]{2,}|\t" if lines else r"\s{2,}|[\t\r\n]"
    if work.str.contains(crowded).any():
        work = work.str.replace_all("[ \t]+", " ") if lines else work.str.replace_all(r"\s+", " ")
    work = work.str.strip_chars()
    if work.str.contains(AS_TEXT).any():
        work = work.str.replace(AS_TEXT, "$1")
    if work.str.starts_with('="').any():
        work = work.str.replace(FORMULA_TEXT, "$1").str.strip_chars()
    changed = int((work != column).sum())
    if (work == "").any():
        work = work.replace("", None)
    return (work, changed) if changed else (column, 0)
