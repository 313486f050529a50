"""The books of what becomes of a work: plots, counts, regeneration, care, acceptance, photo points."""

from collections.abc import Mapping
from typing import Any

from django.forms import Widget
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS, of_record, openable
from baoton.habitats.models import Acceptance, Care, Counted, PhotoPoint, Plot, Regrowth
from baoton.habitats.works import growing, papers
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Number, Shape, Text
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.serial import Serial
from baoton.kit.writing.verb import Verb
from baoton.observations.registers import Species
from baoton.remarks.queries import REMARKS

BY_NAME = Link("work", to="habitats.work", by=("name",))
PLOT = Link("plot", to="habitats.plot", by=())
AREA, DAY = ("area", "area_path"), ("when", "day", _("thời gian"))
S = Acceptance.Status


class OfPlot(Link):
    """A species planted in the work in which the plot lies, where the plot is known."""

    def widget(self, actor: Actor, record: Any) -> Widget:
        if record.plot_id is None:
            return super().widget(actor, record)
        stored = record.planting if record.planting_id else None
        return self._chooser(actor, list(self.offered(actor).filter(work=record.plot.work_id)), stored)


def on_point(actor: Actor, record: PhotoPoint) -> Mapping[str, Any]:
    """How many photos of the view there are, and where two of them are compared."""
    photos = openable(of_record(record)).count() if getattr(record, "door_precise", True) else 0
    return {"photos": photos, "address": reverse("photo-point", args=[record.pk])}


def on_acceptance(actor: Actor, record: Acceptance) -> Mapping[str, Any]:
    """What the plots of the year say and by which rule it is judged."""
    rule, why = growing.least(record.work, record.day)
    return {
        "rows": growing.living(record.work, record.day.year, by_species=True), "rule": rule, "why": why,
        "nth": growing.year_of_growth(record.work, record.day), "acceptance": record,
        "stop": growing.not_acceptable(record) if record.status == S.DRAFT else "",
    }  # fmt: skip


plot = Register(
    name="habitats.plot",
    model=Plot,
    label=_("Ô theo dõi cây"),
    one=_("ô theo dõi cây"),
    help=_("Mỗi dòng là một ô trong công trình, nơi đếm cây năm này qua năm khác."),
    order=("number",),
    settle=growing.settle_in_work,
    derive=growing.derive_inside,
    fields=(
        BY_NAME, Count("number", least=1), Count("m2", least=1), Shape("geom", _("vị trí"), drawn=("point",)),
        Area("area_path", asked=False), Text("note", folded=True),
    ),
    show=("number", "work", "m2", "area_path"),
    find=("work", AREA),
    parts=(Part("habitats.counted", "plot"), Part("habitats.regrowth", "plot"), ATTACHMENTS, REMARKS),
)  # fmt: skip

counted = Register(
    name="habitats.counted",
    model=Counted,
    label=_("Đếm cây sống"),
    one=_("lần đếm cây sống"),
    help=_("Mỗi dòng là một loài trong một ô vào một ngày: đã trồng bao nhiêu cây, còn sống bao nhiêu."),
    order=("-day",),
    derive=growing.derive_counted,
    fields=(
        PLOT, OfPlot("planting", to="habitats.planting", by=()), Day("day", today=True), Count("planted", least=1),
        Count("alive"), Text("note"), Area("area_path", asked=False),
    ),
    show=("day", "plot", "planting", "planted", "alive"),
    find=("plot", "planting", AREA, DAY),
)  # fmt: skip

regrowth = Register(
    name="habitats.regrowth",
    model=Regrowth,
    label=_("Đếm cây tái sinh"),
    one=_("lần đếm cây tái sinh"),
    help=_("Mỗi dòng là số cây tự mọc trong một ô, theo loài và cấp chiều cao; không biết loài thì để trống."),
    order=("-day",),
    derive=growing.derive_regrowth,
    fields=(
        PLOT, Species("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi")), Day("day", today=True),
        Choice("height"), Count("stems"), Area("area_path", asked=False),
    ),
    show=("day", "plot", "taxon", "height", "stems"),
    find=("plot", "height", DAY),
)  # fmt: skip

care = Register(
    name="habitats.care",
    model=Care,
    label=_("Chăm sóc công trình"),
    one=_("lần chăm sóc"),
    help=_("Mỗi dòng là một lần chăm sóc: việc gì, ai làm, bao nhiêu ha, trồng dặm bao nhiêu cây."),
    order=("-day",),
    derive=growing.derive_care,
    fields=(
        BY_NAME, Day("day", today=True), Choice("what"), Number("hectares", least=0), Count("replanted"), Text("who"),
        Text("note"), Area("area_path", asked=False),
    ),
    show=("day", "work", "what", "hectares", "replanted", "who"),
    find=("what", "work", AREA, DAY),
    parts=(ATTACHMENTS, REMARKS),
)  # fmt: skip

acceptance = Register(
    name="habitats.acceptance",
    model=Acceptance,
    label=_("Nghiệm thu công trình"),
    one=_("biên bản nghiệm thu"),
    help=_("Mỗi dòng là một lần nghiệm thu một công trình: kết luận, căn cứ, phần hỏng phải làm lại, biên bản in ra."),
    order=("-day",),
    derive=growing.derive_acceptance,
    fields=(
        BY_NAME, Day("day", today=True), Choice("outcome"), Number("failed_ha", least=0), Text("basis"),
        Text("members"), Text("note"), Count("planted", asked=False), Count("alive", asked=False),
        Text("number", asked=False), Area("area_path", asked=False), Choice("status", asked=False),
    ),
    show=("day", "work", "outcome", "failed_ha", "number", "status"),
    find=("outcome", "status", "work", AREA, DAY),
    parts=(Panel("habitats/on_acceptance.html", on_acceptance), ATTACHMENTS, REMARKS),
    verbs=(
        "create", "edit", "withdraw",
        Verb(
            "sign", _("ký biên bản nghiệm thu"), {S.DRAFT: S.SIGNED}, do=growing.sign, guard=growing.not_acceptable,
            number=Serial("BB-NT", "{n:02d}/{kind}"), paper=papers.MINUTES,
        ),
    ),
)  # fmt: skip

photo_point = Register(
    name="habitats.photopoint",
    model=PhotoPoint,
    label=_("Điểm chụp ảnh"),
    one=_("điểm chụp ảnh"),
    help=_("Mỗi dòng là một chỗ đứng và một hướng, chụp lại năm này qua năm khác; ảnh thêm ở mục minh chứng."),
    order=("name",),
    settle=growing.settle_in_work,
    derive=growing.derive_inside,
    fields=(
        BY_NAME, Text("name"), Shape("geom", _("chỗ đứng"), drawn=("point",)), Count("bearing", most=359),
        Text("note"), Area("area_path", asked=False),
    ),
    show=("name", "work", "bearing", "area_path"),
    find=("work", AREA),
    parts=(Panel("habitats/on_photo_point.html", on_point), ATTACHMENTS, REMARKS),
)  # fmt: skip
