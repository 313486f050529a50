"""`baoton import`: the same choices and the same sentences as the pages of an import, for a terminal or a script."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from baoton.kit.access import Actor

FAMILIES = {"observations": None, "taxa": "taxa.taxon", "places": "places.boundary"}
HINTS = ("encoding", "delimiter", "header_row", "text_encoding", "sheets", "crs", "hidden")


def options(parser: argparse.ArgumentParser) -> None:
    """Every choice a message may ask for."""
    add = parser.add_argument
    add("--json", action="store_true", help="in mọi thứ dạng JSON: cách đọc, điều đã hiểu, từng dòng")
    add("--map", action="append", default=[], metavar="CỘT=NGHĨA", help="cột này nghĩa là; NGHĨA '-' là bỏ")
    add("--set", action="append", default=[], metavar="NGHĨA=GIÁ_TRỊ", help="cùng một giá trị cho mọi dòng")
    add("--value", action="append", default=[], metavar="NGHĨA:VIẾT=HIỂU", help="một giá trị mã nghĩa là gì")
    add(
        "--keep",
        action="append",
        default=[],
        metavar="CỘT",
        help="để cột này như dữ liệu khác, dù giống ngày hay nơi",
    )
    add(
        "--accept",
        action="append",
        default=[],
        metavar="CÂU_HỎI",
        help="trả lời “cứ như thế” cho một câu hỏi mà lần chạy thử nêu tên",
    )
    add("--key", action="append", default=[], metavar="CỘT", help="cột làm mã dòng")
    add("--into", default="", metavar="SỔ", help="nhập mọi bảng vào sổ này")
    add("--crs", default="", help="hệ toạ độ, ví dụ vn2000-103-3, utm48n")
    add(
        "--date-order",
        default="",
        choices=("", "dmy", "mdy"),
        help="03/04: ngày trước (dmy) hay tháng trước (mdy)",
    )
    add(
        "--years",
        default="",
        metavar="CÁCH",
        choices=("", "pivot", "2000", "1900"),
        help="năm hai chữ số: pivot (gần hôm nay nhất), 2000, 1900",
    )
    add("--encoding", default="", help="bảng mã của tệp chữ, ví dụ utf-8, cp1258, tcvn3")
    add("--delimiter", default="", help="dấu ngăn cột")
    add("--header-row", default="", help="dòng tiêu đề là dòng mấy (0: không có)")
    add("--sheets", action="append", default=[], metavar="TÊN", help="trang tính ẩn cũng nhập")
    add(
        "--choose",
        action="append",
        default=[],
        metavar="TÊN=GIÁ_TRỊ",
        help="lựa chọn khác mà một lời nhắc nêu tên",
    )
    add(
        "--hidden",
        default="",
        choices=("", "read"),
        help="dòng, cột đang bị ẩn trong trang tính: để lại, hay đọc cả (read)",
    )
    add("--overwrite", action="store_true", help="ghi đè cả bản ghi đã sửa tay")
    add("--recognise", action="store_true", help="nhận dòng không mã là bản ghi giống hệt đang có")
    add("--refused", type=Path, default=None, metavar="TỆP", help="ghi các dòng bị từ chối ra tệp để sửa")


def mapping(given: Any) -> dict[str, Any]:
    """The choices as the engine takes them; a `ValueError` names the one that cannot be read."""
    asked: dict[str, Any] = {
        "columns": _pairs(given.map, "--map") | {c: c for c in given.keep},
        "accepted": given.accept,
        "constants": _pairs(given.set, "--set"),
        "values": _values(given.value),
        "key": given.key,
        "crs": given.crs,
        "date_order": given.date_order,
        "short_years": given.years,
        "target": given.into,
        "overwrite": given.overwrite,
        "recognise": given.recognise,
    }
    hint: dict[str, Any] = {
        "encoding": given.encoding,
        "delimiter": {"\\t": "\t", "tab": "\t"}.get(given.delimiter, given.delimiter),
        "header_row": int(given.header_row) if given.header_row.isdigit() else None,
        "sheets": given.sheets,
        "crs": given.crs,
        "hidden": given.hidden,
    }
    for name, value in _pairs(given.choose, "--choose").items():
        (hint if name in HINTS else asked)[name] = value
    given_hint = {k: v for k, v in hint.items() if v or (k == "header_row" and v == 0)}
    return {k: v for k, v in asked.items() if v} | {"hint": given_hint}


def _pairs(given: Iterable[str], option: str) -> dict[str, str]:
    found = {}
    for one in given:
        name, mark, value = one.partition("=")
        if not mark or not name.strip():
            raise ValueError(f"viết {option} TÊN=GIÁ_TRỊ, không phải “{one}”")
        found[name.strip()] = value.strip()
    return found


def _values(given: Iterable[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, meant in _pairs(given, "--value").items():
        term, mark, written = name.partition(":")
        if not mark:
            raise ValueError(f"viết --value NGHĨA:VIẾT=HIỂU, không phải “{name}”")
        found.setdefault(term, {})[written] = meant
    return found


def run(given: Any, actor: Actor) -> int:
    """The file is checked, or written with `--commit`; what became of it is printed."""
    from baoton.kit import importing
    from baoton.kit.importing import telling

    if not given.file.exists():
        raise FileNotFoundError(f"không thấy tệp {given.file}")
    target = FAMILIES.get(given.what, given.what)
    if target is not None and target not in importing.TARGETS:
        known = ", ".join([*FAMILIES, *sorted(importing.TARGETS)])
        raise ValueError(f"không có sổ “{given.what}” để nhập; có: {known}")
    asked = mapping(given)
    wanted = asked.get("target")
    if wanted and wanted not in importing.TARGETS:
        raise ValueError(f"không có sổ “{wanted}” để nhập; có: {', '.join(sorted(importing.TARGETS))}")
    rows: list[dict[str, Any]] = []
    batch = importing.run_file(
        actor, given.file, target, given.dataset or None, asked, dry=not given.commit,
        tell=rows.append if given.json else None,
    )  # fmt: skip
    if given.refused is not None and batch.outcome_sha256:
        from baoton.kit.importing.refused import write as write_refused

        n = write_refused(batch, given.refused)
        if not given.json:
            print(f"{n} dòng bị từ chối → {given.refused}")
    if given.json:
        print(json.dumps({**telling.summary(batch), "rows": rows}, ensure_ascii=False, indent=1, default=str))
    else:
        for line in telling.lines(batch):
            print(line)
        if batch.state != "failed":
            print(_ending(batch, given.commit))
    return 0 if batch.state == ("done" if given.commit else "checked") else 1


def _ending(batch: Any, commit: bool) -> str:
    if batch.state == "done":
        return "đã ghi"
    if commit:
        return "chưa ghi gì: trả lời các câu hỏi trên rồi chạy lại"
    return "mới chạy thử, chưa ghi gì; thêm --commit để ghi"


def ground(given: Any) -> int:
    """Relief, roads or rivers lie under every map from now on."""
    from baoton.kit.access import System
    from baoton.places import base, relief

    print(relief.lay(System(), given.what, given.file, tuple(json.loads(base.content())["bounds"])))
    return 0
