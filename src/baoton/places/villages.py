"""Which village of the office's list a written name means, and how many villages many written names are."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from baoton.kit.text import fold, tidy
from baoton.places.models import Village

SORTS = re.compile(r"^(bản|ban|thôn|thon|khu phố|khu|tổ dân phố|tổ|tdp)\.? ")
Listed = Mapping[str, Any]


def bare(name: str) -> str:
    """The name of a village without its sort, made comparable: `Bản Nậm Kè` becomes `nam ke`."""
    return fold(SORTS.sub("", tidy(name).lower()))


def listed(area_path: str) -> Listed:
    """The villages of a commune in the office's list by every name they go by; None where two share it."""
    told: dict[str, Any] = {}
    rows = Village.objects.filter(area_path=area_path, withdrawn__isnull=True)
    for pk, name, others in rows.values_list("pk", "name", "other_names"):
        for one in {bare(n) for n in (name, *re.split(r"[;,]", others)) if n.strip()}:
            told[one] = None if one in told else pk
    return told


def village_of(area_path: str, written: str, among: Listed | None = None) -> Any:
    """The key of the village that the words mean in its commune; None where none, or more than one, does."""
    if not written or not area_path:
        return None
    return (listed(area_path) if among is None else among).get(bare(written))


def villages_among(written: Iterable[tuple[str, str]]) -> int:
    """How many places are meant by so many communes with the name of a village, however each is spelt; a commune
    without one is a place too."""
    known: dict[str, Listed] = {}
    told = set()
    for area, name in written:
        if area not in known:
            known[area] = listed(area)
        told.add((area, village_of(area, name, known[area]) or bare(name)))
    return len(told)
