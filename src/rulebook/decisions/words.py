"""How a fact, a group and an outcome are said; one file a jurist can read through."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from rulebook.reading import folder, read_yaml

UNITS_EN = {"cá thể": "animals", "đồng": "VND", "mục": "items", "dụng cụ": "tools"}

LANGUAGE: ContextVar[str] = ContextVar("language", default="vi")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, facts, groups, amounts and outcomes are said in this language (`vi` or `en`); sentences about the law
    stay in Vietnamese, as the law does."""
    token = LANGUAGE.set(language)
    try:
        yield
    finally:
        LANGUAGE.reset(token)


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, dict[str, str]]]:
    """The words by kind and code, e.g. `words()["group"]["IIB"]["vi"]`."""
    told: dict[str, dict[str, dict[str, str]]] = read_yaml(folder("vn", "decisions", "words.yaml"))
    return told


def said_as(kind: str, code: str, lang: str = "") -> str:
    """The word for a code, e.g. `said_as("forest", "special_use")`."""
    return words()[kind][code][lang or LANGUAGE.get()]


def fact(code: str, lang: str = "") -> str:
    """The word for the name of a fact or a measure."""
    known = words()
    return (known["facts"].get(code) or known["measures"][code])[lang or LANGUAGE.get()]


def amount(measure: str, value: Any, lang: str = "") -> str:
    """A figure with its unit as offices write it: 12.000.000 đồng, 0,5 m³; in English 12,000,000 VND, 0.5 m³."""
    unit = words()["measures"][measure]["unit"]
    text = f"{value:,f}" if value == value.to_integral_value() else f"{value.normalize():,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if (lang or LANGUAGE.get()) == "en":
        return f"{text} {UNITS_EN.get(unit, unit)}".strip()
    return f"{text.translate(str.maketrans(',.', '.,'))} {unit}".strip()


def dong(value: int, lang: str = "") -> str:
    """Money as offices write it."""
    return f"{value:,} VND" if (lang or LANGUAGE.get()) == "en" else f"{value:,} đồng".replace(",", ".")


def range_of_money(low: int, high: int, lang: str = "") -> str:
    """A fine range as the decree says it."""
    if (lang or LANGUAGE.get()) == "en":
        return f"{dong(low, lang)} to {dong(high, lang)}"
    return f"từ {dong(low)} đến {dong(high)}"
