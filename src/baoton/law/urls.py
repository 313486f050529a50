"""Addresses of the decision tables."""

from django.urls import path

from baoton.law import views

urlpatterns = [
    path("luat/bang-quyet-dinh/", views.all_tables, name="decision-tables"),
    path("luat/bang-quyet-dinh/<str:name>/", views.one_table, name="decision-table"),
]
