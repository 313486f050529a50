"""Addresses of facilities."""

from django.urls import path

from baoton.facilities import views

urlpatterns = [
    path("ma-so/<str:code>/", views.card, name="facility-card"),
    path("co-so/<uuid:pk>/qr.svg", views.picture, name="facility-qr"),
    path("so-theo-doi/<uuid:pk>/so.xlsx", views.book_file, name="facility-book"),
    path("kiem-tra/ke-hoach/", views.plan, name="inspection-plan"),
]
