"""Evidence: photo, scan, decision."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "baoton.files"
    verbose_name = "Tệp minh chứng"
