"""Addresses of acting together."""

from django.urls import path

from baoton.together import views

urlpatterns = [path("phoi-hop/lich/", views.month, name="together-month")]
