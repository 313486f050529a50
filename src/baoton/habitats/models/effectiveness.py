"""How well a founded area is managed: one sheet a year of twelve questions, each answered by a step or not at all."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record

STANDING = Q(withdrawn__isnull=True)
LIST = "BT 11/2026"
"""The list of questions in use, by the month from which it is: of our own design, not METT nor any other sheet."""
MOST = 3
QUESTIONS = tuple(f"q{n:02d}" for n in range(1, 13))


class Step(models.TextChoices):
    """How far one thing is; blank where nobody answered."""

    NONE = "0", _("0: chưa có gì")
    LITTLE = "1", _("1: có một ít")
    MOSTLY = "2", _("2: phần lớn đã có")
    FULL = "3", _("3: đầy đủ")


def asked(question: Any) -> "models.CharField[str, str]":
    """One question, which may stay unanswered."""
    return models.CharField(question, max_length=1, choices=Step, blank=True, default="")


class Effectiveness(Record):
    """The management of one area in one year, as those who filled the sheet saw it."""

    proposal = models.ForeignKey(
        "habitats.Proposal", verbose_name=_("khu"), on_delete=models.PROTECT, related_name="sheets"
    )
    year = models.PositiveSmallIntegerField(
        _("năm đánh giá"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    questions = models.CharField(_("danh mục câu hỏi"), max_length=40, default=LIST, editable=False)
    filled_by = models.CharField(_("ai cùng chấm"), max_length=300)
    q01 = asked(_("1. Ranh giới có mốc, người dân quanh khu biết"))
    q02 = asked(_("2. Có phương án quản lý còn hiệu lực và làm theo"))
    q03 = asked(_("3. Đủ người cho việc được giao"))
    q04 = asked(_("4. Người làm việc được tập huấn đúng việc"))
    q05 = asked(_("5. Kinh phí của năm đủ và đến đúng lúc"))
    q06 = asked(_("6. Trạm, thiết bị có và được bảo dưỡng"))
    q07 = asked(_("7. Tuần tra đều, vi phạm được xử lý"))
    q08 = asked(_("8. Loài và sinh cảnh được theo dõi, số liệu được dùng"))
    q09 = asked(_("9. Phòng cháy, phục hồi, trừ loài ngoại lai"))
    q10 = asked(_("10. Người dân cùng bàn, cùng quyết định"))
    q11 = asked(_("11. Người dân quanh khu được hưởng lợi"))
    q12 = asked(_("12. Những giá trị cần bảo tồn vẫn giữ được"))
    evidence = models.TextField(_("căn cứ, việc cần làm tiếp"), blank=True, default="")
    answered = models.PositiveSmallIntegerField(_("số câu đã trả lời"), default=0, editable=False)
    points = models.PositiveSmallIntegerField(_("số điểm"), default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("đánh giá hiệu quả quản lý")
        indexes: ClassVar = [models.Index(fields=["year", "id"], name="effective_year", condition=STANDING)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "year"], condition=STANDING, name="effective_once_a_year",
                violation_error_message=_("Khu này đã có phiếu của năm ấy; sửa phiếu đang có."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.proposal} {self.year}"
