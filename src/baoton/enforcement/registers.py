"""The books of cases: the case, its acts, persons, goods, tools, and the facts its tables ask for."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.enforcement import actions, lending, papers, power, queries
from baoton.enforcement.models import Act, BoundFile, Case, Circumstances, Item, Paper, Person, Tool
from baoton.enforcement.models.circumstances import FACTS
from baoton.enforcement.queries import hour_of, one_spelling
from baoton.files.queries import ATTACHMENTS
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Money, Number, Shape, Text, YesNo
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.reading.retold import ours
from baoton.kit.writing.serial import Serial
from baoton.kit.writing.verb import Timer, Verb
from baoton.patrols.disclosure import settle
from baoton.remarks.queries import REMARKS
from baoton.taxa.queries import match
from baoton.tips.models import Tip

S = Case.Status
HOUR = _("Như 14:30; không biết thì để trống.")
ON = Day("on", _("ngày"), today=True, required=True)
REASON = Text("reason", _("lý do"), required=True)


def derive_case(record: Case) -> None:
    """A case has a number and knows where it comes from, and its act is not to come."""
    today = timezone.localdate()
    if record.day is not None and record.day > today:
        raise ValidationError({"day": now("Ngày xảy ra hành vi chưa tới.")})
    if record.tip_id and record.source == Case.Source.OTHER:
        record.source = Case.Source.TIP
    if record.patrol_id and record.source == Case.Source.OTHER:
        record.source = Case.Source.PATROL
    if record.patrol_id and not record.tip_id and record._state.adding:
        sent = Tip.objects.filter(patrol=record.patrol_id, withdrawn__isnull=True).values_list(
            "pk", flat=True
        )
        record.tip_id = sent[0] if len(sent[:2]) == 1 else None
    record.hour = hour_of(record.hour)
    if not record.code:
        record.code = f"VV-{today:%Y}-{record.pk.hex[-8:]}"


def derive_act(record: Act) -> None:
    follow(record)
    record.hour = hour_of(record.hour)


def derive_person(record: Person) -> None:
    """It follows its case; the number somebody is known by is kept in one spelling, so that he is found again."""
    follow(record)
    record.identity = one_spelling(record.identity)
    if record.born is not None and not 1900 <= record.born <= timezone.localdate().year:
        raise ValidationError({"born": now("Năm sinh từ 1900 đến năm nay.")})


def derive_tool(record: Tool) -> None:
    follow(record)
    record.mark = one_spelling(record.mark)


def follow(record: Any) -> None:
    """A row of a case belongs to the body and lies in the commune of its case."""
    case = Case.objects.filter(pk=record.case_id).values("organisation", "area_path").first()
    if case is not None:
        record.organisation, record.area_path = case["organisation"], case["area_path"]


def derive_item(record: Item) -> None:
    """It follows its case; a written name that is clear is a species, and a species of animals is an animal."""
    follow(record)
    record.mark = one_spelling(record.mark)
    if record.taxon_id is None and record.name.strip():
        record.taxon_id = match([record.name], record.organisation)[0].taxon_id
    if not record.kind and record.taxon is not None and record.taxon.kingdom == "Animalia":
        record.kind = "animal"


AT_WORK = actions.AT_WORK
STEPS = (
    Verb("check", _("xác minh"), {S.OPENED: S.CHECKING}),
    Verb("clear", _("kết luận không vi phạm"), {S.OPENED: S.CLEAN, S.CHECKING: S.CLEAN}, (REASON,)),
    Verb("minute", _("lập biên bản"), {S.OPENED: S.MINUTED, S.CHECKING: S.MINUTED}, (ON,), do=actions.minute,
         paper=papers.Issue(Paper.Kind.MINUTE, "minuted"),
         starts=Timer(actions.DECIDING, actions.days_of("enforcement.decision_days"))),
    Verb("name_office", _("ghi chức danh quyết định tạm giữ"), {s: s for s in AT_WORK},
         (ON, Choice("seizing_office", required=True)), do=power.name_office),
    Verb("extend", _("kéo dài thời hạn (vụ phức tạp)"), {S.MINUTED: S.MINUTED, S.HEARING: S.HEARING}, (ON, REASON),
         do=actions.extend),
    Verb("ask_hearing", _("ghi yêu cầu giải trình"), {S.MINUTED: S.HEARING}, (ON,), do=actions.on_a_day,
         starts=Timer(actions.SESSION, actions.days_of("enforcement.hearing_session_days"))),
    Verb("hear", _("ghi kết quả giải trình"), {S.MINUTED: S.MINUTED, S.HEARING: S.MINUTED},
         (ON, Text("hearing_note", required=True)), do=actions.heard, stops=actions.SESSION),
    Verb("decide", _("ra quyết định"), {S.MINUTED: S.DECIDED},
         (ON, Choice("office", required=True), Text("signer", _("họ tên người ký"), required=True),
          Choice("instrument", _("văn bản áp dụng"), among=actions.instruments, required=True),
          Money("fine", _("tiền phạt (đồng)")), YesNo("confiscates", _("tịch thu tang vật"))),
         do=actions.decide, guard=actions.not_decidable, stops=actions.DECIDING,
         number=Serial("QĐ-XPHC", "{n:02d}/{kind}"), paper=papers.Issue(Paper.Kind.DECISION, "decided")),
    Verb("serve", _("giao quyết định"), {S.DECIDED: S.SERVED}, (ON,), do=actions.serve),
    Verb("pay", _("ghi nộp tiền phạt"), dict.fromkeys((S.SERVED, S.APPEALED, S.ENFORCED), S.PAID),
         (ON, Money("amount", _("số tiền nộp (đồng)"), least=1, required=True)), do=actions.pay,
         guard=actions.no_fine),
    Verb("appeal", _("ghi khiếu nại"), {S.SERVED: S.APPEALED}, (REASON,)),
    Verb("answer_appeal", _("ghi kết quả giải quyết khiếu nại"), {S.APPEALED: S.SERVED},
         (Text("outcome", required=True),)),
    Verb("enforce", _("cưỡng chế thi hành"), {S.SERVED: S.ENFORCED}, (REASON,), guard=actions.no_fine, danger=True),
    Verb("find_crime", _("ghi có dấu hiệu tội phạm"), {s: s for s in AT_WORK}, (ON, REASON, YesNo("remote")),
         do=actions.on_a_day, starts=Timer(actions.SENDING, actions.days_to_send)),
    Verb("transfer", _("chuyển cơ quan điều tra"), dict.fromkeys(AT_WORK, S.TRANSFERRED),
         (ON, Text("sent_to", _("chuyển đến"), required=True), REASON), do=actions.send, stops=actions.SENDING,
         paper=papers.Issue(Paper.Kind.TRANSFER, "sent")),
    Verb("accept", _("ghi cơ quan điều tra đã nhận"), {S.TRANSFERRED: S.ACCEPTED}, (ON,), do=actions.on_a_day),
    Verb("come_back", _("ghi hồ sơ bị trả lại"), dict.fromkeys((S.TRANSFERRED, S.ACCEPTED), S.CHECKING), (ON, REASON),
         do=actions.come_back),
    Verb("judge", _("ghi kết quả xét xử"), {S.ACCEPTED: S.JUDGED}, (Text("outcome", required=True),)),
    Verb("suspend", pgettext_lazy("việc làm", "tạm dừng"),
         dict.fromkeys((*AT_WORK, S.TRANSFERRED, S.ACCEPTED), S.SUSPENDED), (REASON,), do=actions.suspend),
    Verb("resume", _("làm tiếp"), {S.SUSPENDED: S.CHECKING}, (REASON,), do=actions.resume),
    Verb("close", _("kết thúc"), dict.fromkeys((S.CLEAN, S.SERVED, S.PAID, S.ENFORCED, S.JUDGED), S.CLOSED),
         (REASON,), guard=actions.still_owed),
)  # fmt: skip


class OfOwnCase(lending.OfOwn):
    """Cases of one's own body."""


