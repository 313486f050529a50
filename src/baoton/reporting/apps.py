"""Reports in Word and Excel."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "baoton.reporting"
    verbose_name = "Báo cáo"
