"""Users, organisations, roles and explicit grants."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "baoton.people"
    label = "people"
    verbose_name = "Người dùng"
    default_auto_field = "django.db.models.BigAutoField"
