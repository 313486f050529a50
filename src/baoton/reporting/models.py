"""Reports that were made: which figures, from which records, under which chain head."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.ids import new_id


class Report(models.Model):
    """One report as it was made; its file is a blob, its figures are kept with their queries."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(_("năm"))
    made = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=200)
    figures = models.JSONField(default=list)
    audit_head = models.CharField(max_length=64)
    simulated = models.BooleanField(default=False)
    docx_sha256 = models.CharField(max_length=64)
    xlsx_sha256 = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-made"]
