"""Addresses of outreach."""

from django.urls import path

from baoton.outreach import views

urlpatterns = [path("tuyen-truyen/do-phu/", views.reached, name="outreach-reach")]
