"""The books of acting together: agreements, joint operations, checks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.kit.kinds import Area, Choice, Count, Day, File, Link, Text
from baoton.kit.reading.register import Part, Register
from baoton.kit.writing.verb import Verb
from baoton.places.queries import province_path
from baoton.remarks.queries import REMARKS
from baoton.together.models import Agreement, Check, Joined, Operation

S = Operation.Status
REASON = Text("reason", _("lý do"), required=True)


def whole_province(record: Any) -> None:
    """What nobody said to be of one commune is of the province."""
    record.area_path = record.area_path or province_path()


def derive_check(record: Check) -> None:
    """Nobody has looked yet on a day to come, and a doubt says what was seen."""
    whole_province(record)
    if record.day and record.day > timezone.localdate():
        raise ValidationError({"day": _now("Ngày này chưa đến.")})
    if record.found == Check.Found.DOUBT and not record.what:
        raise ValidationError({"what": _now("Có dấu hiệu vi phạm thì kể rõ đã thấy gì.")})


def derive_joined(record: Joined) -> None:
    """A patrol of an operation is read where the operation is."""
    if record.operation_id:
        record.area_path = record.operation.area_path


agreement = Register(
    name="together.agreement",
    model=Agreement,
    label=_("Quy chế phối hợp"),
    one=_("quy chế phối hợp"),
    help=_("Mỗi dòng là một quy chế giữa các cơ quan: ai làm việc gì, gọi cho ai, có hiệu lực đến khi nào."),
    order=("-signed",),
    derive=whole_province,
    fields=(
        Text("title"), Text("number"), Text("bodies"), Text("duties"), Text("liaison"), Day("signed"), Day("until"),
        File("text", accept=".pdf,image/*"), Area("area_path", folded=True),
    ),
    show=("title", "number", "signed", "until", "area_path"),
    find=(("area", "area_path"), ("when", "signed", _("ký ngày"))),
    parts=(Part("together.operation", "agreement"), ATTACHMENTS, REMARKS),
)  # fmt: skip

operation = Register(
    name="together.operation",
    model=Operation,
    label=_("Đợt phối hợp"),
    one=_("đợt phối hợp"),
    help=_("Mỗi dòng là một đợt nhiều cơ quan cùng làm: kế hoạch, ai tham gia, kết quả."),
    order=("-day",),
    derive=whole_province,
    fields=(
        Text("title"), Link("agreement", to="together.agreement", by=("number", "title")), Day("day"), Day("until"),
        Text("bodies"), Text("plan"), Count("people", least=1), Area("area_path"), Text("result", asked=False),
        Choice("status", asked=False),
    ),
    show=("title", "day", "until", "area_path", "people", "status"),
    find=("status", "agreement", ("area", "area_path"), ("when", "day", _("thời gian"))),
    parts=(
        Part("together.check", "operation"), Part("together.joined", "operation"),
        Part("enforcement.case", "operation"), ATTACHMENTS, REMARKS,
    ),
    verbs=(
        "create", "edit", "withdraw",
        Verb("finish", _("báo đã làm xong"), {S.PLANNED: S.DONE}, (Text("result", required=True),)),
        Verb("cancel", _("không làm nữa"), {S.PLANNED: S.CANCELLED}, (REASON,), danger=True),
        Verb("reopen", _("mở lại"), {S.DONE: S.PLANNED, S.CANCELLED: S.PLANNED}, (REASON,)),
    ),
)  # fmt: skip

joined = Register(
    name="together.joined",
    model=Joined,
    label=_("Tuần tra trong đợt phối hợp"),
    one=_("cuộc tuần tra của đợt"),
    help=_("Mỗi dòng là một cuộc tuần tra đi trong một đợt phối hợp."),
    derive=derive_joined,
    fields=(
        Link("operation", to="together.operation", by=("title",)),
        Link("patrol", to="patrols.patrol", by=("code",)),
    ),
    show=("operation", "patrol"),
    find=("operation",),
)  # fmt: skip

check = Register(
    name="together.check",
    model=Check,
    label=_("Kiểm tra chợ, quán, đường, mạng"),
    one=_("lượt kiểm tra"),
    help=_("Mỗi dòng là một lượt xem chợ, quán, chốt trên đường hoặc trang rao bán: xem gì, thấy gì, đã nhắc gì."),
    order=("-day",),
    derive=derive_check,
    fields=(
        Choice("kind"), Text("place"), Day("day", today=True), Area("area_path"), Text("looked"), Choice("found"),
        Text("what"), Text("told"), Link("operation", to="together.operation", by=("title",), folded=True),
    ),
    show=("kind", "place", "day", "area_path", "found", "operation"),
    find=("kind", "found", "operation", ("area", "area_path"), ("when", "day", _("thời gian"))),
    parts=(ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip
