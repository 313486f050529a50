"""Inspections, what they counted and found, and the signals that call for one."""

from django.utils.translation import gettext_lazy as _

from baoton.facilities.actions import clocks, visits
from baoton.facilities.models import (
    Counted,
    Entry,
    Finding,
    Inspection,
    Signal,
)
from baoton.facilities.papers import drafts
from baoton.facilities.papers.visits import MINUTE, SINGLE_ORDER
from baoton.facilities.queries import evidence
from baoton.facilities.rules import panels
from baoton.facilities.rules.found import RULES
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Text
from baoton.kit.reading.filters import Standing
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Timer, Verb

V, S = Inspection.Status, Signal.Status

inspection = Register(
    name="facilities.inspection",
    model=Inspection,
    label=_("Kiểm tra cơ sở"),
    one=_("cuộc kiểm tra"),
    help=_("Kiểm tra theo kế hoạch hoặc đột xuất: đếm bên cạnh sổ, ghi tồn tại, theo dõi đến khi khắc phục."),
    order=("-day",),
    derive=visits.derive,
    fields=(
        Link("facility", to="facilities.facility", by=("name",)),
        Link("campaign", to="facilities.campaign", by=("name",), folded=True),
        Choice("kind"),
        Day("day"),
        Text("team"),
        Text("why"),
        Area("area_path", asked=False),
        Choice("status", asked=False),
        Text("checklist", asked=False),
        Text("summary", asked=False),
        Text("number", asked=False),
    ),
    show=("day", "facility", "kind", "area_path", "team", "status"),
    find=(
        "status",
        "kind",
        ("facility", "facility"),
        ("campaign", "campaign"),
        ("when", "day"),
        ("area", "area_path"),
    ),
    parts=(
        Part("facilities.counted", "inspection"),
        Part("facilities.finding", "inspection"),
        Part("facilities.document", "inspection"),
        Panel("facilities/drafts.html", drafts.of_visit),
        Panel("facilities/evidence.html", evidence),
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb("order", _("ra quyết định kiểm tra"), {V.PLANNED: V.PLANNED}, paper=SINGLE_ORDER),
        Verb(
            "reschedule",
            _("dời ngày kiểm tra"),
            {V.PLANNED: V.PLANNED},
            (Day("day", required=True), Text("reason", _("lý do"), required=True)),
            starts=Timer(clocks.VISIT, clocks.none_yet),
        ),
        Verb(
            "start", _("bắt đầu kiểm tra"), {V.PLANNED: V.STARTED}, (Day("day", today=True),), do=visits.start
        ),
        Verb(
            "finish",
            _("kết thúc, lập biên bản"),
            {V.STARTED: V.FINISHED},
            (
                Text("checklist", help=_("Bỏ trống nếu đã ghi từng nội dung ở trang kiểm tra.")),
                Text("summary", required=True),
                Day("due", _("hạn khắc phục chênh lệch")),
            ),
            do=visits.finish,
            guard=visits.uncounted,
            paper=MINUTE,
        ),
        Verb(
            "close_finding",
            _("ghi đã khắc phục"),
            {V.FINISHED: V.FINISHED},
            (
                Link("finding", _("tồn tại"), to="facilities.finding", required=True),
                Day("closed_on", _("khắc phục ngày"), today=True),
                Text("how", _("đã khắc phục thế nào"), required=True),
            ),
            do=visits.close_finding,
        ),
    ),
)

counted = Register(
    name="facilities.counted",
    model=Counted,
    label=_("Số đếm khi kiểm tra"),
    one=_("số đếm"),
    fields=(
        Link("inspection", to="facilities.inspection", asked=False),
        Link("stock", to="facilities.stock", asked=False),
        Choice("kind", among=Entry.KINDS, asked=False),
        Count("balance", least=None, asked=False),
        Count("counted"),
    ),
    show=("stock", "kind", "balance", "counted"),
    find=(("inspection", "inspection"),),
    derive=visits.derive_counted,
    verbs=("edit",),
)

finding = Register(
    name="facilities.finding",
    model=Finding,
    label=_("Tồn tại phải khắc phục"),
    one=_("tồn tại"),
    order=("due",),
    fields=(
        Link("inspection", to="facilities.inspection"),
        Text("what"),
        Day("found", asked=False),
        Day("due"),
        Choice("status", asked=False),
        Day("closed_on", asked=False),
        Text("how", asked=False),
        Area("area_path", asked=False),
    ),
    show=("what", "inspection", "due", "status", "closed_on"),
    find=(
        "status",
        ("inspection", "inspection"),
        "due",
        ("closed", "closed_on"),
        Standing("open", _("chưa khắc phục ngày"), column="found", until="closed_on"),
        ("area", "area_path"),
    ),
    derive=visits.derive_finding,
    verbs=(
        "create",
        "edit",
        Verb(
            "extend",
            _("gia hạn khắc phục"),
            {Finding.Status.OPEN: Finding.Status.OPEN},
            (Day("due", required=True), Text("reason", _("lý do"), required=True)),
            starts=Timer(clocks.MEND, clocks.none_yet),
        ),
        Verb(
            "close",
            _("ghi đã khắc phục"),
            {Finding.Status.OPEN: Finding.Status.CLOSED},
            (Day("closed_on", today=True), Text("how", required=True)),
            do=visits.close,
        ),
    ),
)

signal = Register(
    name="facilities.signal",
    model=Signal,
    label=_("Dấu hiệu trong sổ"),
    one=_("dấu hiệu"),
    help=_("Điều mà một lịch sử trung thực khó giải thích: lý do để xem, không phải kết luận vi phạm."),
    order=("-found",),
    fields=(
        Link("stock", to="facilities.stock"),
        Choice("rule", among=RULES),
        Text("words"),
        Count("score"),
        Day("found"),
        Choice("status"),
        Text("answer"),
    ),
    show=("rule", "words", "answer", "stock", "found", "status"),
    find=("status", ("rule", "rule"), ("stock", "stock"), ("when", "found")),
    parts=(Panel("facilities/signal.html", panels.behind),),
    verbs=(
        Verb(
            "answer",
            _("giải thích"),
            {S.OPEN: S.ANSWERED, S.ANSWERED: S.ANSWERED},
            (Text("answer", required=True),),
        ),
        Verb(
            "look",
            _("đưa vào kiểm tra đột xuất"),
            {S.OPEN: S.LOOKED, S.ANSWERED: S.LOOKED},
            (Day("day", _("ngày kiểm tra"), required=True), Text("team", _("đoàn kiểm tra"))),
            do=visits.from_signal,
        ),
    ),
)
