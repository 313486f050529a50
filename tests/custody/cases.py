"""Small deeds of custody for its tests: who they are, and a lot with a short chain."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from baoton.custody.actions import seize
from baoton.custody.models import Lot, Offer
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.people.models import Person

MU_CA = "12/03451"


def of(name: str) -> Person:
    """A member of the cast, read anew."""
    return Person.objects.get(username=name)


def lot(actor: Any, **more: Any) -> Lot:
    """Three seized animals, six kilograms, from a case in words."""
    given = {"kind": "dead", "written": "Khỉ vàng", "count": 3, "kg": "6.250", "origin": "Vụ 12/2026"}
    return seize(actor, area_path=actor_area(), **{**given, **more})


def actor_area() -> str:
    from baoton.places.queries import commune_choices

    return next(path for path, name in commune_choices() if name.endswith("Mù Cả"))


def act(actor: Any, one: Lot, verb: str, **said: Any) -> Lot:
    done: Lot = write.act(REGISTERS["custody.lot"], actor, Lot.objects.get(pk=one.pk), verb, said)
    return done


def offered(actor: Any, one: Lot, body: str, **said: Any) -> Offer:
    act(actor, one, "offer", to_body=body, reason="BB 01", **said)
    return Offer.objects.filter(lot=one).latest("offered")


def sign(actor: Any, one: Offer, verb: str = "accept", **said: Any) -> Offer:
    given = {"found": "nguyên niêm phong", "to_place": "kho Công an", "reason": "sai số lượng"}
    done: Offer = write.act(
        REGISTERS["custody.offer"], actor, Offer.objects.get(pk=one.pk), verb, {**given, **said}
    )
    return done


def earlier(hours: int) -> Any:
    return timezone.localtime(timezone.now() - timedelta(hours=hours))
