"""What facilities tell the plan: codes and what is kept on a day, births and deaths, dossiers, visits, findings."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.facilities.models import Facility
from baoton.facilities.queries import labels
from baoton.plan.queries import Count, Indicator, Part, Sum, tell
from baoton.taxa.models import Taxon

ASK: Any = {"about": "species_habitats", "section": "facilities_enforcement"}
ENTRY, DOSSIER = "facilities.entry", "facilities.application"
# units of figures, which stand after a number
FACILITIES = pgettext_lazy("đơn vị tính", "cơ sở")
CODES = pgettext_lazy("đơn vị tính", "mã số")
DOSSIERS = pgettext_lazy("đơn vị tính", "hồ sơ")
FINDINGS = pgettext_lazy("đơn vị tính", "tồn tại")
COMMUNES = pgettext_lazy("đơn vị tính", "xã, phường")
PLANTINGS = pgettext_lazy("đơn vị tính", "nơi trồng")


def of_books(keys: Sequence[str]) -> Mapping[str, Part]:
    """What is kept, by species (and its unit where it is no head) and class."""
    split = {key: key.split("|", 2) for key in keys}
    taxa = Taxon.objects.in_bulk({UUID(taxon) for taxon, _kind, _unit in split.values()})
    words, told = labels(), {}
    for key, (taxon, kind, unit) in split.items():
        one = taxa[UUID(taxon)]
        name = one.vernacular_vi.split(";")[0].strip()
        name = f"{name} ({one.scientific_name})" if name else one.scientific_name
        query = {"taxon": str(one.pk), "kind": kind, "unit": unit}
        told[key] = Part(name if unit == "con" else f"{name}, {unit}", words[kind], query)
    return told


def of_codes(keys: Sequence[str]) -> Mapping[str, Part]:
    """Coded facilities, by kind and group."""
    kinds = {value: str(label) for value, label in Facility.Kind.choices}
    split = {key: key.split("|", 1) for key in keys}
    return {
        key: Part(kinds.get(kind, kind), group, {"kind": kind, "group": group})
        for key, (kind, group) in split.items()
    }


def kept(name: str, label: Any, animals: str, unit: Any) -> Indicator:
    """What stands in the books when the year ends: the sum of all their lines up to then."""
    by = ("book__taxon_id", "kind", "book__unit")
    return Indicator(
        name, label, unit, ENTRY, where={"animals": animals}, measure=Sum("amount", by, "book__unit"),
        standing=True, parts=of_books, **ASK,
    )  # fmt: skip


tell(
    Indicator(
        "facilities.coded", _("Cơ sở có mã số còn hiệu lực"), FACILITIES, "facilities.code", "valid",
        measure=Count(("kind", "group")), standing=True, until="until", parts=of_codes, **ASK,
    ),
    Indicator("facilities.codes", _("Mã số cơ sở cấp trong năm"), CODES, "facilities.code", **ASK),
    kept("facilities.animals", _("Cá thể động vật có trong sổ"), "1", _("cá thể")),
    kept("facilities.plants", _("Thực vật có trong sổ"), "0", _("cây")),
    Indicator(
        "facilities.born", _("Cá thể sinh ra, nhân giống ghi trong sổ"), _("cá thể"), ENTRY,
        where={"movement": "born", "standing": "1"}, measure=Sum("amount"), **ASK,
    ),
    Indicator(
        "facilities.died", _("Lần ghi cá thể chết trong sổ"), _("lần"), ENTRY,
        where={"movement": "died", "standing": "1"}, **ASK,
    ),
    Indicator(
        "facilities.on_time", _("Hồ sơ cơ sở trả kết quả đúng hạn"), DOSSIERS, DOSSIER,
        where={"pace": "on_time"}, **ASK,
    ),
    Indicator(
        "facilities.late", _("Hồ sơ cơ sở trả kết quả quá hạn"), DOSSIERS, DOSSIER, where={"pace": "late"}, **ASK,
    ),
    Indicator(
        "facilities.inspections_planned", _("Cuộc kiểm tra cơ sở theo kế hoạch năm"), _("cuộc"),
        "facilities.inspection", where={"kind": "planned"}, **ASK,
    ),
    Indicator(
        "facilities.inspections", _("Cuộc kiểm tra cơ sở đã xong"), _("cuộc"), "facilities.inspection",
        where={"status": "finished"}, **ASK,
    ),
    Indicator(
        "facilities.findings_open", _("Tồn tại chưa khắc phục"), FINDINGS, "facilities.finding", "open",
        standing=True, until="closed_on", **ASK,
    ),
    Indicator(
        "facilities.findings_closed", _("Tồn tại đã khắc phục"), FINDINGS, "facilities.finding", "closed", **ASK,
    ),
    Indicator("facilities.notices", _("Lần báo nuôi động vật rừng thông thường"), _("lần"), "facilities.notice", **ASK),
    Indicator(
        "facilities.canvassed", _("Xã, phường đã rà soát xong nơi trồng chưa có mã số"), COMMUNES,
        "facilities.canvass", **ASK,
    ),
    Indicator(
        "facilities.planted", _("Nơi trồng chưa có mã số đã thống kê"), PLANTINGS, "facilities.planted", **ASK,
    ),
)  # fmt: skip
