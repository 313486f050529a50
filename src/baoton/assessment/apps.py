"""Species status."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "baoton.assessment"
    label = "assessment"
    verbose_name = "Đánh giá loài"
    default_auto_field = "django.db.models.BigAutoField"
