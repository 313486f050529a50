"""Every write of custody that is more than saving a form."""

from baoton.custody.actions.lots import seize, step
from baoton.custody.queries import chain, verify

__all__ = ["chain", "seize", "step", "verify"]
