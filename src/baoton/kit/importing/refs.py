"""What rows of a later table may point at: rows of this file so far, else rows of the dataset the actor may see."""

from typing import Any

import polars as pl

from baoton.kit.importing import database
from baoton.kit.importing.contract import Reads
from baoton.kit.importing.sight import changeable, left_by_import, rights_columns, seen
from baoton.kit.importing.target import Target


class Refs:
    """Keys of one target's rows in this file with their ids, refused ones included so that the reason can be told."""

    def __init__(self, run: Reads, target: Target, dataset_id: str | None) -> None:
        self.run, self.target, self.dataset_id = run, target, dataset_id
        self.parts: list[pl.DataFrame] = []
        self._all: pl.DataFrame | None = None
        self._by: dict[str, pl.DataFrame] = {}

    def add(self, frame: pl.DataFrame) -> None:
        self.parts.append(frame)
        self._all = None
        self._by = {}

    @property
    def all(self) -> pl.DataFrame:
        if self._all is None and self.parts:
            self._all = pl.concat(self.parts, how="diagonal_relaxed")
            self.parts = [self._all]
        return pl.DataFrame() if self._all is None else self._all

    def find(self, keys: pl.Series, by: str = "key") -> pl.DataFrame:
        """For each key the id (null where there is none), the row, whether that row is good, and what it lends;
        `barred` where the record is one that the actor may not change."""
        asked = pl.DataFrame({"key": keys.cast(pl.String)})
        empty = asked.with_columns(
            id=pl.lit(None, pl.String), row=pl.lit(None, pl.Int64), ok=pl.lit(False), barred=pl.lit(False)
        )
        table = self._named(by)
        found = asked.join(table, on="key", how="left", maintain_order="left") if table is not None else empty
        missing = found.filter(pl.col("key").is_not_null() & pl.col("row").is_null())["key"].unique()
        if len(missing):
            stored = self._stored(missing.to_list())
            if stored is not None:
                late = asked.join(stored, on="key", how="left", maintain_order="left")
                take = found["row"].is_null()
                columns = []
                for name in dict.fromkeys([*found.columns, *late.columns]):
                    if name == "key":
                        continue
                    b = late[name] if name in late.columns else None
                    a = found[name] if name in found.columns else None
                    if a is None or b is None:
                        columns.append((a if b is None else b).alias(name))  # type: ignore[union-attr]
                    else:
                        columns.append(a.zip_with(~take, b.cast(a.dtype, strict=False)).alias(name))
                found = pl.DataFrame([asked["key"], *columns])
        return found

    def _named(self, by: str) -> pl.DataFrame | None:
        table = self.all
        if table.is_empty():
            return None
        if by not in self._by:
            self._by[by] = self._firsts(table, by)
        return self._by[by]

    @staticmethod
    def _firsts(table: pl.DataFrame, by: str) -> pl.DataFrame:
        """The first good row of each key, else its first."""
        table = table.drop("key").rename({by: "key"}) if by != "key" else table.drop("core")
        return (
            table.filter(pl.col("key").is_not_null())
            .sort("ok", descending=True, maintain_order=True)
            .unique("key", keep="first", maintain_order=True)
        )

    def _stored(self, keys: list[str]) -> pl.DataFrame | None:
        target = self.target
        if not target.key.column or (target.dataset.held and self.dataset_id is None):
            return None
        lent = [n for n in target.family.inherit if n[0] != "_"]
        rights = rights_columns(target)
        where = {"dataset_id": str(self.dataset_id)} if target.dataset.held else None
        names = [target.key.column, "id", "withdrawn", *lent, *rights]
        rows = database.select_by(target.model, names, target.key.column, keys, where, *left_by_import())
        rows = [r for r in rows if r[2] is None]
        visible = seen(self.run.actor, target, (_hex(r[1]) for r in rows))
        rows = [r for r in rows if _hex(r[1]) in visible]  # others are as if they were not there
        if not rows:
            return None
        after = 3 + len(lent)
        columns = [*rights, "left"]
        told = [
            [
                _hex(v) if n == "batch" and v is not None else v
                for n, v in zip(columns, r[after:], strict=True)
            ]
            for r in rows
        ]
        standing = pl.DataFrame(told, schema=columns, orient="row", infer_schema_length=None, strict=False)
        standing = standing.with_columns(pl.col("revision", "left").cast(pl.Int64))
        data = {
            "key": [r[0] for r in rows],
            "id": [_hex(r[1]) for r in rows],
            "ok": [True] * len(rows),
            "row": [-1] * len(rows),
            "barred": ~changeable(self.run, target, standing),
        }
        for i, name in enumerate(lent, 3):
            data[name] = [bytes(r[i]) if isinstance(r[i], memoryview) else r[i] for r in rows]
        table = pl.DataFrame(data, strict=False)
        days = {f.attname for f in target.model._meta.concrete_fields if f.get_internal_type() == "DateField"}
        for name in lent:
            if name in days and table[name].dtype == pl.String:
                table = table.with_columns(pl.col(name).cast(pl.Date))
        return table


def _hex(value: Any) -> str:
    return str(value.hex if hasattr(value, "hex") else value)
