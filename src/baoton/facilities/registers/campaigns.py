"""Campaigns of inspections, and the count of growers without a code."""

from django.utils.translation import gettext_lazy as _

from baoton.facilities.actions import campaigns, inventory
from baoton.facilities.models import Campaign, Canvass, Planted
from baoton.facilities.papers import drafts
from baoton.facilities.papers.filing import Several
from baoton.facilities.papers.visits import ORDER, PLAN
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Number, Text
from baoton.kit.kinds.words import masked
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.reading.retold import ours
from baoton.kit.writing.verb import Verb

C, P = Campaign.Status, Planted.Status


campaign = Register(
    name="facilities.campaign",
    model=Campaign,
    label=_("Đợt kiểm tra cơ sở"),
    one=_("đợt kiểm tra"),
    help=_("Mỗi dòng là một đợt kiểm tra: quyết định, kế hoạch, các đoàn, các cuộc kiểm tra và kết quả."),
    order=("-begins",),
    derive=campaigns.derive,
    fields=(
        Text("name"),
        Day("begins"),
        Day("ends"),
        Text("teams"),
        Text("note"),
        Choice("status", asked=False),
        Text("number", asked=False),
    ),
    show=("name", "begins", "ends", "status", "number"),
    find=("status", ("when", "begins")),
    parts=(
        Panel("facilities/campaign.html", campaigns.report),
        Part("facilities.inspection", "campaign"),
        Part("facilities.document", "campaign"),
        Panel("facilities/drafts.html", drafts.of_campaign),
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "decide",
            _("ban hành quyết định, kế hoạch"),
            {C.DRAFT: C.DECIDED},
            guard=campaigns.empty,
            paper=Several((ORDER, PLAN)),
        ),
        Verb("close", _("kết thúc đợt kiểm tra"), {C.DECIDED: C.CLOSED}, guard=campaigns.unfinished),
    ),
)

planted = Register(
    name="facilities.planted",
    model=Planted,
    label=_("Thống kê nơi trồng chưa có mã số"),
    one=_("nơi trồng"),
    help=_(
        "Mỗi dòng là một loài trong danh mục do một người trồng trước năm 2026 mà chưa có mã số, giấy chứng nhận."
    ),
    order=("grower",),
    derive=inventory.derive,
    fields=(
        Text("grower"),
        Text("village"),
        Count("birth_year", least=1900, said=lambda r: r.birth_year or ""),
        Text("phone", said=lambda r: masked(r.phone), personal=True, filed=False),
        Text("identity", said=lambda r: masked(r.identity), personal=True, filed=False),
        Area("area_path", required=True),
        Link("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi")),
        Text("vernacular", _("tên Việt Nam"), source="taxon.vernacular_vi"),
        Text("group", asked=False),
        Count("year", least=1950, said=lambda r: r.year or ""),
        Count("amount"),
        Text("unit"),
        Number("hectares"),
        Choice("origin"),
        Text("note"),
        Day("found", asked=False),
        Choice("status", asked=False),
        Link("application", to="facilities.application", asked=False),
        Text("matched", said=ours("matched"), asked=False),
    ),
    show=("grower", "village", "area_path", "vernacular", "group", "amount", "status"),
    find=(
        "status",
        ("when", "found"),
        ("area", "area_path"),
        ("taxon", "taxon", _("loài")),
        ("origin", "origin"),
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        "import",
        Verb(
            "apply",
            _("lập hồ sơ cấp mã số"),
            {P.FOUND: P.APPLIED},
            (Choice("who", _("trùng tên với người đã có hồ sơ ở bản này thì là"), among=inventory.WHO),),
            do=inventory.apply,
            guard=inventory.not_listed,
            alike=True,
        ),
        Verb(
            "close",
            _("không cấp mã số"),
            {P.FOUND: P.CLOSED},
            (Text("reason", _("lý do"), required=True),),
            danger=True,
        ),
    ),
)

canvass = Register(
    name="facilities.canvass",
    model=Canvass,
    label=_("Xã báo rà soát xong nơi trồng"),
    one=_("lần báo xong"),
    help=_("Xã nói đã hỏi hết các bản, kể cả khi không tìm thấy nơi trồng nào."),
    order=("-finished",),
    fields=(
        Area("area_path", required=True),
        Day("finished", today=True),
        Count("households"),
        Text("note"),
    ),
    show=("area_path", "finished", "households"),
    find=(("area", "area_path"), ("when", "finished")),
    verbs=("create", "edit", "withdraw"),
)
