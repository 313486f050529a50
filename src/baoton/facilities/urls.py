"""Addresses of facilities."""

from django.urls import path

from baoton.facilities import views

urlpatterns = [
    path("ma-so/<str:code>/", views.card, name="facility-card"),
    path("co-so/<uuid:pk>/qr.svg", views.picture, name="facility-qr"),
    path("kiem-tra/ke-hoach/", views.plan, name="inspection-plan"),
]
