"""The metadata document of a dataset (EML): read from any version, written in the GBIF profile of EML 2.2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from formats.source import FormatError

LICENCES = {
    "CC0-1.0": ("Creative Commons CCZero", "http://creativecommons.org/publicdomain/zero/1.0/legalcode"),
    "CC-BY-4.0": (
        "Creative Commons Attribution (CC-BY) 4.0 License",
        "http://creativecommons.org/licenses/by/4.0/legalcode",
    ),
    "CC-BY-NC-4.0": (
        "Creative Commons Attribution Non Commercial (CC-BY-NC) 4.0 License",
        "http://creativecommons.org/licenses/by-nc/4.0/legalcode",
    ),
}


@dataclass(frozen=True)
class Agent:
    """A person or body; at least one of the three names is given."""

    organisation: str = ""
    given: str = ""
    family: str = ""
    email: str = ""
    position: str = ""

    def __post_init__(self) -> None:
        if not (self.organisation or self.family or self.position):
            raise ValueError("an agent needs an organisation, a family name or a position")


@dataclass(frozen=True)
class EML:
    """What is said about a dataset when it is published."""

    title: str
    abstract: str
    creators: tuple[Agent, ...] | list[Agent]
    contact: Agent
    licence: str = "CC-BY-4.0"
    language: str = "vi"
    pub_date: date | None = None
    package_id: str = ""
    keywords: tuple[str, ...] = ()
    citation: str = ""
    geographic: str = ""
    bounds: tuple[float, float, float, float] | None = None
    period: tuple[date, date] | None = None
    methods: str = ""
    information: str = ""
    stamp: datetime | None = None

    def __post_init__(self) -> None:
        if not (self.title.strip() and self.abstract.strip() and self.creators):
            raise ValueError("a dataset needs a title, an abstract and a creator")
        if self.licence not in LICENCES:
            raise ValueError(f"the licence must be one of {', '.join(LICENCES)}")
        if self.geographic and self.bounds is None:
            raise ValueError("a geographic coverage needs bounds (west, south, east, north)")


def read_eml(source: Path | str | bytes) -> dict[str, Any]:
    """Title, abstract, people, licence, coverage and the rest, as far as the document has them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(source if isinstance(source, bytes) else Path(source).read_bytes(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FormatError(
            "bad_eml",
            "Tệp siêu dữ liệu EML không đúng cú pháp.",
            f"The EML document is not well-formed: {error}",
        ) from error
    found = root.xpath(".//*[local-name()='dataset']")
    dataset = found[0] if found else root
    texts = {
        "title": "title",
        "abstract": "abstract",
        "language": "language",
        "pub_date": "pubDate",
        "licence": "intellectualRights",
        "geographic": "coverage/geographicCoverage/geographicDescription",
        "methods": "methods/methodStep/description",
    }
    out: dict[str, Any] = {}
    for key, steps in texts.items():
        if value := _text(_at(dataset, steps)):
            out[key] = value
    rights = _at(dataset, "intellectualRights")
    if rights is not None and (links := rights.xpath(".//@url")):
        out["licence_url"] = str(links[0])
    out["creators"] = [_agent(e) for e in dataset if _local(e) == "creator"]
    out["contacts"] = [_agent(e) for e in dataset if _local(e) == "contact"]
    out["keywords"] = [t for e in dataset.xpath(".//*[local-name()='keyword']") if (t := _text(e))]
    citations = root.xpath(".//*[local-name()='additionalMetadata']//*[local-name()='citation']")
    if citations:
        out["citation"] = _text(citations[0])
    if doi := next(
        (m for e in dataset if _local(e) == "alternateIdentifier" and (m := _doi(_text(e)))), None
    ):
        out["doi"] = doi
    box = _at(dataset, "coverage/geographicCoverage/boundingCoordinates")
    if box is not None:
        sides = [_text(_at(box, f"{s}BoundingCoordinate")) for s in ("west", "south", "east", "north")]
        if all(re.fullmatch(r"[-+]?\d+(\.\d+)?", s) for s in sides):
            out["bounds"] = tuple(float(s) for s in sides)
    dates = dataset.xpath(".//*[local-name()='temporalCoverage']//*[local-name()='calendarDate']")
    if dates:
        out["period"] = tuple(_text(d) for d in dates)
    return out


def _agent(element: etree._Element) -> dict[str, str]:
    parts = {
        "organisation": "organizationName",
        "given": "individualName/givenName",
        "family": "individualName/surName",
        "position": "positionName",
        "email": "electronicMailAddress",
        "orcid": "userId",
    }
    return {key: text for key, steps in parts.items() if (text := _text(_at(element, steps)))}


def _at(element: etree._Element, steps: str) -> etree._Element | None:
    """The first descendant along the local names, whatever the namespace."""
    for step in steps.split("/"):
        element = next((e for e in element if _local(e) == step), None)
        if element is None:
            return None
    return element


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _doi(text: str) -> str | None:
    found = re.search(r"10\.\d{4,9}/\S+", text)
    return found.group() if found else None
