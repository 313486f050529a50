"""Header rows that come again within a table: left out where they are the same, a wall where the columns change."""

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.chunk import Chunk, mask_of
from formats import dwc

FEW = 3


def again(chunk: Chunk, frame: pl.DataFrame) -> None:
    """Rows that repeat the header are left out; rows after a header of other columns are refused, for they shifted."""
    columns = [c for c in frame.columns if not c.startswith("_")]
    if chunk.by_program or len(columns) < 2:
        return
    changed: dict[str, int] = chunk.run.held.setdefault("changed headers", {})
    table = chunk.plan.table
    for at in _candidates(frame, columns):
        row = {c: (frame[c][at] or "").strip() for c in columns}
        cells = {c: v for c, v in row.items() if v}
        if len(cells) < 2:
            continue
        same = sum(dwc.accented(v) == dwc.accented(c.split(" / ")[-1]) or v == c for c, v in cells.items())
        here = pl.Series([i == at for i in range(chunk.n)])
        if same >= max(2, 0.6 * len(cells)):
            changed.pop(table, None)
            told = _("Dòng tiêu đề lặp lại giữa bảng; không phải dữ liệu.")
            chunk.omit(here, _first(chunk), "header_again", told)
        elif len(cells) >= FEW and _all_headings(list(cells.values())):
            changed[table] = int(chunk.rows[at])
            told = _("Dòng tiêu đề của một bảng khác nằm giữa bảng này; không phải dữ liệu.")
            chunk.omit(here, _first(chunk), "header_again", told)
    if table in changed:
        told = _("Ở dòng %(row)d có tiêu đề khác nên các ô sau đó có thể thuộc cột khác; tách phần ấy thành trang "
                 "tính hoặc tệp riêng.") % {"row": changed[table]}  # fmt: skip
        after = mask_of(pl.Series(chunk.rows > changed[table])) & ~chunk.problems.omitted
        chunk.refuse(after, _first(chunk), "header_changed", told)


def _candidates(frame: pl.DataFrame, columns: list[str]) -> list[int]:
    """The rows that may be headers: one of the first columns holds the name of a column."""
    names = {c.strip().lower() for c in columns} | {c.split(" / ")[-1].strip().lower() for c in columns}
    maybe = pl.Series([False]).new_from_index(0, len(frame))
    for column in columns[:FEW]:
        maybe = maybe | frame[column].str.strip_chars().str.to_lowercase().is_in(list(names)).fill_null(False)
    return maybe.arg_true().to_list()


def _all_headings(cells: list[str]) -> bool:
    """Whether every cell is a header that somebody knows, and none a value."""
    return all(p.term for p in (dwc.propose([c])[0] for c in cells)) and not any(
        c[0].isdigit() for c in cells
    )


def _first(chunk: Chunk) -> str:
    return next(iter(chunk.columns), chunk.target.key.term or "id")
