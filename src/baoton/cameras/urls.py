"""Addresses of cameras."""

from django.urls import path

from baoton.cameras import views

urlpatterns = [
    path("bay-anh/camtrap-dp.zip", views.package, name="camera-package"),
    path("bay-anh/anh/<uuid:pk>.jpg", views.picture, name="camera-picture"),
]
