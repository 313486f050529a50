"""The report filled: the template with the period's figures, its appendix tables and where each figure comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override
from docx import Document
from docxtpl import DocxTemplate

import rulebook
from baoton.assessment.models import SpeciesStatus
from baoton.kit.reading.register import REGISTERS
from baoton.people.models import Organisation
from baoton.places.queries import province_path, unit_name
from baoton.plan.models import Work
from baoton.plan.queries import plan, task_node, tasks
from baoton.reporting import queries
from baoton.reporting.communes import NOWHERE, Communes
from baoton.reporting.models import FigureRequest
from baoton.reporting.periods import Period
from baoton.reporting.queries import Section, Told
from baoton.reporting.species import line as species_line
from baoton.reporting.word import template
from baoton.reporting.word.tables import put_communes, put_picture

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
TABLE = "⟦communes⟧"
NOTHING_YET = "- ………………… (đơn vị soạn thảo ghi)."
OTHER_OBSTACLES = "- Khó khăn, vướng mắc khác: ………………… (đơn vị soạn thảo ghi)."


@dataclass(frozen=True)
class Yearly:
    """All that a yearly report is written from."""

    period: Period
    on: date
    figures: list[Told]
    communes: Communes
    species: list[SpeciesStatus]
    chain_head: str
    simulated: bool
    made_by: str
    address: str
    compared: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Sequence[FigureRequest]] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return self.period.year

    @property
    def page(self) -> str:
        """Where the figures of the report open."""
        return f"{self.address}{reverse('report-figures', args=[self.period.key])}"


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
        filled = DocxTemplate(BytesIO(template_bytes()))
        if "sources" not in filled.get_undeclared_template_variables():
            raise ValueError("mẫu báo cáo thiếu trường sources: báo cáo phải nói nguồn của số liệu")
        filled.render(context(given), autoescape=True)
        held = BytesIO()
        filled.save(held)
        document = Document(BytesIO(held.getvalue()))
        put_communes(document, TABLE, given.communes)
        put_picture(document, template.QR, given.page)
        document.core_properties.title = (
            f"{rulebook.province(settings.PROVINCE).report_title}, {given.period.name}"
        )
        document.core_properties.author = given.made_by
        document.core_properties.comments = template.SAYS_SIMULATED if given.simulated else ""
        document.save(str(path))


def context(given: Yearly) -> dict[str, Any]:
    """Every field of the template; sources are collected as their figures are met."""
    sources: list[dict[str, Any]] = []
    current, place = plan(), unit_name(province_path())
    short = place.removeprefix("Tỉnh ").removeprefix("tỉnh ")
    if current is None:
        raise ValueError("chưa nạp kế hoạch: chạy baoton init")
    told = [_section(given, s, sources) for s in queries.sections(given.figures)]
    numbered = rulebook.format_code("document", on=given.on, serial=1, type="BC", issuer="so_nnmt").text
    symbol = numbered.split("/", 1)[1]
    return {
        "simulated_line": template.SAYS_SIMULATED if given.simulated else "",
        "province_caps": f"TỈNH {short}".upper(),
        "place": short,
        "dated_year": given.on.year,
        "year": given.year,
        "period": given.period.name,
        "sources": sources,
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


def _section(given: Yearly, section: Section, sources: list[dict[str, Any]]) -> dict[str, Any]:
    """One section; an unknown figure is no sentence of a paper to be signed but stands beside the draft."""
    lines: list[str] = []
    first: list[str] = []
    if section.key == "direction":
        first = [f"- {told}" for told in [queries.work_done(given.period)] if told]
    elif section.key == "special_use_forest":
        lines = [_step(w, late) for w, late in queries.steps(given.period, 2)]
    elif section.key == "obstacles":
        lines = [*_late(queries.open_work(given.period, "late")), OTHER_OBSTACLES]
    elif section.key == "next_year":
        lines = ["- Các nhiệm vụ trọng tâm của Kế hoạch và thời gian thực hiện:"]
        lines += [f"+ {t.official.rstrip('.')}: {t.time}." for t in tasks()]
        lines += [f"+ {w.title}: hạn {w.due:%d/%m/%Y}." for w in queries.open_work(given.period, "next")]
    figures = [_figure(given, f, sources) for f in section.figures if f.value is not None]
    lines += [line for f in section.figures for line in _apart(given, f)]
    figures += [_answer(one, sources) for one in given.answers.get(section.key, ())]
    return {
        "roman": ROMAN[section.number],
        "title": section.title.upper(),
        "first": first,
        "figures": figures,
        "lines": lines or ([] if figures or first else [NOTHING_YET]),
    }


def _figure(given: Yearly, told: Told, sources: list[dict[str, Any]]) -> dict[str, str]:
    sources.append({"n": len(sources) + 1, "label": told.label, **source(told)})
    return {
        "label": told.label,
        "text": told.text,
        "unit": f" {told.unit}",
        "limits": f" ({told.limits})" if told.limits else "",
        "compare": given.compared.get(told.name, ""),
        "note": f" [{len(sources)}]",
        "end": ".",
    }


def _apart(given: Yearly, told: Told) -> list[str]:
    """A figure told apart, a line a row: each of its columns, and their sum."""
    table = queries.table(told, given.period)
    if table is None:
        return []
    lines = [f"{told.label}, theo từng loại:"]
    for name, cells, total in table.rows:
        parts = [f"{c} {n}" for c, (n, _a) in zip(table.columns, cells, strict=True) if n != "–"]
        lines.append(f"+ {name}: {total} ({'; '.join(parts)}).")
    return lines


def _answer(one: FigureRequest, sources: list[dict[str, Any]]) -> dict[str, str]:
    """A figure that another body gave, under that body's name."""
    body = Organisation.objects.filter(code=one.body).first()
    name = body.name if body else one.body
    told = {"source": f"{name}: {one.source}", "count": "–", "method": "theo báo cáo", "check": "–"}
    sources.append({"n": len(sources) + 1, "label": one.what, **told})
    return {
        "label": one.what[:1].upper() + one.what[1:],
        "text": one.answer,
        "unit": "",
        "limits": "",
        "compare": "",
        "note": f" [{len(sources)}]",
        "end": ".",
    }


