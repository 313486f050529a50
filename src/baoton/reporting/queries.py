"""What a yearly report says: every figure with the records it rests on, section by section."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count as Many
from django.db.models import Sum as Total
from django.utils import timezone
from django.utils.translation import gettext as _

import rulebook
from baoton.kit import office
from baoton.kit.access import Anybody
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset
from baoton.plan.models import IndicatorValue, Work
from baoton.plan.queries import (
    INDICATORS,
    MET,
    PROVINCE,
    UNKEPT,
    Distinct,
    Grouped,
    Indicator,
    Part,
    Sum,
    kept_books,
    met,
    part_key,
    task_number,
    tasks,
    told_apart,
    values,
    whole_targets,
)
from baoton.reporting.counts import COUNTS
from baoton.reporting.periods import Period

NO_FIGURE = "chưa có số liệu"


@dataclass(frozen=True)
class Told:
    """One figure as paper, page and file tell it; `value` None is unknown, and `why_unknown` says why."""

    name: str
    label: str
    unit: str
    section: str
    value: float | None
    low: float | None = None
    high: float | None = None
    count: int | None = None
    register: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = ""
    input_hash: str = ""
    why_unknown: str = ""

    @property
    def text(self) -> str:
        """The number as office paper writes it, or that there is none."""
        return NO_FIGURE if self.value is None else number(self.value)

    @property
    def limits(self) -> str:
        """The interval as words, empty where the figure has none."""
        if self.value is None or self.low is None or self.high is None:
            return ""
        return _("khoảng tin cậy 95%%: %(a)s đến %(b)s") % {"a": number(self.low), "b": number(self.high)}

    @property
    def book(self) -> str:
        return str(REGISTERS[self.register].label) if self.register in REGISTERS else ""

    @property
    def sentence(self) -> str:
        """The filters of the query, read as the list's own page reads them."""
        register = REGISTERS.get(self.register)
        if register is None:
            return ""
        known, door = {f.name: f for f in register.filters}, register.door(Anybody())
        return "; ".join(f"{known[k].label}: {known[k].reads(str(v), door)}" for k, v in self.query.items())

    @property
    def address(self) -> str:
        """Where the records of the figure open, without the host."""
        register = REGISTERS.get(self.register)
        return "" if register is None or not self.count else self.opens(self.query)

    def opens(self, query: Mapping[str, str]) -> str:
        """Where the rows of the figure's book under these filters open, without the host."""
        base = REGISTERS[self.register].url()
        return f"{base}?{urlencode(query)}" if query else base

    @property
    def here(self) -> "Told":
        """The figure with its label and unit in the language that is read; its number stays."""
        return replace(
            self, label=_(self.label) if self.label else "", unit=_(self.unit) if self.unit else ""
        )

    def stored(self) -> dict[str, Any]:
        return asdict(self) | {"query": dict(self.query)}


@dataclass(frozen=True)
class Kept:
    """One figure as a report kept it, and as it is now; `moved` says whether its records or its number changed."""

    then: Told
    now: Told | None

    @property
    def moved(self) -> bool:
        now = self.now
        if now is None:
            return True
        then = self.then
        return (now.value, now.count, now.input_hash) != (then.value, then.count, then.input_hash)

    @property
    def word(self) -> str:
        """What became of it since, in words; empty where nothing did."""
        then, now = self.then, self.now
        if now is None:
            return _("nay không còn số liệu này")
        if now.value != then.value:
            if now.value is None or then.value is None:
                return _("nay %(now)s") % {"now": now.text}
            if now.text == then.text:
                return _("không đổi đáng kể")
            return _("nay %(now)s%(change)s") % {
                "now": now.text,
                "change": f" ({moved(now.value, then.value)})",
            }
        if now.count != then.count:
            told = {"now": number(now.count or 0), "then": number(then.count or 0)}
            return _("số không đổi; nay %(now)s bản ghi, khi ấy %(then)s") % told
        return _("số không đổi; có bản ghi đã sửa") if self.moved else ""


def moved(now: float, then: float) -> str:
    """How much more or less, with its sign; in words where the last digit shown does not tell it."""
    told = number(round(abs(now - then), 6))
    if now == then or not told.strip("0,"):
        return "" if now == then else _("không đổi đáng kể")
    return f"{'+' if now > then else '−'}{told}"


def kept(held: Sequence[Mapping[str, Any]], told: Sequence[Told]) -> list[Kept]:
    """The figures a report kept, each beside what it is now."""
    current = {one.name: one for one in told}
    return [Kept(one, current.get(one.name)) for one in (Told(**f) for f in held)]


