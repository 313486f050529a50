"""Names, synonyms, legal status on a date, disclosure."""

from django.apps import AppConfig


class TaxaConfig(AppConfig):
    name = "baoton.taxa"
    label = "taxa"
    verbose_name = "Loài"
    default_auto_field = "django.db.models.BigAutoField"
