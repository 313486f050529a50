"""The books of facilities."""

from baoton.facilities.registers.books import entry, individual, mark, stock, transfer
from baoton.facilities.registers.dossiers import application, notice
from baoton.facilities.registers.places import code, facility, owner
from baoton.facilities.registers.visits import counted, finding, inspection, signal

__all__ = [
    "application", "code", "counted", "entry", "facility", "finding", "individual", "inspection", "mark", "notice",
    "owner", "signal", "stock", "transfer",
]  # fmt: skip
