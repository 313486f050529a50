"""Law and plan as dated, sourced data: what holds on a day, where it is written, and how sure that is."""

from rulebook.certainty import Certainty
from rulebook.errors import (
    BadData,
    NoCalendar,
    NotAScientificName,
    NotInForce,
    NotVerified,
    RulebookError,
    UnknownName,
)
from rulebook.provinces import Province, Unit, predecessors, successors, unit, units
from rulebook.provinces import load_province as province
from rulebook.status import Hit, LegalStatus, history, legal_status

__all__ = [
    "BadData",
    "Certainty",
    "Hit",
    "LegalStatus",
    "NoCalendar",
    "NotAScientificName",
    "NotInForce",
    "NotVerified",
    "Province",
    "RulebookError",
    "Unit",
    "UnknownName",
    "history",
    "legal_status",
    "predecessors",
    "province",
    "successors",
    "unit",
    "units",
]
