"""The list of taxa as a book everybody may read."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds import Choice, Link, Text
from baoton.kit.reading.filters import Search
from baoton.kit.reading.register import Panel, Register
from baoton.taxa.actions import prepare
from baoton.taxa.models import Taxon
from baoton.taxa.queries import search
from baoton.taxa.spelling import RANKS

taxon = Register(
    name="taxa.taxon",
    model=Taxon,
    label=_("Danh lục loài"),
    one=_("loài"),
    help=_("Tên khoa học, tên Việt Nam, tên đồng nghĩa. Tình trạng pháp lý xem ở trang của loài."),
    order=("scientific_name",),
    public=Q(),
    derive=prepare,
    fields=(
        Text("scientific_name", term="scientificName", italic=True),
        Text("authorship", term="scientificNameAuthorship"),
        Choice("rank", term="taxonRank", among=RANKS),
        Choice("status", term="taxonomicStatus", asked=False),
        Link(
            "accepted",
            _("tên được chấp nhận"),
            to="taxa.taxon",
            by=("scientific_name",),
            term="acceptedNameUsage",
            italic=True,
        ),
        Text("vernacular_vi", term="vernacularName"),
        Text("vernacular_en", filed=False),
        Text("kingdom", term="kingdom"),
        Text("phylum", term="phylum"),
        Text("klass", term="class"),
        Text("order", term="order"),
        Text("family", term="family"),
        Text("genus", term="genus"),
        Choice("taxon_group"),
        Choice("sensitivity", asked=False),
        Text("sensitivity_why", _("lý do"), asked=False),
        Text("source"),
    ),
    show=("scientific_name", "vernacular_vi", "taxon_group", "family", "status", "sensitivity"),
    find=(
        Search("q", _("tên"), find=lambda text: Q(pk__in=search(text)) | Q(accepted__in=search(text))),
        ("group", "taxon_group", _("nhóm")),
        ("status", "status", _("tình trạng tên")),
        ("sensitivity", "sensitivity", _("mức công bố vị trí")),
    ),
    parts=(Panel("taxa/link.html", lambda actor, record: {"pk": record.accepted_id or record.pk}),),
)
