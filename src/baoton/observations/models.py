"""The one evidence stream in Darwin Core's words: datasets, events, occurrences, measurements."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds.words import spoken
from baoton.kit.place import Located
from baoton.kit.reading.retold import retold
from baoton.kit.record import Record
from baoton.plan.models import ServesTask
from baoton.taxa.models import Group, Taxon

STANDING = Q(withdrawn__isnull=True)


class Status(models.TextChoices):
    """How far a record has come: only verified ones are counted and published."""

    DRAFT = "draft", _("chờ xác minh")
    ONCE = "once", _("chờ người thứ hai xác minh")
    VERIFIED = "verified", _("đã xác minh")
    REFUSED = "refused", _("không công nhận")
    DUPLICATE = "duplicate", _("trùng bản khác")


class Dataset(Record):
    """Where records come from: a survey, a file, a camera project; source ids are unique within it."""

    code = models.CharField(_("mã bộ dữ liệu"), max_length=200, db_index=True)
    title = models.CharField(_("tên bộ dữ liệu"), max_length=400)
    licence = models.CharField(_("giấy phép"), max_length=200, blank=True, default="")
    citation = models.TextField(_("cách trích dẫn"), blank=True, default="")
    simulated = models.BooleanField(_("dữ liệu mô phỏng"), default=False)
    metadata = models.JSONField(default=dict, blank=True)

    class Meta(Record.Meta):
        # within its body alone: a code that a hidden set of others has must not be told to be taken
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="dataset_once",
                condition=~Q(organisation=""),
                violation_error_message=_("Cơ quan đã có bộ dữ liệu mang mã này."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Event(Located, ServesTask):
    """A visit: where, when, how and with what effort something was looked for."""

    dataset = models.ForeignKey(
        Dataset,
        on_delete=models.PROTECT,
        verbose_name=_("bộ dữ liệu"),
        related_name="events",
        db_index=False,  # `event_once` begins with it
    )
    event_id = models.TextField(_("mã đợt (eventID)"))
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    event_type = models.CharField(_("loại đợt"), max_length=80, blank=True, default="")
    sampling_protocol = models.TextField(_("phương pháp"), blank=True, default="")
    event_date = models.CharField(_("thời gian"), max_length=120, blank=True, default="")
    day_start = models.DateField(_("từ ngày"), null=True, blank=True)
    day_end = models.DateField(_("đến ngày"), null=True, blank=True)
    sort_day = models.IntegerField(default=0, editable=False)
    sample_size_value = models.FloatField(_("cỡ mẫu"), null=True, blank=True)
    sample_size_unit = models.CharField(_("đơn vị cỡ mẫu"), max_length=60, blank=True, default="")
    sampling_effort = models.TextField(_("công sức điều tra"), blank=True, default="")
    recorded_by = models.TextField(_("người điều tra"), blank=True, default="")
    locality = models.TextField(_("địa điểm"), blank=True, default="")
    coordinate_uncertainty_m = models.FloatField(_("sai số toạ độ (m)"), null=True, blank=True)
    remarks = models.TextField(_("ghi chú"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    extra = models.JSONField(_("các mục khác"), default=dict, blank=True)
    source_hash = models.BigIntegerField(null=True, editable=False)

    place_words: ClassVar = (
        "locality", "remarks", "event_id", "event_type", "extra", "sampling_protocol", "sampling_effort",
        "sample_size_unit", "coordinate_uncertainty_m",
    )  # fmt: skip

    mended_while: ClassVar = Q(status=Status.DRAFT)
    span: ClassVar = ("day_start", "day_end")
    ordinals: ClassVar = {"day_start": "sort_day"}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["dataset", "event_id"], name="event_once")]
        indexes: ClassVar = [
            models.Index(fields=["sort_day", "id"], name="event_day", condition=STANDING),
            models.Index(fields=["dataset", "sort_day", "id"], name="event_dataset", condition=STANDING),
            models.Index(fields=["area_path", "sort_day", "id"], name="event_area", condition=STANDING),
            models.Index(fields=["cell", "sort_day", "day_end", "disclosure"], name="event_spot"),
            models.Index(fields=["batch"], name="event_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["task"], name="event_task", condition=Q(task__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{retold(self.event_type) or gettext('đợt')} {spoken(self.event_date)}".strip()


class Occurrence(Located, ServesTask):
    """A taxon present or looked for in vain at a place and time; the name as written stays beside the taxon."""

    class Presence(models.TextChoices):
        PRESENT = "present", _("có mặt")
        ABSENT = "absent", _("tìm không thấy")

    dataset = models.ForeignKey(
        Dataset,
        on_delete=models.PROTECT,
        verbose_name=_("bộ dữ liệu"),
        related_name="occurrences",
        db_index=False,  # `occurrence_once` begins with it
    )
    occurrence_id = models.TextField(_("mã quan sát (occurrenceID)"))
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.PROTECT, related_name="occurrences"
    )
    taxon = models.ForeignKey(
        Taxon,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("loài trong danh lục"),
        related_name="+",
        db_index=False,  # `occ_taxon` begins with it
    )
    taxon_group = models.CharField(_("nhóm loài"), max_length=20, choices=Group, default=Group.OTHER)
    scientific_name = models.CharField(_("tên ghi trong nguồn"), max_length=300)
    vernacular_name = models.CharField(_("tên thường gọi"), max_length=300, blank=True, default="")
    basis_of_record = models.CharField(_("căn cứ ghi nhận"), max_length=40, default="HumanObservation")
    occurrence_status = models.CharField(
        _("hiện diện"), max_length=10, choices=Presence, default=Presence.PRESENT
    )
    individual_count = models.IntegerField(_("số cá thể"), null=True, blank=True)
    organism_quantity = models.FloatField(_("lượng"), null=True, blank=True)
    organism_quantity_type = models.CharField(_("đơn vị lượng"), max_length=80, blank=True, default="")
    sex = models.CharField(_("giới tính"), max_length=40, blank=True, default="")
    life_stage = models.CharField(_("giai đoạn"), max_length=60, blank=True, default="")
    recorded_by = models.TextField(_("người ghi nhận"), blank=True, default="")
    identified_by = models.TextField(_("người định loại"), blank=True, default="")
    event_date = models.CharField(_("thời gian"), max_length=120, blank=True, default="")
    day_start = models.DateField(_("từ ngày"), null=True, blank=True)
    day_end = models.DateField(_("đến ngày"), null=True, blank=True)
    year = models.SmallIntegerField(_("năm"), null=True, blank=True)
    sort_day = models.IntegerField(default=0, editable=False)
    locality = models.TextField(_("địa điểm"), blank=True, default="")
    coordinate_uncertainty_m = models.FloatField(_("sai số toạ độ (m)"), null=True, blank=True)
    associated_media = models.TextField(_("ảnh, tệp kèm"), blank=True, default="")
    remarks = models.TextField(_("ghi chú"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    status_reason = models.TextField(_("lý do"), blank=True, default="")
    first_verifier = models.CharField(max_length=60, blank=True, default="", editable=False)
    first_verifier_name = models.CharField(
        _("người xác minh lần một"), max_length=200, blank=True, default="", editable=False
    )
    first_verified_on = models.DateField(_("xác minh lần một ngày"), null=True, blank=True, editable=False)
    extra = models.JSONField(_("các mục khác"), default=dict, blank=True)
    source_hash = models.BigIntegerField(null=True, editable=False)
    worth = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    place_words: ClassVar = (
        "locality", "remarks", "occurrence_id", "associated_media", "extra", "status_reason",
        "organism_quantity_type",
        "coordinate_uncertainty_m",
    )  # fmt: skip

    mended_while: ClassVar = Q(status=Status.DRAFT)
    span: ClassVar = ("day_start", "day_end")
    ordinals: ClassVar = {"day_start": "sort_day"}

    @classmethod
    def guarded_by_itself(cls) -> Q:
        """Rows that are guarded for the sake of their own group alone."""
        return Q(disclosure=0) | Q(guarded_for=F("taxon_group"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "occurrence_id"], name="occurrence_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["sort_day", "id"], name="occ_day", condition=STANDING),
            models.Index(fields=["status", "sort_day", "id"], name="occ_status", condition=STANDING),
            models.Index(fields=["status", "worth", "id"], name="occ_worth", condition=STANDING),
            models.Index(fields=["taxon", "sort_day", "id"], name="occ_taxon", condition=STANDING),
            models.Index(fields=["taxon_group", "sort_day", "id"], name="occ_group", condition=STANDING),
            models.Index(fields=["dataset", "sort_day", "id"], name="occ_dataset", condition=STANDING),
            models.Index(fields=["area_path", "sort_day", "id"], name="occ_area", condition=STANDING),
            models.Index(fields=["shown_area_path", "sort_day", "id"], name="occ_shown", condition=STANDING),
            models.Index(fields=["area_path_then", "sort_day", "id"], name="occ_then", condition=STANDING),
            models.Index(fields=["cell", "sort_day", "day_end", "disclosure"], name="occ_spot"),
            models.Index(fields=["shown_cell"], name="occ_shown_cell"),
            models.Index(fields=["batch"], name="occ_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["task"], name="occ_task", condition=Q(task__isnull=False)),
            models.Index(fields=["occurrence_status"], name="occ_presence", condition=STANDING),
            models.Index(fields=["basis_of_record"], name="occ_basis", condition=STANDING),
        ]

    def __str__(self) -> str:
        return f"{self.scientific_name} {spoken(self.event_date)}".strip()


class Season(Record):
    """What is written of the months in which a species is in the province, with its source."""

    class Kind(models.TextChoices):
        SPRING = "spring", _("di cư xuân")
        AUTUMN = "autumn", _("di cư thu")
        WINTERING = "wintering", _("trú đông")
        BREEDING = "breeding", _("sinh sản")
        RESIDENT = "resident", _("định cư")

    class Certainty(models.TextChoices):
        READ = "read", _("đã đọc")
        REMEMBERED = "remembered", _("nhớ lại, chưa đọc")

    taxon = models.ForeignKey(Taxon, on_delete=models.PROTECT, verbose_name=_("loài"), related_name="+")
    kind = models.CharField(_("mùa"), max_length=10, choices=Kind)
    month_from = models.PositiveSmallIntegerField(_("từ tháng"))
    month_to = models.PositiveSmallIntegerField(_("đến tháng"))
    place = models.CharField(_("nơi dừng chân"), max_length=200, blank=True, default="")
    source = models.CharField(_("nguồn: tác giả, năm, trang"), max_length=400)
    certainty = models.CharField(
        _("đã đọc nguồn chưa"), max_length=10, choices=Certainty, default=Certainty.READ
    )

    def __str__(self) -> str:
        return f"{self.taxon}: {self.get_kind_display()} {self.month_from}–{self.month_to}"

    @property
    def months(self) -> tuple[int, ...]:
        """The months, over the turn of the year where the last is before the first."""
        return tuple(
            (self.month_from - 1 + i) % 12 + 1 for i in range((self.month_to - self.month_from) % 12 + 1)
        )


class Twin(models.Model):
    """What was decided of two records that look alike: one meeting told twice, or two meetings.

    `record` points at `other`, the one that is kept; nothing is deleted, and `stood` is where the record goes back
    to when the decision is taken back. It has no rights of its own: it is told to whoever may know both places.
    """

    class Verdict(models.TextChoices):
        SAME = "same", _("cùng một lần gặp")
        APART = "apart", _("hai lần gặp khác nhau")

    record = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=5, choices=Verdict)
    stood = models.CharField(max_length=10, choices=Status, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "other"],
                name="twin_once",
                violation_error_message=_("Hai bản ghi này đã được xem là trùng hay không."),
            )
        ]

    def __str__(self) -> str:
        return (
            f"{self.record} = {self.other}"
            if self.verdict == self.Verdict.SAME
            else f"{self.record} ≠ {self.other}"
        )


class Measurement(Record):
    """One measurement or fact about an event or an occurrence; it is seen with what it is about."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="measurements")
    measurement_id = models.TextField(_("mã số đo"), blank=True, default="")
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.PROTECT, related_name="measurements"
    )
    occurrence = models.ForeignKey(
        Occurrence, null=True, blank=True, on_delete=models.PROTECT, related_name="measurements"
    )
    measurement_type = models.CharField(_("đo gì"), max_length=300)
    measurement_value = models.TextField(_("giá trị"), blank=True, default="")
    measurement_unit = models.CharField(_("đơn vị"), max_length=80, blank=True, default="")
    measurement_method = models.TextField(_("cách đo"), blank=True, default="")
    extra = models.JSONField(default=dict, blank=True)
    source_hash = models.BigIntegerField(null=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="meas_batch", condition=Q(batch__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.measurement_type}: {self.measurement_value} {self.measurement_unit}".strip()
