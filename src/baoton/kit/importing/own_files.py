"""Files that a register of ours wrote: each column goes back to where it came from, and nothing of it is asked."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import override

from baoton.kit.importing.plan import OURS, TablePlan
from baoton.kit.importing.target import LEFT_OUT, TARGETS, Target
from baoton.kit.reading.exporting import SOURCE, headings
from baoton.kit.reading.register import REGISTERS
from formats import Table
from formats.placing import COLUMNS, FOOTPRINT, LATITUDE, LONGITUDE

PLACE = {LONGITUDE, LATITUDE, FOOTPRINT, "coordinateUncertaintyInMeters", "geodeticDatum"}


def target_of(table: Table) -> Target | None:
    """The target whose register wrote the table, known by all its headings beside a column `id`; else None."""
    columns = set(table.columns)
    if "id" not in columns:
        return None
    takers = (t for t in TARGETS.values() if t.suits.row_types and t.name in REGISTERS)
    return next((t for t in takers if any(ours <= columns for ours in _headings(t))), None)


def take_back(one: TablePlan, target: Target, table: Table) -> None:
    """The plan reads the table as it was written: what follows from other columns is passed over, what the source had
    of its own under one of our names stands there again."""
    own = next(ours for ours in _headings(target) if ours <= set(table.columns))
    own |= {"id", *(c for c in COLUMNS if c in table.columns)}
    folded = {c.casefold() for c in table.columns}
    one.known, one.key, one.titled, one.spare = OURS, [], {}, {}
    for column in table.columns:
        source = re.fullmatch(rf"{SOURCE}\d*_(.+)", column, re.S)
        name = source[1] if source and source[1].casefold() in folded | {"fid"} else column
        field = target.field_of(name)
        follows = name in target.rest.also or field is None
        if column in own:
            one.columns[column] = column if field is not None and column != "id" else LEFT_OUT
            if field is not None and name in target.rest.also:
                one.spare[column] = name
        elif name != column and not follows:
            one.spare[column] = name
        else:
            one.columns[column] = name


def _headings(target: Target) -> Iterator[set[str]]:
    """The headings of the target's register in every language."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield set(headings(REGISTERS[target.name]))
