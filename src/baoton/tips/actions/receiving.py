"""A tip comes in by the public page: one form is one tip, and its sender holds a code that nobody can guess.

The code is made from the form's own random key and a key of the installation, so that the same form sent twice
answers with the same code; only digests of both are kept.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from baoton.files.actions import attach
from baoton.files.queries import of_record, place_in
from baoton.kit import keyed
from baoton.kit.access import System
from baoton.kit.incoming import look
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import clock, write
from baoton.places.queries import assign
from baoton.tips.actions.outcomes import RECEIVE, receive_days, say
from baoton.tips.actions.routing import tell
from baoton.tips.models import Receipt, Sender, Tip, Word

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH, GROUP = 12, 4
SOMEBODY = System(actor_name=gettext_noop("người báo tin"))


def code_of(form_key: str) -> str:
    """The receipt code of a form, in groups: twelve letters and digits that nobody misreads (59 random bits)."""
    drawn = int.from_bytes(
        hmac.new(keyed.key(), f"tip\x1f{form_key}".encode("utf-8", "replace"), hashlib.sha256).digest()
    )
    letters = []
    for _n in range(LENGTH):
        drawn, at = divmod(drawn, len(ALPHABET))
        letters.append(ALPHABET[at])
    return "-".join("".join(letters[i : i + GROUP]) for i in range(0, LENGTH, GROUP))


def plain_code(written: str) -> str:
    """A code as it is kept, however it was typed: no blanks, no strokes, capital letters, at most forty of them."""
    return "".join(c for c in written.upper() if c.isalnum())[:40]


def receive(tip: Tip, form_key: str, photos: Sequence[Any] = (), contact: str = "") -> tuple[Tip, str]:
    """The tip stands with its photos and its receipt; the tip and its code. The same form again gives the same tip."""
    code = code_of(form_key)
    form, digest = keyed.digest("tip form", code), _digest(code)
    known = _of_form(form)
    if known is not None:
        return known, code
    tip.channel = Tip.Channel.WEB
    if not tip.geom and not tip.area_path:
        _commune_of_photos(tip, photos)
    try:
        with transaction.atomic():
            made: Tip = write.create(REGISTERS["tips.tip"], SOMEBODY, tip)
            Receipt.objects.create(tip=made, code=digest, form=form)
            add_photos(made, photos)
            if contact:
                sender = Sender(
                    tip=made, contact=contact, organisation=made.organisation, area_path=made.area_path
                )
                write.create(REGISTERS["tips.sender"], SOMEBODY, sender)
            days = receive_days(made, made.received) if made.rescue else None
            if days is not None:
                clock.start(made._meta.label_lower, made, RECEIVE, days, made.received)
            transaction.on_commit(lambda: tell(made, made.officer))
    except IntegrityError:
        known = _of_form(form)
        if known is None:
            raise
        return known, code
    return made, code


def _of_form(form: str) -> Tip | None:
    held = Receipt.objects.filter(form=form).select_related("tip").first()
    return held.tip if held else None


def _commune_of_photos(tip: Tip, photos: Sequence[Any]) -> None:
    """Where nobody said where, the first photo that knows its own place tells the commune, and only that."""
    for photo in photos:
        place = place_in(photo)
        here = "" if place is None else str(assign([place[0]], [place[1]])[0][0])
        if here:
            tip.area_path, tip.found = here, Tip.Found.PHOTO
            return


def find(code: str) -> Tip | None:
    """The tip of a receipt code; a wrong one is looked up just as a right one is."""
    held = (
        Receipt.objects.filter(code=_digest(code), tip__withdrawn__isnull=True).select_related("tip").first()
    )
    return held.tip if held else None


def add_photos(tip: Tip, photos: Sequence[Any]) -> None:
    """Photos stand with the tip, as they came, under its code and the next numbers."""
    there = len(of_record(tip))
    for n, photo in enumerate(photos, there + 1):
        attach(SOMEBODY, tip, photo.chunks(), f"{tip.code} {n}", media_type=look(photo))


def add_word(tip: Tip, text: str) -> Word:
    """Something more from who sent the tip; the same words again are not kept twice."""
    last = tip.words.filter(withdrawn__isnull=True).order_by("-said").first()
    if last is not None and last.by == Word.By.SENDER and last.text == text:
        return last
    return say(SOMEBODY, tip, text, Word.By.SENDER)


def _digest(code: str) -> str:
    return keyed.digest("tip code", plain_code(code))
