"""The addresses of an import."""

from django.urls import path

from baoton.kit.pages import import_views as views
from baoton.kit.pages import refused_views

urlpatterns = [
    path("nhap/", views.start, name="import-start"),
    path("nhap/mau/<str:name>", views.template_file, name="import-template"),
    path("nhap/<uuid:pk>/", views.batch_page, name="import-batch"),
    path("nhap/<uuid:pk>/cach-doc/", views.plan_page, name="import-plan"),
    path("nhap/<uuid:pk>/gia-tri/", views.values_page, name="import-values"),
    path("nhap/<uuid:pk>/xem-lai/<str:name>/", views.review_page, name="import-review"),
    path("nhap/<uuid:pk>/ket-qua.<str:kind>", views.outcome_file, name="import-outcome"),
    path("nhap/<uuid:pk>/tep-goc", views.source_file, name="import-source"),
    path("nhap/<uuid:pk>/sua-dong/", refused_views.mend, name="import-mend"),
    path("nhap/<uuid:pk>/tai-len-lai/", refused_views.again, name="import-again"),
    path("nhap/<uuid:pk>/bi-tu-choi.xlsx", refused_views.download, name="import-refused"),
    path("nhap/<uuid:pk>/tra-loi/", views.answered, name="import-answer"),
    path("nhap/<uuid:pk>/<str:verb>/", views.act, name="import-act"),
]
