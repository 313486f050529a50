"""A section as an office writes it: sentences of what is aimed at, a table of the rest, its parts, pictures."""

from collections.abc import Sequence
from typing import Any

from baoton.funding import queries as funding
from baoton.kit.access import Anybody
from baoton.people.models import Organisation
from baoton.plan.models import Work
from baoton.plan.queries import tasks
from baoton.reporting import queries
from baoton.reporting.models import FigureRequest
from baoton.reporting.queries import Section, Table, Told, number
from baoton.reporting.word import pictures
from baoton.reporting.word.given import Yearly
from baoton.reporting.word.parts import Drawn, Grid, Part, mark

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
NOTHING_YET = "- ………………… (đơn vị soạn thảo ghi)."
REPORTED = {
    "results": "- Kết quả nổi bật của các xã, phường, cơ quan:",
    "obstacles": "- Khó khăn, vướng mắc của các xã, phường, cơ quan:",
    "proposals": "- Đề xuất, kiến nghị của các xã, phường, cơ quan:",
}
OTHER_OBSTACLES = "- Khó khăn, vướng mắc khác: ………………… (đơn vị soạn thảo ghi)."
SPOKEN, INLINE, LABEL = 4, 12, 34
HEADS = (
    ("TT", 1.0),
    ("Nội dung", 4.6),
    ("Đơn vị tính", 2.0),
    ("Kết quả", 2.9),
    ("Cùng kỳ năm trước", 2.8),
    ("Tăng, giảm (%)", 1.6),
    ("Nguồn", 1.8),
)
WORK = ("plan.done", "plan.due")


