"""The books of official boundaries and of villages."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds import Area, Number, Shape, Text
from baoton.kit.reading.register import Register
from baoton.places.models import Boundary, Village
from baoton.places.queries import settle

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

village = Register(
    name="places.village",
    model=Village,
    label=_("Bản, tổ dân phố"),
    one=_("bản, tổ dân phố"),
    help=_(
        "Mỗi dòng là một bản, thôn hay tổ dân phố của một xã, theo danh sách cơ quan nạp vào; bản đồ tìm theo nó."
    ),
    order=("name",),
    public=Q(),
    settle=settle,
    verbs=("create", "edit", "withdraw", "import"),
    fields=(
        Text("name", required=True),
        Area("area_path"),
        Shape("geom"),
        Text("other_names", folded=True),
        Text("source", folded=True),
    ),
    show=("name", "area_path", "other_names"),
    find=(("area", "area_path"),),
)
