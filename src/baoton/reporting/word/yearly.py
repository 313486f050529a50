"""The report filled: the template with the period's figures, its appendix tables and where each figure comes from."""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import override
from docx import Document
from docxtpl import DocxTemplate

import rulebook
from baoton.kit.paper.sandbox import Sandbox
from baoton.kit.reading.register import REGISTERS
from baoton.people.queries import issuer_of, organisation_name, signer_of
from baoton.places.queries import province_path, unit_name
from baoton.plan.queries import plan, task_node
from baoton.reporting import queries
from baoton.reporting.communes import NOWHERE
from baoton.reporting.species import line as species_line
from baoton.reporting.word import template
from baoton.reporting.word.given import Yearly
from baoton.reporting.word.parts import put_details, put_parts
from baoton.reporting.word.sections import NOTHING_YET, Body, source
from baoton.reporting.word.tables import put_communes, put_picture

TABLE = "⟦communes⟧"
DETAILS = "⟦details⟧"
NEEDED = ("sources", "communes_table", "details_table")


def template_bytes() -> bytes:
    """The office's own template where it saved one, else the one made here."""
    own = template_path()
    return own.read_bytes() if own.is_file() else template.made()


def template_path() -> Path:
    """Where an office keeps its own template."""
    return Path(settings.VAR) / "templates" / "yearly.docx"


def write(given: Yearly, path: Path, template_file: bytes = b"") -> None:
    """The report stands in the file, in Vietnamese, whatever language its maker reads; `template_file` words it."""
    with override("vi"):
        filled = DocxTemplate(BytesIO(template_file or template_bytes()))
        for name in NEEDED:
            if name not in filled.get_undeclared_template_variables(jinja_env=Sandbox()):
                raise ValueError(f"mẫu báo cáo thiếu trường {name}: tải mẫu mới rồi sửa lời trên mẫu ấy")
        told = Body(given)
        filled.render(context(given, told), jinja_env=Sandbox(), autoescape=True)
        held = BytesIO()
        filled.save(held)
        document = Document(BytesIO(held.getvalue()))
        put_parts(document, told.parts)
        put_communes(document, TABLE, given.communes)
        put_details(document, DETAILS, told.details)
        put_picture(document, template.QR, given.page)
        document.core_properties.title = (
            f"{rulebook.province(settings.PROVINCE).report_title}, {given.scope.name}"
        )
        document.core_properties.author = given.made_by
        document.core_properties.comments = template.SAYS_SIMULATED if given.simulated else ""
        document.save(str(path))


def context(given: Yearly, body: Body) -> dict[str, Any]:
    """Every field of the template; sources, tables and pictures are collected as their figures are met."""
    current, place = plan(), unit_name(province_path())
    short = place.removeprefix("Tỉnh ").removeprefix("tỉnh ")
    if current is None:
        raise ValueError("chưa nạp kế hoạch: chạy baoton init")
    lead = queries.lead()
    above, issuer = issuer_of(lead)
    told = [body.section(s) for s in given.scope.sections(given.figures)]
    numbered = rulebook.format_code("document", on=given.on, serial=1, type="BC", issuer=lead).text
    symbol = numbered.split("/", 1)[1]
    return {
        "simulated_line": template.SAYS_SIMULATED if given.simulated else "",
        "place": short,
        "dated_year": given.on.year,
        "year": given.year,
        "period": given.scope.name,
        "sources": body.sources,
        "details_table": DETAILS,
        "body_name": organisation_name(lead) or "……",
        "issuer_above": above.replace(" TỈNH ", "\nTỈNH ", 1),
        "issuer": issuer.replace(" VÀ ", "\nVÀ ", 1),
        "signer": signer_of(lead),
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
    lines.append("Nguồn số liệu và cách tính của từng cột ở Phụ lục IV.")
    return lines


def _species_notes(given: Yearly) -> list[str]:
    if given.area:
        return ["Tình trạng loài tính cho toàn tỉnh, không tính cho từng xã, phường; xem báo cáo của tỉnh."]
    if given.theme and not given.species:
        return ["Chuyên đề này không nêu tình trạng từng loài; xem báo cáo năm của tỉnh."]
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


__all__ = ["NOTHING_YET", "NOWHERE", "Yearly", "source", "write"]
