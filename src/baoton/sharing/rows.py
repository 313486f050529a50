"""Events, occurrences and measurements as columns of Darwin Core terms, in batches, masked as the door says."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import shapely
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from baoton.observations.models import Occurrence
from baoton.sharing.selection import Selection
from formats import dwc

ROWS = 5_000
DATUM = "WGS84"
PLACE = ("decimalLongitude", "decimalLatitude", "geodeticDatum", "coordinateUncertaintyInMeters", "footprintWKT",
         "dataGeneralizations", "informationWithheld")  # fmt: skip
DOOR = ("door_precise", "door_x", "door_y", "door_geom", "shown_uncertainty_m", "coordinate_uncertainty_m",
        "min_x", "max_x", "min_y", "max_y", "door_extra")  # fmt: skip
EVENT = {
    "eventID": "door_event_id",
    "eventType": "door_event_type",
    "eventDate": "event_date",
    "samplingProtocol": "door_sampling_protocol",
    "sampleSizeValue": "sample_size_value",
    "sampleSizeUnit": "door_sample_size_unit",
    "samplingEffort": "door_sampling_effort",
    "recordedBy": "recorded_by",
    "locality": "door_locality",
    "eventRemarks": "door_remarks",
}
OCCURRENCE = {
    "occurrenceID": "door_occurrence_id",
    "basisOfRecord": "basis_of_record",
    "scientificName": "scientific_name",
    "vernacularName": "vernacular_name",
    "occurrenceStatus": "occurrence_status",
    "individualCount": "individual_count",
    "organismQuantity": "organism_quantity",
    "organismQuantityType": "door_organism_quantity_type",
    "sex": "sex",
    "lifeStage": "life_stage",
    "eventDate": "event_date",
    "recordedBy": "recorded_by",
    "identifiedBy": "identified_by",
    "locality": "door_locality",
    "associatedMedia": "door_associated_media",
    "occurrenceRemarks": "door_remarks",
}
MEASUREMENT = {
    "measurementID": "measurement_id",
    "measurementType": "measurement_type",
    "measurementValue": "measurement_value",
    "measurementUnit": "measurement_unit",
    "measurementMethod": "measurement_method",
}
STATUS = "identificationVerificationStatus"
OTHERS = "dynamicProperties"
Line = dict[str, str | None]


def plain(value: Any) -> str | None:
    """One value as a file holds it, exactly: a number reads back as the same number."""
    if value is None or value == "":
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def extra_terms(rows: "QuerySet[Any]", column: str, own: Iterable[str]) -> list[str]:
    """Which further terms the rows carry as they came; names that are no term travel in `dynamicProperties`."""
    found: set[str] = set()
    for extra in rows.order_by().values_list(column, flat=True).iterator(ROWS):
        found.update(extra or {})
    known = {n for n in found if n in dwc.TERMS or "://" in n}
    return sorted((known | ({OTHERS} if found - known else set())) - set(own))


def place(row: Mapping[str, Any]) -> Line:
    """Where the row is, as its reader may know it, and what was blurred or kept back."""
    out: Line = dict.fromkeys(PLACE)
    if row["door_precise"]:
        out["decimalLongitude"], out["decimalLatitude"] = plain(row["door_x"]), plain(row["door_y"])
        out["geodeticDatum"] = None if row["door_x"] is None else DATUM
        out["coordinateUncertaintyInMeters"] = plain(row["coordinate_uncertainty_m"])
        point = row["min_x"] == row["max_x"] and row["min_y"] == row["max_y"]
        if row["door_geom"] is not None and not point:
            out["footprintWKT"] = shapely.from_wkb(bytes(row["door_geom"])).wkt
        return out
    out["informationWithheld"] = _(
        "Không công bố: vị trí đúng, địa danh, mã gốc, ghi chú, ảnh và số đo kèm theo."
    )
    if row["door_x"] is None:
        out["dataGeneralizations"] = _("Vị trí không công bố để bảo vệ loài.")
        return out
    out["decimalLongitude"], out["decimalLatitude"] = plain(row["door_x"]), plain(row["door_y"])
    out["geodeticDatum"] = DATUM
    out["coordinateUncertaintyInMeters"] = plain(row["shown_uncertainty_m"])
    out["dataGeneralizations"] = _("Vị trí là tâm ô lưới 0,1 độ, không phải nơi ghi nhận.")
    return out


def _extra(given: Mapping[str, Any] | None, terms: Sequence[str], line: Line) -> None:
    """The further terms stand in the line; a blank own term takes the words it came with."""
    extra = given or {}
    for name, value in extra.items():
        if name in line and line[name] is None:
            line[name] = plain(value)
    rest = {k: v for k, v in extra.items() if k not in dwc.TERMS and "://" not in k}
    for name in terms:
        line[name] = plain(extra.get(name))
        if name == OTHERS and rest:
            kept = {OTHERS: extra[OTHERS]} if extra.get(OTHERS) else {}
            line[name] = json.dumps({**kept, **rest}, ensure_ascii=False)


def batches(
    rows: "QuerySet[Any]",
    columns: Mapping[str, str],
    more: Sequence[str],
    names: Sequence[str],
    finish: Callable[[list[dict[str, Any]], list[Line]], None],
) -> Iterator[pa.RecordBatch]:
    """The rows in key order, in batches of text columns; at least one batch, so that columns are known."""
    wanted = ["pk", *dict.fromkeys([*columns.values(), *more])]
    held: list[dict[str, Any]] = []
    given = False
    for values in rows.order_by("pk").values_list(*wanted).iterator(ROWS):
        held.append(dict(zip(wanted, values, strict=True)))
        if len(held) == ROWS:
            yield _batch(held, columns, names, finish)
            held, given = [], True
    if held or not given:
        yield _batch(held, columns, names, finish)


def _batch(
    held: list[dict[str, Any]], columns: Mapping[str, str], names: Sequence[str], finish: Any
) -> pa.RecordBatch:
    lines: list[Line] = [{term: plain(row[column]) for term, column in columns.items()} for row in held]
    finish(held, lines)
    return pa.RecordBatch.from_pydict(
        {name: pa.array([line.get(name) for line in lines], pa.string()) for name in names}
    )


def events(chosen: Selection) -> Iterator[pa.RecordBatch]:
    """The event core."""
    own = ["eventID", "parentEventID", *[t for t in EVENT if t != "eventID"], *PLACE]
    terms = extra_terms(chosen.events, "door_extra", own)

    def finish(held: list[dict[str, Any]], lines: list[Line]) -> None:
        parents = chosen.event_names({r["parent_id"] for r in held if r["parent_id"]})
        for row, line in zip(held, lines, strict=True):
            line["eventID"] = line["eventID"] or str(row["pk"])
            line["parentEventID"] = parents.get(row["parent_id"])
            line.update(place(row))
            _extra(row["door_extra"], terms, line)

    return batches(chosen.events, EVENT, ("parent_id", *DOOR), [*own, *terms], finish)


def occurrences(chosen: Selection, rows: "QuerySet[Any]", linked: bool) -> Iterator[pa.RecordBatch]:
    """Occurrences with the id of their event (`linked`), or each by itself."""
    own = [*(["eventID"] if linked else []), *OCCURRENCE, *PLACE, *([STATUS] if chosen.mixed else [])]
    terms = [t for t in extra_terms(rows, "door_extra", own) if linked or t != "eventID"]

    def finish(held: list[dict[str, Any]], lines: list[Line]) -> None:
        names = chosen.event_names({r["event_id"] for r in held}) if linked else {}
        for row, line in zip(held, lines, strict=True):
            line["occurrenceID"] = line["occurrenceID"] or str(row["pk"])
            line[STATUS] = str(row["status"])
            line.update(place(row))
            _extra(row["door_extra"], terms, line)
            if linked:
                line["eventID"] = names[row["event_id"]]

    return batches(rows, OCCURRENCE, ("event_id", "status", *DOOR), [*own, *terms], finish)


def measurements(chosen: Selection, linked: bool) -> Iterator[pa.RecordBatch]:
    """Measurements, each with the id of its event and, where it is about one, of its occurrence."""
    rows = chosen.measurements() if linked else chosen.measured_loose()
    own = [*(["eventID"] if linked else []), "occurrenceID", *MEASUREMENT]
    terms = extra_terms(rows, "extra", own)

    def finish(held: list[dict[str, Any]], lines: list[Line]) -> None:
        about = {r["occurrence_id"] for r in held if r["occurrence_id"]}
        seen = {
            pk: (name, event)
            for pk, name, event in Occurrence.objects.filter(pk__in=about).values_list(
                "pk", "occurrence_id", "event_id"
            )
        }
        keys = {r["event_id"] for r in held if r["event_id"]} | {e for _n, e in seen.values() if e}
        events_ = chosen.event_names(keys) if linked else {}
        for row, line in zip(held, lines, strict=True):
            name, event = seen.get(row["occurrence_id"], (None, None))
            line["occurrenceID"] = name
            line["measurementID"] = line["measurementID"] or str(row["pk"])
            if linked:
                line["eventID"] = events_.get(row["event_id"] or event)  # type: ignore[arg-type]
            _extra(row["extra"], terms, line)

    return batches(rows, MEASUREMENT, ("occurrence_id", "event_id", "extra"), [*own, *terms], finish)
