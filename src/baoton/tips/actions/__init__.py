"""Every write about tips: receiving one, finding who answers, what comes of it, what is said back and forth."""

from baoton.tips.actions import outcomes, receiving
from baoton.tips.actions.outcomes import made_case, say
from baoton.tips.actions.receiving import add_photos, add_word, find, receive
from baoton.tips.actions.routing import route

__all__ = ["add_photos", "add_word", "find", "made_case", "outcomes", "receive", "receiving", "route", "say"]
