"""How a fact, a group and an outcome are said; one file a jurist can read through."""

from functools import lru_cache
from typing import Any

from rulebook.reading import folder, read_yaml


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, dict[str, str]]]:
    """The words by kind and code, e.g. `words()["group"]["IIB"]["vi"]`."""
    told: dict[str, dict[str, dict[str, str]]] = read_yaml(folder("vn", "decisions", "words.yaml"))
    return told


def said_as(kind: str, code: str) -> str:
    """The Vietnamese for a code, e.g. `said_as("forest", "special_use")`."""
    return words()[kind][code]["vi"]


def fact(code: str) -> str:
    """The Vietnamese for the name of a fact or a measure."""
    known = words()
    return (known["facts"].get(code) or known["measures"][code])["vi"]


def amount(measure: str, value: Any) -> str:
    """A figure with its unit as offices write it: 12.000.000 đồng, 0,5 m³."""
    unit = words()["measures"][measure]["unit"]
    text = f"{value:,f}" if value == value.to_integral_value() else f"{value.normalize():,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text.translate(str.maketrans(',.', '.,'))} {unit}".strip()


def dong(value: int) -> str:
    """Money as offices write it."""
    return f"{value:,} đồng".replace(",", ".")


def range_of_money(low: int, high: int) -> str:
    """A fine range as the decree says it."""
    return f"từ {dong(low)} đến {dong(high)}"
