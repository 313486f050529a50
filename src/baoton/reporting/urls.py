"""The addresses of reports and of the figures they print."""

from django.urls import path, register_converter

from baoton.kit.addresses import Year
from baoton.reporting import views

register_converter(Year, "year")

urlpatterns = [
    path("bao-cao/", views.reports, name="reports"),
    path("bao-cao/lap/", views.make, name="report-make"),
    path("bao-cao/mau/", views.template, name="report-template"),
    path("bao-cao/<year:year>/so-lieu/", views.preview, name="report-figures"),
    path("bao-cao/<uuid:pk>.<str:kind>", views.file, name="report-file"),
    path("api/figures/<year:year>", views.api_figures, name="api-figures"),
]
