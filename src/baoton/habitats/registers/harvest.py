"""The books of the nursery and of plants harvested under the canopy."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.habitats.models import Harvest, HarvestArea, Licence, NurseryLot, Seedling
from baoton.habitats.works import stock
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, File, Link, Money, Number, Shape, Text
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing import ledger
from baoton.kit.writing.verb import Verb
from baoton.observations.registers import Species
from baoton.remarks.queries import REMARKS
from baoton.taxa.queries import legal_status
from rulebook import NotAScientificName

TAXON: Any = {"to": "taxa.taxon", "by": ("scientific_name", "vernacular_vi")}
AREA, WHEN = ("area", "area_path"), ("when", "day", _("thời gian"))
DAY = Day("day", _("ngày"), today=True, required=True)
NOTE, REASON = Text("about", _("ghi chú")), Text("reason", _("lý do"), required=True)
KIND = Choice("kind", _("hạt hay cây con"), among=Seedling.KINDS, required=True)
AMOUNT = Count("amount", _("số lượng"), least=1, required=True)
S = Licence.Status


def on_lot(actor: Actor, record: NurseryLot) -> Mapping[str, Any]:
    held, words = ledger.balances(Seedling, record), dict(Seedling.KINDS)
    return {"held": [(words[k], held.get(k, 0)) for k in words]}


def on_area(actor: Actor, record: HarvestArea) -> Mapping[str, Any]:
    """What the lists say of the plant today; what the licences of the year allow against what the ground bears."""
    try:
        hits = [h for h in legal_status(record.taxon, timezone.localdate()).hits if not h.set_aside]
    except NotAScientificName:
        hits = []
    year = timezone.localdate().year
    granted = record.licences.filter(
        withdrawn__isnull=True, status=S.GRANTED, since__year__lte=year, until__year__gte=year
    )
    return {"hits": hits, "area": record, "year": str(year), "granted": sum(one.kg for one in granted)}


def on_licence(actor: Actor, record: Licence) -> Mapping[str, Any]:
    return {
        "left": ledger.balances(Harvest, record).get("kg", 0),
        "licence": record,
        "stop": stock.too_much(record),
    }


nursery_lot = Register(
    name="habitats.nurserylot",
    model=NurseryLot,
    label=_("Lô giống ở vườn ươm"),
    one=_("lô giống"),
    help=_("Mỗi dòng là một lô giống: hạt nhập, ươm thành cây con, xuất trồng, hao hụt; số dư không bao giờ âm."),
    order=("code",),
    settle=stock.settle_lots,
    fields=(
        Text("code"), Text("nursery"), Species("taxon", **TAXON), Text("source"), Text("certificate"),
        Area("area_path", _("xã, phường"), required=True), Text("note", folded=True),
    ),
    show=("code", "nursery", "taxon", "source", "certificate", "area_path"),
    find=(("taxon", "taxon", _("loài")), AREA),
    parts=(Panel("habitats/on_lot.html", on_lot), Part("habitats.seedling", "book"), ATTACHMENTS, REMARKS),
    verbs=(
        "create", "edit", "withdraw",
        Verb("receive", _("nhập hạt, cây con"), asks=(DAY, KIND, AMOUNT, NOTE), do=stock.receive),
        Verb(
            "raise", _("ghi ươm thành cây con"), asks=(
                DAY, Count("used", _("số hạt, hom đã dùng"), least=1, required=True),
                Count("made", _("số cây con thành"), required=True), NOTE,
            ), do=stock.raise_,
        ),
        Verb(
            "issue", _("xuất cây đi trồng"), asks=(
                DAY, AMOUNT, Link("work", _("trồng ở công trình"), to="habitats.work", by=("name",)), NOTE,
            ), do=stock.issue,
        ),
        Verb(
            "lose", _("ghi hao hụt"), asks=(DAY, KIND, AMOUNT, Text("about", _("lý do"), required=True)), do=stock.lose
        ),
    ),
)  # fmt: skip

seedling = Register(
    name="habitats.seedling",
    model=Seedling,
    label=_("Sổ lô giống"),
    one=_("dòng sổ lô giống"),
    help=_("Mỗi dòng là một lần nhập, ươm, xuất hay hao hụt của một lô; ghi sai thì đảo, không sửa."),
    order=("-day",),
    fields=(
        Link("book", to="habitats.nurserylot", by=("code",), asked=False), Day("day", asked=False),
        Choice("what", asked=False), Choice("kind", among=Seedling.KINDS, asked=False), Number("amount", asked=False),
        Link("work", to="habitats.work", by=("name",), asked=False), Count("issued", asked=False),
        Area("area_path", asked=False), Text("note", asked=False),
    ),
    show=("day", "book", "what", "kind", "amount", "work", "note"),
    find=("book", "what", "kind", "work", AREA, WHEN),
    verbs=(Verb("reverse", _("đảo dòng"), asks=(REASON,), do=stock.take_back(Seedling, "issued"), danger=True),),
)  # fmt: skip

harvest_area = Register(
    name="habitats.harvestarea",
    model=HarvestArea,
    label=_("Vùng lâm sản ngoài gỗ, dược liệu"),
    one=_("vùng dưới tán"),
    help=_("Mỗi dòng là một vùng dưới tán rừng có trồng hoặc thu hái một loài: bao nhiêu hộ, mức khai thác bền vững."),
    order=("-id",),
    settle=stock.settle_areas,
    derive=stock.derive_area,
    fields=(
        Text("name"), Species("taxon", **TAXON), Shape("geom", _("khoanh vùng"), drawn=("polygon",), point=False),
        Area("area_path"), Count("growers"), Text("group"), Count("yearly_kg", least=1), Text("basis"),
        Number("hectares", asked=False),
    ),
    show=("name", "taxon", "area_path", "hectares", "growers", "yearly_kg"),
    find=(("taxon", "taxon", _("loài")), AREA),
    parts=(Panel("habitats/on_harvest_area.html", on_area), Part("habitats.licence", "area"), ATTACHMENTS, REMARKS),
)  # fmt: skip

licence = Register(
    name="habitats.licence",
    model=Licence,
    label=_("Giấy phép khai thác dưới tán"),
    one=_("giấy phép khai thác"),
    help=_("Mỗi dòng là một giấy phép khai thác trong một vùng: ai, bao nhiêu kg, trong thời gian nào."),
    order=("-since",),
    derive=stock.derive_licence,
    fields=(
        Link("area", to="habitats.harvestarea", by=("name",)), Text("holder"), Day("since", today=True), Day("until"),
        Count("kg", least=1), Text("paper_number"), File("paper_file", accept=".pdf,image/*", folded=True),
        Area("area_path", asked=False), Choice("status", asked=False),
    ),
    show=("holder", "area", "since", "until", "kg", "paper_number", "status"),
    find=("status", ("ground", "area", _("vùng")), AREA, ("when", "since", _("từ ngày"))),
    parts=(Panel("habitats/on_licence.html", on_licence), Part("habitats.harvest", "book"), ATTACHMENTS, REMARKS),
    verbs=(
        "create", "edit",
        Verb(
            "grant", _("cấp giấy phép khai thác"), {S.ASKED: S.GRANTED}, (Text("paper_number", required=True),),
            do=stock.grant, guard=stock.too_much,
        ),
        Verb("refuse", _("không cấp giấy phép khai thác"), {S.ASKED: S.REFUSED}, (REASON,), danger=True),
        Verb("revoke", _("thu hồi giấy phép khai thác"), {S.GRANTED: S.REVOKED}, (REASON,), danger=True),
        Verb(
            "take", _("ghi lượng khai thác"), {S.GRANTED: S.GRANTED}, (
                DAY, Count("taken", _("khai thác được (kg)"), least=1, required=True),
                Money("income", _("thu được (đồng)")), Text("who", _("ai khai thác")),
            ), do=stock.take,
        ),
    ),
)  # fmt: skip

harvest = Register(
    name="habitats.harvest",
    model=Harvest,
    label=_("Sổ khai thác dưới tán"),
    one=_("dòng sổ khai thác"),
    help=_("Mỗi dòng là lượng giấy phép cho hoặc một lần khai thác; ghi sai thì đảo, không sửa."),
    order=("-day",),
    fields=(
        Link("book", to="habitats.licence", by=("paper_number",), asked=False), Day("day", asked=False),
        Choice("what", asked=False), Number("amount", asked=False), Number("kg", asked=False),
        Number("income", asked=False), Text("who", asked=False), Area("area_path", asked=False),
        Text("note", asked=False),
    ),
    show=("day", "book", "what", "amount", "income", "who"),
    find=("book", "what", AREA, WHEN),
    verbs=(
        Verb(
            "reverse", _("đảo dòng"), asks=(REASON,), do=stock.take_back(Harvest, "kg", "income"), guard=stock.stands,
            danger=True,
        ),
    ),
)  # fmt: skip
