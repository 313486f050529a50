"""The plan's addresses."""

from django.urls import path

from baoton.plan import views
from baoton.plan.drafts import views as drafts
from baoton.plan.items import views as items

urlpatterns = [
    path("ke-hoach/", views.plan_page, name="plan"),
    path("ke-hoach/van-ban/", views.document_page, name="plan-document"),
    path("ke-hoach/ban-nhap/<uuid:pk>/", drafts.draft_page, name="plan-draft"),
    path("ke-hoach/ban-nhap/<uuid:pk>/ke-hoach.yaml", drafts.draft_file, name="plan-draft-file"),
    path("ke-hoach/giao-viec/", items.assign, name="plan-assign"),
    path("ke-hoach/co-quan/", items.bodies_page, name="plan-bodies"),
    path("ke-hoach/co-quan/<slug:code>/", items.body_page, name="plan-body"),
    path("ke-hoach/minh-chung/<slug:slug>/<uuid:pk>/", items.proves, name="plan-proves"),
    path("ke-hoach/chep-nam/", views.copy_year, name="plan-copy-year"),
    path("chi-so/<str:name>/", views.indicator_page, name="indicator"),
    path("ke-hoach/nhiem-vu/<int:number>/", views.task_page, name="plan-task"),
    path("ke-hoach/khu-rung-muong-te/", views.road_page, name="plan-task-2"),
]
