"""The second factor: six digits that change every half minute (RFC 6238), and ten recovery codes used once each."""

import hashlib
import hmac
import secrets
import time

import pyotp
import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from baoton.people.models import Person, SecondFactor

STEP, CODES = 30, 10
LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
ROLES = {"officer", "admin"}


def needed(person: Person) -> bool:
    """Whether the person must have one: officers and administrators, where the installation requires it."""
    return settings.TWO_FACTOR == "required" and person.grants.in_force().filter(role__in=ROLES).exists()


def confirmed(person: Person) -> SecondFactor | None:
    """The factor the person signs in with; None where none was set up to its end."""
    return SecondFactor.objects.filter(person=person, confirmed__isnull=False).first()


def begun(person: Person) -> SecondFactor:
    """The factor that is being set up, with its secret; a confirmed one is left alone."""
    made, _new = SecondFactor.objects.get_or_create(person=person, defaults={"secret": pyotp.random_base32()})
    return made


def picture(factor: SecondFactor) -> str:
    """What a telephone reads, as an SVG for the page."""
    address = pyotp.TOTP(factor.secret).provisioning_uri(name=factor.person.username, issuer_name="Bảo Tồn")
    return str(segno.make(address, error="m").svg_inline(scale=4, border=2))


@transaction.atomic
def accept(person: Person, code: str) -> bool:
    """Whether the digits are right now, or half a minute before or after; the same digits work once."""
    factor = SecondFactor.objects.select_for_update().filter(person=person).first()
    digits = "".join(code.split())
    if factor is None or len(digits) != 6 or not (digits.isascii() and digits.isdecimal()):
        return False
    now, right = int(time.time()) // STEP, pyotp.TOTP(factor.secret)
    for step in (now - 1, now, now + 1):
        if step > factor.last_step and hmac.compare_digest(right.at(step * STEP), digits):
            factor.last_step = step
            factor.save(update_fields=["last_step"])
            return True
    return False


@transaction.atomic
def recover(person: Person, code: str) -> bool:
    """Whether the code is one of the ten and unused; it is used up."""
    factor = SecondFactor.objects.select_for_update().filter(person=person, confirmed__isnull=False).first()
    digest = _digest(code)
    if factor is None or digest not in factor.codes:
        return False
    factor.codes = [c for c in factor.codes if c != digest]
    factor.save(update_fields=["codes"])
    return True


def confirm(person: Person) -> list[str]:
    """The factor holds from now on; ten fresh recovery codes, shown this once."""
    made = [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(CODES)
    ]
    codes = [_digest(c) for c in made]
    SecondFactor.objects.filter(person=person).update(confirmed=timezone.now(), codes=codes)
    return made


def forget(person: Person) -> None:
    """The person has no second factor any more."""
    SecondFactor.objects.filter(person=person).delete()


def _digest(code: str) -> str:
    plain = "".join(c for c in code.lower() if c in LETTERS)
    return hmac.new(settings.SECRET_KEY.encode(), f"recovery:{plain}".encode(), hashlib.sha256).hexdigest()
