"""What the machine itself remembers: audit events, stored bytes, jobs, import batches.

Nothing here points at a row of another app: an audit event outlives what it names.
"""

from functools import partial
from secrets import token_hex
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baoton.kit.ids import new_id
from baoton.kit.once import once


class AuditEvent(models.Model):
    """One thing that was done: by whom, to what, and how it stood before and after."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=timezone.now)
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=80)
    register = models.CharField(max_length=80, blank=True, default="")
    object_id = models.UUIDField(null=True)
    object_name = models.CharField(max_length=300, blank=True, default="")
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    note = models.TextField(blank=True, default="")
    mark = models.CharField(max_length=64, blank=True, default="")
    seq = models.BigIntegerField(null=True, unique=True)
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["object_id", "at"], name="audit_object"),
            models.Index(fields=["at"], name="audit_unsealed", condition=models.Q(seq__isnull=True)),
        ]


class Secret(models.Model):
    """A key of this installation that the database keeps: it must not be lost with the data folder."""

    name = models.CharField(primary_key=True, max_length=40)
    value = models.CharField(max_length=64, default=partial(token_hex, 32))


class Blob(models.Model):
    """Bytes kept once under their sha256; the bytes themselves lie in the blob folder."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    stored = models.DateTimeField(default=timezone.now)


class StoredFile(models.Model):
    """One original that somebody gave for a field of a record: the name it came with, and its bytes by hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=200)
    stored = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["actor_id", "name"], name="stored_file_name"),
            models.Index(fields=["sha256"], name="stored_file_hash"),
        ]

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """Long work in the background: how far it is, how it ended, and whether somebody asked it to stop."""

    class State(models.TextChoices):
        WAITING = "waiting", _("đang chờ")
        RUNNING = "running", _("đang chạy")
        DONE = "done", _("xong")
        FAILED = "failed", _("hỏng")
        CANCELLED = "cancelled", _("đã huỷ")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80)
    label = models.CharField(max_length=300)
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    language = models.CharField(max_length=10, blank=True, default="")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    step = models.CharField(max_length=200, blank=True, default="")
    cancel_asked = models.BooleanField(default=False)
    message = models.TextField(blank=True, default="")
    result_url = models.CharField(max_length=300, blank=True, default="")
    asked = models.DateTimeField(default=timezone.now)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-asked"]


class ImportBatch(models.Model):
    """One file brought in: how it was read, and what became of each of its rows."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("đã tải lên")
        CHECKED = "checked", _("đã kiểm tra, chưa ghi")
        RUNNING = "running", _("đang chạy")
        HALF = "half", _("mới ghi một phần")
        DONE = "done", _("đã nhập")
        UNDONE = "undone", _("đã hoàn tác")
        FAILED = "failed", _("hỏng")
        CANCELLED = "cancelled", _("đã huỷ")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    target = models.CharField(max_length=80)
    dataset = models.CharField(max_length=200, blank=True, default="")
    file_name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    plan = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    outcome_sha256 = models.CharField(max_length=64, blank=True, default="")
    job_id = models.UUIDField(null=True)
    written = models.BigIntegerField(default=0)
    uploaded = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-uploaded"]
        indexes: ClassVar = [
            models.Index(
                fields=["state"], name="import_unfinished", condition=models.Q(state__in=["running", "half"])
            )
        ]


def unfinished() -> "tuple[UUID, ...]":
    """The imports of which some rows stand and not all: nobody is shown any of them."""
    return once("unfinished", _ask_unfinished)


def _ask_unfinished() -> "tuple[UUID, ...]":
    S = ImportBatch.State
    rows = ImportBatch.objects.filter(state__in=[S.RUNNING, S.HALF], written__gt=0)
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


class ImportBefore(models.Model):
    """How a row stood before an import changed it, so that the import can be undone."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)
    register = models.CharField(max_length=80)
    object_id = models.UUIDField()
    revision_after = models.PositiveIntegerField()
    old = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "object_id"], name="import_before_once")
        ]


class Remembered(models.Model):
    """A decision a person took once and the wizard proposes again to that person's body: of a column, of a value."""

    kind = models.CharField(max_length=40)
    organisation = models.CharField(max_length=40, blank=True, default="")
    target = models.CharField(max_length=80)
    written = models.CharField(max_length=300)
    meant = models.CharField(max_length=300)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "target", "written"], name="remembered_once"
            )
        ]


