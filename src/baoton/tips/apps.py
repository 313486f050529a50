"""Tips: what villagers tell, by a page without an account, by telephone, at a meeting; and who answers."""

from django.apps import AppConfig


class TipsConfig(AppConfig):
    name = "baoton.tips"
    verbose_name = "Tin báo"
