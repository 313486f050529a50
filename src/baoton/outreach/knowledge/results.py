"""What the answers say: shares right before and after, how they changed, and what of it a reader may be told."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.access import Actor, System
from baoton.kit.reading.register import REGISTERS
from baoton.outreach.knowledge.asked import Asked, asked_in, is_right, said
from baoton.outreach.knowledge.steps import COLUMNS
from baoton.outreach.models import Answer, Published, Quiz
from baoton.outreach.queries import whole_of
from baoton.places.queries import unit_name

if TYPE_CHECKING:
    from ecostat.trend import ShareChange

FEW = 5
"""Of fewer people nothing is told to the public: who they are might be guessed."""
W = Answer.Wave
RISEN, FALLEN, UNSURE = gettext_lazy("tăng"), gettext_lazy("giảm"), gettext_lazy("chưa chắc")
UNKNOWN, WITHHELD = gettext_lazy("chưa biết"), gettext_lazy("không công bố")


@dataclass(frozen=True)
class Sheet:
    """One answer sheet as results read it."""

    wave: str
    area_path: str
    sex: str
    who: str
    answers: Mapping[str, frozenset[str]]
    answered: int
    right: int


@dataclass(frozen=True)
class Wave:
    """One wave in one line: people, answers counted, right ones; `few` where the reader is not told."""

    n: int = 0
    counted: int = 0
    right: int = 0
    few: bool = False

    @property
    def share(self) -> float | None:
        """How many per cent of the answers are right; None where nobody answered or the reader is not told."""
        return None if self.few or not self.counted else 100 * self.right / self.counted


@dataclass(frozen=True)
class Line:
    """One question, commune or group: both waves and what they say of each other."""

    label: str | Promise
    key: str
    before: Wave
    after: Wave
    tested: bool
    """Whether each person counts once, so that an interval may be told."""

    @property
    def told(self) -> "ShareChange | None":
        from ecostat.trend import share_change  # with scipy, which no start of the programme waits for

        one, two = self.before, self.after
        if one.share is None or two.share is None:
            return None
        return share_change(one.right, one.counted, two.right, two.counted)

    @property
    def change(self) -> float | None:
        """The change in percentage points."""
        return None if self.told is None else 100 * self.told.change

    @property
    def limits(self) -> tuple[float, float] | None:
        return (
            (100 * self.told.lower, 100 * self.told.upper) if self.told is not None and self.tested else None
        )

    @property
    def verdict(self) -> str | Promise:
        """Whether it rose or fell; “chưa chắc” where the interval holds 0, “chưa biết” where a wave is missing."""
        if self.before.few or self.after.few:
            return WITHHELD
        if self.told is None:
            return UNKNOWN
        if not self.tested:
            return ""
        return UNSURE if not self.told.sure else RISEN if self.told.lower > 0 else FALLEN


@dataclass(frozen=True)
class Results:
    """A survey as one reader may know it: `withheld` where small numbers are kept back, `partly` where he sees some."""

    questions: Sequence[Line]
    total: Line
    tables: Sequence[tuple[str, Sequence[Line]]]
    question: Asked | None
    withheld: bool
    partly: bool


def results(actor: Actor, quiz: Quiz, question: str = "") -> Results:
    """What the answers of a survey say to this reader; the tables by place and group are of one question, or of all.

    Whoever may read every sheet is told all; of a survey that was published everybody is told all but numbers of
    fewer than `FEW` people, as the sheets were when it was published; else a reader is told of the
    sheets that he may read.
    """
    book = REGISTERS["outreach.answer"]
    whole = any(whole_of(scope, quiz.area_path) for scope in actor.scopes("outreach.answer.see"))
    published = quiz.status == Quiz.Status.PUBLIC and not whole
    frozen = Published.objects.filter(quiz=quiz).first() if published else None
    rows = book.door(System() if published else actor).rows().filter(quiz=quiz).order_by()
    lines = rows.values_list(*COLUMNS) if frozen is None else frozen.sheets
    sheets = [Sheet(w, a, s, g, said(t), n, r) for w, a, s, g, t, n, r in lines]
    asked = asked_in(quiz.pk)
    chosen = next((one for one in asked if one.name == question), None)
    few = FEW if published else 0
    groups: list[tuple[str, Callable[[Sheet], str], Callable[[str], Any]]] = [
        (_("Theo xã, phường"), lambda s: s.area_path, unit_name),
        (_("Theo nhóm"), lambda s: s.who, dict(Answer.Who.choices).get),
        (_("Theo giới"), lambda s: s.sex, dict(Answer.Sex.choices).get),
    ]
    questions = [_line(one.heading, one.name, sheets, one, few) for one in asked]
    return Results(
        questions=questions, total=_total(sheets, questions, few),
        tables=[(title, _table(sheets, key, name, chosen, asked, few)) for title, key, name in groups],
        question=chosen, withheld=published, partly=not whole and not published,
    )  # fmt: skip


def _total(sheets: Sequence[Sheet], questions: Sequence[Line], few: int) -> Line:
    """All questions together: how many sheets, and shares unless one question's could be had from them."""
    one = _line(_("Mọi câu"), "", sheets, None, few)
    before = Wave(one.before.n, few=True) if any(q.before.few for q in questions) else one.before
    after = Wave(one.after.n, few=True) if any(q.after.few for q in questions) else one.after
    return Line(one.label, one.key, before, after, one.tested)


