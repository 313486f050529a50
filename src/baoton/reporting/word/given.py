"""All that a report is written from, gathered once for Word, Excel and PowerPoint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from baoton.assessment.models import SpeciesStatus
from baoton.reporting.communes import Communes
from baoton.reporting.models import FigureRequest, OwnReport
from baoton.reporting.periods import Period
from baoton.reporting.queries import Aim, Told
from baoton.reporting.scopes.editions import WHOLE, Edition
from baoton.reporting.scopes.scope import Scope


@dataclass(frozen=True)
class Yearly:
    """The figures of a period, their communes and species, what they are held against, who made the report."""

    period: Period
    on: date
    figures: list[Told]
    communes: Communes
    species: list[SpeciesStatus]
    chain_head: str
    simulated: bool
    made_by: str
    address: str
    before: Mapping[str, float] = field(default_factory=dict)
    aims: Mapping[str, Aim] = field(default_factory=dict)
    answers: Mapping[str, Sequence[FigureRequest]] = field(default_factory=dict)
    reported: Sequence[tuple[str, OwnReport]] = ()
    area: str = ""
    theme: str = ""
    key: str = ""
    edition: Edition = WHOLE

    @property
    def year(self) -> int:
        return self.period.year

    @property
    def scope(self) -> Scope:
        return Scope(self.period, self.area, self.theme)

    @property
    def told(self) -> Communes:
        """The annex by commune as the edition tells it."""
        return self.edition.columns(self.communes)

    @property
    def page(self) -> str:
        """Where the figures of the report open: those it kept, or those of its period as they are now."""
        if self.key:
            return f"{self.address}{reverse('report-kept', args=[self.key])}"
        return f"{self.address}{reverse('report-figures', args=[self.period.key])}"
