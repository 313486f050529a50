"""What a survey asks, as its lines say it, and what an answer sheet says; the same for file, telephone and page."""

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from baoton.kit.once import once
from baoton.kit.text import fold
from baoton.outreach import queries
from baoton.outreach.models import Question

MOST = 12
Chosen = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Asked:
    """One question: its options by letter, which are right, and its words in other languages."""

    name: str
    text: str
    options: Mapping[str, str]
    right: frozenset[str]
    others: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    @property
    def several(self) -> bool:
        """Whether all right options are to be chosen, of which there is more than one."""
        return len(self.right) > 1

    @property
    def heading(self) -> str:
        """The words over its column in a sheet."""
        return f"{self.name.upper()}. {self.text}"

    def in_language(self, language: str) -> tuple[str, Mapping[str, str]]:
        """Question and options in another language; in Vietnamese where nobody wrote them."""
        return self.others.get(language, (self.text, self.options))

    def letters(self, cell: str) -> frozenset[str] | None:
        """The options that a cell means, by letters or by the words of one; None where it means none of them."""
        spelt = {fold(words): letter for letter, words in self.options.items()}
        for _text, options in self.others.values():
            spelt |= {fold(words): letter for letter, words in options.items()}
        if (one := spelt.get(fold(cell))) is not None:
            return frozenset({one})
        found = [spelt.get(w, w) for w in re.split(r"[\s,;+]+", fold(cell)) if w]
        return frozenset(found) if found and set(found) <= set(self.options) else None


def options_of(text: str) -> tuple[dict[str, str], frozenset[str]]:
    """The options by letter in the order of their lines, and those with a star, which are right."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = dict(zip(string.ascii_lowercase, lines, strict=False))
    right = frozenset(letter for letter, line in told.items() if line.startswith("*"))
    return {letter: line.lstrip("* ") for letter, line in told.items()}, right


def others_of(text: str, options: Mapping[str, str]) -> dict[str, tuple[str, dict[str, str]]]:
    """The words of a line `HMông: câu hỏi | phương án | phương án` by language; raises `ValidationError`."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for n, line in enumerate((one for one in text.splitlines() if one.strip()), 1):
        language, sign, rest = line.partition(":")
        name = queries.spelt().get(fold(language))
        parts = [p.strip() for p in rest.split("|")]
        if not sign or name is None:
            told = _("Dòng %(n)d: bắt đầu bằng tên một thứ tiếng rồi dấu hai chấm, như “HMông: …”.")
            raise ValidationError({"words": told % {"n": n}})
        if len(parts) != len(options) + 1 or not all(parts):
            told = _(
                "Dòng %(n)d: cần câu hỏi rồi đủ %(m)d phương án theo đúng thứ tự, cách nhau bằng dấu |; đang có %(k)d."
            )
            raise ValidationError({"words": told % {"n": n, "m": len(options), "k": len(parts) - 1}})
        found[name] = (parts[0], dict(zip(options, parts[1:], strict=True)))
    return found


def asked_of(question: Question) -> Asked:
    """The question as files and checks need it; raises `ValidationError` where its lines do not hold together."""
    options, right = options_of(question.options)
    if not 2 <= len(options) <= MOST or len(question.options.split("\n")) > 3 * MOST:
        raise ValidationError(
            {"options": _("Cần từ 2 đến %(n)d phương án, mỗi dòng một phương án.") % {"n": MOST}}
        )
    if len({fold(words) for words in options.values()} - {""}) < len(options):
        raise ValidationError({"options": _("Có phương án để trống hoặc viết hai lần.")})
    if not right or len(right) == len(options):
        told = _("Đánh dấu * ở đầu phương án đúng; phải có ít nhất một phương án đúng và một phương án sai.")
        raise ValidationError({"options": told})
    return Asked(question.name, question.text, options, right, others_of(question.words, options))


def asked_in(quiz: Any) -> Sequence[Asked]:
    """The questions of a survey, by its key, in their order."""

    def ask() -> list[Asked]:
        rows = Question.objects.filter(quiz=quiz, withdrawn__isnull=True).order_by("position")
        return [asked_of(one) for one in rows]

    return once(("outreach.asked", str(quiz)), ask)


def languages_of(asked: Sequence[Asked]) -> list[str]:
    """The other languages in which some of it is asked."""
    return list(dict.fromkeys(name for one in asked for name in one.others))


def said(text: str) -> dict[str, frozenset[str]]:
    """The answers of a sheet as it is kept (`c1=a; c2=b+c`): the letters chosen, by question."""
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    return {name.strip().lower(): frozenset(rest.strip().lower().split("+")) for name, _sign, rest in pairs}


def written(chosen: Chosen) -> str:
    """Answers as a sheet keeps them."""
    return "; ".join(f"{name}={'+'.join(sorted(letters))}" for name, letters in chosen.items())


def wrong(asked: Sequence[Asked], chosen: Chosen) -> list[tuple[str, str]]:
    """What of the answers the survey does not allow: the question as a reader calls it, and why."""
    known = {one.name: one for one in asked}
    told = [(n.upper(), _("Khảo sát không có câu hỏi này.")) for n in chosen if n not in known]
    for one in asked:
        letters = chosen.get(one.name, frozenset())
        if not letters <= set(one.options):
            choices = ", ".join(one.options)
            told.append((one.name.upper(), _("Chỉ có các phương án %(options)s.") % {"options": choices}))
        elif len(letters) > 1 and not one.several:
            told.append((one.name.upper(), _("Câu này chỉ được chọn một phương án.")))
    return told


def is_right(one: Asked, letters: frozenset[str]) -> bool:
    """Whether the answer is right: all right options and no other."""
    return letters == one.right
