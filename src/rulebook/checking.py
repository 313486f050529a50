"""The rulebook checks itself: every row sourced and marked, dates in order, codes and merges whole."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import combinations
from typing import Any

from rulebook.backbone import taxa
from rulebook.certainty import LEVELS
from rulebook.codes import code_formats
from rulebook.decisions.sound import uneven
from rulebook.decisions.tables import tables
from rulebook.documents import instruments
from rulebook.errors import RulebookError
from rulebook.lists import RANKS, Entry, all_entries, catalogue, groups
from rulebook.names import parse
from rulebook.parameters import params
from rulebook.plans import known, load
from rulebook.provinces import load_province
from rulebook.reading import entries, folder, home, read_csv

DOCUMENT = re.compile(
    r"\d+(?:\.\d+)?/(?:\d{4}/)?(?:NĐ-CP|TT-[A-Z]+|QH\d+|NQ-[A-ZĐ0-9]+|KH-UBND|QĐ-[A-Za-z]+)"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and by which rule, in a sentence."""

    where: str
    rule: str
    sentence: str


def _folders(top: Traversable) -> Iterator[Traversable]:
    yield top
    for inner in sorted((f for f in top.iterdir() if f.is_dir()), key=lambda f: f.name):
        yield from _folders(inner)


def _rows() -> Iterator[Problem]:
    """Every row of every table has a source and one of the five marks."""
    for place in _folders(folder("vn")):
        for file in entries(place, ".csv"):
            if file.name == "edges.csv":
                continue  # what the tables say, not a source of its own
            for number, row in enumerate(read_csv(file), start=2):
                where = f"{file.name}:{number}"
                if not row.get("source"):
                    yield Problem(where, "source", "Dòng không ghi nguồn.")
                if row.get("certainty") not in LEVELS:
                    yield Problem(where, "certainty", "Dòng không ghi mức tin cậy.")


def _lists() -> Iterator[Problem]:
    """Entries belong to a known list and group, in its time, once; their names can be read."""
    held = {(info.id, info.system): info for info in catalogue()}
    seen: dict[tuple[str, str, str, str], list[Entry]] = {}
    for entry in all_entries():
        where = f"{entry.list}: {entry.scientific_name}"
        group = groups().get(entry.group)
        info = held.get((entry.list, group.system)) if group else None
        if group is None or info is None:
            yield Problem(where, "group", f"Nhóm “{entry.group}” không thuộc danh mục này.")
        elif not entry.period.overlaps(info.period):
            yield Problem(where, "period", "Thời gian của mục nằm ngoài thời gian của danh mục.")
        if entry.condition not in ("", "wild", "propagated"):
            yield Problem(where, "condition", f"Điều kiện “{entry.condition}” không có trong quy ước.")
        if entry.rank not in RANKS:
            yield Problem(where, "rank", f"Bậc “{entry.rank}” không có trong quy ước.")
        if entry.list not in instruments():
            yield Problem(where, "instrument", "Danh mục không có trong bảng văn bản.")
        for name in entry.names if entry.rank not in ("breed", "virus") else ():
            try:
                parse(name)
            except RulebookError as error:
                yield Problem(where, "name", error.sentence)
        breed = entry.vietnamese_name if entry.rank == "breed" else ""
        key = (entry.list, f"{entry.scientific_name} {breed}", entry.group, entry.condition)
        for other in seen.setdefault(key, []):
            if other.period.overlaps(entry.period):
                yield Problem(where, "duplicate", "Mục ghi hai lần cho cùng tên, nhóm và thời gian.")
        seen[key].append(entry)


def _overlapping(where: str, dated: tuple[Any, ...]) -> Iterator[Problem]:
    for first, second in combinations(dated, 2):
        if first.period.overlaps(second.period):
            yield Problem(where, "overlap", "Hai giá trị cùng có hiệu lực trong một ngày.")


def _cited(where: str, source: str) -> Iterator[Problem]:
    for number in DOCUMENT.findall(source):
        if number not in instruments():
            yield Problem(where, "instrument", f"Văn bản {number} được dẫn mà không có trong bảng văn bản.")


def _values(province: str) -> Iterator[Problem]:
    """Values never overlap, and one that is given says where it is written."""
    for name, param in params(province).items():
        yield from _overlapping(name, param.values)
        for value in param.values:
            yield from _cited(name, value.source)
            if value.value is not None and not value.source and value.certainty != "unsure":
                yield Problem(name, "source", "Giá trị không ghi nguồn.")
    for kind, code in code_formats().items():
        yield from _overlapping(kind, code.versions)
        for version in code.versions:
            yield from _cited(kind, version.source)


