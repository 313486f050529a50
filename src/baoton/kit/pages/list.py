"""One page of a book, the filters as a sentence, the ways out of it, and verbs on a selection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from baoton.kit import lent
from baoton.kit.access import may
from baoton.kit.kinds import Files, Shape
from baoton.kit.kinds.base import Kind
from baoton.kit.pages import lines
from baoton.kit.pages.beside import links
from baoton.kit.pages.empty import first_row
from baoton.kit.pages.views_kept import kept
from baoton.kit.reading import exporting, listing
from baoton.kit.reading.asking import actor_of, find, said
from baoton.kit.reading.door import Door
from baoton.kit.reading.filters import BadFilter, Filter, Search
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
        groups = [(head, list(some)) for head, some in self.filter.groups(self.door)]
        if self.value and all(self.value != key for _head, some in groups for key, _label in some):
            groups.append(("", [(self.value, self.reads)]))
        return lines.options(groups, self.value)

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


def said_only(asked: QueryDict) -> QueryDict:
    """The address without what says nothing."""
    left = asked.copy()
    for key, values in asked.lists():
        if told := [v for v in values if v]:
            left.setlist(key, told)
        else:
            left.pop(key)
    return left


def choosable(kind: Kind) -> bool:
    """Whether a list can show the field: not a shape, not files, and nothing that is known of a person."""
    return not (kind.personal or isinstance(kind, Shape | Files))


def columns_of(register: Register, names: Sequence[str]) -> Sequence[Kind]:
    """The columns asked for, those of the declared list first; the declared ones where none is asked for."""
    order = [*register.shown, *(k for k in register.fields if k not in register.shown)]
    return [k for k in order if k.name in names and choosable(k)] or register.shown


def indexed(register: Register, sort: str) -> bool:
    """Whether an index begins with the column, so that any number of rows may be sorted by it."""
    name = sort.removeprefix("-")
    return any(index.fields[:1] in ([name], [f"-{name}"]) for index in register.model._meta.indexes)


@dataclass(frozen=True)
class Head:
    """The head of a column: where it leads to sort by it, and how the rows stand now."""

    kind: Kind
    address: str = ""
    mark: str = ""


def head(register: Register, kind: Kind, query: QueryDict, sort: str) -> Head:
    if kind.name == FIELD and register.timed:
        own = without(query, "sort")
        if sort != FIELD:
            own["sort"] = FIELD
        return Head(kind, f"{register.url()}?{own.urlencode()}", "↑" if sort == FIELD else "↕")
    if register.sort_of(kind.name) is None:
        return Head(kind)
    own, up, down = without(query, "sort"), kind.name, f"-{kind.name}"
    if sort != down:
        own["sort"] = down if sort == up else up
    mark = {up: "↑", down: "↓"}.get(sort, "↕")
    return Head(kind, f"{register.url()}?{own.urlencode()}", mark)


@require_GET
def register_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the book."""
    actor = actor_of(request)
    register = find(slug, actor)
    door, asked = register.door(actor), request.GET
    if not asked.get("cursor") and any(not v for k, values in asked.lists() for v in values):
        return redirect(f"{request.path}?{said_only(asked).urlencode()}".rstrip("?"))
    trouble = note = ""
    try:
        narrowed = register.filtered(door, asked)
    except (BadFilter, ValidationError) as error:
        trouble, narrowed = said(error), door.rows().none()
    sort, columns = asked.get("sort", ""), columns_of(register, asked.getlist("cols"))
    counted = listing.count(narrowed)
    if register.sort_of(sort) is not None and not indexed(register, sort) and not counted.exact:
        note, sort = _("Nhiều hơn 10.000 dòng: lọc bớt rồi mới xếp theo cột này."), ""
    try:
        rows = register.joined(door.open(narrowed))
        shown = listing.page(register, rows, asked.get("cursor", ""), sort=sort, counted=counted)
    except listing.BadCursor:
        return redirect(register.url())
    lent.note_page(actor, register.name, shown.records, gettext_noop("xem danh sách"))
    filters = filters_of(register, door, asked)
    query = without(asked, "cursor", "count")
    together = [v for v in register.own_verbs if v.alike and may(actor, f"{register.name}.{v.name}")]
    return render(
        request,
        "kit/list.html",
        {
            "register": register,
            "columns": columns,
            "heads": [head(register, k, query, sort) for k in columns],
            "rows": lines.rows(register, shown.records, bool(together), columns),
            "choosable": [(k, k in columns) for k in register.fields if choosable(k)],
            "kept": kept(actor, register) if request.user.is_authenticated else [],
            "note": note,
            "filtered": without(query, "sort", "cols").urlencode(),
            "asked_pairs": [(k, v) for k, values in without(query, "cols").lists() for v in values],
            "page": shown,
            "count": listing.count(narrowed, exact=True) if asked.get("count") == "exact" else counted,
            "filters": filters[:SHOWN_FILTERS],
            "more": filters[SHOWN_FILTERS:],
            "more_asked": any(a.value for a in filters[SHOWN_FILTERS:]),
            "sentence": [(a.filter, a.reads) for a in filters if a.value and not trouble],
            "trouble": trouble,
            "query": query.urlencode(),
            "unsorted": without(query, "sort").urlencode(),
            "sort": FIELD if register.timed else "",
            "sorted": sort,
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
    search = next((f for f in register.filters if isinstance(f, Search) and not register.located), None)
    door = register.door(actor)
    try:
        test = Q(**{f"{by}__istartswith": typed[:100]}) if search is None else search.q(typed[:100], door)
    except BadFilter:
        return JsonResponse({"options": []})
    rows: Any = door.rows().filter(test).order_by(by)
    found = list(rows[:SUGGESTED])
    lent.note_page(actor, register.name, found, gettext_noop("xem danh sách"))
    options = [{"value": str(getattr(r, by)), "label": str(r)} for r in found]
    return JsonResponse({"options": options})
