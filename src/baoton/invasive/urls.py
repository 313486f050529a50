"""Addresses of invasive species."""

from django.urls import path

from baoton.invasive import views

urlpatterns = [path("ngoai-lai/", views.now, name="invasive-now")]
