"""Signing in, one's own password and second factor, and what an administrator does with an account."""

from django.urls import path

from baoton.people import views
from baoton.people.accounts import bodies, duties, listing, one_time, person, roster_pages

ACCOUNT = "quan-tri/nguoi-dung/<uuid:pk>/"
urlpatterns = [
    path("vao/<str:token>/", one_time.one_time, name="one-time"),
    path("quen-mat-khau/", one_time.forgotten, name="forgotten"),
    path("quan-tri/nguoi-dung/", listing.people, name="people"),
    path("quan-tri/nguoi-dung/moi/", person.new, name="person-new"),
    path("quan-tri/nguoi-dung/phieu/", person.slips, name="slips"),
    path("quan-tri/nguoi-dung/danh-sach/", roster_pages.bring, name="people-roster"),
    path("quan-tri/nguoi-dung/danh-sach/mau.xlsx", roster_pages.template, name="people-roster-template"),
    path("quan-tri/co-quan/", bodies.bodies, name="bodies"),
    path("quan-tri/xem-nhu/thoi/", person.view_as_stop, name="view-as-stop"),
    path(ACCOUNT, person.account_page, name="account-page"),
    path(f"{ACCOUNT}sua/", person.change, name="account-change"),
    path(f"{ACCOUNT}cap-quyen/", person.give, name="grant-give"),
    path(f"{ACCOUNT}quyen/<uuid:grant>/thu-hoi/", person.end, name="grant-end"),
    path(f"{ACCOUNT}phien/<str:digest>/", person.end_session, name="session-end"),
    path(f"{ACCOUNT}ban-giao/", person.hand_over, name="hand-over"),
    path(f"{ACCOUNT}xem-nhu/", person.view_as, name="view-as"),
    path("truc/lich/", duties.month, name="duty-month"),
    path("toi/", views.me, name="me"),
    path("toi/phien/<str:digest>/", views.end_own_session, name="own-session-end"),
    path("dang-nhap/", views.sign_in, name="login"),
    path("dang-nhap/ma/", views.sign_in_code, name="login-code"),
    path("toi/mat-khau/", views.password, name="password"),
    path("toi/lop-hai/", views.second_factor, name="second-factor"),
    path("toi/lop-hai/bo/", views.second_factor_off, name="second-factor-off"),
    path("toi/phien/", views.end_sessions, name="end-sessions"),
    path(f"{ACCOUNT}<str:verb>/", person.account, name="account"),
]
