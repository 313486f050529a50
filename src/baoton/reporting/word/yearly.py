"""The yearly report filled: the template with the year's figures, its appendix tables and its footnotes."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import override
from docx import Document
from docxtpl import DocxTemplate

import rulebook
from baoton.assessment.models import SpeciesStatus
from baoton.kit.paper.footnotes import Note, bind, mark
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import province_path, unit_name
from baoton.plan.models import Work
from baoton.plan.queries import plan, task_node, tasks
from baoton.reporting import queries
from baoton.reporting.communes import NOWHERE, Communes
from baoton.reporting.queries import Section, Told
from baoton.reporting.species import line as species_line
from baoton.reporting.word import template
from baoton.reporting.word.tables import put_communes

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
TABLE = "⟦communes⟧"
OTHER_OBSTACLES = "- Khó khăn, vướng mắc khác: ………………… (đơn vị soạn thảo ghi)."


@dataclass(frozen=True)
class Yearly:
    """All that a yearly report is written from."""

    year: int
    on: date
    figures: list[Told]
    communes: Communes
    species: list[SpeciesStatus]
    chain_head: str
    simulated: bool
    made_by: str
    address: str


def template_bytes() -> bytes:
    """The office's own template where it saved one, else the one made here."""
    own = template_path()
    return own.read_bytes() if own.is_file() else template.made()


def template_path() -> Path:
    """Where an office keeps its own template."""
    return Path(settings.VAR) / "templates" / "yearly.docx"


def write(given: Yearly, path: Path) -> None:
    """The report stands in the file, in Vietnamese, whatever language its maker reads."""
    with override("vi"):
        notes: dict[int, Note] = {}
        filled = DocxTemplate(BytesIO(template_bytes()))
        filled.render(context(given, notes), autoescape=True)
        held = BytesIO()
        filled.save(held)
        document = Document(BytesIO(held.getvalue()))
        put_communes(document, TABLE, given.communes)
        bind(document, notes)
        document.core_properties.title = f"{rulebook.province(settings.PROVINCE).report_title}, {given.year}"
        document.core_properties.author = given.made_by
        document.core_properties.comments = template.SAYS_SIMULATED if given.simulated else ""
        document.save(str(path))


def context(given: Yearly, notes: dict[int, Note]) -> dict[str, Any]:
    """Every field of the template; the notes are collected as their figures are met."""
    current, place = plan(), unit_name(province_path())
    short = place.removeprefix("Tỉnh ").removeprefix("tỉnh ")
    if current is None:
        raise ValueError("chưa nạp kế hoạch: chạy baoton init")
    told = [_section(given, s, notes) for s in queries.sections(given.figures)]
    numbered = rulebook.format_code("document", on=given.on, serial=1, type="BC", issuer="so_nnmt").text
    symbol = numbered.split("/", 1)[1]
    return {
        "simulated_line": template.SAYS_SIMULATED if given.simulated else "",
        "province_caps": f"TỈNH {short}".upper(),
        "place": short,
        "dated_year": given.on.year,
        "year": given.year,
        "until": f"{given.on:%d/%m/%Y}",
        "symbol": symbol,
        "plan_code": current.code,
        "plan_day": f"{current.issued:%d/%m/%Y}",
        "plan_issuer": current.issuer,
        "plan_about": current.title[:1].lower() + current.title[1:],
        "sections": told,
        "receivers": receivers(),
        "communes_table": TABLE,
        "communes_notes": _communes_notes(given),
        "species": [species_line(i, s) for i, s in enumerate(given.species, 1)],
        "species_notes": _species_notes(given),
        "made_by": given.made_by,
        "chain_head": given.chain_head,
    }


def _section(given: Yearly, section: Section, notes: dict[int, Note]) -> dict[str, Any]:
    lines: list[str] = []
    if section.key == "special_use_forest":
        lines = [_step(w, late) for w, late in queries.steps(given.year, 2)]
    elif section.key == "obstacles":
        lines = [*_late(queries.open_work(given.year, "late")), OTHER_OBSTACLES]
    elif section.key == "next_year":
        lines = ["- Các nhiệm vụ trọng tâm của Kế hoạch và thời gian thực hiện:"]
        lines += [f"+ {t.official.rstrip('.')}: {t.time}." for t in tasks()]
        lines += [f"+ {w.title}: hạn {w.due:%d/%m/%Y}." for w in queries.open_work(given.year, "next")]
    return {
        "roman": ROMAN[section.number],
        "title": section.title.upper(),
        "figures": [_figure(given, f, notes) for f in section.figures],
        "lines": lines,
        "missing": "; ".join(section.missing),
    }


