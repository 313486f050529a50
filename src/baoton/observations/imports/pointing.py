"""A row that points at another by its key: found, or refused with the reason why not."""

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.chunk import Chunk


def point_at(chunk: Chunk, target: str, keys: pl.Series, by: str, term: str, column: str) -> pl.DataFrame:
    """The row each key means, for the link `column`; a key that leads nowhere, or to a refused row, refuses this one.

    So does, for a new link, one that leads to a record which the actor may not change.
    """
    found: pl.DataFrame = chunk.run.refs[target].find(keys, by)
    said = keys.is_not_null()
    nowhere = said & found["row"].is_null()
    chunk.refuse(
        nowhere,
        term,
        "points_nowhere",
        _("Mã này không có trong tệp lẫn trong bộ dữ liệu; thêm dòng đó, hoặc để trống."),
    )
    refused = said & ~found["ok"].fill_null(False) & found["row"].is_not_null()
    if refused.any():
        rows = found["row"].filter(refused).to_list()
        told = [
            _("Mã này chỉ dòng %(row)d, mà dòng đó bị từ chối; sửa dòng đó trước.") % {"row": r} for r in rows
        ]
        chunk.refuse(refused, term, "points_at_refused", told)
    chunk.bar(said & found["barred"].fill_null(False), term, column)
    good = said & found["ok"].fill_null(False)
    return found.with_columns(id=found["id"].set(~good, None))
