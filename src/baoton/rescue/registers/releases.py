"""Releases with their checklist, programmes of several releases, and what is seen of animals after."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from baoton.files.actions import keeping
from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, Files, Link, Shape, Text
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Verb
from baoton.plan.queries import task_choices
from baoton.remarks.queries import REMARKS
from baoton.rescue import papers, views
from baoton.rescue.actions import releases
from baoton.rescue.disclosure import settle
from baoton.rescue.models import Animal, Point, Programme, Release, Sighting

S = Animal.Status
REASON = Text("reason", _("lý do"), required=True)
AREA = ("area", "area_path")
ON = Day("on", _("ngày"), today=True, required=True)


class Let(Link):
    """Animals; a form offers those that were let go."""

    def offered(self, actor: Actor) -> Any:
        return self.rows(actor).filter(status=S.RELEASED).order_by("-released_on", "code")


programme = Register(
    name="rescue.programme",
    model=Programme,
    label=_("Chương trình tái thả"),
    one=_("chương trình"),
    help=_("Mỗi dòng là một chương trình tái thả một loài: nhiều đợt thả, mục tiêu và tiến độ."),
    order=("-since",),
    fields=(
        Text("name"),
        Link("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi")),
        Area("area_path", required=True),
        Day("since", today=True),
        Day("until"),
        Count("target_animals"),
        Count("target_releases"),
        Count("target_days", least=1),
        Count("target_share", least=1, most=100),
        Text("objective"),
        Choice("status", asked=False),
    ),
    show=("name", "taxon", "since", "target_animals", "target_releases", "status"),
    find=("status", ("taxon", "taxon", _("loài")), ("when", "since"), AREA),
    parts=(
        Panel("rescue/on_programme.html", views.on_programme),
        Part("rescue.release", "programme"),
        ATTACHMENTS,
        REMARKS,
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb("stop", _("dừng chương trình"), {"open": "stopped"}, (REASON,), danger=True),
        Verb("finish", _("kết thúc chương trình"), {"open": "done"}, (REASON,)),
        Verb("reopen", _("mở lại"), {"stopped": "open", "done": "open"}, (REASON,)),
    ),
)

release = Register(
    name="rescue.release",
    model=Release,
    label=_("Đợt thả"),
    one=_("đợt thả"),
    help=_(
        "Mỗi dòng là một lần thả: phương án, danh mục kiểm tra, các con vật, và những gì biết được sau đó."
    ),
    order=("-planned",),
    settle=settle,
    derive=releases.derive_release,
    fields=(
        Text("code", folded=True, help=_("Để trống: hệ thống tự đặt.")),
        Link("programme", to="rescue.programme", by=("name",)),
        Day("planned"),
        Area("area_path"),
        Text("locality"),
        Shape("geom", _("nơi thả"), drawn=("polygon",)),
        Text("method"),
        Text("forest_owner"),
        Text("decided_by"),
        Text("decision"),
        Text("team", folded=True),
        Text("monitoring", folded=True),
        Count("stop_days", least=1, folded=True),
        Count("stop_share", least=1, most=100, folded=True),
        Choice("task", among=task_choices, filed=False, folded=True),
        Day("day", asked=False),
        Text("report", asked=False),
        Text("number", asked=False),
        Choice("status", asked=False),
    ),
    show=("code", "programme", "planned", "day", "area_path", "status"),
    find=("status", "programme", AREA, ("when", "planned", _("dự kiến")), ("released", "day", _("đã thả"))),
    parts=(
        Panel("rescue/on_release.html", views.on_release),
        Part("rescue.point", "release"),
        Part("rescue.animal", "release"),
        ATTACHMENTS,
        REMARKS,
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "carry_out",
            _("ghi đã thả"),
            {Release.Status.PLANNED: Release.Status.DONE},
            (
                ON,
                Text("report", _("kết quả"), required=True),
                Text("reason", _("vì sao vẫn thả khi còn nội dung chưa đạt")),
            ),
            do=releases.carry_out,
            guard=releases.not_ready,
            paper=papers.RELEASE_MINUTE,
        ),
        Verb(
            "cancel",
            _("không thả nữa"),
            {Release.Status.PLANNED: Release.Status.CANCELLED},
            (REASON,),
            do=releases.cancel,
            danger=True,
        ),
    ),
)

point = Register(
    name="rescue.point",
    model=Point,
    label=_("Danh mục kiểm tra trước khi thả"),
    one=_("nội dung kiểm tra"),
    help=_("Theo hướng dẫn tái thả của IUCN; nội dung chưa đạt hoặc không áp dụng phải ghi lý do."),
    order=("position",),
    derive=releases.answered,
    fields=(
        Link("release", to="rescue.release", by=("code",), asked=False),
        Choice("topic", asked=False),
        Choice("state"),
        Text("why"),
        Area("area_path", asked=False),
    ),
    show=("topic", "state", "why"),
    find=(("release", "release"), "state"),
    verbs=("edit",),
)

sighting = Register(
    name="rescue.sighting",
    model=Sighting,
    label=_("Theo dõi sau thả"),
    one=_("lần ghi nhận"),
    help=_("Mỗi dòng là một lần biết được con vật đã thả ở đâu, còn sống hay đã chết."),
    order=("-day",),
    settle=settle,
    derive=releases.derive_sighting,
    fields=(
        Let("animal", to="rescue.animal", by=("code",)),
        Day("day", today=True),
        Choice("kind"),
        Files("photos", _("ảnh"), keep=keeping(), accept="image/*"),
        Shape("geom"),
        Area("area_path"),
        Text("locality"),
        Text("note", folded=True),
    ),
    show=("animal", "day", "kind", "area_path"),
    find=("animal", "kind", AREA, ("when", "day")),
    parts=(ATTACHMENTS,),
    verbs=("create", "edit", "withdraw", "import"),
)
