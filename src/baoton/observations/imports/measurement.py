"""Measurements and facts from files, each about an occurrence or an event of the same dataset."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.target import Family, Field, InDataset, Key, Rest, Steps, Suits, Target, register
from baoton.observations.imports import datasets, others
from baoton.observations.imports.pointing import point_at
from baoton.observations.models import Measurement


def prepare(chunk: Chunk) -> None:
    """The chunk's measurements point at what was measured; one about nothing is refused."""
    others.unpack(chunk)
    run = chunk.run
    core = next((t.target for t in run.plan.tables if t.target and not t.core_id_column), "")
    has_core = bool(chunk.plan.core_id_column)
    about = None
    if chunk.has("occurrenceID"):
        found = point_at(
            chunk,
            "observations.occurrence",
            chunk.text("occurrenceID"),
            "key",
            "occurrenceID",
            "occurrence_id",
        )
        chunk.put("occurrence_id", found["id"])
        about = chunk.text("occurrenceID").is_not_null()
    elif has_core and core == "observations.occurrence":
        found = point_at(chunk, core, chunk.text("_core"), "core", "_core", "occurrence_id")
        chunk.put("occurrence_id", found["id"])
        about = chunk.text("_core").is_not_null()
    if chunk.has("eventID") or (has_core and core == "observations.event"):
        by, term = ("key", "eventID") if chunk.has("eventID") else ("core", "_core")
        keys = chunk.text(term)
        found = point_at(chunk, "observations.event", keys, by, term, "event_id")
        chunk.put("event_id", found["id"])
        about = keys.is_not_null() if about is None else about | keys.is_not_null()
    told = _("Không rõ số đo này của ghi nhận hay đợt nào; điền occurrenceID hoặc eventID.")
    nothing = chunk.text("measurementType").is_null() if about is None else ~about
    if about is None:
        nothing = nothing | ~nothing
    chunk.refuse(nothing, "occurrenceID", "about_nothing", told)


def undone(batch_id: str, ids: Any) -> None:
    datasets.gone(batch_id)


MEASUREMENT = register(
    Target(
        name="observations.measurement",
        model=Measurement,
        label=gettext_lazy("Số đo, dữ kiện"),
        key=Key(term="measurementID", kept="measurement_id"),
        suits=Suits(
            row_types=("MeasurementOrFact", "ExtendedMeasurementOrFact"),
            rank=30,
            fits=lambda terms: 0.9 if terms & {"measurementType", "measurementValue"} else 0.0,
        ),
        fields=(
            Field("measurementID", gettext_lazy("mã số đo")),
            Field("occurrenceID", gettext_lazy("mã quan sát")),
            Field("eventID", gettext_lazy("mã đợt")),
            Field("measurementType", gettext_lazy("đo gì"), "measurement_type", required=True),
            Field("measurementValue", gettext_lazy("giá trị"), "measurement_value"),
            Field("measurementUnit", gettext_lazy("đơn vị"), "measurement_unit"),
            Field("measurementMethod", gettext_lazy("cách đo"), "measurement_method"),
        ),
        rest=Rest(column="extra"),
        prepare=prepare,
        dataset=InDataset(open=datasets.find),
        steps=Steps(begin=datasets.stand, undone=undone),
        family=Family(refers=("observations.event", "observations.occurrence")),
    )
)
