"""Addresses of fire."""

from django.urls import path

from baoton.fire import views

urlpatterns = [
    path("chay-rung/", views.today, name="fire-today"),
    path("chay-rung/tra-loi/", views.answers, name="fire-answers"),
]
