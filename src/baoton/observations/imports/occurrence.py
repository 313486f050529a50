"""Occurrences from files: a name as written, at a place and a time, alone or within an event."""

from collections.abc import Sequence
from functools import partial

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.importing import values
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.commit import Commit
from baoton.kit.importing.sight import any_seen
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
    by_name,
    register,
)
from baoton.observations.imports import (
    counts,
    datasets,
    disclose,
    heights,
    names,
    others,
    proposing,
    when,
    where,
)
from baoton.observations.imports.pointing import point_at
from baoton.observations.imports.recognising import recognised
from baoton.observations.imports.review import NAMES
from baoton.observations.models import Event, Occurrence

BASES = (
    "HumanObservation", "MachineObservation", "PreservedSpecimen", "LivingSpecimen", "FossilSpecimen",
    "MaterialSample", "MaterialCitation", "MaterialEntity", "Occurrence", "Event", "Taxon",
)  # fmt: skip
UNSTATED = "Occurrence"
WRITTEN_AS = {
    "scientific_name": "scientificName", "event_date": "eventDate", "organism_quantity": "organismQuantity",
    "area_path": "area", "occurrence_id": "occurrenceID", "event_id": "event", "taxon_id": "taxon",
    "day_start": "dayStart", "day_end": "dayEnd", "taxon_group": "group", "sort_day": "",
}  # fmt: skip


def _basis() -> dict[str, str]:
    known = {b.lower(): b for b in BASES}
    known |= {"".join(f" {c.lower()}" if c.isupper() else c for c in b).strip(): b for b in BASES}
    return known | {
        "specimen": "PreservedSpecimen", "s": "PreservedSpecimen", "mau vat": "PreservedSpecimen",
        "museum specimen": "PreservedSpecimen", "observation": "HumanObservation", "o": "HumanObservation",
        "quan sat": "HumanObservation", "camera trap": "MachineObservation", "bay anh": "MachineObservation",
        "literature": "MaterialCitation", "tai lieu": "MaterialCitation", "unknown": UNSTATED,
        "other specimen": "PreservedSpecimen", "germplasm": "LivingSpecimen",
    }  # fmt: skip


PRESENCE = {
    "present": "present", "p": "present", "co": "present", "yes": "present", "1": "present", "true": "present",
    "presence": "present", "common": "present", "rare": "present", "absent": "absent", "a": "absent",
    "absence": "absent", "khong": "absent", "vang mat": "absent", "co mat": "present", "0": "absent",
    "false": "absent", "no": "absent", "tim khong thay": "absent",
}  # fmt: skip


def prepare(chunk: Chunk) -> None:
    """The chunk's occurrences have their event, name, days and place; what they lack they take from the event."""
    others.unpack(chunk)
    lent = _event(chunk)
    levels = names.put_names(chunk, _names_of_core(chunk))
    when.put_days(chunk, lent)
    places = where.put_places(chunk, lent)
    if places is not None:
        where.put_areas(chunk, places, levels)
    else:
        chunk.put("disclosure", pl.Series(levels.astype("int64")), derived=True)
    groups = chunk.out["taxon_group"].fill_null("other").set(pl.Series(levels == 0), "")
    chunk.put("guarded_for", groups, derived=True)
    if "day_start" in chunk.out:
        start, end = chunk.out["day_start"].dt.year(), chunk.out["day_end"].dt.year()
        year = start.cast(pl.Int64)
        chunk.put("year", year.set((start != end).fill_null(False), None), derived=True)
    if "basis_of_record" not in chunk.out:
        chunk.put("basis_of_record", pl.Series([UNSTATED]).new_from_index(0, chunk.n), derived=True)
    else:
        chunk.put("basis_of_record", chunk.out["basis_of_record"].fill_null(UNSTATED))
    heights.check(chunk)
    counts.put(chunk)
    _quantity(chunk)
    _absent(chunk)


