"""Law and plan as dated, sourced data: what holds on a day, where it is written, and how sure that is."""

from rulebook import decisions, plans
from rulebook.answers import Hit, LegalStatus
from rulebook.areas import predecessors, successors, unit, units
from rulebook.backbone import Taxon, taxa
from rulebook.certainty import Certainty
from rulebook.checking import Problem, check
from rulebook.codes import Code, code_formats, format_code, letter_symbol, parse_code
from rulebook.documents import Instrument, instrument, instruments
from rulebook.errors import (
    BadData,
    BadFacts,
    NoCalendar,
    NotAScientificName,
    NotInForce,
    NotVerified,
    RulebookError,
    UnknownName,
)
from rulebook.parameters import Param, Value, param, param_value, params
from rulebook.plans import Node, Plan, Task
from rulebook.provinces import Province, Unit
from rulebook.provinces import load_province as province
from rulebook.status import history, legal_status
from rulebook.workdays import add_working_days, is_working_day, working_days_between

__all__ = [
    "BadData",
    "BadFacts",
    "Certainty",
    "Code",
    "Hit",
    "Instrument",
    "LegalStatus",
    "NoCalendar",
    "Node",
    "NotAScientificName",
    "NotInForce",
    "NotVerified",
    "Param",
    "Plan",
    "Problem",
    "Province",
    "RulebookError",
    "Task",
    "Taxon",
    "Unit",
    "UnknownName",
    "Value",
    "add_working_days",
    "check",
    "code_formats",
    "decisions",
    "format_code",
    "history",
    "instrument",
    "instruments",
    "is_working_day",
    "legal_status",
    "letter_symbol",
    "param",
    "param_value",
    "params",
    "parse_code",
    "plans",
    "predecessors",
    "province",
    "successors",
    "taxa",
    "unit",
    "units",
    "working_days_between",
]
