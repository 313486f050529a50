"""Formats of the numbers an office issues, with the day each begins and what is unsure of it."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from rulebook.certainty import Certainty, certainty, weakest
from rulebook.dated import Period
from rulebook.errors import BadData, NotInForce, UnknownName
from rulebook.reading import folder, home, read_yaml, said


@dataclass(frozen=True, slots=True)
class Version:
    """A format for a time; `ours` says which of its details no law settles."""

    template: str
    pattern: str
    parts: dict[str, dict[str, str]]
    separator: str
    width: int
    period: Period
    source: str
    article: str
    certainty: Certainty
    ours: str


BLANK = "……"
"""Where the office writes by hand what the data do not hold."""


@dataclass(frozen=True, slots=True)
class CodeFormat:
    """A kind of number with its formats over time."""

    kind: str
    vi: str
    en: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A number as issued, how sure its form is and what about it is unsure."""

    text: str
    certainty: Certainty
    note: str


def _version(raw: dict[str, Any]) -> Version:
    return Version(
        template=raw["template"],
        pattern=raw["pattern"],
        parts=raw["parts"],
        separator=raw["separator"],
        width=raw["width"],
        period=Period.of(raw.get("from"), raw.get("to")),
        source=raw["source"],
        article=raw["article"],
        certainty=certainty(raw["certainty"]),
        ours=raw["ours"],
    )


@lru_cache(maxsize=1)
def code_formats() -> dict[str, CodeFormat]:
    """Every kind of number by its name."""
    return {
        item["kind"]: CodeFormat(
            item["kind"], item["vi"], item["en"], tuple(_version(v) for v in item["versions"])
        )
        for item in read_yaml(folder("vn", "codes.yaml"))
    }


@lru_cache(maxsize=8)
def province_codes(province: str) -> dict[str, Any]:
    """What a province writes in its numbers: its abbreviation and the symbols of its offices."""
    file = folder("vn", province, "codes.yaml")
    if not province.isidentifier() or not file.is_file():
        raise UnknownName(f"Bộ quy định không có tỉnh “{province}”.")
    return dict(read_yaml(file))


def _in_force(kind: str, on: date) -> Version:
    if kind not in code_formats():
        raise UnknownName(f"Bộ quy định không có loại mã “{kind}”.")
    for version in code_formats()[kind].versions:
        if version.period.holds(on):
            return version
    raise NotInForce(f"{code_formats()[kind].vi}: chưa có căn cứ cho ngày {said(on)}.")


def format_code(kind: str, *, on: date, serial: int, province: str | None = None, **parts: str) -> Code:
    """The number written in the form of the day.

    A facility code takes `group` and `place` ("VN" or "province"); a document number takes `type` and
    `issuer` (the key of a body, or its symbol).
    """
    version = _in_force(kind, on)
    if serial < 1:
        raise BadData("Số thứ tự phải từ 1 trở lên.")
    marks: list[Certainty] = [version.certainty]
    notes = [version.ours] if version.ours else []
    for part, allowed in version.parts.items():
        if parts.get(part) not in allowed:
            raise BadData(f"Phần “{part}” của mã chỉ nhận: {', '.join(allowed)}.")
    own: dict[str, Any] | None = None
    if parts.get("place") == "province":
        own = province_codes(province or home())["province_abbreviation"]
        parts["place"] = own["value"]
    elif parts.get("issuer") in province_codes(province or home())["issuers"]:
        own = province_codes(province or home())["issuers"][parts["issuer"]]
        parts["issuer"] = own["value"]
    if own:
        marks.append(certainty(own["certainty"]))
        notes += [own["note"]] if own["note"] else []
    try:
        text = version.template.format(
            separator=version.separator, serial=f"{serial:0{version.width}d}", **parts
        )
    except KeyError as missing:
        raise BadData(f"Mã “{kind}” thiếu phần {missing}.") from missing
    if not re.fullmatch(version.pattern, text):
        raise BadData(f"“{text}” không đúng dạng của {code_formats()[kind].vi.lower()}.")
    return Code(text, weakest(marks), "; ".join(notes))


def letter_symbol(issuer: str, *, province: str | None = None) -> str:
    """The symbol of an official letter: the body's, then that of the unit which drafts; what nobody told is a blank.

    Decree 30/2020, annex I: a letter carries no kind, unlike the other documents.
    """
    known = province_codes(province or home())["issuers"].get(issuer) or {}
    return "-".join(known.get(part) or BLANK for part in ("value", "drafts"))


def parse_code(kind: str, text: str, *, on: date) -> dict[str, str]:
    """The parts of a number written in the form of the day; spaces around and inside do not matter."""
    version = _in_force(kind, on)
    found = re.fullmatch(version.pattern, " ".join(text.split()))
    if not found:
        raise BadData(f"“{text}” không đúng dạng của {code_formats()[kind].vi.lower()}.")
    return found.groupdict()
