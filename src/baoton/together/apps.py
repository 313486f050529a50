"""Acting together: co-ordination regulations, joint operations, checks of markets, restaurants, roads and pages."""

from django.apps import AppConfig


class TogetherConfig(AppConfig):
    name = "baoton.together"
    verbose_name = "Phối hợp"
