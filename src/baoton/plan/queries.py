"""What other apps may ask of the plan, and how they hand it their numbers."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_noop

import rulebook
from baoton.files.queries import of_records as evidence_of
from baoton.kit.access import Anybody
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.refs import name_of, register_of, resolve
from baoton.people.models import Organisation
from baoton.plan.models import IndicatorValue, Node, Plan, Proof, Tally, Target, Work

PROVINCE = ""
FIRST_YEAR = 2023  # before it nothing was recorded here


@dataclass(frozen=True)
class Count:
    """How many rows; `by` are columns by which they are told apart too."""

    by: tuple[str, ...] = ()
    column: ClassVar[str] = ""
    word: ClassVar[str] = "đếm v1"


@dataclass(frozen=True)
class Sum:
    """The sum of a whole-number column over the rows that know it; unknown where none does.

    `by` are columns by which it is told apart too; where the last of them is a `unit` and rows differ in it, there
    is no sum of all. The figure is told in units of so many (`per`) of the column's own: 1,000 m are a km.
    """

    column: str
    by: tuple[str, ...] = ()
    unit: str = ""
    per: int = 1
    word: ClassVar[str] = "cộng v1"


@dataclass(frozen=True)
class Distinct:
    """How many different known values a column holds.

    What is `met` in the field, as species are, is unknown without a row: nobody saw is not the same as none there.
    """

    column: str
    met: bool = False
    word: ClassVar[str] = "đếm khác nhau v1"


@dataclass(frozen=True)
class Grouped:
    """A figure whose parts are counted within groups of rows (`columns`) and then put together.

    A row that has nothing in the first of the columns belongs to no group.
    `of_groups(rows, year)` gives the parts of the groups among the rows that count; `together(parts)` makes the
    value with its interval, or says why it is unknown, from the parts by group key.
    """

    columns: tuple[str, ...]
    of_groups: Callable[["QuerySet[Any]", int], Mapping[str, float]]
    together: Callable[[Mapping[str, float]], "Figure"]
    method: str
    column: ClassVar[str] = ""

    @property
    def word(self) -> str:
        return self.method


@dataclass(frozen=True)
class Figure:
    """One number, unknown (None) with the reason, and its interval where it is an estimate."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why_unknown: str | Promise = ""
    input_hash: str = ""


@dataclass(frozen=True)
class Indicator:
    """A number the plan is told by, in one row: rows of the book `register` under the filters `where`, measured.

    `when` is the filter that asks for a period: its column says in which year a row counts. A value of `where`
    may be a function, read when it is needed. `about` is the topic of the task it serves, empty for all;
    `by_area` tells it for every commune too; `section` is the section of the yearly report it belongs to.

    A `standing` figure is what stands when the year ends: every row up to then counts, unless the day in its column
    `until` has come. The rows of a `yearly` one are of a year, whatever their day: a part of a year has none.
    `parts` says what the keys of a measure told apart `by` columns mean.
    """

    name: str
    label: str | Promise
    unit: str | Promise
    register: str
    when: str = "when"
    where: Mapping[str, str | Callable[[], str]] = field(default_factory=dict)
    measure: Count | Sum | Distinct | Grouped = field(default_factory=Count)
    about: str = ""
    by_area: bool = True
    section: str = ""
    standing: bool = False
    yearly: bool = False
    until: str = ""
    parts: Callable[[Sequence[str]], Mapping[str, "Part"]] | None = None

    @property
    def book(self) -> Register:
        return REGISTERS[self.register]

    @property
    def method(self) -> str:
        return self.measure.word

    @property
    def day(self) -> str:
        """The column whose year a row counts in."""
        asked = next(f for f in self.book.filters if f.name == self.when)
        return str(getattr(asked, "column", "") or asked.name)

    def asked(self) -> dict[str, str]:
        """The filters without the period, as an address says them."""
        return {k: str(v() if callable(v) else v) for k, v in self.where.items()}

    def query(self, year: int, area_path: str = "") -> dict[str, str]:
        """The filters that open the records of one figure; a commune's are the province's with it added."""
        area = {"area": area_path} if area_path else {}
        return {**self.asked(), self.when: self.period(str(year)), **area}

    def period(self, written: str) -> str:
        """The value of the filter `when` for a period as it is written: of a standing figure up to its end."""
        return f"..{written.rpartition('..')[2]}" if self.standing and not self.until else written

    def within(self, first: date, last: date) -> Q:
        """The rows that count in a stretch of time."""
        if not self.standing:
            return Q(**{f"{self.day}__gte": first, f"{self.day}__lte": last})
        ended = Q(**{f"{self.until}__isnull": True}) | Q(**{f"{self.until}__gt": last}) if self.until else Q()
        return Q(**{f"{self.day}__lte": last}) & ended

    def in_year(self, year: int) -> Q:
        return self.within(date(year, 1, 1), date(year, 12, 31))

    def counts_in(self, year: int, began: int | None, ended: int | None) -> bool:
        """Whether a row of that first and last year counts in a year."""
        if not self.standing:
            return began == year
        return began is not None and began <= year and (ended is None or ended > year)

    def test(self) -> Q:
        """The standing rows that count in some year, as one test; where everybody is told they are."""
        book, asked = self.book, self.asked()
        door, q = book.door(Anybody()), Q(**{f"{self.day}__isnull": False})
        for one in book.filters:
            if value := asked.get(one.name, "").strip():
                q &= one.q(value, door)
        return q & door.seen.test

    def rows(self) -> "QuerySet[Any]":
        """The rows that count in some year: everybody reads the figure, so they are where everybody is told."""
        return self.book.model._default_manager.filter(self.test(), withdrawn__isnull=True)


