"""The book of official boundaries."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds import Area, Number, Text
from baoton.kit.reading.register import Register
from baoton.places.models import Boundary

boundary = Register(
    name="places.boundary",
    model=Boundary,
    label=_("Ranh giới đơn vị hành chính"),
    one=_("ranh giới"),
    help=_(
        "Mỗi dòng là ranh giới chính thức của một đơn vị, lấy từ tệp bản đồ; bản đồ và việc gán xã theo nó."
    ),
    order=("area_path",),
    public=Q(),
    verbs=(),
    fields=(
        Area("area_path", asked=False),
        Number("area_km2", asked=False),
        Text("source", asked=False),
    ),
    show=("area_path", "area_km2", "source"),
    find=(("area", "area_path"),),
)
