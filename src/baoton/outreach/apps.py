"""Outreach sessions of the communes."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "baoton.outreach"
    label = "outreach"
    verbose_name = "Tuyên truyền"
    default_auto_field = "django.db.models.BigAutoField"
