"""The documents of cases that were issued: each with its number, kept under its hash."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record


class Paper(Record):
    """One document of one case as it was issued; it names persons, so that it is lent with the documents alone."""

    class Kind(models.TextChoices):
        MINUTE = "minute", _("biên bản vi phạm hành chính")
        SEIZURE = "seizure", _("biên bản tạm giữ tang vật, phương tiện")
        CHECK = "check", _("biên bản xác minh")
        DECISION = "decision", _("quyết định xử phạt")
        TRANSFER = "transfer", _("công văn chuyển hồ sơ")
        RETURN = "return", _("biên bản trả lại tang vật, phương tiện")
        DESTRUCTION = "destruction", _("biên bản tiêu huỷ tang vật")
        SUMMARY = "summary", _("báo cáo tóm tắt vụ việc")

    of_one_body = True
    opening_is_audited = True

    case = models.ForeignKey(
        "enforcement.Case", on_delete=models.PROTECT, related_name="papers", verbose_name=_("vụ việc")
    )
    kind = models.CharField(_("loại văn bản"), max_length=12, choices=Kind)
    number = models.CharField(_("số văn bản"), max_length=120, blank=True, default="")
    day = models.DateField(_("ngày lập"))
    paper = models.CharField(_("mã băm của tệp"), max_length=64, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "id"], name="case_paper"),
            models.Index(fields=["day", "id"], name="case_paper_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    @classmethod
    def theirs(cls, actor: Any, verb: str) -> Q | None:
        """It names persons and goods: it is lent where those and the documents of its case are."""
        from baoton.enforcement import reach

        lent = [reach.theirs(actor, verb, part, "case") for part in ("documents", "persons", "items")]
        return None if any(q is None for q in lent) else Q(*lent)
