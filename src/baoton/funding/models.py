"""Money: sources, lines of a year, what changed them, what was promised, paid and given. Whole đồng alone."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.kit.writing.ledger import Entry
from baoton.plan.models import ServesTask

STANDING = Q(withdrawn__isnull=True)
MORE_THAN_NOTHING = _("Số tiền phải lớn hơn 0 đồng.")


def money(words: Any) -> Any:
    """A column of whole đồng that somebody types."""
    return models.BigIntegerField(words)


def kept(words: Any) -> Any:
    """A column of whole đồng that follows from the ledger; nobody types it."""
    return models.BigIntegerField(words, default=0, editable=False)


class Source(Record):
    """Where money comes from; it stays one source under whatever name a year gives it."""

    code = models.CharField(_("mã nguồn"), max_length=60, unique=True)
    name = models.CharField(_("tên nguồn"), max_length=200)
    kind = models.CharField(_("nhóm nguồn"), max_length=40)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="source_name")]

    def __str__(self) -> str:
        return self.name


class SourceName(Record):
    """What a source was called in some years."""

    source = models.ForeignKey(
        Source, verbose_name=_("nguồn vốn"), on_delete=models.PROTECT, related_name="called"
    )
    name = models.CharField(_("tên gọi"), max_length=200)
    since = models.PositiveSmallIntegerField(_("từ năm"))
    until = models.PositiveSmallIntegerField(_("đến năm"), null=True, blank=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="source_name_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message=_("Năm cuối không thể trước năm đầu."),
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=STANDING,
                name="source_name_once",
                violation_error_message=_("Tên này đã là tên của một nguồn; mở nguồn đó để xem."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Line(Record, ServesTask):
    """Money of one source for one piece of work of one body in one year. What stands in it is what its ledger says."""

    code = models.CharField(_("mã dòng"), max_length=60, unique=True, blank=True)
    year = models.PositiveSmallIntegerField(_("năm"))
    source = models.ForeignKey(
        Source, verbose_name=_("nguồn vốn"), on_delete=models.PROTECT, related_name="lines"
    )
    body = models.CharField(_("đơn vị sử dụng"), max_length=40)
    title = models.CharField(_("nội dung chi"), max_length=300)
    planned = money(_("dự kiến"))
    day = models.DateField(_("ngày đầu năm"), editable=False, null=True)
    allotted = kept(_("đã giao"))
    adjusted = kept(_("điều chỉnh"))
    committed = kept(_("đã ký, chưa chi"))
    paid = kept(_("đã chi"))

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["-year", "code", "id"], name="line_year", condition=STANDING),
            models.Index(fields=["body", "year", "id"], name="line_body", condition=STANDING),
            models.Index(fields=["source", "year", "id"], name="line_source", condition=STANDING),
            models.Index(fields=["task", "year", "id"], name="line_task", condition=STANDING),
            models.Index(fields=["area_path", "year", "id"], name="line_area", condition=STANDING),
            models.Index(fields=["day", "id"], name="line_day", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="line_planned_not_negative",
                condition=Q(planned__gte=0),
                violation_error_message=_("Số dự kiến không thể nhỏ hơn 0."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def whole(self) -> int:
        """What may be spent in the year."""
        return int(self.allotted + self.adjusted)

    @property
    def free(self) -> int:
        """What is neither paid nor promised."""
        return int(self.whole - self.committed - self.paid)


class Change(Record):
    """Money put into a line, taken out of it, or moved from one line to another, by a decision."""

    class Kind(models.TextChoices):
        ALLOT = "allot", _("giao dự toán")
        RAISE = "raise", _("bổ sung")
        CUT = "cut", _("cắt giảm")
        TRANSFER = "transfer", _("điều chuyển sang dòng khác")
        CARRY = "carry", _("chuyển nguồn sang năm sau")

    kind = models.CharField(_("loại"), max_length=10, choices=Kind)
    line = models.ForeignKey(Line, verbose_name=_("dòng"), on_delete=models.PROTECT, related_name="changes")
    to = models.ForeignKey(
        Line, verbose_name=_("sang dòng"), null=True, blank=True, on_delete=models.PROTECT, related_name="moved_in"
    )  # fmt: skip
    day = models.DateField(_("ngày"))
    amount = money(_("số tiền"))
    number = models.CharField(_("số quyết định"), max_length=120)
    text = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("quyết định"), null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["line", "day", "id"], name="money_change_line", condition=STANDING),
            models.Index(fields=["to", "day", "id"], name="money_change_to", condition=STANDING),
            models.Index(fields=["day", "id"], name="money_change_day", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="money_change_positive",
                condition=Q(amount__gt=0),
                violation_error_message=MORE_THAN_NOTHING,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Commitment(Record):
    """A contract or an order: money of a line that is promised to somebody."""

    class Status(models.TextChoices):
        OPEN = "open", _("đang thực hiện")
        CLOSED = "closed", _("đã thanh lý")

    line = models.ForeignKey(
        Line, verbose_name=_("dòng"), on_delete=models.PROTECT, related_name="commitments"
    )
    number = models.CharField(_("số hợp đồng"), max_length=120)
    day = models.DateField(_("ngày ký"))
    payee = models.CharField(_("bên nhận"), max_length=200)
    what = models.CharField(_("nội dung chi"), max_length=300)
    amount = money(_("giá trị"))
    until = models.DateField(_("xong trước ngày"), null=True, blank=True)
    paid = kept(_("đã chi"))
    released = kept(_("trả lại dòng"))
    closed_on = models.DateField(_("thanh lý ngày"), null=True, blank=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.OPEN)
    text = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("hợp đồng"), null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["line", "day", "id"], name="commitment_line", condition=STANDING),
            models.Index(fields=["status", "day", "id"], name="commitment_status", condition=STANDING),
            models.Index(fields=["day", "id"], name="commitment_day", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="commitment_positive",
                condition=Q(amount__gt=0),
                violation_error_message=MORE_THAN_NOTHING,
            ),
            models.UniqueConstraint(
                fields=["number", "payee"],
                condition=STANDING,
                name="commitment_once",
                violation_error_message=_("Hợp đồng số này với bên nhận này đã có trong sổ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.payee}"


class Payment(Record):
    """One voucher: so much paid to somebody from one line. The same voucher to the same payee stands once."""

    line = models.ForeignKey(Line, verbose_name=_("dòng"), on_delete=models.PROTECT, related_name="payments")
    commitment = models.ForeignKey(
        Commitment, verbose_name=_("theo hợp đồng"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="payments",
    )  # fmt: skip
    number = models.CharField(_("số chứng từ"), max_length=120)
    day = models.DateField(_("ngày chi"))
    payee = models.CharField(_("người nhận"), max_length=200)
    amount = money(_("số tiền"))
    what = models.CharField(_("chi cho việc gì"), max_length=300)
    text = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("chứng từ"), null=True, blank=True, on_delete=models.PROTECT
    )
    once = models.CharField(max_length=330, editable=False, default="")

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="payment_day", condition=STANDING),
            models.Index(fields=["line", "day", "id"], name="payment_line", condition=STANDING),
            models.Index(fields=["commitment", "id"], name="payment_commitment", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="payment_area", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payment_positive", condition=Q(amount__gt=0), violation_error_message=MORE_THAN_NOTHING
            ),
            models.UniqueConstraint(
                fields=["once"],
                condition=STANDING,
                name="paid_once",
                violation_error_message=_(
                    "Chứng từ số này cho người nhận này đã ghi chi rồi; một chứng từ không chi hai lần."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.payee}"


class Purchase(Record):
    """What a payment, or a part of it, was for: a record of any book, named as (`about_type`, `about_id`)."""

    payment = models.ForeignKey(
        Payment, verbose_name=_("chứng từ"), on_delete=models.PROTECT, related_name="bought"
    )
    about_type = models.CharField(_("sổ"), max_length=80)
    about_id = models.UUIDField()
    amount = money(_("số tiền"))
    day = models.DateField(_("ngày chi"), editable=False, null=True)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["about_type", "about_id"], name="purchase_about", condition=STANDING),
            models.Index(fields=["payment", "id"], name="purchase_payment", condition=STANDING),
            models.Index(fields=["day", "about_type"], name="purchase_day", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="purchase_positive",
                condition=Q(amount__gt=0),
                violation_error_message=MORE_THAN_NOTHING,
            ),
            models.UniqueConstraint(
                fields=["payment", "about_type", "about_id"],
                condition=STANDING,
                name="purchase_once",
                violation_error_message=_(
                    "Chứng từ này đã gắn với việc đó rồi; sửa số tiền của dòng đã gắn."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.payment)


class Movement(Entry):
    """One entry of the ledger of a line. Entries follow from what was decided, signed and paid; nobody types one."""

    KINDS = (
        ("free", _("chưa chi, chưa ký")),
        ("committed", _("đã ký, chưa chi")),
        ("paid", _("đã chi")),
    )

    class Why(models.TextChoices):
        ALLOT = "allot", _("giao dự toán")
        ADJUST = "adjust", _("điều chỉnh")
        COMMIT = "commit", _("ký hợp đồng")
        RELEASE = "release", _("thanh lý hợp đồng")
        PAY = "pay", _("chi tiền")

    book = models.ForeignKey(Line, verbose_name=_("dòng"), on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("khoản"), max_length=40, choices=KINDS)
    amount = models.BigIntegerField(_("số tiền"))
    why = models.CharField(_("vì"), max_length=10, choices=Why)
    cause = models.UUIDField(editable=False)
    unchangeable: ClassVar = Entry.unchangeable | {"why", "cause"}

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["book", "day", "position"], name="movement_book"),
            models.Index(fields=["cause"], name="movement_cause"),
            models.Index(fields=["day", "id"], name="movement_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.get_why_display()}"


class Closing(Record):
    """The books of a year are shut, of one body or of all: nothing is paid or moved there any more."""

    class Status(models.TextChoices):
        SHUT = "shut", _("đã khoá")
        OPEN = "open", _("đã mở lại")

    year = models.PositiveSmallIntegerField(_("năm"))
    body = models.CharField(_("đơn vị"), max_length=40, blank=True, default="")
    day = models.DateField(_("khoá ngày"))
    number = models.CharField(_("theo văn bản"), max_length=120, blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.SHUT)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "body"],
                condition=STANDING,
                name="closed_once",
                violation_error_message=_("Năm này của đơn vị này đã có dòng khoá sổ; mở dòng đó."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}"


class Gift(Record):
    """What a donor promised: money, goods or work, and what it is worth."""

    class Kind(models.TextChoices):
        MONEY = "money", _("tiền")
        GOODS = "goods", _("hiện vật")
        WORK = "work", _("ngày công, chuyên gia")

    donor = models.CharField(_("nhà tài trợ"), max_length=200)
    kind = models.CharField(_("hình thức"), max_length=10, choices=Kind)
    what = models.CharField(_("tài trợ gì"), max_length=300)
    day = models.DateField(_("cam kết ngày"))
    pledged = models.BigIntegerField(_("giá trị cam kết"), null=True, blank=True)
    valued_by = models.CharField(_("định giá theo"), max_length=300, blank=True, default="")
    source = models.ForeignKey(
        Source, verbose_name=_("nguồn vốn"), on_delete=models.PROTECT, related_name="gifts"
    )

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="gift_day", condition=STANDING),
            models.Index(fields=["source", "day", "id"], name="gift_source", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="gift_positive",
                condition=Q(pledged__isnull=True) | Q(pledged__gt=0),
                violation_error_message=MORE_THAN_NOTHING,
            )
        ]

    def __str__(self) -> str:
        return f"{self.donor}: {self.what}"


class Receipt(Record):
    """What came of a gift on one day; money may go into a line."""

    gift = models.ForeignKey(
        Gift, verbose_name=_("tài trợ"), on_delete=models.PROTECT, related_name="receipts"
    )
    day = models.DateField(_("nhận ngày"))
    what = models.CharField(_("nhận gì"), max_length=300)
    value = models.BigIntegerField(_("giá trị"), null=True, blank=True)
    number = models.CharField(_("số biên bản, chứng từ"), max_length=120)
    line = models.ForeignKey(
        Line, verbose_name=_("ghi vào dòng"), null=True, blank=True, on_delete=models.PROTECT, related_name="given"
    )  # fmt: skip

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["gift", "day", "id"], name="receipt_gift", condition=STANDING),
            models.Index(fields=["day", "id"], name="receipt_day", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="receipt_positive",
                condition=Q(value__isnull=True) | Q(value__gt=0),
                violation_error_message=MORE_THAN_NOTHING,
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"


class Request(Record):
    """A paper that asks the province for money for a year; the lines it names are kept as they stood."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("dự thảo")
        ISSUED = "issued", _("đã trình")

    year = models.PositiveSmallIntegerField(_("năm"))
    reason = models.TextField(_("lý do, sự cần thiết"))
    lines = models.JSONField(_("các dòng"), default=list, editable=False)
    total = kept(_("tổng số xin"))
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)
    number = models.CharField(_("số tờ trình"), max_length=120, blank=True, default="")
    issued_on = models.DateField(_("ngày trình"), null=True, blank=True)
    paper = models.CharField(_("tờ trình"), max_length=64, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["year", "id"], name="request_year")]

    def __str__(self) -> str:
        return f"{self.year}"
