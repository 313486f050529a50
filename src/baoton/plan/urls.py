"""The plan's addresses."""

from django.urls import path

from baoton.plan import views

urlpatterns = [
    path("ke-hoach/", views.plan_page, name="plan"),
    path("ke-hoach/van-ban/", views.document_page, name="plan-document"),
    path("ke-hoach/chep-nam/", views.copy_year, name="plan-copy-year"),
    path("chi-so/<str:name>/", views.indicator_page, name="indicator"),
    path("ke-hoach/nhiem-vu/<int:number>/", views.task_page, name="plan-task"),
    path("ke-hoach/khu-rung-muong-te/", views.task_page, {"number": 2}, name="plan-task-2"),
]