@dataclass(frozen=True)
class Part:
    """One cell of a figure told apart: its row and column in words, and the filters that open its rows."""

    row: str
    column: str
    query: Mapping[str, str]


def part_key(values: Sequence[Any]) -> str:
    """The columns of one part as its key."""
    return "|".join(str(v).replace("-", "") if isinstance(v, UUID) else str(v) for v in values)[:120]


INDICATORS: dict[str, Indicator] = {}


def tell(*indicators: Indicator) -> None:
    """The plan is told these numbers; the order of telling is the order on the page."""
    for one in indicators:
        INDICATORS[one.name] = one


def distinct(found: list[Any]) -> float | None:
    """How many different known values the one column holds."""
    return float(len({row[0] for row in found if row[0] not in (None, "")}))


def with_names(rows: Iterable[Work]) -> list[Work]:
    """The work items, each knowing in `whose` the name of the body it was given to."""
    found = list(rows)
    bodies = Organisation.objects.filter(code__in={one.responsible for one in found})
    names = {o.code: str(o) for o in bodies}
    for one in found:
        one.whose = names.get(one.responsible, one.responsible)
    return found


def doers() -> list[Organisation]:
    """The bodies to which work is given: none above the lead body, and no name of many bodies."""
    given = rulebook.province(settings.PROVINCE).bodies
    none = [one.key for one in given if not one.takes_work]
    return list(Organisation.objects.offices().exclude(code__in=none).order_by("area_path", "name"))


OPEN = (Work.Status.PLANNED, Work.Status.DOING)


def of_year(rows: "QuerySet[Work]", year: int) -> "QuerySet[Work]":
    """The work of a year: due in it, or for this year also what is still open from years before."""
    due = Q(due__year=year)
    if year == timezone.localdate().year:
        due |= Q(due__year__lt=year, status__in=OPEN)
    return rows.filter(due)


def years() -> range:
    """The years that can be opened: from the first with data to the last of the plan, at least the next one."""
    current, this = plan(), timezone.localdate().year
    last = (current.last_year if current else None) or this
    return range(FIRST_YEAR, max(last, this + 1) + 1)


@dataclass(frozen=True)
class Gate:
    """One step of a road: its work, whether it is passed or the one that is held now, by whom and since when."""

    work: Work
    passed: bool
    here: bool
    since: date | None
    papers: Sequence[Any] = ()


def road(rows: Iterable[Work]) -> list[Gate]:
    """The work of a task as gates in the order of their days; the first open one is where it stands."""
    gates: list[Gate] = []
    before: date | None = None
    found = False
    live = [w for w in rows if w.status != Work.Status.DROPPED]
    papers: dict[Any, list[Any]] = {}
    for one in evidence_of(Work._meta.label_lower, [w.pk for w in live]):
        papers.setdefault(one.about_id, []).append(one)
    for work in sorted(live, key=lambda w: (w.due, str(w.pk))):
        passed = work.status == Work.Status.DONE
        here = not passed and not found
        found = found or here
        since = work.finished if passed else (work.begins or before)
        gates.append(Gate(work, passed, here, since, papers.get(work.pk, ())))
        before = work.finished or before
    return gates


def plan() -> Plan | None:
    """The plan whose programme this is: the one the province names, else the newest one loaded."""
    named = rulebook.province(settings.PROVINCE).plan
    rows = Plan.objects.order_by("-issued")
    return rows.filter(code=named).first() or rows.first()


