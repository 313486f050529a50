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
RULES["not_utc"] = gettext_lazy("chưa rõ giờ quốc tế")
NUMBERS = ("t13", "rh13", "rain_mm", "wind_kmh")
MISSING = r"^-(?:99|999|9999)(?:[.,][09]+)?$"
TRACE = r"(?i)^(?:vết|vet|tr|trace|không mưa|khong mua|không|khong|ko|ko mưa)$"
UTC_TIME = r"(?i)^(\d{1,2}:\d{2}(?::\d{2})?|\d{1,4}(?:\.0)?) *(?:z|utc|gmt)?$"
OFFICE_DAY = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$"
WEATHER = {
    "date": "day", "ngay": "day", "temperature_13h": "t13", "humidity_13h": "rh13", "rain_24h_mm": "rain_mm",
    "tram": "station",
    "t13": "t13", "rh13": "rh13", "rain": "rain_mm", "mua": "rain_mm", "nhiet_do_13h": "t13", "do_am_13h": "rh13",
    "luong_mua": "rain_mm", "luong_mua_mm": "rain_mm", "luong_mua_24h": "rain_mm", "mua_mm": "rain_mm",
    "mua_24h": "rain_mm", "nhiet_do": "t13", "do_am": "rh13", "ten_tram": "station", "ma_tram": "station",
}  # fmt: skip
FIRMS = {
    "acq_date": "at", "ACQ_DATE": "at", "bright_ti4": "brightness", "BRIGHTNESS": "brightness",
    "BRIGHT_TI4": "brightness",
    "SATELLITE": "satellite", "INSTRUMENT": "instrument", "CONFIDENCE": "confidence", "FRP": "frp",
    "DAYNIGHT": "daynight",
    "latitude": LATITUDE, "longitude": LONGITUDE, "LATITUDE": LATITUDE, "LONGITUDE": LONGITUDE,
}  # fmt: skip


def before_weather(chunk: Chunk) -> None:
    """−99 and its like are no weather: the cell is blank; rain too little to be measured is none: both are told."""
    rain = chunk.text("rain_mm")
    trace = rain.str.strip_chars().str.contains(TRACE).fill_null(False)
    told = _("“vết”, “không mưa” là mưa không đo được (dưới 0,1 mm); ghi là 0.")
    chunk.note("trace_of_rain", "rain_mm", trace, told)
    chunk.words["rain_mm"] = rain.set(trace, "0")
    for term in NUMBERS:
        words = chunk.text(term)
        missing = words.str.contains(MISSING).fill_null(False)
        told = _("−99, −999 là mã của máy khi thiếu số liệu, không phải số đo; ô được để trống.")
        chunk.note("missing_code", term, missing, told)
        chunk.words[term] = words.set(missing, None)


def before_hotspot(chunk: Chunk) -> None:
    """A satellite's day and time (UTC) are one moment; what lies outside the province is left out and told."""
    _moments(chunk)
    lon, lat = _places(chunk)
    known = np.isfinite(lon) & np.isfinite(lat)
    inside = np.zeros(chunk.n, bool)
    if known.any():
        inside[known] = assign(lon[known], lat[known])[0] != ""
    told = _("Điểm nằm ngoài tỉnh %(place)s nên để lại; nếu cả tệp như thế thì đây là tệp của nơi khác.")
    chunk.omit(pl.Series(known & ~inside), LATITUDE, "outside_province", told % {"place": province_name()})


def _moments(chunk: Chunk) -> None:
    """The day and the time of a satellite as one moment; a time that may be of another clock is not guessed at."""
    days = chunk.text("at").str.strip_chars()
    parts = days.str.extract_groups(OFFICE_DAY)
    day, month, year = (parts.struct.field(n).str.zfill(2) for n in parts.struct.fields)
    days = days.zip_with(year.is_null(), year + "-" + month + "-" + day)
    key = next((k for k in chunk.extra if k.lower() == "acq_time"), "")
    alone = days.str.contains(r"^\d{4}-\d\d-\d\d$").fill_null(False)
    if not key:
        told = _("Chưa biết vệ tinh thấy lúc mấy giờ: cần cột acq_time, giờ quốc tế (UTC) như 0630.")
        chunk.refuse(alone, "at", "not_utc", told)
        return
    written = chunk.extra.pop(key).cast(pl.String).str.strip_chars()
    times = written.str.extract(UTC_TIME).str.replace(r"\.0$", "")
    colons = times.str.contains(":", literal=True).fill_null(False)
    times = (times.str.replace(r"^(\d):", "0$1:").str.slice(0, 5)).zip_with(colons, times.str.zfill(4))
    times = times.str.replace(":", "", literal=True)
    good = times.str.contains(r"^(?:[01]\d|2[0-3])[0-5]\d$").fill_null(False)
    told = _(
        "Cột acq_time ghi “%(word)s”, không phải giờ quốc tế (UTC) bốn chữ số như 0630; giờ Việt Nam thì trừ 7 giờ."
    )
    wrong = ~good & days.is_not_null()
    chunk.refuse(wrong, "at", "not_utc", [told % {"word": str(w or "")[:20]} for w in written.filter(wrong)])
    joined = days.str.slice(0, 10) + "T" + times.str.slice(0, 2) + ":" + times.str.slice(2, 2) + ":00+00:00"
    chunk.words["at"] = days.zip_with(~good | days.is_null(), joined)


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