class Body:
    """The sections of one report with the parts, details and sources that they gather on the way."""

    def __init__(self, given: Yearly) -> None:
        self.given = given
        self.sources: list[dict[str, Any]] = []
        self.parts: list[Part] = []
        self.details: list[Grid] = []
        self.tables = self.drawn = 0

    def section(self, section: Section) -> dict[str, Any]:
        """The fields of one section; an unknown figure is no sentence of a paper but stands beside the draft."""
        given, began = self.given, len(self.parts)
        known = [f for f in section.figures if f.value is not None]
        spoken, tabled = self._divided(known)
        lines: list[str] = []
        first: list[str] = []
        if section.key == "direction":
            first = [f"- {told}" for told in [queries.work_done(given.period)] if told and not given.area]
            lines = self._reported("results")
        elif section.key == "special_use_forest" and not given.area:
            lines = [_step(w, late) for w, late in queries.steps(given.period, 2)]
        elif section.key == "obstacles":
            lines = [
                *_late(queries.open_work(given.period, "late", given.area)),
                *self._reported("obstacles"),
                OTHER_OBSTACLES,
            ]
        elif section.key == "next_year":
            lines = ["- Các nhiệm vụ trọng tâm của Kế hoạch và thời gian thực hiện:"]
            lines += [f"+ {t.official.rstrip('.')}: {t.time}." for t in tasks()]
            lines += [
                f"+ {w.title}: hạn {w.due:%d/%m/%Y}."
                for w in queries.open_work(given.period, "next", given.area)
            ]
            lines += self._reported("proposals")
        figures = [self._figure(f) for f in spoken]
        figures += [self._answer(one) for one in given.answers.get(section.key, ())]
        if tabled:
            lines = [*self._table(section, tabled), *lines]
        lines += self._made_of(section.title, known) + self._untold(section.figures)
        if section.key == "funding" and not given.area and not given.period.part:
            self._money()
        self._draw(section.key, known)
        return {
            "roman": ROMAN[section.number],
            "title": section.title.upper(),
            "first": first,
            "figures": figures,
            "parts": [mark(n) for n in range(began, len(self.parts))],
            "lines": lines or ([] if figures or first or tabled else [NOTHING_YET]),
        }

    def _untold(self, figures: Sequence[Told]) -> list[str]:
        """What nobody counts for such a part, said instead of a wrong number."""
        found = self.given.scope.untold(figures)
        heads = {
            "year": "- Chỉ có số cả năm, không có số của kỳ này",
            "province": "- Chỉ có số của toàn tỉnh, không có số của từng xã, phường",
        }
        return [
            f"{heads[key]}: {'; '.join(_lower(f.label) for f in some)}."
            for key, some in found.items()
            if some
        ]

    def _reported(self, what: str) -> list[str]:
        """What communes and bodies wrote of it in their own reports, once these were merged."""
        some = [(name, str(getattr(one, what)).strip().rstrip(".")) for name, one in self.given.reported]
        lines = [f"+ {name}: {text}." for name, text in some if text]
        return [REPORTED[what], *lines] if lines else []

    def _divided(self, known: Sequence[Told]) -> tuple[list[Told], list[Told]]:
        """What is told in sentences, and what reads better in a table: many figures without a target."""
        aimed = [f for f in known if f.name in self.given.aims or f.limits]
        rest = [f for f in known if f not in aimed]
        return (list(known), []) if len(rest) <= SPOKEN else (aimed, rest)

    def _source(self, told: Told) -> str:
        self.sources.append({"n": len(self.sources) + 1, "label": told.label, **source(told)})
        return f"[{len(self.sources)}]"

    def _figure(self, told: Told) -> dict[str, str]:
        return {
            "label": told.label,
            "text": told.text,
            "unit": f" {told.unit}",
            "limits": f" ({told.limits})" if told.limits else "",
            "compare": self._compared(told),
            "note": f" {self._source(told)}",
            "end": ".",
        }

    def _compared(self, told: Told) -> str:
        """How it stands against the target of the year and the year before, in words."""
        said, aim = "", self.given.aims.get(told.name)
        if aim is not None and told.value is not None:
            said = f", bằng {queries.percent(told.value, aim.value)} chỉ tiêu năm ({number(aim.value)} {told.unit}), "
            said += aim.word
            if aim.state == "unsure":
                said += " vì khoảng tin cậy có cả phần đạt và phần chưa đạt"
        before = self.given.before.get(told.name)
        if before is not None and told.value is not None:
            now = queries.change(told.value, before).removeprefix(", ")
            said += f"; {now} so với cùng kỳ năm trước ({number(before)} {told.unit})"
        return said

    def _table(self, section: Section, known: Sequence[Told]) -> list[str]:
        """The figures as a numbered table; the sentence below it that says what changed most."""
        self.tables += 1
        rows, moved = [], []
        for i, one in enumerate(known, 1):
            before, share = self.given.before.get(one.name), "–"
            if before and one.value is not None:
                moved.append((100 * (one.value - before) / before, one.label))
                share = _signed(moved[-1][0])
            told = "–" if before is None else number(before)
            rows.append((str(i), one.label, str(one.unit), one.text, told, share, self._source(one)))
        caption = f"Bảng {self.tables}. {section.title}, {self.given.period.name}"
        heads: Sequence[tuple[str, float]] = HEADS
        keep = list(range(len(HEADS)))
        if not moved:  # nothing to hold against: the columns would only hold dashes
            keep = [0, 1, 2, 3, 6]
            heads = tuple(
                (h, w + (2.0 if i == 1 else 0.7 if i in (2, 3) else 0)) for i, (h, w) in enumerate(HEADS)
            )
        self.parts.append(Grid(caption, [heads[k] for k in keep], [[row[k] for k in keep] for row in rows]))
        return [line for line in [_most(moved)] if line]

    def _made_of(self, title: str, known: Sequence[Told]) -> list[str]:
        """What the figures are made of: a short one in a sentence, the others as tables of the annex of details."""
        found = [
            (f, t) for f in known if (t := queries.table(f, self.given.period, self.given.area)) is not None
        ]
        lines: list[str] = []
        began = len(self.details)
        while found:
            told, table = max(found, key=lambda one: (len(one[1].columns) == 1, len(one[1].rows)))
            alike = [one for one in found if _within(one[1], table)]
            found = [one for one in found if one not in alike]
            fresh = [one for one in alike if one[0] is told or not _repeats(one[1], table)]
            if len(table.columns) > 1 or len(fresh) > 1 or len(table.rows) > INLINE:
                self._detail(title, fresh if len(table.columns) == 1 else [(told, table)])
            else:
                column = f" ({table.columns[0]})" if len(table.rows) == 1 and table.columns[0] else ""
                some = "; ".join(f"{name}{column} {total}" for name, _cells, total in table.rows)
                lines.append(f"- {told.label} ({told.unit}) gồm: {some}.")
        if (n := len(self.details)) > began:
            which = f"biểu {began + 1}" if n == began + 1 else f"các biểu {began + 1} đến {n}"
            lines.append(f"- Số liệu chia theo từng loại ở Phụ lục III, {which}.")
        return lines

    def _detail(self, title: str, alike: Sequence[tuple[Told, Table]]) -> None:
        n = len(self.details) + 1
        told, table = alike[0]
        if len(table.columns) == 1:
            columns = [f"{one.label} ({one.unit})" for one, _t in alike]
            held = [{name: total for name, _c, total in t.rows} for _one, t in alike]
            rows = [[name, *[h.get(name, "–") for h in held]] for name, _c, _t in table.rows]
            sums = ["Tổng số", *[one.text for one, _t in alike]]
            caption = f"Biểu {n}. {title}: {told.label[:1].lower()}{told.label[1:]}"
            caption = caption if len(alike) == 1 else f"Biểu {n}. {title}, chia theo từng loại"
        else:
            columns = [*table.columns, "Tổng số"]
            rows = [[name, *[words for words, _a in cells], total] for name, cells, total in table.rows]
            sums = []
            caption = f"Biểu {n}. {told.label} ({told.unit})"
        wide = 17.7 / len(columns)
        heads = [("TT", 1.2), ("Loại", 6.8), *[(c, wide) for c in columns]]
        lines = [[str(i), *row] for i, row in enumerate(rows, 1)]
        self.details.append(Grid(caption, heads, [*lines, ["", *sums]] if sums else lines, bool(sums)))

    def _money(self) -> None:
        """The money of the year by source."""
        rows = funding.by(Anybody(), self.given.period.year, "source")
        if not rows:
            return
        self.tables += 1
        columns = ("planned", "allotted", "paid")
        lines = [
            [str(i), r.words, *["–" if (v := r.sums[c]) is None else number(v) for c in columns]]
            for i, r in enumerate(rows, 1)
        ]
        whole = funding.whole(rows)
        lines.append(["", "Tổng số", *["–" if (v := whole.sums[c]) is None else number(v) for c in columns]])
        heads = [("TT", 1.0), ("Nguồn", 6.0), ("Dự kiến", 3.2), ("Đã giao", 3.2), ("Đã chi", 3.2)]
        caption = f"Bảng {self.tables}. Kinh phí theo nguồn, {self.given.period.name} (đồng)"
        self.parts.append(Grid(caption, heads, lines, True))

    def _draw(self, key: str, known: Sequence[Told]) -> None:
        """The pictures of a section: how far the targets are met, sessions by commune."""
        given = self.given
        if key == "direction":
            told = {f.name: f for f in given.figures}
            aimed = {
                _short(told[name].label): round(100 * float(told[name].value or 0) / aim.value, 1)
                for name, aim in given.aims.items()
                if aim.value and told[name].value is not None
            }
            if len(aimed) > 1:
                self._picture("Kết quả so với chỉ tiêu năm", pictures.bar_chart(aimed, "%"))
        elif key == "communication" and not given.area:
            cells = {
                path: value
                for (path, name), value in given.communes.cells.items()
                if name == "outreach.sessions" and path
            }
            if len(cells) > 1:
                self._picture("Số buổi tuyên truyền theo xã, phường", pictures.commune_map(cells), 9.5)

    def _picture(self, what: str, png: bytes, cm: float = 15.5) -> None:
        self.drawn += 1
        self.parts.append(Drawn(f"Hình {self.drawn}. {what}, {self.given.period.name}", png, cm))

    def _answer(self, one: FigureRequest) -> dict[str, str]:
        """A figure that another body gave, under that body's name."""
        body = Organisation.objects.filter(code=one.body).first()
        name = body.name if body else one.body
        told = {"source": f"{name}: {one.source}", "count": "–", "method": "theo báo cáo", "check": "–"}
        self.sources.append({"n": len(self.sources) + 1, "label": one.what, **told})
        return {
            "label": one.what[:1].upper() + one.what[1:],
            "text": one.answer,
            "unit": "",
            "limits": "",
            "compare": "",
            "note": f" [{len(self.sources)}]",
            "end": ".",
        }


