"""How many of a species and how often met: what transects and cameras say up to a day, frozen in its status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from baoton.cameras.queries import of_species
from baoton.kit.access import Actor, System
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.retold import retold
from baoton.surveys.queries import density
from baoton.taxa.models import Taxon


@dataclass(frozen=True)
class Line:
    """One figure with its interval as words, how it was found and what it rests on; `why` where there is none."""

    name: str
    value: str
    low: str
    high: str
    unit: str
    how: str
    why: str


def measured(taxon: Taxon, on: date) -> dict[str, Any]:
    """What the evidence says of numbers as of the day, as it is kept: {} where nothing was surveyed."""
    cameras = of_species(System(), taxon, on)
    kept = {
        k: cameras[k]
        for k in ("cameras", "nights", "events", "with", "rate", "minutes", "occupancy")
        if k in cameras
    }
    told = {"density": density(taxon.pk, on), "cameras": kept if cameras.get("events") else {}}
    return {name: one for name, one in told.items() if one}


NEEDS = {"density": "surveys.visit.see", "cameras": "cameras.answer.see"}
"""What a reader must be allowed to see for each figure."""


def of(actor: Actor, measures: Mapping[str, Any]) -> list[Line]:
    """The kept figures of which the reader may see the books they rest on, in words."""
    return lines({name: one for name, one in measures.items() if actor.scopes(NEEDS[name])})


def lines(measures: Mapping[str, Any]) -> list[Line]:
    """The kept figures in words, one a line."""
    found = []
    if d := measures.get("density"):
        rests = {"n": d["n"], "lines": d["lines"], "km": as_text(d["km"])}
        how = _("%(n)d khoảng cách trên %(lines)d tuyến, %(km)s km") % rests
        if "value" in d:
            curve = _("bán chuẩn") if d["key"] == "hn" else _("tỷ lệ nguy cơ")
            how += "; " + _("hàm phát hiện %(curve)s, cắt ở %(cut)s m, xác suất thấy %(p)s") % {
                "curve": curve, "cut": as_text(d["cut"]), "p": as_text(d["p"]),
            }  # fmt: skip
        notes = [_(d["why"])] if d.get("why") else []
        notes += [_(d["caution"])] if d.get("caution") else []
        if d.get("uncounted"):
            notes.append(_("%(n)d lần thấy không ghi số con, tính là một") % {"n": d["uncounted"]})
        value, low, high = (_short(d.get(k)) for k in ("value", "low", "high"))
        found.append(Line(_("Mật độ"), value, low, high, _("con/km²"), how, "; ".join(n for n in notes if n)))
    if c := measures.get("cameras"):
        rate, seen = c.get("rate") or {}, c.get("occupancy") or {}
        how = _("%(n)d đợt đặt máy, %(d)s ngày máy, %(e)d lần gặp độc lập") % {
            "n": c["cameras"], "d": c["nights"], "e": c["events"],
        }  # fmt: skip
        unknown = "" if rate else _("chưa biết công sức")
        found.append(
            Line(
                _("Tỷ lệ gặp của bẫy ảnh"), rate.get("rate", ""), rate.get("low", ""), rate.get("high", ""),
                _("lần/100 ngày máy"), how, unknown,
            )
        )  # fmt: skip
        met = _("gặp ở %(k)d trên %(n)d máy chạy đủ tuần") % {
            "k": seen.get("hits", 0),
            "n": seen.get("sites", 0),
        }
        value, low, high = ("" if seen.get(k) is None else str(seen[k]) for k in ("psi", "low", "high"))
        found.append(
            Line(
                _("Phần nơi có loài, theo bẫy ảnh"), value, low, high, "%", met, retold(seen.get("why") or "")
            )
        )
    return found


def _short(value: float | None) -> str:
    """Three figures, as limits are seldom surer."""
    return "" if value is None else as_text(float(f"{value:.3g}"))
