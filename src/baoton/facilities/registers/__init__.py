"""The books of facilities."""

from baoton.facilities.registers.books import entry, individual, mark, stock, transfer
from baoton.facilities.registers.campaigns import campaign, canvass, planted
from baoton.facilities.registers.dossiers import application, notice
from baoton.facilities.registers.papers import document
from baoton.facilities.registers.places import code, facility, owner
from baoton.facilities.registers.visits import counted, finding, inspection, signal

__all__ = [
    "application", "campaign", "canvass", "code", "counted", "document", "entry", "facility", "finding", "individual",
    "inspection", "mark", "notice", "owner", "planted", "signal", "stock", "transfer",
]  # fmt: skip