class TileCount(models.Model):
    """How many standing records of a register lie in one cell of one level, as one audience may know it.

    `cell` carries its level as every cell key does; kept at write time, so that a far map reads few rows.
    """

    register = models.CharField(max_length=80)
    audience = models.SmallIntegerField()
    cell = models.BigIntegerField()
    n = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "audience", "cell"], name="tile_count_once")
        ]


class OutboxRow(models.Model):
    """What one change adds to what one reader keeps, or (null) that the reader must build it anew."""

    reader = models.CharField(max_length=40)
    register = models.CharField(max_length=80)
    share = models.JSONField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["reader", "id"], name="outbox_reader")]


class OutboxReader(models.Model):
    """A reader of the outbox; its row is the lock that lets one take at a time."""

    name = models.CharField(primary_key=True, max_length=40)
    taken = models.DateTimeField(null=True)


class Overlap(models.Model):
    """How much of a shape that is no point lies in one area: `share` of its area, length or points (0–1]."""

    register = models.CharField(max_length=80)
    record = models.UUIDField()
    area_path = models.CharField(max_length=40)
    share = models.FloatField()
    measure = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "record", "area_path"], name="overlap_once")
        ]
        indexes: ClassVar = [models.Index(fields=["register", "area_path", "record"], name="overlap_area")]


class Clock(models.Model):
    """A term of working days on one record; `due` is null while it is paused or where no calendar tells it.

    `used` are the working days used up before the present run began (`since`).
    """

    register = models.CharField(max_length=80)
    record = models.UUIDField()
    name = models.CharField(max_length=60)
    organisation = models.CharField(max_length=40, blank=True, default="")
    area_path = models.CharField(max_length=40, blank=True, default="")
    began = models.DateField()
    days = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField(default=0)
    since = models.DateField()
    paused = models.DateField(null=True)
    stopped = models.DateField(null=True)
    due = models.DateField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "name"], condition=models.Q(stopped__isnull=True), name="clock_open_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due", "id"], name="clock_due", condition=models.Q(stopped__isnull=True)),
            models.Index(fields=["record"], name="clock_record"),
        ]

    @property
    def word(self) -> str:
        """Its name in the reader's language, where the app that starts it gave one."""
        return str(gettext(self.name)) if self.name else ""


class LedgerDay(models.Model):
    """What one class of a ledger's book holds at the end of a day on which something moved; until the next such day."""

    ledger = models.CharField(max_length=80)
    book = models.UUIDField()
    kind = models.CharField(max_length=40)
    day = models.DateField()
    held = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ledger", "book", "kind", "day"], name="ledger_day_once")
        ]


class Counter(models.Model):
    """The last number given in one series; its row is the lock under which the next is taken."""

    body = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "kind", "year"], name="counter_once")
        ]


class Number(models.Model):
    """One number of a body's register of documents; a cancelled one stays, with its reason."""

    body = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()
    text = models.CharField(max_length=120)
    register = models.CharField(max_length=80, blank=True, default="")
    record = models.UUIDField(null=True)
    cancelled = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")
    taken = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "kind", "year", "n"], name="number_once")
        ]
        indexes: ClassVar = [models.Index(fields=["record"], name="number_record")]

    def __str__(self) -> str:
        return self.text


class SearchRow(models.Model):
    """What one record is found by: its words with tones and without, as `reading.search_words` writes them."""

    register = models.CharField(max_length=80)
    record = models.UUIDField()
    toned = models.TextField()
    plain = models.TextField()
    size = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "record"], name="search_row_once")
        ]


class SearchTodo(models.Model):
    """A book whose search words are being built anew, and the last record that is done."""

    register = models.CharField(primary_key=True, max_length=80)
    after = models.UUIDField(null=True)


class SavedView(models.Model):
    """A list somebody made with filters, order and columns, kept under a name; shared with the body or his own."""

    register = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    query = models.TextField()
    actor_id = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=40, blank=True, default="")
    shared = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["register", "actor_id"], name="saved_view_owner")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "actor_id", "name"], name="saved_view_once")
        ]

    def __str__(self) -> str:
        return self.name
