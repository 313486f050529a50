"""The books of waters, of grounds and their closed seasons, of fish let go and of what was found after."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, File, Link, Money, Number, Shape, Text
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.share import share
from baoton.kit.writing.verb import Verb
from baoton.observations.registers import Species
from baoton.places.queries import settle
from baoton.remarks.queries import REMARKS
from baoton.waters import actions
from baoton.waters.models import Body, Check, Ground, Release, Season
from baoton.waters.queries import closed

S = Release.Status
AREA = ("area", "area_path")
REASON = Text("reason", _("lý do"), required=True)


def on_release(actor: Actor, record: Release) -> dict[str, Any]:
    """What the lists say of the species, for whoever may know the water; what was found after."""
    found = [] if record.water_id is None else [actions.judged(record)]
    rows = record.checks.filter(withdrawn__isnull=True).order_by("day", "id")
    looks = [
        (
            c,
            None if c.caught is None or not c.hours else c.caught / c.hours,
            None if c.alive is None or not c.looked else share(c.alive, c.looked),
        )
        for c in rows
    ]
    return {"verdict": found[0] if found else None, "looks": looks}


def on_water(actor: Actor, record: Body) -> dict[str, Any]:
    """The releases into the water of which the reader may know where they were."""
    book = release.door(actor)
    rows = (
        book.open(book.rows().filter(water_id=record.pk))
        .filter(door_precise=True)
        .order_by("-planned", "-id")
    )
    return {"releases": [(r, release.url(r)) for r in rows.select_related("taxon")]}


body = Register(
    name="waters.body",
    model=Body,
    label=_("Thuỷ vực"),
    one=_("thuỷ vực"),
    help=_("Mỗi dòng là một sông, suối, hồ, đất ngập nước: ở đâu, quan trọng vì sao, nước dùng vào việc gì."),
    order=("name",),
    settle=settle,
    derive=actions.derive_body,
    fields=(
        Text("name"), Choice("kind"), Shape("geom", _("vị trí"), drawn=("line", "polygon")), Area("area_path"),
        Text("importance"), Text("use"), Number("hectares", asked=False), Number("km", asked=False),
        Text("source", folded=True),
    ),
    show=("name", "kind", "area_path", "hectares", "km"),
    find=("kind", AREA),
    parts=(Part("waters.ground", "water"), Panel("waters/on_water.html", on_water), ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

ground = Register(
    name="waters.ground",
    model=Ground,
    label=_("Bãi đẻ, bãi giống, đoạn bảo vệ"),
    one=_("bãi, đoạn"),
    help=_("Mỗi dòng là một bãi đẻ, bãi giống hoặc đoạn sông được bảo vệ, với các kỳ cấm khai thác."),
    order=("name",),
    settle=settle,
    derive=actions.derive_ground,
    fields=(
        Text("name"), Link("water", to="waters.body", by=("name",)), Choice("kind"),
        Shape("geom", _("vị trí"), drawn=("line", "polygon")), Area("area_path"), Text("species"),
        Text("today", _("hôm nay"), said=closed, asked=False, filed=False), Text("source", folded=True),
    ),
    show=("name", "water", "kind", "area_path", "today"),
    find=("kind", "water", AREA),
    parts=(Part("waters.season", "ground"), ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

season = Register(
    name="waters.season",
    model=Season,
    label=_("Kỳ cấm khai thác thuỷ sản"),
    one=_("kỳ cấm"),
    help=_("Mỗi dòng là một kỳ cấm ở một bãi, theo một văn bản; quy định của Bộ chưa đọc được nên không điền sẵn."),
    order=("-since",),
    fields=(
        Link("ground", to="waters.ground", by=("name",)), Day("since"), Day("until"), Text("basis"), Text("forbids"),
    ),
    show=("ground", "since", "until", "basis"),
    find=("ground", ("when", "since", _("cấm từ"))),
)  # fmt: skip

release = Register(
    name="waters.release",
    model=Release,
    label=_("Thả cá bổ sung"),
    one=_("đợt thả cá"),
    help=_("Mỗi dòng là một lần thả cá vào thuỷ vực: loài được tra danh mục trước khi duyệt, rồi theo dõi sau thả."),
    order=("-planned",),
    settle=actions.settle_releases,
    derive=actions.derive_release,
    fields=(
        Link("water", to="waters.body", by=("name",), filed=False, required=True),
        Species("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi")),
        Count("count", least=1), Number("size_cm", least=0, most=300), Day("planned"), Text("source"),
        Link("facility", to="facilities.facility", by=("name",)), Text("quarantine"),
        File("quarantine_paper", accept=".pdf,image/*"), Money("cost"), Text("attended"), Text("locality", folded=True),
        Shape("geom", _("điểm thả"), drawn=("point",), folded=True), Area("area_path", folded=True),
        Day("day", asked=False), Text("despite", asked=False), Choice("status", asked=False),
    ),
    show=("taxon", "count", "planned", "day", "area_path", "status"),
    find=(
        "status", ("taxon", "taxon", _("loài")), AREA, ("when", "planned", _("dự kiến")), ("done", "day", _("đã thả")),
    ),
    parts=(Panel("waters/on_release.html", on_release), Part("waters.check", "release"), ATTACHMENTS, REMARKS),
    verbs=(
        "create", "edit", "withdraw",
        Verb(
            "approve", _("duyệt loài và số lượng"), {S.PROPOSED: S.APPROVED}, (Text("despite"),), do=actions.approve,
            guard=actions.forbidden,
        ),
        Verb("refuse", _("không duyệt"), {S.PROPOSED: S.REFUSED}, (REASON,), danger=True),
        Verb(
            "carry_out", _("ghi đã thả cá"), {S.APPROVED: S.DONE},
            (Day("on", _("ngày"), today=True, required=True), Text("attended")), do=actions.carry_out,
        ),
    ),
)  # fmt: skip

check = Register(
    name="waters.check",
    model=Check,
    label=_("Kiểm tra sau thả cá"),
    one=_("lần kiểm tra sau thả"),
    help=_("Mỗi dòng là một lần kiểm tra sau thả: lưới bắt được bao nhiêu trong mấy giờ, hoặc còn sống bao nhiêu con."),
    order=("-day",),
    derive=actions.derive_check,
    fields=(
        Link("release", to="waters.release"), Day("day", today=True), Text("method"), Number("hours", least=0),
        Count("caught"), Count("looked"), Count("alive"), Text("note"),
    ),
    show=("day", "method", "caught", "hours", "alive", "looked"),
    find=("release", ("when", "day", _("thời gian"))),
)  # fmt: skip
