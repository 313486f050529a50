"""The book of species statuses."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.assessment.models import SpeciesStatus
from baoton.kit.columns import Column
from baoton.kit.filters import Choice, Flag, Period, Related
from baoton.kit.register import Register
from baoton.taxa.models import Group

GROUPS = [(g, g) for g in ("priority", "IA", "IB", "IIA", "IIB")]

status = Register(
    name="assessment.status",
    model=SpeciesStatus,
    label=_("Tình trạng loài"),
    one=_("tình trạng loài"),
    help=_(
        "Mỗi dòng là hiểu biết về một loài đến một ngày: số ghi nhận, phạm vi, diện tích cư trú, căn cứ pháp lý."
    ),
    order=("-on",),
    public=Q(),
    verbs=(),
    columns=(
        Column(
            "taxon",
            _("loài"),
            "taxon.scientific_name",
            lambda r: r.taxon.scientific_name,
            fetch="taxon",
            italic=True,
        ),
        Column("vernacular", _("tên Việt Nam"), "taxon.vernacular_vi", fetch="taxon"),
        Column("on"),
        Column("records", numeric=True),
        Column("eoo_km2", numeric=True),
        Column("aoo_km2", numeric=True),
        Column("legal", _("nhóm theo luật"), show=lambda r: (r.legal or {}).get("group") or ""),
        Column("category"),
        Column("status"),
    ),
    export=(
        Column(
            "taxon",
            _("loài"),
            "taxon.scientific_name",
            lambda r: r.taxon.scientific_name,
            fetch="taxon",
            italic=True,
        ),
        Column("vernacular", _("tên Việt Nam"), "taxon.vernacular_vi", fetch="taxon"),
        Column("on"),
        Column("records", numeric=True),
        Column("years", numeric=True),
        Column("places", numeric=True),
        Column("eoo_km2", numeric=True),
        Column("aoo_km2", numeric=True),
        Column("why_unknown", _("chưa rõ vì")),
        Column("category"),
        Column("indicated"),
        Column("because"),
        Column("adopted_by"),
        Column("adopted_on"),
        Column("input_hash", _("dấu của dữ liệu vào")),
        Column("method", _("cách tính")),
    ),
    filters=(
        Choice("group", _("nhóm loài"), Group.choices, "taxon_group"),
        Choice("status", _("tình trạng"), SpeciesStatus.Status.choices),
        Period("on", _("tính đến"), "on"),
        Related("taxon", _("loài"), "taxon_id"),
        Flag("known", _("EOO"), Q(eoo_km2__isnull=False), _("đã có EOO"), _("chưa có EOO")),
    ),
    actions=("assessment.status.adopt",),
)
