"""Which rows of a book, read in columns, hide something from their reader: those are read again as records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from baoton.kit.access import Actor
from baoton.kit.place import Disclosure, Located
from baoton.kit.reading.door import Door
from baoton.kit.reading.register import Register, of_model
from baoton.kit.record import Record

Hides = Callable[[Sequence[Any]], Sequence[bool]]


@dataclass(frozen=True)
class Hiding:
    """What to ask beside the columns of a file, and which rows the answers say to hide something.

    `asked` are further columns, each with its test; with none of them no row hides anything. `in_columns` says
    whether the book can be read in columns at all.
    """

    in_columns: bool
    asked: Sequence[str] = ()
    tests: Sequence[Hides] = field(default=(), compare=False)

    def rows(self, columns: Sequence[Sequence[Any]], count: int) -> list[bool]:
        """Of each of the rows, whether something of it is hidden; the columns are those of `asked`."""
        hidden = [False] * count
        for test, column in zip(self.tests, columns, strict=True):
            hidden = [a or b for a, b in zip(hidden, test(column), strict=True)]
        return hidden


RECORDS = Hiding(in_columns=False)
NOTHING = Hiding(in_columns=True)


def of(actor: Actor, register: Register, door: Door) -> Hiding:
    """What the book hides from the reader: places of its own, and what is hidden of linked rows that its columns name.

    Of a row it says what `door.Masked` says of the record, or more. A book with a column that only a record tells,
    or that lies two links away from something hidden, is read as records.
    """
    if not all(kind.path for kind in register.filed):
        return RECORDS
    told: list[tuple[str, Hides]] = []
    if register.located and not door.all_precise:
        told.append(("door_precise", lambda known: [not k for k in known]))
    for kind in register.filed:
        model: Any = register.model
        steps = kind.path.split("__")[:-1]
        for step in steps:
            link: Any = model._meta.get_field(step)
            model = link.related_model
            more = _linked(actor, link, model)
            if more and len(steps) > 1:
                return RECORDS
            told += [one for one in more if one[0] not in dict(told)]
    return Hiding(True, [name for name, _ in told], [test for _, test in told])


def _linked(actor: Actor, link: Any, model: Any) -> list[tuple[str, Hides]]:
    """The columns that tell what is hidden of the rows that a link leads to; none where nothing is."""
    if not issubclass(model, Record):
        return []
    book = of_model(model)
    door = None if book is None else book.door(actor)
    told: list[tuple[str, Hides]] = []
    if issubclass(model, Located) and (door is None or not door.all_precise):
        told.append(
            (f"{link.name}__disclosure", lambda levels: [v not in (None, Disclosure.AS_IS) for v in levels])
        )
    if door is not None and not (door.seen.all and not door.unfinished):
        told.append((link.attname, _Seen(door)))
    return told


class _Seen:
    """Whether linked rows are hidden from the reader; each is looked up once."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.hidden: dict[Any, bool] = {None: False}

    def __call__(self, keys: Sequence[Any]) -> list[bool]:
        if fresh := set(keys) - self.hidden.keys():
            seen = set(self.door.rows().filter(pk__in=fresh).values_list("pk", flat=True))
            self.hidden |= {key: key not in seen for key in fresh}
        return [self.hidden[key] for key in keys]
