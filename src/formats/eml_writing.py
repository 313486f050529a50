"""The metadata document written in the GBIF profile of EML 2.2, its elements in the order the schema asks."""

from __future__ import annotations

import datetime as dt
import uuid

from lxml import etree

from formats.eml import EML, LICENCES, Agent

NAMESPACE = "https://eml.ecoinformatics.org/eml-2.2.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LOCATION = f"{NAMESPACE} https://rs.gbif.org/schema/eml-gbif-profile/1.3/eml.xsd"
ISO3 = {"vi": "vie", "en": "eng"}


def to_xml(eml: EML) -> bytes:
    """The document as UTF-8."""
    names = {"eml": NAMESPACE, "xsi": XSI}
    root = etree.Element(f"{{{NAMESPACE}}}eml", nsmap=names)
    root.set("packageId", eml.package_id or str(uuid.uuid5(uuid.NAMESPACE_URL, eml.title)))
    root.set("system", "http://gbif.org")
    root.set("scope", "system")
    root.set(LANG, ISO3.get(eml.language, eml.language))
    root.set(f"{{{XSI}}}schemaLocation", LOCATION)
    dataset = etree.SubElement(root, "dataset")
    if eml.package_id:
        _add(dataset, "alternateIdentifier", eml.package_id)
    _add(dataset, "title", eml.title).set(LANG, ISO3.get(eml.language, eml.language))
    for creator in eml.creators:
        _agent(dataset, "creator", creator)
    _agent(dataset, "metadataProvider", eml.contact)
    _add(dataset, "pubDate", (eml.pub_date or dt.date.today()).isoformat())
    _add(dataset, "language", ISO3.get(eml.language, eml.language))
    _add(etree.SubElement(dataset, "abstract"), "para", eml.abstract)
    if eml.keywords:
        keywords = etree.SubElement(dataset, "keywordSet")
        for keyword in eml.keywords:
            _add(keywords, "keyword", keyword)
        _add(keywords, "keywordThesaurus", "n/a")
    if eml.information:
        _add(etree.SubElement(dataset, "additionalInfo"), "para", eml.information)
    _rights(dataset, eml.licence)
    _coverage(dataset, eml)
    _agent(dataset, "contact", eml.contact)
    if eml.methods:
        step = etree.SubElement(etree.SubElement(dataset, "methods"), "methodStep")
        _add(etree.SubElement(step, "description"), "para", eml.methods)
    more = etree.SubElement(etree.SubElement(root, "additionalMetadata"), "metadata")
    gbif = etree.SubElement(more, "gbif")
    _add(gbif, "dateStamp", (eml.stamp or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds"))
    _add(gbif, "hierarchyLevel", "dataset")
    if eml.citation:
        _add(gbif, "citation", eml.citation)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _rights(dataset: etree._Element, licence: str) -> None:
    """The licence in the sentence GBIF reads by machine."""
    name, url = LICENCES[licence]
    para = etree.SubElement(etree.SubElement(dataset, "intellectualRights"), "para")
    para.text = "This work is licensed under a "
    link = etree.SubElement(para, "ulink", url=url)
    _add(link, "citetitle", name)
    link.tail = "."


def _coverage(dataset: etree._Element, eml: EML) -> None:
    if eml.bounds is None and eml.period is None:
        return
    coverage = etree.SubElement(dataset, "coverage")
    if eml.bounds is not None:
        place = etree.SubElement(coverage, "geographicCoverage")
        _add(place, "geographicDescription", eml.geographic or eml.title)
        box = etree.SubElement(place, "boundingCoordinates")
        west, south, east, north = eml.bounds
        for side, value in (("west", west), ("east", east), ("north", north), ("south", south)):
            _add(box, f"{side}BoundingCoordinate", repr(float(value)))
    if eml.period is not None:
        between = etree.SubElement(etree.SubElement(coverage, "temporalCoverage"), "rangeOfDates")
        for end, day in zip(("beginDate", "endDate"), eml.period, strict=True):
            _add(etree.SubElement(between, end), "calendarDate", day.isoformat())


def _agent(parent: etree._Element, role: str, agent: Agent) -> None:
    element = etree.SubElement(parent, role)
    if agent.family:
        person = etree.SubElement(element, "individualName")
        if agent.given:
            _add(person, "givenName", agent.given)
        _add(person, "surName", agent.family)
    if agent.organisation:
        _add(element, "organizationName", agent.organisation)
    if agent.position:
        _add(element, "positionName", agent.position)
    if agent.email:
        _add(element, "electronicMailAddress", agent.email)


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = text
    return element
