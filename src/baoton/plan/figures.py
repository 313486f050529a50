"""Figures kept by increments: an edit touches the cells of its own rows only.

A `Tally` row holds what the rows of one figure amount to (`rows`, `known`, `sum`) or one of its distinct values or
groups; the figure shown (`IndicatorValue`) follows from the tallies of its indicator, year and area.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Count as N
from django.db.models import F, Q, QuerySet, Value
from django.db.models import Sum as Total
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from baoton.kit.access import WHOLE, Reach, System
from baoton.kit.kinds.words import as_text
from baoton.kit.models import Overlap
from baoton.kit.once import once
from baoton.kit.reading.register import Register
from baoton.kit.writing import audit
from baoton.kit.writing.outbox import READERS, Share, settle
from baoton.kit.writing.overlaps import wide
from baoton.plan.models import IndicatorValue, Tally
from baoton.plan.queries import (
    INDICATORS,
    PROVINCE,
    Count,
    Distinct,
    Figure,
    Grouped,
    Indicator,
    Sum,
    digest,
    part_key,
    task_nodes,
)

ROWS, KNOWN, SUM, ONE, TOUCHED, SEEN = "rows", "known", "sum", "one", "touched", "seen"
PART = 5_000
TESTS = 50
TALLY = ("indicator", "year", "area_path", "part", "key")
NOT_TOLD = gettext_noop("chưa có bản ghi nào cho biết")
TOLD = "task value low high count register query method input_hash why_unknown computed"
Parts = dict[tuple[str, str], float]


class FigureReader:
    """Keeps the figures by the outbox, right after commit, so that a page shows them."""

    name, soon = "figures", True

    def follows(self, book: Register) -> bool:
        return any(i.register == book.name for i in INDICATORS.values())

    def look(self, book: Register, keys: Sequence[Any]) -> Share:
        """What the rows add to each figure of the open years, by (indicator, year, area, part, key): one query."""
        years = once(FigureReader, open_years)
        return _of_keys(book, _of(book), keys, years, touched=True) if years else Counter()

    def take(self, book: Register, share: Share) -> None:
        years = {k[1] for k in share if k[3] == SEEN}
        kept = IndicatorValue.objects.filter(register=book.name, year__in=years)
        kept.update(
            computed=timezone.now()
        )  # what was remembered of these figures' records is remembered no longer
        share = Counter({k: n for k, n in share.items() if k[3] != SEEN})
        touched = {k for k in share if k[3] == TOUCHED}
        add(Counter({k: n for k, n in share.items() if k not in touched}))
        cells = {(k[0], k[1], k[2]) for k in share if k not in touched}
        for name, year, group in {(k[0], k[1], k[4]) for k in touched}:
            _regroup(INDICATORS[name], year, group)
            cells.add((name, year, PROVINCE))
        tell_values(cells)

    def rebuild(self, book: Register) -> None:
        build(open_years(), _of(book))


def _of(book: Register) -> list[Indicator]:
    return [i for i in INDICATORS.values() if i.register == book.name]


def open_years() -> list[int]:
    """The years whose figures are kept."""
    return sorted(IndicatorValue.objects.order_by().values_list("year", flat=True).distinct())


def compute(years: Iterable[int], only: Iterable[Indicator] | None = None) -> int:
    """Every figure of the years stands anew from the rows, province and communes; how many."""
    chosen = list(INDICATORS.values()) if only is None else list(only)
    return build(list(years), chosen)


@transaction.atomic
def build(years: Sequence[int], chosen: Sequence[Indicator]) -> int:
    """The tallies and figures are what the rows say, counted by the database in a few statements an indicator."""
    made = 0
    for one in chosen:
        Tally.objects.filter(indicator=one.name, year__in=years).delete()
        share = _all(one, years)
        Tally.objects.bulk_create(
            (
                Tally(indicator=i, year=y, area_path=a, part=p, key=k, n=n)
                for (i, y, a, p, k), n in share.items()
            ),
            batch_size=PART,
        )
        IndicatorValue.objects.filter(indicator=one.name, year__in=years).delete()
        cells = {(i, y, a) for i, y, a, _p, _k in share} | {(one.name, y, PROVINCE) for y in years}
        made += tell_values(cells)
    return made


def differences(chosen: Iterable[Indicator] | None = None) -> list[str]:
    """Figures that are not what the rows say, one sentence each; none means the increments were right."""
    wrong: list[str] = []
    for one in INDICATORS.values() if chosen is None else chosen:
        told = _by_cell(_all(one, open_years()))
        tallies = Tally.objects.filter(indicator=one.name)
        kept = _by_cell({(one.name, *key): n for *key, n in tallies.values_list(*TALLY[1:], "n")})
        shown = {(v.year, v.area_path): v for v in IndicatorValue.objects.filter(indicator=one.name)}
        for cell in sorted({*told, *kept, *shown, *((year, PROVINCE) for year in open_years())}):
            figure, count = _measured(one, told.get(cell, {}))
            stands = shown.get(cell)
            want = (figure.value, figure.low, figure.high, count) if count or cell[1] == PROVINCE else None
            have = None if stands is None else (stands.value, stands.low, stands.high, stands.count or 0)
            if have != want or kept.get(cell, {}) != told.get(cell, {}):
                wrong.append(_wrong(one, cell, have, want))
    return wrong


def _all(one: Indicator, years: Sequence[int]) -> Share:
    """What all rows amount to, and for an estimate the parts of all its groups."""
    share = _all_rows(one, years)
    if isinstance(one.measure, Grouped):
        share.update(_all_groups(one, years))
    return share


def _by_cell(share: Mapping[tuple[Any, ...], float]) -> dict[tuple[int, str], Parts]:
    """The amounts that are not nothing by part and key, for each year and area."""
    cells: dict[tuple[int, str], Parts] = {}
    for (_name, year, area, part, key), n in share.items():
        if n:
            cells.setdefault((year, area), {})[part, key] = float(n)
    return cells


def _wrong(one: Indicator, cell: tuple[int, str], have: Any, want: Any) -> str:
    told = _("%(label)s, năm %(year)s, %(area)s: đang ghi %(have)s, theo bản ghi là %(want)s.")
    have, want = (_("chưa có số") if v is None or v[0] is None else number(v[0]) for v in (have, want))
    area = cell[1] or _("toàn tỉnh")
    return told % {"label": one.label, "year": cell[0], "area": area, "have": have, "want": want}


def number(value: float) -> str:
    return as_text(int(value) if value.is_integer() else value)


@transaction.atomic
def mend(one: Indicator) -> list[str]:
    """The figures of one indicator stand as the rows say; what was wrong, which the audit keeps.

    Nobody changes rows of its book meanwhile, and what waited in the outbox is taken first.
    """
    settle(READERS[FigureReader.name], one.book)
    wrong = differences([one])
    if wrong:
        build(open_years(), [one])
        audit.write(
            System(), "plan.figures.mend", register="plan.indicator", object_name=one.name,
            old={"wrong": wrong}, new={"wrong": differences([one])},
            note=_("Đối chiếu hằng đêm thấy số liệu lệch và đã tính lại."),
        )  # fmt: skip
    return wrong


# — what rows amount to —


def _areas(book: Register, keys: Sequence[Any]) -> dict[Any, list[str]]:
    """The areas that shapes over several of them lie in, where everybody may be told so."""
    told: dict[Any, list[str]] = {}
    if not keys:
        return told
    for record, path in _parts_of(book).filter(record__in=list(keys)).values_list("record", "area_path"):
        told.setdefault(record, []).append(path)
    open_: Any = book.model._default_manager.filter(pk__in=list(told), **{"disclosure": 0})
    unguarded = set(open_.values_list("pk", flat=True)) if told else set()
    return {record: paths for record, paths in told.items() if record in unguarded}


def _parts_of(book: Register) -> "QuerySet[Overlap]":
    """Where the shapes over several areas lie."""
    return Overlap.objects.filter(register=book.model._meta.label_lower, share__lt=WHOLE)


def told_area(book: Register) -> str:
    """The column of the commune that everybody may be told."""
    return "shown_area_path" if book.located else "area_path"


def _of_keys(
    book: Register,
    chosen: Sequence[Indicator],
    keys: Sequence[Any],
    years: Sequence[int],
    *,
    touched: bool = False,
) -> Share:
    """What some rows amount to for each of the indicators, told by one query.

    `touched` adds which rows and which groups these are, counted or not, so that any change is a difference.
    """
    share: Share = Counter()
    rows = once(tuple(one.name for one in chosen), lambda: _flagged(book, chosen)).filter(pk__in=list(keys))
    area = told_area(book)
    grouped = [one for one in chosen if isinstance(one.measure, Grouped)] if touched else []
    columns = {one.measure.column or "pk" for one in chosen}
    columns |= {c for one in grouped if isinstance(one.measure, Grouped) for c in one.measure.columns}
    columns -= {"pk", area, "withdrawn", "revision"}
    columns |= {c for one in chosen for c in _by(one)} - {area}
    columns |= {"min_x", "max_x", "min_y", "max_y"} if book.located else set()
    days = {f"{c}__year" for one in chosen for c in (one.day, one.until) if c}
    flags = [f"counts_{i}" for i in range(len(chosen))]
    found = list(rows.values("pk", area, "withdrawn", "revision", *columns, *days, *flags))
    if touched:
        share.update(_touched(found, grouped, days, years, any(one.standing for one in chosen)))
    found = [row for row in found if row["withdrawn"] is None]
    over = _areas(book, [r["pk"] for r in found if wide(r)])
    for row in found:
        here = over.get(row["pk"]) or ([row[area]] if "/" in row[area] else [])
        for i, one in enumerate(chosen):
            if not row[f"counts_{i}"]:
                continue
            began, ended = row[f"{one.day}__year"], row[f"{one.until}__year"] if one.until else None
            part = part_key([row[c] for c in _by(one)])
            for year in (y for y in years if one.counts_in(y, began, ended)):
                for path in (PROVINCE, *(here if one.by_area else ())):
                    _add_row(share, one, (one.name, year, path), row[one.measure.column or "pk"], 1, part)
    return share


def _flagged(book: Register, chosen: Sequence[Indicator]) -> "QuerySet[Any]":
    """Each row with whether it counts in each of the indicators."""
    flags = {f"counts_{i}": Reach(one.test()).flag for i, one in enumerate(chosen)}
    return book.model._default_manager.annotate(**flags)


def _by(one: Indicator) -> tuple[str, ...]:
    """The columns by which the figure is told apart."""
    return getattr(one.measure, "by", ())


def _add_row(
    share: Share, one: Indicator, cell: tuple[str, int, str], value: Any, n: int, part: str = ""
) -> None:
    summed = isinstance(one.measure, Sum) and value is not None
    _add_group(share, one, cell, value, n, n if summed else 0, value * n if summed else 0)
    if _by(one):
        share[(*cell, ONE, part)] += n * (1 if isinstance(one.measure, Count) else value or 0)


def _all_rows(one: Indicator, years: Sequence[int]) -> Share:
    """What all rows amount to, grouped by the database."""
    share: Share = Counter()
    if one.standing:
        for year in years:
            rows = one.rows().filter(one.in_year(year)).annotate(in_year=Value(year))
            _add_rows(share, one, rows, [year])
        return share
    rows = one.rows().filter(**{f"{one.day}__year__in": list(years)}).annotate(in_year=ExtractYear(one.day))
    _add_rows(share, one, rows, years)
    return share


def _add_rows(share: Share, one: Indicator, rows: "QuerySet[Any]", years: Sequence[int]) -> None:
    """The rows, each with the year it counts in, grouped by the database."""
    several = _several(one, rows)
    groups = [(rows.exclude(pk__in=list(several)) if several else rows, F(told_area(one.book)))]
    for some, area in groups:
        for year, path, value, n, known, total, *part in _grouped(one, some, area):
            for where in (PROVINCE, *((path,) if one.by_area and "/" in path else ())):
                _add_group(share, one, (one.name, year, where), value, n, known, total)
                if part:
                    amount = n if isinstance(one.measure, Count) else total or 0
                    share[one.name, year, where, ONE, part_key(part)] += amount
    share.update(_of_keys(one.book, [one], list(several), years) if several else Counter())


def _several(one: Indicator, rows: "QuerySet[Any]") -> set[Any]:
    """The rows that lie in several areas."""
    if not (one.by_area and one.book.located):
        return set()
    return set(
        Overlap.objects.filter(register=one.book.model._meta.label_lower, share__lt=WHOLE)
        .values_list("record", flat=True)
        .distinct()
    )


def _grouped(one: Indicator, rows: "QuerySet[Any]", area: Any) -> Iterable[tuple[Any, ...]]:
    by = rows.order_by().annotate(in_area=area)
    if isinstance(one.measure, Distinct):
        found = by.values_list("in_year", "in_area", one.measure.column).annotate(n=N("pk"))
        return ((y, a, v, n, 0, 0) for y, a, v, n in found.iterator(PART))
    if isinstance(one.measure, Sum):
        column = one.measure.column
        found = by.values_list("in_year", "in_area", *_by(one)).annotate(
            n=N("pk"), known=N(column), total=Total(column)
        )
        return ((y, a, None, n, k, t, *part) for y, a, *part, n, k, t in found.iterator(PART))
    found = by.values_list("in_year", "in_area", *_by(one)).annotate(n=N("pk"))
    return ((y, a, None, n, 0, 0, *part) for y, a, *part, n in found.iterator(PART))


def _add_group(
    share: Share, one: Indicator, cell: tuple[str, int, str], value: Any, n: int, known: int, total: Any
) -> None:
    share[(*cell, ROWS, "")] += n
    if isinstance(one.measure, Distinct) and value not in (None, ""):
        share[(*cell, ONE, str(value))] += n
    if isinstance(one.measure, Sum) and known:
        share[(*cell, KNOWN, "")] += known
        share[(*cell, SUM, "")] += total


# — groups —


def _touched(
    rows: Sequence[Mapping[str, Any]],
    grouped: Sequence[Indicator],
    days: Iterable[str],
    years: Sequence[int],
    standing: bool,
) -> Share:
    """The rows, in each of the years they may count in, and the groups they belong to, with their revisions."""
    share: Share = Counter()
    for row in rows:
        known = {row[day] for day in days if row[day] is not None}
        later = {y for y in years if known and y >= min(known)} if standing else known
        for year in later.intersection(years):
            share["", year, PROVINCE, SEEN, str(row["pk"]), str(row["revision"])] += 1
        for one in grouped:
            assert isinstance(one.measure, Grouped)
            group = [row[c] for c in one.measure.columns]
            for year in (later if one.standing else known).intersection(
                years if group[0] is not None else ()
            ):
                share[one.name, year, PROVINCE, TOUCHED, _group_key(group), str(row["revision"])] += 1
    return share


def _group_key(group: Sequence[Any]) -> str:
    return " ".join(str(g) for g in group)


def _all_groups(one: Indicator, years: Sequence[int]) -> Share:
    assert isinstance(one.measure, Grouped)
    share: Share = Counter()
    rows = one.rows().filter(**{f"{one.measure.columns[0]}__isnull": False}).order_by()
    for year in years:
        for key, n in one.measure.of_groups(rows.filter(one.in_year(year)), year).items():
            share[one.name, year, PROVINCE, ONE, key] = n  # type: ignore[assignment]
    return share


def _group(one: Indicator, year: int, group: Sequence[Any]) -> dict[str, float]:
    assert isinstance(one.measure, Grouped)
    asked = {c: None if g == "None" else g for c, g in zip(one.measure.columns, group, strict=True)}
    rows = one.rows().filter(one.in_year(year), **asked)
    return dict(one.measure.of_groups(rows, year))


def _regroup(one: Indicator, year: int, key: str) -> None:
    """The parts of one group stand as its rows say now; what the group alone held and holds no more is gone."""
    group = key.split(" ")
    parts = _group(one, year, group)
    mine = Tally.objects.filter(indicator=one.name, year=year, area_path=PROVINCE, part=ONE)
    mine.filter(Q(key=key) | Q(key__startswith=f"{key} ")).exclude(key__in=parts).delete()
    if not mine.filter(key__startswith=f"{group[0]} ").exists() and not parts:
        mine.filter(key=group[0]).delete()
    for part, n in parts.items():
        Tally.objects.update_or_create(
            indicator=one.name, year=year, area_path=PROVINCE, part=ONE, key=part, defaults={"n": n}
        )


# — what is kept and shown —


def add(share: Share) -> None:
    """The tallies grow by the amounts; one that holds nothing any more is gone."""
    rows = [(*key, float(n)) for key, n in sorted(share.items()) if n]
    if not rows:
        return
    table = connection.ops.quote_name(Tally._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (indicator, year, area_path, part, key, n) VALUES (%s, %s, %s, %s, %s, %s) "
            f"ON CONFLICT (indicator, year, area_path, part, key) DO UPDATE SET n = {table}.n + excluded.n",
            rows,
        )
    less = [r for r in rows if r[5] < 0]
    for name, year in {(r[0], r[1]) for r in less}:
        areas = {r[2] for r in less if (r[0], r[1]) == (name, year)}
        mine = Tally.objects.filter(indicator=name, year=year, area_path__in=areas)
        mine.filter(n=0).exclude(part=SUM).delete()
        mine.filter(part=SUM, n=0).exclude(area_path__in=mine.filter(part=KNOWN).values("area_path")).delete()


def tell_values(cells: Iterable[tuple[str, int, str]]) -> int:
    """The figures of these indicators, years and areas follow from their tallies; how many stand."""
    now, told, asked = timezone.now(), 0, sorted(cells)
    if not asked:
        return 0
    nodes = task_nodes({INDICATORS[name].about for name, _year, _area in asked})
    kept = _kept(asked)
    fresh: list[IndicatorValue] = []
    for name, year, area in asked:
        one = INDICATORS[name]
        figure, count = _measured(one, kept.get((name, year, area), {}))
        if not count and area != PROVINCE:
            IndicatorValue.objects.filter(indicator=name, year=year, area_path=area).delete()
            continue
        with override("vi"):
            why = str(figure.why_unknown)
        fresh.append(
            IndicatorValue(
                indicator=name,
                task=nodes[one.about],
                year=year,
                area_path=area,
                value=figure.value,
                low=figure.low,
                high=figure.high,
                count=count,
                register=one.register,
                query=one.query(year, area),
                method=one.method,
                why_unknown=why,
                input_hash=figure.input_hash,
                computed=now,
            )
        )
        told += 1
    IndicatorValue.objects.bulk_create(
        fresh,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["indicator", "year", "area_path"],
        update_fields=TOLD.split(),
    )
    return told


def _kept(cells: Sequence[tuple[str, int, str]]) -> dict[tuple[str, int, str], Parts]:
    """The tallies of these indicators, years and areas, by cell."""
    kept: dict[tuple[str, int, str], Parts] = {}
    by: dict[tuple[str, int], set[str]] = {}
    for name, year, area in cells:
        by.setdefault((name, year), set()).add(area)
    tests = [Q(indicator=name, year=year, area_path__in=areas) for (name, year), areas in by.items()]
    for start in range(0, len(tests), TESTS):
        some = Tally.objects.filter(reduce(or_, tests[start : start + TESTS]))
        for name, year, area, part, key, n in some.values_list(*TALLY, "n").iterator(PART):
            kept.setdefault((name, year, area), {})[part, key] = n
    return kept


def _measured(one: Indicator, parts: Parts) -> tuple[Figure, int]:
    """The figure that these parts make, and how many rows it rests on."""
    count = int(parts.get((ROWS, ""), 0))
    ones = {key: n for (part, key), n in sorted(parts.items()) if part == ONE}
    if isinstance(one.measure, Grouped):
        return replace(one.measure.together(ones), input_hash=digest(one, ones)), count
    if isinstance(one.measure, Distinct):
        if one.measure.met and not count:
            return Figure(None, why_unknown=NOT_TOLD), count
        return Figure(float(len(ones))), count
    if isinstance(one.measure, Sum):
        if one.measure.unit and len({key.rpartition("|")[2] for key in ones}) > 1:
            return Figure(None, why_unknown=gettext_noop("các sổ dùng đơn vị tính khác nhau")), count
        if parts.get((KNOWN, ""), 0):
            return Figure(parts.get((SUM, ""), 0.0) / one.measure.per), count
        return Figure(None, why_unknown=NOT_TOLD), count
    return Figure(float(count)), count


__all__ = ["FigureReader", "add", "build", "compute", "differences", "mend", "open_years", "tell_values"]
