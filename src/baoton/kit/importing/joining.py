"""Tables that give a column to another: the media of an archive, the pictures of a camera package."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl
from django.utils.translation import gettext as _

from baoton.kit.importing.plan import TablePlan
from formats import Table

BETWEEN = " | "


@dataclass
class Join:
    """What one table gives: for each key the values of its rows in one text; which keys were asked for."""

    plan: TablePlan
    texts: pl.DataFrame
    asked: list[pl.Series] = field(default_factory=list)

    @property
    def to(self) -> str:
        return self.plan.joins["to"]

    @property
    def term(self) -> str:
        return self.plan.joins["term"]

    @property
    def on(self) -> str:
        return self.plan.joins["on"]

    def give(self, keys: pl.Series) -> pl.Series:
        """The text of each key, null where the table has none."""
        asked = keys.cast(pl.String).alias("key").to_frame()
        self.asked.append(asked["key"].unique())
        return asked.join(self.texts, on="key", how="left", maintain_order="left")["text"]

    def told(self, table: Table) -> Iterator[tuple[pl.Series, pl.Series]]:
        """The rows of the table with whether each was joined to a row of the other table."""
        known = pl.concat(self.asked).unique() if self.asked else pl.Series([], dtype=pl.String)
        for batch in table.batches():
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            yield frame["_row"], frame[self.plan.joins["by"]].is_in(known.implode()).fill_null(False)


def read(plan: TablePlan, table: Table) -> Join:
    """The table's texts by key, in the order of its rows."""
    by, value = plan.joins["by"], plan.joins["value"]
    parts = []
    for batch in table.batches():
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        parts.append(frame.select(key=by, text=value).drop_nulls())
    rows = pl.concat(parts) if parts else pl.DataFrame(schema={"key": pl.String, "text": pl.String})
    texts = rows.group_by("key", maintain_order=True).agg(pl.col("text").str.join(BETWEEN))
    return Join(plan, texts)


def joined_words(term: str) -> tuple[str, str]:
    """What is said of rows that were joined, and of those that found nothing."""
    return (
        _("Được ghi vào cột “%(term)s” của dòng có cùng mã.") % {"term": term},
        _("Không có dòng nào mang mã này, nên chưa ghép được."),
    )
