"""What a rule may say of a book, and the book as the rules read it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import rulebook
from baoton.facilities.models import Entry, Stock
from rulebook.biology import Biology

M = Entry.Movement
BREEDERS = ("sire", "dam")
MONTH = 30.4375
RULES = (
    ("births", _("sinh nhiều hơn đàn có thể sinh")),
    ("balance", _("xuất nhiều hơn số có thể có")),
    ("no_deaths", _("quá ít con chết so với số nuôi")),
    ("too_young", _("vào lớp bố mẹ trước tuổi thành thục")),
    ("sold_young", _("bán con bố mẹ, cây trồng trước tuổi")),
    ("season", _("sinh ngoài mùa sinh của loài")),
    ("every_month", _("loài sinh theo mùa mà sổ ghi sinh quanh năm")),
    ("one_sided", _("chuyển giao chỉ một phía ghi sổ")),
    ("mark_reused", _("số dấu dùng lại")),
    ("marks_unread", _("cá thể có dấu lâu không ai thấy lại")),
    ("never_ages", _("đàn không già đi")),
    ("sex_ratio", _("tỷ lệ đực cái khác thường")),
    ("one_day", _("nhiều dòng ghi cùng một ngày, ngay trước kiểm tra")),
    ("count_differs", _("đếm được khác số dư sổ")),
    ("over_capacity", _("vượt sức chứa")),
)
SCORES = {
    "births": 3, "balance": 3, "count_differs": 3, "mark_reused": 3, "sold_young": 2, "too_young": 2, "no_deaths": 2,
    "one_day": 2, "every_month": 2,
}  # fmt: skip
WHY = {
    "species": _("chưa có số liệu sinh học của loài"),
    "breeding": _("chưa đủ số liệu sinh sản của loài"),
    "longevity": _("chưa có tuổi thọ của loài"),
    "maturity": _("chưa có tuổi thành thục của loài"),
    "season": _("chưa có mùa sinh có nguồn của loài"),
    "sexes": _("chưa có tỷ lệ đực cái khi sinh của loài"),
    "harvest": _("chưa có số năm từ trồng tới thu của loài"),
    "yield": _("chưa có số cây giống một cây mẹ cho được"),
    "time": _("hết thời gian tính mà chưa chứng minh được; máy xét lại lâu hơn vào ban đêm"),
    "never_counted": _("chưa có cuộc kiểm tra nào đếm sổ này"),
    "one_go": _("cả sổ được chép vào cùng một ngày khi bắt đầu ghi: không phân biệt được với ghi dồn"),
}


@dataclass(frozen=True)
class Found:
    """One signal: its rule, what tells it from others of the book, its words, and the lines it rests on."""

    rule: str
    about: str
    words: str
    entries: Sequence[str] = ()


@dataclass(frozen=True)
class Chance:
    """A signal that chance might write with probability `p`: told only where all chances together allow it."""

    p: float
    found: Found


@dataclass(frozen=True)
class Unjudged:
    """A rule that cannot judge this book, and the key of the reason in `WHY`."""

    rule: str
    why: str


@dataclass(frozen=True)
class Book:
    """A book as the rules read it: its standing lines in the order of days, and what is known of the species."""

    stock: Stock
    lines: Sequence[Entry]
    known: Biology | None
    on: date
    seconds: float = 2

    @property
    def planting(self) -> bool:
        return self.stock.form == Stock.Form.PLANTING


Told = Iterator[Found | Chance | Unjudged]
Rule = Callable[[Book], Told]


def parameter(name: str) -> Any:
    """A threshold of the rules, from the rulebook: a choice of this programme, no rule of law."""
    return rulebook.param_value("facility.signals", on=timezone.localdate()).value[name]


def keys(lines: Sequence[Entry]) -> list[str]:
    return [str(e.pk) for e in lines]
