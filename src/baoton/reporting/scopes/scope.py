"""The figures of a report: of its period, of the province or one commune, all or those of a theme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from baoton.kit.access import Anybody
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import commune_choices, unit_name
from baoton.plan.models import Target
from baoton.plan.queries import INDICATORS, Grouped, met
from baoton.reporting import queries
from baoton.reporting.communes import Communes, communes
from baoton.reporting.models import Report
from baoton.reporting.periods import Period
from baoton.reporting.queries import Aim, Section, Told
from baoton.reporting.scopes import themes


@dataclass(frozen=True)
class Scope:
    """What one report tells of; no area is the whole province, no theme is everything."""

    period: Period
    area: str = ""
    theme: str = ""

    @property
    def declared(self) -> themes.Theme | None:
        return themes.themes()[self.theme] if self.theme else None

    @property
    def own(self) -> bool:
        """Whether it is a report of its own kind, not one on the plan."""
        return self.declared is not None and bool(self.declared.title)

    @property
    def whole(self) -> bool:
        """Whether it tells of the whole province and is no theme of the report on the plan."""
        return not self.area and (not self.theme or self.own)

    @property
    def when(self) -> str:
        """The period and the commune."""
        told = self.period.name
        if self.area:
            place = unit_name(self.area)
            told = _("%(period)s tại %(place)s") % {"period": told, "place": place[:1].lower() + place[1:]}
        return told

    @property
    def name(self) -> str:
        """As a title says it: the period, then the commune, then the theme."""
        if self.declared is None:
            return self.when
        said = _("%(theme)s %(scope)s") if self.own else _("%(scope)s, chuyên đề %(theme)s")
        return said % {"scope": self.when, "theme": self.declared.name}

    @property
    def slug(self) -> str:
        """As a file is named."""
        return "-".join(p for p in (self.period.key, self.area.rpartition("/")[2], self.theme) if p)

    def figures(self) -> list[Told]:
        """The figures as they are now."""
        return self.gathered()[0]

    def gathered(self) -> tuple[list[Told], Communes]:
        """The figures as they are now, and the annex a commune a row: of one commune beside the whole province."""
        told = queries.figures(self.period)
        if self.theme:
            told = [one for one in told if one.name in themes.themes()[self.theme].indicators]
        annex = communes(self.period, told)
        if not self.area:
            return told, annex
        rows = [row for row in annex.rows if row[0] == self.area]
        cells = {key: value for key, value in annex.cells.items() if key[0] == self.area}
        return [self._of_area(one, annex) for one in told], Communes(annex.columns, rows, cells)

    def _of_area(self, one: Told, annex: Communes) -> Told:
        """A figure of the commune, counted where everybody may be told its records are."""
        bare = replace(one, value=None, low=None, high=None, count=None, query={}, input_hash="")
        known = INDICATORS.get(one.name)
        if known is not None and not known.by_area:
            return replace(bare, why_unknown=_("chỉ có số của toàn tỉnh"))
        if one.value is None and one.count is None:
            return replace(bare, why_unknown=one.why_unknown)
        asked = {**one.query, "area": self.area}
        book = REGISTERS[one.register]
        count = book.filtered(book.door(Anybody()), asked).count()
        value = float(count) if known is None else annex.cell(self.area, one.name)
        why = "" if value is not None else _("chưa có bản ghi nào cho biết")
        made = queries.input_hash(one.register, asked)
        return replace(bare, value=value, count=count, query=asked, input_hash=made, why_unknown=why)

    def sections(self, told: Sequence[Told]) -> list[Section]:
        """The sections of the report with their figures."""
        return themes.sections(self.theme, told) if self.theme else list(queries.sections(list(told)))

    def befores(self, told: Sequence[Told]) -> dict[str, float]:
        """What each figure was in the same part of the year before."""
        if not self.area:
            return queries.befores(told, self.period)
        before = communes(self.period.before, queries.figures(self.period.before))
        found = {one.name: before.cell(self.area, one.name) for one in told}
        return {name: value for name, value in found.items() if value}

    def aims(self, told: Sequence[Told]) -> dict[str, Aim]:
        """The targets of a whole year: those of the province, or the commune's own."""
        if not self.area:
            return queries.aims(told, self.period)
        if self.period.part:
            return {}
        rows = Target.objects.filter(year=self.period.year, area_path=self.area, withdrawn__isnull=True)
        known = {one.indicator: one for one in rows.order_by("id")}
        return {
            one.name: Aim(known[one.name].value, met(known[one.name], one.value, one.low, one.high))
            for one in told
            if one.name in known
        }

    def untold(self, told: Sequence[Told]) -> Mapping[str, list[Told]]:
        """Figures that nobody counts for such a part: `year` for whole years only, `province` for no commune."""
        found: dict[str, list[Told]] = {"year": [], "province": []}
        for one in told:
            known = INDICATORS.get(one.name)
            if known is None or one.value is not None:
                continue
            if self.period.part and (known.yearly or isinstance(known.measure, Grouped)):
                found["year"].append(one)
            elif self.area and not known.by_area:
                found["province"].append(one)
        return found


def scope_of(report: Report) -> Scope:
    """What a report that was made tells of."""
    theme = "" if report.kind == themes.YEARLY else report.kind
    return Scope(Period(report.year, report.part), report.area, theme)


def read_scope(period: Period, area: str = "", theme: str = "") -> Scope:
    """The scope of an address; `ValueError` where there is no such commune or theme."""
    if area and area not in dict(commune_choices()):
        raise ValueError(area)
    if theme and theme not in themes.themes():
        raise ValueError(theme)
    return Scope(period, area, theme)
