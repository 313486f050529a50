"""The addresses of the evidence stream beside its books."""

from django.urls import path

from baoton.observations import views
from baoton.observations.bulkphotos import views as bulkphotos
from baoton.observations.migrating import views as migrating
from baoton.observations.twins import views as twin_views

urlpatterns = [
    path("bao-nhanh/", views.quick, name="quick-report"),
    path("trung-lap/", twin_views.pairs, name="twins"),
    path("trung-lap/<uuid:one>/<uuid:other>/", twin_views.side_by_side, name="twin"),
    path("anh-hang-loat/", bulkphotos.ask, name="photos"),
    path("anh-hang-loat/<uuid:pk>/", bulkphotos.told, name="photos-told"),
    path("di-cu/", migrating.seasons, name="migration"),
    path("di-cu/<slug:season>/", migrating.seasons, name="migration-season"),
    path("duyet-loat/", views.accept_together, name="accept-together"),
]
