"""The books of the map: its versions, their parcels, what each amounts to."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.habitats import integrity
from baoton.habitats.actions import AT_ONCE, alone, follow_days, publish, tallying, unpublish
from baoton.habitats.changes import compare
from baoton.habitats.changes.tables import tables
from baoton.habitats.models import Change, Comparison, Extent, Gap, Parcel, Version
from baoton.habitats.queries import sums
from baoton.kit import jobs
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Moment, Number, Shape, Text, moment
from baoton.kit.reading.asking import readable
from baoton.kit.reading.filters import Standing
from baoton.kit.reading.register import Panel, Register
from baoton.kit.reading.retold import ours
from baoton.kit.writing.verb import Verb
from baoton.places.queries import province_path, settle
from baoton.remarks.queries import REMARKS

S = Version.Status
REASON = Text("reason", _("lý do"), required=True)
EDGE = Count("edge_m", _("độ sâu của rìa (m)"), least=1, most=5_000, help=_("Để trống thì là 100 m."))
LINK = Count("link_m", _("hai mảnh cách nhau nhiều nhất để nối được (m)"), least=1, most=50_000,
             help=_("Để trống thì là 1000 m."))  # fmt: skip


def derive_version(record: Version) -> None:
    """A map nobody narrowed is of the whole province; a published one stands alone in its time."""
    record.area_path = record.area_path or province_path()
    alone(record)


def settle_versions(records: Sequence[Version]) -> None:
    """What a published map amounts to follows its days; it is opened again before it is withdrawn."""
    for one in records:
        if one.status != S.PUBLISHED:
            continue
        if one.withdrawn is not None:
            raise ValidationError(gettext("Bản đồ đã công bố; mở lại bản đồ rồi mới rút."))
        follow_days(one)


def not_loaded(record: Version) -> str:
    """Why a version cannot be published yet, or an empty text."""
    there = Parcel.objects.filter(version=record, withdrawn__isnull=True).exists()
    return "" if there else gettext("Chưa nạp lô nào vào bản đồ này.")


def settle_parcels(records: Sequence[Parcel]) -> None:
    """Parcels of a published map stand still: what was counted must stay what is on the map."""
    for one in records:
        if one.version_id and one.version.status == S.PUBLISHED:
            raise ValidationError(gettext("Lô thuộc bản đồ đã công bố; mở lại bản đồ rồi mới sửa."))
    settle(records)


def told(actor: Actor, record: Version) -> Mapping[str, Any]:
    look = integrity.told(record) if readable(gap, actor) else None
    return {"version": record, "sums": sums(actor, record), "look": look, "tallying": tallying(record)}


version = Register(
    name="habitats.version",
    model=Version,
    label=_("Bản đồ rừng và sinh cảnh"),
    one=_("bản đồ rừng và sinh cảnh"),
    help=_("Mỗi dòng là một lần công bố hiện trạng hay một lần điều tra: nguồn, tỷ lệ, có giá trị từ ngày nào đến ngày "
           "nào. Hai bản đồ đã công bố của cùng địa bàn không bao giờ chồng thời gian."),
    order=("-valid_from",),
    public=Q(status=S.PUBLISHED),
    derive=derive_version,
    settle=settle_versions,
    fields=(
        Text("title"), Text("source"), Count("scale", least=500), Day("valid_from"), Day("valid_to"),
        Number("tolerance", least=0, most=10), Area("area_path", folded=True), Text("note", folded=True),
        Choice("status", asked=False),
    ),
    show=("title", "source", "scale", "valid_from", "valid_to", "status"),
    find=("status", ("area", "area_path"), ("when", "valid_from", _("có giá trị từ ngày"))),
    parts=(Panel("habitats/on_version.html", told), ATTACHMENTS, REMARKS),
    verbs=(
        "create", "edit", "withdraw",
        Verb("publish", _("công bố bản đồ"), {S.DRAFT: S.PUBLISHED}, guard=not_loaded, do=publish),
        Verb("reopen", _("mở lại bản đồ"), {S.PUBLISHED: S.DRAFT}, (REASON,), do=unpublish, danger=True),
        Verb("look", _("tính toàn vẹn và tìm khe hở"), asks=(EDGE, LINK), guard=not_loaded, do=integrity.ask),
    ),
)  # fmt: skip

parcel = Register(
    name="habitats.parcel",
    model=Parcel,
    label=_("Lô rừng và sinh cảnh"),
    one=_("lô rừng"),
    help=_("Mỗi dòng là một lô của một bản đồ: chức năng, nguồn gốc, trạng thái, diện tích đo được bên diện tích của "
           "tờ bản đồ."),
    order=("id",),
    settle=settle_parcels,
    fields=(
        Link("version", to="habitats.version", by=("title",), asked=False),
        Text("code", asked=False), Area("area_path", asked=False),
        Text("compartment"), Text("block"), Text("plot"), Choice("function"), Choice("origin"),
        Choice("forest_class"), Text("ecosystem"), Choice("tenure"), Number("stated_ha", least=0),
        Shape("geom", _("hình"), asked=False, drawn=("polygon",), point=False),
        Number("hectares", asked=False), Number("difference", _("chênh lệch (ha)"), asked=False),
        Choice("flaw", asked=False),
        Text("flaw_note", said=ours("flaw_note"), asked=False), Number("flaw_ha", asked=False),
    ),
    show=("code", "area_path", "function", "origin", "forest_class", "hectares", "stated_ha", "difference", "flaw"),
    find=("version", "function", "origin", "forest_class", "tenure", "flaw", ("area", "area_path")),
    parts=(ATTACHMENTS, REMARKS),
    verbs=("edit", "withdraw", "import"),
)  # fmt: skip

gap = Register(
    name="habitats.gap",
    model=Gap,
    label=_("Khe hở giữa các lô"),
    one=_("khe hở"),
    help=_("Mỗi dòng là một chỗ từ 1 m² đến 5000 m² bị các lô bao kín mà không lô nào phủ; máy chỉ liệt kê, không tự "
           "lấp."),
    order=("id",),
    settle=settle,
    fields=(
        Link("version", to="habitats.version", by=("title",), asked=False), Area("area_path", asked=False),
        Count("m2", asked=False), Shape("geom", _("hình"), asked=False, drawn=("polygon",), point=False),
    ),
    show=("version", "area_path", "m2"),
    find=("version", ("area", "area_path")),
    verbs=(),
)  # fmt: skip

extent = Register(
    name="habitats.extent",
    model=Extent,
    label=_("Diện tích theo xã"),
    one=_("diện tích theo xã"),
    help=_("Mỗi dòng là diện tích một trạng thái rừng ở một xã theo một bản đồ đã công bố; máy cộng từ các lô."),
    order=("-day",),
    fields=(
        Link("version", to="habitats.version", by=("title",), asked=False), Area("area_path", asked=False),
        Choice("function", asked=False), Choice("origin", asked=False), Choice("forest_class", asked=False),
        Choice("forest", asked=False), Count("m2", asked=False), Count("parcels", asked=False),
        Day("day", asked=False), Day("until", asked=False),
    ),
    show=("version", "area_path", "function", "origin", "forest_class", "m2", "parcels"),
    find=(
        "version", "function", "origin", "forest_class", "forest", ("area", "area_path"),
        Standing("when", _("tính đến"), "day", "until"),
    ),
    verbs=(),
)  # fmt: skip


def derive_comparison(record: Comparison) -> None:
    """Both maps are published, the earlier one first."""
    record.area_path = record.area_path or province_path()
    if not (record.before_id and record.after_id):
        return
    if record.before.valid_from >= record.after.valid_from:
        raise ValidationError({"after": gettext("Bản đồ sau phải có giá trị sau bản đồ trước.")})
    for name, one in (("before", record.before), ("after", record.after)):
        if one.status != S.PUBLISHED:
            raise ValidationError({name: gettext("Bản đồ này chưa công bố.")})


def compute(actor: Actor, record: Comparison, answers: Mapping[str, Any]) -> None:
    """Laid on each other at once where the maps are small, else as a job."""
    n = Parcel.objects.filter(version__in=[record.before_id, record.after_id]).count()
    if n <= AT_ONCE:
        compare(record)
        record.counted = moment.now()
        return
    label = gettext("So sánh hai bản đồ: %(what)s") % {"what": record}
    transaction.on_commit(lambda: jobs.ask(actor, "habitats.compare", label, comparison=str(record.pk)))


comparison = Register(
    name="habitats.comparison",
    model=Comparison,
    label=_("So sánh hai bản đồ"),
    one=_("so sánh hai bản đồ"),
    help=_("Mỗi dòng là hai bản đồ đã công bố đặt chồng lên nhau: bao nhiêu hecta từ trạng thái nào sang trạng thái "
           "nào."),
    derive=derive_comparison,
    fields=(
        Link("before", to="habitats.version", by=("title",)), Link("after", to="habitats.version", by=("title",)),
        Moment("counted", asked=False),
    ),
    show=("before", "after", "counted"),
    find=("after",),
    parts=(
        Panel("habitats/on_comparison.html",
              lambda actor, record: {"comparison": record, "told": tables(actor, record) if record.counted else None}),
        REMARKS,
    ),
    verbs=("create", "withdraw", Verb("compute", _("tính so sánh"), do=compute)),
)  # fmt: skip

change = Register(
    name="habitats.change",
    model=Change,
    label=_("Chỗ rừng thay đổi"),
    one=_("chỗ rừng thay đổi"),
    help=_("Mỗi dòng là một mảnh đất đổi trạng thái giữa hai bản đồ; phần giữ nguyên là một dòng mỗi trạng thái, không "
           "có hình."),
    order=("id",),
    settle=settle,
    fields=(
        Link("comparison", to="habitats.comparison", by=(), asked=False), Area("area_path", asked=False),
        Choice("was", asked=False), Choice("became", asked=False), Choice("turn", asked=False),
        Count("m2", asked=False), Number("hectares", "ha", asked=False),
        Shape("geom", _("hình"), asked=False, drawn=("polygon",), point=False),
    ),
    show=("area_path", "was", "became", "turn", "hectares"),
    find=("comparison", "turn", "was", "became", ("area", "area_path")),
    verbs=(),
)  # fmt: skip
