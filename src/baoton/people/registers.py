"""The duty roster: who answers, where, from which day to which."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds import Area, Choice, Day, Text
from baoton.kit.reading.register import Register
from baoton.people.models import Duty
from baoton.people.queries import organisation_choices, person_choices

LONGEST_DAYS = 366


def derive(record: Duty) -> None:
    """A duty belongs to the body of who holds it, and lasts at most a year."""
    if record.person_id:  # whoever enters the roster of another body keeps nothing of it for his own
        record.organisation = str(record.person.organisation_id or "")
    if record.since and record.until and (record.until - record.since).days > LONGEST_DAYS:
        raise ValidationError({"until": _now("Một lượt trực dài nhất là một năm; chia thành nhiều lượt.")})


duty = Register(
    name="people.duty",
    model=Duty,
    label=_("Lịch trực"),
    one=_("lượt trực"),
    help=_("Mỗi dòng là một người trực nhận tin báo ở một xã hoặc cả tỉnh, từ ngày nào đến ngày nào."),
    order=("-since",),
    derive=derive,
    fields=(
        Choice("person", among=person_choices),
        Area("area_path", required=True),
        Day("since"),
        Day("until"),
        Choice("organisation", among=organisation_choices, asked=False),
        Text("note", folded=True),
    ),
    show=("person", "organisation", "area_path", "since", "until"),
    find=("person", ("area", "area_path"), ("when", "since", _("từ ngày")), ("body", "organisation")),
)
