"""What a domain declares so that files can be brought into one of its tables; the engine knows nothing more."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor
from baoton.kit.models import ImportBatch
from baoton.kit.writing.verb import declare
from formats import Table

Text = str | Promise
LEFT_OUT = "-"


@dataclass(frozen=True)
class Field:
    """One thing a column may mean. A field with a `column` is read by the engine as its `kind` says.

    Kinds: text, integer, number, boolean, day, code (`values`: folded spelling → stored value). A field
    without a column is read by the target's own `prepare`.
    """

    term: str
    label: Text
    column: str = ""
    kind: str = "text"
    required: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    help: Text = ""


@dataclass(frozen=True)
class Review:
    """A step of the wizard that only the domain understands, over what its rows set aside under `name`.

    `waiting` counts what still needs a person, `context` feeds the template, `decide` keeps the answers of
    the form and says in a sentence what it did.
    """

    name: str
    label: Text
    template: str
    waiting: Callable[[dict[str, Any]], int]
    context: Callable[[Actor, dict[str, Any], Mapping[str, Any]], dict[str, Any]]
    decide: Callable[[Actor, dict[str, Any], Mapping[str, Any]], str]


@dataclass(frozen=True, eq=False)
class Target:
    """One table that takes rows from files, and the verb `<name>.import` somebody must hold for each row.

    `key` is the term that carries the source's own id and `key_column` where it is stored; a file without it
    gets a made-up key. `key_kept` is where the key is only kept, so that an export gives it back. `extra` is
    the JSON column that keeps every other term as it came; `derived` are terms
    an export adds and an import must not take for data; `kept` go to `extra` as well as into a column;
    `aliases` are other headers of a term. `rank` orders the tables of one file. `fits` says how well a set of
    terms suits (0 = not at all), for tables that do not say what they are. `refers` names targets its rows
    point at, `inherit` the columns those may take from here. `identify` maps rows to rows the table has under
    another key; `yields` says that such a row belongs to another source and only its blanks are filled.

    `propose` completes the proposed reading of a table with what only the domain can tell from its headers.
    `summary` says in a few facts what a person should see before the rows are written: where they lie.
    `open` finds the dataset before reading, `begin` makes it at the start of the writing transaction, `link`
    joins rows that stand to each other, some at a time (each step may be a transaction of its own), `finish` runs in
    the last one after all rows, `undone` in that of an undo; `undoing` looks at the rows before an undo and gives
    back what is to be done after it; `afterwards` works out, once they stand, what follows from
    the rows (again if it was cut off) and says it in a few facts. `returns_to` are columns that a changed row has set
    back: what was verified must be verified again. `written_as` names the terms of columns that no field reads
    by itself ("": not told). `recognise` (chunk, keys, which were made) may give rows without an id the key of an
    equal standing one. `places` gives what a map of the file needs, to be kept with the import, and `draw` makes a
    drawing of it for `kit/areas.html`. `media` is the term that takes the links of a table of media;
    `place_terms` are those that say where a row lies, in the order in which a message names them.
    """

    name: str
    model: type[Model]
    label: Text
    fields: Sequence[Field]
    key: str = ""
    key_column: str = ""
    key_kept: str = ""
    in_dataset: bool = True
    row_types: Sequence[str] = ()
    rank: int = 0
    propose: Callable[[Any, Table], None] | None = None
    prepare: Callable[[Any], None] | None = None
    link: Callable[[Any], Iterator[None]] | None = None
    finish: Callable[[Any], None] | None = None
    undone: Callable[[str, Sequence[str]], None] | None = None
    afterwards: Callable[[ImportBatch], list[tuple[str, str]]] | None = None
    undoing: Callable[[Sequence[str]], Callable[[], None]] | None = None
    extra: str = ""
    derived: frozenset[str] = frozenset()
    kept: Sequence[str] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    identify: Callable[[Any, Any], Any] | None = None
    yields: Callable[[dict[str, Any], dict[str, Any]], bool] | None = None
    fits: Callable[[set[str]], float] = lambda terms: 0.0
    review: Review | None = None
    summary: Callable[[Any], list[tuple[str, str]]] | None = None
    refers: Sequence[str] = ()
    inherit: Sequence[str] = ()
    open: Callable[[Any], None] | None = None
    begin: Callable[[Any], None] | None = None
    returns_to: Mapping[str, str] = field(default_factory=dict)
    written_as: Mapping[str, str] = field(default_factory=dict)
    lacking: Callable[[set[str]], str] | None = None
    recognise: Callable[[Any, Any, Any], Any] | None = None
    media: str = ""
    place_terms: Sequence[str] = ()
    places: Callable[[Any], dict[str, Any]] | None = None
    draw: Callable[[dict[str, Any]], Any] | None = None
    owner: Callable[[str], str | None] | None = None

    def __post_init__(self) -> None:
        declare(self.verb, format_lazy("{}: {}", _("nhập từ tệp"), self.label))

    @property
    def verb(self) -> str:
        return f"{self.name}.import"

    def field_of(self, term: str) -> Field | None:
        return next((f for f in self.fields if f.term == term), None)

    def headers(self) -> Iterator[tuple[str, str]]:
        """What a column of the register's own template may be headed by, each with its term."""
        for one in self.fields:
            yield str(one.label), one.term
            yield one.term, one.term
        yield from self.aliases.items()

    def place_term(self, given: Callable[[str], bool]) -> str:
        """The term under which a file says where its rows lie; `given` tells whether it has a term."""
        return next((t for t in self.place_terms if given(t)), "area_path")

    def longest(self, column: str) -> int | None:
        """The most characters the table holds in a column, or None where there is no limit."""
        return getattr(self.model._meta.get_field(column), "max_length", None)


TARGETS: dict[str, Target] = {}


def register(target: Target) -> Target:
    """The target is known by its name; twice is an error of the programmer."""
    if target.name in TARGETS:
        raise ValueError(f"import target {target.name} is declared twice")
    TARGETS[target.name] = target
    return target


def by_name(name: str) -> Target:
    """The target of that name, or a `KeyError` that says which there are."""
    if name not in TARGETS:
        raise KeyError(f"{name}: {', '.join(sorted(TARGETS))}")
    return TARGETS[name]


def best_for(row_type: str, terms: Iterable[str]) -> Target | None:
    """The target that takes rows of this type, or whose terms these are; None where none fits."""
    have = set(terms)
    for target in TARGETS.values():
        if row_type and row_type in target.row_types:
            return target
    if row_type:
        return None
    scored = sorted(((t.fits(have), -t.rank, t.name) for t in TARGETS.values()), reverse=True)
    return TARGETS[scored[0][2]] if scored and scored[0][0] > 0 else None
