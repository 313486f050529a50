"""Facilities, their owners and their codes."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.facilities.actions import accounts, dossiers
from baoton.facilities.disclosure import settle
from baoton.facilities.models import (
    Code,
    Facility,
    Owner,
)
from baoton.facilities.queries import evidence
from baoton.kit.kinds import Area, Choice, Day, Link, Shape, Text
from baoton.kit.reading.filters import Choice as FilterChoice
from baoton.kit.reading.filters import Flag, Search, Standing
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Verb

F = Facility.Status

REASON = Text("reason", _("lý do"), required=True)

owner = Register(
    name="facilities.owner",
    model=Owner,
    label=_("Chủ cơ sở"),
    one=_("chủ cơ sở"),
    help=_("Dữ liệu cá nhân: ít người được xem, mỗi lần mở đều được ghi vào nhật ký."),
    order=("name",),
    fields=(
        Text("name"),
        Choice("kind"),
        Text("identity", personal=True, filed=False),
        Text("phone", personal=True, filed=False),
        Text("address", personal=True, filed=False),
        Area("area_path", required=True),
    ),
    show=("name", "kind", "area_path"),
    find=("kind", ("area", "area_path")),
    parts=(Part("facilities.facility", "owner"),),
    derive=accounts.derive_owner,
)

facility = Register(
    name="facilities.facility",
    model=Facility,
    label=_("Cơ sở nuôi, trồng"),
    one=_("cơ sở"),
    help=_("Mỗi dòng là một cơ sở nuôi, trồng, cứu hộ hoặc bảo tồn: ở đâu, của ai, mã số nào, đang ra sao."),
    order=("name",),
    settle=settle,
    derive=dossiers.derive_facility,
    fields=(
        Text("name"),
        Choice("kind"),
        Link("owner", to="facilities.owner", by=("name",)),
        Text("village"),
        Shape("geom", drawn=("polygon",)),
        Area("area_path"),
        Text("code", asked=False),
        Day("code_from", asked=False),
        Choice("status", asked=False),
    ),
    show=("name", "kind", "code", "area_path", "status"),
    find=(
        Search("q", _("tên, mã số")),
        "kind",
        "status",
        ("area", "area_path"),
        Flag("coded", _("mã số"), ~Q(code=""), _("đã có mã số"), _("chưa có mã số")),
    ),
    parts=(
        Part("facilities.stock", "facility"),
        Part("facilities.application", "facility"),
        Part("facilities.inspection", "facility"),
        Part("facilities.notice", "facility"),
        Part("facilities.code", "facility"),
        Panel("facilities/evidence.html", evidence),
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        "import",
        Verb("suspend", _("tạm dừng hoạt động"), {F.OPEN: F.SUSPENDED}, (REASON,), danger=True),
        Verb("reopen", _("cho hoạt động lại"), {F.SUSPENDED: F.OPEN, F.CLOSED: F.OPEN}, (REASON,)),
        Verb(
            "close",
            _("đóng cơ sở"),
            {F.OPEN: F.CLOSED, F.SUSPENDED: F.CLOSED},
            (REASON,),
            do=dossiers.end_code,
            guard=dossiers.still_holds,
            danger=True,
        ),
    ),
)

code = Register(
    name="facilities.code",
    model=Code,
    label=_("Mã số đã cấp"),
    one=_("mã số"),
    help=_("Mã số không sửa, không cấp lại cho cơ sở khác; mã đã thôi hiệu lực vẫn còn ở đây."),
    order=("-since",),
    fields=(
        Text("text"),
        Link("facility", to="facilities.facility", by=("name",)),
        Text("group"),
        Choice("kind"),
        Day("since"),
        Day("until"),
        Text("why_ended"),
        Text("certainty"),
        Area("area_path"),
    ),
    show=("text", "facility", "group", "since", "until"),
    find=(
        ("facility", "facility"),
        "kind",
        FilterChoice("group", _("nhóm"), options=[(g, g) for g in ("IA", "IB", "IIA", "IIB")]),
        ("when", "since"),
        Standing("valid", _("còn hiệu lực ngày"), column="since", until="until"),
        ("area", "area_path"),
    ),
    verbs=(),
)
