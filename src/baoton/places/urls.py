"""The map, its tiles, and the pages of places."""

from django.urls import path

from baoton.kit.reading import tile_views
from baoton.places import views

urlpatterns = [
    path("tiles/<slug:slug>/<int:z>/<int:x>/<int:y>.mvt", tile_views.tile_view, name="tile"),
    path("tiles/<slug:slug>/<int:z>/<int:x>/<int:y>.json", tile_views.tile_list, name="tile-list"),
    path("ban-do/", views.map_page, name="map"),
    path("ban-do/nen.json", views.base_map, name="base-map"),
    path("ban-do/dia-hinh.png", views.relief_picture, name="relief"),
    path("dia-ban/", views.places, name="places"),
    path("dia-ban/cu-moi/", views.old_new, name="places-old"),
]
