"""A section as an office writes it: sentences of what is aimed at, a table of the rest, its parts, pictures."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from baoton.assessment.models import CATEGORIES
from baoton.funding import queries as funding
from baoton.kit.access import Anybody
from baoton.people.models import Organisation
from baoton.plan.models import Work
from baoton.plan.queries import tasks
from baoton.reporting import queries
from baoton.reporting.counts import COUNTS
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
BY_HAND = (
    "- Đánh giá chung: ………………… (đơn vị soạn thảo ghi).",
    "- Kiến nghị: ………………… (đơn vị soạn thảo ghi).",
)
NUMBER = re.compile(r"[0-9][0-9.,]*( ?(%|[^\W\d]+(/[^\W\d]+)?))?")
SPOKEN, INLINE, LABEL, WIDTH = 4, 12, 34, 16.7
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
        self.given, self.edition = given, given.edition
        self.sources: list[dict[str, Any]] = []
        self.parts: list[Part] = []
        self.details: list[Grid] = []
        self.tables = self.drawn = 0

    def every(self, sections: Sequence[Section]) -> list[dict[str, Any]]:
        """The fields of all sections, chapters in Roman numbers and their parts numbered within them."""
        told, chapter, part = [], 0, 0
        for one in sections:
            if (made := self.section(one)) is None:
                continue
            chapter, part = (chapter, part + 1) if one.part else (chapter + 1, 0)
            title = one.title if one.part else one.title.upper()
            told.append({"roman": str(part) if one.part else ROMAN[chapter], "title": title, **made})
        return told

    def section(self, section: Section) -> dict[str, Any] | None:
        """The fields of one section; an unknown figure is no sentence of a paper but stands beside the draft.

        None where the edition has nothing to say of it.
        """
        given, began = self.given, len(self.parts)
        known = [f for f in section.figures if f.value is not None]
        spoken, tabled = self._divided(known)
        first, lines = self._written(section)
        figures = [self._figure(f) for f in spoken]
        figures += [self._answer(one) for one in given.answers.get(section.key, ()) if self._may_tell(one)]
        if tabled:
            lines = [*self._table(section, tabled), *lines]
        if not (self.edition.public or self.edition.brief):
            lines += self._made_of(section.title, known)
        lines += self._untold(section.figures) + self._lacking(section)
        if section.key == "funding" and not given.area and not given.period.part:
            self._money()
        if section.key == "species_status":
            self._categories()
        self._draw(section.key, known)
        if not (lines or figures or first or tabled):
            if self.edition.public:
                return None
            lines = [NOTHING_YET]
        return {
            "first": first,
            "figures": figures,
            "parts": [mark(n) for n in range(began, len(self.parts))],
            "lines": lines,
        }

    def _written(self, section: Section) -> tuple[list[str], list[str]]:
        """What a section says before its figures and after them; the public is told no word that somebody typed."""
        given, typed = self.given, not self.edition.public
        if section.says:
            return [section.says], []
        if section.key == "by_hand":
            return [], list(BY_HAND) if typed else []
        if section.key == "direction":
            first = [f"- {told}" for told in [queries.work_done(given.period)] if told and not given.area]
            return first, [] if self.edition.brief else self._reported("results")
        if section.key == "special_use_forest" and not given.area and typed:
            return [], [_step(w, late) for w, late in queries.steps(given.period, 2)]
        if section.key == "obstacles" and typed:
            late = _late(queries.open_work(given.period, "late", given.area))
            return [], [*late, *self._reported("obstacles"), OTHER_OBSTACLES]
        if section.key == "next_year":
            lines = ["- Các nhiệm vụ trọng tâm của Kế hoạch và thời gian thực hiện:"]
            lines += [f"+ {t.official.rstrip('.')}: {t.time}." for t in tasks()]
            if typed:
                work = queries.open_work(given.period, "next", given.area)
                lines += [f"+ {w.title}: hạn {w.due:%d/%m/%Y}." for w in work] + self._reported("proposals")
            return [], lines
        return [], []

    def _lacking(self, section: Section) -> list[str]:
        """What a report of its own kind ought to tell and nobody knows yet, said in one line."""
        if not self.given.scope.own:
            return []
        answers = self.given.answers.get(section.key, ())
        answered = {one.count for one in answers if self._may_tell(one)}
        untold = {f.name for some in self.given.scope.untold(section.figures).values() for f in some}
        said = [_(COUNTS[name][0]) for name in section.counts if name not in answered]
        said += [_lower(f.label) for f in section.figures if f.value is None and f.name not in untold]
        return [f"- Chưa có số liệu về: {'; '.join(said)}."] if said else []

    def _may_tell(self, one: FigureRequest) -> bool:
        """Whether the edition prints an answer: the public one a number to what every report asks, no other words."""
        return not self.edition.public or bool(one.count and NUMBER.fullmatch(one.answer.strip()))

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
        told = () if self.edition.public else self.given.reported  # words that somebody typed
        some = [(name, str(getattr(one, what)).strip().rstrip(".")) for name, one in told]
        lines = [f"+ {name}: {text}." for name, text in some if text]
        return [REPORTED[what], *lines] if lines else []

    def _divided(self, known: Sequence[Told]) -> tuple[list[Told], list[Told]]:
        """What is told in sentences, and what reads better in a table: many figures without a target."""
        aimed = [f for f in known if f.name in self.given.aims or f.limits]
        rest = [f for f in known if f not in aimed]
        if self.edition.brief:
            return [f for f in known if f in aimed or f in rest[:SPOKEN]], []
        return (list(known), []) if len(rest) <= SPOKEN else (aimed, rest)

    def _source(self, told: Told) -> str:
        if not self.edition.annex("sources"):
            return ""
        self.sources.append({"n": len(self.sources) + 1, "label": told.label, **source(told)})
        return f"[{len(self.sources)}]"

    def _figure(self, told: Told) -> dict[str, str]:
        return {
            "label": told.label,
            "text": told.text,
            "unit": f" {told.unit}",
            "limits": f" ({told.limits})" if told.limits else "",
            "compare": self._compared(told),
            "note": f" {note}" if (note := self._source(told)) else "",
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
        keep = (
            [0, 1, 2, 3, 4, 5, 6] if moved else [0, 1, 2, 3, 6]
        )  # nothing to hold against: no columns of dashes
        keep = keep if self.edition.annex("sources") else keep[:-1]
        spare = (WIDTH - sum(HEADS[k][1] for k in keep)) / 4
        more = {1: 2 * spare, 2: spare, 3: spare}
        heads = [(HEADS[k][0], HEADS[k][1] + more.get(k, 0.0)) for k in keep]
        self.parts.append(Grid(caption, heads, [[row[k] for k in keep] for row in rows]))
        return [line for line in [_most(moved)] if line]

    def _made_of(self, title: str, known: Sequence[Told]) -> list[str]:
        """What the figures are made of: a short one in a sentence, the others as tables of the annex of details."""
        found = [
            (f, t) for f in known if (t := queries.table(f, self.given.period, self.given.area)) is not None
        ]
        lines: list[str] = []
        began, annex = len(self.details), self.edition.annex("details")
        while found:
            told, table = max(found, key=lambda one: (len(one[1].columns) == 1, len(one[1].rows)))
            alike = [one for one in found if _within(one[1], table)]
            found = [one for one in found if one not in alike]
            fresh = [one for one in alike if one[0] is told or not _repeats(one[1], table)]
            if len(table.columns) > 1 or len(fresh) > 1 or len(table.rows) > INLINE:
                if annex:
                    self._detail(title, fresh if len(table.columns) == 1 else [(told, table)])
            else:
                column = f" ({table.columns[0]})" if len(table.rows) == 1 and table.columns[0] else ""
                some = "; ".join(f"{name}{column} {total}" for name, _cells, total in table.rows)
                lines.append(f"- {told.label} ({told.unit}) gồm: {some}.")
        if (n := len(self.details)) > began:
            which = f"biểu {began + 1}" if n == began + 1 else f"các biểu {began + 1} đến {n}"
            lines.append(f"- Số liệu chia theo từng loại ở Phụ lục {annex}, {which}.")
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
        elif key == "communication" and not given.area and not self.edition.brief:
            cells = {
                path: value
                for (path, name), value in given.communes.cells.items()
                if name == "outreach.sessions" and path
            }
            if len(cells) > 1:
                self._picture("Số buổi tuyên truyền theo xã, phường", pictures.commune_map(cells), 9.5)

    def _categories(self) -> None:
        """How many species are in which category: adopted by the council, and indicated by the two extents alone."""
        given = self.given
        adopted = Counter(s.category for s in given.species if s.status == s.Status.ADOPTED)
        indicated = Counter(s.indicated for s in given.species if s.indicated)
        some = [one for one in CATEGORIES if adopted[one[0]] or indicated[one[0]]]
        if not some:
            return
        self.tables += 1
        rows = [
            [str(i), str(word), number(adopted[code]), number(indicated[code])]
            for i, (code, word) in enumerate(some, 1)
        ]
        sums = [number(sum(n[code] for code, _word in some)) for n in (adopted, indicated)]
        rows.append(["", "Tổng số", *sums])
        heads = [("TT", 1.0), ("Hạng", 7.6), ("Đã thông qua (loài)", 4.0), ("Máy gợi ý (loài)", 4.0)]
        caption = f"Bảng {self.tables}. Loài theo hạng nguy cấp, {given.period.name}"
        self.parts.append(Grid(caption, heads, rows, True))

    def _picture(self, what: str, png: bytes, cm: float = 15.5) -> None:
        self.drawn += 1
        self.parts.append(Drawn(f"Hình {self.drawn}. {what}, {self.given.period.name}", png, cm))

    def _answer(self, one: FigureRequest) -> dict[str, str]:
        """A figure that another body gave, under that body's name."""
        body = Organisation.objects.filter(code=one.body).first()
        name = body.name if body else one.body
        told = {"source": f"{name}: {one.source}", "count": "–", "method": "theo báo cáo", "check": "–"}
        note = f" (theo {name})"
        if self.edition.annex("sources"):
            self.sources.append({"n": len(self.sources) + 1, "label": one.what, **told})
            note = f" [{len(self.sources)}]"
        return {
            "label": one.what[:1].upper() + one.what[1:],
            "text": one.answer,
            "unit": "",
            "limits": "",
            "compare": "",
            "note": note,
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
