"""Open data: what anybody may take and how; the archives; the feed of changes; the API's front door."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from baoton.kit.access import Actor, Public
from baoton.kit.paper.paper import WORD
from baoton.kit.reading import exporting, openapi
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset
from baoton.places.queries import province_name
from baoton.sharing.actions import write_events, write_loose
from baoton.sharing.changes import Feed
from baoton.sharing.datapaper import draft
from baoton.sharing.describing import GENERALISED, open_licence
from baoton.sharing.queries import open_datasets
from baoton.sharing.selection import select

CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
)


@require_GET
def open_data(request: HttpRequest) -> HttpResponse:
    """The same page for everybody: what is open is what the public may read."""
    return render(
        request,
        "sharing/open.html",
        {"datasets": open_datasets(), "generalised": GENERALISED, "logged_in": request.user.is_authenticated},
    )


@require_GET
def archive(request: HttpRequest, pk: Any, part: str) -> HttpResponse | FileResponse:
    """One dataset's archive: `dot` for visits, `le` for records of none; `?mine=1` by the reader's own rights."""
    mine_asked = request.GET.get("mine") == "1"
    reader = actor_of(request) if mine_asked else Public()
    dataset = get_object_or_404(REGISTERS["observations.dataset"].door(reader).rows(), pk=pk)
    if mine_asked:
        return mine(request, dataset=dataset, part=part)
    if not open_licence(dataset.licence):
        raise Http404(_("bộ dữ liệu chưa ghi giấy phép mở"))
    return _sent(Public(), dataset, part)


@login_required
def mine(request: HttpRequest, dataset: Dataset, part: str) -> HttpResponse | FileResponse:
    """The archive of all that the reader may know, drafts included."""
    return _sent(actor_of(request), dataset, part)


def _sent(actor: Actor, dataset: Dataset, part: str) -> FileResponse:
    chosen = select(actor, {}, [dataset])
    write, rows = {"dot": (write_events, chosen.events), "le": (write_loose, chosen.loose)}.get(
        part, (None, None)
    )
    if write is None or rows is None or not rows.exists():
        raise Http404(part)
    path = exporting.scratch(".zip")
    try:
        write(chosen, path)
        handle = path.open("rb")
    finally:
        path.unlink(missing_ok=True)
    name = f"dwca-{part}-{timezone.localdate().isoformat()}.zip"
    return FileResponse(handle, as_attachment=True, filename=name, content_type="application/zip")


@login_required
@require_GET
def paper(request: HttpRequest, pk: Any) -> HttpResponse:
    """The draft of a data paper of a dataset that everybody may know, made of what everybody may know."""
    dataset = get_object_or_404(REGISTERS["observations.dataset"].door(Public()).rows(), pk=pk)
    answer = HttpResponse(draft(dataset), content_type=WORD)
    answer["Content-Disposition"] = 'attachment; filename="bai-bao-du-lieu.docx"'
    return answer


def since(text: str) -> datetime | int | None:
    """A day, a moment (in the province's time where none is said), or a place in the log; None where it is neither."""
    text = text.strip().replace(" ", "+")
    if text[:1] == "s" and text[1:].isascii() and text[1:].isdecimal():
        return int(text[1:]) if len(text) <= 18 else None
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
        if moment is None and day is not None:
            moment = datetime(day.year, day.month, day.day)
        if moment is None:
            return None
        aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@require_GET
def changes(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """JSON lines of what changed since a moment, by the reader's rights; withdrawn rows as tombstones."""
    moment = since(request.GET.get("since", ""))
    if moment is None:
        told = _("Viết since theo dạng 2026-01-31, 2026-01-31T08:00:00+07:00, hoặc như next của lần trước.")
        return JsonResponse({"code": "InvalidParameterValue", "description": told}, status=400)
    feed = Feed(actor_of(request), moment)

    def text_lines() -> Iterator[str]:
        for line in feed.lines():
            yield json.dumps(line, ensure_ascii=False) + "\n"

    return StreamingHttpResponse(text_lines(), content_type="application/x-ndjson; charset=utf-8")


@require_safe
def landing(request: HttpRequest) -> JsonResponse:
    """The front door of OGC API Features, with our own feed and figures beside it."""

    def link(rel: str, name: str, title: str, media: str = "application/json", *args: Any) -> dict[str, str]:
        href = request.build_absolute_uri(reverse(name, args=args))
        return {"rel": rel, "href": href, "type": media, "title": title}

    return JsonResponse(
        {
            "title": _("Bảo Tồn %(province)s") % {"province": province_name()},
            "description": str(GENERALISED),
            "links": [
                link("self", "api", _("trang này")),
                link("conformance", "api-conformance", _("chuẩn được theo")),
                link("data", "api-collections", _("các sổ")),
                link("service-desc", "api-description", _("mô tả cho máy (OpenAPI)"), openapi.MEDIA),
                link("service-doc", "open-data", _("dữ liệu mở"), "text/html"),
                link("changes", "api-changes", _("thay đổi từ một thời điểm"), "application/x-ndjson"),
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def conformance(request: HttpRequest) -> JsonResponse:
    """The parts of the standard that are kept."""
    return JsonResponse({"conformsTo": list(CONFORMS)})
