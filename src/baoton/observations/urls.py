"""The addresses of the evidence stream beside its books."""

from django.urls import path

from baoton.observations import views

urlpatterns = [
    path("bao-nhanh/", views.quick, name="quick-report"),
    path("duyet-loat/", views.accept_together, name="accept-together"),
]
