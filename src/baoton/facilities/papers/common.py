"""What documents about a facility say in common: its place, its species, the law, the way to its card."""

import io
from datetime import date
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse

import rulebook
from baoton.facilities.models import Code, Facility, Stock
from baoton.facilities.papers.filing import PROVINCE, RANGERS
from baoton.facilities.queries import group_on
from baoton.kit import office
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.paper import Picture
from baoton.places.queries import unit_name
from rulebook.errors import RulebookError
from rulebook.provinces import Body

UNKNOWN = "……"
SPECIES = (
    ("STT", "n", 1.2), ("Tên loài", "vi", 3.6), ("Tên khoa học", "latin", 4.4), ("Nhóm", "group", 1.7),
    ("Mục đích", "purpose", 2.0), ("Sức chứa", "capacity", 1.8), ("Hiện có", "balance", 1.7),
)  # fmt: skip
GROUP_WORDS = {"priority": "ưu tiên bảo vệ"}


def body(key: str) -> Body:
    """A body of the province as the rulebook names it."""
    return next(b for b in rulebook.province(settings.PROVINCE).bodies if b.key == key)


def above() -> Body:
    """The body that the rangers belong to."""
    return body(body(RANGERS).parent)


def issuer(record: Any) -> tuple[str, str]:
    """The head of a document of the rangers, with the body above them."""
    return above().name.upper().replace(" VÀ ", "\nVÀ ", 1), body(RANGERS).name.upper()


def of_province(record: Any) -> tuple[str, str]:
    return "", body(PROVINCE).name.upper()


def of_body(key: str = RANGERS) -> dict[str, Any]:
    """The fields every document may name: who decides and signs, and what the rangers are called."""
    one = body(key)
    return {
        "rangers": body(RANGERS).name, "signer": one.head.upper(), "decides": f"{one.head} {one.name}".upper(),
    }  # fmt: skip


def law(on: date, name: str = "facility.law") -> str:
    """The text that a decision of a day rests on, as the rulebook has it; dots where it has none."""
    try:
        return str(rulebook.param_value(name, on=on).value)
    except RulebookError:
        return UNKNOWN


def plain(text: str) -> str:
    """Words to which a document puts its own full stop."""
    return text.strip().rstrip(".").strip()


def vernacular(taxon: Any) -> str:
    return taxon.vernacular_vi.split(";")[0].strip() or str(taxon.scientific_name)


def council(area: str) -> str:
    """The people's committee of a commune."""
    return f"UBND {within(area)}"


def within(area: str) -> str:
    """A commune's name in the middle of a sentence."""
    name = unit_name(area)
    return f"{name[:1].lower()}{name[1:]}"


def of_facility(facility: Facility, on: date) -> dict[str, Any]:
    """The fields every document about a facility may name."""
    commune = within(facility.area_path)
    stocks = Stock.objects.filter(facility=facility, withdrawn__isnull=True).select_related("taxon")
    rows = [
        {
            "n": n, "vi": vernacular(s.taxon), "latin": s.taxon.scientific_name,
            "group": GROUP_WORDS.get(group_on(s, on), group_on(s, on)) or "thông thường",
            "purpose": s.purpose, "capacity": "" if s.capacity is None else as_text(s.capacity),
            "balance": f"{as_text(s.balance)} {s.unit}",
        }
        for n, s in enumerate(stocks.order_by("since", "id"), 1)
    ]  # fmt: skip
    last = Code.objects.filter(facility=facility, withdrawn__isnull=True).order_by("-since", "-id").first()
    return {
        "name": facility.name, "owner": str(facility.owner), "commune": commune, "village": facility.village,
        "where": ", ".join(filter(None, (facility.village, commune))), "facility_kind": facility.get_kind_display(),
        "code": facility.code, "code_from": as_text(facility.code_from) if facility.code_from else "",
        "last_code": last.text if last else "", "species": rows,
    }  # fmt: skip


def card_of(code: str) -> str:
    """The public address at which anybody sees whether a code holds."""
    return office.address() + reverse("facility-card", args=[code or "-"])


def qr_of(code: str) -> Picture:
    drawn = io.BytesIO()
    segno.make(card_of(code), error="m", micro=False).save(drawn, kind="png", scale=8, border=2)
    return Picture(drawn.getvalue(), 34)


__all__ = [
    "SPECIES", "UNKNOWN", "above", "card_of", "council", "issuer", "law", "of_body", "of_facility", "of_province",
    "plain", "qr_of", "vernacular", "within",
]  # fmt: skip
