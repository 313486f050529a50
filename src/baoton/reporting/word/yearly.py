"""The report filled: the template with the period's figures, its appendix tables and where each figure comes from."""

import zipfile
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate

import rulebook
from baoton.kit.paper.sandbox import Sandbox
from baoton.kit.reading.register import REGISTERS
from baoton.people.queries import issuer_of, organisation_name, signer_of
from baoton.places.queries import province_path, province_short, unit_name
from baoton.plan.queries import plan, task_node
from baoton.reporting import queries
from baoton.reporting.communes import NOWHERE
from baoton.reporting.scopes.editions import ANNEXES, Edition
from baoton.reporting.scopes.themes import YEARLY
from baoton.reporting.species import line as species_line
from baoton.reporting.word import template
from baoton.reporting.word.given import Yearly
from baoton.reporting.word.parts import put_details, put_parts
from baoton.reporting.word.sections import NOTHING_YET, Body, source
from baoton.reporting.word.tables import put_communes, put_picture
from rulebook.paper import paper

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


def needed(given: Yearly) -> set[str]:
    """The fields without which a template would word another report than this one."""
    own = {"of_plan", "preamble", "title"} if given.scope.own else set()
    return own | ({"addressee", *(f"annex_{one}" for one in ANNEXES)} if given.edition.key else set())


def write(given: Yearly, path: Path, template_file: bytes = b"") -> None:
    """The report stands in the file, in Vietnamese, whatever language its maker reads; `template_file` words it."""
    with override("vi"):
        filled = DocxTemplate(BytesIO(template_file or template_bytes()))
        for name in NEEDED:
            if name not in filled.get_undeclared_template_variables(jinja_env=Sandbox()):
                raise ValueError(f"mẫu báo cáo thiếu trường {name}: tải mẫu mới rồi sửa lời trên mẫu ấy")
        told, edition = Body(given), given.edition
        filled.render(context(given, told), jinja_env=Sandbox(), autoescape=True)
        held = BytesIO()
        filled.save(held)
        document = Document(BytesIO(held.getvalue()))
        put_parts(document, told.parts)
        if edition.annex("communes"):
            put_communes(document, TABLE, given.told)
        if edition.annex("details"):
            put_details(document, DETAILS, told.details)
        if edition.annex("sources"):
            put_picture(document, template.QR, given.page)
        if not edition.annexes:
            upright(document)
        about = document.core_properties
        about.title = title(given) if given.scope.own else _plan_title(given)
        about.author = about.last_modified_by = (
            organisation_name(given.edition.signs) if edition.public else given.made_by
        )
        about.comments = template.SAYS_SIMULATED if given.simulated else ""
        about.created = about.modified = datetime.combine(given.on, time())
        document.save(str(path))
    still(path)


def _plan_title(given: Yearly) -> str:
    return f"{rulebook.province(settings.PROVINCE).report_title}, {given.scope.name}"


def title(given: Yearly) -> str:
    """What a report of its own kind tells of, as its title says it: with the province, or the commune."""
    declared = given.scope.declared
    if declared is None:
        return given.scope.name
    place = unit_name(province_path())
    return f"{declared.title} {place[:1].lower()}{place[1:]} {given.scope.when}"


def context(given: Yearly, body: Body) -> dict[str, Any]:
    """Every field of the template; sources, tables and pictures are collected as their figures are met."""
    current, edition, scope = plan(), given.edition, given.scope
    if current is None:
        raise ValueError("chưa nạp kế hoạch: chạy baoton init")
    lead = given.edition.signs
    above, issuer = issuer_of(lead)
    told = body.every(scope.sections(given.figures))
    head = signer_of(lead)
    about = title(given) if scope.own else scope.name
    grounds, note = _grounds(given)
    return {
        "simulated_line": template.SAYS_SIMULATED if given.simulated else "",
        "place": province_short(),
        "dated_year": given.on.year,
        "year": given.year,
        "period": scope.when if scope.own else scope.name,
        "kind": given.theme or YEARLY,
        "edition": edition.key,
        "of_plan": not scope.own,
        "title": about,
        "about": f"{about[:1].lower()}{about[1:]}",
        "addressee": edition.to,
        "grounds": grounds,
        "grounds_note": note,
        "preamble": f"{organisation_name(lead) or '……'} báo cáo {about[:1].lower()}{about[1:]} theo động lực, áp lực, "
        "hiện trạng, tác động và đáp ứng như sau.",
        "attached": _attached(edition),
        **{f"annex_{one}": edition.annex(one) for one in ANNEXES},
        "sources": body.sources,
        "details_table": DETAILS,
        "body_name": organisation_name(lead) or "……",
        "issuer_above": above.replace(" TỈNH ", "\nTỈNH ", 1),
        "issuer": issuer.replace(" VÀ ", "\nVÀ ", 1),
        "signer": f"TM. ỦY BAN NHÂN DÂN\n{head}" if lead.startswith("ubnd_") else head,
        "until": f"{given.on:%d/%m/%Y}",
        "symbol": symbol(given),
        "plan_code": current.code,
        "plan_day": f"{current.issued:%d/%m/%Y}",
        "plan_issuer": current.issuer,
        "plan_about": current.title[:1].lower() + current.title[1:],
        "sections": told,
        "receivers": list(edition.receivers) or receivers(),
        "communes_table": TABLE,
        "communes_notes": _communes_notes(given),
        "species": [species_line(i, s) for i, s in enumerate(given.species, 1)],
        "species_notes": _species_notes(given),
        "made_by": given.made_by,
        "chain_head": given.chain_head,
    }


