"""What a person is told of: what waits, what is new, and his calendar by a secret link."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "baoton.notices"
    verbose_name = "Thông báo"
