"""Who asks, for which book, and which record: what every page of a register begins with."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop

from baoton.kit import lent
from baoton.kit.access import Actor, Public, require
from baoton.kit.reading.register import Register, by_slug
from baoton.kit.writing import audit


def actor_of(request: HttpRequest) -> Actor:
    """The person who is logged in, else the public."""
    return request.user if request.user.is_authenticated else Public()


def readable(register: Register, actor: Actor) -> bool:
    """Whether the actor may read anything there."""
    held = (f"{register.name}.see", f"{register.name}.see_precise")
    return register.public is not None or any(actor.scopes(verb) for verb in held)


def find(slug: str, actor: Actor) -> Register:
    """The register at this address, if the actor may read anything there."""
    register = by_slug(slug)
    if register is None:
        raise Http404(slug)
    if not readable(register, actor):
        require(actor, f"{register.name}.see")
    return register


def record_or_404(register: Register, actor: Actor, pk: Any) -> Any:
    """The record as the actor may know it; hidden and absent answer alike."""
    try:
        record = register.get(actor, pk)
    except (ObjectDoesNotExist, ValidationError) as error:
        raise Http404(str(pk)) from error
    opened(register, actor, record)
    return record


def opened(register: Register, actor: Actor, record: Any) -> None:
    """Whoever opens a record of personal data is written into the audit log: who looks, not whose eyes are lent."""
    lent.note_page(actor, register.name, [record], gettext_noop("mở trang"))
    if register.model.opening_is_audited and not lent.borrowed(actor, register.name, record):
        actor = getattr(actor, "viewer", None) or actor
        audit.write(
            actor, f"{register.name}.see", register=record._meta.label_lower, object_id=record.pk,
            object_name=str(record),
        )  # fmt: skip


def said(error: ValidationError | Exception) -> str:
    """What went wrong, in one line a person can act on."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
