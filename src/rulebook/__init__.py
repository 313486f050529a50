"""Law and plan as dated, sourced data: what holds on a day, where it is written, and how sure that is."""

from rulebook import plans
from rulebook.backbone import Taxon, taxa
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
from rulebook.params import Param, Value, param, param_value, params
from rulebook.plans import Node, Plan, Task
from rulebook.provinces import Province, Unit, predecessors, successors, unit, units
from rulebook.provinces import load_province as province
from rulebook.status import Hit, LegalStatus, history, legal_status

__all__ = [
    "BadData",
    "Certainty",
    "Hit",
    "LegalStatus",
    "NoCalendar",
    "Node",
    "NotAScientificName",
    "NotInForce",
    "NotVerified",
    "Param",
    "Plan",
    "Province",
    "RulebookError",
    "Task",
    "Taxon",
    "Unit",
    "UnknownName",
    "Value",
    "history",
    "legal_status",
    "param",
    "param_value",
    "params",
    "plans",
    "predecessors",
    "province",
    "successors",
    "taxa",
    "unit",
    "units",
]