def plans() -> list[Plan]:
    """Every plan of the programme: first the one whose programme this is, then those beside it, newest first."""
    first = plan()
    return [first, *Plan.objects.exclude(pk=first.pk).order_by("-issued")] if first else []


def tasks(of: Plan | None = None) -> list[Node]:
    """The tasks of a plan in order; of the programme's own where none is given."""
    current = of or plan()
    return list(current.nodes.filter(kind=Node.Kind.TASK).order_by("position")) if current else []


def task_node(about: str) -> Node | None:
    """The node of the task about this topic (`outreach`, `survey`…) in the plan in force; None where it has none."""
    return task_nodes([about])[about]


def task_nodes(topics: Iterable[str]) -> dict[str, Node | None]:
    """The node of each topic, asked for together."""
    current, asked = plan(), list(topics)
    codes = (current.body.get("topics") or {}) if current else {}
    wanted = {codes[topic] for topic in asked if topic in codes}
    nodes = current.nodes.filter(kind=Node.Kind.TASK, code__in=wanted) if current and wanted else ()
    by_code = {node.code: node for node in nodes}
    return {topic: by_code.get(codes.get(topic, "")) for topic in asked}


def serves(about: str) -> Callable[[Any], None]:
    """A `derive` by which a record serves the task of this topic, unless somebody said otherwise."""

    def derive(record: Any) -> None:
        record.task = record.task or task_node(about)

    return derive


def task_key(about: str) -> str:
    """The key of that node, or a text that no row has."""
    node = task_node(about)
    return node.pk if node is not None else "-"


def topic_of(node: Node) -> str:
    """What the task of a node is about; empty where nothing says so."""
    topics = node.plan.body.get("topics") or {}
    return next((topic for topic, code in topics.items() if code == node.code), "")


def task_number(number: int, of: Plan | None = None) -> Node | None:
    """The node of one task by its number in the annex."""
    current = of or plan()
    return current.nodes.filter(kind=Node.Kind.TASK, number=number).first() if current else None


def task_choices() -> Iterable[tuple[str, str]]:
    """The tasks of every plan, each by its number; of a plan beside the programme's own with that plan's code."""
    return [
        (t.pk, f"{'' if not n else f'{one.code} · '}{t.number}. {t.short}"[:160])
        for n, one in enumerate(plans())
        for t in one.nodes.filter(kind=Node.Kind.TASK).order_by("position")
    ]


def node_choices() -> Iterable[tuple[str, str]]:
    """Every node of the plans that can be given to somebody, by its code."""
    kinds = (Node.Kind.TASK, Node.Kind.SOLUTION, Node.Kind.DUTY)
    return [
        (t.pk, f"{'' if not n else f'{one.code} · '}{t.code} {t.short}"[:160])
        for n, one in enumerate(plans())
        for t in one.nodes.filter(kind__in=kinds).order_by("position").only("code", "title", "title_en")
    ]


def proofs_of(actor: Any, work: Any) -> dict[str, Any]:
    """The records that show a piece of work was done, where the reader may see them."""
    told = []
    for one in Proof.objects.filter(work=work, withdrawn__isnull=True).order_by("id"):
        record, book = resolve(actor, one.about_type, one.about_id), register_of(one.about_type)
        seen = record is not None and book is not None
        told.append((f"{book.one}: {record}", book.url(record)) if seen and book else ("", ""))
    return {"rows": told}


def works_tied(actor: Any, record: Any) -> list[Work]:
    """The work that a record is tied to, as the actor may read it, by its day."""
    about_type, about_id = name_of(record)
    tied = Proof.objects.filter(about_type=about_type, about_id=about_id, withdrawn__isnull=True)
    return list(
        REGISTERS["plan.work"].door(actor).rows().filter(pk__in=tied.values("work")).order_by("due", "id")
    )


def whole_targets(year: int) -> list[Target]:
    """The targets of the province for a year; one of a commune is the commune's alone."""
    rows = Target.objects.filter(year=year, withdrawn__isnull=True).exclude(area_path__contains="/")
    return list(rows.order_by("id"))


MET = {
    "met": gettext_noop("đạt"),
    "unsure": gettext_noop("chưa chắc"),
    "not": gettext_noop("chưa đạt"),
    "unknown": gettext_noop("chưa có số liệu"),
}


