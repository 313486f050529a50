"""Sentences of ours that were written down are told in the language of whoever reads them.

A row keeps the sentence as it was put together when it was written: a message of the catalogue with its values. Here it
is found again, in whichever language it stands, and put together in the reader's. Words that no message fits are
somebody's own and stay as they are.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation.trans_real import translation

VALUE = re.compile(r"%\((\w+)\)[sd]")
LEAST, WITHIN = 7, 4
"""A message of fewer letters beside its values is none to be sure of; within another sentence fewer do."""
LONGEST = 600
"""No sentence of ours is longer: what is, somebody wrote."""
HEAD = 4
APART = ("\n", " · ")
SENTENCE = re.compile(r"(?<=[.!?]) ")


class Form(NamedTuple):
    """A message with values as it stands in one language, its words and the values between them; and in the other."""

    words: tuple[str, ...]
    values: tuple[str, ...]
    letters: int
    other: str

    def held(self, text: str) -> dict[str, str] | None:
        """The values in a text of this form, each up to the words that follow it; None where it is another text.

        It is read once from the left and never again: whoever writes a text cannot make its reading slow.
        """
        if not text.startswith(self.words[0]):
            return None
        found: dict[str, str] = {}
        at = len(self.words[0])
        for n, (value, words) in enumerate(zip(self.values, self.words[1:], strict=True), 1):
            if n < len(self.values):
                end = text.find(words, at + 1)
            else:
                end = len(text) - len(words) if text.endswith(words) else -1
            if end <= at or found.setdefault(value, text[at:end]) != text[at:end]:
                return None
            at = end + len(words)
        return found


def retold(text: str) -> str:
    """The text in the reader's language, as far as it is put together of our own messages."""
    language = get_language() or settings.LANGUAGE_CODE
    return _retold(text, language.partition("-")[0]) if text else text


def ours(column: str) -> Callable[[Any], str]:
    """What a column that we write tells its reader: for `said` of a kind."""
    return lambda record: retold(getattr(record, column) or "")


@lru_cache(maxsize=20_000)
def _retold(text: str, language: str, least: int = LEAST) -> str:
    plain, forms = _messages(language)
    if text in plain:
        return plain[text]
    for joint in APART:
        if joint in text:
            return joint.join(_retold(part, language) for part in text.split(joint))
    if len(text) > LONGEST:
        return text
    near = (f for f in (*forms.get(text[:HEAD], ()), *forms.get("", ())) if f.letters >= least)
    fitting = [(form, found) for form in near if (found := form.held(text))]
    if fitting:
        form, found = max(fitting, key=lambda one: one[0].letters)
        return _filled(form.other, found, language)
    for parts, joint in ((SENTENCE.split(text), " "), (text.split("; "), "; ")):
        if len(parts) > 1:
            return joint.join(_retold(part, language) for part in parts)
    head, colon, rest = text.partition(": ")
    told = _retold(rest, language) if colon else ""
    known = told != rest or len(head) > LEAST
    return f"{plain.get(head, head)}: {told}" if colon and known else text


def _filled(other: str, found: dict[str, str], language: str) -> str:
    """The message of the other language with its values; one that stands in quotes is somebody's own word."""

    def value(at: re.Match[str]) -> str:
        held = found[at[1]]
        return held if other[: at.start()].endswith(("“", '"')) else _retold(held, language, WITHIN)

    return VALUE.sub(value, other).replace("%%", "%")


@lru_cache(maxsize=4)
def _messages(language: str) -> tuple[dict[str, str], dict[str, list[Form]]]:
    """All messages as they stand in other languages: whole ones, and those with values by how they begin."""
    plain: dict[str, str] = {}
    forms: dict[str, list[Form]] = {}
    source = settings.LANGUAGE_CODE
    for other in [code for code, _name in settings.LANGUAGES if code != source]:
        if language not in {source, other}:
            continue
        catalogue: Any = translation(other)
        for key, words in catalogue._catalog.items():
            if not isinstance(key, str) or not key or not isinstance(words, str):
                continue
            message = key.rpartition("\x04")[2]
            here, there = (words, message) if language == source else (message, words)
            if VALUE.search(here):
                _add(forms, here, there)
            elif len(here) >= LEAST:
                plain.setdefault(here.replace("%%", "%"), there.replace("%%", "%"))
            elif language != source:
                plain.setdefault(here, there)
    return plain, forms


def _add(forms: dict[str, list[Form]], here: str, there: str) -> None:
    """A message of the one language is known by its words; each value is what stands between them."""
    words = tuple(part.replace("%%", "%") for part in VALUE.split(here)[::2])
    values = tuple(VALUE.findall(here))
    letters = sum(map(str.isalpha, "".join(words)))
    if letters < WITHIN or not set(VALUE.findall(there)) <= set(values):
        return
    form = Form(words, values, letters, there)
    forms.setdefault(words[0][:HEAD] if len(words[0]) >= HEAD else "", []).append(form)
