"""Events from files: visits with their place, time, method and effort."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext_lazy

from baoton.kit.importing import database
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.commit import Commit
from baoton.kit.importing.target import (
    Family,
    Field,
    InDataset,
    Key,
    Rest,
    Steps,
    Suits,
    Target,
    Tells,
    register,
)
from baoton.observations.imports import datasets, disclose, heights, others, proposing, when, where
from baoton.observations.models import Event

PART = 5_000


def prepare(chunk: Chunk) -> None:
    """The chunk's events have days, places and their parent's key."""
    others.unpack(chunk)
    when.put_days(chunk)
    heights.check(chunk)
    places = where.put_places(chunk)
    if places is not None:
        where.put_areas(chunk, places, np.zeros(chunk.n, np.int8))
    if chunk.has("parentEventID"):
        parents = chunk.text("parentEventID")
        chunk.carry("_parent", parents)
        barred = chunk.run.refs["observations.event"].find(parents)["barred"].fill_null(False)
        chunk.bar(barred, "parentEventID", "extra.parentEventID")


def begin(commit: Commit) -> None:
    """The dataset stands; what betrays the visits the file changes is remembered."""
    datasets.stand(commit)
    disclose.begin(commit)


def link(commit: Commit) -> Iterator[None]:
    """Events point at their parents."""
    for frame in commit.stage.rows("observations.event"):
        pairs = frame.select("id", "_parent").drop_nulls() if "_parent" in frame.columns else frame.clear()
        for start in range(0, len(pairs), PART):
            _point_at_parents(commit, pairs[start : start + PART])
            yield


def finish(commit: Commit) -> None:
    """No event gives away more than its most sensitive occurrence."""
    disclose.settle(commit)


def _point_at_parents(commit: Commit, frame: pl.DataFrame) -> None:
    """Each event's parent is the event of that key in the file, else in the dataset; one that is not there, or that
    the actor may not see or change, leaves it open."""
    found = commit.run.refs["observations.event"].find(frame["_parent"])
    pairs = frame.with_columns(
        to=found["id"], good=found["ok"].fill_null(False) & ~found["barred"].fill_null(False)
    )
    pairs = pairs.filter(pl.col("good") & pl.col("to").is_not_null() & (pl.col("to") != pl.col("id")))
    database.put(Event, ["parent_id"], pairs.select("to", "id").rows())


def fits(terms: set[str]) -> float:
    """A visit says how something was looked for, or has a key of its own; a place alone is none."""
    if terms & {"scientificName", "vernacularName", "genus", "measurementType", "taxonID"}:
        return 0.0
    if "eventID" in terms or "samplingProtocol" in terms or "samplingEffort" in terms:
        return 0.9
    keyed = "occurrenceID" in terms and not terms & {"vernacularName", "genus", "basisOfRecord"}
    return 0.4 if keyed and terms & {"eventDate", "startDate", "decimalLatitude"} else 0.0


def undone(batch_id: str, ids: Any) -> None:
    disclose.refresh(Event, list(ids))
    datasets.gone(batch_id)


text = partial(Field, kind="text")
EVENT = register(
    Target(
        name="observations.event",
        model=Event,
        label=gettext_lazy("Đợt điều tra, quan trắc"),
        key=Key(term="eventID", column="event_id"),
        suits=Suits(
            row_types=("Event",),
            rank=10,
            propose=proposing.propose,
            fits=fits,
        ),
        fields=(
            Field("eventID", gettext_lazy("mã đợt"), "event_id"),
            Field("parentEventID", gettext_lazy("mã đợt cha")),
            *when.TERMS,
            *where.TERMS,
            *heights.TERMS,
            text("eventType", gettext_lazy("loại đợt"), "event_type"),
            text("samplingProtocol", gettext_lazy("phương pháp điều tra"), "sampling_protocol"),
            Field("sampleSizeValue", gettext_lazy("cỡ mẫu"), "sample_size_value", "number"),
            text("sampleSizeUnit", gettext_lazy("đơn vị cỡ mẫu"), "sample_size_unit"),
            text("samplingEffort", gettext_lazy("công sức điều tra"), "sampling_effort"),
            text("recordedBy", gettext_lazy("người điều tra"), "recorded_by"),
            text("locality", gettext_lazy("địa điểm"), "locality"),
            text("eventRemarks", gettext_lazy("ghi chú"), "remarks"),
        ),
        rest=Rest(
            column="extra",
            also=(*when.KEPT, *where.KEPT, *heights.KEPT, "parentEventID"),
        ),
        prepare=prepare,
        dataset=InDataset(open=datasets.find),
        steps=Steps(begin=begin, link=link, finish=finish, undone=undone, undoing=disclose.undoing_visits),
        tells=Tells(
            summary=partial(where.summary, "observations.event"),
            places=partial(where.places, "observations.event"),
            draw=where.draw,
            place_terms=where.SAID_BY,
            written_as={
                "event_id": "eventID",
                "event_date": "eventDate",
                "area_path": "area",
                "day_start": "dayStart",
                "day_end": "dayEnd",
                "parent_id": "parent",
                "sort_day": "",
            },
        ),
        family=Family(
            refers=("observations.event",),
            inherit=(
                "geom",
                "min_x",
                "min_y",
                "max_x",
                "max_y",
                "coordinate_uncertainty_m",
                "event_date",
                "day_start",
                "day_end",
            ),
        ),
        returns_to={"status": "draft"},
    )
)
