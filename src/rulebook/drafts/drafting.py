"""The tree of a plan drafted from its paragraphs: each between the first heading and the recipients is in it.

What a heading is called decides what stands under it: aims, requirements, objectives, tasks, solutions, duties. What
the words do not say stays empty, and a doubt is one sentence with the place.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rulebook.drafts import annex
from rulebook.drafts.marks import DASH, NAMED, NUMBER, PLUS, UPPER, Mark, mark_of
from rulebook.plans import Kind, Rhythm

KINDS: tuple[tuple[str, Kind], ...] = (
    ("mục tiêu", "objective"),
    ("mục đích", "aim"),
    ("yêu cầu", "requirement"),
    ("quan điểm", "aim"),
    ("tổ chức thực hiện", "duty"),
    ("phân công", "duty"),
    ("trách nhiệm", "duty"),
    ("giải pháp", "solution"),
    ("nhiệm vụ", "task"),
    ("nội dung", "task"),
)
GENERAL = ("tổng quát", "mục tiêu chung")
RECIPIENTS = re.compile(r"^\s*nơi\s+nhận\s*:?\s*", re.I)
ANNEX = re.compile(r"^\s*(?:biểu\s+)?phụ\s+lục\b(?!\s+kèm)", re.I)
SIGNED = re.compile(
    r"\s*\b(TM\.|KT\.|Q\.|TUQ\.|TL\.)\s*.*$|^\s*(?:PHÓ\s+)?(?:CHỦ TỊCH|GIÁM ĐỐC|CHI CỤC TRƯỞNG|BỘ TRƯỞNG)\b.*$"
)
CITED = re.compile(r"\b(\d{1,5}(?:/\d{4})?/(?:[A-ZĐ]{1,6}\d*)(?:-[A-ZĐ&][A-Za-zĐ&]*\d*)*)\b")
NUMBERED = re.compile(r"Số\s*:?\s*(\d{1,5}\s*/\s*KH(?:-[A-ZĐ&]+)?)", re.I)
ISSUED = re.compile(
    r"(?:^|\s)([A-ZĐ][^\d,:;]{2,40}?),?\s+ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})"
)
PREAMBLE = re.compile(
    r"^(?:Thực hiện|Căn cứ|Nhằm|Để|Triển khai|Thi hành|Ủy ban|Uỷ ban|UBND|Xét|Theo|Trên cơ sở|Tiếp tục)\b"
)
CLOSING = re.compile(
    r"^(?:Trên đây là|Ủy ban nhân dân|Uỷ ban nhân dân|UBND|Yêu cầu|Đề nghị|Căn cứ|Trong quá trình)\b"
)


@dataclass(frozen=True, slots=True)
class DraftNode:
    """A heading, bullet or paragraph with its own words; `paragraph` is its place among the paragraphs read."""

    code: str
    kind: Kind
    parent: str
    text: str
    paragraph: int
    bullet: int | None = None
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftTask:
    """A task of the annex or, without one, of the section of tasks; empty or None where nothing says it."""

    number: int
    name: str
    annex_name: str = ""
    lead: str = ""
    coordinating: str = ""
    time: str = ""
    lead_bodies: tuple[str, ...] = ()
    coordinating_bodies: tuple[str, ...] = ()
    rhythm: Rhythm | None = None
    start: date | None = None
    due: date | None = None


@dataclass(frozen=True)
class DraftPlan:
    """What was read, and in `doubts` what a person must look at, one sentence each."""

    id: str
    place: str
    issued: date | None
    title: str
    nodes: tuple[DraftNode, ...]
    tasks: tuple[DraftTask, ...]
    recipients: tuple[tuple[str, str], ...]
    cites: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]


@dataclass
class _Open:
    """A heading under which what follows stands."""

    mark: Mark | None
    node: DraftNode
    under: Kind
    bullets: int = 0
    numbers: dict[tuple[int, ...], int] = field(default_factory=dict)


Bodies = Sequence[tuple[str, Sequence[str]]]


def draft(
    paragraphs: Sequence[str],
    tables: Sequence[Sequence[Sequence[str]]] = (),
    lines: Sequence[str] = (),
    bodies: Bodies = (),
) -> DraftPlan:
    """The plan these paragraphs tell; `lines` are those of the sheet, of which an annex without table is read.

    `bodies` gives each body's key with the names it goes by. ValueError where no heading is found.
    """
    texts = [" ".join(one.split()) for one in paragraphs]
    first = _first(texts)
    if first is None:
        raise ValueError("Không thấy mục nào (I., II., 1., a)…): tệp này không giống một kế hoạch.")
    end = next((i for i, t in enumerate(texts) if i > first and RECIPIENTS.match(t)), len(texts))
    past = next((i for i, t in enumerate(texts) if i > first and ANNEX.match(t)), len(texts))
    doubts: list[str] = []
    nodes = _tree(texts, first, min(end, past), bodies, doubts)
    rows = annex.from_tables(tables)
    if not rows and past < len(texts):
        rows = annex.from_lines(_annex_lines(lines or paragraphs))
    named = [n for n in nodes if n.kind == "task"]
    tasks = _tasks(named, rows, bodies, doubts, _issued(texts[:first])[1])
    if rows and not named:
        doubts.append(
            "Phụ lục có nhiệm vụ nhưng phần chính không liệt kê: mỗi nhiệm vụ được thêm ở cuối cây."
        )
        nodes += [DraftNode(f"PL.{t.number}", "task", "", t.name, past, None, t.lead_bodies) for t in tasks]
    number, (place, issued) = _number(texts[:first]), _issued(texts[:first])
    told = [(number, "chưa thấy số của kế hoạch"), (issued, "chưa thấy ngày ban hành")]
    doubts += [f"Ở đầu văn bản {why}." for value, why in told if not value]
    recipients = _recipients(texts[end:past] if end < past else texts[end:])
    doubts += [
        f"Ghi chú “({said})” ở nơi nhận “{name}” có thể chung cho cả các dòng bên cạnh."
        for name, said in recipients
        if said and said != "lưu"
    ]
    return DraftPlan(
        number, place, issued, _title(texts[:first]), tuple(nodes), tuple(tasks),
        recipients, _cited(texts[:first], nodes, number),
        tuple(doubts),
    )  # fmt: skip


def _first(texts: Sequence[str]) -> int | None:
    """Where the tree begins: the first heading of the outermost kind."""
    after = next((i for i, t in enumerate(texts) if re.match(r"^KẾ HOẠCH\b", t)), -1)
    marks = [
        (i, m) for i, t in enumerate(texts) if i > after and (m := mark_of(t)) and m.kind not in (DASH, PLUS)
    ]
    starts = [(i, m) for i, m in marks if m.number == 1]
    if not starts:
        return marks[0][0] if marks else None
    outer = min(m.level for _i, m in starts)
    begins = next(i for i, m in starts if m.level == outer)
    return min(begins, starts[0][0])


def _tree(texts: Sequence[str], first: int, end: int, bodies: Bodies, doubts: list[str]) -> list[DraftNode]:
    nodes: list[DraftNode] = []
    path: list[_Open] = []
    upper = 0
    codes: set[str] = set()
    sure: set[str] = set()
    top: dict[tuple[int, ...], int] = {}
    titled = -1
    for at in range(first, end):
        text = texts[at]
        mark = mark_of(text, upper)
        if at == titled:
            continue
        if mark is not None and not mark.words and at + 1 < end and mark_of(texts[at + 1], upper) is None:
            titled, mark = (
                at + 1,
                replace(mark, words=texts[at + 1]),
            )  # “Chương I”, and its title on the next line
        if mark is None:
            _paragraph(text, at, nodes, path, codes, bodies)
            continue
        if mark.kind == UPPER:
            upper = mark.number
        if mark.kind == NAMED:
            mark = _beneath(mark, path)
        while path and path[-1].mark is not None and path[-1].mark.level >= mark.level:
            path.pop()
        parent = path[-1] if path else None
        if mark.kind in (DASH, PLUS):
            if parent is None:
                doubts.append(f"Gạch đầu dòng “{_short(text)}” không đứng dưới mục nào.")
            parent_code = parent.node.code if parent else ""
            count = parent.bullets + 1 if parent else len(nodes) + 1
            if parent:
                parent.bullets = count
            code, held = _fresh(f"{parent_code}.{count}".lstrip("."), codes), _bullet_kind(parent)
            node = DraftNode(code, held, parent_code, mark.words, at, count, annex.bodies(mark.words, bodies))
            nodes.append(node)
            path.append(_Open(mark, node, held))
            continue
        numbers = parent.numbers if parent else top
        before = numbers.get(mark.level, 0)
        if mark.number == before and before:
            doubts.append(
                f"Có hai mục cùng số “{mark.written}” dưới {_under(parent)}: “{_short(mark.words)}”."
            )
        elif mark.number != before + 1:
            doubts.append(
                f"Dưới {_under(parent)}, sau mục số {before or '0'} là “{mark.written}”: thiếu mục hay đánh số sai?"
            )
        numbers[mark.level] = mark.number
        parent_code = parent.node.code if parent else ""
        own = mark.written.split(".")[-1] if mark.kind == NUMBER and mark.depth > 1 else mark.written
        code = _fresh(f"{parent_code}.{own}".lstrip("."), codes)
        under = _holds(mark.name or mark.words, parent.under if parent else "solution", parent is None)
        kind: Kind = "section" if parent is None else "group"
        if mark.name == "nhiệm vụ":  # a task by its own name, whatever the heading above it is called
            kind, under = "task", "solution"
            sure.add(code)
        node = DraftNode(
            code, kind, parent_code, mark.words.rstrip(" :"), at, None, annex.bodies(mark.words, bodies)
        )
        nodes.append(node)
        path.append(_Open(mark, node, under))
    return _kinds(nodes, sure)


def _beneath(mark: Mark, path: Sequence[_Open]) -> Mark:
    """The named mark where it belongs: beside the last of its name that is open, else below the last heading."""
    for one in reversed(path):
        if one.mark is not None and (one.mark.kind, one.mark.name) == (NAMED, mark.name):
            return replace(mark, above=one.mark.above)
    above = next((o.mark.level for o in reversed(path) if o.mark and o.mark.kind not in (DASH, PLUS)), (0,))
    return replace(mark, above=above)


def _paragraph(
    text: str, at: int, nodes: list[DraftNode], path: list[_Open], codes: set[str], bodies: Bodies
) -> None:
    """A paragraph without a mark stands under the last heading, or ends the paper."""
    while path and path[-1].mark is not None and path[-1].mark.kind in (DASH, PLUS):
        path.pop()
    if re.fullmatch(r"\(.{0,60}phụ lục.{0,60}\)\.?", text, re.I):
        return
    closing = text.endswith("./.") or (
        bool(CLOSING.match(text)) and len(path) > 0 and path[0].under == "duty"
    )
    holder = path[0] if closing and path else (path[-1] if path else None)
    if holder is None:
        return
    if closing:
        count = max([holder.bullets, *holder.numbers.values()], default=0) + 1
        kind: Kind = "closing"
        holder.bullets = count
    else:
        count, kind = holder.bullets + 1, _bullet_kind(holder)
        holder.bullets = count
    code = _fresh(f"{holder.node.code}.{count}", codes)
    nodes.append(DraftNode(code, kind, holder.node.code, text, at, None, annex.bodies(text, bodies)))


def _kinds(nodes: list[DraftNode], sure: set[str]) -> list[DraftNode]:
    """What each node is, now that it is known what stands under it.

    A heading that holds nothing asks something itself; one that holds a single general objective is that; what
    stands directly under a heading of tasks is a task, and what stands under a task says how.
    """
    children: dict[str, list[DraftNode]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    by_code = {n.code: n for n in nodes}
    found: list[DraftNode] = []
    swallowed: set[str] = set()
    for node in nodes:
        mine, above = children.get(node.code, []), by_code.get(node.parent)
        heading = node.kind in ("section", "group")
        told = _told_by(node, by_code) if above else _holds(node.text, "solution", True)
        if node.code in swallowed:
            continue
        if node.code in sure or node.parent in sure:
            found.append(node if node.kind != "group" or mine else replace(node, kind="solution"))
            continue
        if heading and above and _general(node) and len(mine) == 1 and not children.get(mine[0].code):
            swallowed.add(mine[0].code)
            node = replace(node, kind="general_objective", text=mine[0].text, bodies=mine[0].bodies)
        elif told == "task" and above and (heading or node.kind == "task"):
            direct = _holds(above.text, "closing", True) == "task"
            node = replace(node, kind="task" if direct else "group" if heading and mine else "solution")
        elif heading and not mine:
            node = replace(node, kind=told)
        found.append(node)
    return found


def _general(node: DraftNode) -> bool:
    return any(word in node.text.lower() for word in GENERAL)


def _told_by(node: DraftNode, by_code: dict[str, DraftNode]) -> Kind:
    """The kind that the nearest heading above, or its own words, give what stands here."""
    above = node
    while above.parent:
        above = by_code[above.parent]
        found = _holds(above.text, "closing", not above.parent)
        if found != "closing":
            return found
    return "solution"


def _holds(words: str, otherwise: Kind, outermost: bool) -> Kind:
    """What stands under a heading of these words."""
    low = words.lower()
    if (
        not outermost
        and otherwise in ("duty", "solution", "task")
        and not low.startswith(("mục tiêu", "nhiệm vụ", "giải pháp", "mục đích", "yêu cầu"))
    ):
        return otherwise
    if "nhiệm vụ" in low and "giải pháp" in low:
        return "solution"
    return next((kind for word, kind in KINDS if word in low), otherwise)


def _bullet_kind(parent: _Open | None) -> Kind:
    return parent.under if parent else "solution"


def _under(parent: _Open | None) -> str:
    return f"mục {parent.node.code}" if parent else "đầu văn bản"


def _fresh(code: str, codes: set[str]) -> str:
    """The code, with a stroke where two headings bear one number, so that none is lost."""
    while code in codes:
        code += "′"
    codes.add(code)
    return code


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + "…"


def _tasks(
    named: Sequence[DraftNode],
    rows: Sequence[annex.Row],
    bodies: Bodies,
    doubts: list[str],
    issued: date | None,
) -> list[DraftTask]:
    if not rows:
        if named:
            doubts.append(
                "Không đọc được phụ lục nhiệm vụ: cơ quan chủ trì, phối hợp và thời gian còn để trống, cần điền."
            )
        return [DraftTask(n, node.text, lead_bodies=node.bodies) for n, node in enumerate(named, 1)]
    seen: set[int] = set()
    found = []
    for row in rows:
        if row.number in seen:
            doubts.append(f"Phụ lục có hai nhiệm vụ cùng số {row.number}: “{_short(row.name)}”.")
        seen.add(row.number)
        rhythm, start, due = annex.rhythm(row.time, issued)
        if rhythm is None:
            why = f"chưa hiểu thời gian “{row.time}”" if row.time else "không ghi thời gian"
            doubts.append(f"Nhiệm vụ {row.number} của phụ lục {why}.")
        lead = annex.bodies(row.lead, bodies)
        if bodies and not lead:
            said = (
                f"cơ quan chủ trì “{row.lead}” không có trong danh sách"
                if row.lead
                else "không ghi cơ quan chủ trì"
            )
            doubts.append(f"Nhiệm vụ {row.number} của phụ lục {said}.")
        name = (
            named[row.number - 1].text if row.number <= len(named) and len(rows) == len(named) else row.name
        )
        found.append(
            DraftTask(
                row.number,
                name,
                row.name,
                row.lead,
                row.coordinating,
                row.time,
                lead,
                annex.bodies(row.coordinating, bodies),
                rhythm,
                start,
                due,
            )
        )
    if named and len(named) != len(rows):
        doubts.append(f"Phần nhiệm vụ có {len(named)} mục, phụ lục có {len(rows)}: cần đối chiếu.")
    return found


def _annex_lines(lines: Sequence[str]) -> list[str]:
    starts = [i for i, line in enumerate(lines) if ANNEX.match(line)]
    return [line.strip() for line in lines[starts[-1] + 1 :]] if starts else []


def _number(texts: Sequence[str]) -> str:
    found = NUMBERED.search(" ".join(texts))
    return re.sub(r"\s+", "", found[1]) if found else ""


def _issued(texts: Sequence[str]) -> tuple[str, date | None]:
    for text in texts:
        clean = NUMBERED.sub(" ", text)
        if found := ISSUED.search(clean):
            try:
                return found[1].strip(), date(int(found[4]), int(found[3]), int(found[2]))
            except ValueError:
                return found[1].strip(), None
    return "", None


def _title(texts: Sequence[str]) -> str:
    start = next((i for i, t in enumerate(texts) if re.match(r"^KẾ HOẠCH\b", t)), None)
    if start is None:
        return ""
    said = [texts[start].removeprefix("KẾ HOẠCH").strip(" :-–")]
    for text in texts[start + 1 :]:
        if PREAMBLE.match(text) and any(said):
            break
        if re.fullmatch(r"[_\-–—\s*]+", text):
            continue
        said.append(text)
    return " ".join(part for part in said if part)


def _recipients(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Who receives it, each with the purpose written beside it."""
    found: list[tuple[str, str]] = []
    for text in texts:
        text = SIGNED.sub("", RECIPIENTS.sub("", text)).strip()
        for part in re.split(r"(?:^|\s)-\s+", text):
            part = part.strip()
            purpose = re.search(r"\(([^)]{3,20})\)\s*$", part)
            name = (part[: purpose.start()] if purpose else part).strip(" ;.:")
            if not name or (not text.startswith("-") and not found and not mark_of(f"- {name}")):
                continue
            if text.startswith("-") or "- " in text:
                said = purpose[1].lower() if purpose else ("lưu" if name.lower().startswith("lưu") else "")
                found.append((name, said))
    return tuple(found)


def _cited(head: Sequence[str], nodes: Sequence[DraftNode], own: str) -> tuple[tuple[str, str], ...]:
    """The documents named by number, each with where it was first named."""
    found: dict[str, str] = {}
    start = next((i for i, t in enumerate(head) if re.match(r"^KẾ HOẠCH\b", t)), 0)
    for place, text in [("phần mở đầu", t) for t in head[start + 1 :]] + [
        (n.parent or n.code, n.text) for n in nodes
    ]:
        for number in CITED.findall(text):
            if number != own:
                found.setdefault(number, place)
    return tuple(found.items())
