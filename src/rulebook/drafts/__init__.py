"""A plan read from its words: a draft of its tree, tasks, bodies, times and recipients for a person to correct."""

from rulebook.drafts import editing
from rulebook.drafts.drafting import DraftNode, DraftPlan, draft

__all__ = ["DraftNode", "DraftPlan", "draft", "editing"]
