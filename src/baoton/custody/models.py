"""Lots of seized things and animals, the chain of steps of each, and what is offered and waits for a signature.

A lot stands as its last step left it. A step is never changed or deleted: each carries the hash of the one before.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor, own, reach_of
from baoton.kit.kinds.words import as_text
from baoton.kit.lent import EVIDENCE
from baoton.kit.record import Record
from baoton.kit.writing.ledger import AppendOnly
from baoton.taxa.models import Taxon

STANDING = Q(withdrawn__isnull=True)


def body_of(actor: Actor) -> str:
    """The code of the actor's body; empty for whoever has none."""
    return str(getattr(actor, "organisation_id", "") or "")


class Kind(models.TextChoices):
    """What a lot is."""

    ALIVE = "alive", _("động vật sống")
    DEAD = "dead", _("động vật chết")
    PART = "part", _("bộ phận động vật")
    PRODUCT = "product", _("sản phẩm")
    TIMBER = "timber", _("gỗ")
    PLANT = "plant", _("thực vật")
    TOOL = "tool", _("công cụ")
    VEHICLE = "vehicle", _("phương tiện")
    DOCUMENT = "document", _("giấy tờ")
    OTHER = "other", _("thứ khác")


ANIMALS = (Kind.ALIVE, Kind.DEAD)


class Amounts(models.Model):
    """How much there is; what nobody counted or weighed is unknown, never zero."""

    count = models.PositiveIntegerField(_("số lượng"), null=True, blank=True)
    kg = models.DecimalField(_("khối lượng (kg)"), max_digits=15, decimal_places=3, null=True, blank=True)
    m3 = models.DecimalField(_("thể tích (m³)"), max_digits=15, decimal_places=3, null=True, blank=True)

    class Meta:
        abstract = True


