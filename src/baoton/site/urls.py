"""Every address of the site."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.contrib.auth import views as auth
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from baoton.site import communes, leaders, log_page, setup, views, wall
from baoton.site.calendar import feed, pages
from baoton.site.inbox import pages as inbox

urlpatterns = [
    path("", views.home, name="home"),
    path("lich.ics", feed.calendar_file, name="calendar"),
    path("lich/", pages.page, name="calendar-page"),
    path("lich/<str:token>.ics", feed.secret, name="calendar-secret"),
    path("thong-bao/", inbox.inbox, name="inbox"),
    path("thong-bao/so/", inbox.count, name="inbox-count"),
    path("thong-bao/doc/", inbox.read, name="notice-read"),
    path("thong-bao/tat/", inbox.mute, name="notice-mute"),
    path("toi/thong-bao/", inbox.wishes, name="wishes"),
    path("toi/lich/", pages.own_link, name="calendar-link"),
    path("vi-sao/<slug:slug>/<uuid:pk>/", views.why, name="why"),
    path("dieu-hanh/", leaders.screen, name="leaders"),
    path("dieu-hanh/man-hinh/", wall.wall, name="wall"),
    path("dieu-hanh/giao-ban/", leaders.monday, name="monday"),
    path("dieu-hanh/don-doc/", leaders.remind, name="remind"),
    path("quan-tri/nhat-ky/", log_page.audit_page, name="audit"),
    path("quan-tri/cai-dat/", setup.setup, name="setup"),
    path("quan-tri/cai-dat/<str:step>/", setup.do, name="setup-do"),
    path("viec-nen/<uuid:pk>/", views.job_page, name="job"),
    path("viec-nen/<uuid:pk>/dung/", views.job_cancel, name="job-cancel"),
    path("viec-nen/<uuid:pk>/lai/", views.job_again, name="job-again"),
    path("dia-ban/<slug:code>/phieu/", communes.commune, name="commune"),
    path("dia-ban/<slug:code>/ap-phich/", communes.poster, name="commune-poster"),
    path("song", views.health, name="health"),
    path("thoat/", auth.LogoutView.as_view(), name="logout"),
    path(
        "ngon-ngu/setlang/", csrf_exempt(set_language), name="set_language"
    ),  # sets a word at its asker's alone
]
for domain in settings.DOMAINS:
    if domain != "baoton.site" and find_spec(f"{domain}.urls"):
        urlpatterns += import_module(f"{domain}.urls").urlpatterns

handler500 = "baoton.site.views.broken"
