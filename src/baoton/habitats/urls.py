"""Addresses of the map and of proposals."""

from django.urls import path

from baoton.habitats import views

urlpatterns = [
    path("rung/thay-doi/<uuid:pk>/", views.changes, name="habitat-changes"),
    path("rung/thay-doi/<uuid:pk>/bang.xlsx", views.changes_file, name="habitat-changes-file"),
    path("rung/de-xuat/<uuid:pk>/<slug:name>.docx", views.paper, name="proposal-paper"),
    path("rung/phuong-an/<uuid:pk>/ban-do.pdf", views.option_map, name="option-map"),
    path("rung/phuong-an/<uuid:pk>/bat-dinh/", views.snap, name="option-snap"),
    path("rung/phan-khu/tinh/", views.zone_live, name="zone-live"),
    path("rung/theo-anh/", views.raster, name="habitat-raster"),
    path("phuc-hoi/ferm/", views.ferm_page, name="ferm"),
    path("phuc-hoi/ferm.xlsx", views.ferm_file, {"kind": "xlsx"}, name="ferm-xlsx"),
    path("phuc-hoi/ferm.gpkg", views.ferm_file, {"kind": "gpkg"}, name="ferm-gpkg"),
    path("phuc-hoi/diem-anh/<uuid:pk>/", views.photo_point, name="photo-point"),
]
