"""Who answers a tip: who is on duty in its commune, else the head of its body, else the province's officer."""

import logging

from django.conf import settings
from django.utils.translation import gettext as _

from baoton.kit import mail
from baoton.kit.limits import TooLong
from baoton.people.models import Duty, Person
from baoton.people.queries import head_of, holder_of, on_duty
from baoton.places.queries import province_path, unit_name
from baoton.tips.models import Tip

R = Tip.Routed
log = logging.getLogger("baoton.tips")


def route(tip: Tip) -> None:
    """The tip names its officer, its body and by which rule; where nobody is found, that is said too."""
    duty = on_duty(tip.area_path, tip.received)
    if duty is not None:
        tip.officer, tip.routed = duty.person, R.DUTY if _of_commune(duty) else R.PROVINCE_DUTY
        tip.organisation = duty.organisation or str(duty.person.organisation_id or "")
        return
    for found, rule in ((head_of(tip.area_path), R.HEAD), (holder_of("officer", tip.area_path), R.OFFICER)):
        if found is not None:
            tip.officer, tip.routed = found, rule
            tip.organisation = str(found.organisation_id or "")
            return
    tip.officer, tip.routed = None, R.NOBODY


def _of_commune(duty: Duty) -> bool:
    return duty.area_path not in ("", province_path())


def tell(tip: Tip, person: Person | None) -> bool:
    """A letter to the officer that says there is a tip, never where it is nor who sent it; whether it went out."""
    if person is None or not person.email:
        return False
    from baoton.kit.reading.register import REGISTERS

    told = {
        "code": tip.code, "kind": tip.get_kind_display(), "area": unit_name(tip.area_path),
        "at": f"{settings.SITE_ADDRESS}{REGISTERS['tips.tip'].url(tip)}",
    }  # fmt: skip
    try:
        mail.send(
            person.email,
            _("Tin báo %(code)s") % told,
            _("Có tin báo mới: %(kind)s, %(area)s.\nMở tin: %(at)s\n") % told,
        )
    except TooLong:
        raise
    except Exception as error:  # whatever the server or the network said: the tip itself stands
        log.warning("a letter about a tip could not be sent: %s", type(error).__name__)
        return False
    return True
