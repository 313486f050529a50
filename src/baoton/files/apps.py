"""Evidence: photo, scan, decision."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "baoton.files"
    label = "files"
    verbose_name = "Tệp minh chứng"
    default_auto_field = "django.db.models.BigAutoField"
