"""Addresses of money."""

from django.urls import path

from baoton.funding import views

urlpatterns = [
    path("kinh-phi/", views.year_page, name="funding-year"),
    path("kinh-phi/cua/<slug:slug>/<uuid:pk>/", views.of_record, name="funding-of"),
]
