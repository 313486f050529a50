"""Rows without an id of their own that say what a standing record says: told, or taken for it when asked."""

from collections import defaultdict

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.sight import seen

PART = 500
SAME_BY = ("scientific_name", "event_date", "min_x", "min_y")


def recognised(chunk: Chunk, keys: pl.Series, made: NDArray[np.bool_]) -> pl.Series:
    """The keys, those of equal standing records taken where the plan says so; else their number is told."""
    target, run = chunk.target, chunk.run
    if not all(c in chunk.out for c in SAME_BY):
        return keys
    signs = _signs(chunk.out, SAME_BY)
    dated = chunk.out["sort_day"].cast(pl.Int64).fill_null(0)
    ask = made & ~chunk.problems.refused & (dated.to_numpy() != 0)
    if not ask.any():
        return keys
    known = _standing(chunk, sorted(set(dated.filter(pl.Series(ask)).to_list())), set(keys.to_list()))
    used: dict[str, int] = run.held.setdefault("recognised", defaultdict(int))
    found: dict[int, str] = {}
    for i in np.flatnonzero(ask).tolist():
        same = known.get(signs[i], [])
        nth = used[signs[i]]
        if nth < len(same):
            found[i] = same[nth]
            used[signs[i]] += 1
    if not found:
        return keys
    at = np.zeros(chunk.n, bool)
    at[list(found)] = True
    if run.plan.recognise:
        told = _("Dòng không có mã được nhận là bản ghi đang có cùng tên, ngày và nơi.")
        chunk.note("recognised", target.key.term, at, told)
        return pl.Series("key", [found.get(i, k) for i, k in enumerate(keys.to_list())], dtype=pl.String)
    told = _(
        "Các dòng này giống bản ghi đang có trong bộ dữ liệu (cùng tên, ngày, nơi) nhưng tệp không có mã nên sẽ "
        "thêm lần nữa. Chọn “nhận ra bản ghi giống hệt” hoặc đánh dấu cột mã."
    )
    chunk.note("equals_standing", target.key.term, at, told)
    return keys


def _standing(chunk: Chunk, days: list[int], own: set[str]) -> dict[str, list[str]]:
    """Keys of the dataset's visible records of those days by what they say, but for those this file names itself."""
    target, run = chunk.target, chunk.run
    found: dict[str, list[str]] = defaultdict(list)
    rows = target.model._default_manager.filter(withdrawn__isnull=True, dataset_id=run.dataset_id)
    for start in range(0, len(days), PART):
        some = list(
            rows.filter(sort_day__in=days[start : start + PART])
            .order_by("pk")
            .values_list("pk", target.key.column, *SAME_BY)
        )
        visible = seen(run.actor, target, (r[0].hex for r in some))
        for row in some:
            if row[0].hex in visible and row[1] not in own:
                found["\x1f".join(_text(v) for v in row[2:])].append(row[1])
    return found


def _signs(columns: dict[str, pl.Series], names: tuple[str, ...]) -> list[str]:
    return [
        "\x1f".join(_text(v) for v in row) for row in zip(*(columns[n].to_list() for n in names), strict=True)
    ]


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.7f}" if isinstance(value, float) else str(value)
