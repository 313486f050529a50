"""The list of taxa as a book everybody may read."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.place import Disclosure
from baoton.kit.reading.columns import Column
from baoton.kit.reading.filters import Choice, Search
from baoton.kit.reading.register import Register
from baoton.taxa.actions import prepare
from baoton.taxa.models import Group, Taxon
from baoton.taxa.queries import search

taxon = Register(
    name="taxa.taxon",
    model=Taxon,
    label=_("Danh lục loài"),
    one=_("loài"),
    help=_("Tên khoa học, tên Việt Nam, tên đồng nghĩa. Tình trạng pháp lý xem ở trang của loài."),
    menu="evidence",
    order=("scientific_name",),
    public=Q(),
    prepare=prepare,
    columns=(
        Column("scientific_name", italic=True),
        Column("vernacular_vi"),
        Column("taxon_group"),
        Column("family"),
        Column("status"),
        Column("sensitivity"),
    ),
    export=(
        Column("scientific_name", term="scientificName", italic=True),
        Column("authorship", term="scientificNameAuthorship"),
        Column("rank", term="taxonRank"),
        Column("status", term="taxonomicStatus"),
        Column(
            "accepted",
            _("tên được chấp nhận"),
            "accepted.scientific_name",
            fetch="accepted",
            term="acceptedNameUsage",
        ),
        Column("vernacular_vi", term="vernacularName"),
        Column("kingdom", term="kingdom"),
        Column("phylum", term="phylum"),
        Column("klass", term="class"),
        Column("order", term="order"),
        Column("family", term="family"),
        Column("genus", term="genus"),
        Column("taxon_group"),
        Column("sensitivity"),
        Column("sensitivity_why", _("lý do")),
        Column("source"),
    ),
    filters=(
        Search("q", _("tên"), find=lambda text: Q(pk__in=search(text)) | Q(accepted__in=search(text))),
        Choice("group", _("nhóm"), Group.choices, "taxon_group"),
        Choice("status", _("tình trạng tên"), Taxon.Status.choices),
        Choice("sensitivity", _("mức công bố vị trí"), Disclosure.choices),
    ),
    panels=[("taxa/link.html", lambda actor, record: {"pk": record.accepted_id or record.pk})],
    fields=(
        "scientific_name",
        "authorship",
        "rank",
        "accepted",
        "vernacular_vi",
        "vernacular_en",
        "kingdom",
        "phylum",
        "klass",
        "order",
        "family",
        "genus",
        "taxon_group",
        "source",
    ),
)
