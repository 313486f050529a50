"""The books of the evidence stream."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from baoton.files.actions import keeping, place_from_photo
from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import NONE, Actor, Reach, Scope, reach_of
from baoton.kit.kinds import Area, Choice, Count, Day, Files, Link, Number, Shape, Text, YesNo
from baoton.kit.kinds.words import spoken
from baoton.kit.reading.door import Door
from baoton.kit.reading.filters import Filter, Flag, Related, Search
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.reading.retold import ours
from baoton.kit.reading.unseen import holds_unseen
from baoton.kit.writing.verb import Verb
from baoton.observations import actions, migrating, twins, verifying
from baoton.observations.disclosure import settle
from baoton.observations.models import Dataset, Event, Measurement, Occurrence, Season, Status
from baoton.observations.queries import judged_singly
from baoton.plan.queries import task_choices
from baoton.remarks.queries import REMARKS
from baoton.taxa.queries import match
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
    """Datasets: one in which nothing open stands is known to whoever may know every place, and of its own body to
    whoever may know the place of every row in it.

    Its title and its code tell as much as the places in it: a right to see datasets is no right to those, nor is it
    enough to be a colleague of those who wrote it.
    """

    def door(self, actor: Actor) -> Door:
        door, own = super().door(actor), getattr(actor, "organisation_id", "") or ""
        doors = (occurrence.door(actor), event.door(actor))
        if all(d.all_precise for d in doors):
            return replace(door, seen=door.seen | Reach(Q(organisation=own))) if own else door
        told = open_rows(Occurrence) | open_rows(Event)
        seen = door.seen if door.seen.none else Reach(door.seen.test & told)
        if own:
            told |= ~Q(Exists(unknown_rows(doors[0]))) & ~Q(Exists(unknown_rows(doors[1])))
            seen |= Reach(Q(organisation=own) & told)
        return replace(door, seen=seen)


class OwnDataset(Link):
    """The dataset a record is written into: one's own body's, or one that one may change."""

    def rows(self, actor: Actor) -> Any:
        rows, own = super().rows(actor), getattr(actor, "organisation_id", "") or ""
        mine = Reach(Q(organisation=own) | Q(organisation=""))
        return (mine | reach_of(actor.scopes(f"{self.to}.edit"), Dataset)).rows(rows)

    def filter(self, key: str) -> Filter:
        return Related(key, self.heading, self.attname, link=Link(self.name, to=self.to, by=self.by))


class Species(Link):
    """A taxon of the list by any of its names: what matches exactly is taken, nothing is guessed."""

    def found(self, words: list[str], actor: Actor) -> dict[str, set[str]]:
        told = super().found(words, actor)
        rest = [w for w in words if w not in told]
        own = str(getattr(actor, "organisation_id", "") or "")
        return told | {m.written: {m.taxon_id.hex} for m in match(rest, own) if m.taxon_id is not None}


class KeyedBook(Register):
    """Events and occurrences: each bears an id that is unique in its dataset, where rows may stand that few may see."""

    KEYS: ClassVar[dict[Any, str]] = {Event: "event_id", Occurrence: "occurrence_id"}

    def judge(self, actor: Actor, record: Any, old: Mapping[str, Any] | None) -> None:
        """An id of one's own is taken where the actor sees every row of the dataset: else it tells what is taken."""
        if self.model is Occurrence and old is not None and record.status == Status.REFUSED:
            twins.still_kept(record)
        if self.model is Occurrence:
            verifying.judge(actor, record, old)
        key, body = self.KEYS[self.model], str(record.organisation or "")
        dataset_id = record.dataset_id or actions.daily_dataset(body).pk
        chosen = getattr(record, key)
        same = old is not None and (old[key], UUID(str(old["dataset_id"]))) == (chosen, UUID(str(dataset_id)))
        if not chosen or chosen == str(record.pk) or same:
            return
        rows: Any = self.model._default_manager.all()
        if holds_unseen(actor, self, rows.filter(dataset_id=dataset_id)):
            told = _(
                "Bộ dữ liệu này có dòng bạn không được xem, nên không tự đặt mã được: để trống mã, hoặc chọn bộ dữ "
                "liệu khác."
            )
            raise ValidationError({key if key == "event_id" else "dataset": told})


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


