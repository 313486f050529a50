"""Plots laid in a work by a balanced sample, what lives in them by year, and when a work may be accepted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from pyproj import Transformer

import rulebook
from baoton.habitats.models import Acceptance, Care, Counted, PhotoPoint, Plot, Regrowth, Work
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.share import share
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.places import queries as places

MOST = 200
RULE = "restoration.survival"


def settle_in_work(records: Sequence[Any]) -> None:
    """What stands in a work is as guarded as the work."""
    levels = dict(Work.objects.filter(pk__in={r.work_id for r in records}).values_list("pk", "disclosure"))
    places.settle(records, [levels.get(r.work_id, 0) for r in records])


def after(record: Any, work: Work) -> None:
    """A day that has come, not before the work was done; a child is told where its work is told."""
    record.area_path = work.shown_area_path
    if record.day and record.day > timezone.localdate():
        raise ValidationError({"day": _("Ngày này chưa đến.")})
    if work.day is None:
        raise NotNow(_("Công trình chưa làm xong nên chưa có gì để đếm, chăm sóc hay nghiệm thu."))
    if record.day and record.day < work.day:
        told = _("Ngày này trước ngày làm xong công trình (%(day)s).")
        raise ValidationError({"day": told % {"day": f"{work.day:%d/%m/%Y}"}})


def derive_inside(record: Plot | PhotoPoint) -> None:
    """A plot or photo point without a place of its own is told where its work is told."""
    if record.geom is None and record.work_id:
        record.area_path = record.work.shown_area_path


def derive_counted(record: Counted) -> None:
    """Of a species of the same work; the plots together never hold more than was planted."""
    if not record.plot_id or not record.planting_id:
        return
    after(record, record.plot.work)
    planting = record.planting
    if planting.work_id != record.plot.work_id:
        raise ValidationError(
            {"planting": _("Loài này được trồng ở công trình khác; chọn loài của công trình có ô.")}
        )
    others = Counted.objects.filter(planting=planting, withdrawn__isnull=True).exclude(plot=record.plot_id)
    held = sum(others.order_by().values_list("plot").annotate(n=Max("planted")).values_list("n", flat=True))
    total = held + (record.planted or 0)
    if total > planting.count:
        told = _(
            "Các ô cộng lại %(total)s cây mà công trình chỉ trồng %(count)s cây loài này; kiểm tra lại số cây."
        )
        raise ValidationError({"planted": told % {"total": as_text(total), "count": as_text(planting.count)}})


def derive_regrowth(record: Regrowth) -> None:
    if record.plot_id:
        after(record, record.plot.work)


def derive_care(record: Care) -> None:
    """Care covers no more than the work."""
    if record.work_id:
        after(record, record.work)
        _within(record.hectares, record.work, "hectares")


def derive_acceptance(record: Acceptance) -> None:
    """The failed part is no more than the work."""
    if record.work_id:
        after(record, record.work)
        _within(record.failed_ha, record.work, "failed_ha")


def _within(ha: float | None, work: Work, name: str) -> None:
    if ha is not None and work.hectares is not None and ha > work.hectares + 0.005:
        told = _("Công trình chỉ có %(ha)s ha.")
        raise ValidationError({name: told % {"ha": f"{work.hectares:.2f}".replace(".", ",")}})


@dataclass(frozen=True)
class Living:
    """Of so many planted in the plots so many live, with the 95 % interval of the share."""

    words: str
    plots: int
    planted: int
    alive: int

    @property
    def share(self) -> tuple[float, float, float]:
        return share(self.alive, self.planted)


def last_of(rows: Iterable[Counted]) -> dict[tuple[Any, Any], Counted]:
    """The last count of each species in each plot."""
    return {(r.plot_id, r.planting_id): r for r in sorted(rows, key=lambda r: (r.day, str(r.pk)))}


def counts_of(work: Work) -> list[Counted]:
    rows = Counted.objects.filter(plot__work=work, withdrawn__isnull=True, plot__withdrawn__isnull=True)
    return list(rows.select_related("planting__taxon").order_by("day", "id"))


def living(work: Work, year: int, by_species: bool = False) -> list[Living]:
    """What the last counts of a year say: all together first, then by species."""
    rows = list(last_of(r for r in counts_of(work) if r.day.year == year).values())
    if not rows:
        return []
    parts: dict[str, list[Counted]] = defaultdict(list)
    for row in rows:
        parts[str(row.planting)].append(row)
    chosen = [(_("mọi loài"), rows), *(sorted(parts.items()) if by_species and len(parts) > 1 else ())]
    return [
        Living(
            words, len({r.plot_id for r in some}), sum(r.planted for r in some), sum(r.alive for r in some)
        )
        for words, some in chosen
    ]


def regrown(work: Work) -> list[tuple[int, int, int, float]]:
    """By year: plots counted, stems, stems a hectare of the plots."""
    rows = Regrowth.objects.filter(plot__work=work, withdrawn__isnull=True, plot__withdrawn__isnull=True)
    years: dict[int, list[Regrowth]] = defaultdict(list)
    for row in rows.select_related("plot"):
        years[row.day.year].append(row)
    told = []
    for year, some in sorted(years.items()):
        ground = sum({r.plot_id: r.plot.m2 for r in some}.values())
        stems = sum(r.stems for r in some)
        told.append((year, len({r.plot_id for r in some}), stems, stems * 10_000 / ground))
    return told


def year_of_growth(work: Work, on: date) -> int:
    """Which year after planting a day lies in; the year of planting is the first."""
    return on.year - (work.day or on).year + 1


def least(work: Work, on: date) -> tuple[float | None, str]:
    """The least share of living plants by the rule of the day, with where it stands; or that no rule was read."""
    try:
        found = rulebook.param_value(RULE, on=on)
    except rulebook.NotInForce:
        return None, ""
    if not found.value:
        return None, _(
            "Quy định về tỷ lệ sống để nghiệm thu chưa đọc được: người nghiệm thu kết luận và ghi căn cứ."
        )
    by_year = {int(k): float(v) for k, v in dict(found.value).items()}
    return by_year.get(year_of_growth(work, on), by_year[max(by_year)]), str(found.source)


def not_acceptable(record: Acceptance) -> str:
    """Why the minutes cannot be signed as they conclude; empty where a person may decide."""
    work = record.work
    if work.plants and record.outcome == Acceptance.Outcome.PASSED:
        found = living(work, record.day.year)
        if not found:
            return _("Chưa đếm cây ở ô nào trong năm %(year)d nên chưa kết luận đạt được.") % {
                "year": record.day.year
            }
        rule, source = least(work, record.day)
        if rule is not None and found[0].share[0] < rule:
            told = _("Tỷ lệ sống %(share).0f %% thấp hơn %(rule).0f %% theo %(source)s; sửa kết luận.")
            return told % {"share": found[0].share[0], "rule": rule, "source": source}
    return ""


def sign(actor: Actor, record: Acceptance, answers: Mapping[str, Any]) -> None:
    """The minutes keep what was counted by then."""
    if found := living(record.work, record.day.year):
        record.planted, record.alive = found[0].planted, found[0].alive


def not_drawn(record: Work) -> str:
    return "" if record.geom is not None else _("Chưa khoanh vùng công trình trên bản đồ.")


def lay_plots(actor: Actor, record: Work, answers: Mapping[str, Any]) -> None:
    """So many more plots stand where a spatially balanced sample puts them; the same work gives the same sample."""
    from ecostat.sampling import sample_areas

    n, m2 = int(answers["plots"]), int(answers.get("m2") or 100)
    if not 1 <= n <= MOST:
        raise ValidationError({"plots": _("Số ô từ 1 đến %(most)d.") % {"most": MOST}})
    shape = shapely.from_wkb(bytes(record.geom or b""))
    to = Transformer.from_crs(4326, 32600 + int((shape.centroid.x + 180) // 6) + 1, always_xy=True)
    flat = shapely.transform(shape, lambda c: np.column_stack(to.transform(c[:, 0], c[:, 1])))
    inner = flat.buffer(-((m2 / np.pi) ** 0.5))
    ground = inner if inner.area > m2 else flat
    last = record.plots.aggregate(n=Max("number"))["n"] or 0
    parts = list(shapely.get_parts(ground))
    sample = sample_areas(
        parts, {"": n}, rng=np.random.default_rng([record.pk.int % 2**32, last]), strata=[""] * len(parts)
    )
    lon, lat = to.transform(sample.x, sample.y, direction="INVERSE")
    for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), last + 1):
        plot = Plot(work=record, number=i, m2=m2, organisation=record.organisation)
        plot.put(shapely.Point(x, y))
        write.create(REGISTERS["habitats.plot"], actor, plot)
