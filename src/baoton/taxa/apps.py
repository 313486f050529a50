"""Names, synonyms, legal status on a date, disclosure."""

from django.apps import AppConfig


class TaxaConfig(AppConfig):
    name = "baoton.taxa"
    verbose_name = "Loài"
