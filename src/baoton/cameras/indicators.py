"""What camera traps tell the plan: nights they worked, sequences looked at, species they met."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from baoton.cameras.models import Sequence
from baoton.places.queries import province_path
from baoton.plan.queries import Distinct, Indicator, Sum, tell

ASK: Any = {"about": "survey", "section": "survey"}
MET: Any = {
    "status": "verified", "presence": "present", "named": "1", "basis": "MachineObservation", "area": province_path,
}  # fmt: skip

tell(
    Indicator(
        "cameras.nights",
        _("Ngày máy bẫy ảnh của các đợt đặt trong năm"),
        _("ngày máy"),
        "cameras.deployment",
        measure=Sum("whole_nights"),
        **ASK,
    ),
    Indicator(
        "cameras.sequences",
        _("Loạt ảnh bẫy ảnh đã xem"),
        _("loạt"),
        "cameras.sequence",
        where={"status": Sequence.Status.DONE.value},
        **ASK,
    ),
    Indicator(
        "cameras.species",
        _("Loài bẫy ảnh đã gặp"),
        _("loài"),
        "observations.occurrence",
        where=MET,
        measure=Distinct("taxon_id", met=True),
        **ASK,
    ),
)
