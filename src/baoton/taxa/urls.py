"""The page of a species, and names that complete what is typed."""

from django.urls import path

from baoton.taxa import views

urlpatterns = [
    path("loai/<uuid:pk>/", views.species, name="species"),
    path("loai/goi-y.json", views.suggestions, name="taxa-suggest"),
]
