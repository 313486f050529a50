"""The books of restoration: works, the species planted in them, and the hectares they add once."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.funding.queries import paid_by_source
from baoton.habitats.models import Planting, Restored, Work
from baoton.habitats.models.works import WorkKind
from baoton.habitats.works import doing, growing
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, File, Link, Number, Shape, Text
from baoton.kit.reading.filters import Flag
from baoton.kit.reading.register import REGISTERS, Panel, Part, Register
from baoton.kit.writing.verb import Verb
from baoton.observations.registers import Species
from baoton.plan.queries import task_choices
from baoton.remarks.queries import REMARKS

S = Work.Status
AREA = ("area", "area_path")
REASON = Text("reason", _("lý do"), required=True)
PLOT_SIZE = Count("m2", _("diện tích ô (m²)"), least=1, help=_("Để trống thì là 100 m²."))
BY_NAME = Link("work", to="habitats.work", by=("name",))


def on_work(actor: Actor, record: Work) -> Mapping[str, Any]:
    """Its species by the lists of the day; the ground it shares with others; what it adds to the year; its cost."""
    precise, door = bool(getattr(record, "door_precise", True)), work.door(actor)
    shared = doing.meeting(record) if precise else []
    known = {
        one.pk: one
        for one in door.open(door.rows().filter(pk__in=[other.pk for other, _ha in shared]))
        if one.door_precise
    }
    rows = list(record.restored.all()) if precise and not record.disclosure else []
    counted, once = (sum(getattr(r, c) for r in rows) / 10_000 for c in ("m2", "m2_once"))
    again = record.again.filter(withdrawn__isnull=True).order_by("year", "id")
    seen = door.open(door.rows().filter(pk__in=again.values("pk")))
    return {
        "verdict": doing.judged(record), "plantings": doing.plantings(record), "work": record,
        "shared": [(known[o.pk], work.url(o), ha) for o, ha in shared if o.pk in known],
        "counted": counted, "once": once, "left": max((record.hectares or 0) - counted, 0.0), "told": bool(rows),
        "again": [(one, work.url(one)) for one in seen], "paid": paid_by_source(actor, record),
        "money": bool(actor.scopes("funding.payment.see")), "book": REGISTERS["habitats.restored"],
    }  # fmt: skip


def on_growth(actor: Actor, record: Work) -> Mapping[str, Any]:
    """What lives in its plots by year, newest first, and what came by itself."""
    years = sorted({row.day.year for row in growing.counts_of(record)}, reverse=True)
    told = [(str(year), growing.living(record, year, by_species=True)) for year in years]
    return {"years": told, "regrown": growing.regrown(record)}


work = Register(
    name="habitats.work",
    model=Work,
    label=_("Công trình phục hồi sinh cảnh"),
    one=_("công trình phục hồi"),
    help=_("Mỗi dòng là một công trình: khoanh nuôi, làm giàu rừng, trồng cây bản địa, nông lâm kết hợp, hành lang, "
           "đất ngập nước; loài trồng được tra danh mục trước khi duyệt."),
    order=("-year",),
    settle=doing.settle_works,
    derive=doing.derive_work,
    fields=(
        Text("name"), Choice("kind"), Shape("geom", _("khoanh vùng"), drawn=("polygon",), point=False),
        Area("area_path"),
        Count("year", least=2000, most=2100, said=lambda r: str(r.year or "")), Choice("season"), Text("owner"),
        Text("contractor"), Text("contract"), Day("contract_day"),
        File("contract_file", accept=".pdf,image/*", folded=True),
        Link("earlier", to="habitats.work", by=("name",), folded=True),
        Choice("task", among=task_choices, folded=True), Text("note", folded=True),
        Number("hectares", asked=False), Day("day", asked=False), Text("despite", asked=False),
        Choice("status", asked=False),
    ),
    show=("name", "kind", "year", "season", "area_path", "hectares", "status"),
    find=("kind", "season", "status", AREA, ("when", "day", _("làm xong"))),
    parts=(
        Panel("habitats/on_work.html", on_work), Part("habitats.planting", "work"),
        Panel("habitats/on_growth.html", on_growth), Part("habitats.plot", "work"), Part("habitats.care", "work"),
        Part("habitats.acceptance", "work"), Part("habitats.photopoint", "work"), ATTACHMENTS, REMARKS,
    ),
    verbs=(
        "create", "edit", "withdraw", "import",
        Verb(
            "approve", _("duyệt công trình và loài trồng"), {S.PLANNED: S.APPROVED}, (Text("despite"),),
            do=doing.approve, guard=doing.forbidden,
        ),
        Verb("drop", _("ghi không làm"), {S.PLANNED: S.DROPPED, S.APPROVED: S.DROPPED}, (REASON,), danger=True),
        Verb(
            "carry_out", _("ghi đã làm xong"), {S.APPROVED: S.DONE},
            (Day("on", _("ngày"), today=True, required=True),), do=doing.carry_out,
        ),
        Verb(
            "lay_plots", _("rút vị trí các ô theo dõi"),
            asks=(Count("plots", _("số ô"), least=1, most=growing.MOST, required=True), PLOT_SIZE),
            do=growing.lay_plots, guard=growing.not_drawn,
        ),
    ),
)  # fmt: skip

planting = Register(
    name="habitats.planting",
    model=Planting,
    label=_("Loài trồng"),
    one=_("loài trồng"),
    help=_("Mỗi dòng là một loài của một công trình: số cây, mật độ, nguồn giống và chứng nhận của nguồn giống."),
    order=("-id",),
    derive=doing.derive_planting,
    fields=(
        BY_NAME, Species("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi")), Count("count", least=1),
        Count("density", least=1), Text("source"), Text("certificate"), Area("area_path", asked=False),
        Day("day", asked=False),
    ),
    show=("taxon", "work", "count", "density", "source", "certificate", "day"),
    find=(
        "work", ("taxon", "taxon", _("loài")), AREA, ("when", "day", _("trồng xong")),
        Flag("native", _("trồng cây bản địa"), Q(work__kind=WorkKind.NATIVE), _("công trình trồng cây bản địa"),
             _("công trình loại khác")),
        Flag("certified", _("nguồn giống có chứng nhận"), Q(certificate__gt=""), _("có chứng nhận"),
             _("không có chứng nhận")),
    ),
)  # fmt: skip

restored = Register(
    name="habitats.restored",
    model=Restored,
    label=_("Diện tích phục hồi tính một lần"),
    one=_("phần diện tích tính một lần"),
    help=_("Mỗi dòng là phần đất một công trình thêm vào số liệu của năm ở một xã: chỗ đã tính ở công trình khác trong "
           "năm thì không tính lại."),
    order=("-day",),
    fields=(
        Link("work", to="habitats.work", by=(), asked=False), Choice("kind", asked=False), Day("day", asked=False),
        Area("area_path", asked=False), Number("hectares", _("ha, một lần trong loại"), asked=False),
        Number("hectares_once", _("ha, một lần trong mọi loại"), asked=False), Count("m2", asked=False),
        Count("m2_once", asked=False),
    ),
    show=("work", "kind", "day", "area_path", "hectares", "hectares_once"),
    find=("kind", "work", AREA, ("when", "day", _("làm xong"))),
    verbs=(),
)  # fmt: skip
