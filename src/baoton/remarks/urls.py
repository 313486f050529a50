"""The addresses of remarks."""

from django.urls import path

from baoton.remarks import views

urlpatterns = [
    path("so/<slug:slug>/<uuid:pk>/y-kien/", views.remark_add, name="remark-add"),
    path("y-kien/<uuid:pk>/rut/", views.remark_withdraw, name="remark-withdraw"),
    path("nhac-den/<int:pk>/da-doc/", views.mention_read, name="mention-read"),
]
