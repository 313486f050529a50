"""The addresses of reports and of the figures they print."""

from typing import Any

from django.urls import path, register_converter

from baoton.reporting import views
from baoton.reporting.beside.pages import beside
from baoton.reporting.following import pages as following
from baoton.reporting.issuing import pages as issuing
from baoton.reporting.periods import Period, read
from baoton.reporting.wording import pages


class PeriodPath:
    """A year or a part of it in an address, or any days: `2026`, `2026-6t`, `20260305-20260820`."""

    regex = r"[0-9]{8}-[0-9]{8}|[0-9]{4}(?:-(?:6t|6c|9t|q[1-4]))?"

    def to_python(self, value: str) -> Period:
        return read(value)

    def to_url(self, value: Any) -> str:
        return value.key if isinstance(value, Period) else str(value)


register_converter(PeriodPath, "period")

urlpatterns = [
    path("bao-cao/", views.reports, name="reports"),
    path("bao-cao/lap/", views.make, name="report-make"),
    path("bao-cao/du-thao/", views.draft_all, name="report-draft-all"),
    path("bao-cao/xa/<period:period>/", following.progress, name="report-following"),
    path("bao-cao/doi-chieu/", beside, name="report-beside"),
    path("bao-cao/mau/", views.template, name="report-template"),
    path("bao-cao/mau-word/", pages.wordings, name="report-wordings"),
    path("bao-cao/mau-word/<uuid:pk>.docx", pages.wording, name="report-wording"),
    path("bao-cao/<period:period>/so-lieu/", views.preview, name="report-figures"),
    path("bao-cao/<period:period>/hoi-so-lieu/", views.ask_missing, name="report-ask"),
    path("bao-cao/<uuid:pk>/", views.kept, name="report-kept"),
    path("bao-cao/<uuid:pk>/ban-ghi/<str:name>/", views.records, name="report-records"),
    path("bao-cao/<uuid:pk>.pptx", views.presentation, name="report-slides"),
    path("bao-cao/<uuid:pk>/ban/<slug:edition>.<str:kind>", views.file, name="report-edition"),
    path("bao-cao/cong-bo/", issuing.published, name="reports-published"),
    path("bao-cao/cong-bo/<uuid:pk>.<str:kind>", issuing.published_file, name="report-published"),
    path("bao-cao/<uuid:pk>.<str:kind>", views.file, name="report-file"),
    path("api/figures/<period:period>", views.api_figures, name="api-figures"),
]
