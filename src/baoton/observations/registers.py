"""The books of the evidence stream."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import panel as evidence_panel
from baoton.kit.reading.columns import Column, spoken
from baoton.kit.reading.filters import Area, Choice, Flag, Period, Related, Search
from baoton.kit.reading.register import Register
from baoton.observations.actions import V, derive
from baoton.observations.disclosure import settle
from baoton.observations.models import Dataset, Event, Measurement, Occurrence, Status
from baoton.places.queries import area_choices, is_former, unit_name
from baoton.plan.queries import task_choices
from baoton.taxa.models import Group, Taxon
from baoton.taxa.queries import search as search_taxa

BASES = (
    ("HumanObservation", _("người quan sát")),
    ("MachineObservation", _("máy ghi (bẫy ảnh, ghi âm)")),
    ("PreservedSpecimen", _("tiêu bản")),
    ("MaterialSample", _("mẫu vật")),
    ("Occurrence", _("chưa rõ")),
)
PUBLISHED = Q(status=Status.VERIFIED)


def datasets() -> Iterable[tuple[str, str]]:
    return [(str(d.pk), d.title) for d in Dataset.objects.filter(withdrawn__isnull=True).order_by("title")]


def taxon_name(pk: str) -> str:
    return str(Taxon.objects.filter(pk=pk).first() or pk)


def find_taxa(text: str) -> Q:
    """Occurrences of the taxa whose name, in any language, holds the words."""
    return Q(taxon_id__in=search_taxa(text))


def place(record: Any) -> str:
    return unit_name(record.area_path)


def when(record: Any) -> str:
    return spoken(record.event_date)


def basis(record: Any) -> str:
    return str(dict(BASES).get(record.basis_of_record, record.basis_of_record))


occurrence = Register(
    name=V,
    model=Occurrence,
    label=_("Ghi nhận loài"),
    one=_("ghi nhận loài"),
    help=_("Mỗi dòng là một lần gặp (hoặc tìm mà không gặp) một loài tại một nơi, một ngày."),
    menu="evidence",
    order=("-sort_day",),
    public=PUBLISHED,
    settle=settle,
    prepare=derive,
    columns=(
        Column("scientific_name", italic=True),
        Column("vernacular", _("tên Việt Nam"), "taxon.vernacular_vi", fetch="taxon"),
        Column("taxon_group"),
        Column("event_date", show=when),
        Column("area_path", _("xã, phường"), show=place),
        Column("individual_count", numeric=True),
        Column("status"),
    ),
    export=(
        Column("occurrence_id", term="occurrenceID"),
        Column("dataset", source="dataset.code", term="datasetID", fetch="dataset", label=_("bộ dữ liệu")),
        Column("event_id", source="event.event_id", term="eventID", fetch="event", label=_("đợt điều tra")),
        Column("scientific_name", term="scientificName", italic=True),
        Column("accepted", _("loài"), "taxon.scientific_name", term="acceptedNameUsage", fetch="taxon"),
        Column("vernacular", _("tên Việt Nam"), "taxon.vernacular_vi", term="vernacularName", fetch="taxon"),
        Column("taxon_group"),
        Column("basis_of_record", term="basisOfRecord", show=basis),
        Column("occurrence_status", term="occurrenceStatus"),
        Column("individual_count", term="individualCount", numeric=True),
        Column("sex", term="sex"),
        Column("life_stage", term="lifeStage"),
        Column("event_date", term="eventDate", show=when),
        Column("recorded_by", term="recordedBy"),
        Column("identified_by", term="identifiedBy"),
        Column("locality", term="locality"),
        Column("area_path", _("xã, phường"), term="municipality", show=place),
        Column("remarks", term="occurrenceRemarks"),
        Column("status", term="identificationVerificationStatus"),
        Column("status_reason"),
    ),
    filters=(
        Search("q", _("tên loài"), find=find_taxa),
        Choice("status", _("tình trạng"), Status.choices),
        Choice("group", _("nhóm loài"), Group.choices, "taxon_group"),
        Area("area", _("địa bàn"), area_choices, is_former),
        Period("when", _("thời gian"), "day_start"),
        Related("dataset", _("bộ dữ liệu"), "dataset_id", datasets),
        Related("taxon", _("loài"), "taxon_id", name_of=taxon_name, suggest="taxa-suggest"),
        Related("task", _("nhiệm vụ"), "task_id", task_choices),
        Choice("presence", _("hiện diện"), Occurrence.Presence.choices, "occurrence_status"),
        Choice("basis", _("căn cứ"), BASES, "basis_of_record"),
        Flag(
            "protected",
            _("mức bảo vệ"),
            Q(taxon__sensitivity__gt=0),
            _("ưu tiên bảo vệ, nhóm IA, IB"),
            _("không thuộc các nhóm đó"),
        ),
        Flag("named", _("khớp tên"), Q(taxon__isnull=False), _("đã khớp danh lục"), _("chưa khớp danh lục")),
    ),
    fields=(
        "dataset",
        "taxon",
        "scientific_name",
        "day_start",
        "individual_count",
        "occurrence_status",
        "basis_of_record",
        "sex",
        "life_stage",
        "recorded_by",
        "locality",
        "coordinate_uncertainty_m",
        "task",
        "remarks",
    ),
    panels=(("files/panel.html", evidence_panel),),
    actions=(f"{V}.verify", f"{V}.refuse", f"{V}.return"),
)

event = Register(
    name="observations.event",
    model=Event,
    label=_("Đợt điều tra, quan trắc"),
    one=_("đợt điều tra"),
    help=_("Mỗi dòng là một lần đi điều tra: ở đâu, khi nào, bằng cách nào, công sức bao nhiêu."),
    menu="evidence",
    order=("-sort_day",),
    public=PUBLISHED,
    settle=settle,
    prepare=derive,
    columns=(
        Column("event_type"),
        Column("event_date", show=when),
        Column("sampling_protocol"),
        Column("sampling_effort"),
        Column("area_path", _("xã, phường"), show=place),
        Column("status"),
    ),
    export=(
        Column("event_id", term="eventID"),
        Column("dataset", source="dataset.code", term="datasetID", fetch="dataset", label=_("bộ dữ liệu")),
        Column(
            "parent", source="parent.event_id", term="parentEventID", fetch="parent", label=_("thuộc đợt")
        ),
        Column("event_type", term="eventType"),
        Column("event_date", term="eventDate", show=when),
        Column("sampling_protocol", term="samplingProtocol"),
        Column("sample_size_value", term="sampleSizeValue", numeric=True),
        Column("sample_size_unit", term="sampleSizeUnit"),
        Column("sampling_effort", term="samplingEffort"),
        Column("recorded_by", term="recordedBy"),
        Column("locality", term="locality"),
        Column("remarks", term="eventRemarks"),
        Column("status"),
    ),
    filters=(
        Choice("status", _("tình trạng"), Status.choices),
        Area("area", _("địa bàn"), area_choices, is_former),
        Period("when", _("thời gian"), "day_start"),
        Related("dataset", _("bộ dữ liệu"), "dataset_id", datasets),
        Related("task", _("nhiệm vụ"), "task_id", task_choices),
    ),
    fields=(
        "dataset",
        "event_id",
        "event_type",
        "day_start",
        "day_end",
        "sampling_protocol",
        "sampling_effort",
        "recorded_by",
        "locality",
        "task",
        "remarks",
    ),
)

dataset = Register(
    name="observations.dataset",
    model=Dataset,
    label=_("Bộ dữ liệu"),
    one=_("bộ dữ liệu"),
    help=_("Nguồn của các ghi nhận: cuộc điều tra, tệp đã nhập, dự án bẫy ảnh."),
    menu="evidence",
    order=("code",),
    public=Q(),
    columns=(Column("code"), Column("title"), Column("licence"), Column("simulated")),
    fields=("code", "title", "licence", "citation"),
)

measurement = Register(
    name="observations.measurement",
    model=Measurement,
    label=_("Số đo"),
    one=_("số đo"),
    help=_("Số đo và dữ kiện kèm theo ghi nhận hoặc đợt điều tra."),
    menu="",
    verbs=(),
    columns=(
        Column("measurement_type"),
        Column("measurement_value"),
        Column("measurement_unit"),
        Column("measurement_method"),
    ),
    filters=(Related("occurrence", _("ghi nhận"), "occurrence_id"), Related("event", _("đợt"), "event_id")),
)