def symbol(given: Yearly) -> str:
    """What stands behind the number: `BC-SNNMT`."""
    body = given.edition.signs
    issuer = "UBND" if body.startswith("ubnd_") else body
    numbered = rulebook.format_code("document", on=given.on, serial=1, type="BC", issuer=issuer).text
    return numbered.split("/", 1)[1]


def _attached(edition: Edition) -> str:
    """The annexes as the last sentence names them."""
    names = {
        "communes": "kết quả theo xã, phường", "species": "tình trạng loài", "details": "số liệu chi tiết",
        "sources": "nguồn số liệu",
    }  # fmt: skip
    some = [f"{names[one]} (Phụ lục {edition.annex(one)})" for one in ANNEXES if edition.annex(one)]
    return f"; kèm theo {' và '.join([', '.join(some[:-1]), some[-1]] if some[1:] else some)}" if some else ""


def _grounds(given: Yearly) -> tuple[list[str], str]:
    """What the report rests on: the instruments that may hold that day, starred where nobody read them again."""
    declared = given.scope.declared
    lines, sure = [], True
    for one in (rulebook.instrument(name) for name in (declared.grounds if declared else ())):
        if one.holds(given.on) is False:
            continue
        read = one.certainty == "read" and one.holds(given.on)
        sure = sure and bool(read)
        day = f" {paper().day(one.issued)}" if one.issued else ""
        by = f" của {one.issuer}" if one.kind != "luật" else ""
        name = f"{one.title} số {one.id}" if one.kind == "luật" else f"{one.kind.capitalize()} số {one.id}"
        what = "" if one.kind == "luật" else f" phê duyệt {one.title}"
        star = "" if read else " (*)"
        lines.append(f"Căn cứ {name}{day}{by}{what}{star};")
    lines = [*lines[:-1], f"{lines[-1].removesuffix(';')}."] if lines else []
    note = "" if sure else "(*) Căn cứ chưa kiểm chứng lại theo văn bản gốc đang có hiệu lực."
    return lines, note


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
    if given.edition.guarded:
        lines.append("Việc ở những nơi cần giữ kín chỉ có số của toàn tỉnh, không chia theo xã, phường.")
    if given.told.nowhere:
        lines.append(
            "Ghi nhận và đợt điều tra đếm theo vị trí được phép công bố: loài cần bảo vệ đếm theo ô lưới, "
            "nên số của một xã có thể khác số đếm theo vị trí thật; ghi nhận mà vị trí công bố không thuộc "
            "xã nào ở dòng “Không nêu xã, phường”, cùng việc của cấp tỉnh. Cột số loài không cộng được vì "
            "một loài có ở nhiều xã."
        )
    if annex := given.edition.annex("sources"):
        lines.append(f"Nguồn số liệu và cách tính của từng cột ở Phụ lục {annex}.")
    return lines


def _species_notes(given: Yearly) -> list[str]:
    if given.area:
        return ["Tình trạng loài tính cho toàn tỉnh, không tính cho từng xã, phường; xem báo cáo của tỉnh."]
    if given.theme and not given.species:
        return ["Chuyên đề này không nêu tình trạng từng loài; xem báo cáo năm của tỉnh."]
    node = task_node("survey")
    lines = [
        f"{queries.number(len(given.species))} loài{f', nhiệm vụ {node.title}' if node else ''}"
        + (
            "."
            if given.edition.public
            else f"; mở ở sổ “{REGISTERS['assessment.status'].label}”, năm {given.year}."
        ),
        "EOO: diện tích bao lồi; AOO: số ô 2 × 2 km có mặt nhân 4 km². “Hạng máy gợi ý” chỉ dựa trên EOO và "
        "AOO trong tỉnh, không phải kết luận; hạng chỉ có giá trị khi đã được thông qua.",
        "(*) Nhóm theo luật chưa kiểm chứng lại theo văn bản gốc đang có hiệu lực.",
    ]
    if not given.species:
        lines.insert(0, "Chưa có số liệu: chưa tính tình trạng loài của năm này.")
    return lines


def upright(document: Any) -> None:
    """A report without annexes has no page that lies across."""
    body = document.element.body
    last = next(
        p for p in body.iterchildren(qn("w:p")) if p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
    )
    layout = last.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
    for one in [*last.itersiblings(), last]:
        body.remove(one)
    body.append(layout)


def still(path: Path) -> None:
    """The same words are the same bytes: no file in it carries the hour at which it was packed."""
    held = BytesIO(path.read_bytes())
    with zipfile.ZipFile(held) as pack, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for one in pack.infolist():
            fresh = zipfile.ZipInfo(one.filename, (1980, 1, 1, 0, 0, 0))
            fresh.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(fresh, pack.read(one.filename))


__all__ = ["NOTHING_YET", "NOWHERE", "Yearly", "source", "write"]
