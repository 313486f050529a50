"""Remarks on records."""

from django.apps import AppConfig


class RemarksConfig(AppConfig):
    name = "baoton.remarks"
    verbose_name = "Ý kiến"
