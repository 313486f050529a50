"""Addresses of custody."""

from django.urls import path

from baoton.custody import views

urlpatterns = [
    path("tang-vat/ky-nhan/", views.inbox, name="custody-inbox"),
    path("tang-vat/nhan/", views.labels, name="custody-labels"),
    path("tang-vat/<uuid:pk>/nhan/", views.label, name="custody-label"),
    path("tang-vat/<uuid:pk>/chuoi/", views.steps, name="custody-chain"),
]
