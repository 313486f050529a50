"""The addresses of open data."""

from django.urls import path

from baoton.sharing import views

urlpatterns = [
    path("du-lieu-mo/", views.open_data, name="open-data"),
    path("du-lieu-mo/<uuid:pk>/<str:part>.zip", views.archive, name="open-archive"),
    path("du-lieu-mo/<uuid:pk>/bai-bao.docx", views.paper, name="data-paper"),
    path("api/", views.landing, name="api"),
    path("api/conformance", views.conformance, name="api-conformance"),
    path("api/changes", views.changes, name="api-changes"),
]
