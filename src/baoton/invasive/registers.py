"""The books of invasive species: sites, surveys, treatments."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.invasive import actions, queries
from baoton.invasive.models import Site, Survey, Treatment
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Day, Link, Money, Number, Shape, Text
from baoton.kit.reading.filters import Standing
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Verb
from baoton.observations.registers import Species
from baoton.places.queries import settle
from baoton.remarks.queries import REMARKS
from baoton.taxa.queries import legal_status

S = Site.Status
AREA, DAY = ("area", "area_path"), ("when", "day", _("thời gian"))
TAXON = ("taxon", "taxon", _("loài"))
SPECIES: Any = {"to": "taxa.taxon", "by": ("scientific_name", "vernacular_vi")}


def on_site(actor: Actor, record: Site) -> Mapping[str, Any]:
    """What the lists of its day say of the species; how far eradication is; whether it was the commune's first."""
    asked, basis = queries.needed(record.ended or record.day)
    hits = [
        h
        for h in legal_status(record.taxon, record.day).hits
        if not h.set_aside and h.group == queries.INVASIVE
    ]
    earlier = [
        f for f in queries.firsts(actor) if f.taxon.pk == (record.taxon.accepted_id or record.taxon_id)
    ]
    new = record.day > timezone.localdate() - timedelta(days=queries.NEW_DAYS)
    new = new and getattr(record, "door_precise", True)
    first = new and any(f.area_path == record.area_path and f.day >= record.day for f in earlier)
    return {"hits": hits, "asked": asked, "basis": basis, "clean": queries.clean(record), "first": first}


site = Register(
    name="invasive.site",
    model=Site,
    label=_("Điểm có loài ngoại lai xâm hại"),
    one=_("điểm có loài ngoại lai"),
    help=_("Mỗi dòng là một nơi có loài ngoại lai xâm hại: khoanh vùng, độ che phủ, điều tra lại, xử lý, diệt trừ."),
    order=("-day",),
    settle=settle,
    derive=actions.derive_site,
    fields=(
        Species("taxon", **SPECIES), Text("name"), Day("day", today=True),
        Shape("geom", _("vùng có loài"), drawn=("polygon",)), Area("area_path"), Choice("cover"),
        Number("hectares", least=0),
        Text("source"), Day("ended", asked=False), Choice("status", asked=False),
    ),
    show=("name", "taxon", "day", "area_path", "hectares", "cover", "status"),
    find=("status", TAXON, AREA, DAY, Standing("there", _("còn loài ngày"), column="day", until="ended")),
    parts=(
        Panel("invasive/on_site.html", on_site), Part("invasive.survey", "site"), Part("invasive.treatment", "site"),
        ATTACHMENTS, REMARKS,
    ),
    verbs=(
        "create", "edit", "withdraw", "import",
        Verb(
            "eradicate", _("ghi đã diệt trừ"), {S.PRESENT: S.ERADICATED}, do=actions.eradicate, guard=queries.not_clean
        ),
        Verb(
            "found_again", _("loài xuất hiện lại"), {S.ERADICATED: S.PRESENT},
            (Text("reason", _("lý do"), required=True),), do=actions.found_again,
        ),
    ),
)  # fmt: skip

survey = Register(
    name="invasive.survey",
    model=Survey,
    label=_("Điều tra loài ngoại lai"),
    one=_("lần điều tra loài ngoại lai"),
    help=_("Mỗi dòng là một lần tìm một loài ngoại lai; không thấy cũng ghi, vì đó mới là căn cứ nói đã sạch."),
    order=("-day",),
    settle=settle,
    derive=actions.derive_survey,
    fields=(
        Species("taxon", required=False, help=_("Chọn điểm thì không cần ghi."), **SPECIES),
        Day("day", today=True), Choice("found"), Link("site", to="invasive.site", by=("name",)),
        Shape("geom", _("nơi đã tìm"), drawn=("line", "polygon")), Area("area_path"), Number("searched_ha", least=0),
        Number("hectares", least=0), Choice("cover"), Text("method"), Text("note"),
    ),
    show=("day", "taxon", "found", "site", "area_path", "hectares", "searched_ha"),
    find=("found", "site", TAXON, AREA, DAY),
    parts=(ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

treatment = Register(
    name="invasive.treatment",
    model=Treatment,
    label=_("Xử lý loài ngoại lai"),
    one=_("lần xử lý loài ngoại lai"),
    help=_("Mỗi dòng là một lần xử lý một điểm: cách làm, ai làm, bao nhiêu ha, chi phí, ngày kiểm tra lại."),
    order=("-day",),
    derive=actions.derive_treatment,
    fields=(
        Link("site", to="invasive.site", by=("name",)), Day("day", today=True), Choice("method"),
        Number("hectares", least=0),
        Text("who"), Money("cost"), Day("follow_up"), Text("note"), Area("area_path", asked=False),
    ),
    show=("day", "site", "method", "hectares", "who", "cost", "follow_up"),
    find=("method", "site", AREA, DAY, ("again", "follow_up", _("kiểm tra lại"))),
    parts=(ATTACHMENTS, REMARKS),
)  # fmt: skip
