"""What a machine proposes for pictures: the JSON of MegaDetector and of SpeciesNet, one row a picture and label.

A label is a suggestion with its confidence, never more: `classificationMethod` is always "machine".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from formats.source import Findings, Source
from formats.written_rows import Row, table_of

COLUMNS = ("filePath", "observationType", "scientificName", "vernacularName", "classificationProbability",
           "count", "classifiedBy", "classificationMethod", "boxes", "observationID")  # fmt: skip
TYPES = {"animal": "animal", "person": "human", "human": "human", "people": "human", "vehicle": "vehicle",
         "car": "vehicle", "blank": "blank", "empty": "blank"}  # fmt: skip
LATIN = re.compile(r"^[A-Z][a-z]+(?: [a-z-]+){0,2}$")


def recognised(document: Any) -> bool:
    """True for the output of a detector or classifier over pictures."""
    if not isinstance(document, dict):
        return False
    if isinstance(document.get("images"), list) and "detection_categories" in document:
        return True
    first = (
        next(iter(document.get("predictions") or []), None)
        if isinstance(document.get("predictions"), list)
        else None
    )
    return isinstance(first, dict) and "filepath" in first


def open_document(document: dict[str, Any], source: Source) -> None:
    """One table of labels."""
    found = source.findings
    rows = list(_megadetector(document, found) if "images" in document else _speciesnet(document, found))
    source.kind = "camera_labels"
    source.metadata["program"] = "MegaDetector" if "images" in document else "SpeciesNet"
    for row in rows:  # the same machine says the same of a picture once, however often its file is read
        said = (
            row.get(k)
            for k in ("classifiedBy", "filePath", "observationType", "scientificName", "vernacularName")
        )
        row["observationID"] = "|".join(str(value or "") for value in said)
    table = table_of("labels", COLUMNS, rows, shaped=False)
    table.row_type = "CameraLabel"
    source.tables.append(table)


def _failed(findings: Findings, why: Any, row: int) -> None:
    findings.add(
        "machine_failed",
        "Máy không đọc được ảnh; không có gợi ý nào cho ảnh đó.",
        f"The machine could not read a picture: {why}",
        where="labels",
        row=row,
    )


def _odd(findings: Findings, row: int) -> None:
    findings.add(
        "not_understood",
        "Có mục không phải kết quả của một ảnh; không đọc mục này.",
        "An entry is no result for a picture and is not read.",
        where="labels",
        row=row,
    )


def chance(value: Any) -> float | None:
    """A confidence from 0 to 1, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1 else None


def _megadetector(document: dict[str, Any], findings: Findings) -> Iterator[Row]:
    said = document.get("info")
    info: dict[str, Any] = said if isinstance(said, dict) else {}
    kinds = {str(k): str(v) for k, v in (document.get("detection_categories") or {}).items()}
    names = {str(k): str(v) for k, v in (document.get("classification_categories") or {}).items()}
    by = str(info.get("classifier") or info.get("detector") or "MegaDetector")
    for number, image in enumerate(document["images"], 1):
        if not isinstance(image, dict) or not isinstance(image.get("file"), str):
            _odd(findings, number)
            continue
        if image.get("failure"):
            _failed(findings, image["failure"], number)
            continue
        boxes = [d for d in image.get("detections") or [] if isinstance(d, dict)]
        start: Row = {"filePath": image["file"], "classifiedBy": by, "classificationMethod": "machine"}
        if not boxes:
            yield {**start, "observationType": "blank"}
        best: dict[tuple[str, str], tuple[float, list[dict[str, Any]]]] = {}
        for box in boxes:
            sure = chance(box.get("conf"))
            if sure is None:
                _odd(findings, number)
                continue
            kind = TYPES.get(kinds.get(str(box.get("category")), "").lower(), "unknown")
            name, sure_of_name = _classified(box, names)
            if name and (meant := TYPES.get(name.lower())):
                kind, name = meant, ""
            key = kind, name
            was, all_boxes = best.get(key, (0.0, []))
            best[key] = max(was, sure_of_name if sure_of_name is not None else sure), [*all_boxes, box]
        for (kind, name), (sure, those) in best.items():
            yield {
                **start, **_named(name), "observationType": kind, "classificationProbability": sure,
                "count": len(those), "boxes": [{"bbox": b.get("bbox"), "conf": b.get("conf")} for b in those],
            }  # fmt: skip


def _classified(box: dict[str, Any], names: dict[str, str]) -> tuple[str, float | None]:
    """The name the classifier gives a box first, and how sure it is; "" where there is none."""
    told = [c for c in box.get("classifications") or [] if isinstance(c, list) and len(c) == 2]
    sure = [(chance(c[1]), names.get(str(c[0]), "")) for c in told]
    good = [(p, n) for p, n in sure if p is not None and n]
    if not good:
        return "", None
    p, name = max(good)
    return name, p


def _named(name: str) -> Row:
    """A label as the names it holds: SpeciesNet's chain of ranks, a Latin name, or words."""
    if ";" in name:
        parts = [p.strip() for p in name.split(";")]
        ranks, common = parts[1:6] if len(parts) == 7 else parts[:-1], parts[-1]
        genus, epithet = ranks[3:5] if len(ranks) >= 5 else ("", "")
        higher = next((r for r in reversed(ranks[:3]) if r), "")
        latin = f"{genus} {epithet}".strip() or higher
        return {"scientificName": latin[:1].upper() + latin[1:] or None, "vernacularName": common or None}
    return {"scientificName": name} if LATIN.match(name) else {"vernacularName": name or None}


def _speciesnet(document: dict[str, Any], findings: Findings) -> Iterator[Row]:
    for number, one in enumerate(document["predictions"], 1):
        if not isinstance(one, dict) or not isinstance(one.get("filepath"), str):
            _odd(findings, number)
            continue
        if not one.get("prediction"):
            _failed(findings, one.get("failures") or "no prediction", number)
            continue
        label = str(one["prediction"])
        common = label.split(";")[-1].strip().lower()
        kind = TYPES.get(common, "unknown" if common in {"", "no cv result", "unknown"} else "animal")
        boxes = [d for d in one.get("detections") or [] if isinstance(d, dict)]
        wanted = {"human": "human", "vehicle": "vehicle"}.get(kind, "animal")
        those = [b for b in boxes if TYPES.get(str(b.get("label", "")).lower(), "animal") == wanted]
        model = str(one.get("model_version") or "")
        yield {
            "filePath": one["filepath"], "observationType": kind,
            **(_named(label) if kind == "animal" else {}),
            "classificationProbability": chance(one.get("prediction_score")),
            "count": len(those) or None if kind != "blank" else None,
            "classifiedBy": f"SpeciesNet {model}".strip(), "classificationMethod": "machine",
            "boxes": [{"bbox": b.get("bbox"), "conf": b.get("conf")} for b in those],
        }  # fmt: skip
