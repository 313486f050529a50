"""Bringing files in: every row ends in exactly one stated outcome, and a whole import can be taken back."""

from baoton.kit.importing.files import execute, opened, receive, run_file
from baoton.kit.importing.plan import Plan, TablePlan
from baoton.kit.importing.proposing import propose
from baoton.kit.importing.target import TARGETS, Field, Target, register
from baoton.kit.importing.undo import CannotUndo, undo
from baoton.kit.importing.work import check, take_back, write

__all__ = [
    "TARGETS",
    "CannotUndo",
    "Field",
    "Plan",
    "TablePlan",
    "Target",
    "check",
    "execute",
    "opened",
    "propose",
    "receive",
    "register",
    "run_file",
    "take_back",
    "undo",
    "write",
]