def open_rows(model: Any, more: Q | None = None) -> Q:
    """Datasets in which something open stands: the title of one that holds guarded records alone tells much."""
    rows = model._default_manager.filter(
        more or Q(), disclosure=0, dataset=OuterRef("pk"), withdrawn__isnull=True
    )
    return Q(Exists(rows))


def unknown_rows(door: Door) -> Any:
    """A dataset's guarded rows whose true place the actor may not know."""
    rows = door.model._default_manager.filter(
        disclosure__gt=0, dataset=OuterRef("pk"), withdrawn__isnull=True
    )
    return rows if door.none_precise else rows.exclude(door.precise.test)


def published(model: Any) -> Q:
    """Datasets of which something open was verified."""
    return open_rows(model, PUBLISHED)


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

occurrence = KeyedBook(
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
        Day("day_start", _("ngày gặp"), today=True, filed=False),
        Species(
            "taxon",
            _("loài"),
            to="taxa.taxon",
            by=("scientific_name", "vernacular_vi"),
            help=_("Gõ tên Việt Nam, tên khoa học hoặc tên địa phương, có dấu hay không dấu."),
            filed=False,
        ),
        Count("individual_count", term="individualCount"),
        Files("photos", _("ảnh"), keep=keeping(), look=place_from_photo, accept="image/*"),
        Shape("geom", drawn=("line", "polygon")),
        Area(
            "area_path",
            term="municipality",
            help=_("Có toạ độ thì xã tính theo toạ độ; không có toạ độ thì chọn xã là đủ."),
        ),
        Text("locality", _("bản, địa điểm"), term="locality"),
        Text(
            "scientific_name",
            _("tên ghi trong nguồn, tên địa phương"),
            term="scientificName",
            italic=True,
            required=False,
            folded=True,
            help=_("Khi loài chưa có trong danh lục, ghi tên như người dân gọi."),
        ),
        Text("remarks", term="occurrenceRemarks", folded=True),
        Text("recorded_by", term="recordedBy", folded=True),
        Choice("occurrence_status", term="occurrenceStatus", folded=True),
        Choice("basis_of_record", among=BASES, term="basisOfRecord", folded=True),
        Text("sex", term="sex", folded=True),
        Text("life_stage", term="lifeStage", folded=True),
        Number("coordinate_uncertainty_m", least=0, most=20_100_000, filed=False, folded=True),
        Choice("task", among=task_choices, filed=False, folded=True),
        OwnDataset(
            "dataset",
            to="observations.dataset",
            by=("code", "title"),
            term="datasetID",
            required=False,
            folded=True,
            help=_("Để trống: ghi vào sổ ghi nhận hằng ngày của cơ quan bạn."),
        ),
        Link(
            "event",
            _("thuộc đợt điều tra, tuần tra"),
            to="observations.event",
            by=("event_id",),
            required=False,
            filed=False,
            folded=True,
        ),
        Text("event_id", _("đợt điều tra"), source="event.event_id", term="eventID"),
        Text(
            "accepted",
            _("tên được chấp nhận"),
            source="taxon.scientific_name",
            term="acceptedNameUsage",
            italic=True,
        ),
        Text("vernacular", _("tên Việt Nam"), source="taxon.vernacular_vi"),
        Text("vernacular_name", term="vernacularName", asked=False),
        Choice("taxon_group", asked=False),
        Text("event_date", said=when, term="eventDate", asked=False),
        Number("organism_quantity", term="organismQuantity", asked=False),
        Text("organism_quantity_type", term="organismQuantityType", asked=False),
        Text("identified_by", term="identifiedBy", asked=False),
        Text("associated_media", term="associatedMedia", asked=False),
        Choice("status", asked=False, term="identificationVerificationStatus"),
        Text("status_reason", said=ours("status_reason"), asked=False),
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
    parts=(
        Part("observations.measurement", "occurrence"),
        Panel("observations/desk.html", actions.at_desk, on="desk"),
        replace(ATTACHMENTS, on="record"),
        Panel("observations/verifiers.html", verifying.told),
        Panel("observations/twins.html", twins.told),
        Panel("observations/legal.html", actions.by_law, on="record"),
        REMARKS,
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "verify",
            _("xác minh"),
            {Status.DRAFT: Status.VERIFIED, Status.ONCE: Status.VERIFIED},
            (REASON,),
            actions.verified,
            done=verifying.done,
            alike=True,
            singly=judged_singly,
            quick=actions.reasons,
        ),
        Verb(
            "refuse",
            _("không công nhận"),
            {Status.DRAFT: Status.REFUSED, Status.ONCE: Status.REFUSED},
            (REASON,),
            actions.refused,
        ),
        Verb(
            "return",
            _("đưa về chờ xác minh"),
            {Status.ONCE: Status.DRAFT, Status.VERIFIED: Status.DRAFT, Status.REFUSED: Status.DRAFT},
            (REASON,),
            actions.returned,
        ),
        Verb(
            "same",
            _("ghi là trùng"),
            dict.fromkeys(twins.LIVE, Status.DUPLICATE),
            (Link("other", _("bản giữ lại"), to=V, by=("occurrence_id",), required=True), REASON),
            twins.point,
            done=_("Đã ghi là trùng; bản này không đếm nữa, vẫn còn trong sổ"),
        ),
        Verb(
            "apart",
            _("ghi là không trùng"),
            asks=(Link("other", _("bản kia"), to=V, by=("occurrence_id",), required=True), REASON),
            do=twins.part,
        ),
        Verb("unsame", _("bỏ ghi trùng"), {Status.DUPLICATE: Status.DRAFT}, (REASON,), twins.back),
    ),
)

