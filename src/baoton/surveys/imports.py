"""Files that a campaign sent to the field come back through the one import machine, laid out by its protocol."""

from django.utils.translation import gettext_lazy as _

from baoton.kit.importing.chunk import LEFT
from baoton.kit.importing.files import reread
from baoton.kit.importing.rules import RULES
from baoton.surveys.protocols import received

RULES["protocol"] = _("trái với quy trình")
RULES[LEFT] = _("chưa điền")
reread(received.reread)
