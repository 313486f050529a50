"""Addresses of the council and of species files."""

from django.urls import path

from baoton.assessment.council import views
from baoton.assessment.dossier import views as files

urlpatterns = [
    path("hoi-dong/<uuid:pk>/phieu/", views.votes, name="council-votes"),
    path("loai/<uuid:pk>/ho-so/", files.file, name="species-file"),
]
