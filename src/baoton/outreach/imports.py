"""Sessions from an office's own Excel sheet."""

from baoton.kit.importing import generic
from baoton.outreach.registers import session

SESSION = generic.of(session)
