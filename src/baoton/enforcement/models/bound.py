"""The files of cases that were bound for a court: one PDF, kept under its hash."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record


class BoundFile(Record):
    """One case as it stood, bound into one PDF; the same state is bound into the same bytes and stands here once."""

    of_one_body = True

    case = models.ForeignKey(
        "enforcement.Case", on_delete=models.PROTECT, related_name="bound", verbose_name=_("vụ việc")
    )
    made = models.DateTimeField(_("lập lúc"), default=timezone.now)
    maker = models.CharField(_("người lập"), max_length=200)
    sha256 = models.CharField(_("mã kiểm tra (sha256)"), max_length=64)
    head = models.CharField(_("đầu chuỗi nhật ký"), max_length=64, blank=True, default="")
    parts = models.PositiveIntegerField(_("số phần"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="bound_case")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "sha256"],
                name="bound_once",
                condition=models.Q(withdrawn__isnull=True),
                violation_error_message=_("Hồ sơ ở đúng tình trạng này đã đóng quyển."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}"
