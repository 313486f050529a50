"""What a person is told of: his calendar by a secret link."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "baoton.notices"
    verbose_name = "Thông báo"
