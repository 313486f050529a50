"""Weather and FIRMS files by the one import machine: codes for missing numbers, times of satellites, borders."""

from typing import Any

import numpy as np
import polars as pl
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.importing import generic
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.target import Suits
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import assign, province_name
from formats.placing import LATITUDE, LONGITUDE

RULES["outside_province"] = gettext_lazy("ngoài tỉnh")
NUMBERS = ("t13", "rh13", "rain_mm", "wind_kmh")
MISSING = r"^-(?:99|999|9999)(?:[.,][09]+)?$"
WEATHER = {
    "date": "day", "ngay": "day", "temperature_13h": "t13", "humidity_13h": "rh13", "rain_24h_mm": "rain_mm",
    "tram": "station",
    "t13": "t13", "rh13": "rh13", "rain": "rain_mm", "mua": "rain_mm", "nhiet_do_13h": "t13", "do_am_13h": "rh13",
}  # fmt: skip
FIRMS = {
    "acq_date": "at", "ACQ_DATE": "at", "bright_ti4": "brightness", "BRIGHTNESS": "brightness",
    "BRIGHT_TI4": "brightness",
    "SATELLITE": "satellite", "INSTRUMENT": "instrument", "CONFIDENCE": "confidence", "FRP": "frp",
    "DAYNIGHT": "daynight",
    "latitude": LATITUDE, "longitude": LONGITUDE, "LATITUDE": LATITUDE, "LONGITUDE": LONGITUDE,
}  # fmt: skip


def before_weather(chunk: Chunk) -> None:
    """−99 and its like are no weather: the cell is blank, and that is told."""
    for term in NUMBERS:
        words = chunk.text(term)
        missing = words.str.contains(MISSING).fill_null(False)
        told = _("−99, −999 là mã của máy khi thiếu số liệu, không phải số đo; ô được để trống.")
        chunk.note("missing_code", term, missing, told)
        chunk.words[term] = words.set(missing, None)


def before_hotspot(chunk: Chunk) -> None:
    """A satellite's day and time (UTC) are one moment; what lies outside the province is left out and told."""
    days = chunk.text("at")
    key = next((k for k in chunk.extra if k.lower() == "acq_time"), "")
    if key:
        times = (
            chunk.extra.pop(key).cast(pl.String).str.replace(r"\.0$", "").str.replace(":", "", literal=True)
        )
        times = times.str.slice(0, 4).str.zfill(4)
        joined = (
            days.str.slice(0, 10) + "T" + times.str.slice(0, 2) + ":" + times.str.slice(2, 2) + ":00+00:00"
        )
        chunk.words["at"] = days.zip_with(times.is_null() | days.is_null(), joined)
    lon, lat = _places(chunk)
    known = np.isfinite(lon) & np.isfinite(lat)
    inside = np.zeros(chunk.n, bool)
    if known.any():
        inside[known] = assign(lon[known], lat[known])[0] != ""
    told = _("Điểm nằm ngoài tỉnh %(place)s nên để lại; nếu cả tệp như thế thì đây là tệp của nơi khác.")
    chunk.omit(pl.Series(known & ~inside), LATITUDE, "outside_province", told % {"place": province_name()})


def _places(chunk: Chunk) -> tuple[Any, Any]:
    """Longitude and latitude of each row, NaN where they cannot be read: the machine says so later."""
    if chunk.wkb is not None:
        shapes = shapely.from_wkb(np.array(chunk.wkb.to_list(), dtype=object))
        points = shapely.centroid(shapes)
        return shapely.get_x(points), shapely.get_y(points)
    lon, lat = (
        chunk.text(t)
        .str.replace(",", ".", literal=True)
        .cast(pl.Float64, strict=False)
        .fill_null(np.nan)
        .to_numpy()
        for t in (LONGITUDE, LATITUDE)
    )
    lost = (np.abs(lon) > 180) | (np.abs(lat) > 90)
    return np.where(lost, np.nan, lon), np.where(lost, np.nan, lat)


generic.of(REGISTERS["fire.weather"], suits=Suits(rank=60, aliases=WEATHER), before=before_weather)
generic.of(REGISTERS["fire.hotspot"], suits=Suits(rank=61, aliases=FIRMS), before=before_hotspot)
