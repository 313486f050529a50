"""The decision tables of the rulebook, read aloud and held against facts."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    name = "baoton.law"
    verbose_name = "Bảng quyết định"
