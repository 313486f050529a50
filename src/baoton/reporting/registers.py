"""The books of figures asked of other bodies, and of what communes and bodies report to the lead."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import may
from baoton.kit.kinds import Choice, Day, Text
from baoton.kit.reading.register import Panel, Register
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.verb import Verb
from baoton.people.queries import organisation_choices
from baoton.places.queries import province_path
from baoton.remarks.queries import REMARKS
from baoton.reporting import own as owns
from baoton.reporting.beside.pages import of_own_report
from baoton.reporting.issuing import steps
from baoton.reporting.models import FigureRequest, Outgoing, OwnReport
from baoton.reporting.periods import choices, read

S = FigureRequest.Status
R = OwnReport.Status
O = Outgoing.Status


def periods() -> Iterable[tuple[str, str]]:
    """Those of last year, this one and the next."""
    year = timezone.localdate().year
    return [(p.key, p.name) for y in (year + 1, year, year - 1) for p in choices(y)]


def derive(record: FigureRequest) -> None:
    """A request belongs to the body that is asked, so that its people find it; it concerns the whole province."""
    try:
        read(record.period)
    except ValueError as error:
        raise ValidationError({"period": _now("Không có kỳ báo cáo này.")}) from error
    record.organisation = record.body
    record.area_path = record.area_path or province_path()


def answered(actor: Any, record: FigureRequest, answers: Mapping[str, Any]) -> None:
    """Only the body that was asked answers, or whoever asks."""
    own = getattr(actor, "organisation_id", "") == record.body
    if not own and not may(actor, "reporting.request.create"):
        raise NotNow(_now("Chỉ cơ quan được hỏi trả lời được."))


request = Register(
    name="reporting.request",
    model=FigureRequest,
    label=_("Yêu cầu số liệu"),
    one=_("yêu cầu số liệu"),
    help=_("Mỗi dòng là một số liệu báo cáo mà hệ thống chưa có, hỏi cơ quan nắm số liệu đó."),
    order=("-id",),
    derive=derive,
    fields=(
        Text("what"),
        Choice("period", among=periods),
        Choice("body", among=organisation_choices),
        Day("answer_by", required=False),
        Choice("status", asked=False),
        Text("answer", asked=False),
        Text("source", asked=False),
    ),
    show=("what", "period", "body", "answer_by", "status", "answer"),
    find=("period", ("body", "body", _("cơ quan")), "status"),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "answer",
            _("trả lời"),
            {S.ASKED: S.ANSWERED, S.ANSWERED: S.ANSWERED},
            asks=(Text("answer", required=True), Text("source", required=True)),
            do=answered,
            done=_("Đã trả lời, số liệu vào báo cáo của kỳ này"),
        ),
    ),
)


own = Register(
    name="reporting.own",
    model=OwnReport,
    label=_("Báo cáo của xã, cơ quan"),
    one=_("báo cáo của xã, cơ quan"),
    help=_(
        "Mỗi dòng là báo cáo một kỳ của một xã, phường hoặc cơ quan gửi cơ quan chủ trì. Số liệu hệ thống tự tính; "
        "kết quả, khó khăn, đề xuất ghi một lần tại đây rồi vào báo cáo của tỉnh."
    ),
    order=("-id",),
    derive=owns.derive,
    fields=(
        Choice("body", among=organisation_choices),
        Choice("period", among=periods),
        Text("results"),
        Text("obstacles"),
        Text("proposals"),
        Choice("status", asked=False),
        Text("number", asked=False),
        Day("due", asked=False),
        Day("submitted", asked=False),
        Text("returned_why", asked=False),
    ),
    show=("body", "period", "status", "due", "submitted", "number"),
    find=("period", ("body", "body", _("cơ quan")), "status"),
    parts=(Panel("reporting/own.html", of_own_report), ATTACHMENTS, REMARKS),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "submit",
            _("nộp"),
            {
                R.DRAFT: R.SUBMITTED,
                R.RETURNED: R.SUBMITTED,
                R.SUBMITTED: R.SUBMITTED,
                R.CHECKED: R.CHECKED,
                R.MERGED: R.MERGED,
            },
            guard=owns.unready,
            do=owns.submit,
            done=_("Đã nộp báo cáo"),
        ),
        Verb(
            "ask_by",
            _("đặt hạn nộp"),
            {R.DRAFT: R.DRAFT, R.RETURNED: R.RETURNED},
            asks=(Day("due", required=True),),
            do=owns.ask_by,
            alike=True,
            done=_("Đã đặt hạn nộp"),
        ),
        Verb(
            "send_back",
            _("trả lại"),
            {R.SUBMITTED: R.RETURNED, R.CHECKED: R.RETURNED},
            asks=(Text("returned_why", required=True),),
            danger=True,
        ),
        Verb("check", _("xác nhận đã kiểm tra"), {R.SUBMITTED: R.CHECKED}, alike=True),
        Verb(
            "merge",
            _("đưa vào báo cáo tỉnh"),
            {R.CHECKED: R.MERGED},
            alike=True,
            done=_("Đã đưa vào báo cáo tỉnh của kỳ này"),
        ),
    ),
)


outgoing = Register(
    name="reporting.outgoing",
    model=Outgoing,
    label=_("Báo cáo trình duyệt, phát hành"),
    one=_("báo cáo trình duyệt"),
    help=_(
        "Mỗi dòng là một bản gửi của một báo cáo đã lập: trình, góp ý, duyệt, cho số rồi phát hành. Số liệu giữ như "
        "lúc lập; bản ký số hoặc bản quét có dấu đính kèm tại đây."
    ),
    order=("-id",),
    settle=steps.stay,
    derive=steps.derive,
    fields=(
        Choice("made_from", among=steps.reports),
        Choice("edition", among=steps.kinds),
        Choice("status", asked=False),
        Text("presented_by", asked=False),
        Text("approved_by", asked=False),
        Day("approved_on", asked=False),
        Text("number", asked=False),
        Day("issued_on", asked=False),
        Text("returned_why", asked=False),
    ),
    show=("made_from", "edition", "status", "number", "issued_on"),
    find=("status", ("report", "made_from", _("báo cáo"))),
    parts=(Panel("reporting/outgoing.html", steps.told), ATTACHMENTS, REMARKS),
    verbs=(
        "create",
        "withdraw",
        Verb("present", _("trình duyệt"), {O.DRAFT: O.WAITING, O.RETURNED: O.WAITING}, do=steps.present),
        Verb(
            "replace",
            _("thay bằng báo cáo lập lại"),
            {O.DRAFT: O.DRAFT, O.RETURNED: O.DRAFT},
            asks=(Choice("made_from", among=steps.reports, required=True),),
            done=_("Đã thay bằng báo cáo lập lại"),
        ),
        Verb(
            "send_back",
            _("trả lại"),
            {O.WAITING: O.RETURNED, O.APPROVED: O.RETURNED},
            asks=(Text("returned_why", required=True),),
            danger=True,
        ),
        Verb("approve", _("duyệt"), {O.WAITING: O.APPROVED}, do=steps.approve),
        Verb(
            "issue",
            _("cho số, phát hành"),
            {O.APPROVED: O.ISSUED},
            asks=(
                Day("issued_on", required=True),
                Text(
                    "number", required=False, help=_("Để trống thì hệ thống cho số tiếp theo của cơ quan ký.")
                ),
            ),
            do=steps.issue,
            done=_("Đã phát hành; bản Word đã ghi số, ngày"),
        ),
    ),
)
