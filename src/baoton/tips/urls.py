"""Addresses of tips."""

from django.urls import path

from baoton.tips import views

urlpatterns = [
    path("bao-tin/", views.send, name="tip-send"),
    path("bao-tin/tra-loi/", views.look, name="tip-look"),
    path("bao-tin/loi-nhan/", views.word, name="tip-word"),
    path("tin-bao/so-lieu/", views.numbers, name="tip-figures"),
]
