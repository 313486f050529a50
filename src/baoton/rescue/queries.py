"""What others may ask of rescue: how long released animals live, what a survivor cost, and when to stop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.estimates import why_none
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.rescue.models import Animal, Care, Release

if TYPE_CHECKING:
    from ecostat.survival import Curve


@dataclass(frozen=True)
class Cost:
    """What care cost as far as it is written, and how many standing lines do not say their cost."""

    total: int | None
    unknown: int

    @property
    def told(self) -> str:
        return "–" if self.total is None else f"{as_text(self.total)} đ"


def cost_of(animals: Iterable[Any]) -> Cost:
    """The cost of the animals: None where no line says one; a weighing costs nothing and is no unknown."""
    rows = Care.objects.filter(book__in=[getattr(a, "pk", a) for a in animals], **{"withdrawn__isnull": True})
    told = rows.aggregate(total=Sum("cost"))
    standing = rows.filter(reverses__isnull=True, reversed_by__isnull=True, cost__isnull=True)
    return Cost(told["total"], standing.filter(kind__in=("food", "treatment")).count())


def costs_by_kind(animal: Animal) -> list[tuple[str, int, int]]:
    """Each kind of care of an animal in its order: its words, how many standing lines, what they cost."""
    rows = Care.objects.filter(book=animal, withdrawn__isnull=True).order_by().values_list("kind")
    still = Q(reverses__isnull=True, reversed_by__isnull=True)
    found = {k: (n, c) for k, n, c in rows.annotate(n=Count("pk", filter=still), c=Sum("cost"))}
    return [(str(word), found[k][0], found[k][1]) for k, word in Care.KINDS if k in found]


@dataclass(frozen=True)
class Followed:
    """One released animal as survival counts it: days it was followed, and whether it died then."""

    animal: Animal
    days: int
    died: bool


def followed(animals: Iterable[Animal]) -> list[Followed]:
    """Released animals from their release to their death or the last time they were known to live."""
    told = []
    for one in animals:
        if one.released_on is None:
            continue
        last = one.after_on or one.released_on
        told.append(Followed(one, (last - one.released_on).days, one.after == Animal.After.DEAD))
    return told


@dataclass(frozen=True)
class Step:
    """One step down of the curve, in words that a table holds."""

    day: int
    at_risk: int
    died: int
    share: str
    limits: str


@dataclass(frozen=True)
class Survival:
    """How animals of one or several releases live: the curve with its table, the cost of a survivor, the stop rule.

    `curve` is None where `why_not` says why nothing can be told; `unseen` were never seen after their release.
    """

    rows: Sequence[Followed]
    curve: "Curve | None"
    why_not: str
    steps: Sequence[Step]
    unseen: int
    dead: int
    cost: Cost
    survivor: str

    @property
    def n(self) -> int:
        return len(self.rows)


def released_in(actor: Actor, releases: Iterable[Any]) -> list[Animal]:
    """The animals that were let go in these releases, as far as the actor sees them."""
    rows = REGISTERS["rescue.animal"].door(actor).rows()
    rows = rows.filter(release__in=[r.pk for r in releases], status=Animal.Status.RELEASED)
    return list(rows.select_related("taxon").order_by("released_on", "code", "id"))


def survival(actor: Actor, releases: Iterable[Release]) -> Survival:
    """Survival of the animals of these releases by Kaplan & Meier, those never seen again leaving at once."""
    from ecostat.errors import EcostatError
    from ecostat.survival import kaplan_meier

    animals = released_in(actor, releases)
    rows = followed(animals)
    cost = cost_of(animals) if actor.scopes("rescue.care.see") else Cost(None, 0)
    unseen = sum(1 for r in rows if r.days == 0 and not r.died)
    dead = sum(r.died for r in rows)
    curve, why = None, ""
    if not rows:
        why = _("Chưa có con vật nào được thả.")
    elif unseen == len(rows):
        why = _("Chưa con vật nào được ghi nhận lại sau khi thả, nên chưa nói được tỷ lệ sống.")
    else:
        try:
            curve = kaplan_meier([r.days for r in rows], [r.died for r in rows])
        except EcostatError as error:
            why = _(why_none(error))
    steps = [] if curve is None else _steps(curve)
    return Survival(rows, curve, why, steps, unseen, dead, cost, _survivor(cost, curve, len(rows)))


def percent(share: float) -> str:
    return "–" if not np.isfinite(share) else f"{as_text(round(100 * share, 1))} %"


def _steps(curve: "Curve") -> list[Step]:
    return [
        Step(
            round(float(t)), int(r), int(d), percent(float(s)),
            f"{percent(float(low))} – {percent(float(high))}" if np.isfinite(low) else "–",
        )
        for t, r, d, s, low, high in zip(
            curve.time, curve.at_risk, curve.died, curve.survival, curve.lower, curve.upper, strict=True
        )
    ]  # fmt: skip


def _survivor(cost: Cost, curve: "Curve | None", n: int) -> str:
    """Cost divided by the animals that are thought to live at the last look, with its interval; or why not."""
    if curve is None or cost.total is None:
        return "–"
    share, low, high = at(curve, curve.longest)
    if share <= 0:
        return _("không còn con nào sống")
    told = f"{as_text(round(cost.total / (n * share)))} đ"
    if np.isfinite(low) and low > 0:
        told += f" ({as_text(round(cost.total / (n * high)))} – {as_text(round(cost.total / (n * low)))} đ)"
    return told


def at(curve: "Curve", day: float) -> tuple[float, float, float]:
    """Survival at a day with its limits; NaN limits where nobody had died by then or nobody is left."""
    i = int(np.searchsorted(curve.time, day, side="right")) - 1
    if i < 0:
        return 1.0, float("nan"), float("nan")
    return float(curve.survival[i]), float(curve.lower[i]), float(curve.upper[i])


@dataclass(frozen=True)
class Verdict:
    """What a stop rule says today: `state` is touched, doubtful, clear or unknown, `words` say it."""

    state: str
    words: str


def stop_rule(told: Survival, days: int | None, share: int | None) -> Verdict | None:
    """Whether fewer than `share` per cent live after `days`; None without a rule. A person decides."""
    if days is None or share is None:
        return None
    rule = _("sau %(days)s ngày còn sống dưới %(share)s %%") % {"days": days, "share": share}
    curve = told.curve
    alive = None if curve is None else float(curve.at([float(days)])[0])
    if curve is None or alive is None or not np.isfinite(alive):
        return Verdict("unknown", _("Quy tắc dừng (%(rule)s): chưa đủ thời gian theo dõi.") % {"rule": rule})
    _share, low, high = at(curve, float(days))
    words = {"rule": rule, "now": percent(alive)}
    if alive * 100 >= share:
        return Verdict("clear", _("Quy tắc dừng (%(rule)s): chưa chạm, ước tính %(now)s.") % words)
    if np.isfinite(high) and high * 100 >= share:
        words["limits"] = f"{percent(low)} – {percent(high)}"
        return Verdict(
            "doubtful",
            _("Quy tắc dừng (%(rule)s): ước tính %(now)s, khoảng tin cậy %(limits)s; cần xem xét dừng.")
            % words,
        )
    return Verdict("touched", _("Quy tắc dừng (%(rule)s): ĐÃ CHẠM, ước tính %(now)s.") % words)


def weights(animal: Animal) -> list[tuple[date, int]]:
    """The standing weights of an animal by day, in grams."""
    rows = Care.objects.filter(
        book=animal,
        withdrawn__isnull=True,
        weight_g__isnull=False,
        reverses__isnull=True,
        reversed_by__isnull=True,
    )
    told = rows.order_by("day", "position").values_list("day", "weight_g")
    return [(day, grams) for day, grams in told if grams is not None]


@dataclass(frozen=True)
class Year:
    """A year of rescue as one reader may know it: heads taken in, released and dead by month, group and commune.

    `months` are (received, released, died, kept at its end), None for what has not come yet; `groups` and `communes`
    map a key to (received, released, died, kept now or at the end of the year).
    """

    months: Sequence[tuple[int, int, int, int] | None]
    groups: dict[str, list[int]]
    communes: dict[str, list[int]]


def year_of(actor: Actor, year: int, today: date) -> Year:
    """The year counted from the animals the actor sees."""
    rows = REGISTERS["rescue.animal"].door(actor).rows().filter(received_on__isnull=False)
    rows = rows.filter(Q(received_on__year__lte=year) & (Q(ended__isnull=True) | Q(ended__year__gte=year)))
    told = rows.values_list(
        "received_on", "released_on", "died_on", "ended", "taxon_group", "shown_area_path"
    )
    end = min(today, date(year, 12, 31))
    months: list[tuple[int, int, int, int] | None] = []
    groups: dict[str, list[int]] = {}
    communes: dict[str, list[int]] = {}
    found = list(told)
    for month in range(1, 13):
        first, last = date(year, month, 1), _last(year, month)
        if first > today:
            months.append(None)
            continue
        days = [sum(1 for r in found if r[i] is not None and first <= r[i] <= last) for i in range(3)]
        months.append((days[0], days[1], days[2], sum(_here(r, min(last, today)) for r in found)))
    for row in found:
        for table, key in ((groups, row[4]), (communes, row[5])):
            line = table.setdefault(key, [0, 0, 0, 0])
            for i in range(3):
                line[i] += int(row[i] is not None and row[i].year == year)
            line[3] += int(_here(row, end))
    return Year(months, groups, communes)


def _last(year: int, month: int) -> date:
    return (date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)


def _here(row: Sequence[Any], day: date) -> bool:
    """Whether an animal was kept at the end of a day."""
    return row[0] <= day and (row[3] is None or row[3] > day)
