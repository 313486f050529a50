"""Whether a breeding ledger can be true: the most that can be born, and animals no history explains."""

from ecostat.ledger.biology import Biology, MaxOffspring, Stock, max_offspring
from ecostat.ledger.entries import Entry
from ecostat.ledger.histories import Reason, implausible

__all__ = ["Biology", "Entry", "MaxOffspring", "Reason", "Stock", "implausible", "max_offspring"]