def _event(chunk: Chunk) -> pl.DataFrame | None:
    """The event each row points at, and what it lends; a key that leads nowhere refuses its row."""
    run = chunk.run
    core = chunk.plan.core_id_column and any(t.target == "observations.event" for t in run.plan.tables)
    said = chunk.has("eventID")
    if said and not run.has("observations.event") and not _dataset_has_events(chunk):
        chunk.keep("eventID")
        some = chunk.text("eventID").is_not_null()
        chunk.note(
            "no_events",
            "eventID",
            some,
            _("Tệp không kèm bảng đợt điều tra; mã đợt được giữ nguyên, chưa nối."),
        )
        return None
    if not said and not core:
        return None
    by = "core" if core and not said else "key"
    keys = chunk.text("_core") if by == "core" else chunk.text("eventID")
    found = point_at(chunk, "observations.event", keys, by, "eventID" if said else "_core", "event_id")
    chunk.put("event_id", found["id"])
    return found


def _dataset_has_events(chunk: Chunk) -> bool:
    held = chunk.run.held
    if "has_events" not in held:
        of_dataset = Event.objects.filter(dataset_id=str(chunk.run.dataset_id), withdrawn__isnull=True)
        held["has_events"] = any_seen(chunk.run.actor, by_name("observations.event"), of_dataset)
    return bool(held["has_events"])


def _names_of_core(chunk: Chunk) -> pl.Series | None:
    """The names of a checklist that is the core of this archive, for occurrences that only point at it."""
    run = chunk.run
    if not chunk.plan.core_id_column or not run.has("taxa.taxon") or "taxa.taxon" not in run.refs:
        return None
    found = run.refs["taxa.taxon"].find(chunk.text("_core"), "core")
    return found["_name"] if "_name" in found.columns else None


def _quantity(chunk: Chunk) -> None:
    """A quantity is a number where it is one, else kept as written."""
    if not chunk.has("organismQuantity"):
        return
    text = values.without_words(chunk, "organismQuantity", chunk.text("organismQuantity"))
    number = text.cast(pl.Float64, strict=False)
    number = number.set(~number.is_finite().fill_null(True), None)
    words = text.is_not_null() & number.is_null()
    chunk.note("quantity_in_words", "organismQuantity", words, _("Lượng không phải số; được giữ nguyên văn."))
    if words.any():
        chunk.extra["organismQuantity"] = text.set(~words, None)
    chunk.put("organism_quantity", number)


def _absent(chunk: Chunk) -> None:
    """A count of nought without a word on presence means looked for in vain; a count and 'absent' contradict."""
    count = chunk.out.get("individual_count")
    if count is None:
        return
    nought = (count == 0).fill_null(False)
    status = chunk.out.get("occurrence_status")
    if status is None:
        if nought.any():
            chunk.put(
                "occurrence_status",
                nought.replace_strict({True: "absent", False: "present"}, return_dtype=pl.String),
            )
            chunk.note(
                "nought_is_absent",
                "individualCount",
                nought,
                _("Số cá thể bằng 0 được hiểu là tìm không thấy."),
            )
        return
    silent = nought & status.is_null()
    if silent.any():
        chunk.put("occurrence_status", status.set(silent, "absent"))
        chunk.note(
            "nought_is_absent", "individualCount", silent, _("Số cá thể bằng 0 được hiểu là tìm không thấy.")
        )
    clash = (count > 0).fill_null(False) & (status == "absent").fill_null(False)
    chunk.refuse(
        clash,
        "occurrenceStatus",
        "contradiction",
        _("Ghi “không có” mà số cá thể lớn hơn 0; sửa một trong hai."),
    )


def begin(commit: Commit) -> None:
    """The dataset stands; what betrays the records the file changes is remembered."""
    datasets.stand(commit)
    disclose.begin(commit)


def finish(commit: Commit) -> None:
    """Events and what was seen in them stand at one level of disclosure."""
    disclose.settle(commit)


def undone(batch_id: str, ids: Sequence[str]) -> None:
    datasets.gone(batch_id)


NAMED = {"scientificName", "vernacularName", "genus"}
PLACED = {"decimalLatitude", "decimalLongitude", "verbatimLatitude", "verbatimCoordinates", "footprintWKT", "_wkb",
          "locality", "municipality", "eventID", "_core", "locationID"}  # fmt: skip
