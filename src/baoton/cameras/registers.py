"""The books of camera traps: deployments, pictures, sequences, what was said of them, clocks put right."""

from django.utils.translation import gettext_lazy as _

from baoton.cameras import actions
from baoton.cameras.disclosure import settle
from baoton.cameras.models import Answer, Deployment, Kind, Media, Repair, Sequence
from baoton.cameras.queries import at_desk, on_deployment, shift_of
from baoton.files.queries import ATTACHMENTS
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Moment, Number, Shape, Text, YesNo
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Verb
from baoton.remarks.queries import REMARKS

OF = Link("deployment", to="cameras.deployment", by=("code",))
S = Sequence.Status
LOOKED: dict[str, str] = {S.WAITING: S.DONE, S.SECOND: S.DONE, S.DIFFER: S.DONE}
STAYS: dict[str, str] = {S.WAITING: S.WAITING, S.SECOND: S.SECOND, S.DIFFER: S.DIFFER}
NAME = Text("name", _("loài"), required=True, most=300, suggests=("taxa.taxon", "scientific_name"))
COUNT = Count("count", _("số con"), least=1)

deployment = Register(
    name="cameras.deployment",
    model=Deployment,
    label=_("Đợt đặt bẫy ảnh"),
    one=_("đợt đặt bẫy ảnh"),
    help=_(
        "Mỗi dòng là một máy ở một điểm, từ lúc đặt đến lúc thu: máy nào, cao bao nhiêu, chạy những ngày nào."
    ),
    order=("-started",),
    settle=settle,
    derive=actions.derive_deployment,
    fields=(
        Text("code"),
        Text("locality"),
        Moment("started", help=_("Như 05/03/2026 06:30; không ghi múi giờ thì là giờ Việt Nam.")),
        Moment("ended"),
        Text(
            "gaps",
            help=_("Như 2026-03-10/2026-03-20; nhiều quãng cách nhau bằng dấu chấm phẩy."),
            folded=True,
        ),
        Shape("geom"),
        Area("area_path", help=_("Có toạ độ thì xã tính theo toạ độ.")),
        Text("camera"),
        Text("model", folded=True),
        Text("card", folded=True),
        Number("height_m", least=0, most=50),
        Number("delay_s", least=0, most=86_400, folded=True),
        Number("heading", least=0, most=360, folded=True),
        YesNo("bait"),
        Choice("feature"),
        Text("habitat", folded=True),
        Text("setup_by"),
        Text("groups", folded=True),
        Number("uncertainty_m", least=0, folded=True),
        Text("note", folded=True),
        Number("nights", asked=False),
        Count("whole_nights", asked=False, filed=False),
        Day("day_start", asked=False, filed=False),
        Day("day_end", asked=False, filed=False),
        Count("zone", least=None, asked=False),
        Number("shift_ms", said=shift_of, asked=False),
    ),
    show=("code", "locality", "started", "ended", "nights", "area_path", "camera"),
    find=(("area", "area_path"), ("when", "day_start", _("thời gian"))),
    parts=(
        Panel("cameras/deployment.html", on_deployment),
        Part("cameras.sequence", "deployment"),
        Part("cameras.repair", "deployment"),
        ATTACHMENTS,
        REMARKS,
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        "import",
        Verb(
            "repair",
            _("chỉnh đồng hồ"),
            asks=(
                Moment(
                    "shown",
                    _("giờ máy hiện"),
                    required=True,
                    help=_("Như trên ảnh chụp đồng hồ: giờ in trên ảnh."),
                ),
                Moment("truth", _("giờ đúng lúc ấy"), required=True),
                Choice("evidence", _("căn cứ"), among=Repair.Evidence.choices, required=True),
                YesNo("ends", _("giờ đặt, giờ thu máy cũng theo đồng hồ này")),
                Text("reason", _("lý do"), required=True),
            ),
            do=actions.repaired,
            done=_("Đã chỉnh đồng hồ cho cả đợt"),
        ),
    ),
)

