"""What other apps may ask of the species' status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baoton.assessment.models import SpeciesStatus, TrueExtent
from baoton.kit.access import Actor
from baoton.kit.kinds.words import Text
from baoton.kit.reading.retold import retold

if TYPE_CHECKING:
    from ecostat.redlist import Assessment

NOT_ASSESSED = "chưa đánh giá"


def latest(taxon_id: Any) -> SpeciesStatus | None:
    """The newest standing status of a taxon, adopted or not."""
    rows = SpeciesStatus.objects.filter(taxon_id=taxon_id, withdrawn__isnull=True)
    return rows.exclude(status=SpeciesStatus.Status.SUPERSEDED).order_by("-on", "-id").first()


def of_year(year: int) -> list[SpeciesStatus]:
    """The standing statuses as of a year's last day or earlier in it, by species."""
    rows = SpeciesStatus.objects.filter(
        withdrawn__isnull=True, on__range=(date(year, 1, 1), date(year, 12, 31))
    ).exclude(status=SpeciesStatus.Status.SUPERSEDED)
    return list(rows.select_related("taxon").order_by("taxon__scientific_name"))


def edition(actor: Actor, status: SpeciesStatus) -> SpeciesStatus | TrueExtent:
    """The edition this reader gets: the true one only where his grants cover every record it rests on."""
    true = TrueExtent.objects.filter(pk=status.pk).first()
    held = actor.scopes("observations.occurrence.see_precise")
    scopes = [s for s in held if not s.taxon_group]  # its visits may have been guarded for another group
    covered = true is not None and all(any(scope.covers(one) for scope in scopes) for one in true.rests_on)
    return true if true is not None and covered and scopes else status


CRITERIA = {
    "A": _("A: quần thể suy giảm"), "B1": _("B1: phạm vi phân bố hẹp"), "B2": _("B2: diện tích cư trú hẹp"),
    "C": _("C: quần thể nhỏ và đang giảm"), "D": _("D: quần thể rất nhỏ"), "D2": _("D2: rất ít nơi ở"),
    "E": _("E: phân tích nguy cơ tuyệt chủng"),
}  # fmt: skip
DATA = {
    "a reduction": _("xu hướng số lượng"), "locations": _("số địa điểm theo mối đe doạ"),
    "severe fragmentation": _("mức chia cắt"), "a continuing decline": _("có đang suy giảm hay không"),
    "extreme fluctuation": _("có dao động mạnh hay không"), "mature individuals": _("số cá thể trưởng thành"),
    "their rate of decline": _("tốc độ suy giảm"), "the largest subpopulation": _("quần thể con lớn nhất"),
    "the share in one subpopulation": _("tỷ lệ trong một quần thể con"), 
    "the extent of occurrence": _("phạm vi phân bố (EOO)"),
    "the area of occupancy": _("diện tích cư trú (AOO)"), "a probability of extinction": _("xác suất tuyệt chủng"),
}  # fmt: skip


@dataclass(frozen=True)
class Support:
    """What one criterion says of the figures: the category it supports, the highest it could, what it lacks."""

    criterion: Text
    category: str
    possible: str
    lacks: Sequence[Text]


def by_extents(told: SpeciesStatus | TrueExtent) -> Assessment:
    """What the criteria say where the two extents are all that is known."""
    from ecostat.redlist import Evidence, classify

    return classify(Evidence(eoo=told.eoo_km2, aoo=told.aoo_km2))


WOULD: Mapping[str, Any] = {
    "eoo": _("phạm vi phân bố (EOO), km²"), "aoo": _("diện tích cư trú (AOO), km²"),
    "locations": _("số địa điểm theo mối đe doạ"), "severely_fragmented": _("bị chia cắt mạnh"),
    "continuing_decline": _("đang suy giảm"), "extreme_fluctuation": _("dao động mạnh"),
    "reduction": _("mức giảm số lượng, %"), "mature_individuals": _("số cá thể trưởng thành"),
    "decline_rate": _("tốc độ suy giảm, %"), "subpopulation_max": _("quần thể con lớn nhất"),
    "subpopulation_share": _("tỷ lệ trong một quần thể con"), "extinction_probability": _("xác suất tuyệt chủng"),
    "plausible_threat": _("mối đe doạ có thật"),
}  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """The category with its interval, and which datum would lead to another one, once it is known to be this."""

    category: str
    low: str
    high: str
    would: Sequence[str]


