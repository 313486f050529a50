"""What a yearly report says: every figure with the records it rests on, section by section."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

import rulebook
from baoton.kit.access import Anybody
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset
from baoton.plan.models import IndicatorValue, Work
from baoton.plan.queries import INDICATORS, PROVINCE, values
from baoton.reporting.counts import COUNTS

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
        if register is None or not self.count:
            return ""
        return f"{register.url()}?{urlencode(self.query)}" if self.query else register.url()

    def stored(self) -> dict[str, Any]:
        return asdict(self) | {"query": dict(self.query)}


@dataclass(frozen=True)
class Section:
    """One section of the report: its figures, and what it ought to count but the system does not hold yet."""

    number: int
    key: str
    title: str
    title_en: str
    figures: list[Told]
    missing: list[str]


def number(value: float) -> str:
    """As office paper writes it, in every language: a whole number 1.234, any other 1.234,56."""
    text = f"{value:,.{0 if float(value).is_integer() else 2}f}"
    return text.translate(str.maketrans(",.", ".,"))


def site_address() -> str:
    """The host that readers open, for addresses on paper."""
    return str(getattr(settings, "SITE_ADDRESS", "http://127.0.0.1:8000")).rstrip("/")


def simulated() -> bool:
    """Whether the database holds simulated data, which every page of a report must say."""
    return Dataset.objects.filter(simulated=True, withdrawn__isnull=True).exists()


def figures(year: int) -> list[Told]:
    """The province's stored figures of the year in the order of the plan page, then the report's own two."""
    held = values(year)
    told = [_told(one.name, held.get(one.name)) for one in INDICATORS.values()]
    return [*told, late(year), next_year(year)]


def _told(name: str, value: IndicatorValue | None) -> Told:
    one = INDICATORS[name]
    base = Told(name, str(one.label), str(one.unit), one.section, None, register=one.register)
    if value is None:
        return Told(
            **asdict(base) | {"why_unknown": _("chưa tính số liệu của năm này"), "method": one.method}
        )
    return Told(
        **asdict(base)
        | {
            "value": value.value,
            "low": value.low,
            "high": value.high,
            "count": value.count,
            "query": value.query,
            "method": value.method,
            "input_hash": value.input_hash or remembered(value),
            "why_unknown": value.why_unknown,
        }
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


def late(year: int) -> Told:
    """Work of the year whose day has passed today and that is neither done nor dropped."""
    asked = {"due": str(year), "late": "1"}
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


def open_work(year: int, shown: str) -> list[Work]:
    """Work items for the report's lists: `late` of the year as of today, or those due `next` year."""
    book = REGISTERS["plan.work"]
    asked = {"due": str(year), "late": "1"} if shown == "late" else {"due": str(year + 1)}
    return list(book.filtered(book.door(Anybody()), asked).select_related("task").order_by("due", "title"))


def steps(year: int, task: int) -> list[tuple[Work, bool]]:
    """The province-wide steps of one task with their state, by day, each with whether it is late today."""
    today = timezone.localdate()
    rows = Work.objects.filter(task__code=f"III.{task}", withdrawn__isnull=True, due__year=year)
    rows = rows.exclude(status=Work.Status.DROPPED).order_by("due", "title")
    return [(w, w.due < today and w.status in (Work.Status.PLANNED, Work.Status.DOING)) for w in rows]


__all__ = ["NO_FIGURE", "PROVINCE", "Section", "Told", "figures", "number", "sections", "simulated"]
