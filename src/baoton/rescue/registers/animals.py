"""Animals, the lines of their care, and the documents issued about them."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.facilities.models import Facility
from baoton.files.actions import keeping
from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, Files, Link, Money, Shape, Text
from baoton.kit.reading.filters import Flag, Standing
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.reading.retold import ours
from baoton.kit.writing.verb import Timer, Verb
from baoton.plan.queries import task_choices
from baoton.remarks.queries import REMARKS
from baoton.rescue import papers, views
from baoton.rescue.actions import care, clocks, life
from baoton.rescue.disclosure import settle
from baoton.rescue.models import HERE, Animal, Care, Paper, Release

S = Animal.Status
REASON = Text("reason", _("lý do"), required=True)
AREA = ("area", "area_path")
HELD: dict[str, str] = {s.value: s.value for s in HERE}
DAY = Day("day", _("ngày"), today=True, required=True)
ON = Day("on", _("ngày"), today=True, required=True)
COST = Money(
    "cost",
    _("chi phí (đồng)"),
    most=care.DEAREST,
    help=_("Để trống nếu chưa biết; không tốn tiền thì ghi 0."),
)
BY = Text("by", _("người làm"), most=200)
WEIGHT = Count("weight_g", _("cân nặng (g)"), least=1, most=6_000_000)
WAYS = (
    (S.SCIENCE, _("chuyển nghiên cứu khoa học")),
    (S.MUSEUM, _("chuyển bảo tàng")),
    (S.DESTROYED, _("tiêu huỷ")),
)
COMPETENT = Text("decided_by", _("cơ quan quyết định"), required=True)


class Keeping(Link):
    """Facilities; a form offers those that rescue first, and none that is closed."""

    def offered(self, actor: Actor) -> Any:
        return self.rows(actor).exclude(status=Facility.Status.CLOSED).order_by("-kind", "name")


class ToGo(Link):
    """Releases; a form offers those still planned."""

    def offered(self, actor: Actor) -> Any:
        return self.rows(actor).filter(status=Release.Status.PLANNED).order_by("planned")


def cares(name: str, label: Any, *asks: Any) -> Verb:
    """A verb that writes one line into the care of an animal."""
    return Verb(name, label, asks=(DAY, *asks, BY), do=care.line(name), guard=care.not_here)


animal = Register(
    name="rescue.animal",
    model=Animal,
    label=_("Động vật cứu hộ"),
    one=_("con vật"),
    help=_(
        "Mỗi dòng là một con vật lạc, bị thương, giao nộp hoặc bị thu giữ: từ lúc được báo đến khi thả, trả, chuyển "
        "hoặc chết."
    ),
    order=("-told_on",),
    settle=settle,
    derive=life.derive,
    fields=(
        Text("written", help=_("Ghi đúng như người báo gọi; tên rõ nghĩa được đối chiếu với danh lục.")),
        Choice("source"),
        Day("told_on", today=True),
        Area("area_path", required=True),
        Files("photos", _("ảnh"), keep=keeping(), accept="image/*"),
        Text("locality"),
        Shape("geom", _("nơi tìm thấy"), folded=True),
        Day("found_on", folded=True),
        Text("brought_by", personal=True, filed=False),
        Text("phone", personal=True, filed=False),
        Choice("sex", folded=True),
        Choice("age", folded=True),
        Text("marks", folded=True),
        Link("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi"), folded=True),
        Link("tip", to="tips.tip", by=("code",), folded=True),
        Link("lot", to="custody.lot", by=("number",), folded=True),
        Link("case", to="enforcement.case", by=("code",), folded=True),
        Text("reference", folded=True),
        Link("former", to="rescue.animal", by=("code",), folded=True),
        Text("note", folded=True),
        Choice("task", among=task_choices, filed=False, folded=True),
        Text("code", folded=True, help=_("Để trống: hệ thống tự đặt.")),
        Choice("taxon_group", asked=False),
        Choice("status", asked=False),
        Choice("health", asked=False),
        Day("received_on", asked=False),
        Text("receiver", asked=False),
        Day("noticed_on", asked=False),
        Day("checked_on", asked=False),
        Text("checked_by", asked=False),
        Link("facility", to="facilities.facility", by=("name",), asked=False),
        Day("quarantine_until", asked=False),
        Day("quarantine_ended", asked=False),
        Text("decided_by", asked=False),
        Text("decision", asked=False),
        Link("release", to="rescue.release", by=("code",), asked=False),
        Day("released_on", asked=False),
        Choice("after", asked=False),
        Day("after_on", asked=False),
        Day("died_on", asked=False),
        Text("cause", said=ours("cause"), asked=False),
        Day("ended", asked=False),
        Text("ended_how", asked=False),
    ),
    show=("code", "written", "taxon", "source", "told_on", "area_path", "status"),
    find=(
        "status",
        ("group", "taxon_group"),
        "source",
        ("taxon", "taxon", _("loài")),
        "facility",
        "release",
        "tip",
        "lot",
        "case",
        AREA,
        ("when", "told_on", _("được báo")),
        ("received", "received_on", _("tiếp nhận")),
        ("released", "released_on", _("thả")),
        ("died", "died_on", _("chết")),
        Standing("kept", _("đang nuôi giữ ngày"), column="received_on", until="ended"),
        "after",
    ),
    parts=(
        Panel("rescue/on_animal.html", views.on_animal),
        Part("rescue.care", "book"),
        Part("rescue.sighting", "animal"),
        Part("rescue.paper", "animal"),
        ATTACHMENTS,
        REMARKS,
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "receive",
            _("tiếp nhận"),
            {S.TOLD: S.RECEIVED},
            (
                Day("received_on", today=True, required=True),
                Choice("health", required=True),
                Text("receiver", required=True),
            ),
            do=life.receive,
            starts=Timer(clocks.RECEIVE, clocks.none_yet),
            paper=papers.HANDOVER_FILED,
        ),
        Verb(
            "notify",
            _("thông báo tìm chủ"),
            {S.RECEIVED: S.RECEIVED},
            (Day("noticed_on", today=True, required=True),),
            do=life.notify,
            guard=life.no_owner_to_seek,
            paper=papers.NOTICE_FILED,
        ),
        Verb(
            "identify",
            _("xác định loài"),
            {s.value: s.value for s in (S.TOLD, *HERE, S.DEAD)},
            (
                Link("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi"), required=True),
                Text("checked_by", required=True),
                Day("checked_on", today=True),
                Choice("sex"),
                Choice("age"),
            ),
            do=life.identify,
        ),
        Verb(
            "quarantine",
            _("đưa vào cách ly"),
            {S.RECEIVED: S.RECEIVED, S.KEEPING: S.KEEPING, S.READY: S.KEEPING},
            (Day("quarantine_until", required=True), REASON),
            do=life.quarantine,
        ),
        Verb(
            "clear",
            _("ghi hết cách ly"),
            HELD,
            (Day("quarantine_ended", today=True), Text("reason", _("kết quả khám"), required=True)),
            do=life.clear,
            guard=life.no_quarantine,
        ),
        Verb(
            "admit",
            _("đưa vào cơ sở cứu hộ"),
            dict.fromkeys(HERE, S.KEEPING),
            (
                Keeping("facility", to="facilities.facility", by=("name",), required=True),
                Choice("health", required=True),
                Text("decided_by"),
                Text("decision"),
                REASON,
            ),
            do=life.admit,
        ),
        Verb(
            "decide_release",
            _("quyết định thả"),
            {S.RECEIVED: S.READY, S.KEEPING: S.READY},
            (COMPETENT, Text("decision", required=True)),
            guard=life.not_fit,
        ),
        Verb(
            "join",
            _("đưa vào đợt thả"),
            asks=(ToGo("release", to="rescue.release", by=("code",), required=True),),
            do=life.join,
            guard=life.not_to_join,
        ),
        Verb(
            "part", _("rút khỏi đợt thả"), {S.READY: S.READY}, (REASON,), do=life.part, guard=life.not_joined
        ),
        Verb("release", _("ghi đã thả"), guard=life.by_its_release),
        cares("food", _("cho ăn"), Text("what", _("cho ăn gì"), most=300, required=True), COST),
        cares(
            "treatment", _("khám, điều trị"), Text("what", _("khám, chữa gì"), most=300, required=True), COST
        ),
        cares(
            "weight", _("cân"), Count("weight_g", _("cân nặng (g)"), least=1, most=6_000_000, required=True)
        ),
        cares(
            "check",
            _("theo dõi, phục hồi"),
            Text("what", _("thấy gì"), most=300, required=True),
            Choice("health"),
        ),
        Verb(
            "other",
            _("chi phí khác"),
            asks=(
                DAY,
                Text("what", _("chi cho việc gì"), most=300, required=True),
                Money("cost", _("chi phí (đồng)"), least=1, most=care.DEAREST, required=True),
                BY,
            ),
            do=care.line("other"),
            guard=care.never_here,
        ),
        Verb(
            "die",
            _("ghi chết"),
            dict.fromkeys(HERE, S.DEAD),
            (Day("died_on", _("ngày chết"), today=True, required=True), Text("cause", required=True)),
            do=life.die,
            danger=True,
        ),
        Verb(
            "dispose",
            _("xử lý xác"),
            {S.DEAD: S.DEAD},
            (
                Choice("way", _("cách xử lý"), among=WAYS, required=True),
                COMPETENT,
                Text("ended_how", required=True),
            ),
            do=life.dispose,
            paper=papers.REMAINS_FILED,
        ),
        Verb(
            "give_back",
            _("trả chủ nuôi hợp pháp"),
            {S.RECEIVED: S.RETURNED, S.KEEPING: S.RETURNED},
            (ON, Text("ended_how", _("chủ nuôi, giấy tờ nguồn gốc"), required=True)),
            do=life.leaves("give_back"),
        ),
        Verb(
            "transfer",
            _("chuyển cơ sở khác"),
            dict.fromkeys(HERE, S.TRANSFERRED),
            (ON, COMPETENT, Text("ended_how", _("cơ sở nhận, giấy tờ"), required=True)),
            do=life.leaves("transfer"),
        ),
        Verb(
            "lose",
            _("ghi thoát, mất"),
            dict.fromkeys(HERE, S.ESCAPED),
            (ON, REASON),
            do=life.leaves("lose"),
            danger=True,
        ),
        Verb("mistaken", _("ghi báo nhầm"), {S.TOLD: S.MISTAKEN}, (REASON,), do=life.mistaken, danger=True),
    ),
)

care_line = Register(
    name="rescue.care",
    model=Care,
    label=_("Sổ chăm sóc"),
    one=_("dòng chăm sóc"),
    help=_("Dòng chăm sóc chỉ thêm, không sửa; ghi nhầm thì đảo bằng một dòng mới có lý do."),
    order=("-day",),
    fields=(
        Link("book", to="rescue.animal", by=("code",)),
        Day("day"),
        Choice("kind", _("việc chăm sóc"), among=Care.KINDS),
        Text("what"),
        Count("weight_g", asked=False),
        Money("cost", least=None, asked=False),
        Text("by"),
        Text("note"),
        Area("area_path", asked=False),
    ),
    show=("day", "kind", "what", "weight_g", "cost", "by"),
    find=(
        ("book", "book"),
        "kind",
        ("when", "day"),
        AREA,
        Flag("costed", _("chi phí"), Q(cost__isnull=False), _("đã ghi chi phí"), _("chưa ghi chi phí")),
    ),
    verbs=(Verb("reverse", _("đảo dòng ghi nhầm"), asks=(REASON,), do=care.reverse, danger=True),),
)

paper = Register(
    name="rescue.paper",
    model=Paper,
    label=_("Văn bản cứu hộ đã phát hành"),
    one=_("văn bản"),
    help=_(
        "Mỗi dòng là một văn bản đã phát hành: tệp giữ nguyên theo mã băm. Có tên người giao nên ít người được xem."
    ),
    order=("-day",),
    fields=(
        Choice("kind"),
        Text("number"),
        Day("day"),
        Link("animal", to="rescue.animal", by=("code",)),
        Text("paper"),
        Area("area_path"),
    ),
    show=("kind", "number", "day", "animal"),
    find=("kind", ("when", "day"), ("animal", "animal"), AREA),
    verbs=(),
)
