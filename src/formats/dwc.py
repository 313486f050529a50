"""The Darwin Core terms known here, with their labels, and which of them a column header means."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NAMESPACES = {
    "dwc": "http://rs.tdwg.org/dwc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "obis": "http://rs.iobis.org/obis/terms/",
}
ROW_TYPES = {
    "Event": NAMESPACES["dwc"] + "Event",
    "Occurrence": NAMESPACES["dwc"] + "Occurrence",
    "Taxon": NAMESPACES["dwc"] + "Taxon",
    "MeasurementOrFact": NAMESPACES["dwc"] + "MeasurementOrFact",
    "ExtendedMeasurementOrFact": NAMESPACES["obis"] + "ExtendedMeasurementOrFact",
    "Identification": NAMESPACES["dwc"] + "Identification",
    "VernacularName": "http://rs.gbif.org/terms/1.0/VernacularName",
    "Distribution": "http://rs.gbif.org/terms/1.0/Distribution",
    "Description": "http://rs.gbif.org/terms/1.0/Description",
    "SpeciesProfile": "http://rs.gbif.org/terms/1.0/SpeciesProfile",
    "Multimedia": "http://rs.gbif.org/terms/1.0/Multimedia",
}


@dataclass(frozen=True)
class Term:
    """One term: its identifier, the class it belongs to, the kind of value it holds and its labels."""

    name: str
    iri: str
    cls: str
    kind: str
    vi: str
    en: str


@dataclass(frozen=True)
class Proposal:
    """The term a column seems to mean, how sure that is and why; `others` are the terms it might mean too."""

    column: str
    term: str | None
    confidence: float
    reason_vi: str
    reason_en: str
    others: tuple[tuple[str, float], ...] = ()


def _rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TERMS: dict[str, Term] = {
    r["name"]: Term(
        r["name"], NAMESPACES[r["namespace"]] + r["name"], r["class"], r["kind"], r["vi"], r["en"]
    )
    for r in _rows("terms.csv")
}
_BY_IRI = {t.iri.lower(): t.name for t in TERMS.values()}  # older archives write ScientificName


def iri(name: str) -> str:
    """The identifier of a term; a name not known here that is itself an identifier stays as it is."""
    if name in TERMS:
        return TERMS[name].iri
    return name if "://" in name or name.startswith("urn:") else NAMESPACES["dwc"] + name


def name_of(identifier: str) -> str:
    """The short name of a known identifier, else the identifier itself."""
    return _BY_IRI.get(identifier.strip().lower(), identifier.strip())


def row_type(name: str) -> str:
    """The identifier of a row type given by its short name."""
    return ROW_TYPES.get(name) or (name if "://" in name else NAMESPACES["dwc"] + name)


def exact_terms(columns: Iterable[str]) -> dict[str, str]:
    """The columns whose header is a term's own name or identifier, in whatever case it is written."""
    found: dict[str, str] = {}
    for column in columns:
        name = name_of(column)
        term = name if name in TERMS else _lowered().get(column.split(":")[-1].lower())
        if term and term not in found.values():
            found[column] = term
    return found


def guess_row_type(terms: Iterable[str]) -> str | None:
    """What one row of a table with these terms is, where they leave no doubt."""
    have = set(terms)
    if have & {"measurementType", "measurementValue"}:
        return ROW_TYPES["MeasurementOrFact"]
    if have & {"occurrenceID", "basisOfRecord", "recordedBy"}:
        return ROW_TYPES["Occurrence"]
    if "scientificName" in have:
        if have & {"decimalLatitude", "verbatimLatitude", "eventDate", "eventID", "locality"}:
            return ROW_TYPES["Occurrence"]
        ranked = have & {"taxonRank", "parentNameUsageID", "acceptedNameUsageID", "taxonomicStatus"}
        return ROW_TYPES["Taxon"] if ranked or have >= {"taxonID", "family"} else None
    if "taxonID" in have:
        return ROW_TYPES["Distribution"] if have & {"locationID", "establishmentMeans"} else None
    if "eventID" in have and have & {"eventDate", "decimalLatitude"}:
        return ROW_TYPES["Event"]
    return None


