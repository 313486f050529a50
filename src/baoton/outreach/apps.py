"""Outreach sessions of the communes."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "baoton.outreach"
    verbose_name = "Tuyên truyền"
