"""Addresses of rescue."""

from django.urls import path

from baoton.rescue import record_views, views

urlpatterns = [
    path("cuu-ho/<uuid:pk>/ho-so.pdf", record_views.dossier, name="rescue-dossier"),
    path("cuu-ho/nam/", views.year, name="rescue-year"),
    path("cuu-ho/hom-nay/", views.today, name="rescue-today"),
    path("cuu-ho/hom-nay/<uuid:pk>/<str:verb>/", views.enter, name="rescue-enter"),
]