def _documents() -> Iterator[Problem]:
    """What an instrument names exists, and its dates are in order."""
    for id, one in instruments().items():
        for other in (one.repealed_by, *one.cites):
            if other and other not in instruments():
                yield Problem(id, "instrument", f"Văn bản {other} không có trong bảng văn bản.")
        days = [day for day in (one.issued, one.in_force, one.ended) if day]
        if days != sorted(days):
            yield Problem(id, "dates", "Ngày ban hành, hiệu lực, hết hiệu lực không theo thứ tự.")


def of_province(key: str) -> Iterator[Problem]:
    """Codes resolve, every old commune went somewhere, every commune of today came from somewhere."""
    home = load_province(key)
    today = {u.code for u in home.communes if u.period.end is None}
    old = {u.code for u in home.communes if u.period.end}
    districts = {u.code for u in home.districts}
    for path, count in Counter(u.path for u in (*home.communes, *home.districts)).items():
        if count > 1:
            yield Problem(path, "duplicate", "Mã đơn vị hành chính ghi hai lần.")
    for unit in home.communes:
        for district in (unit.district, *unit.former_districts):
            if district and district not in districts:
                yield Problem(unit.path, "district", f"Không có huyện mang mã {district}.")
    merged = {m.old_code for m in home.merges}
    for code in sorted(old ^ merged):
        yield Problem(code, "merge", "Xã cũ và bảng sáp nhập không khớp.")
    changed = bool(home.merges or old)  # a province whose units did not change has no table of mergers
    for code in sorted(today ^ {m.new_code for m in home.merges}) if changed else ():
        yield Problem(code, "merge", "Xã hiện nay và bảng sáp nhập không khớp.")
    for code in sorted(today ^ {s.code for s in home.schematic}):
        yield Problem(code, "schematic", "Xã hiện nay và bảng sơ đồ không khớp.")
    bodies = {b.key for b in home.bodies} | {""}
    for body in home.bodies:
        if body.parent not in bodies:
            yield Problem(body.key, "body", f"Không có cơ quan “{body.parent}”.")
    for id in known(key):
        plan = load(key, id)
        numbers = {t.number for t in plan.tasks}
        for cited in plan.cites:
            yield from _cited(id, cited.id)
        for node in plan.nodes:
            if node.body not in bodies or not set(node.serves) <= numbers:
                yield Problem(f"{id} {node.code}", "plan", "Cơ quan hoặc nhiệm vụ của mục không có thật.")


def _backbone() -> Iterator[Problem]:
    """Accepted names and synonyms are told apart, and a genus stands in one place."""
    accepted = Counter(t.scientific_name for t in taxa())
    synonyms = Counter(s for t in taxa() for s in t.synonyms)
    for name, count in (accepted + synonyms).items():
        if count > 1:
            yield Problem(name, "duplicate", "Tên ghi hai lần trong danh lục loài.")
    places: dict[str, tuple[str, ...]] = {}
    for taxon in taxa():
        place = (taxon.kingdom, taxon.phylum, taxon.klass, taxon.order, taxon.family)
        if not all(place):
            yield Problem(taxon.scientific_name, "ranks", "Thiếu bậc phân loại.")
        if places.setdefault(taxon.genus, place) != place:
            yield Problem(taxon.scientific_name, "ranks", "Một chi đứng ở hai nơi.")


def _decisions() -> Iterator[Problem]:
    """Rows of decision tables are sourced, cite known instruments, and their bands meet."""
    for table in tables().values():
        for row in table.rows:
            yield from _cited(row.id, row.source)
            if not row.source:
                yield Problem(row.id, "source", "Hàng không ghi nguồn.")
        for where, rule, sentence in uneven(table):
            yield Problem(where, rule, sentence)


def check(province: str | None = None) -> list[Problem]:
    """Everything wrong in the rulebook, in order of files; an empty list when nothing is."""
    try:
        return [
            *_rows(),
            *_lists(),
            *_values(province or home()),
            *_decisions(),
            *_documents(),
            *of_province(province or home()),
            *_backbone(),
        ]
    except RulebookError as error:
        return [Problem("", "unreadable", error.sentence)]
