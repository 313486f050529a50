"""The addresses every register has."""

from django.urls import path

from baoton.kit import import_urls
from baoton.kit.pages import desk, form, list, paper, record, search, verb, views_kept
from baoton.kit.reading import api

urlpatterns = [
    *import_urls.urlpatterns,
    path("tim/", search.search_page, name="search"),
    path("tim/goi-y/", search.suggest, name="search-suggest"),
    path("so/<slug:slug>/", list.register_list, name="register"),
    path("so/<slug:slug>/moi/", form.record_form, name="record-new"),
    path("so/<slug:slug>/doc-hinh/", form.read_shape, name="read-shape"),
    path("so/<slug:slug>/tu-dien/", list.register_dictionary, name="register-dictionary"),
    path("so/<slug:slug>/ban-lam-viec/", desk.desk, name="desk"),
    path("so/<slug:slug>/goi-y/", list.register_suggest, name="register-suggest"),
    path("so/<slug:slug>/cach-xem/", views_kept.keep_view, name="view-keep"),
    path("so/<slug:slug>/cach-xem/<int:pk>/bo/", views_kept.drop_view, name="view-drop"),
    path("so/<slug:slug>/cung-lam/<str:verb>/", verb.act_together, name="act-together"),
    path("so/<slug:slug>/xuat.<str:kind>", list.register_export, name="register-export"),
    path("so/<slug:slug>/<uuid:pk>/", record.record_page, name="record"),
    path("so/<slug:slug>/<uuid:pk>/tep/<str:field>", record.record_file, name="record-file"),
    path("so/<slug:slug>/<uuid:pk>/van-ban.docx", paper.record_paper, name="record-paper"),
    path("so/<slug:slug>/<uuid:pk>/van-ban.pdf", paper.record_paper, {"kind": "pdf"}, name="record-pdf"),
    path("so/<slug:slug>/<uuid:pk>/sua/", form.record_form, name="record-edit"),
    path("so/<slug:slug>/<uuid:pk>/lam/<str:verb>/", verb.record_act, name="record-act"),
    path("api/collections", api.collections, name="api-collections"),
    path("api/openapi.json", api.description, name="api-description"),
    path("api/collections/<slug:slug>", api.one_collection, name="api-collection"),
    path("api/collections/<slug:slug>/items", api.items, name="api-items"),
    path("api/collections/<slug:slug>/items/<uuid:pk>", api.item, name="api-item"),
]