def plain(text: str) -> str:
    """Lower case without diacritics, signs or doubled spaces: "Toạ độ X (m)" becomes "toa do x m"."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(p for p in parts if not unicodedata.combining(p))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def accented(text: str) -> str:
    """Lower case with diacritics, signs and doubled spaces gone, old and new placing of tones made one."""
    return " ".join(re.findall(r"[^\W_]+", _one_tone(unicodedata.normalize("NFC", text.lower()))))


def _one_tone(text: str) -> str:
    """Tones where older spelling puts them."""
    for new, old in (
        ("oà", "òa"),
        ("oá", "óa"),
        ("oả", "ỏa"),
        ("oã", "õa"),
        ("oạ", "ọa"),
        ("uý", "úy"),
        ("uỷ", "ủy"),
    ):
        text = text.replace(new, old)
    return text


_SYSTEM_WORDS = re.compile(
    r"[\s_(-]*(?<![a-z])(?:hệ[\s_]+)?(?:vn[\s_-]*2000|wgs[\s_-]*(?:19)?84|utm)(?:[\s_-]*(?:zone[\s_]*)?(?:4[6-9]|50)[\s_]*[nqp]?)?"
    r"(?:[\s_,-]*(?:ktt|kinh tuyến(?: trục)?)?[\s_]*10\d(?:[°.,]\d*'?)?)?\)?(?![a-z0-9])",
    re.I,
)
_OTHER_QUANTITY = re.compile(
    r"[(\[]\s*(?:kg|g|gam|gram|tấn|tạ|yến|ha|m2|m²|m3|m³|km2|km|%|lít|đàn|bầy|nhóm|tổ|ổ|đôi|cặp|vnđ|đồng|triệu)\b",
    re.I,
)
_PARTS_OF_A_PLACE = {"latitude", "longitude", "altitude"}


@cache
def _lowered() -> dict[str, str]:
    return {name.lower(): name for name in TERMS}


@cache
def _aliases() -> tuple[dict[str, tuple[str, float]], dict[str, list[tuple[str, float]]]]:
    """Known headers with their diacritics, and without them (where several may fall together)."""
    exact: dict[str, tuple[str, float]] = {}
    bare: dict[str, list[tuple[str, float]]] = {}
    labels = [(t.vi, t.name, 0.95) for t in TERMS.values()] + [(t.en, t.name, 0.97) for t in TERMS.values()]
    for header, term, confidence in [
        *(
            (r["header"], r["term"], float(r["confidence"]))
            for r in _rows("aliases.csv")
            if r["term"] in TERMS
        ),
        *labels,
        *((re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name), name, 0.97) for name in TERMS),
    ]:
        exact.setdefault(accented(header), (term, confidence))
        known = bare.setdefault(plain(header).replace(" ", ""), [])
        if term not in [k[0] for k in known]:
            known.append((term, confidence))
    return exact, bare


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, float], ...]:
    """Ways of naming a column, for headers that no list of words can hold."""
    return tuple(
        (re.compile(_one_tone(r["pattern"])), r["term"], float(r["confidence"]))
        for r in _rows("header_patterns.csv")
    )


def _alike(form: str, term: str) -> tuple[str, str]:
    vi = f"Tên cột “{form.strip()}” viết theo lối thường dùng cho “{TERMS[term].vi}”."
    return vi, f"The header {form.strip()!r} is written as headers of {term} are."


SPAN = ("startDate", "endDate")


@cache
def _spans() -> dict[str, str]:
    return {accented(row["header"]): row["term"] for row in _rows("aliases.csv") if row["term"] in SPAN}


def span(columns: Iterable[str]) -> dict[str, str]:
    """The columns that hold the first and the last day of a span, as `startDate` and `endDate`."""
    known = _spans()
    found: dict[str, str] = {}
    for column in columns:
        forms = (
            column,
            re.sub(r"\s*[(\[].*?[)\]]\s*", " ", column),
            re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column),
        )
        term = next((known[accented(f)] for f in forms if accented(f) in known), None)
        if term and term not in found.values():
            found[column] = term
    return found


def propose(columns: Sequence[str], row_type: str | None = None) -> list[Proposal]:
    """One proposal a column; of two columns that seem to mean one term the surer has it."""
    candidates = [_candidates(column) for column in columns]
    if any(c[0][0] == "genus" for c in candidates if c):
        candidates = [_beside_genus(column, c) for column, c in zip(columns, candidates, strict=True)]
    if row_type and row_type.endswith("Taxon"):
        candidates = [[c for c in cs if TERMS[c[0]].cls not in ("Location", "Event")] for cs in candidates]
    order = sorted(
        ((c[1], -i, i, c) for i, cs in enumerate(candidates) for c in cs), key=lambda x: x[:2], reverse=True
    )
    given: dict[int, tuple[str, float, str, str]] = {}
    taken: dict[str, str] = {}
    for _, _, index, candidate in order:
        if index not in given and candidate[0] not in taken:
            given[index] = candidate
            taken[candidate[0]] = columns[index]
    return [_proposal(column, given.get(i), candidates[i], taken) for i, column in enumerate(columns)]


def _beside_genus(
    column: str, candidates: list[tuple[str, float, str, str]]
) -> list[tuple[str, float, str, str]]:
    """Beside a column of genera, one headed "species" holds the epithet alone."""
    if plain(column) != "species":
        return candidates
    vi = "Có cột chi riêng, nên cột này là tính từ loài."
    return [("specificEpithet", 0.88, vi, "Genus has its own column, so this is the epithet."), *candidates]


def _proposal(
    column: str,
    given: tuple[str, float, str, str] | None,
    candidates: list[tuple[str, float, str, str]],
    taken: dict[str, str],
) -> Proposal:
    others = tuple((c[0], c[1]) for c in candidates if given is None or c[0] != given[0])
    if given is not None:
        return Proposal(column, given[0], given[1], given[2], given[3], others)
    if candidates:
        rival = taken[candidates[0][0]]
        vi = f"Cột “{rival}” đã được đề xuất cho “{TERMS[candidates[0][0]].vi}”."
        return Proposal(
            column, None, 0.0, vi, f"Column {rival!r} was proposed for {candidates[0][0]}.", others
        )
    return Proposal(column, None, 0.0, "Không nhận ra tên cột.", "The header is not recognised.")


_LUNAR = re.compile(r"(?i:âm\s*lịch|lịch\s*âm|am\s*lich|lunar)|\bÂL\b|\(AL\)")


def _candidates(column: str) -> list[tuple[str, float, str, str]]:
    """The terms a header may mean, surest first: its own name, a known header, one without accents."""
    exact, bare = _aliases()
    if _LUNAR.search(column):
        return []  # days of the moon's calendar are no dates that anything here reads
    name = name_of(column)
    if name in TERMS:
        return [(name, 1.0, "Đúng tên thuật ngữ Darwin Core.", "It is the Darwin Core term itself.")]
    lowered = _lowered().get(column.split(":")[-1].strip().lower())
    if lowered:
        return [
            (lowered, 0.98, "Đúng tên thuật ngữ Darwin Core.", "It is the Darwin Core term, in another case.")
        ]
    found: list[tuple[str, float, str, str]] = []
    forms = [(column, 1.0)]
    without_unit = re.sub(r"\s*[(\[].*?[)\]]\s*", " ", column)
    if without_unit.strip() and without_unit != column:
        forms.append((without_unit, 0.95))
    if "/" in column:
        forms += [(column.replace("/", " "), 0.95), (column.split("/")[-1], 0.92)]
    without_system = _SYSTEM_WORDS.sub(" ", column.split("/")[-1])
    if without_system.strip(" _-.()") and without_system != column.split("/")[-1]:
        forms.append((without_system, 0.93))
    if (last := re.split(r"[\W_]+", column.strip())[-1].lower()) in _PARTS_OF_A_PLACE:
        forms.append((last, 0.9))  # form tools write "_place_latitude"
    for form, factor in forms:
        if hit := exact.get(accented(form)):
            vi = f"Tên cột “{form.strip()}” thường dùng cho “{TERMS[hit[0]].vi}”."
            found.append(
                (hit[0], hit[1] * factor, vi, f"The header {form.strip()!r} usually means {hit[0]}.")
            )
        for term, confidence in bare.get(plain(form).replace(" ", "") or "-", []):
            vi = f"Giống “{TERMS[term].vi}” khi bỏ dấu."
            found.append((term, confidence * factor * 0.85, vi, f"It is like {term} without accents."))
        if not found:
            found += [
                (t, c * factor, *_alike(form, t)) for p, t, c in _patterns() if p.fullmatch(accented(form))
            ]
    if _OTHER_QUANTITY.search(column):
        found = [c for c in found if c[0] != "individualCount"]  # kilograms and herds are no animals
    best: dict[str, tuple[str, float, str, str]] = {}
    for c in sorted(found, key=lambda c: -c[1]):
        best.setdefault(c[0], c)
    return list(best.values())