DATED = {"eventDate", "startDate", "verbatimEventDate", "month"}
OBSERVED = {"occurrenceID", "recordedBy", "catalogNumber", "basisOfRecord", "individualCount"}


def fits(terms: set[str]) -> float:
    """A name that was met somewhere or on a day: a list of names, or of trade by year, is no observation."""
    if "measurementType" in terms or not terms & NAMED:
        return 0.0
    if terms & {"taxonRank", "taxonomicStatus", "acceptedNameUsageID"} and not terms & (PLACED | DATED):
        return 0.0
    strong = terms & (PLACED | DATED) or terms & {"occurrenceID", "basisOfRecord", "catalogNumber"}
    if not strong and not {"year", "recordedBy"} <= terms:
        return 0.0
    return 0.8 if terms & {"scientificName", "genus"} else 0.5


def lacking(terms: set[str]) -> str:
    """What a table wants to be one of observations."""
    if "measurementType" in terms:
        return ""
    if terms & NAMED and not terms & (PLACED | DATED):
        return _("Bảng có tên loài nhưng không có ngày hay nơi gặp, nên chưa nhập: có phải danh sách loài? "
                 "Nếu là ghi nhận, chọn sổ và chỉ ra cột ngày, cột nơi.")  # fmt: skip
    if terms & (PLACED | DATED) and not terms & NAMED:
        return _("Bảng có toạ độ hoặc ngày nhưng không rõ cột nào là tên loài, nên chưa nhập: chọn sổ và chỉ ra "
                 "cột tên, hoặc ghi một tên chung cho mọi dòng.")  # fmt: skip
    return ""


OCCURRENCE = register(
    Target(
        name="observations.occurrence",
        model=Occurrence,
        label=gettext_lazy("Ghi nhận loài"),
        key=Key(term="occurrenceID", column="occurrence_id", recognise=recognised),
        suits=Suits(
            row_types=("Occurrence",),
            rank=20,
            propose=proposing.propose,
            fits=fits,
            lacking=lacking,
        ),
        fields=(
            Field("occurrenceID", gettext_lazy("mã quan sát"), "occurrence_id"),
            Field("eventID", gettext_lazy("mã đợt")),
            *names.TERMS,
            *when.TERMS,
            *where.TERMS,
            *heights.TERMS,
            Field(
                "basisOfRecord", gettext_lazy("căn cứ ghi nhận"), "basis_of_record", "code", values=_basis()
            ),
            Field(
                "occurrenceStatus", gettext_lazy("có hay không"), "occurrence_status", "code", values=PRESENCE
            ),
            Field("individualCount", gettext_lazy("số cá thể")),
            Field("organismQuantity", gettext_lazy("lượng")),
            Field("organismQuantityType", gettext_lazy("đơn vị lượng"), "organism_quantity_type"),
            Field("sex", gettext_lazy("giới tính"), "sex"),
            Field("lifeStage", gettext_lazy("giai đoạn"), "life_stage"),
            Field("recordedBy", gettext_lazy("người ghi nhận"), "recorded_by"),
            Field("identifiedBy", gettext_lazy("người định loại"), "identified_by"),
            Field("locality", gettext_lazy("địa điểm"), "locality"),
            Field("associatedMedia", gettext_lazy("ảnh, tệp kèm"), "associated_media"),
            Field("occurrenceRemarks", gettext_lazy("ghi chú"), "remarks"),
        ),
        rest=Rest(
            column="extra",
            also=(*when.KEPT, *where.KEPT, *heights.KEPT, *names.KEPT),
            media="associatedMedia",
        ),
        prepare=prepare,
        dataset=InDataset(open=datasets.find, owner=datasets.owner),
        steps=Steps(begin=begin, finish=finish, undone=undone, undoing=disclose.undoing),
        tells=Tells(
            review=NAMES,
            summary=partial(where.summary, "observations.occurrence"),
            places=partial(where.places, "observations.occurrence"),
            draw=where.draw,
            written_as=WRITTEN_AS,
            place_terms=where.SAID_BY,
        ),
        family=Family(refers=("observations.event", "taxa.taxon")),
        returns_to={"status": "draft", "first_verifier": "", "first_verifier_name": ""},
    )
)