media = Register(
    name="cameras.media",
    model=Media,
    label=_("Ảnh bẫy ảnh"),
    one=_("ảnh bẫy ảnh"),
    help=_(
        "Mỗi dòng là một tấm ảnh hay đoạn phim: tệp nằm ở đâu, chụp lúc nào. Ảnh có người không hiện ở đây."
    ),
    order=("-id",),
    fields=(
        OF,
        Moment("taken"),
        Text("path", filed=False),
        Text("name"),
        Text("mediatype"),
        Text("method"),
        Text("media_id", asked=False),
        Text("note"),
    ),
    show=("deployment", "taken", "name", "mediatype"),
    find=("deployment",),
    verbs=("import",),
)

sequence = Register(
    name="cameras.sequence",
    model=Sequence,
    label=_("Loạt ảnh bẫy ảnh"),
    one=_("loạt ảnh"),
    help=_("Mỗi dòng là một loạt ảnh chụp liền nhau của một máy: người xem nói thấy gì."),
    order=("started",),
    fields=(
        OF,
        Moment("started"),
        Moment("ended"),
        Count("photos"),
        Choice("status"),
        Day("day", asked=False, filed=False),
        Area("area_path", asked=False, filed=False),
    ),
    show=("deployment", "started", "photos", "status"),
    find=("status", "deployment", ("area", "area_path"), ("when", "day", _("thời gian"))),
    parts=(Panel("cameras/desk.html", at_desk, on="desk"), Part("cameras.answer", "sequence")),
    verbs=(
        Verb(
            "animal",
            _("động vật"),
            LOOKED,
            (NAME, COUNT),
            actions.answered(Kind.ANIMAL),
            quick=actions.offered,
        ),
        Verb(
            "also",
            _("động vật, còn loài khác"),
            STAYS,
            (NAME, COUNT),
            actions.answered(Kind.ANIMAL, more=True),
        ),
        Verb("blank", _("ảnh trống"), LOOKED, do=actions.answered(Kind.BLANK)),
        Verb("human", _("người"), LOOKED, do=actions.answered(Kind.HUMAN)),
        Verb("vehicle", _("xe cộ"), LOOKED, do=actions.answered(Kind.VEHICLE)),
        Verb("unknown", _("không nhận ra"), LOOKED, do=actions.answered(Kind.UNKNOWN)),
        Verb(
            "again",
            _("xem lại từ đầu"),
            {S.DONE: S.WAITING, S.SECOND: S.WAITING, S.DIFFER: S.WAITING},
            do=actions.again,
            takes_back=True,
        ),
    ),
)

answer = Register(
    name="cameras.answer",
    model=Answer,
    label=_("Nhận định ảnh bẫy ảnh"),
    one=_("nhận định"),
    help=_("Mỗi dòng là điều một người, hay một chương trình máy, nói về một loạt ảnh. Máy chỉ gợi ý."),
    order=("-started",),
    fields=(
        OF,
        Link("sequence", to="cameras.sequence", by=("id",), filed=False, asked=False),
        Moment("started"),
        Moment("ended"),
        Choice("kind"),
        Text("scientific_name", italic=True),
        Text("vernacular", _("tên Việt Nam"), source="taxon.vernacular_vi"),
        Count("count"),
        Text("life_stage"),
        Text("sex"),
        Text("behaviour"),
        Choice("method"),
        Text("by"),
        Number("probability", least=0, most=1),
        Text("note"),
    ),
    show=(
        "deployment",
        "started",
        "kind",
        "scientific_name",
        "vernacular",
        "count",
        "method",
        "by",
        "probability",
    ),
    find=("kind", "method", "deployment", "sequence"),
    verbs=("import",),
)

repair = Register(
    name="cameras.repair",
    model=Repair,
    label=_("Chỉnh đồng hồ máy"),
    one=_("lần chỉnh đồng hồ"),
    help=_("Mỗi dòng là một lần chỉnh đồng hồ cho cả đợt đặt máy, có căn cứ và trả lại được."),
    order=("-id",),
    fields=(
        OF,
        Moment("shown"),
        Moment("truth"),
        Choice("evidence"),
        Text("reason"),
        YesNo("ends"),
        Count("moved", asked=False),
        Choice("status", asked=False),
    ),
    show=("deployment", "shown", "truth", "evidence", "moved", "status"),
    find=("deployment", "status"),
    verbs=(
        Verb(
            "undo",
            _("trả lại giờ cũ"),
            {Repair.Status.STANDS: Repair.Status.UNDONE},
            (Text("reason", _("lý do"), required=True),),
            actions.undone,
            guard=actions.not_last,
            danger=True,
        ),
    ),
)