def reach(told: SpeciesStatus | TrueExtent) -> Reach:
    """From the least to the most threatened category that what is known and not known leaves open."""
    found = by_extents(told)
    order = ("LC", "NT", "VU", "EN", "CR")
    open_ = [f.possible for f in found.findings if f.possible in order]
    worst = max([found.range[1], *open_], key=lambda c: order.index(c) if c in order else -1)
    best = "LC" if found.category == "DD" else found.range[0]
    would = []
    for one in found.would_change:
        value = gettext("có") if one.value is True else number_format(str(one.value), use_l10n=True)
        name = WOULD.get(one.datum, one.datum)
        would.append(
            gettext("%(what)s: %(value)s → hạng %(category)s")
            % {"what": name, "value": value, "category": one.category}
        )
    return Reach(found.category, best, worst, would)


def support(told: SpeciesStatus | TrueExtent) -> list[Support]:
    """Criterion by criterion what the known extents support, as an assessor must see it before adopting."""
    found = by_extents(told).findings
    return [
        Support(
            CRITERIA.get(one.criterion, one.criterion),
            "" if one.category == "not evaluated" else one.category,
            one.possible,
            [DATA.get(word, word) for word in lacking(one.reason)],
        )
        for one in found
    ]


def lacking(reason: str) -> list[str]:
    """The data a finding names as not known."""
    return reason.removeprefix("not known: ").split(", ") if reason.startswith("not known: ") else []


@dataclass(frozen=True)
class Version:
    """One version of a species' status as this reader may know it, and what changed since the one before."""

    status: SpeciesStatus
    told: SpeciesStatus | TrueExtent
    changes: Sequence[str]
    why: str


def versions(actor: Actor, taxon_id: Any) -> list[Version]:
    """Every standing version of the species, oldest first, each with what changed and why."""
    rows = SpeciesStatus.objects.filter(taxon_id=taxon_id, withdrawn__isnull=True).order_by("on", "id")
    found: list[Version] = []
    for status in rows:
        told = edition(actor, status)
        changes = changed(found[-1], status, told) if found else []
        found.append(Version(status, told, changes, retold(status.because)))
    return found


def changed(before: Version, status: SpeciesStatus, told: SpeciesStatus | TrueExtent) -> list[str]:
    """In words what differs from the version before; an empty list where nothing does."""
    old, said = before.status, []
    if more := status.records - old.records:
        text = gettext("thêm %(n)d ghi nhận") if more > 0 else gettext("bớt %(n)d ghi nhận")
        said.append(text % {"n": abs(more)})
    for name, a, b in (
        ("EOO", before.told.eoo_km2, told.eoo_km2),
        ("AOO", before.told.aoo_km2, told.aoo_km2),
    ):
        if _km2(a) != _km2(b):
            said.append(f"{name} {_km2(a)} → {_km2(b)}")
    if old.method != status.method:
        said.append(gettext("đổi cách tính"))
    if (old.legal or {}).get("group") != (status.legal or {}).get("group"):
        said.append(gettext("đổi nhóm theo luật"))
    if old.category != status.category:
        pair = {"old": gettext(old.category), "new": gettext(status.category)}
        said.append(gettext("hạng %(old)s → %(new)s") % pair)
    return said or [gettext("không đổi")]


def _km2(area: float | None) -> str:
    if area is None:
        return gettext("chưa có số liệu")
    return f"{number_format(round(area, 1), 1, use_l10n=True, force_grouping=True)} km²"
