"""Looking at a template before it is taken: what kind of file it is, then each field and tag with its place."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from jinja2 import TemplateSyntaxError, nodes

from baoton.kit.paper.sandbox import FILTERS, Sandbox

MOST_MB, UNPACKED_MB, SHOWN, MOST_SAID = 10, 100, 60, 12
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
OPEN = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
WORDS: Mapping[str, tuple[str, ...]] = {
    "": (
        "simulated_line", "place", "dated_year", "year", "period", "body_name", "issuer_above", "issuer", "signer",
        "until", "symbol", "plan_code", "plan_day", "plan_issuer", "plan_about", "made_by", "chain_head",
        "communes_table", "details_table", "sections", "sources", "species", "receivers", "communes_notes",
        "species_notes", "of_plan", "kind", "edition", "title", "about", "addressee", "grounds", "grounds_note",
        "preamble", "attached", "annex_communes", "annex_species", "annex_details", "annex_sources",
    ),
    "sections": ("roman", "title", "first", "figures", "parts", "lines"),
    "figures": ("label", "text", "unit", "limits", "compare", "note", "end"),
    "sources": ("n", "label", "source", "count", "method", "check"),
    "species": ("n", "name", "vernacular", "legal", "records", "years", "eoo", "aoo", "indicated", "category"),
}  # fmt: skip
"""The fields a template may ask for: of the report, and of a row of each of its lists."""
NEEDED = ("sections", "s.parts", "sources", "communes_table", "details_table")
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.Filter, nodes.Test,
    nodes.For, nodes.If, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr,
)  # fmt: skip


def faults(name: str, held: bytes) -> list[str]:
    """What is wrong with a template, one sentence each with its place; empty where it may be taken."""
    if told := _file(name, held):
        return [told]
    try:
        parts = list(_paragraphs(Document(io.BytesIO(held))))
    except Exception:  # python-docx raises whatever its XML reader meets in a spoilt file
        return [
            _("Không mở được tệp “%(name)s”: tệp Word hỏng, lưu lại trong Word rồi gửi.") % {"name": name}
        ]
    reader = _Reader()
    for text in parts:
        reader.read(text)
    found = reader.told()
    if len(found) <= MOST_SAID:
        return found
    rest = _("Còn %(n)d chỗ sai nữa; sửa các chỗ trên rồi gửi lại để xem tiếp.") % {
        "n": len(found) - MOST_SAID
    }
    return [*found[:MOST_SAID], rest]


def _file(name: str, held: bytes) -> str:
    """Why the file is no template, or an empty text."""
    said = {"name": name}
    if name.lower().endswith((".docm", ".dotm")):
        return _("Không nhận tệp có macro “%(name)s”: lưu lại thành .docx rồi gửi.") % said
    if len(held) > MOST_MB << 20:
        return _("Tệp “%(name)s” lớn hơn %(n)d MB.") % {**said, "n": MOST_MB}
    if not zipfile.is_zipfile(io.BytesIO(held)):
        return _("Tệp “%(name)s” không phải tệp Word .docx.") % said
    with zipfile.ZipFile(io.BytesIO(held)) as pack:
        names = pack.namelist()
        if sum(one.file_size for one in pack.infolist()) > UNPACKED_MB << 20:
            return _("Tệp “%(name)s” giải nén ra quá lớn.") % said
        if "word/document.xml" not in names or "[Content_Types].xml" not in names:
            return _("Tệp “%(name)s” không phải tệp Word .docx.") % said
        macro = b"macroEnabled" in pack.read("[Content_Types].xml")
        if macro or any(n.lower().endswith(("vbaproject.bin", "vbadata.xml")) for n in names):
            return _("Không nhận tệp có macro “%(name)s”: lưu lại thành .docx rồi gửi.") % said
        if any(n.startswith(("word/embeddings/", "word/activeX/")) for n in names):
            return _("Không nhận tệp “%(name)s” có đối tượng nhúng: bỏ đối tượng ấy rồi gửi.") % said
        for one in names:
            if one.endswith(".rels") and _outside(pack.read(one)):
                return _("Tệp “%(name)s” lấy nội dung từ nơi khác: bỏ liên kết ngoài rồi gửi.") % said
    return ""


def _outside(rels: bytes) -> bool:
    """Whether something other than a plain link is taken from elsewhere."""
    found = re.findall(rb"<Relationship\b[^>]*TargetMode=\"External\"[^>]*>", rels)
    return any(b'/hyperlink"' not in one for one in found)


def _paragraphs(document: Any) -> Iterator[str]:
    """The text of each paragraph in the order of reading: heads and feet, then the body with its tables."""
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    roots = [document.element.body]
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            roots.insert(0, part._element)
    seen: set[Any] = set()
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        for paragraph in root.iter(f"{word}p"):
            yield "".join(t.text or "" for t in paragraph.iter(f"{word}t"))


class _Reader:
    """One reading of a template: the loops and conditions that are open, and what was found wrong."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.used: set[str] = set()
        self.open: list[
            tuple[str, str, str, str]
        ] = []  # for or if, its variable, of which list, the paragraph
        self.jinja = Sandbox()

    def told(self) -> list[str]:
        for block, _variable, _list, text in self.open:
            self.say(_("Đoạn “%(text)s”: thẻ %(tag)s chưa có thẻ đóng end%(tag)s."), text, tag=block)
        for name in NEEDED:
            if name not in self.used:
                told = _("Mẫu thiếu trường “%(field)s”: tải mẫu đang dùng rồi sửa lời trên mẫu ấy.")
                self.wrong.append(told % {"field": name})
        return list(dict.fromkeys(self.wrong))

    def say(self, sentence: str, text: str, **more: str) -> None:
        short = text.strip() if len(text.strip()) <= SHOWN else f"{text.strip()[:SHOWN]}…"
        self.wrong.append(sentence % {"text": short, **more})

    def read(self, text: str) -> None:
        rest = TAG.sub("", text)
        if stray := OPEN.search(rest):
            self.say(
                _("Đoạn “%(text)s”: thẻ có “%(mark)s” không đủ cặp; viết liền trong một đoạn như {{ period }}."),
                text, mark=stray.group(),
            )  # fmt: skip
            return
        for tag in TAG.findall(text):
            if tag.startswith("{{"):
                self.value(tag, text)
            elif tag.startswith("{%"):
                self.block(re.sub(r"^\{%-?(p|tr|tc|r)?\s", "{% ", tag), text)

    def block(self, tag: str, text: str) -> None:
        words = tag[2:-2].strip(" -").split()
        first = words[0] if words else ""
        if first in ("for", "if"):
            tree = self.tree(f"{tag}{{% end{first} %}}", tag, text)
            if tree is None:
                return
            variable = of = ""
            loop = next(iter(tree.find_all(nodes.For)), None)
            if loop is not None:
                of = self.known(loop.iter, tag, text)
                variable = loop.target.name if isinstance(loop.target, nodes.Name) else ""
                if not variable or loop.test is not None or loop.recursive:
                    self.say(_("Đoạn “%(text)s”: thẻ “%(tag)s” viết sai."), text, tag=tag)
            else:
                self.names(tree, tag, text)
            self.open.append((first, variable, of, text))
        elif first in ("endfor", "endif"):
            if not self.open or self.open[-1][0] != first[3:]:
                self.say(_("Đoạn “%(text)s”: thẻ “%(tag)s” không có thẻ mở tương ứng."), text, tag=tag)
            else:
                self.open.pop()
        elif first in ("else", "elif"):
            if not self.open or self.open[-1][0] != "if":
                self.say(_("Đoạn “%(text)s”: thẻ “%(tag)s” không có thẻ mở tương ứng."), text, tag=tag)
            elif first == "elif" and (
                tree := self.tree(f"{{% if {' '.join(words[1:])} %}}{{% endif %}}", tag, text)
            ):
                self.names(tree, tag, text)
        else:
            self.say(_("Đoạn “%(text)s”: không dùng được thẻ “%(tag)s”, chỉ dùng for và if."), text, tag=tag)

    def value(self, tag: str, text: str) -> None:
        tree = self.tree(re.sub(r"^\{\{(r)?\s", "{{ ", tag), tag, text)
        if tree is not None:
            self.names(tree, tag, text)

    def tree(self, source: str, tag: str, text: str) -> nodes.Template | None:
        """The tag as read; None where it is broken or asks for more than fields."""
        try:
            tree = self.jinja.parse(source)
        except TemplateSyntaxError:
            self.say(_("Đoạn “%(text)s”: thẻ “%(tag)s” viết sai."), text, tag=tag)
            return None
        for node in _every(tree):
            hidden = isinstance(node, nodes.Getattr) and node.attr.startswith("_")
            strange = isinstance(node, nodes.Filter) and node.name not in FILTERS
            if not isinstance(node, ALLOWED) or hidden or strange:
                told = _(
                    "Đoạn “%(text)s”: không dùng được “%(tag)s”; mẫu chỉ có trường, for và if, không có lệnh."
                )
                self.say(told, text, tag=tag)
                return None
        return tree

    def names(self, tree: nodes.Template, tag: str, text: str) -> None:
        inner = {id(node.node) for node in tree.find_all(nodes.Getattr)}
        for node in tree.find_all((nodes.Name, nodes.Getattr)):
            if id(node) not in inner:
                self.known(node, tag, text)

    def known(self, node: Any, tag: str, text: str) -> str:
        """The list or field that is asked for; one that nobody knows is told."""
        path = _path(node)
        name = ".".join(path)
        loops = {variable: of for block, variable, of, _text in self.open if block == "for"}
        if len(path) == 1 and path[0] in WORDS[""]:
            self.used.add(name)
            return name
        if path and path[0] in loops:
            fields = WORDS.get(loops[path[0]])
            if (fields is None and len(path) == 1) or (fields and len(path) == 2 and path[1] in fields):
                self.used.add(f"s.{path[1]}" if loops[path[0]] == "sections" and len(path) == 2 else name)
                return path[-1]
        if path[:1] == ["loop"] and loops and path[1:] in (["index"], ["first"], ["last"]):
            return ""
        self.say(_("Đoạn “%(text)s”: không biết trường “%(field)s”."), text, field=name or tag)
        return ""


def _path(node: Any) -> list[str]:
    if isinstance(node, nodes.Name):
        return [node.name]
    return [*_path(node.node), node.attr] if isinstance(node, nodes.Getattr) else []


def _every(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _every(child)


def fields() -> Sequence[tuple[str, Sequence[str]]]:
    """The fields by list, for whoever words a template."""
    return list(WORDS.items())