def _wave(sheets: Iterable[Sheet], wave: str, asked: Asked | None) -> Wave:
    here = [s for s in sheets if s.wave == wave]
    if asked is None:
        return Wave(len(here), sum(s.answered for s in here), sum(s.right for s in here))
    given = [s.answers[asked.name] for s in here if asked.name in s.answers]
    return Wave(len(given), len(given), sum(is_right(asked, one) for one in given))


def _line(label: Any, key: str, sheets: Sequence[Sheet], asked: Asked | None, few: int) -> Line:
    waves = [_wave(sheets, wave, asked) for wave in (W.BEFORE, W.AFTER)]
    before, after = (_kept_back(one) if 0 < one.n < few else one for one in waves)
    return Line(label, key, before, after, asked is not None)


def _kept_back(one: Wave) -> Wave:
    return Wave(few=True) if one.n else one


def _table(
    sheets: Sequence[Sheet],
    key: Callable[[Sheet], str],
    name: Callable[[str], Any],
    chosen: Asked | None,
    asked: Sequence[Asked],
    few: int,
) -> list[Line]:
    """A line a place or group; the small ones are one line without numbers, which cannot be had from the total."""
    parts: dict[str, list[Sheet]] = {}
    for one in sheets:
        parts.setdefault(key(one), []).append(one)
    hidden = _hidden(parts, [None, *asked], few) if few else set()
    waves = {k: _waves(some, chosen) for k, some in parts.items() if k not in hidden}
    lines = [
        Line(name(k) or _("chưa ghi"), k, before, after, chosen is not None)
        for k, (before, after) in waves.items()
    ]
    lines.sort(key=lambda one: (not one.key, str(one.label)))
    rest = Line(_("các mục còn lại"), "", Wave(few=True), Wave(few=True), chosen is not None)
    return [*lines, rest] if hidden else lines


def _waves(sheets: Sequence[Sheet], asked: Asked | None) -> tuple[Wave, Wave]:
    return _wave(sheets, W.BEFORE, asked), _wave(sheets, W.AFTER, asked)


def _hidden(
    parts: Mapping[str, Sequence[Sheet]], tables: Sequence[Asked | None], few: int
) -> Collection[str]:
    """Parts of a total to keep back: the small ones with at least one other, never fewer than `few` together.

    They are the same in the tables of all questions: of a part that one table told and another kept back, the small
    part beside it could be had from the difference.
    """
    people = {k: [w.n for one in tables for w in _waves(some, one)] for k, some in parts.items()}
    hidden = {k for k, counts in people.items() if any(0 < n < few for n in counts)}
    rest = sorted(people.keys() - hidden, key=lambda k: (sum(people[k]), k))
    while hidden and rest and (len(hidden) < 2 or any(0 < n < few for n in _sums(people, hidden))):
        hidden.add(rest.pop(0))
    return hidden


def _sums(people: Mapping[str, Sequence[int]], among: Collection[str]) -> list[int]:
    return [sum(n) for n in zip(*(people[k] for k in among), strict=True)]
