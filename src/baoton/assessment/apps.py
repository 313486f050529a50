"""Species status."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "baoton.assessment"
    verbose_name = "Đánh giá loài"
