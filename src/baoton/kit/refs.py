"""What a (type, uuid) names: a record of some register, without a foreign key to it."""

from typing import Any
from uuid import UUID

from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.record import Record


def register_of(label: str) -> Register | None:
    """The register whose model has this label (`observations.occurrence`)."""
    return next((r for r in REGISTERS.values() if r.model._meta.label_lower == label), None)


def resolve(actor: Actor, label: str, pk: UUID | None) -> Any:
    """The named record as the actor may know it, or None where there is none or it is hidden."""
    register = register_of(label)
    if register is None or pk is None:
        return None
    return register.opened(register.door(actor)).filter(pk=pk).first()


def name_of(record: Record) -> tuple[str, UUID]:
    """How a record is named by those who may not point at it."""
    return record._meta.label_lower, record.pk