def met(target: Target, value: float | None, low: float | None = None, high: float | None = None) -> str:
    """Whether a figure meets its target: `met`, `not`, `unknown`, or `unsure` where the interval holds both."""
    if value is None:
        return "unknown"
    worst, best = (
        ((low, high) if target.grows else (high, low)) if None not in (low, high) else (value, value)
    )
    reached = [
        (n >= target.value) if target.grows else (n <= target.value) for n in (worst, best) if n is not None
    ]
    return "met" if all(reached) else "unsure" if any(reached) else "not"


def indicator_choices() -> Iterable[tuple[str, str]]:
    return [(one.name, str(one.label)) for one in INDICATORS.values()]


@dataclass(frozen=True)
class Progress:
    """How a task's work stands on a day."""

    total: int
    done: int
    late: int
    doing: int
    next_due: date | None
    weighted: str = ""
    """The progress by weight in per cent, as words: an interval where some work did not report; empty without work."""

    @property
    def share(self) -> int | None:
        return round(100 * self.done / self.total) if self.total else None


def progress(rows: Iterable[Work], on: date) -> Progress:
    """The states of the given work items on a day; dropped ones are not counted."""
    live = [w for w in rows if w.status != Work.Status.DROPPED]
    states = Counter(w.status for w in live)
    open_ = [w.due for w in live if w.status != Work.Status.DONE]
    late = sum(1 for due in open_ if due < on)
    upcoming = sorted(due for due in open_ if due >= on)
    return Progress(
        len(live),
        states[Work.Status.DONE],
        late,
        states[Work.Status.DOING],
        upcoming[0] if upcoming else None,
        weighted(live),
    )


def weighted(rows: Iterable[Work]) -> str:
    """The progress of work by its weights: done is 100 %, not begun 0; what is under way counts by what it reported.

    Work under way that reported nothing may stand anywhere, so that the answer is then an interval, as `55–70`.
    """
    low = high = total = 0
    for one in rows:
        if one.status == Work.Status.DROPPED:
            continue
        total += one.weight
        unsaid = one.status == Work.Status.DOING and one.percent is None
        known = 100 if one.status == Work.Status.DONE else one.percent or 0
        low, high = low + one.weight * known, high + one.weight * (100 if unsaid else known)
    return between(low, high, total)


def between(low: int, high: int, total: int) -> str:
    """A share in per cent whose parts add up to so much at least and at most, of so much weight."""
    told = "" if not total else f"{low // total}–{-(-high // total)}"
    return f"{round(low / total)}" if total and low == high else told


def values(year: int, area_path: str = PROVINCE) -> dict[str, IndicatorValue]:
    """The stored figures of a year and area, by indicator; a nought of a book that nobody kept yet is unknown."""
    told, books = IndicatorValue.objects.filter(year=year, area_path=area_path), kept_books(year)
    found = {v.indicator: v for v in told}
    for one in found.values():
        if one.value == 0 and not one.count and one.register not in books:
            one.value, one.why_unknown = None, UNKEPT
    return found


UNKEPT = gettext_noop("khi ấy chưa ai ghi sổ này")


def kept_books(year: int) -> set[str]:
    """The books of each app of which some row counts in a year up to this one; of a year not yet over all of them."""
    if year >= timezone.localdate().year:
        return set(REGISTERS)
    counted = IndicatorValue.objects.filter(area_path=PROVINCE, year__lte=year, count__gt=0)
    parts = {name.split(".")[0] for name in counted.order_by().values_list("register", flat=True).distinct()}
    return {name for name in REGISTERS if name.split(".")[0] in parts}


def over_years(
    one: Indicator, stored: Mapping[int, Mapping[str, IndicatorValue]]
) -> dict[int, IndicatorValue | None]:
    """The figure in each year; none where its book holds nothing of that year, which is no zero."""
    same = {other.name for other in INDICATORS.values() if other.register == one.register}
    kept = {y: any(v.count for name, v in told.items() if name in same) for y, told in stored.items()}
    return {y: told.get(one.name) if kept[y] else None for y, told in stored.items()}


def told_apart(name: str, year: int, area: str = PROVINCE) -> dict[str, float]:
    """The parts of a figure by their keys, as the tallies have them; those of nothing are left out."""
    mine = Tally.objects.filter(indicator=name, year=year, area_path=area, part="one")
    return {key: n for key, n in mine.order_by("key").values_list("key", "n") if n}


def digest(one: Indicator, parts: Mapping[str, float]) -> str:
    """Says whether two estimates rest on the same parts; keyed, so that nobody can try values against it."""
    text = "\n".join(f"{key} {n}" for key, n in parts.items())
    return salted_hmac(f"figure {one.name} {one.method}", text, algorithm="sha256").hexdigest()