event = KeyedBook(
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
        Text("parent", _("thuộc đợt"), source="parent.event_id", term="parentEventID"),
        Text("event_type", said=ours("event_type"), term="eventType"),
        Text("event_date", said=when, term="eventDate", asked=False),
        Day("day_start", today=True, filed=False),
        Day("day_end", filed=False),
        Shape("geom", drawn=("line", "polygon")),
        Text("sampling_protocol", term="samplingProtocol"),
        Number("sample_size_value", term="sampleSizeValue", asked=False),
        Text("sample_size_unit", term="sampleSizeUnit", asked=False),
        Text("sampling_effort", term="samplingEffort"),
        Text("recorded_by", term="recordedBy"),
        Text("locality", term="locality"),
        Area("area_path", term="municipality"),
        Choice("task", among=task_choices, filed=False, folded=True),
        Text("remarks", term="eventRemarks", folded=True),
        Text("event_id", term="eventID", required=False, folded=True, help=_("Để trống: hệ thống tự đặt.")),
        OwnDataset(
            "dataset",
            to="observations.dataset",
            by=("code", "title"),
            term="datasetID",
            required=False,
            folded=True,
            help=_("Để trống: ghi vào sổ ghi nhận hằng ngày của cơ quan bạn."),
        ),
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

season = Register(
    name="observations.season",
    model=Season,
    label=_("Mùa có mặt theo tài liệu"),
    one=_("mùa có mặt"),
    help=_("Mỗi dòng là điều một tài liệu viết: loài có mặt ở tỉnh từ tháng nào đến tháng nào, để làm gì, ở đâu."),
    order=("id",),
    public=Q(taxon__sensitivity=0),
    derive=migrating.judge,
    fields=(
        Species("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi"), required=True),
        Choice("kind"), Count("month_from", least=1, most=12), Count("month_to", least=1, most=12),
        Text("place"), Area("area_path"), Text("source"), Choice("certainty"),
    ),
    show=("taxon", "kind", "month_from", "month_to", "place", "area_path", "source"),
    find=("kind", ("taxon", "taxon", _("loài")), ("area", "area_path")),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip
