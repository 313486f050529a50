"""Whether a breeding ledger can be true: the most that can be born, animals no history explains, chance exceeded."""

from ecostat.ledger.biology import Biology, MaxOffspring, Stock, max_offspring
from ecostat.ledger.entries import Entry
from ecostat.ledger.histories import Reason, implausible
from ecostat.ledger.signs import (
    holm,
    older_than_can_be,
    out_of_season,
    quiet,
    sexes_beyond_chance,
    too_few_deaths,
)

__all__ = [
    "Biology", "Entry", "MaxOffspring", "Reason", "Stock", "holm", "implausible", "max_offspring",
    "older_than_can_be", "out_of_season", "quiet", "sexes_beyond_chance", "too_few_deaths",
]  # fmt: skip
