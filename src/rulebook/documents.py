"""Legal instruments and documents: who issued them, when they hold, what took their place."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from rulebook.certainty import Certainty, certainty
from rulebook.dated import Period
from rulebook.errors import BadData, UnknownName
from rulebook.reading import a_date, folder, read_yaml


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument or document; a date that is not known is None, never guessed."""

    id: str
    kind: str
    title: str
    en: str
    issuer: str
    issued: date | None
    in_force: date | None
    ended: date | None
    repealed_by: str
    cites: tuple[str, ...]
    certainty: Certainty
    note: str

    def holds(self, day: date) -> bool | None:
        """True or False when the dates tell; None when the day it began or ended is not known."""
        if self.in_force and day < self.in_force:
            return False
        if self.issued and day < self.issued:
            return False
        if self.ended:
            return None if self.in_force is None and day <= self.ended else day <= self.ended
        return None if self.in_force is None or self.repealed_by else True


def _instrument(item: dict[str, Any]) -> Instrument:
    Period.of(item.get("in_force"), item.get("ended"))
    return Instrument(
        id=item["id"],
        kind=item["kind"],
        title=item["title"],
        en=item["en"],
        issuer=item["issuer"],
        issued=a_date(item.get("issued")),
        in_force=a_date(item.get("in_force")),
        ended=a_date(item.get("ended")),
        repealed_by=item.get("repealed_by", ""),
        cites=tuple(item.get("cites", ())),
        certainty=certainty(item["certainty"]),
        note=item.get("note", ""),
    )


@lru_cache(maxsize=1)
def instruments() -> dict[str, Instrument]:
    """Every instrument by its number."""
    found: dict[str, Instrument] = {}
    for item in read_yaml(folder("vn", "instruments.yaml")):
        try:
            one = _instrument(item)
        except (KeyError, ValueError) as error:
            raise BadData(f"Tệp instruments.yaml, mục {item.get('id')}: {error}") from error
        if one.id in found:
            raise BadData(f"Tệp instruments.yaml: văn bản {one.id} ghi hai lần.")
        found[one.id] = one
    return found


def instrument(id: str) -> Instrument:
    """The instrument with this number, e.g. `85/2025/TT-BNNMT`."""
    try:
        return instruments()[id]
    except KeyError:
        raise UnknownName(f"Bộ quy định không có văn bản “{id}”.") from None
