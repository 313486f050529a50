"""What the communes' outreach amounts to in a year."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from baoton.plan.queries import Figure, distinct, indicator, tally, total

BOOK = "outreach.session"
ASK: Any = {"task": 1, "register": BOOK, "section": "communication"}


@indicator("outreach.sessions", _("Buổi tuyên truyền"), _("buổi"), **ASK)
def sessions(year: int) -> Mapping[str, Figure]:
    """Sessions held."""
    return tally(BOOK, {"when": str(year)})


@indicator("outreach.participants", _("Lượt người dự"), _("lượt người"), **ASK)
def participants(year: int) -> Mapping[str, Figure]:
    """People who came, over the sessions that counted them."""
    return tally(BOOK, {"when": str(year)}, total, ("participants",))


@indicator("outreach.women", _("Trong đó nữ"), _("lượt người"), **ASK)
def women(year: int) -> Mapping[str, Figure]:
    """Women among them, over the sessions that counted them."""
    return tally(BOOK, {"when": str(year)}, total, ("women",))


@indicator("outreach.materials", _("Tài liệu đã phát"), _("bản"), **ASK)
def materials(year: int) -> Mapping[str, Figure]:
    """Leaflets and books handed out."""
    return tally(BOOK, {"when": str(year)}, total, ("materials",))


@indicator("outreach.communes", _("Xã, phường có tuyên truyền"), _("xã, phường"), **ASK)
def communes(year: int) -> Mapping[str, Figure]:
    """Communes where at least one session was held."""
    return tally(BOOK, {"when": str(year)}, distinct, ("area_path",), by_area=False)
