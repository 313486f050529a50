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
OTHERS = "*"
"""Stands in `Suits.programs` for the columns of a program that nobody names: they are kept as they came."""


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


@dataclass(frozen=True)
class Key:
    """What makes a row the same row again.

    `term` carries the source's own id and `column` is where it is stored; a file without it gets a made-up key. `kept`
    is where the key is only kept, so that an export gives it back. `identify` maps rows to rows the table has under
    another key; `yields` says that such a row belongs to another source and only its blanks are filled. `recognise`
    (chunk, keys, which were made) may give rows without an id the key of an equal standing one.
    """

    term: str = ""
    column: str = ""
    kept: str = ""
    identify: Callable[[Any, Any], Any] | None = None
    recognise: Callable[[Any, Any, Any], Any] | None = None
    yields: Callable[[dict[str, Any], dict[str, Any]], bool] | None = None


@dataclass(frozen=True)
class Suits:
    """Which tables of a file are this target's.

    `row_types` are what packages call them; `fits` says how well a set of terms suits (0: not at all) where a table
    does not say what it is, `lacking` what such a table wants. `aliases` are other headers of a term, and `propose`
    completes the proposed reading with what only the domain can tell from headers. `rank` orders the tables of a file.
    `programs` says of a table that a program names so (its row type) what each of its columns means and which of them
    tell its rows apart.
    """

    row_types: Sequence[str] = ()
    rank: int = 0
    fits: Callable[[set[str]], float] = lambda terms: 0.0
    lacking: Callable[[set[str]], str] | None = None
    propose: Callable[[Any, Table], None] | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    programs: Mapping[str, tuple[Mapping[str, str], Sequence[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rest:
    """What becomes of terms that are no field.

    `column` is the JSON column that keeps every other term as it came; `derived` are terms an export adds and an import
    must not take for data; `also` go there as well as into a column; `media` is the term that takes the links of a
    table of media.
    """

    column: str = ""
    derived: frozenset[str] = frozenset()
    also: Sequence[str] = ()
    media: str = ""


@dataclass(frozen=True)
class InDataset:
    """Whether rows belong to a dataset; `open` finds it before reading, `owner` tells whose it is."""

    held: bool = True
    open: Callable[[Any], None] | None = None
    owner: Callable[[str], str | None] | None = None


@dataclass(frozen=True)
class Family:
    """`refers` names targets its rows point at, `inherit` the columns those may take from here."""

    refers: Sequence[str] = ()
    inherit: Sequence[str] = ()


@dataclass(frozen=True)
class Steps:
    """What the domain does while rows are written and taken back.

    `begin` runs at the start of the writing transaction, `link` joins rows that stand to each other, some at a time
    (each step may be a transaction of its own), `finish` runs in the last one after all rows. `undoing` looks at the
    rows before an undo and gives back what is to be done after it, `undone` runs in it. `afterwards` works out, once
    they stand, what follows from the rows (again if it was cut off) and says it in a few facts.
    """

    begin: Callable[[Any], None] | None = None
    link: Callable[[Any], Iterator[None]] | None = None
    finish: Callable[[Any], None] | None = None
    undoing: Callable[[Sequence[str]], Callable[[], None]] | None = None
    undone: Callable[[str, Sequence[str]], None] | None = None
    afterwards: Callable[[ImportBatch], list[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class Tells:
    """What a person is asked and told.

    `review` is a step of the wizard; `summary` says in a few facts what he should see before the rows are written:
    where they lie. `places` gives what a map of the file needs, to be kept with the import, and `draw` makes a drawing
    of it for `kit/areas.html`. `place_terms` say where a row lies, in the order in which a message names them;
    `written_as` names the terms of columns that no field reads by itself ("": not told).
    """

    review: Review | None = None
    summary: Callable[[Any], list[tuple[str, str]]] | None = None
    places: Callable[[Any], dict[str, Any]] | None = None
    draw: Callable[[dict[str, Any]], Any] | None = None
    place_terms: Sequence[str] = ()
    written_as: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Target:
    """One table that takes rows from files, and the verb `<name>.import` somebody must hold for each row.

    Its ten options: `fields` (what a column may mean), `key`, `suits` (which tables), `prepare` (checks and columns
    that only the domain can make of a batch), `rest` (other terms), `dataset`, `family` (other targets), `steps` of
    the writing, `tells`, `returns_to` (columns that a changed row has set back: what was verified must be verified
    again).
    """

    name: str
    model: type[Model]
    label: Text
    fields: Sequence[Field]
    key: Key = Key()
    suits: Suits = Suits()
    prepare: Callable[[Any], None] | None = None
    rest: Rest = Rest()
    dataset: InDataset = InDataset()
    family: Family = Family()
    steps: Steps = Steps()
    tells: Tells = Tells()
    returns_to: Mapping[str, str] = field(default_factory=dict)

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
        yield from self.suits.aliases.items()

    def place_term(self, given: Callable[[str], bool]) -> str:
        """The term under which a file says where its rows lie; `given` tells whether it has a term."""
        return next((t for t in self.tells.place_terms if given(t)), "area_path")

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
        if row_type and row_type in target.suits.row_types:
            return target
    if row_type:
        return None
    scored = sorted(((t.suits.fits(have), -t.suits.rank, t.name) for t in TARGETS.values()), reverse=True)
    return TARGETS[scored[0][2]] if scored and scored[0][0] > 0 else None
