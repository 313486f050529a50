"""Signing in, one's own password and second factor, and what an administrator does with an account."""

from django.urls import path

from baoton.people import views

urlpatterns = [
    path("dang-nhap/", views.sign_in, name="login"),
    path("dang-nhap/ma/", views.sign_in_code, name="login-code"),
    path("toi/mat-khau/", views.password, name="password"),
    path("toi/lop-hai/", views.second_factor, name="second-factor"),
    path("toi/lop-hai/bo/", views.second_factor_off, name="second-factor-off"),
    path("toi/phien/", views.end_sessions, name="end-sessions"),
    path("quan-tri/nguoi-dung/<uuid:pk>/<str:verb>/", views.account, name="account"),
]
