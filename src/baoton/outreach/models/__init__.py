"""Outreach: what was done to tell people, with what, and what they promised."""

from baoton.outreach.models.campaigns import STANDING, Campaign, Group
from baoton.outreach.models.materials import Handout, Material
from baoton.outreach.models.sessions import Pledge, Session

__all__ = ["STANDING", "Campaign", "Group", "Handout", "Material", "Pledge", "Session"]