@dataclass(frozen=True)
class Section:
    """One section: its figures, what it ought to count and nobody holds; a `part` stands within its chapter."""

    number: int
    key: str
    title: str
    title_en: str
    figures: list[Told]
    missing: list[str]
    part: int = 0
    says: str = ""
    counts: Sequence[str] = ()


def number(value: float) -> str:
    """As office paper writes it, in every language: a whole number 1.234, any other 1.234,56."""
    text = f"{value:,.{0 if float(value).is_integer() else 2}f}"
    return text.translate(str.maketrans(",.", ".,"))


def site_address() -> str:
    """The host that readers open, for addresses on paper."""
    return office.address()


def years() -> list[int]:
    """The years that have figures, newest first; this year even without."""
    told = set(IndicatorValue.objects.values_list("year", flat=True).distinct())
    return sorted(told | {timezone.localdate().year}, reverse=True)


def lead() -> str:
    """The body that leads the plan and signs its report."""
    leading = [code for task in tasks() for code in task.lead]
    return leading[0] if leading else rulebook.province(settings.PROVINCE).bodies[0].key


def simulated() -> bool:
    """Whether the database holds simulated data, which every page of a report must say."""
    return Dataset.objects.filter(simulated=True, withdrawn__isnull=True).exists()


def figures(period: Period, hashed: bool = True) -> list[Told]:
    """The province's figures of the period in the order of the plan page, then the report's own two.

    A whole year's are the stored ones; those of a part of a year are counted from the rows. The digest of their
    records, which reads every row, is left out where nobody keeps it (`hashed`).
    """
    if period.part:
        told = [*(live(one, period, hashed) for one in INDICATORS.values()), late(period)]
    else:
        held = values(period.year)
        told = [_told(one.name, held.get(one.name), hashed) for one in INDICATORS.values()]
        told += [late(period), next_year(period.year)]
    books = kept_books(period.last.year)  # a nought of a book that nobody kept yet is unknown
    return [
        t if t.value != 0 or t.count or t.register in books else replace(t, value=None, why_unknown=_(UNKEPT))
        for t in told
    ]


def live(one: Indicator, period: Period, hashed: bool = True) -> Told:
    """A figure of any stretch of time, counted from its rows; an estimate is made for whole years only."""
    base = Told(
        one.name, str(one.label), str(one.unit), one.section, None, register=one.register, method=one.method
    )
    if isinstance(one.measure, Grouped):
        return replace(base, why_unknown=_("chỉ ước lượng cho cả năm"))
    if one.yearly and period.part:
        return replace(base, why_unknown=_("chỉ ghi theo năm, không có số của kỳ này"))
    query = {**one.asked(), one.when: one.period(period.when)}
    rows = one.rows().filter(one.within(period.first, period.last))
    count = rows.count()
    value: float | None = float(count)
    several = False
    if isinstance(one.measure, Sum):
        total = rows.aggregate(total=Total(one.measure.column))["total"]
        value = None if total is None else float(total) / one.measure.per
        if one.measure.unit and rows.order_by().values(one.measure.unit).distinct().count() > 1:
            value, several = None, True
    elif isinstance(one.measure, Distinct):
        some = rows.exclude(**{one.measure.column: ""}) if _is_text(one) else rows
        known = count or not one.measure.met
        value = float(some.aggregate(n=Many(one.measure.column, distinct=True))["n"]) if known else None
    why = "" if value is not None else _("không bản ghi nào ghi số này")
    why = _("các sổ dùng đơn vị tính khác nhau") if several else why
    made = input_hash(one.register, query) if hashed else ""
    return replace(base, value=value, count=count, query=query, input_hash=made, why_unknown=why)


def apart(one: Told, period: Period, area: str = "") -> list[tuple[Part, float]]:
    """A figure told apart, in its own unit, each part with the filters that open its rows; empty where told whole."""
    indicator = INDICATORS.get(one.name)
    columns = getattr(indicator.measure, "by", ()) if indicator else ()
    if indicator is None or not columns or indicator.parts is None:
        return []
    if not period.part and not area:
        found = told_apart(one.name, period.year)
    else:
        rows = indicator.rows().filter(indicator.within(period.first, period.last)).order_by()
        if area:
            book = indicator.book
            rows = rows.filter(pk__in=book.filtered(book.door(Anybody()), {"area": area}).values("pk"))
        how: Any = Total(indicator.measure.column) if isinstance(indicator.measure, Sum) else Many("pk")
        grouped = rows.values_list(*columns).annotate(n=how)
        found = {part_key(key): float(n) for *key, n in grouped if n}
    known, per = indicator.parts(list(found)), getattr(indicator.measure, "per", 1)
    base = {**indicator.asked(), indicator.when: indicator.period(period.when)}
    base |= {"area": area} if area else {}
    told = [(replace(known[key], query={**base, **known[key].query}), n / per) for key, n in found.items()]
    return sorted(told, key=lambda t: (t[0].row, t[0].column))


