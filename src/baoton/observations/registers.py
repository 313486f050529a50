"""The books of the evidence stream."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import NONE, Actor, Reach, Scope, reach_of
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Number, Shape, Text, YesNo
from baoton.kit.kinds.words import spoken
from baoton.kit.reading.door import Door
from baoton.kit.reading.filters import Filter, Flag, Related, Search
from baoton.kit.reading.register import Part, Register
from baoton.kit.writing.verb import Verb
from baoton.observations import actions
from baoton.observations.disclosure import settle
from baoton.observations.models import Dataset, Event, Measurement, Occurrence, Status
from baoton.plan.queries import task_choices
from baoton.remarks.queries import REMARKS
from baoton.taxa.queries import search as search_taxa

V = actions.V
BASES = (
    ("HumanObservation", _("người quan sát")),
    ("MachineObservation", _("máy ghi (bẫy ảnh, ghi âm)")),
    ("PreservedSpecimen", _("tiêu bản")),
    ("MaterialSample", _("mẫu vật")),
    ("Occurrence", _("chưa rõ")),
)
PUBLISHED = Q(status=Status.VERIFIED)
REASON = Text("reason", _("lý do, ghi chú"))


def find_taxa(text: str) -> Q:
    """Occurrences of the taxa whose name, in any language, holds the words."""
    return Q(taxon_id__in=search_taxa(text))


def when(record: Any) -> str:
    return spoken(record.event_date)


class DatasetBook(Register):
    """Datasets: what nothing was verified of is known to its own body and to whoever may see all."""

    def door(self, actor: Actor) -> Door:
        door, own = super().door(actor), getattr(actor, "organisation_id", "") or ""
        return replace(door, seen=door.seen | Reach(Q(organisation=own))) if own else door


class OwnDataset(Link):
    """The dataset a record is written into: one's own body's, or one that one may change."""

    def rows(self, actor: Actor) -> Any:
        rows, own = super().rows(actor), getattr(actor, "organisation_id", "") or ""
        mine = Reach(Q(organisation=own) | Q(organisation=""))
        return (mine | reach_of(actor.scopes(f"{self.to}.edit"), Dataset)).rows(rows)

    def filter(self, key: str) -> Filter:
        return Related(key, self.heading, self.attname, link=Link(self.name, to=self.to, by=self.by))


class MeasurementBook(Register):
    """Measurements: each is seen by whoever sees precisely what it is about, within the right to measurements."""

    def door(self, actor: Actor) -> Door:
        door, scopes = super().door(actor), actor.scopes(f"{self.name}.see")
        if not scopes:
            return replace(door, seen=NONE)
        seen, visited = (about.door(actor) for about in (occurrence, event))
        if Scope() in scopes and seen.all_precise and visited.all_precise:
            return door
        told = Q(occurrence__in=_known(seen, scopes).values("pk"))
        told |= Q(occurrence__isnull=True, event__in=_known(visited, scopes).values("pk"))
        return replace(door, seen=Reach(told))


def _known(door: Door, scopes: Sequence[Scope]) -> Any:
    """The rows of which the reader may know everything, within the scopes."""
    open_ = Reach(Q(disclosure=0)) | door.precise
    return reach_of(scopes, door.model, "shown_area_path").rows(open_.rows(door.rows()))


def published(model: Any) -> Q:
    """Datasets of which something open was verified: the title of one that holds guarded records alone tells much."""
    return Q(
        Exists(
            model._default_manager.filter(
                PUBLISHED, disclosure=0, dataset=OuterRef("pk"), withdrawn__isnull=True
            )
        )
    )


dataset = DatasetBook(
    name="observations.dataset",
    model=Dataset,
    label=_("Bộ dữ liệu"),
    one=_("bộ dữ liệu"),
    help=_("Nguồn của các ghi nhận: cuộc điều tra, tệp đã nhập, dự án bẫy ảnh."),
    order=("code",),
    public=published(Occurrence) | published(Event),
    fields=(
        Text("code"),
        Text("title"),
        Text("licence"),
        Text("citation"),
        YesNo("simulated", asked=False),
    ),
    show=("code", "title", "licence", "simulated"),
)

event = Register(
    name="observations.event",
    model=Event,
    label=_("Đợt điều tra, quan trắc"),
    one=_("đợt điều tra"),
    help=_("Mỗi dòng là một lần đi điều tra: ở đâu, khi nào, bằng cách nào, công sức bao nhiêu."),
    order=("-sort_day",),
    public=PUBLISHED,
    settle=settle,
    derive=actions.derive,
    fields=(
        Text("event_id", term="eventID"),
        OwnDataset("dataset", to="observations.dataset", by=("code", "title"), term="datasetID"),
        Text("parent", _("thuộc đợt"), source="parent.event_id", term="parentEventID"),
        Text("event_type", term="eventType"),
        Text("event_date", said=when, term="eventDate", asked=False),
        Day("day_start", filed=False),
        Day("day_end", filed=False),
        Shape("geom", drawn=("line", "polygon")),
        Text("sampling_protocol", term="samplingProtocol"),
        Number("sample_size_value", term="sampleSizeValue", asked=False),
        Text("sample_size_unit", term="sampleSizeUnit", asked=False),
        Text("sampling_effort", term="samplingEffort"),
        Text("recorded_by", term="recordedBy"),
        Text("locality", term="locality"),
        Area("area_path", asked=False, term="municipality"),
        Choice("task", among=task_choices, filed=False),
        Text("remarks", term="eventRemarks"),
        Choice("status", asked=False),
    ),
    show=("event_type", "event_date", "sampling_protocol", "sampling_effort", "area_path", "status"),
    find=(
        "status",
        ("area", "area_path"),
        ("when", "day_start", _("thời gian")),
        "dataset",
        ("task", "task", _("nhiệm vụ")),
    ),
    parts=(Part(V, "event"), Part("observations.measurement", "event"), ATTACHMENTS, REMARKS),
)

occurrence = Register(
    name=V,
    model=Occurrence,
    label=_("Ghi nhận loài"),
    one=_("ghi nhận loài"),
    help=_("Mỗi dòng là một lần gặp (hoặc tìm mà không gặp) một loài tại một nơi, một ngày."),
    order=("-sort_day",),
    public=PUBLISHED,
    settle=settle,
    derive=actions.derive,
    fields=(
        Text("occurrence_id", term="occurrenceID", asked=False),
        OwnDataset("dataset", to="observations.dataset", by=("code", "title"), term="datasetID"),
        Text("event_id", _("đợt điều tra"), source="event.event_id", term="eventID"),
        Link(
            "taxon",
            to="taxa.taxon",
            by=("scientific_name", "vernacular_vi"),
            filed=False,
        ),
        Text("scientific_name", term="scientificName", italic=True, required=False),
        Text("accepted", _("loài"), source="taxon.scientific_name", term="acceptedNameUsage", italic=True),
        Text("vernacular", _("tên Việt Nam"), source="taxon.vernacular_vi", term="vernacularName"),
        Choice("taxon_group", asked=False),
        Day("day_start", filed=False),
        Text("event_date", said=when, term="eventDate", asked=False),
        Shape("geom", drawn=("line", "polygon")),
        Count("individual_count", term="individualCount"),
        Number("organism_quantity", term="organismQuantity", asked=False),
        Text("organism_quantity_type", term="organismQuantityType", asked=False),
        Choice("occurrence_status", term="occurrenceStatus"),
        Choice("basis_of_record", among=BASES, term="basisOfRecord"),
        Text("sex", term="sex"),
        Text("life_stage", term="lifeStage"),
        Text("recorded_by", term="recordedBy"),
        Text("identified_by", term="identifiedBy", asked=False),
        Text("locality", term="locality"),
        Text("associated_media", term="associatedMedia", asked=False),
        Area("area_path", asked=False, term="municipality"),
        Number("coordinate_uncertainty_m", least=0, most=20_100_000, filed=False),
        Choice("task", among=task_choices, filed=False),
        Text("remarks", term="occurrenceRemarks"),
        Choice("status", asked=False, term="identificationVerificationStatus"),
        Text("status_reason", asked=False),
    ),
    show=(
        "scientific_name",
        "vernacular",
        "taxon_group",
        "event_date",
        "area_path",
        "individual_count",
        "status",
    ),
    find=(
        Search("q", _("tên loài"), find=find_taxa),
        "status",
        ("group", "taxon_group"),
        ("area", "area_path"),
        ("when", "day_start", _("thời gian")),
        "dataset",
        ("taxon", "taxon", _("loài")),
        ("task", "task", _("nhiệm vụ")),
        ("presence", "occurrence_status"),
        ("basis", "basis_of_record", _("căn cứ")),
        Flag(
            "protected",
            _("mức bảo vệ"),
            Q(taxon__sensitivity__gt=0),
            _("ưu tiên bảo vệ, nhóm IA, IB"),
            _("không thuộc các nhóm đó"),
        ),
        Flag(
            "named", _("đối chiếu danh lục"), Q(taxon__isnull=False), _("đã đối chiếu"), _("chưa đối chiếu")
        ),
    ),
    parts=(Part("observations.measurement", "occurrence"), ATTACHMENTS, REMARKS),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "verify", _("xác minh"), {Status.DRAFT: Status.VERIFIED}, (REASON,), actions.verified, alike=True
        ),
        Verb("refuse", _("không công nhận"), {Status.DRAFT: Status.REFUSED}, (REASON,), actions.refused),
        Verb(
            "return",
            _("đưa về chờ xác minh"),
            {Status.VERIFIED: Status.DRAFT, Status.REFUSED: Status.DRAFT},
            (REASON,),
            actions.returned,
        ),
    ),
)

measurement = MeasurementBook(
    name="observations.measurement",
    model=Measurement,
    label=_("Số đo"),
    one=_("số đo"),
    help=_("Số đo và dữ kiện kèm theo ghi nhận hoặc đợt điều tra."),
    verbs=(),
    fields=(
        Text("measurement_type"),
        Text("measurement_value"),
        Text("measurement_unit"),
        Text("measurement_method"),
    ),
    find=(
        Related("occurrence", _("ghi nhận"), "occurrence_id"),
        Related("event", _("đợt"), "event_id"),
    ),
)
