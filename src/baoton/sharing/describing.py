"""What an archive says of itself: title, licence, coverage, how places are generalised, how to cite it."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import rulebook
from baoton.observations.models import Dataset
from baoton.sharing.selection import Selection
from formats import EML
from formats.eml import Agent

GENERALISED = gettext_lazy(
    "Vị trí của loài mà luật bảo vệ được thay bằng tâm ô lưới 0,1 độ, hoặc không công bố; mỗi dòng nói rõ ở "
    "dataGeneralizations, informationWithheld và coordinateUncertaintyInMeters."
)


def open_licence(text: str) -> str:
    """The licence's short name where the text names one of the three that open data allow, else empty."""
    said = text.lower().replace("_", "-")
    if re.search(r"cc[ -]?0|cc[ -]?zero|publicdomain/zero|public domain", said):
        return "CC0-1.0"
    if re.search(r"by[ -]nc|noncommercial|non-commercial|non commercial", said):
        return "CC-BY-NC-4.0" if not re.search(r"by-nc-(nd|sa)", said) else ""
    if re.search(r"by-(nd|sa)", said):
        return ""
    return "CC-BY-4.0" if re.search(r"cc[ -]?by|licenses/by/|attribution", said) else ""


def strictest(datasets: Sequence[Dataset]) -> str:
    """The licence all the datasets allow at once; empty where one of them states none."""
    order = ("CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0")
    names = [open_licence(d.licence) for d in datasets]
    return "" if "" in names or not names else max(names, key=order.index)


def citation(dataset: Dataset) -> str:
    """How to cite a dataset: as its source says, else by its owner, title and day."""
    if dataset.citation:
        return dataset.citation
    day = timezone.localdate()
    return f"{_publisher()} ({day.year}). {dataset.title}. {_('Hệ thống Bảo Tồn, truy cập')} {day:%d/%m/%Y}."


def _publisher() -> str:
    province = rulebook.province(settings.PROVINCE)
    return f"{province.body('so_nnmt').name} {_('tỉnh')} {province.name}"


def describe(chosen: Selection, loose: bool) -> EML:
    """The metadata document of one archive."""
    licence = strictest(chosen.datasets)
    one = chosen.datasets[0] if len(chosen.datasets) == 1 else None
    titles = "; ".join(d.title for d in chosen.datasets)
    title = one.title if one else _("Dữ liệu đa dạng sinh học: %(titles)s") % {"titles": titles[:300]}
    what = (
        _("ghi nhận không thuộc đợt điều tra nào")
        if loose
        else _("đợt điều tra, quan trắc và ghi nhận của chúng")
    )
    abstract = _("%(title)s: %(what)s, xuất từ hệ thống Bảo Tồn theo quyền xem của %(who)s.") % {
        "title": title,
        "what": what,
        "who": chosen.actor.actor_name,
    }
    if any(d.simulated for d in chosen.datasets):
        abstract = _("DỮ LIỆU MÔ PHỎNG, không phải số liệu thật.") + " " + abstract
    notes = [] if licence else [_("Có bộ dữ liệu chưa ghi giấy phép mở: không được công bố gói này.")]
    if chosen.asked:
        notes.append(
            _("Điều kiện lọc: %(asked)s.") % {"asked": "; ".join(f"{k}={v}" for k, v in chosen.asked.items())}
        )
    bounds, period = _coverage(chosen, loose)
    agent = Agent(organisation=_publisher())
    return EML(
        title=title + (" – " + _("ghi nhận lẻ") if loose else ""),
        abstract=abstract,
        creators=[agent],
        contact=agent,
        licence=licence or "CC-BY-NC-4.0",
        citation=" ".join(citation(d) for d in chosen.datasets),
        geographic=_("Vùng bao các vị trí được công bố trong gói") if bounds else "",
        bounds=bounds,
        period=period,
        methods=str(GENERALISED),
        information=" ".join(notes),
        pub_date=timezone.localdate(),
        stamp=timezone.now(),
    )


def _coverage(chosen: Selection, loose: bool) -> tuple[Any, tuple[date, date] | None]:
    rows = [chosen.loose] if loose else [chosen.linked, chosen.events]
    found = [
        r.order_by().aggregate(
            w=Min("door_x"),
            e=Max("door_x"),
            s=Min("door_y"),
            n=Max("door_y"),
            a=Min("day_start"),
            b=Max("day_end"),
            c=Max("day_start"),
        )
        for r in rows
    ]
    places = [f for f in found if f["w"] is not None]
    days = [f for f in found if f["a"] is not None]  # a record of one day has no last one
    bounds = None
    if places:
        bounds = (min(f["w"] for f in places), min(f["s"] for f in places),
                  max(f["e"] for f in places), max(f["n"] for f in places))  # fmt: skip
    period = (min(f["a"] for f in days), max(max(f["b"] or f["c"], f["c"]) for f in days)) if days else None
    return bounds, period
