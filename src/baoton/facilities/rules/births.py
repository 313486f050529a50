"""Births: no more than the stock can bear, in the season of the species, of both sexes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from baoton.facilities.models import Entry
from baoton.facilities.rules.found import BREEDERS, Book, Chance, Found, M, Told, Unjudged, keys, parameter
from baoton.kit.kinds.words import as_text

KINDS = {M.OPENING: "opening", M.BORN: "birth", M.DIED: "death"}
SEXES = {"sire": "m", "male": "m", "dam": "f", "female": "f"}
YEAR = 12


def possible(book: Book) -> Told:
    """Births and departures that no history explains: asked of the integer program of `ecostat.ledger`."""
    from ecostat import ledger
    from ecostat.errors import NotConverged

    known = book.known
    if book.planting:
        yield Unjudged("births", "yield")
        return
    if known is None or not known.breeds:
        yield Unjudged("births", "species" if known is None else "breeding")
        return
    first = known.first_litter_months or 0.0
    lines = [e for e in book.lines if e.movement != M.GREW]
    sexed = not _sexes_mended(book.lines)
    told = [_entry(e, first, sexed) for e in lines]
    best = ledger.Biology(
        litter_max=known.litter_max or 1, litter_interval_months=known.litter_interval_months or 1.0,
        first_litter_months=first, gestation_months=known.gestation_months or 0.0, needs_male=known.needs_male,
    )  # fmt: skip
    try:
        reasons = ledger.implausible(told, best, time_limit=book.seconds)
    except NotConverged:
        reasons = ()
        yield Unjudged("births", "time")
    weighed = [r for r in reasons if r.rule in {"births", "balance"}]
    if any(not r.proven for r in weighed):
        yield Unjudged("births", "time")
    odd: dict[tuple[str, int], list[tuple[Entry, int]]] = defaultdict(list)
    for reason in weighed:
        if reason.proven:
            line = lines[reason.entries[0]]
            odd[reason.rule, line.day.year].append((line, reason.animals))
    for (rule, year), some in sorted(odd.items()):
        yield Found(rule, str(year), _said(rule, year, some), keys([line for line, _n in some]))


def _said(rule: str, year: int, some: Sequence[tuple[Entry, int]]) -> str:
    """The lines of a year that nothing explains, in one sentence."""
    said = {
        "day": as_text(some[0][0].day),
        "year": str(year),
        "times": as_text(len(some)),
        "n": as_text(sum(abs(line.amount) for line, _n in some)),
        "odd": as_text(sum(n for _line, n in some)),
    }
    if len(some) == 1:
        words = (
            _("Ngày %(day)s ghi sinh %(n)s, trong đó %(odd)s không con cái nào đang có có thể sinh ra.")
            if rule == "births"
            else _("Ngày %(day)s ghi ra %(n)s, nhiều hơn số có thể có %(odd)s.")
        )
        return words % said
    words = (
        _(
            "Năm %(year)s, %(times)s dòng ghi sinh tổng cộng %(n)s, trong đó %(odd)s không con cái nào đang có "
            "có thể sinh ra; dòng đầu ngày %(day)s."
        )
        if rule == "births"
        else _(
            "Năm %(year)s, %(times)s dòng ghi ra tổng cộng %(n)s, nhiều hơn số có thể có %(odd)s; dòng đầu ngày "
            "%(day)s."
        )
    )
    return words % said


def _entry(e: Entry, first_litter: float, sexed: bool) -> Any:
    from ecostat import ledger

    kind: Any = KINDS.get(M(e.movement), "in" if e.amount > 0 else "out")
    sex: Any = SEXES.get(e.kind) if sexed else None
    age = first_litter if e.kind in BREEDERS and e.movement != M.BORN else None
    return ledger.Entry(e.day, kind, abs(e.amount), sex, age)


def _sexes_mended(lines: Sequence[Entry]) -> bool:
    """Whether animals passed from one sex to the other or to none: then no line's sex is leaned on."""
    net: dict[tuple[date, str], int] = defaultdict(int)
    for e in lines:
        if e.movement == M.GREW and e.kind in SEXES:
            net[e.day, SEXES[e.kind]] += e.amount
    return any(n < 0 for n in net.values())


def seasonal(book: Book) -> Told:
    """Births in every month of the year, or more of them outside the season than the known share of late ones."""
    from ecostat.ledger import out_of_season

    if book.planting:
        return
    if book.known is None or book.known.season is None:
        for rule in ("season", "every_month"):
            yield Unjudged(rule, "species" if book.known is None else "season")
        return
    season = book.known.season
    born = [e for e in book.lines if e.movement == M.BORN]
    if not season:
        return  # young are born in any month
    said = {"season": ", ".join(map(str, season))}
    if len({e.day.month for e in born}) == YEAR:
        words = _("Sổ ghi sinh đủ 12 tháng trong năm; loài này sinh vào các tháng %(season)s.")
        yield Found("every_month", "", words % said, keys(born))
        return
    months = {(e.day.year, e.day.month) for e in born}
    odd = {m for m in months if m[1] not in season}
    if odd:
        words = _("Ghi sinh vào các tháng %(months)s, ngoài mùa sinh của loài (các tháng %(season)s).")
        which = [e for e in born if e.day.month not in season]
        said["months"] = ", ".join(str(m) for m in sorted({m for _y, m in odd}))
        p = out_of_season(len(odd), len(months), parameter("late_births"))
        yield Chance(p, Found("season", "", words % said, keys(which)))


def sexes(book: Book) -> Told:
    """Sexes at birth beyond chance: exact binomial test against the range the species may have."""
    from ecostat.ledger import sexes_beyond_chance

    if book.planting:
        return
    if book.known is None or book.known.female_share is None:
        yield Unjudged("sex_ratio", "species" if book.known is None else "sexes")
        return
    lines = [e for e in book.lines if e.movement == M.BORN and e.kind in {"male", "female"}]
    born = {sex: sum(e.amount for e in lines if e.kind == sex) for sex in ("female", "male")}
    p = sexes_beyond_chance(born["female"], born["male"], book.known.female_share)
    words = _("Sinh %(male)s đực và %(female)s cái: tỷ lệ này hiếm khi xảy ra tự nhiên.")
    said = {sex: as_text(n) for sex, n in born.items()}
    yield Chance(p, Found("sex_ratio", "", words % said, keys(lines)))


RULES_HERE = (possible, seasonal, sexes)
