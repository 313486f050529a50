"""Addresses of surveys."""

from django.urls import path

from baoton.surveys import result_views, views
from baoton.surveys.proposing import views as proposing

urlpatterns = [
    path("dieu-tra/<uuid:pk>/thiet-ke/", views.design, name="survey-design"),
    path("dieu-tra/<uuid:pk>/rut-mau/", views.drawing, name="survey-draw"),
    path("dieu-tra/<uuid:pk>/tien-do/", views.progress, name="survey-progress"),
    path("dieu-tra/<uuid:pk>/tep/<str:kind>/", views.file, name="survey-file"),
    path("quy-trinh/<uuid:pk>/thu/", views.trial, name="protocol-trial"),
    path("dieu-tra/tiep/", proposing.ask, name="survey-next"),
    path("dieu-tra/tiep/<uuid:pk>/", proposing.show, name="survey-proposal"),
    path("dieu-tra/tiep/<uuid:pk>/lap/", proposing.draft, name="survey-proposal-draft"),
    path("dieu-tra/gui/", result_views.chosen, name="survey-send"),
    path("dieu-tra/<uuid:pk>/ket-qua/", result_views.send, name="survey-results"),
    path("dieu-tra/<uuid:pk>/ket-qua/phieu/", result_views.typed, name="survey-typed"),
    path("dieu-tra/<uuid:pk>/ket-qua/<uuid:batch>/", result_views.told, name="survey-batch"),
]
