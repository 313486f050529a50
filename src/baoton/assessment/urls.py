"""Addresses of the council."""

from django.urls import path

from baoton.assessment.council import views

urlpatterns = [path("hoi-dong/<uuid:pk>/phieu/", views.votes, name="council-votes")]
