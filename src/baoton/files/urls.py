"""The addresses of evidence."""

from django.urls import path

from baoton.files import views

urlpatterns = [
    path("minh-chung/<uuid:pk>/tep", views.evidence_file, name="evidence-file"),
    path("so/<slug:slug>/<uuid:pk>/minh-chung/", views.evidence_add, name="evidence-add"),
]
