"""One page of a book, the filters as a sentence, the ways out of it, and verbs on a selection."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoton.kit.access import may
from baoton.kit.pages import lines
from baoton.kit.pages.beside import links
from baoton.kit.pages.empty import first_row
from baoton.kit.reading import exporting, listing
from baoton.kit.reading.asking import actor_of, find, said
from baoton.kit.reading.door import Door
from baoton.kit.reading.filters import BadFilter, Filter
from baoton.kit.reading.register import Register
from baoton.kit.reading.terms import FIELD

SHOWN_FILTERS = 5  # the rest waits behind “Thêm điều kiện”, so that the rows begin on the first screen
SUGGESTED = 20


@dataclass(frozen=True)
class Asked:
    """A filter as the page draws it for this reader."""

    filter: Filter
    value: str
    door: Door

    @property
    def options(self) -> str:
        return lines.options(self.filter.groups(self.door), self.value)

    @property
    def reads(self) -> str:
        return self.filter.reads(self.value, self.door)


def filters_of(register: Register, door: Door, asked: Mapping[str, str]) -> list[Asked]:
    return [Asked(f, asked.get(f.name, ""), door) for f in register.filters]


def without(asked: QueryDict, *keys: str) -> QueryDict:
    """What the address asks, but for some keys."""
    left = asked.copy()
    for key in keys:
        left.pop(key, None)
    return left


@require_GET
def register_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the book."""
    actor = actor_of(request)
    register = find(slug, actor)
    door, asked = register.door(actor), request.GET
    trouble = ""
    try:
        narrowed = register.filtered(door, asked)
    except (BadFilter, ValidationError) as error:
        trouble, narrowed = said(error), door.rows().none()
    try:
        rows, sort = register.joined(door.open(narrowed)), asked.get("sort", "")
        shown = listing.page(register, rows, asked.get("cursor", ""), sort=sort)
    except listing.BadCursor:
        return redirect(register.url())
    filters = filters_of(register, door, asked)
    query = without(asked, "cursor", "count")
    together = [v for v in register.own_verbs if v.alike and may(actor, f"{register.name}.{v.name}")]
    return render(
        request,
        "kit/list.html",
        {
            "register": register,
            "columns": register.shown,
            "rows": lines.rows(register, shown.records, bool(together)),
            "page": shown,
            "count": listing.count(narrowed, exact=asked.get("count") == "exact"),
            "filters": filters[:SHOWN_FILTERS],
            "more": filters[SHOWN_FILTERS:],
            "more_asked": any(a.value for a in filters[SHOWN_FILTERS:]),
            "sentence": [(a.filter, a.reads) for a in filters if a.value and not trouble],
            "trouble": trouble,
            "query": query.urlencode(),
            "unsorted": without(query, "sort").urlencode(),
            "sort": FIELD if register.timed else "",
            "sorted": sort if register.timed else "",
            "kinds": [k for k in exporting.KINDS if register.located or k in {"xlsx", "csv"}],
            "together": together,
            "beside": links(actor, register),
            "first_row": "" if shown.records else first_row(register),
            "may_create": "create" in register.verbs
            and bool(register.asked)
            and may(actor, f"{register.name}.create"),
            "may_import": may(actor, f"{register.name}.import"),
        },
    )


@require_GET
def register_export(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The filtered register as a file, whole."""
    actor = actor_of(request)
    register = find(slug, actor)
    if kind not in exporting.KINDS or (kind in {"geojson", "gpkg"} and not register.located):
        raise Http404(kind)
    path = exporting.scratch(f".{kind}")
    try:
        exporting.write(register, actor, request.GET, kind, path)
        handle = path.open("rb")
    except (BadFilter, ValidationError) as error:
        return HttpResponse(said(error), status=400, content_type="text/plain; charset=utf-8")
    finally:
        path.unlink(missing_ok=True)
    name = f"{register.slug}-{timezone.localdate().isoformat()}.{kind}"
    return FileResponse(handle, as_attachment=True, filename=name, content_type=exporting.KINDS[kind])


@require_GET
def register_dictionary(request: HttpRequest, slug: str) -> HttpResponse:
    """What each column means, its type, its name in files and the values it may hold."""
    register = find(slug, actor_of(request))
    return render(request, "kit/dictionary.html", {"register": register, "lines": register.fields})


@require_GET
def register_suggest(request: HttpRequest, slug: str) -> JsonResponse:
    """Rows whose column begins with what was typed, as the reader may know them: for a link's type-ahead."""
    actor = actor_of(request)
    register = find(slug, actor)
    by, typed = request.GET.get("by", "id"), request.GET.get("q", "").strip()
    kind = register.field(by)
    if kind is None or kind.column is None or by in getattr(register.model, "place_words", ()) or not typed:
        return JsonResponse({"options": []})
    rows: Any = register.door(actor).rows().filter(**{f"{by}__istartswith": typed[:100]}).order_by(by)
    options = [{"value": str(getattr(r, by)), "label": str(r)} for r in rows[:SUGGESTED]]
    return JsonResponse({"options": options})
