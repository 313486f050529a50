"""A report as slides for a meeting: its kept figures, and beside them how the work stands today for its reader."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from baoton.funding import queries as funding
from baoton.kit.access import Actor, Anybody
from baoton.kit.reading.asking import readable
from baoton.kit.reading.register import REGISTERS, all_registers
from baoton.people.queries import organisation_name
from baoton.places.queries import commune_choices
from baoton.plan import queries as plan
from baoton.plan.models import Work
from baoton.reporting import queries
from baoton.reporting.models import OwnReport, Report
from baoton.reporting.queries import Told, number, percent
from baoton.reporting.scopes.scope import Scope, scope_of
from baoton.reporting.slides.deck import EDGE, FOOT, TOP, WIDE, Deck, Heads, Rows
from baoton.reporting.word.pictures import commune_map
from baoton.reporting.word.template import SAYS_SIMULATED

MOST = 8
"""How many bodies, communes or bars a slide of a meeting names; the rest is said in a number."""


@dataclass(frozen=True)
class State:
    """What the slides are made from: the kept figures in the words of the reader, and the work of today."""

    scope: Scope
    told: Sequence[Told]
    works: Sequence[Work]
    late: Sequence[Work]
    today: date


def slides(actor: Actor, report: Report, address: str = "") -> bytes:
    """The presentation as PowerPoint, in the language that is read now."""
    scope = scope_of(report)
    period, area = scope.period, scope.area
    told = [in_words(Told(**one)) for one in report.figures]
    rows, today = REGISTERS["plan.work"].door(actor).rows(), timezone.localdate()
    rows = (
        rows.filter(due__range=(period.first, period.last))
        if period.part
        else plan.of_year(rows, period.year)
    )
    works = plan.with_names(rows.filter(area_path=area) if area else rows)
    late = [w for w in works if w.status in plan.OPEN and w.due < today]
    state = State(scope, told, works, late, today)
    made = timezone.localtime(report.made)
    mark = _("Số liệu như báo cáo lập %(at)s; việc tính đến %(on)s") % {
        "at": f"{made:%d/%m/%Y %H:%M}", "on": f"{today:%d/%m/%Y}"
    }  # fmt: skip
    mark = f"{SAYS_SIMULATED} · {mark}" if report.simulated else mark
    deck = Deck(mark, _("Trang %d"))
    note = _("Số liệu của báo cáo mở tại %(page)s") % {
        "page": f"{address or queries.site_address()}{reverse('report-kept', args=[report.pk])}"
    }
    _title(deck, state, note)
    if not scope.theme:
        _tasks(deck, state, note)
    _targets(deck, state, note)
    if not area and scope.theme in {"", "funding"}:
        _money(deck, actor, state, note)
    if not scope.theme:
        _late(deck, state, note)
    if not (area or scope.theme):
        _waiting(deck, actor, note)
    _annex(deck, state, note)
    return deck.bytes()


def in_words(one: Told) -> Told:
    """A kept figure in the words of the language that is read now; its number is as it was kept."""
    known = plan.INDICATORS.get(one.name)
    return replace(one, label=str(known.label), unit=str(known.unit)) if known else replace(
        one, label=_(one.label), unit=_(one.unit)
    )  # fmt: skip


def _title(deck: Deck, state: State, note: str) -> None:
    current = plan.plan()
    code = current.code if current else "……"
    of_plan = _("Tình hình thực hiện Kế hoạch số %(code)s") % {"code": code}
    slide = deck.slide(_("Báo cáo") if state.scope.own else of_plan, note)
    name = state.scope.name
    at = deck.words(slide, name[:1].upper() + name[1:], 26, 4.4, bold=True)
    at = deck.words(slide, organisation_name(queries.lead()) or "", 20, at + 0.4)
    whole = plan.progress(state.works, state.today)
    known = sum(one.value is not None for one in state.told)
    states = Counter(aim.state for aim in state.scope.aims(state.told).values())
    said = [
        _("%(done)d/%(total)d việc đã xong; %(late)d việc trễ hạn.")
        % {"done": whole.done, "total": whole.total, "late": whole.late},
        _("%(n)d chỉ tiêu đạt, %(b)d chưa đạt, %(c)d chưa chắc, %(d)d chưa có số liệu.")
        % {"n": states["met"], "b": states["not"], "c": states["unsure"], "d": states["unknown"]},
        _("%(n)d số liệu trong báo cáo, mỗi số mở được các bản ghi của nó.") % {"n": known},
    ]
    at += 1.2
    for line in [*([] if state.scope.theme else said[:1]), *(said[1:2] if states else []), said[2]]:
        at = deck.words(slide, f"• {line}", 20, at + 0.2)


def _tasks(deck: Deck, state: State, note: str) -> None:
    """The tasks, the one with the largest late share first."""
    found = []
    for task in plan.tasks():
        own = plan.progress([w for w in state.works if w.task_id == task.pk], state.today)
        found.append((-(own.late / own.total if own.total else 0), task.number or 0, task, own))
    rows: list[tuple[str, ...]] = []
    states: dict[int, str] = {}
    for n, (_share, at, task, own) in enumerate(sorted(found, key=lambda t: t[:2])):
        due = f"{own.next_due:%d/%m/%Y}" if own.next_due else "–"
        done = f"{number(own.done)}/{number(own.total)}" if own.total else _("chưa giao việc nào")
        share = percent(own.done, own.total) if own.total else "–"
        rows.append((f"{at}. {task.short}", done, share, number(own.late), due))
        if own.late:
            states[n] = "late"
    heads: Heads = (
        (_("Nhiệm vụ"), 14.0), (_("Việc đã xong"), 4.2), (_("Tỷ lệ"), 3.0), (_("Việc trễ"), 3.0),
        (_("Hạn kế tiếp"), 4.0),
    )  # fmt: skip
    title = (
        _("Năm nhiệm vụ, việc trễ lên trước") if len(found) == 5 else _("Các nhiệm vụ, việc trễ lên trước")
    )
    deck.tables(title, Rows(heads, rows, states, coloured=3, size=16), note)


def _targets(deck: Deck, state: State, note: str) -> None:
    """Every target with its result and whether it is met, then the shares as a chart beside their table."""
    aims = state.scope.aims(state.told)
    mine = [(one, aims[one.name]) for one in state.told if one.name in aims]
    title = _("Chỉ tiêu: đạt, chưa đạt, chưa chắc")
    if not mine:
        slide = deck.slide(title, note)
        said = (
            _("Kỳ này không có chỉ tiêu: chỉ tiêu đặt cho cả năm.")
            if state.scope.period.part
            else _("Chưa đặt chỉ tiêu nào.")
        )
        deck.words(slide, said, 20, TOP)
        return
    order = {"not": 0, "unsure": 1, "unknown": 2, "met": 3}
    mine.sort(key=lambda t: order[t[1].state])
    rows: list[tuple[str, ...]] = []
    states: dict[int, str] = {}
    for n, (one, aim) in enumerate(mine):
        result = _("chưa có số liệu") if one.value is None else f"{one.text} {one.unit}"
        if one.limits:
            result = f"{result} ({one.limits})"
        share = "–" if one.value is None or not aim.value else percent(one.value, aim.value)
        rows.append((one.label, result, number(aim.value), share, aim.word))
        states[n] = aim.state
    heads: Heads = (
        (_("Chỉ tiêu"), 11.0), (_("Kết quả"), 8.2), (_("Cần đạt"), 3.2), (_("Bằng"), 3.0), (_("Đánh giá"), 3.6),
    )  # fmt: skip
    deck.tables(title, Rows(heads, rows, states, coloured=4), note)
    drawn = [(one, aim) for one, aim in mine if one.value is not None and aim.value][:MOST]
    if len(drawn) > 1:
        slide = deck.slide(_("Kết quả so với chỉ tiêu năm (%)"), note)
        shares = [round(100 * float(one.value or 0) / aim.value, 1) for one, aim in drawn]
        names = [one.label for one, _aim in drawn]
        about = "; ".join(f"{n} {s} %" for n, s in zip(names, shares, strict=True))
        deck.bars(slide, {_("bằng % chỉ tiêu"): shares}, names, about, EDGE, TOP, 18.4, FOOT - TOP, "0.0")
        lines = [(one.label, one.text, number(aim.value)) for one, aim in drawn]
        heads = ((_("Chỉ tiêu"), 6.2), (_("Kết quả"), 3.0), (_("Cần đạt"), 3.0))
        table = next(iter(deck.parts(Rows(heads, lines, size=11), 12.0, FOOT - TOP)))
        deck.table(slide, table, WIDE - EDGE - 12.0, TOP, 12.0)


def _money(deck: Deck, actor: Actor, state: State, note: str) -> None:
    """The money of the year by source, and what results cost, as its reader may know it."""
    year = state.scope.period.year
    rows = funding.by(Anybody(), year, "source")
    title = _("Kinh phí năm %(year)d theo nguồn (đồng)") % {"year": year}
    if not rows:
        deck.words(deck.slide(title, note), _("Chưa có dòng kinh phí nào của năm này."), 20, TOP)
        return
    columns = ("planned", "allotted", "paid")
    whole = funding.whole(rows)

    def cells(row: funding.Row) -> list[str]:
        told = ["–" if (v := row.sums[c]) is None else number(v) for c in columns]
        return [*told, "–" if row.share is None else f"{row.share} %"]

    heads: Heads = (
        (_("Nguồn"), 9.0), (_("Dự kiến"), 5.0), (_("Đã giao"), 5.0), (_("Đã chi"), 5.0),
        (_("Đã chi so với được giao"), 4.4),
    )  # fmt: skip
    lines = [*[(r.words, *cells(r)) for r in rows], (_("Tổng số"), *cells(whole))]
    deck.tables(title, Rows(heads, lines, bold=frozenset({len(rows)})), note)
    names = [r.words for r in rows][:MOST]
    if any(r.sums["planned"] for r in rows):
        slide = deck.slide(_("Kinh phí dự kiến và đã chi (triệu đồng)"), note)
        series = {
            label: [None if (v := r.sums[c]) is None else round(v / 1e6, 1) for r in rows[:MOST]]
            for label, c in ((_("Dự kiến"), "planned"), (_("Đã chi"), "paid"))
        }
        told = _("Mỗi nguồn hai thanh: dự kiến và đã chi; số bằng đồng ở bảng trang trước.")
        deck.bars(slide, series, names, told, EDGE, TOP, WIDE - 2 * EDGE, FOOT - TOP, "#,##0.0")
    costs = [c for c in funding.costs(actor, year) if c.each is not None]
    if costs:
        heads = (
            (_("Kết quả"), 11.0), (_("Đã chi (đồng)"), 5.0), (_("Được"), 5.0), (_("Một đơn vị hết (đồng)"), 5.0),
            (_("Số bản ghi có chi"), 4.0),
        )  # fmt: skip
        told_rows = [
            (str(c.indicator.label), number(c.paid), f"{number(c.amount or 0)} {c.indicator.unit}", number(c.each or 0),
             f"{number(c.records)}/{number(c.of_all)}")
            for c in costs
        ]  # fmt: skip
        deck.tables(_("Tiền so với kết quả"), Rows(heads, told_rows), note)


def _late(deck: Deck, state: State, note: str) -> None:
    """What is late: on the map by commune, and by body."""
    if not state.scope.area:
        _late_map(deck, state, note)
    found = Counter(w.whose for w in state.late).most_common()
    if found:
        heads: Heads = ((_("Cơ quan"), 13.0), (_("Việc trễ"), 3.5), (_("Lâu nhất (ngày)"), 4.0))
        longest = {who: max(w.days_late for w in state.late if w.whose == who) for who, _n in found}
        lines = [(who, number(n), number(longest[who])) for who, n in found[: MOST + 2]]
        slide = deck.slide(_("Cơ quan có việc trễ"), note)
        at = deck.table(slide, Rows(heads, lines, size=16))
        if len(found) > MOST + 2:
            deck.words(slide, _("và %(n)d cơ quan khác") % {"n": len(found) - MOST - 2}, 16, at)
    province = [w for w in state.late if "/" not in w.area_path]
    if province:
        heads = ((_("Việc"), 16.0), (_("Cơ quan"), 9.0), (_("Hạn"), 3.6))
        rows = [(w.title, w.whose, f"{w.due:%d/%m/%Y}") for w in province]
        deck.tables(_("Việc trễ của cấp tỉnh"), Rows(heads, rows), note)


def _late_map(deck: Deck, state: State, note: str) -> None:
    """Late work as a map of the communes, with those of most beside it."""
    title = _("Việc trễ theo xã, phường")
    slide = deck.slide(title, note)
    names = dict(commune_choices())
    counted = Counter(w.area_path for w in state.late)
    values = {path: float(counted.get(path, 0)) for path in names}
    some = [(names[p], number(n)) for p, n in counted.most_common() if p in names]
    about = "; ".join(f"{name}: {n}" for name, n in some) or _("Không xã, phường nào có việc trễ.")
    deck.picture(slide, commune_map(values), f"{title}. {about}"[:1000], EDGE, TOP, 17.0, FOOT - TOP)
    left = WIDE - EDGE - 12.5
    if some:
        heads: Heads = ((_("Xã, phường"), 9.0), (_("Việc trễ"), 3.5))
        at = deck.table(slide, Rows(heads, some[:MOST]), left, TOP, 12.5)
        if len(some) > MOST:
            at = deck.words(
                slide, _("và %(n)d xã, phường khác") % {"n": len(some) - MOST}, 14, at, left=left, width=12.5
            )
    else:
        at = deck.words(slide, about, 18, TOP, left=left, width=12.5)
    if rest := sum(n for path, n in counted.items() if path not in names):
        deck.words(
            slide, _("Và %(n)d việc trễ của cấp tỉnh") % {"n": rest}, 14, at + 0.2, left=left, width=12.5
        )


def _waiting(deck: Deck, actor: Actor, note: str) -> None:
    """What waits for a decision, counted by book as the reader may know it; no record is named."""
    rows: list[tuple[str, ...]] = []
    states: dict[int, str] = {}
    today = timezone.localdate()
    for label, n in (
        (_("Báo cáo của xã, cơ quan chờ kiểm tra"), _count(actor, "reporting.own", status=OwnReport.Status.SUBMITTED)),
        (_("Việc đã báo xong, chờ kiểm tra"),
         _count(actor, "plan.work", status=Work.Status.DONE, checked=None, assignment__isnull=False)),
    ):  # fmt: skip
        if n:
            rows.append((label, number(n), "–", "–"))
    for book in all_registers():
        if not book.timed or not readable(book, actor):
            continue
        found = book.opened(book.door(actor)).filter(door_due__isnull=False)
        if n := found.count():
            past = found.filter(door_due__lt=today).count()
            first = found.aggregate(first=Min("door_due"))["first"]
            if past:
                states[len(rows)] = "late"
            rows.append((str(book.label), number(n), number(past), f"{first:%d/%m/%Y}"))
    heads: Heads = (
        (_("Đang chờ quyết định"), 14.0),
        (_("Số lượng"), 4.0),
        (_("Quá hạn"), 4.0),
        (_("Sớm nhất"), 4.0),
    )
    if rows:
        deck.tables(_("Đang chờ quyết định"), Rows(heads, rows, states, coloured=2, size=16), note)
    else:
        slide = deck.slide(_("Đang chờ quyết định"), note)
        deck.words(slide, _("Không có hồ sơ nào đang chờ."), 20, TOP)


def _count(actor: Actor, register: str, **asked: Any) -> int:
    book = REGISTERS[register]
    return book.door(actor).rows().filter(**asked).count() if readable(book, actor) else 0


def _annex(deck: Deck, state: State, note: str) -> None:
    """Every figure of the report, section by section, unknown ones with the reason, to answer whoever asks."""
    heads: Heads = ((_("Số liệu"), 15.0), (_("Giá trị"), 4.4), (_("Đơn vị"), 3.6), (_("Ghi chú"), 7.0))
    rows: list[tuple[str, ...]] = []
    bold = set()
    for section in state.scope.sections(state.told):
        if section.figures:
            bold.add(len(rows))
            title = section.title_en if get_language() == "en" else section.title
            rows.append((f"{section.number}. {title}", "", "", ""))
        for one in section.figures:
            note_ = _(one.why_unknown) if one.why_unknown else one.limits
            rows.append((one.label, "–" if one.value is None else one.text, one.unit, note_))
    deck.tables(_("Phụ lục: số liệu của báo cáo"), Rows(heads, rows, bold=frozenset(bold), size=13), note)
