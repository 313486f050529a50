"""The kinds of fields a register is made of."""

from baoton.kit.kinds.area import Area
from baoton.kit.kinds.choice import Choice
from baoton.kit.kinds.day import Day
from baoton.kit.kinds.file import File
from baoton.kit.kinds.files import Files
from baoton.kit.kinds.link import Link
from baoton.kit.kinds.moment import Moment
from baoton.kit.kinds.number import Count, Money, Number, YesNo
from baoton.kit.kinds.shape import Shape
from baoton.kit.kinds.text import Text

__all__ = [
    "Area",
    "Choice",
    "Count",
    "Day",
    "File",
    "Files",
    "Link",
    "Moment",
    "Money",
    "Number",
    "Shape",
    "Text",
    "YesNo",
]
