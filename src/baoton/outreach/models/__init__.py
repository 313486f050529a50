"""Outreach: what was done to tell people, with what, what they promised, and what they know since."""

from baoton.outreach.models.campaigns import STANDING, Campaign, Group
from baoton.outreach.models.knowledge import Answer, Published, Question, Quiz
from baoton.outreach.models.materials import Handout, Material
from baoton.outreach.models.sessions import Pledge, Session

__all__ = [
    "STANDING",
    "Answer",
    "Campaign",
    "Group",
    "Handout",
    "Material",
    "Pledge",
    "Published",
    "Question",
    "Quiz",
    "Session",
]