CASE = OfOwnCase("case", to="enforcement.case", by=("code",))
BY_CASE = ("case", "case")

case = Register(
    name="enforcement.case",
    model=Case,
    label=_("Vụ việc vi phạm"),
    one=_("vụ việc"),
    help=_(
        "Mỗi dòng là một vụ việc. Cơ quan giữ vụ việc xem được; cơ quan khác xem đúng phần được chia sẻ."
        " Con số của kế hoạch đếm mọi vụ việc của tỉnh, nên mở từ đó có thể thấy ít dòng hơn hoặc không dòng nào."
    ),
    order=("-id",),
    settle=settle,
    derive=derive_case,
    fields=(
        Text("title"), Day("day"), Text("hour", help=HOUR), Day("opened", today=True), Choice("source"),
        Link("tip", to="tips.tip", by=("code",), folded=True),
        Link("patrol", to="patrols.patrol", by=("code",), folded=True),
        Link("operation", to="together.operation", by=("title",), folded=True), Text("investigator", folded=True),
        Area("area_path"), Text("locality"), Shape("geom", folded=True),
        Text("code", folded=True, help=_("Để trống: hệ thống tự đặt.")),
        Choice("status", asked=False), Day("minuted", asked=False), Day("heard", asked=False),
        Text("hearing_note", asked=False), Day("decided", asked=False), Text("number", asked=False),
        Choice("seizing_office", asked=False),
        Choice("office", asked=False), Text("instrument", asked=False), Money("fine", asked=False),
        YesNo("confiscates", asked=False), Text("unread", said=ours("unread"), asked=False), Day("served", asked=False),
        Money("paid", asked=False), Day("paid_on", asked=False), Text("sent_to", asked=False),
        Day("sent", asked=False), Text("outcome", asked=False),
    ),
    show=("code", "title", "day", "area_path", "status"),
    find=(
        "status", "source", "operation", ("area", "area_path"), ("when", "day", _("ngày xảy ra hành vi")),
        ("opened", "opened"), ("decided", "decided"), ("sent", "sent"), ("paid", "paid_on"),
    ),
    parts=(
        Panel("enforcement/again.html", queries.again), Panel("enforcement/power.html", power.told),
        Part("enforcement.act", "case"), Part("enforcement.person", "case"), Part("enforcement.item", "case"),
        Part("enforcement.tool", "case"), Part("enforcement.circumstances", "case"), lending.LENT,
        Part("enforcement.paper", "case"), Part("enforcement.bound", "case"), ATTACHMENTS, REMARKS,
    ),
    verbs=(
        "create", "edit", "withdraw",
        *STEPS,
        Verb("paper", _("lập văn bản"),
             asks=(Choice("kind", _("loại văn bản"), among=papers.by_hand, required=True),), do=papers.by_hand_of),
    ),
)  # fmt: skip

