"""The books of money: sources, lines, decisions, contracts, vouchers, gifts, requests, and the ledger behind them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

import rulebook
from baoton.files.queries import ATTACHMENTS
from baoton.funding import actions, papers
from baoton.funding.models import (
    Change,
    Closing,
    Commitment,
    Gift,
    Line,
    Movement,
    Payment,
    Purchase,
    Receipt,
    Request,
    Source,
    SourceName,
)
from baoton.funding.queries import bought_of
from baoton.kit.kinds import Area, Choice, Count, Day, File, Link, Money, Text
from baoton.kit.reading.filters import Flag
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Verb
from baoton.people.queries import organisation_choices
from baoton.places.queries import province_path
from baoton.plan.queries import task_choices
from baoton.remarks.queries import REMARKS

AREA = ("area", "area_path")
SOURCE = Link("source", to="funding.source", by=("name", "code", "called__name"))
LINE = Link("line", to="funding.line", by=("code",))
BODY = Choice("body", among=organisation_choices)
REASON = Text("reason", _("lý do"), required=True)
S = Commitment.Status


def year_of(name: str) -> Any:
    """How a page writes a year: without dots."""
    return lambda record: "" if getattr(record, name) is None else str(getattr(record, name))


def kinds() -> list[tuple[str, str]]:
    """The groups of sources as the rulebook has them, of every day."""
    told = rulebook.param_value("finance.sources", on=timezone.localdate()).value
    return [(str(k), str(v)) for k, v in dict(told).items()]


def of_province(record: Any) -> None:
    record.area_path = record.area_path or province_path()


def of_closing(record: Closing) -> None:
    of_province(record)
    if not 2000 <= (record.year or 0) <= 2100:
        raise ValidationError({"year": _now("Năm ngân sách viết đủ bốn chữ số, như 2026.")})


def of_receipt(record: Receipt) -> None:
    of_province(record)
    if record.line_id and not record.value:
        raise ValidationError({"value": _now("Ghi vào dòng kinh phí thì ghi giá trị bằng tiền.")})


source = Register(
    name="funding.source",
    model=Source,
    label=_("Nguồn vốn"),
    one=_("nguồn vốn"),
    help=_(
        "Mỗi dòng là một nguồn vốn. Nguồn đổi tên giữa các năm vẫn là một nguồn: thêm tên gọi khác bên dưới."
    ),
    order=("name",),
    derive=of_province,
    fields=(Text("code"), Text("name"), Choice("kind", among=kinds)),
    show=("name", "kind", "code"),
    find=("kind",),
    parts=(
        Part("funding.called", "source"),
        Part("funding.line", "source"),
        Part("funding.gift", "source"),
        REMARKS,
    ),
)

called = Register(
    name="funding.called",
    model=SourceName,
    label=_("Tên gọi của nguồn theo năm"),
    one=_("tên gọi của nguồn"),
    help=_("Mỗi dòng là một tên mà nguồn mang trong một số năm; tệp Excel ghi tên nào cũng tìm ra nguồn đó."),
    order=("-since",),
    derive=of_province,
    fields=(
        SOURCE,
        Text("name"),
        Count("since", said=year_of("since")),
        Count("until", said=year_of("until")),
    ),
    find=("source",),
)

line = Register(
    name="funding.line",
    model=Line,
    label=_("Dòng kinh phí"),
    one=_("dòng kinh phí"),
    help=_(
        "Mỗi dòng là tiền của một nguồn cho một việc của một đơn vị trong một năm. Số đã giao, điều chỉnh, đã ký, đã "
        "chi đi theo quyết định, hợp đồng và chứng từ, không gõ tay."
    ),
    order=("-year", "code"),
    derive=actions.of_line,
    fields=(
        Text("code", required=False, help=_("để trống thì hệ thống cho số")),
        Count("year", said=year_of("year")), SOURCE,
        BODY,
        Choice("task", _("nhiệm vụ"), among=task_choices), Text("title"), Money("planned"),
        Money("allotted", asked=False), Money("adjusted", asked=False), Money("committed", asked=False),
        Money("paid", asked=False), Money("free", _("còn lại"), asked=False), Area("area_path", asked=False),
        Day("day", asked=False, filed=False),
    ),
    show=("code", "source", "body", "title", "planned", "allotted", "paid", "free"),
    find=(
        "source", ("who", "body", _("đơn vị")), "task", AREA, ("when", "day", _("thời gian")),
        Flag(
            "left", _("còn tiền"), Q(allotted__gt=F("committed") + F("paid") - F("adjusted")),
            _("còn tiền chưa chi, chưa ký"), _("hết tiền"),
        ),
        Flag("given", _("đã giao chưa"), Q(allotted__gt=0), _("đã giao"), _("chưa giao")),
    ),
    parts=(
        Part("funding.change", "line"), Part("funding.commitment", "line"), Part("funding.payment", "line"),
        Part("funding.movement", "book"), ATTACHMENTS, REMARKS,
    ),
    verbs=(
        "create", "edit", "withdraw", "import",
        Verb(
            "carry", _("chuyển nguồn sang năm sau"),
            asks=(Text("decision", _("số quyết định"), required=True), Day("on", _("ngày"), today=True)),
            do=actions.carry, guard=actions.nothing_left, alike=True,
        ),
    ),
)  # fmt: skip

change = Register(
    name="funding.change",
    model=Change,
    label=_("Giao, điều chỉnh, điều chuyển kinh phí"),
    one=_("quyết định về kinh phí"),
    help=_("Mỗi dòng là một quyết định: giao tiền cho dòng, thêm, bớt, hoặc chuyển từ dòng này sang dòng khác."),
    order=("-day",),
    derive=actions.of_change,
    fields=(
        Choice("kind"), LINE, Money("amount"), Text("number"), Day("day", today=True),
        Link("to", to="funding.line", by=("code",), help=_("chỉ ghi khi điều chuyển hoặc chuyển nguồn")),
        File("text", accept=".pdf,image/*"), Area("area_path", asked=False),
    ),
    show=("day", "kind", "number", "line", "to", "amount"),
    find=("kind", "line", "to", AREA, ("when", "day", _("thời gian"))),
    parts=(ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

commitment = Register(
    name="funding.commitment",
    model=Commitment,
    label=_("Hợp đồng, cam kết chi"),
    one=_("hợp đồng"),
    help=_("Mỗi dòng là một hợp đồng hay đơn đặt đã ký: tiền được giữ lại trong dòng cho tới khi chi hoặc thanh lý."),
    order=("-day",),
    derive=actions.like_line,
    fields=(
        LINE, Text("number"), Day("day", today=True), Text("payee"), Text("what"), Money("amount"), Day("until"),
        Money("paid", asked=False), Money("released", asked=False), Day("closed_on", asked=False),
        Choice("status", asked=False), File("text", accept=".pdf,image/*"), Area("area_path", asked=False),
    ),
    show=("number", "day", "payee", "what", "line", "amount", "paid", "status"),
    find=("status", "line", AREA, ("when", "day", _("thời gian"))),
    parts=(Part("funding.payment", "commitment"), ATTACHMENTS, REMARKS),
    verbs=(
        "create", "edit", "withdraw",
        Verb(
            "close", _("thanh lý"), {S.OPEN: S.CLOSED}, (Day("closed_on", today=True),), do=actions.close_contract,
            done=_("Đã thanh lý; phần chưa chi trở lại dòng"),
        ),
        Verb("reopen", _("mở lại"), {S.CLOSED: S.OPEN}, (REASON,), do=actions.open_contract),
    ),
)  # fmt: skip

payment = Register(
    name="funding.payment",
    model=Payment,
    label=_("Chứng từ chi"),
    one=_("chứng từ chi"),
    help=_(
        "Mỗi dòng là một chứng từ đã chi. Không chi quá số còn lại của dòng, không chi một chứng từ hai lần, không "
        "ghi vào năm đã khoá sổ."
    ),
    order=("-day",),
    derive=actions.of_payment,
    fields=(
        Text("number"), Day("day", today=True), LINE, Text("payee"), Money("amount"), Text("what"),
        Link("commitment", to="funding.commitment", by=("number",), folded=True),
        File("text", accept=".pdf,image/*"), Area("area_path", asked=False),
    ),
    show=("number", "day", "payee", "amount", "what", "line", "commitment"),
    find=("line", "commitment", AREA, ("when", "day", _("thời gian"))),
    parts=(Panel("funding/bought.html", bought_of), ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

purchase = Register(
    name="funding.purchase",
    model=Purchase,
    label=_("Việc mà chứng từ đã chi"),
    one=_("phần chi cho một việc"),
    help=_(
        "Mỗi dòng là phần tiền của một chứng từ chi cho một việc cụ thể: một cuộc tuần tra, một buổi tuyên truyền."
    ),
    order=("-day",),
    derive=actions.of_purchase,
    fields=(Link("payment", to="funding.payment", by=("number",)), Money("amount"), Day("day", asked=False)),
    show=("payment", "amount", "day"),
    find=("payment", ("when", "day", _("thời gian"))),
    verbs=("create", "withdraw"),
)

movement = Register(
    name="funding.movement",
    model=Movement,
    label=_("Sổ cái"),
    one=_("bút toán"),
    help=_("Bút toán do quyết định, hợp đồng và chứng từ sinh ra; chỉ thêm, không sửa, không gõ tay."),
    order=("-day",),
    fields=(
        Link("book", to="funding.line", by=("code",)), Day("day"), Choice("kind"), Choice("why"),
        Money("amount", least=None, asked=False), Text("note"), Area("area_path", asked=False),
    ),
    show=("day", "book", "kind", "why", "amount", "note"),
    find=(("book", "book"), ("when", "day", _("thời gian"))),
    verbs=(),
)  # fmt: skip

closing = Register(
    name="funding.closing",
    model=Closing,
    label=_("Khoá sổ năm"),
    one=_("lần khoá sổ"),
    help=_("Mỗi dòng khoá sổ một năm, của một đơn vị hoặc của mọi đơn vị; sau đó không ghi thêm gì vào năm đó."),
    order=("-year",),
    derive=of_closing,
    fields=(
        Count("year", said=year_of("year")), Choice("body", among=organisation_choices, help=_("để trống: mọi đơn vị")),
        Day("day", today=True), Text("number"), Choice("status", asked=False),
    ),
    find=("status",),
    verbs=(
        "create", "withdraw",
        Verb("reopen", _("mở lại sổ"), {Closing.Status.SHUT: Closing.Status.OPEN}, (REASON,)),
        Verb("shut", _("khoá lại"), {Closing.Status.OPEN: Closing.Status.SHUT}),
    ),
)  # fmt: skip

gift = Register(
    name="funding.gift",
    model=Gift,
    label=_("Tài trợ, đóng góp"),
    one=_("khoản tài trợ"),
    help=_("Mỗi dòng là một lời hứa tài trợ: tiền, hiện vật hoặc ngày công, giá trị bao nhiêu và định giá theo đâu."),
    order=("-day",),
    derive=of_province,
    fields=(
        Text("donor"), Choice("kind"), Text("what"), Day("day", today=True), Money("pledged"), Text("valued_by"),
        SOURCE,
    ),
    show=("donor", "kind", "what", "day", "pledged", "source"),
    find=("kind", "source", ("when", "day", _("thời gian"))),
    parts=(Part("funding.receipt", "gift"), ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

receipt = Register(
    name="funding.receipt",
    model=Receipt,
    label=_("Đã nhận của tài trợ"),
    one=_("lần nhận"),
    help=_("Mỗi dòng là một lần nhận của một khoản tài trợ; tiền có thể ghi vào một dòng kinh phí."),
    order=("-day",),
    derive=of_receipt,
    fields=(
        Link("gift", to="funding.gift", by=("what",)), Day("day", today=True), Text("what"), Money("value"),
        Text("number"), Link("line", to="funding.line", by=("code",)),
    ),
    show=("day", "gift", "what", "value", "number", "line"),
    find=("gift", ("when", "day", _("thời gian"))),
)  # fmt: skip

request = Register(
    name="funding.request",
    model=Request,
    label=_("Tờ trình xin kinh phí"),
    one=_("tờ trình"),
    help=_("Mỗi dòng là một tờ trình xin kinh phí của một năm, lập từ các dòng kinh phí của năm đó."),
    order=("-year",),
    derive=papers.of_request,
    fields=(
        Count("year", said=year_of("year")), Text("reason"), Money("total", asked=False), Choice("status", asked=False),
        Text("number", asked=False), Day("issued_on", asked=False),
    ),
    show=("year", "number", "total", "issued_on", "status"),
    find=("status",),
    parts=(REMARKS,),
    verbs=(
        "create", "edit", "withdraw",
        Verb(
            "issue", _("trình"), {Request.Status.DRAFT: Request.Status.ISSUED}, do=papers.issued,
            paper=papers.REQUEST,
        ),
    ),
)  # fmt: skip