def source(told: Told) -> dict[str, str]:
    """Where a figure comes from: the book and its filters, how many records, how counted, the data's check code."""
    return {
        "source": f"Sổ “{told.book}”; {told.sentence}",
        "count": number(told.count or 0),
        "method": told.method,
        "check": told.input_hash[:16],
    }


def _within(one: Table, wider: Table) -> bool:
    """Whether both tell one column of the same kinds."""
    if one is wider:
        return True
    names = {name for name, _c, _t in wider.rows}
    alike = len(one.columns) == len(wider.columns) == 1 and one.columns == wider.columns
    return alike and {name for name, _c, _t in one.rows} <= names


def _repeats(one: Table, wider: Table) -> bool:
    """Whether everything it says stands in the wider one."""
    return {(name, total) for name, _c, total in one.rows} <= {
        (name, total) for name, _c, total in wider.rows
    }


def _lower(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"


def _short(label: str) -> str:
    return label if len(label) <= LABEL else f"{label[: LABEL - 1].rstrip()}…"


def _signed(share: float) -> str:
    return "0,0" if not round(share, 1) else f"{share:+.1f}".replace(".", ",").replace("-", "−")


def _most(moved: Sequence[tuple[float, str]]) -> str:
    """What rose and what fell most beside the year before; empty where nothing can be held against it."""
    told = []
    for word, sign in (("tăng", 1), ("giảm", -1)):
        some = sorted((m for m in moved if round(m[0] * sign, 1) > 0), key=lambda m: -m[0] * sign)
        if some:
            names = "; ".join(
                f"{label[:1].lower()}{label[1:]} {_plain(abs(share))} %" for share, label in some[:2]
            )
            told.append(f"{word} nhiều nhất là {names}")
    return f"- So với cùng kỳ năm trước, {'; '.join(told)}." if told else ""


def _plain(share: float) -> str:
    return f"{share:.1f}".replace(".", ",")


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
    lines += [f"+ Việc của các xã, phường thuộc nhiệm vụ “{name}”: {n} việc." for name, n in by_task.items()]
    return lines
