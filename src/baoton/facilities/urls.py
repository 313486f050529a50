"""Addresses of facilities."""

from django.urls import path

from baoton.facilities import account_views, inventory_views, owner_views, paper_views, views, visit_views

urlpatterns = [
    path("ma-so/<str:code>/", views.card, name="facility-card"),
    path("co-so/<uuid:pk>/tai-khoan/", account_views.account, name="facility-account"),
    path("co-so/<uuid:pk>/qr.svg", views.picture, name="facility-qr"),
    path("so-theo-doi/<uuid:pk>/so.xlsx", views.book_file, name="facility-book"),
    path("du-thao/<str:slug>/<uuid:pk>/<str:kind>.docx", paper_views.draft, name="facility-draft"),
    path("ho-so/<uuid:pk>/giay-to/", paper_views.tick, name="facility-papers"),
    path("mau-van-ban/", paper_views.templates, name="facility-templates"),
    path("mau-van-ban/<str:name>.docx", paper_views.template, name="facility-template"),
    path("thong-ke-noi-trong/", inventory_views.campaign, name="inventory"),
    path("thong-ke-noi-trong/danh-sach.docx", inventory_views.word, name="inventory-word"),
    path("thong-ke-noi-trong/danh-sach.xlsx", inventory_views.excel, name="inventory-excel"),
    path("thong-ke-noi-trong/ban-hanh/", inventory_views.issue, name="inventory-issue"),
    path("co-so-cua-toi/", owner_views.page, name="owner"),
    path("co-so-cua-toi/<uuid:pk>/<str:verb>/", owner_views.enter, name="owner-enter"),
    path("kiem-tra/<uuid:pk>/", visit_views.visit, name="facility-visit"),
    path("kiem-tra/ke-hoach/", views.plan, name="inspection-plan"),
]