class Lot(Record, Amounts):
    """One seized thing, animal or heap of alike ones; `organisation` is the body that holds it now.

    `origin` says in words what it came from (a case, a patrol, a minute). `head` and `length` are the hash and the
    number of its last step; every other column that moves is what that step says.
    """

    class Status(models.TextChoices):
        HELD = "held", _("đang giữ")
        RETURNED = "returned", _("đã trả lại")
        RELEASED = "released", _("đã thả")
        DESTROYED = "destroyed", _("đã tiêu huỷ")
        SCIENCE = "science", _("đã chuyển nghiên cứu")
        MERGED = "merged", _("đã nhập vào lô khác")

    number = models.CharField(_("số tang vật"), max_length=120, blank=True, default="", editable=False)
    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    written = models.CharField(_("mô tả, tên loài như ghi trong biên bản"), max_length=300)
    taxon = models.ForeignKey(
        Taxon, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("loài"), related_name="+"
    )
    origin = models.CharField(_("từ vụ việc, biên bản"), max_length=200, blank=True, default="")
    seized = models.DateTimeField(_("thu giữ lúc"), null=True, editable=False)
    day = models.DateField(_("ngày thu giữ"))
    hour = models.CharField(_("giờ thu giữ"), max_length=5, blank=True, default="")
    place = models.CharField(_("nơi bảo quản"), max_length=300, blank=True, default="")
    seal = models.CharField(_("số niêm phong"), max_length=80, blank=True, default="")
    condition = models.CharField(_("tình trạng khi thu"), max_length=500, blank=True, default="")
    note = models.CharField(_("ghi chú"), max_length=500, blank=True, default="")
    photo = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("ảnh khi thu"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    taken = models.PositiveIntegerField(_("số cá thể khi thu giữ"), null=True, editable=False)
    holder = models.CharField(max_length=60, blank=True, default="", editable=False)
    holder_name = models.CharField(_("người giữ"), max_length=200, blank=True, default="", editable=False)
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status, default=Status.HELD)
    head = models.CharField(max_length=64, blank=True, default="", editable=False)
    length = models.PositiveIntegerField(_("số bước"), default=0, editable=False)

    of_one_body: ClassVar[bool] = True

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "day", "id"], name="lot_body", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="lot_area", condition=STANDING),
            models.Index(fields=["status", "day", "id"], name="lot_status", condition=STANDING),
            models.Index(fields=["kind", "day", "id"], name="lot_kind", condition=STANDING),
            models.Index(fields=["origin"], name="lot_origin"),
            models.Index(fields=["number"], name="lot_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.written}".strip()

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """A body to which a lot is offered sees it until it has signed or refused, where it may sign at all."""
        return Q(pk__in=offered_to(actor)) if verb == "custody.lot.see" else None


class Step(Record, Amounts):
    """One link of the chain: what was done with a lot, by whom, and how the lot stood after it.

    `organisation` is the body that held the lot after the step. `others` names the lots a split or a merge shared
    with, `facts` what the lot is (the first step and a mended one), `corrects` the step that was told wrongly.
    """

    class Kind(models.TextChoices):
        SEIZED = "seized", _("thu giữ")
        SPLIT_FROM = "split_from", _("tách ra từ lô khác")
        SEALED = "sealed", _("niêm phong")
        UNSEALED = "unsealed", _("mở niêm phong")
        STORED = "stored", _("nhập kho")
        MOVED = "moved", _("chuyển chỗ")
        CHECKED = "checked", _("kiểm tra")
        WEIGHED = "weighed", _("cân, đếm lại")
        DIED = "died", _("con vật chết")
        SPLIT = "split", _("tách bớt")
        SAMPLED = "sampled", _("lấy mẫu")
        MERGED_IN = "merged_in", _("nhập thêm lô khác")
        MERGED = "merged", _("nhập vào lô khác")
        HANDED = "handed", _("bàn giao")
        EXTENDED = "extended", _("kéo dài tạm giữ")
        CORRECTED = "corrected", _("đính chính")
        RETURNED = "returned", _("trả lại")
        RELEASED = "released", _("thả")
        DESTROYED = "destroyed", _("tiêu huỷ")
        SCIENCE = "science", _("chuyển nghiên cứu")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, verbose_name=_("tang vật"), related_name="steps")
    position = models.PositiveIntegerField(_("bước"))
    kind = models.CharField(_("việc"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("lúc"))
    giver = models.CharField(max_length=60, blank=True, default="", editable=False)
    giver_name = models.CharField(_("người giao"), max_length=200, blank=True, default="")
    giver_body = models.CharField(_("bên giao"), max_length=40, blank=True, default="")
    receiver = models.CharField(max_length=60, blank=True, default="", editable=False)
    receiver_name = models.CharField(_("người nhận"), max_length=200, blank=True, default="")
    receiver_body = models.CharField(_("bên nhận"), max_length=40, blank=True, default="")
    place = models.CharField(_("nơi"), max_length=300, blank=True, default="")
    seal = models.CharField(_("số niêm phong"), max_length=80, blank=True, default="")
    condition = models.CharField(_("tình trạng"), max_length=500, blank=True, default="")
    reason = models.CharField(_("lý do, giấy tờ"), max_length=500, blank=True, default="")
    photo = models.ForeignKey(
        "kit.StoredFile",
        verbose_name=_("ảnh"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    photo_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    others = models.JSONField(default=list, editable=False)
    facts = models.JSONField(default=dict, editable=False)
    corrects = models.PositiveIntegerField(_("đính chính bước"), null=True, blank=True)
    before = models.CharField(max_length=64, editable=False)
    hash = models.CharField(_("mã băm"), max_length=64, editable=False)

    of_one_body: ClassVar[bool] = True

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="step_at", condition=STANDING),
            models.Index(fields=["giver_body", "lot"], name="step_giver"),
            models.Index(fields=["receiver_body", "lot"], name="step_receiver"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["lot", "position"], name="step_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_kind_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new step stands; a stored one is never written again."""
        if not self._state.adding:
            raise AppendOnly("a step of a chain is never changed: write a later one that corrects it")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly("a step of a chain is never deleted")

    @property
    def when(self) -> str:
        """The moment as office paper writes it."""
        return as_text(timezone.localtime(self.at))

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """A body reads a chain up to the last step it had a hand in; one to which the lot is offered, all of it."""
        body = body_of(actor)
        if verb != "custody.step.see" or not body or not actor.scopes(verb):
            return None
        mine = Q(giver_body=body) | Q(receiver_body=body)
        later = cls.objects.filter(mine, lot=OuterRef("lot"), position__gte=OuterRef("position"))
        return Q(Exists(later)) | Q(lot__in=offered_to(actor))


class Offer(Record):
    """A lot that its holder wants to hand over; it stands only when the receiver signs in his own account."""

    class Status(models.TextChoices):
        OPEN = "open", _("chờ ký nhận")
        ACCEPTED = "accepted", _("đã ký nhận")
        REFUSED = "refused", _("từ chối nhận")
        TAKEN_BACK = "taken_back", _("đã rút lại")
        EXPIRED = "expired", _("hết hạn ký")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, verbose_name=_("tang vật"), related_name="offers")
    to_body = models.CharField(_("giao cho cơ quan"), max_length=40)
    to_person = models.CharField(_("đích danh người nhận"), max_length=60, blank=True, default="")
    giver = models.CharField(max_length=60, blank=True, default="", editable=False)
    giver_name = models.CharField(_("người giao"), max_length=200, blank=True, default="")
    offered = models.DateTimeField(_("đề nghị lúc"), default=timezone.now, editable=False)
    until = models.DateTimeField(_("ký trước"), null=True, blank=True)
    condition = models.CharField(_("tình trạng khi giao"), max_length=500, blank=True, default="")
    length = models.PositiveIntegerField(default=0, editable=False)
    reason = models.CharField(_("lý do"), max_length=500, blank=True, default="")
    answer = models.CharField(_("trả lời"), max_length=500, blank=True, default="")
    found = models.CharField(_("tình trạng khi nhận"), max_length=500, blank=True, default="")
    place = models.CharField(_("nơi bảo quản mới"), max_length=300, blank=True, default="")
    photo = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("ảnh khi nhận"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status, default=Status.OPEN)

    of_one_body: ClassVar[bool] = True

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["to_body", "status", "id"], name="offer_to"),
            models.Index(fields=["organisation", "offered", "id"], name="offer_from"),
        ]

    def __str__(self) -> str:
        return f"{self.lot} → {self.to_body}"

    @property
    def sign_by(self) -> str:
        """Until when it may be signed; empty where nothing sets a term."""
        return "" if self.until is None else as_text(timezone.localtime(self.until))

    @property
    def expired(self) -> bool:
        return self.until is not None and self.until <= timezone.now()

    @classmethod
    def theirs(cls, actor: Actor, verb: str) -> Q | None:
        """What is offered to a body may be read, signed for and refused by those of its people who may sign."""
        body, last = body_of(actor), verb.rpartition(".")[2]
        if last not in {"see", "accept", "refuse"} or not body or not actor.scopes(verb):
            return None
        return Q(to_body=body)


def open_offers() -> "models.QuerySet[Offer]":
    """Offers that may still be signed."""
    not_yet = Q(until__isnull=True) | Q(until__gt=timezone.now())
    return Offer.objects.filter(not_yet, status=Offer.Status.OPEN, withdrawn__isnull=True)


def offered_to(actor: Actor) -> Any:
    """The keys of the lots offered to the actor's body that he may sign for; none where he may not."""
    body = body_of(actor)
    rows = open_offers() if body and actor.scopes("custody.offer.accept") else Offer.objects.none()
    return rows.filter(to_body=body).values("lot")


def readable(name: str) -> Callable[[Actor, str], Any]:
    """Of which rows of a book an actor may read a part: whoever is offered a lot or held it reads its files, while
    history and remarks stay with the body that holds it."""
    model = {"custody.lot": Lot, "custody.step": Step, "custody.offer": Offer}[name]

    def rows(actor: Actor, part: str) -> Any:
        reach = reach_of(actor.scopes(f"{name}.see"), model)
        if part == EVIDENCE:
            reach = reach | own(actor, f"{name}.see", model)
        return reach.rows(model._default_manager.all())

    return rows
