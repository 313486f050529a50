"""A province's folder looked at before it is used: each missing or wrong file is told in one sentence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rulebook import codes, plans, provinces, reading
from rulebook.checking import of_province
from rulebook.errors import RulebookError

TABLES = {
    "units.csv": (
        "các xã, phường hiện nay",
        ("code", "name", "kind", "path", "area_km2", "valid_from", "valid_to", "source", "certainty"),
    ),
    "units_former.csv": (
        "các xã cũ (chỉ có dòng tiêu đề nếu không có)",
        ("code", "name", "kind", "district", "path", "valid_from", "valid_to", "source", "certainty"),
    ),
    "districts.csv": (
        "các huyện cũ (chỉ có dòng tiêu đề nếu không có)",
        ("code", "name", "kind", "path", "valid_from", "valid_to", "source", "certainty"),
    ),
    "merges.csv": ("xã cũ thành xã nào", ("old_code", "new_code", "how", "on", "source", "certainty")),
    "schematic.csv": (
        "một điểm, diện tích và các xã giáp của mỗi xã",
        ("code", "lon", "lat", "area_km2", "neighbours", "source", "certainty"),
    ),
}
PAPERS = {
    "province.yaml": "tên, mã tỉnh, số của kế hoạch",
    "bodies.yaml": "các cơ quan",
    "codes.yaml": "chữ viết tắt và ký hiệu văn bản",
    "report.yaml": "các mục của báo cáo năm",
}
BODIES = ("ubnd_tinh", "so_nnmt", "ubnd_xa", "kiem_lam", "canh_sat_moi_truong")
"""Keys of bodies that the programme asks for by their part in it, whatever a province calls them."""


def key_of(place: Path) -> str:
    """The key of the province that a folder holds; ValueError says what is wrong with it."""
    file = place / "province.yaml"
    if not file.is_file():
        raise ValueError(f"Thư mục “{place}” không có tệp province.yaml ({PAPERS['province.yaml']}).")
    try:
        told = reading.read_yaml(file)
    except (RulebookError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    key = told.get("key") if isinstance(told, dict) else None
    if not isinstance(key, str) or not key.isidentifier():
        raise ValueError("Tệp province.yaml: mục key là chữ không dấu, không cách, như son_la.")
    return key


def problems(place: Path) -> list[str]:
    """What must be mended before the folder can be a province, a sentence each; empty when it is whole."""
    if not place.is_dir():
        return [f"Không có thư mục “{place}”."]
    try:
        key = key_of(place)
    except ValueError as error:
        return [str(error)]
    found = [*_files(place), *_head(reading.read_yaml(place / "province.yaml"))]
    if found:
        return found
    before = reading.home()
    for known in (provinces._load, plans._all, codes.province_codes):
        known.cache_clear()  # of another folder with this key
    reading.live_in(key, place)
    try:
        return list(_whole(key))
    except (RulebookError, KeyError, TypeError, ValueError) as error:
        return [f"Không đọc được thư mục: {error!r}." if isinstance(error, KeyError) else str(error)]
    finally:
        reading.live_in(before)


def _files(place: Path) -> Iterator[str]:
    for name, holds in PAPERS.items():
        if not (place / name).is_file():
            yield f"Thiếu tệp {name}: {holds}."
            continue
        try:
            if not isinstance(reading.read_yaml(place / name), dict):
                yield f"Tệp {name} phải gồm các mục “tên: giá trị”."
        except (RulebookError, UnicodeDecodeError) as error:
            yield f"Tệp {name}: {error}"
    for name, (holds, columns) in TABLES.items():
        if not (place / name).is_file():
            yield f"Thiếu tệp {name}: {holds}."
            continue
        try:
            text = (place / name).read_text(encoding="utf-8")
            reading.read_csv(place / name)
        except (RulebookError, UnicodeDecodeError) as error:
            yield f"Tệp {name}: {error}"
            continue
        heads = [one.strip() for one in text.splitlines()[0].split(",")] if text.strip() else []
        if lacking := [c for c in columns if c not in heads]:
            yield f"Tệp {name} thiếu cột {', '.join(lacking)}."
    if not any((place / "plans").glob("*.yaml")):
        yield "Thiếu kế hoạch: thư mục plans phải có ít nhất một tệp .yaml."


def _head(told: dict[str, Any]) -> Iterator[str]:
    for name in ("code", "name", "name_en"):
        if not isinstance(told.get(name), str) or not told[name]:
            yield f"Tệp province.yaml: thiếu mục {name}, hoặc mục ấy không phải chữ (mã số viết trong ngoặc kép)."
    plan = told.get("plan")
    if not isinstance(plan, dict) or not plan.get("value"):
        yield "Tệp province.yaml: mục plan phải có value là số của kế hoạch chính."


def _whole(key: str) -> Iterator[str]:
    """What only the files together can tell."""
    home = provinces.load_province(key)
    codes.province_codes(key)
    keys = {one.key for one in home.bodies}
    for body in BODIES:
        if body not in keys:
            yield f"Tệp bodies.yaml thiếu cơ quan có key {body}."
    for unit in home.communes:
        if not unit.path.startswith(f"{home.code}/"):
            yield f"Đơn vị {unit.name}: path phải bắt đầu bằng {home.code}/."
    if not any(u.period.end is None for u in home.communes):
        yield "Tệp units.csv không có xã, phường nào đang có hiệu lực."
    if home.plan not in plans.known(key):
        yield f"Thư mục plans không có kế hoạch {home.plan} mà province.yaml nêu; có: {', '.join(plans.known(key))}."
    else:
        numbers = {t.number for t in plans.load(key, home.plan).tasks}
        for one in home.report:
            if strange := sorted(set(one.tasks) - numbers):
                yield f"Tệp report.yaml, mục {one.number}: kế hoạch không có nhiệm vụ số {strange[0]}."
    for problem in of_province(key):
        yield f"{problem.where}: {problem.sentence}"