@dataclass(frozen=True)
class Table:
    """A figure told apart: its columns, and each row with its cells (words, address of the rows) and their sum."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]], str]]


def table(one: Told, period: Period, area: str = "") -> Table | None:
    """The parts of a figure as a table of its rows and columns; None where it is told whole."""
    parts = apart(one, period, area)
    if not parts:
        return None
    columns = list(dict.fromkeys(part.column for part, _n in parts))
    rows = []
    for name in dict.fromkeys(part.row for part, _n in parts):
        mine = {part.column: (number(n), one.opens(part.query)) for part, n in parts if part.row == name}
        total = number(sum(n for part, n in parts if part.row == name))
        rows.append((name, [mine.get(c, ("–", "")) for c in columns], total))
    return Table(columns, rows)


def _is_text(one: Indicator) -> bool:
    column = one.book.model._meta.get_field(str(one.measure.column).removesuffix("_id"))
    return column.get_internal_type() in {"CharField", "TextField"}


@dataclass(frozen=True)
class Aim:
    """What a figure is to reach in the year, and whether it does: `met`, `not`, `unsure`, `unknown`."""

    value: float
    state: str

    @property
    def word(self) -> str:
        return _(MET[self.state])


def aims(told: Sequence[Told], period: Period) -> dict[str, Aim]:
    """The targets of the province for the figures of a whole year, by the figure's name."""
    known = {} if period.part else {t.indicator: t for t in whole_targets(period.year)}
    return {
        one.name: Aim(aim.value, met(aim, one.value, one.low, one.high))
        for one in told
        if (aim := known.get(one.name)) is not None
    }


def befores(told: Sequence[Told], period: Period) -> dict[str, float]:
    """What each figure was in the same part of the year before, where records tell it."""
    found = {}
    for one in told:
        if one.name in INDICATORS and one.value is not None:
            before = live(INDICATORS[one.name], period.before, hashed=False)
            if before.value and before.count:
                found[one.name] = before.value
    return found


def compare(told: Sequence[Told], period: Period) -> dict[str, str]:
    """Beside each figure, by its name, how it was a year before and what was aimed at; empty where neither is known."""
    known, past = aims(told, period), befores(told, period)
    said: dict[str, str] = {}
    for one in told:
        if one.name not in INDICATORS:
            continue
        if one.value is None:
            if aim := known.get(one.name):
                said[one.name] = f" ({_('chỉ tiêu %(aim)s') % {'aim': number(aim.value)}})"
            continue
        words = []
        if before := past.get(one.name):
            words.append(f"{_('cùng kỳ năm trước')} {number(before)}{change(one.value, before)}")
        if aim := known.get(one.name):
            part = percent(one.value, aim.value)
            words.append(
                _("chỉ tiêu %(aim)s: %(word)s, bằng %(part)s")
                % {"aim": number(aim.value), "word": aim.word, "part": part}
            )
            if aim.state == "unsure":
                words[-1] += f", {_('khoảng tin cậy có cả phần đạt và phần chưa đạt')}"
        if words:
            said[one.name] = f" ({'; '.join(words)})"
    return said


def change(now: float, before: float) -> str:
    """How much more or less than before, in words; a share that rounds to nought is no change worth telling."""
    if now == before:
        return f", {_('không đổi')}"
    if percent(abs(now - before), abs(before)) == percent(0, 1):
        return f", {_('không đổi đáng kể')}"
    word = _("tăng") if now > before else _("giảm")
    return f", {word} {percent(abs(now - before), abs(before))}"


def percent(part: float, of: float) -> str:
    """A share as office paper writes it, in every language: 59,5 %."""
    return f"{100 * part / of:.1f}".replace(".", ",") + " %"


def work_done(period: Period) -> str:
    """How much of the work due in the period is done, beside the year before; empty where none is due."""

    def counted(one: Period) -> tuple[int, int]:
        rows = Work.objects.filter(withdrawn__isnull=True, due__range=(one.first, one.last))
        rows = rows.exclude(status=Work.Status.DROPPED)
        return rows.filter(status=Work.Status.DONE).count(), rows.count()

    (done, total), (done_before, before) = counted(period), counted(period.before)
    if not total:
        return ""
    part = {"done": number(done), "total": number(total), "part": percent(done, total)}
    text = _("Đã hoàn thành %(done)s/%(total)s việc (%(part)s)") % part
    if before:
        part = {"done": number(done_before), "total": number(before), "part": percent(done_before, before)}
        text += _("; cùng kỳ năm trước %(done)s/%(total)s việc (%(part)s)") % part
    return f"{text}."


