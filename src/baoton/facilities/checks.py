"""Signals: what an honest history of a book does not easily explain, each in words with the lines it rests on.

A signal is a reason to look, never a verdict. Where the rulebook knows nothing of a species, the check says that it
cannot judge. Thresholds are chosen so that an honest book is hardly ever named (`benchmarks/forensics.py`).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from baoton.facilities.models import Counted, Entry, Individual, Inspection, Signal, Stock, Transfer
from baoton.facilities.queries import labels
from baoton.kit import jobs
from baoton.kit.kinds.words import as_text
from baoton.kit.writing import outbox
from rulebook.biology import Biology, biology

M = Entry.Movement
RULES = (
    ("births", gettext_lazy("sinh nhiều hơn đàn có thể sinh")),
    ("balance", gettext_lazy("xuất nhiều hơn số có thể có")),
    ("no_deaths", gettext_lazy("nuôi lâu mà không con nào chết")),
    ("too_young", gettext_lazy("vào lớp bố mẹ trước tuổi thành thục")),
    ("season", gettext_lazy("sinh ngoài mùa sinh của loài")),
    ("one_sided", gettext_lazy("chuyển giao chỉ một phía ghi sổ")),
    ("never_ages", gettext_lazy("đàn không có biến động nào quá lâu")),
    ("sex_ratio", gettext_lazy("tỷ lệ đực cái khác thường")),
    ("one_day", gettext_lazy("nhiều dòng ghi cùng một ngày, ngay trước kiểm tra")),
    ("count_differs", gettext_lazy("đếm được khác số dư sổ")),
    ("over_capacity", gettext_lazy("vượt sức chứa")),
)
SCORES = {"births": 3, "balance": 3, "count_differs": 3, "too_young": 2, "no_deaths": 2, "one_day": 2}
RARE = 0.001
ONE_SIDED_DAYS = 15
QUIET_YEARS = 2
MONTH = 30.4375
BEFORE_VISIT = 14


@dataclass(frozen=True)
class Found:
    """One signal: its rule, what tells it from others of the book, its words, and the lines it rests on."""

    rule: str
    about: str
    words: str
    entries: Sequence[str] = ()


def look(stock: Stock, on: date) -> list[Found]:
    """Every signal of a book as it stands on a day."""
    lines = list(Entry.objects.filter(book=stock, withdrawn__isnull=True).order_by("day", "position"))
    undone = {e.reverses_id for e in lines if e.reverses_id}
    lines = [e for e in lines if e.reverses_id is None and e.pk not in undone]
    known = biology(stock.taxon.scientific_name)
    told: list[Found] = [
        *_transfers(stock, on),
        *_quiet(stock, lines, on),
        *_counts(stock),
        *_one_day(stock, lines),
    ]
    if stock.capacity is not None and stock.balance > stock.capacity:
        words = _("Số dư %(n)s, sức chứa %(most)s.")
        told.append(
            Found("over_capacity", "", words % {"n": as_text(stock.balance), "most": as_text(stock.capacity)})
        )
    if stock.form != Stock.Form.PLANTING:
        told += _sexes(lines)
        if known is not None:
            told += [
                *_births(lines, known),
                *_deaths(lines, known, on),
                *_young(stock, lines, known),
                *_season(lines, known),
            ]
    return told


def _births(lines: Sequence[Entry], known: Biology) -> Iterator[Found]:
    """Births and departures that no history explains: asked of the integer program of `ecostat.ledger`."""
    from ecostat import ledger
    from ecostat.errors import NotConverged

    kinds = {M.OPENING: "opening", M.BORN: "birth", M.DIED: "death"}
    told: list[ledger.Entry] = []
    mine: list[Entry] = []
    for e in lines:
        if e.movement == M.GREW:
            continue
        kind: Any = kinds.get(M(e.movement), "in" if e.amount > 0 else "out")
        sex: Any = {"sire": "m", "male": "m", "dam": "f", "female": "f"}.get(e.kind)
        adult = e.kind in {"sire", "dam"} and e.movement != M.BORN
        age = known.first_litter_months if adult else None
        told.append(ledger.Entry(e.day, kind, abs(e.amount), sex, age))
        mine.append(e)
    best = ledger.Biology(
        litter_max=known.litter_max,
        litter_interval_months=known.litter_interval_months,
        first_litter_months=known.first_litter_months,
        gestation_months=known.gestation_months,
    )
    try:
        reasons = ledger.implausible(told, best, time_limit=2)
    except NotConverged:
        return  # no history was found in time: that says nothing of the book
    for reason in reasons:
        if reason.rule not in {"births", "balance"} or not reason.proven:
            continue
        which = [mine[i] for i in reason.entries]
        first = which[0]
        words = (
            _("Ngày %(day)s ghi sinh %(n)s, trong đó %(odd)s không con cái nào đang có có thể sinh ra.")
            if reason.rule == "births"
            else _("Ngày %(day)s ghi ra %(n)s, nhiều hơn số có thể có %(odd)s.")
        )
        said = {"day": as_text(first.day), "n": as_text(abs(first.amount)), "odd": as_text(reason.animals)}
        yield Found(reason.rule, str(first.pk), words % said, [str(e.pk) for e in which])


def _animal_years(lines: Sequence[Entry], on: date) -> float:
    held, since, years = 0, None, 0.0
    for e in lines:
        if since is not None:
            years += held * (e.day - since).days / 365.25
        held, since = held + e.amount, e.day
    return years + (held * (on - since).days / 365.25 if since is not None else 0.0)


def _deaths(lines: Sequence[Entry], known: Biology, on: date) -> Iterator[Found]:
    """No death at all, where animals that live as long as the species can would rarely give none."""
    if any(e.movement == M.DIED for e in lines):
        return
    years = _animal_years(lines, on)
    expected = years / known.longevity_years
    if math.exp(-expected) < RARE:  # Poisson: no event where so many are expected
        words = _(
            "Đàn đã nuôi tổng cộng %(years)s năm-con mà chưa ghi con nào chết; ít nhất phải khoảng %(n)s."
        )
        yield Found("no_deaths", "", words % {"years": as_text(round(years)), "n": as_text(round(expected))})


def _young(stock: Stock, lines: Sequence[Entry], known: Biology) -> Iterator[Found]:
    """Animals that became breeders, or bore a mark as such, before any of them could be old enough."""
    ripe = timedelta(days=known.first_litter_months * MONTH * 0.9)
    for e in lines:
        if e.movement != M.GREW or e.amount < 0 or e.kind not in {"sire", "dam"}:
            continue
        old = sum(
            x.amount
            for x in lines
            if x.kind not in {"sire", "dam"}
            and x.movement != M.GREW
            and x.amount > 0
            and (x.movement != M.BORN or x.day + ripe <= e.day)
            and x.day <= e.day
        )
        before = sum(
            x.amount
            for x in lines
            if x.movement == M.GREW
            and x.amount > 0
            and x.kind in {"sire", "dam"}
            and (x.day, x.position) <= (e.day, e.position)
        )
        if before > old:
            words = _("Ngày %(day)s chuyển %(n)s vào lớp “%(kind)s”, nhưng chỉ %(old)s con có thể đủ tuổi.")
            said = {
                "day": as_text(e.day),
                "n": as_text(e.amount),
                "kind": labels()[e.kind],
                "old": as_text(max(0, old - before + e.amount)),
            }
            yield Found("too_young", str(e.pk), words % said, [str(e.pk)])
    for one in Individual.objects.filter(
        stock=stock, born__isnull=False, ended_how=M.SOLD, kind__in=["sire", "dam"]
    ):
        if one.ended_on and one.born and one.ended_on < one.born + ripe:
            words = _("%(one)s sinh %(born)s, xuất ngày %(day)s ở lớp bố mẹ khi chưa đủ tuổi.")
            said = {"one": str(one), "born": as_text(one.born), "day": as_text(one.ended_on)}
            yield Found("too_young", str(one.pk), words % said)


def _season(lines: Sequence[Entry], known: Biology) -> Iterator[Found]:
    """Births in months in which the species bears no young."""
    odd = [e for e in lines if e.movement == M.BORN and known.season and e.day.month not in known.season]
    if len({(e.day.year, e.day.month) for e in odd}) >= 2:
        months = ", ".join(str(m) for m in sorted({e.day.month for e in odd}))
        words = _("Ghi sinh vào các tháng %(months)s, ngoài mùa sinh của loài.")
        yield Found("season", "", words % {"months": months}, [str(e.pk) for e in odd])


def _transfers(stock: Stock, on: date) -> Iterator[Found]:
    """Deliveries that the other side has not written, or does not agree to."""
    rows = Transfer.objects.filter(giver=stock, withdrawn__isnull=True).exclude(
        status=Transfer.Status.ACCEPTED
    )
    for one in rows.select_related("receiver__facility"):
        if (on - one.day).days > ONE_SIDED_DAYS or one.status == Transfer.Status.DISPUTED:
            words = _("Chuyển ngày %(day)s tới %(to)s: bên nhận chưa ghi sổ hoặc không đồng ý.")
            yield Found(
                "one_sided", str(one.pk), words % {"day": as_text(one.day), "to": one.receiver.facility}
            )


def _quiet(stock: Stock, lines: Sequence[Entry], on: date) -> Iterator[Found]:
    """Animals that neither bear, die, come nor go for years."""
    if stock.form == Stock.Form.PLANTING or not lines or stock.balance < 5:
        return
    last = max(e.day for e in lines)
    if (on - last).days > QUIET_YEARS * 365:
        words = _("Từ %(day)s đàn %(n)s con không có biến động nào.")
        yield Found("never_ages", "", words % {"day": as_text(last), "n": as_text(stock.balance)})


def _sexes(lines: Sequence[Entry]) -> Iterator[Found]:
    """Sexes at birth beyond chance: exact binomial test against one half."""
    from scipy.stats import binomtest

    born: Counter[str] = Counter()
    for e in lines:
        if e.movement == M.BORN and e.kind in {"male", "female"}:
            born[e.kind] += e.amount
    n = born.total()
    if n and binomtest(born["female"], n).pvalue < RARE:
        words = _("Sinh %(male)s đực và %(female)s cái: tỷ lệ này hiếm khi xảy ra tự nhiên.")
        yield Found(
            "sex_ratio", "", words % {"male": as_text(born["male"]), "female": as_text(born["female"])}
        )


def _counts(stock: Stock) -> Iterator[Found]:
    """What the last visit counted beside the book."""
    last = (
        Inspection.objects.filter(
            counts__stock=stock, status=Inspection.Status.FINISHED, withdrawn__isnull=True
        )
        .order_by("-day")
        .first()
    )
    if last is None:
        return
    for c in Counted.objects.filter(inspection=last, stock=stock, counted__isnull=False):
        if c.counted != c.balance:
            words = _("Kiểm tra ngày %(day)s, lớp “%(kind)s”: sổ ghi %(n)s, đếm được %(counted)s.")
            said = {
                "day": as_text(last.day),
                "kind": labels()[c.kind],
                "n": as_text(c.balance),
                "counted": as_text(c.counted),
            }
            yield Found("count_differs", f"{last.pk} {c.kind}", words % said)


def _one_day(stock: Stock, lines: Sequence[Entry]) -> Iterator[Found]:
    """Many lines of long ago all written on one day shortly before a visit."""
    days: dict[date, list[Entry]] = defaultdict(list)
    for e in lines:
        if e.movement != M.OPENING:
            days[e.entered].append(e)
    visits = list(Inspection.objects.filter(facility=stock.facility_id).values_list("day", flat=True))
    for entered, some in days.items():
        spread = (max(e.day for e in some) - min(e.day for e in some)).days
        near = any(0 <= (day - entered).days <= BEFORE_VISIT for day in visits)
        if near and len({e.day for e in some}) >= 5 and spread > 60:
            words = _("%(n)s dòng của %(days)s ngày khác nhau đều ghi ngày %(entered)s, ngay trước kiểm tra.")
            said = {
                "n": as_text(len(some)),
                "days": as_text(len({e.day for e in some})),
                "entered": as_text(entered),
            }
            yield Found("one_day", str(entered), words % said, [str(e.pk) for e in some])


def recheck(stock: Stock, on: date | None = None) -> int:
    """The signals of a book say what they say now; what a person answered stays, what no longer holds is gone."""
    on = on or timezone.localdate()
    with transaction.atomic():
        # first of all, and it locks the book: a line written from here on asks for another look
        Stock.objects.filter(pk=stock.pk).update(unchecked=False)
        stock.refresh_from_db(fields=["balance", "capacity"])
        with override("vi"):
            found = {f"{f.rule} {f.about}".strip(): f for f in look(stock, on)}
        stood = {s.key: s for s in Signal.objects.filter(stock=stock)}
        fresh = [
            Signal(
                stock=stock, key=key, rule=f.rule, words=f.words, entries=list(f.entries), found=on,
                score=SCORES.get(f.rule, 1), organisation=stock.organisation, area_path=stock.area_path,
            )
            for key, f in found.items() if key not in stood
        ]  # fmt: skip
        changed = []
        for key, s in stood.items():
            f = found.get(key)
            status = s.status
            if f is None and status in {Signal.Status.OPEN, Signal.Status.ANSWERED}:
                status = Signal.Status.GONE
            elif f is not None and status == Signal.Status.GONE:
                status = Signal.Status.OPEN
            if status != s.status or (f is not None and f.words != s.words):
                s.status, s.words = status, s.words if f is None else f.words
                changed.append(s)
        with outbox.changing(Signal, [s.pk for s in (*fresh, *changed)]):
            Signal.objects.bulk_create(fresh)
            Signal.objects.bulk_update(changed, ["status", "words"])
    return len(found)


AT_ONCE = 20


@jobs.chore
def recheck_changed() -> int:
    """The worker looks again at books that changed since they were looked at, a few at a time."""
    some = list(
        Stock.objects.filter(unchecked=True, withdrawn__isnull=True).select_related("taxon", "facility")[
            :AT_ONCE
        ]
    )
    for stock in some:
        recheck(stock)
    return len(some)


@jobs.nightly("facilities.books", gettext_lazy("Xét lại mọi sổ nuôi, trồng"))
def recheck_all(progress: jobs.Progress) -> str:
    """Every book is looked at again: days pass over books that nobody writes in. There is no page of its own."""
    keys = list(Stock.objects.filter(withdrawn__isnull=True).order_by("pk").values_list("pk", flat=True))
    for done, key in enumerate(keys):
        if done % AT_ONCE == 0:
            progress(done, len(keys))
        stock = Stock.objects.select_related("taxon", "facility").filter(pk=key).first()
        if stock is not None:
            recheck(stock)
    return ""


__all__ = ["RULES", "Found", "look", "recheck", "recheck_all", "recheck_changed"]
