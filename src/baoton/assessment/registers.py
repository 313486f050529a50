"""The book of species statuses."""

from typing import Any

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from baoton.assessment.models import SpeciesStatus
from baoton.kit.reading.columns import Column
from baoton.kit.reading.filters import Choice, Flag, Period, Related
from baoton.kit.reading.register import Register
from baoton.taxa.models import Group
from rulebook.lists import groups


def legal_group(record: Any) -> str:
    """The group that decided on the day, as it is said in passing."""
    code = (record.legal or {}).get("group")
    if not code:
        return ""
    group = groups()[code]
    return group.en if get_language() == "en" else group.short


def km2(area: float | None) -> str:
    """Square kilometres to one decimal: more would claim a precision that points do not have."""
    return "" if area is None else number_format(area, 1, use_l10n=True, force_grouping=True)


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
        Column("eoo_km2", numeric=True, show=lambda r: km2(r.eoo_km2)),
        Column("aoo_km2", numeric=True, show=lambda r: km2(r.aoo_km2)),
        Column("legal", _("nhóm theo luật"), show=legal_group),
        Column("category", show=lambda r: gettext(r.category) if r.category else ""),
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
        Column("blurred", numeric=True),
        Column("withheld", numeric=True),
        Column("places", numeric=True),
        Column("eoo_km2", numeric=True),
        Column("aoo_km2", numeric=True),
        Column(
            "why_unknown", _("chưa rõ vì"), show=lambda r: gettext(r.why_unknown) if r.why_unknown else ""
        ),
        Column("category", show=lambda r: gettext(r.category) if r.category else ""),
        Column("indicated"),
        Column("because", show=lambda r: gettext(r.because) if r.because else ""),
        Column("adopted_by"),
        Column("adopted_on"),
        Column("input_hash", _("mã băm dữ liệu đầu vào")),
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