def _told(name: str, value: IndicatorValue | None, hashed: bool = True) -> Told:
    one = INDICATORS[name]
    base = Told(name, str(one.label), str(one.unit), one.section, None, register=one.register)
    if value is None:
        return replace(base, why_unknown=_("chưa tính số liệu của năm này"), method=one.method)
    return replace(
        base,
        value=value.value,
        low=value.low,
        high=value.high,
        count=value.count,
        query=value.query,
        method=value.method,
        input_hash=value.input_hash or (remembered(value) if hashed else ""),
        why_unknown=value.why_unknown,
    )


_known: dict[Any, tuple[Any, str]] = {}


def remembered(value: IndicatorValue) -> str:
    """The digest of a figure's records, worked out once after any of them changed."""
    stamp = (value.computed, value.query)
    stands = _known.get(value.pk)
    if stands is None or stands[0] != stamp:
        stands = _known[value.pk] = (stamp, input_hash(value.register, value.query))
    return stands[1]


def input_hash(register: str, query: Mapping[str, str]) -> str:
    """The sha256 over key and revision of every record the query opens, in key order."""
    book, digest = REGISTERS[register], hashlib.sha256()
    rows = book.filtered(book.door(Anybody()), query).order_by("id").values_list("id", "revision")
    for key, revision in rows.iterator(20_000):
        digest.update(f"{key} {revision}\n".encode())
    return digest.hexdigest()


def late(period: Period) -> Told:
    """Work of the period whose day has passed today and that is neither done nor dropped."""
    asked = {"due": period.when, "late": "1"}
    return _counted("reporting.late", _("Việc quá hạn chưa xong"), _("đầu việc"), "obstacles", asked)


def next_year(year: int) -> Told:
    """Work that somebody already gave a day in the next year; none entered is unknown, not nought."""
    asked = {"due": str(year + 1)}
    told = _counted(
        "reporting.next_year", _("Việc đã ghi hạn trong năm sau"), _("đầu việc"), "next_year", asked
    )
    if told.count:
        return told
    return Told(
        **told.stored() | {"value": None, "why_unknown": _("chưa ai ghi việc nào có hạn trong năm sau")}
    )


def counted(register: str, asked: Mapping[str, str]) -> int:
    """How many rows of a book answer these filters, as everybody may be told."""
    book = REGISTERS[register]
    return book.filtered(book.door(Anybody()), asked).count()


def _counted(name: str, label: str, unit: str, section: str, asked: dict[str, str]) -> Told:
    book = REGISTERS["plan.work"]
    count = book.filtered(book.door(Anybody()), asked).count()
    made = input_hash("plan.work", asked)
    return Told(
        name, label, unit, section, float(count), count=count, register="plan.work", query=asked,
        method="đếm v1", input_hash=made,
    )  # fmt: skip


def sections(told: list[Told]) -> Iterator[Section]:
    """The sections as the province's rulebook has them, each with the figures that tell of it."""
    for one in rulebook.province(settings.PROVINCE).report:
        own = [f for f in told if f.section == one.key]
        known = {f.name for f in own}
        missing = []
        for count in one.counts:
            label, indicators = COUNTS.get(count, (count, ()))
            if not known & set(indicators):
                missing.append(label)
        yield Section(one.number, one.key, one.vi, one.en, own, missing)


def open_work(period: Period, shown: str, area: str = "") -> list[Work]:
    """Work items for the report's lists: `late` of the period as of today, or those due `next` year."""
    book = REGISTERS["plan.work"]
    asked = {"due": period.when, "late": "1"} if shown == "late" else {"due": str(period.year + 1)}
    asked |= {"area": area} if area else {}
    return list(book.filtered(book.door(Anybody()), asked).select_related("task").order_by("due", "title"))


def steps(period: Period, task: int) -> list[tuple[Work, bool]]:
    """The province-wide steps of one task with their state, by day, each with whether it is late today."""
    today = timezone.localdate()
    rows = Work.objects.filter(task=task_number(task), withdrawn__isnull=True, due__year=period.year)
    rows = rows.exclude(status=Work.Status.DROPPED).order_by("due", "title")
    return [(w, w.due < today and w.status in (Work.Status.PLANNED, Work.Status.DOING)) for w in rows]


__all__ = ["NO_FIGURE", "PROVINCE", "Section", "Told", "figures", "number", "sections", "simulated"]
