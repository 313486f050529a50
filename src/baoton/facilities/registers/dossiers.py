"""What owners ask for and tell: dossiers on their clocks, notices of ordinary wildlife."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.facilities.actions import dossiers
from baoton.facilities.models import (
    Application,
    Notice,
)
from baoton.facilities.papers import drafts
from baoton.facilities.papers.dossiers import APOLOGY, CHECK, GRANTED, RECEIPT, REFUSAL, SUPPLEMENT
from baoton.facilities.queries import evidence
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Text, YesNo
from baoton.kit.reading.filters import Flag
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.reading.retold import ours
from baoton.kit.writing.verb import Timer, Verb

A = Application.Status

REASON = Text("reason", _("lý do"), required=True)

TERM = dossiers.TERM

AT_WORK = (A.CHECKING, A.SCHEDULED, A.CHECKED)

application = Register(
    name="facilities.application",
    model=Application,
    label=_("Hồ sơ đề nghị"),
    one=_("hồ sơ"),
    help=_("Hồ sơ của chủ cơ sở: đề nghị gì, đến bước nào, còn mấy ngày làm việc."),
    order=("-id",),
    derive=dossiers.derive_application,
    fields=(
        Link("facility", to="facilities.facility", by=("name",)),
        Choice("kind"),
        Day("received", asked=False),
        YesNo("field_check"),
        YesNo(
            "chose_new",
            help=_("Chỉ có nghĩa với hồ sơ nộp trước ngày quy định mới có hiệu lực."),
            folded=True,
        ),
        YesNo("old_rule", asked=False),
        Text("papers", said=ours("papers")),
        Area("area_path", asked=False),
        Choice("status", asked=False),
        Text("missing", asked=False),
        Day("check_day", asked=False),
        Choice("check_result", asked=False),
        Text("check_team", asked=False),
        Text("check_note", asked=False),
        Day("authority_asked", asked=False),
        Day("authority_answered", asked=False),
        Text("authority_answer", asked=False),
        Text("proposal", asked=False),
        Text("late_reason", asked=False),
        Day("promised", asked=False),
        Day("decided", asked=False),
        Choice("pace", asked=False),
        Text("number", asked=False),
    ),
    show=("facility", "kind", "received", "area_path", "status", "number"),
    find=(
        "status",
        ("kind", "kind"),
        ("facility", "facility"),
        "pace",
        ("when", "decided"),
        ("area", "area_path"),
    ),
    parts=(
        Panel("facilities/checklist.html", dossiers.checklist),
        Part("facilities.document", "application"),
        Panel("facilities/drafts.html", drafts.of_dossier),
        Panel("facilities/evidence.html", evidence),
    ),
    verbs=(
        "create",
        "edit",
        Verb(
            "accept",
            _("nhận hồ sơ"),
            {A.HANDED_IN: A.CHECKING},
            (Day("on", _("ngày nhận hồ sơ"), today=True, required=True),),
            do=dossiers.accepted,
            guard=dossiers.closed,
            starts=Timer(TERM, dossiers.days_allowed),
            paper=RECEIPT,
        ),
        Verb(
            "ask_supplement",
            _("yêu cầu bổ sung"),
            {A.CHECKING: A.WAITING},
            (Text("missing", required=True), Day("on", _("ngày"), today=True)),
            pauses=TERM,
            paper=SUPPLEMENT,
        ),
        Verb(
            "supplement",
            _("nhận bổ sung"),
            {A.WAITING: A.CHECKING},
            (Day("on", _("ngày"), today=True), Text("papers", _("giấy tờ đã nộp"), required=True)),
            resumes=TERM,
        ),
        Verb(
            "schedule_check",
            _("hẹn kiểm tra thực tế"),
            {A.CHECKING: A.SCHEDULED},
            (Day("check_day", required=True),),
        ),
        Verb(
            "record_check",
            _("ghi kết quả kiểm tra"),
            {A.SCHEDULED: A.CHECKED},
            (
                Day("check_day", today=True, required=True),
                Text("check_team"),
                Choice("check_result", required=True),
                Text("check_note", required=True),
            ),
            do=dossiers.checked,
            paper=CHECK,
        ),
        Verb(
            "ask_authority",
            _("gửi hỏi cơ quan khoa học CITES"),
            {s: s for s in AT_WORK},
            (Day("on", _("ngày gửi"), today=True, required=True),),
            do=dossiers.asked_authority,
            guard=dossiers.no_asking,
            starts=Timer(dossiers.ANSWER, dossiers.answer_days),
        ),
        Verb(
            "record_answer",
            _("ghi ý kiến cơ quan khoa học CITES"),
            {s: s for s in AT_WORK},
            (
                Day("on", _("ngày trả lời"), today=True, required=True),
                Text("authority_answer", required=True),
            ),
            do=dossiers.authority_answered,
            guard=dossiers.not_asked,
            stops=dossiers.ANSWER,
        ),
        Verb(
            "propose",
            _("trình lãnh đạo"),
            {A.CHECKING: A.PROPOSED, A.CHECKED: A.PROPOSED},
            (Text("proposal", required=True),),
            guard=dossiers.unchecked,
        ),
        Verb(
            "grant",
            _("chấp thuận"),
            {A.PROPOSED: A.GRANTED},
            (Day("on", _("ngày"), today=True),),
            do=dossiers.granted,
            guard=dossiers.unchecked,
            stops=TERM,
            paper=GRANTED,
        ),
        Verb(
            "refuse",
            _("không chấp thuận"),
            dict.fromkeys((*AT_WORK, A.PROPOSED), A.REFUSED),
            (REASON,),
            do=dossiers.refused,
            stops=TERM,
            paper=REFUSAL,
            danger=True,
        ),
        Verb(
            "apologise",
            _("xin lỗi vì trả chậm, hẹn lại"),
            {s: s for s in (*AT_WORK, A.PROPOSED)},
            (Text("late_reason", required=True), Day("promised", required=True)),
            do=dossiers.apologised,
            guard=dossiers.in_time,
            paper=APOLOGY,
        ),
        Verb(
            "withdraw_by_owner",
            _("chủ cơ sở rút hồ sơ"),
            dict.fromkeys((*AT_WORK, A.WAITING, A.PROPOSED), A.WITHDRAWN),
            (REASON,),
            stops=TERM,
        ),
    ),
)

notice = Register(
    name="facilities.notice",
    model=Notice,
    label=_("Báo nuôi động vật rừng thông thường"),
    one=_("lần báo"),
    help=_("Chủ nuôi báo kiểm lâm sau khi đưa động vật rừng thông thường về nuôi."),
    order=("-told",),
    derive=dossiers.derive_notice,
    fields=(
        Link("facility", to="facilities.facility", by=("name",)),
        Link("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi")),
        Text("vernacular", _("tên Việt Nam"), source="taxon.vernacular_vi"),
        Count("amount", least=1),
        Day("brought"),
        Day("told", today=True),
        Count("days_taken", asked=False),
        YesNo("late", asked=False),
        Text("papers"),
        Choice("status", asked=False),
        Text("guidance", asked=False),
        Area("area_path", asked=False),
    ),
    show=("told", "vernacular", "amount", "facility", "late", "status"),
    find=(
        "status",
        ("when", "told"),
        ("facility", "facility"),
        ("area", "area_path"),
        Flag("late", _("thời hạn"), Q(late=True), _("báo quá hạn"), _("đúng hạn hoặc chưa rõ")),
    ),
    verbs=(
        "create",
        "edit",
        "import",
        Verb(
            "receive",
            _("nhận, hướng dẫn"),
            {Notice.Status.TOLD: Notice.Status.RECEIVED},
            (Text("guidance", required=True),),
        ),
    ),
)