act = Register(
    name="enforcement.act", model=Act, label=_("Hành vi"), one=_("hành vi"), derive=derive_act,
    fields=(CASE, Choice("act"), Text("hour", help=HOUR), Text("note")),
    show=("case", "act", "note"), find=(BY_CASE, "act"),
)  # fmt: skip
person = Register(
    name="enforcement.person", model=Person, label=_("Người trong vụ việc"), one=_("người"), derive=derive_person,
    fields=(
        CASE, Choice("role"), Choice("kind"), Text("name", filed=False), Text("identity", personal=True, filed=False),
        Count("born", personal=True, filed=False), Text("address", personal=True, filed=False),
        Text("note", filed=False),
    ),
    show=("case", "role", "kind", "name"), find=(BY_CASE, "role"), parts=(ATTACHMENTS,),
)  # fmt: skip
item = Register(
    name="enforcement.item", model=Item, label=_("Tang vật"), one=_("tang vật"), derive=derive_item,
    fields=(
        CASE, Text("name"), Link("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi")), Choice("kind"),
        Choice("state"), Text("mark"), Count("number"), Number("kg"), Number("wood_m3"), Money("value"),
        Text("valued_by"), Choice("origin"), Link("lot", to="custody.lot", by=("number",)),
        Choice("sort", folded=True), Choice("group", folded=True),
        Link("facility", to="facilities.facility", by=("name",), folded=True), Text("note", folded=True),
    ),
    show=("case", "name", "taxon", "kind", "number", "value"), find=(BY_CASE, "kind"), parts=(ATTACHMENTS,),
    verbs=(
        "create", "edit", "withdraw",
        Verb("seize", _("thu giữ, lập chuỗi tang vật"),
             asks=(ON, Text("place", _("nơi bảo quản")), Text("seal", _("số niêm phong"))),
             do=actions.seize, guard=actions.in_custody),
    ),
)  # fmt: skip
tool = Register(
    name="enforcement.tool", model=Tool, label=_("Công cụ, phương tiện"), one=_("công cụ, phương tiện"),
    derive=derive_tool,
    fields=(CASE, Choice("kind"), Text("name"), Text("mark"), Count("number", least=1), Money("value"), Text("note")),
    show=("case", "kind", "name", "number", "value"), find=(BY_CASE, "kind"), parts=(ATTACHMENTS,),
)  # fmt: skip
KINDS = {
    "area_m2": Number,
    "damage": Money,
    "gain": Money,
    "vehicle_value": Money,
    "tools": Count,
    "fire_level": Count,
    "ended": Day,
}


def _kind(name: str) -> Any:
    if name in KINDS:
        return KINDS[name](name)
    return Choice(name) if getattr(Circumstances._meta.get_field(name), "choices", None) else YesNo(name)


circumstances = Register(
    name="enforcement.circumstances", model=Circumstances, label=_("Dữ kiện để đối chiếu"),
    one=_("dữ kiện để đối chiếu"),
    help=_("Những điều bảng quyết định hỏi về vụ việc. Để trống là chưa biết, không bị coi là “không”."),
    derive=follow, fields=(CASE, *(_kind(name) for name in FACTS)), show=("case", "offender", "forest", "previous"),
    find=(BY_CASE,),
)  # fmt: skip
bound = Register(
    name="enforcement.bound", model=BoundFile, label=_("Hồ sơ đóng quyển"), one=_("hồ sơ đóng quyển"),
    help=_("Mỗi dòng là một tệp PDF của cả vụ việc, lập ở một tình trạng của nó."),
    fields=(
        Link("case", to="enforcement.case", by=("code",), asked=False), Text("made", asked=False),
        Text("maker", asked=False),
        Count("parts", asked=False), Text("sha256", asked=False), Text("head", asked=False),
    ),
    show=("case", "made", "maker", "parts"), find=(BY_CASE,), verbs=("create",),
)  # fmt: skip
paper = Register(
    name="enforcement.paper", model=Paper, label=_("Văn bản của vụ việc"), one=_("văn bản"),
    help=_("Mỗi dòng là một văn bản đã lập: tệp giữ nguyên theo mã băm. Có tên người nên ít người được xem."),
    fields=(CASE, Choice("kind"), Text("number"), Day("day"), Text("paper")),
    show=("case", "kind", "number", "day"), find=(BY_CASE, "kind", ("when", "day")), verbs=(),
)  # fmt: skip
grant = lending.grant
