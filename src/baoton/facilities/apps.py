"""Facilities that breed, plant or keep: codes, ledgers, inspections."""

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "baoton.facilities"
    verbose_name = "Cơ sở nuôi, trồng"
