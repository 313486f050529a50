"""The book of species statuses."""

from typing import Any

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from baoton.assessment.actions import METHOD, adopted, taken_back
from baoton.assessment.models import SpeciesStatus
from baoton.assessment.queries import edition, support
from baoton.files.actions import keeping
from baoton.files.models import Evidence
from baoton.files.queries import panel as evidence_panel
from baoton.kit.kinds import Choice, Count, Day, Files, Link, Number, Text
from baoton.kit.reading.filters import Flag
from baoton.kit.reading.register import Panel, Register
from baoton.kit.writing.verb import Verb
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


S = SpeciesStatus.Status
CATEGORIES = (
    ("RE", _("RE – tuyệt chủng trong vùng")),
    ("CR", _("CR – cực kỳ nguy cấp")),
    ("EN", _("EN – nguy cấp")),
    ("VU", _("VU – sẽ nguy cấp")),
    ("NT", _("NT – sắp bị đe doạ")),
    ("LC", _("LC – ít quan tâm")),
    ("DD", _("DD – thiếu dữ liệu")),
)


def category(record: Any) -> str:
    return gettext(record.category) if record.category else ""


def way(record: Any) -> str:
    """How the extents were measured, in words; another version than today's by its own name."""
    if record.method == METHOD:
        return gettext("phạm vi phân bố và diện tích cư trú, cách tính thứ nhất")
    return str(record.method)


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
    fields=(
        Link("taxon", _("loài"), to="taxa.taxon", by=("scientific_name",), italic=True, asked=False),
        Text("vernacular", _("tên Việt Nam"), source="taxon.vernacular_vi"),
        Choice("taxon_group", among=Group.choices, asked=False, filed=False),
        Day("on", asked=False),
        Count("records", asked=False),
        Count("years", asked=False),
        Count("blurred", asked=False),
        Count("withheld", asked=False),
        Count("places", asked=False),
        Number("eoo_km2", said=lambda r: km2(r.eoo_km2), asked=False),
        Number("aoo_km2", said=lambda r: km2(r.aoo_km2), asked=False),
        Text(
            "why_unknown",
            _("chưa rõ vì"),
            said=lambda r: gettext(r.why_unknown) if r.why_unknown else "",
            asked=False,
        ),
        Text("legal", _("nhóm theo luật"), said=legal_group, asked=False, filed=False),
        Text("category", said=category, asked=False),
        Text("indicated", asked=False),
        Text("because", said=lambda r: gettext(r.because) if r.because else "", asked=False),
        Choice("status", asked=False, filed=False),
        Text("adopted_by", asked=False),
        Day("adopted_on", asked=False),
        Text("input_hash", _("mã kiểm tra dữ liệu"), asked=False),
        Text("method", _("cách tính"), said=way, asked=False),
    ),
    show=("taxon", "on", "records", "eoo_km2", "aoo_km2", "legal", "category", "status"),
    find=(
        ("group", "taxon_group"),
        "status",
        ("on", "on", _("tính đến")),
        "taxon",
        Flag("known", _("EOO"), Q(eoo_km2__isnull=False), _("đã có EOO"), _("chưa có EOO")),
    ),
    parts=(
        Panel(
            "assessment/support.html",
            lambda actor, record: {"rows": support(edition(actor, record)), "record": record},
        ),
        Panel("files/panel.html", evidence_panel),
    ),
    verbs=(
        Verb(
            "adopt",
            _("thông qua"),
            {S.COMPUTED: S.ADOPTED},
            asks=(
                Choice("category", _("hạng thông qua"), among=CATEGORIES, required=True),
                Text("reason", _("biên bản: số, ngày, hội đồng"), required=True),
                Files("scan", _("bản quét biên bản"), keep=keeping(Evidence.Kind.MINUTES)),
                Day("adopted_on", _("ngày thông qua"), today=True, required=True),
            ),
            do=adopted,
        ),
        Verb(
            "take_back",
            _("rút thông qua"),
            {S.ADOPTED: S.COMPUTED},
            asks=(Text("reason", _("lý do rút"), required=True),),
            do=taken_back,
            danger=True,
        ),
    ),
)