def source(told: Told) -> dict[str, str]:
    """Where a figure comes from: the book and its filters, how many records, how counted, the data's check code."""
    return {
        "source": f"Sổ “{told.book}”; {told.sentence}",
        "count": queries.number(told.count or 0),
        "method": told.method,
        "check": told.input_hash[:16],
    }


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
    for i, one in enumerate((c for table in given.communes.tables for c in table), 3):
        shared.setdefault(f"sổ “{one.book}”; {one.sentence}", []).append(i)
    told = [f"({'), ('.join(map(str, columns))}): {what}" for what, columns in shared.items()]
    lines.append(f"Cột {'. Cột '.join(told)}. Mở từng xã bằng cách thêm điều kiện “ở”.")
    return lines


def _species_notes(given: Yearly) -> list[str]:
    node = task_node("survey")
    lines = [
        f"{queries.number(len(given.species))} loài{f', nhiệm vụ {node.title}' if node else ''}; mở ở sổ "
        f"“{REGISTERS['assessment.status'].label}”, năm {given.year}.",
        "EOO: diện tích bao lồi; AOO: số ô 2 × 2 km có mặt nhân 4 km². “Hạng máy gợi ý” chỉ dựa trên EOO và "
        "AOO trong tỉnh, không phải kết luận; hạng chỉ có giá trị khi đã được thông qua.",
        "(*) Nhóm theo luật chưa kiểm chứng lại theo văn bản gốc đang có hiệu lực.",
    ]
    if not given.species:
        lines.insert(0, "Chưa có số liệu: chưa tính tình trạng loài của năm này.")
    return lines


__all__ = ["NOWHERE", "Yearly", "write"]
