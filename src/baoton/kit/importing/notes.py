"""What was understood of a file without refusing anything: a sentence, a count, the first rows."""

from typing import Any

from django.utils.translation import gettext as _
from numpy.typing import NDArray

FIRST = 10
ASKING = frozenset({"unread_date", "unread_place", "formula_without_value"})
"""what somebody must answer before anything is written"""
URGENT = ASKING | {
    "outside_area",
    "equals_standing",
    "hidden_rows",
    "hidden_columns",
    "datum_unknown",
    "commune_unknown",
    "commune_ambiguous",
    "commune_against_place",
}


class Notes:
    """Findings by code, table and column, so that a million of one kind stay one sentence."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str, str], dict[str, Any]] = {}

    def add(
        self, code: str, table: str, column: str, vi: str, rows: NDArray[Any] | None = None, n: int = 1
    ) -> None:
        one = self.found.setdefault(
            (code, table, column),
            {"code": code, "table": table, "column": column, "vi": vi, "count": 0, "rows": []},
        )
        one["count"] += n if rows is None else len(rows)
        if rows is not None and len(one["rows"]) < FIRST:
            one["rows"] += [int(r) for r in rows[: FIRST - len(one["rows"])]]

    def tidied(self, table: str, column: str, n: int) -> None:
        self.add("tidied", table, column, _("Đã bỏ dấu cách thừa, đưa chữ về Unicode dựng sẵn."), n=n)

    def all(self) -> list[dict[str, Any]]:
        """Every finding, those a person must look at before writing first."""
        return sorted(self.found.values(), key=lambda n: n["code"] not in URGENT)