def _figure(given: Yearly, told: Told, notes: dict[int, Note]) -> dict[str, str]:
    number = len(notes) + 1
    notes[number] = Note(note(told), f"{given.address}{told.address}" if told.address else "")
    known = told.value is not None
    return {
        "label": told.label,
        "text": told.text,
        "unit": f" {told.unit}" if known else "",
        "limits": f" ({told.limits})" if told.limits else "",
        "why": f" ({told.why_unknown})" if not known and told.why_unknown else "",
        "note": mark(number),
        "end": ".",
    }


def note(told: Told) -> str:
    """What a footnote says: the book, the filters, how many records, how counted, the hash of the input."""
    if told.count is None:
        return f"Sổ “{told.book}”: {told.why_unknown or queries.NO_FIGURE}."
    parts = [
        f"Sổ “{told.book}”; {told.sentence}; {queries.number(told.count)} bản ghi",
        f"cách tính: {told.method}",
        f"dấu của dữ liệu vào: {told.input_hash[:16]}",
    ]
    return "; ".join(parts) + "."


def _step(work: Work, late: bool) -> str:
    if work.status == Work.Status.DONE and work.finished:
        return f"+ {work.title}: đã xong ngày {work.finished:%d/%m/%Y}."
    state = "quá hạn" if late else work.get_status_display()
    return f"+ {work.title}: {state}, hạn {work.due:%d/%m/%Y}."


def _late(works: list[Work]) -> list[str]:
    """Late work of the province item by item, that of communes counted by task."""
    province = [w for w in works if "/" not in w.area_path]
    lines = [f"+ {w.title}: hạn {w.due:%d/%m/%Y}." for w in province]
    by_task: dict[str, int] = {}
    for work in works:
        if "/" in work.area_path:
            name = work.task.title if work.task else "chưa gắn nhiệm vụ"
            by_task[name] = by_task.get(name, 0) + 1
    lines += [f"+ Việc của các xã, phường, {name}: {n} việc." for name, n in by_task.items()]
    return lines


def receivers() -> list[str]:
    """Those the plan itself is sent to; where the copy is filed is the Department's own archive."""
    current = plan()
    told = []
    for name, purpose in current.body.get("recipients", []) if current else []:
        if not name.startswith("Lưu"):
            told.append(f"{name} ({purpose});" if purpose else f"{name};")
    return [*told, "Lưu: VT."]


def _communes_notes(given: Yearly) -> list[str]:
    lines = ["Ghi chú: “–” là chưa có bản ghi nào cho biết, không phải bằng không."]
    if given.communes.nowhere:
        lines.append(
            "Ghi nhận và đợt điều tra đếm theo vị trí được phép công bố: loài cần bảo vệ đếm theo ô lưới, "
            "nên số của một xã có thể khác số đếm theo vị trí thật; ghi nhận mà vị trí công bố không thuộc "
            "xã nào ở dòng “Không nêu xã, phường”, cùng việc của cấp tỉnh. Cột số loài không cộng được vì "
            "một loài có ở nhiều xã."
        )
    shared: dict[str, list[int]] = {}
    for i, one in enumerate(given.communes.columns, 3):
        shared.setdefault(f"sổ “{one.book}”; {one.sentence}", []).append(i)
    told = [f"({'), ('.join(map(str, columns))}): {what}" for what, columns in shared.items()]
    lines.append(f"Cột {'. Cột '.join(told)}. Mở từng xã bằng cách thêm điều kiện “ở”.")
    return lines


def _species_notes(given: Yearly) -> list[str]:
    node = task_node("survey")
    lines = [
        f"Mở: {given.address}{REGISTERS['assessment.status'].url()}?on={given.year} "
        f"({queries.number(len(given.species))} loài{f', nhiệm vụ {node.title}' if node else ''}).",
        "EOO: diện tích bao lồi; AOO: số ô 2 × 2 km có mặt nhân 4 km². “Hạng máy gợi ý” chỉ dựa trên EOO và "
        "AOO trong tỉnh, không phải kết luận; hạng chỉ có giá trị khi đã được thông qua.",
        "(*) Nhóm theo luật chưa kiểm chứng lại theo văn bản gốc đang có hiệu lực.",
    ]
    if not given.species:
        lines.insert(0, "Chưa có số liệu: chưa tính tình trạng loài của năm này.")
    return lines


__all__ = ["NOWHERE", "Yearly", "write"]
