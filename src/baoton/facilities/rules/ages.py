"""Ages: deaths that must come, breeders and sales too young, a stock that never ages."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from baoton.facilities.models import Entry, Individual
from baoton.facilities.queries import labels
from baoton.facilities.rules.found import (
    BREEDERS,
    MONTH,
    Book,
    Chance,
    Found,
    M,
    Told,
    Unjudged,
    keys,
    parameter,
)
from baoton.kit.kinds.words import as_text

SALES = frozenset({M.SOLD, M.LEFT})
NEARLY = 0.9
"""A date of birth is often told by the month: so much of the age of maturity is asked."""
DAYS = 365.25
COMMERCIAL, SEVERAL = "T", 4
MALES, FEMALES = {"sire", "male"}, {"dam", "female"}


def animal_years(lines: Sequence[Entry], on: date) -> float:
    """How many animals for how many years, summed over the book until a day."""
    amount, since, years = 0, None, 0.0
    for e in lines:
        if since is not None:
            years += amount * (e.day - since).days / DAYS
        amount, since = amount + e.amount, e.day
    return years + (amount * (on - since).days / DAYS if since is not None else 0.0)


def deaths(book: Book) -> Told:
    """Fewer deaths than even a stock that lives as long as the species can would nearly always give."""
    from ecostat.ledger import too_few_deaths

    if book.planting:
        return
    if book.known is None or book.known.longevity_years is None:
        yield Unjudged("no_deaths", "species" if book.known is None else "longevity")
        return
    died = [e for e in book.lines if e.movement == M.DIED]
    n, years = -sum(e.amount for e in died), max(0.0, animal_years(book.lines, book.on))
    p = too_few_deaths(max(0, n), years, book.known.longevity_years)
    said = {
        "years": as_text(round(years)), "died": as_text(n), "n": as_text(round(years / book.known.longevity_years)),
    }  # fmt: skip
    words = (
        _("Đàn đã nuôi tổng cộng %(years)s năm-con mà chưa ghi con nào chết; ít nhất phải khoảng %(n)s.")
        if not n
        else _(
            "Đàn đã nuôi tổng cộng %(years)s năm-con mà chỉ ghi %(died)s con chết; ít nhất phải khoảng %(n)s."
        )
    )
    yield Chance(p, Found("no_deaths", "", words % said, keys(died)))


def ageing(book: Book) -> Told:
    """Animals older than the species lives, or a stock that nothing happens to for longer than chance allows."""
    from ecostat.ledger import older_than_can_be

    if book.planting:
        return
    if book.known is None or book.known.longevity_years is None:
        yield Unjudged("never_ages", "species" if book.known is None else "longevity")
        return
    lines = [e for e in book.lines if e.movement != M.GREW]
    if not lines:
        return
    came = [((book.on - e.day).days / DAYS, e.amount) for e in lines if e.amount > 0 and e.day <= book.on]
    left = -sum(e.amount for e in lines if e.amount < 0)
    most = book.known.longevity_years
    old = older_than_can_be(came, left, most)
    if old:
        words = _(
            "Ít nhất %(n)s con đang có phải già hơn %(most)s năm, tuổi thọ dài nhất biết được của loài."
        )
        cut = book.on - timedelta(days=most * DAYS)
        which = [e for e in lines if e.amount > 0 and e.day < cut]
        yield Found("never_ages", "old", words % {"n": as_text(old), "most": as_text(most)}, keys(which))
    yield _quiet(book, lines, most)


def _quiet(book: Book, lines: Sequence[Entry], most: float) -> Found | Chance:
    """Nothing happens: named outright in a commercial stock able to breed all that time, else as chance allows."""
    from ecostat.ledger import quiet

    last = max(e.day for e in book.lines)
    days, n = max(0, (book.on - last).days), sum(e.amount for e in lines)
    words = _("Từ %(day)s đàn %(n)s con không có biến động nào: không sinh, không chết, không ra vào.")
    found = Found(
        "never_ages", "", words % {"day": as_text(last), "n": as_text(n)},
        keys([e for e in book.lines if e.day == last]),
    )  # fmt: skip
    if days > parameter("quiet_days") and book.stock.purpose == COMMERCIAL and _could_breed(book):
        return found
    return Chance(quiet(max(0, n), days / DAYS, most, len({e.day for e in book.lines})), found)


def _could_breed(book: Book) -> bool:
    """Whether enough females and a male were there for a litter each within the quiet time."""
    known = book.known
    if known is None or not known.breeds:
        return False
    wait = MONTH * ((known.litter_interval_months or 0) + (known.gestation_months or 0))
    males, females = (sum(e.amount for e in book.lines if e.kind in sex) for sex in (MALES, FEMALES))
    return wait < parameter("quiet_days") and females >= SEVERAL and (males > 0 or not known.needs_male)


def grown(book: Book) -> Told:
    """Animals that became breeders before any of them could be old enough."""
    if book.planting:
        return
    if book.known is None or book.known.first_litter_months is None:
        yield Unjudged("too_young", "species" if book.known is None else "maturity")
        yield Unjudged("sold_young", "species" if book.known is None else "maturity")
        return
    ripe = timedelta(days=book.known.first_litter_months * MONTH * NEARLY)
    # by day: breeders made of others, breeders sold, animals that may be grown
    steps: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    rising: dict[date, list[Entry]] = defaultdict(list)
    sales: dict[date, list[Entry]] = defaultdict(list)
    for e in book.lines:
        breeder = e.kind in BREEDERS
        if e.movement == M.GREW:
            steps[e.day][0] += e.amount if breeder else 0
            if breeder and e.amount > 0:
                rising[e.day].append(e)
        elif e.movement in SALES:
            steps[e.day][1] -= e.amount if breeder else 0
            if breeder:
                sales[e.day].append(e)
        elif e.amount > 0:
            day = e.day + ripe if e.movement == M.BORN else e.day
            steps[day][3 if breeder and e.movement != M.BORN else 2] += e.amount
    young: Odd = defaultdict(list)
    early: Odd = defaultdict(list)
    made = sold = others = breeders = 0
    for day in sorted(steps):
        a, b, c, d = steps[day]
        made, sold, others, breeders = made + a, sold + b, others + c, breeders + d
        if made > others and rising[day]:
            young[day.year].append((rising[day], max(0, others - made + a)))
        if sold > others + breeders and sales[day]:
            early[day.year].append((sales[day], max(0, others + breeders - sold + b)))
    yield from _by_year("too_young", young)
    yield from _by_year("sold_young", early)
    yield from _marked(book, ripe)


Odd = dict[int, list[tuple[list[Entry], int]]]
"""By year: the lines of a day that too few animals were old enough for, and how many were."""


def _by_year(rule: str, odd: Odd) -> Told:
    """One signal a year, in the words of its first day and with the lines of all."""
    words = {
        "too_young": _("Ngày %(day)s chuyển %(n)s vào lớp “%(kind)s”, nhưng chỉ %(old)s con có thể đủ tuổi."),
        "sold_young": _("Ngày %(day)s bán, chuyển đi %(n)s con bố mẹ, nhưng chỉ %(old)s con có thể đủ tuổi."),
    }[rule]
    for year, some in sorted(odd.items()):
        lines, old = some[0]
        said = {
            "day": as_text(lines[0].day),
            "n": as_text(sum(abs(e.amount) for e in lines)),
            "kind": ", ".join(dict.fromkeys(labels()[e.kind] for e in lines)),
            "old": as_text(old),
        }
        more = {"days": as_text(len(some)), "year": str(year)}
        told = words % said
        if len(some) > 1:
            told += " " + _("Trong năm %(year)s có %(days)s ngày như vậy.") % more
        yield Found(rule, str(year), told, keys([e for day, _old in some for e in day]))


def _marked(book: Book, ripe: timedelta) -> Told:
    """Marked animals sold as breeders before their day of birth allows."""
    rows = Individual.objects.filter(
        stock=book.stock, born__isnull=False, ended_how=M.SOLD, kind__in=BREEDERS, withdrawn__isnull=True
    )
    for one in rows.order_by("mark", "pk"):
        if one.ended_on and one.born and one.ended_on < one.born + ripe:
            words = _("%(one)s sinh %(born)s, xuất ngày %(day)s ở lớp bố mẹ khi chưa đủ tuổi.")
            said = {"one": str(one), "born": as_text(one.born), "day": as_text(one.ended_on)}
            about = set(Entry.objects.filter(animals=one).values_list("pk", flat=True))
            which = [e for e in book.lines if e.day == one.ended_on and e.pk in about]
            yield Found("sold_young", str(one.pk), words % said, keys(which))


def harvested(book: Book) -> Told:
    """Plants sold before any of them could have stood the years from planting to harvest."""
    if not book.planting:
        return
    years = book.known.harvest_years if book.known is not None else None
    if years is None:
        yield Unjudged("sold_young", "harvest")
        return
    ripe = timedelta(days=years * DAYS * NEARLY)
    steps: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    sales: dict[date, list[Entry]] = defaultdict(list)
    for e in book.lines:
        if e.kind != "plant":
            continue
        if e.movement in SALES:
            steps[e.day][1] -= e.amount
            sales[e.day].append(e)
        elif e.amount > 0:
            young = e.movement in {M.GREW, M.BORN}  # what was bought or stood already may be of any age
            steps[e.day + ripe if young else e.day][0] += e.amount
    old = sold = 0
    for day in sorted(steps):
        old, sold = old + steps[day][0], sold + steps[day][1]
        if sold > old and sales[day]:
            words = _("Ngày %(day)s bán %(n)s cây, nhưng chỉ %(old)s cây có thể đã đủ %(years)s năm.")
            n = steps[day][1]
            said = {
                "day": as_text(day), "n": as_text(n), "old": as_text(max(0, old - sold + n)), "years": as_text(years),
            }  # fmt: skip
            yield Found("sold_young", str(sales[day][0].pk), words % said, keys(sales[day]))


RULES_HERE = (deaths, ageing, grown, harvested)
