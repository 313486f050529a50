"""The addresses every register has."""

from django.urls import path

from baoton.kit import import_urls
from baoton.kit.pages import views
from baoton.kit.reading import api

urlpatterns = [
    *import_urls.urlpatterns,
    path("so/<slug:slug>/", views.register_list, name="register"),
    path("so/<slug:slug>/moi/", views.record_form, name="record-new"),
    path("so/<slug:slug>/tu-dien/", views.register_dictionary, name="register-dictionary"),
    path("so/<slug:slug>/xuat.<str:kind>", views.register_export, name="register-export"),
    path("so/<slug:slug>/<uuid:pk>/", views.record_page, name="record"),
    path("so/<slug:slug>/<uuid:pk>/sua/", views.record_form, name="record-edit"),
    path("so/<slug:slug>/<uuid:pk>/lam/<str:verb>/", views.record_act, name="record-act"),
    path("api/collections", api.collections, name="api-collections"),
    path("api/collections/<slug:slug>/items", api.items, name="api-items"),
    path("api/collections/<slug:slug>/items/<uuid:pk>", api.item, name="api-item"),
]
