"""Addresses of cases."""

from django.urls import path

from baoton.enforcement import case_views, partner_views, quick_views

urlpatterns = [
    path("phoi-hop/", partner_views.together, name="together"),
    path("vu-viec/nhanh/", quick_views.quick, name="case-quick"),
    path("vu-viec/<uuid:pk>/goi-y/", case_views.suggested, name="case-indication"),
    path("vu-viec/<uuid:pk>/dong-quyen/", case_views.ask_file, name="case-bind"),
    path("vu-viec/ho-so/<uuid:pk>.pdf", case_views.bound_file, name="case-bound"),
]
