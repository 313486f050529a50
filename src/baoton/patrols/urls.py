"""Addresses of patrols."""

from django.urls import path

from baoton.patrols import trend_views, views

urlpatterns = [
    path("tuan-tra/do-phu/", views.covered, name="patrol-coverage"),
    path("tuan-tra/xu-huong/", trend_views.trend, name="patrol-trend"),
    path("tuan-tra/lich/", views.month, name="patrol-month"),
    path("tuan-tra/di-tiep/", views.go, name="patrol-go"),
    path("tuan-tra/<uuid:pk>/loai-gap/", views.seen, name="patrol-seen"),
    path("tuan-tra/<uuid:pk>/tuyen.gpx", views.gpx, name="patrol-gpx"),
    path("tuan-tra/smart.csv", views.smart, name="patrol-smart"),
]
