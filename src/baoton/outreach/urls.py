"""Addresses of outreach."""

from django.urls import path

from baoton.outreach import views
from baoton.outreach.knowledge import views as knowledge

urlpatterns = [
    path("tuyen-truyen/do-phu/", views.reached, name="outreach-reach"),
    path("tuyen-truyen/khao-sat/<uuid:pk>/", knowledge.survey, name="outreach-survey"),
    path("tuyen-truyen/khao-sat/<uuid:pk>/tep/<str:kind>/", knowledge.file, name="outreach-survey-file"),
    path("tuyen-truyen/khao-sat/<uuid:pk>/gui/", knowledge.send, name="outreach-survey-send"),
]
