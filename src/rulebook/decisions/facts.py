"""What is known of an act: the day, what was done, where, by whom and with what. None is “not known yet”.

A fact that is not known is never taken for “no”: the rows that turn on it come back as not judged, with its name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from rulebook.certainty import LEVELS, Certainty
from rulebook.decisions.words import fact, words
from rulebook.errors import BadFacts

ITEM_CHOICES = ("group", "kind", "class", "state", "sort", "origin")
CASE_CHOICES = ("forest", "forest_origin", "forest_stage", "previous", "offender")
CHOICES = (*ITEM_CHOICES, *CASE_CHOICES)
ITEM_MEASURES = ("number", "value", "kg", "wood_m3")
CASE_MEASURES = ("area_m2", "damage", "gain", "tools", "fire_level")
MONEY = ("value", "damage", "gain")
WHOLE = ("number", "tools", "fire_level")


def figure(name: str, given: Any) -> Decimal | None:
    """The figure as an exact decimal, None when not known; BadFacts for what is no amount."""
    if given is None:
        return None
    try:
        value = Decimal(str(given)) if not isinstance(given, bool) else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise BadFacts(f"Số liệu “{fact(name)}” phải là một số không âm, không phải {given!r}.")
    if name in WHOLE and value != value.to_integral_value():
        raise BadFacts(f"Số liệu “{fact(name)}” phải là số nguyên, không phải {given}.")
    return value


def chosen(name: str, given: Any) -> str | None:
    """The code itself when it is known or None; BadFacts for another."""
    if given is None or (isinstance(given, str) and given in words()[name]):
        return given
    label = words()["facts"].get(name, {"vi": name})["vi"]
    raise BadFacts(
        f"“{given}” không phải là giá trị của “{label}”; chọn một trong: {', '.join(words()[name])}."
    )


def truth(name: str, given: Any) -> bool | None:
    """True, False or None; BadFacts for anything else."""
    if given is None or isinstance(given, bool):
        return given
    raise BadFacts(f"Dữ kiện “{fact(name)}” chỉ nhận có, không hoặc chưa rõ, không phải {given!r}.")


def a_day(name: str, given: Any) -> date | None:
    """The day of a date or of a moment; None when not known; BadFacts for anything else."""
    if isinstance(given, datetime):
        return given.date()
    if given is None or isinstance(given, date):
        return given
    raise BadFacts(f"“{fact(name)}” phải là một ngày, không phải {given!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of what was found. `group` is that of the species on the day of the act, and
    `group_certainty` how sure that is (`species_group` tells both); value is in đồng."""

    name: str = ""
    kind: str | None = None
    group: str | None = None
    group_certainty: Certainty = "read"
    klass: str | None = None
    state: str | None = None
    sort: str | None = None
    origin: str | None = None
    number: Any = None
    value: Any = None
    kg: Any = None
    wood_m3: Any = None

    def __post_init__(self) -> None:
        if self.group_certainty not in LEVELS:
            raise BadFacts(
                f"Mức tin cậy “{self.group_certainty}” không có; chọn một trong: {', '.join(LEVELS)}."
            )
        for name in ITEM_CHOICES:
            chosen(name, self.known(name))
        for name in ITEM_MEASURES:
            object.__setattr__(self, name, figure(name, getattr(self, name)))

    def known(self, name: str) -> Any:
        """The fact by the name tables give it; None when it is not known."""
        return getattr(self, "klass" if name == "class" else name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one case, as they stand. Money is in đồng, area in m²; see `vn/decisions/words.yaml`."""

    day: date | None = None
    decided: date | None = None
    ended: date | None = None
    continuing: bool | None = None
    acts: frozenset[str] = frozenset()
    offender: str | None = None
    items: tuple[Item, ...] = ()
    forest: str | None = None
    forest_origin: str | None = None
    forest_stage: str | None = None
    area_measurable: bool | None = None
    area_m2: Any = None
    damage: Any = None
    gain: Any = None
    tools: Any = None
    fire_level: Any = None
    vehicle_value: Any = None
    previous: str | None = None
    strict_zone: bool | None = None
    hunting_forbidden_area: bool | None = None
    forbidden_tools: bool | None = None
    forbidden_season: bool | None = None
    cross_border: bool | None = None
    organised: bool | None = None
    many_times: bool | None = None
    position_abused: bool | None = None
    concealed: bool | None = None
    remedied: bool | None = None
    owned_up: bool | None = None
    forced: bool | None = None
    truths: tuple[str, ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("day", "decided", "ended"):
            object.__setattr__(self, name, a_day(name, getattr(self, name)))
        object.__setattr__(self, "acts", _acts(self.acts))
        object.__setattr__(self, "items", _items(self.items))
        for name in CASE_CHOICES:
            chosen(name, getattr(self, name))
        for name in (*CASE_MEASURES, "vehicle_value"):
            object.__setattr__(self, name, figure(name, getattr(self, name)))
        told = tuple(f.name for f in fields(self) if "bool" in str(f.type))
        object.__setattr__(self, "truths", told)
        for name in told:
            truth(name, getattr(self, name))
        _in_order(self)

    def known(self, name: str) -> Any:
        """The fact of the case by the name tables give it; None when it is not known."""
        return getattr(self, name)


def _items(given: Any) -> tuple[Item, ...]:
    if given is None:
        return ()
    items = tuple(given) if isinstance(given, Iterable) else (given,)
    if any(not isinstance(item, Item) for item in items):
        raise BadFacts("Tang vật phải là danh sách các mục tang vật (Item).")
    return items


def _acts(given: Any) -> frozenset[str]:
    if given is None:
        return frozenset()
    if not isinstance(given, Iterable):
        raise BadFacts(f"Hành vi phải là danh sách các mã hành vi, không phải {given!r}.")
    told = [given] if isinstance(given, str) else list(given)
    for act in told:
        if isinstance(act, str) and act in words()["acts"]:
            continue
        raise BadFacts(f"“{act}” không phải là hành vi có trong bảng; xem vn/decisions/words.yaml.")
    return frozenset(told)


def _in_order(facts: Facts) -> None:
    for first, later in (("day", "ended"), ("day", "decided")):
        start, end = getattr(facts, first), getattr(facts, later)
        if start and end and end < start:
            raise BadFacts(f"{fact(later).capitalize()} không thể trước {fact(first)}.")
    if facts.continuing and facts.ended:
        raise BadFacts("Hành vi còn tiếp diễn thì chưa có ngày chấm dứt.")
