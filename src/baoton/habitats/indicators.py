"""What the map tells the plan: hectares that stood at the end of a year, unknown until a map is published."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.habitats.models import ForestClass
from baoton.habitats.models.works import WorkKind
from baoton.habitats.works.growing import last_of
from baoton.kit.share import share
from baoton.plan.queries import Distinct, Figure, Grouped, Indicator, Part, Sum, tell

HA = pgettext_lazy("đơn vị tính", "ha")
ASK: Any = {"about": "biodiversity", "section": "biodiversity"}


def of_classes(keys: Sequence[str]) -> Mapping[str, Part]:
    """Hectares by forest class."""
    words = {value: str(label) for value, label in ForestClass.choices}
    return {
        key: Part(words.get(key, str(_("chưa rõ"))), str(HA), {"forest_class": key} if key else {})
        for key in keys
    }


def hectares(name: str, label: Any, **where: str) -> Indicator:
    return Indicator(
        name, label, HA, "habitats.extent", measure=Sum("m2", ("forest_class",), per=10_000), where=where,
        parts=of_classes, standing=True, until="until", **ASK,
    )  # fmt: skip


def by_commune(rows: "QuerySet[Any]", year: int) -> Mapping[str, float]:
    """Square metres on the map and of forest in each commune."""
    parts: dict[str, float] = {}
    for path, forest, m2 in rows.values_list("area_path", "forest").annotate(m2=models.Sum("m2")):
        for end in ("map", *(("forest",) if forest == "yes" else ())):
            parts[f"{path} {end}"] = parts.get(f"{path} {end}", 0.0) + m2
    return parts


def cover(parts: Mapping[str, float]) -> Figure:
    """Forest per hundred of the ground that the map in force covers."""
    mapped, forest = (sum(v for k, v in parts.items() if k.endswith(f" {end}")) for end in ("map", "forest"))
    return Figure(100 * forest / mapped) if mapped else Figure(None, why_unknown=NO_MAP)


NO_MAP = _("chưa công bố bản đồ rừng nào đang có giá trị")


tell(
    Indicator(
        "habitats.cover", _("Tỷ lệ che phủ rừng trên diện tích có trên bản đồ"), _("%"), "habitats.extent",
        measure=Grouped(("area_path",), by_commune, cover, "tỷ lệ che phủ v1"), standing=True, until="until",
        by_area=False, **ASK,
    ),
    Indicator(
        "habitats.proposed", _("Diện tích dự kiến các khu rừng đặc dụng, theo phương án được chọn"), HA,
        "habitats.proposal", "open", {"forest": "1"}, measure=Sum("planned_m2", per=10_000), standing=True,
        until="decided_on", by_area=False, about="special_use_forest", section="special_use_forest",
    ),
    Indicator(
        "habitats.founded", _("Diện tích các khu rừng đặc dụng đã có quyết định, theo phương án được chọn"), HA,
        "habitats.proposal", "decided", {"forest": "1"}, measure=Sum("planned_m2", per=10_000), standing=True,
        by_area=False, about="special_use_forest", section="special_use_forest",
    ),
    hectares("habitats.forest", _("Diện tích rừng"), forest="yes"),
    hectares("habitats.natural", _("Diện tích rừng tự nhiên"), forest="yes", origin="natural"),
    hectares("habitats.special_use", _("Diện tích có rừng thuộc rừng đặc dụng"), forest="yes", function="special"),
    hectares("habitats.protection", _("Diện tích có rừng thuộc rừng phòng hộ"), forest="yes", function="protection"),
    hectares("habitats.planted", _("Diện tích rừng trồng đã thành rừng"), forest="yes", origin="planted"),
    Indicator(
        "habitats.consultations", _("Cuộc lấy ý kiến cộng đồng"), pgettext_lazy("đơn vị tính", "cuộc lấy ý kiến"),
        "habitats.consultation", about="special_use_forest", section="special_use_forest",
    ),
    hectares("habitats.mapped", _("Diện tích có trên bản đồ rừng và sinh cảnh")),
)  # fmt: skip

HABITATS: Any = {"about": "species_habitats", "section": "species_habitats"}
GROWN: Any = {"about": "species_habitats", "section": "biodiversity"}
KIND_OF = {
    WorkKind.REGENERATION: _("Diện tích khoanh nuôi tái sinh tự nhiên"),
    WorkKind.ASSISTED: _("Diện tích khoanh nuôi tái sinh có trồng bổ sung"),
    WorkKind.ENRICHMENT: _("Diện tích làm giàu rừng"),
    WorkKind.NATIVE: _("Diện tích trồng cây bản địa"),
    WorkKind.AGROFORESTRY: _("Diện tích nông lâm kết hợp"),
    WorkKind.CORRIDOR: _("Diện tích phục hồi hành lang"),
    WorkKind.WETLAND: _("Diện tích phục hồi đất ngập nước"),
}


def by_plot(rows: "QuerySet[Any]", year: int) -> Mapping[str, float]:
    """What was planted and what lives in each plot, by the last count of each species in the year."""
    parts: dict[str, float] = {}
    for row in last_of(rows).values():
        for end, n in (("n", row.planted), ("alive", row.alive)):
            parts[f"{row.plot_id} {end}"] = parts.get(f"{row.plot_id} {end}", 0.0) + n
    return parts


def survival(parts: Mapping[str, float]) -> Figure:
    """Of the trees planted in the plots, how many per cent live, with the 95 % interval."""
    planted, alive = (sum(v for k, v in parts.items() if k.endswith(f" {end}")) for end in ("n", "alive"))
    return Figure(*share(alive, planted)) if planted else Figure(None, why_unknown=NOT_COUNTED)


NOT_COUNTED = _("chưa đếm cây ở ô nào trong năm")

tell(
    Indicator(
        "habitats.survival", _("Tỷ lệ sống của cây trồng trong các ô theo dõi"), _("%"), "habitats.counted",
        measure=Grouped(("plot_id",), by_plot, survival, "tỷ lệ sống v1"), by_area=False, **HABITATS,
    ),
    Indicator(
        "habitats.restored", _("Diện tích sinh cảnh được phục hồi, mỗi chỗ tính một lần"), HA, "habitats.restored",
        measure=Sum("m2_once", per=10_000), **HABITATS,
    ),
    Indicator(
        "habitats.native_species", _("Số loài đã trồng ở công trình trồng cây bản địa"),
        pgettext_lazy("đơn vị tính", "loài"),
        "habitats.planting", where={"native": "1"}, measure=Distinct("taxon_id", met=True), **HABITATS,
    ),
    Indicator(
        "habitats.seed_sources", _("Số nguồn giống có chứng nhận đã dùng để trồng"),
        pgettext_lazy("đơn vị tính", "nguồn giống"),
        "habitats.planting", where={"certified": "1"}, measure=Distinct("certificate", met=True), **HABITATS,
    ),
    Indicator(
        "habitats.seedlings", _("Cây giống đã xuất trồng"), pgettext_lazy("đơn vị tính", "cây"), "habitats.seedling",
        where={"what": "issued"}, measure=Sum("issued"), **HABITATS,
    ),
    Indicator(
        "habitats.harvested", _("Lâm sản ngoài gỗ, dược liệu đã khai thác theo giấy phép"), "kg", "habitats.harvest",
        where={"what": "taken"}, measure=Sum("kg"), **GROWN,
    ),
    Indicator(
        "habitats.income", _("Thu nhập từ khai thác dưới tán rừng"), _("triệu đồng"), "habitats.harvest",
        where={"what": "taken"}, measure=Sum("income", per=1_000_000), **GROWN,
    ),
    *(
        Indicator(
            f"habitats.restored_{kind.value}", label, HA, "habitats.restored", where={"kind": kind.value},
            measure=Sum("m2", per=10_000), **(GROWN if kind in (WorkKind.REGENERATION, WorkKind.NATIVE) else HABITATS),
        )
        for kind, label in KIND_OF.items()
    ),
)  # fmt: skip
