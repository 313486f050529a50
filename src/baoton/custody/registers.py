"""The books of custody: lots, the steps of their chains, and what is offered and waits for a signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baoton.custody.actions import hands, lots
from baoton.custody.actions.chain import K
from baoton.custody.models import ANIMALS, Lot, Offer, Step
from baoton.custody.views import on_lot
from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, File, Link, Number, Text
from baoton.kit.reading.filters import Flag, Search
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.reading.retold import ours
from baoton.kit.writing.verb import Timer, Verb
from baoton.people.models import Person
from baoton.people.queries import organisation_choices

S, O = Lot.Status, Offer.Status
HELD: dict[str, str] = {S.HELD.value: S.HELD.value}
WHEN = Day("when", _("ngày"), today=True)
TIME = Text("time", _("giờ"), most=5, help=_("Như 14:30; để trống là bây giờ."))
STATE = Text("state", _("tình trạng"), most=500)
REASON = Text("reason", _("lý do"), most=500, required=True)
PAPER = Text("reason", _("biên bản, quyết định số"), most=500, required=True)
PICTURE = File("picture", _("ảnh"), accept="image/*")
PIECES = Count("pieces", _("số lượng"), least=1)


@dataclass(frozen=True, eq=False)
class Exact(Number):
    """A weight or volume kept to the gram; files hold the number that reads the same."""

    path = ""  # only the record as an object tells it

    def value(self, record: Any) -> float | None:
        told = getattr(record, self.name)
        return None if told is None else float(told)


KG = Number("n_kg", _("khối lượng (kg)"), least=0)
M3 = Number("n_m3", _("thể tích (m³)"), least=0)
OTHER = Text("other", _("số của lô nhập vào"), most=120, required=True)
TERM = Timer(lots.LIMIT, lots.none_yet)


def named(text: str) -> Q:
    """Lots whose number or origin begins so: both are indexed."""
    return Q(number__istartswith=text) | Q(origin__istartswith=text)


class LotBook(Register):
    """A book whose new rows belong to the body of who seizes and are held by him."""

    def judge(self, actor: Actor, record: Any, old: Mapping[str, Any] | None) -> None:
        if old is not None:
            return
        if not record.organisation:
            raise ValidationError(gettext("Tài khoản chưa thuộc cơ quan nào, không lập được hồ sơ tang vật."))
        record.holder, record.holder_name, record.signer = actor.actor_id, str(actor.actor_name), actor


def signers() -> list[tuple[str, str]]:
    """People of the offices, each with his body: whom an offer may name."""
    rows = Person.objects.filter(is_active=True, organisation__private=False).select_related("organisation")
    return [(str(p.pk), f"{p} · {p.organisation}") for p in rows.order_by("organisation__name", "first_name")]


def does(
    name: str,
    label: Any,
    kind: str,
    *asks: Any,
    danger: bool = False,
    starts: Timer | None = None,
    **columns: str,
) -> Verb:
    """A verb that writes one step into the chain."""
    return Verb(
        name,
        label,
        asks=(WHEN, TIME, *asks, PICTURE),
        do=lots.line(kind, **columns),
        guard=lots.free,
        danger=danger,
        starts=starts,
    )


lot = LotBook(
    name="custody.lot",
    model=Lot,
    label=_("Tang vật"),
    one=_("tang vật"),
    help=_(
        "Mỗi dòng là một con vật, một đồ vật hoặc một lô cùng loại bị thu giữ. Hồ sơ không sửa: mọi việc là một bước "
        "trong chuỗi bàn giao; ghi nhầm thì đính chính bằng bước sau."
    ),
    order=("-day",),
    derive=lots.derive,
    settle=lots.begin,
    fields=(
        Text("number", asked=False),
        Choice("kind"),
        Text("written", help=_("Ghi đúng như biên bản; tên loài rõ nghĩa được đối chiếu với danh lục.")),
        Day("day", today=True),
        Text("hour", help=_("Như 14:30; để trống là bây giờ.")),
        Count("count", least=1),
        Exact("kg", least=0),
        Exact("m3", least=0),
        File("photo", accept="image/*"),
        Text("condition"),
        Text("seal"),
        Text("place"),
        Area("area_path", required=True),
        Text("origin"),
        Link("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi"), folded=True),
        Text("note", folded=True),
        Text("holder_name", asked=False),
        Count("taken", asked=False),
        Count("length", asked=False),
        Choice("status", asked=False),
    ),
    show=("number", "written", "kind", "count", "kg", "m3", "place", "holder_name", "day", "status"),
    find=(
        "status", "kind", ("taxon", "taxon", _("loài")),
        Flag("animals", _("cá thể động vật"), Q(kind__in=ANIMALS), _("động vật nguyên con"), _("thứ khác")),
        Search("q", _("số tang vật, vụ việc"), find=named), ("area", "area_path"),
        ("when", "day", _("ngày thu giữ")),
    ),
    parts=(Panel("custody/on_lot.html", on_lot), Part("custody.offer", "lot"), ATTACHMENTS),
    verbs=(
        "create",
        does("seal", _("niêm phong"), K.SEALED, Text("new_seal", _("số niêm phong"), most=80, required=True), STATE,
             seal="new_seal"),
        Verb("unseal", _("mở niêm phong"), asks=(WHEN, TIME, STATE, REASON, PICTURE), do=lots.unseal,
             guard=lots.not_sealed),
        does("store", _("nhập kho"), K.STORED, Text("to_place", _("nơi bảo quản"), most=300, required=True), STATE,
             starts=TERM, place="to_place"),
        does("move", _("chuyển chỗ"), K.MOVED, Text("to_place", _("nơi chuyển đến"), most=300, required=True), REASON,
             place="to_place"),
        does("check", _("kiểm tra"), K.CHECKED, Text("state", _("thấy tình trạng"), most=500, required=True)),
        Verb("weigh", _("cân, đếm lại"), asks=(WHEN, TIME, PIECES, KG, M3, REASON, PICTURE), do=lots.weigh,
             guard=lots.free),
        Verb("die", _("ghi con vật chết"), asks=(WHEN, TIME, Text("reason", _("nguyên nhân"), most=500, required=True),
             PICTURE), do=lots.die, guard=lots.not_alive, danger=True),
        Verb("sample", _("lấy mẫu"), asks=(WHEN, TIME, PIECES, KG, M3, REASON, PICTURE), do=lots.split(K.SAMPLED),
             guard=lots.unsealed),
        Verb("split", _("tách lô"), asks=(WHEN, TIME, PIECES, KG, M3, REASON, PICTURE), do=lots.split(K.SPLIT),
             guard=lots.unsealed),
        Verb("merge", _("nhập lô khác vào"), asks=(OTHER, WHEN, TIME, REASON), do=lots.merge, guard=lots.unsealed),
        Verb("offer", _("đề nghị bàn giao"), asks=(
            Choice("to_body", _("giao cho cơ quan"), among=organisation_choices, required=True),
            Choice("to_person", _("đích danh người nhận"), among=signers),
            Day("sign_by", _("ký trước ngày")), STATE, PAPER,
        ), do=hands.offer, guard=lots.free, done=_("Đã gửi đề nghị; tang vật chuyển khi bên nhận ký")),
        Verb("extend", _("kéo dài tạm giữ"), asks=(
            Count("days", _("thêm bao nhiêu ngày"), least=1, required=True), PAPER,
        ), do=lots.extend, guard=lots.not_extendable),
        Verb("correct", _("đính chính"), asks=(
            Count("wrong", _("bước ghi nhầm số"), least=1, required=True),
            Text("reason", _("đúng ra là"), most=500, required=True),
        ), do=lots.correct, guard=lots.free),
        does("give_back", _("trả lại"), K.RETURNED, PAPER, STATE, danger=True),
        does("release", _("thả về tự nhiên"), K.RELEASED, PAPER, STATE, danger=True),
        does("destroy", _("tiêu huỷ"), K.DESTROYED, PAPER, danger=True),
        does("science", _("chuyển nghiên cứu khoa học"), K.SCIENCE, PAPER, STATE, danger=True),
    ),
)  # fmt: skip

step = Register(
    name="custody.step",
    model=Step,
    label=_("Bước trong chuỗi tang vật"),
    one=_("bước"),
    help=_("Mỗi dòng là một bước: ai giao, ai nhận, ở đâu, lúc nào. Chỉ thêm, không sửa, không xoá."),
    order=("-at",),
    fields=(
        Link("lot", to="custody.lot", by=("number",), asked=False),
        Count("position", asked=False),
        Choice("kind", asked=False),
        Text("when", _("lúc"), asked=False),
        Text("giver_name", asked=False),
        Choice("giver_body", among=organisation_choices, asked=False),
        Text("receiver_name", asked=False),
        Choice("receiver_body", among=organisation_choices, asked=False),
        Text("place", asked=False),
        Text("seal", asked=False),
        Text("condition", asked=False),
        Text("reason", asked=False),
        Count("count", asked=False),
        Exact("kg", asked=False),
        Exact("m3", asked=False),
        File("photo", asked=False),
        Count("corrects", asked=False),
        Text("hash", asked=False),
        Area("area_path", asked=False),
    ),
    show=("lot", "position", "kind", "when", "giver_name", "receiver_name", "place", "count", "kg"),
    find=("kind", ("lot", "lot"), ("area", "area_path")),
    verbs=(),
)

offer = Register(
    name="custody.offer",
    model=Offer,
    label=_("Đề nghị bàn giao tang vật"),
    one=_("đề nghị"),
    help=_("Mỗi dòng là một lần đề nghị bàn giao; chỉ đứng khi người nhận ký bằng tài khoản của mình."),
    order=("-id",),
    fields=(
        Link("lot", to="custody.lot", by=("number",), asked=False),
        Choice("to_body", among=organisation_choices, asked=False),
        Text("giver_name", asked=False),
        Text("sign_by", _("ký trước"), asked=False),
        Text("condition", asked=False),
        Text("reason", asked=False),
        Choice("status", asked=False),
        Text("answer", said=ours("answer"), asked=False),
        Text("found", asked=False),
        File("photo", asked=False),
        Area("area_path", asked=False),
    ),
    show=("lot", "giver_name", "to_body", "sign_by", "reason", "status"),
    find=("status", "to_body", ("lot", "lot"), ("area", "area_path")),
    verbs=(
        Verb("accept", _("ký nhận"), {O.OPEN: O.ACCEPTED}, (
            Text("found", most=500, required=True), Text("to_place", _("nơi bảo quản mới"), most=300, required=True),
            PICTURE,
        ), do=hands.accept),
        Verb("refuse", _("từ chối nhận"), {O.OPEN: O.REFUSED}, (
            Text("reason", _("lý do từ chối"), most=500, required=True),
        ), do=hands.refuse, danger=True),
        Verb("take_back", _("rút lại đề nghị"), {O.OPEN: O.TAKEN_BACK}, (
            Text("reason", _("lý do rút lại"), most=500, required=True),
        ), do=hands.take_back),
        Verb("expire", _("ghi hết hạn ký"), {O.OPEN: O.EXPIRED}, do=hands.expire_one, guard=hands.not_expired),
    ),
)  # fmt: skip
