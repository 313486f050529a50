"""One record: its fields, place, parts and history, and what may be done with it now."""

import re
from copy import copy
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit import blobs, lent
from baoton.kit.access import Actor, Public, System, may
from baoton.kit.kinds import moment
from baoton.kit.kinds.area import Area, units
from baoton.kit.kinds.file import File
from baoton.kit.kinds.geometry import KIND_OF, NAMES, as_json, measured
from baoton.kit.kinds.link import Link
from baoton.kit.kinds.text import Text
from baoton.kit.kinds.words import as_text, masked, spoken
from baoton.kit.models import AuditEvent, Overlap
from baoton.kit.pages import lines
from baoton.kit.pages.beside import links
from baoton.kit.pages.verb import forms_of
from baoton.kit.reading import listing, terms
from baoton.kit.reading.asking import actor_of, find, readable, record_or_404
from baoton.kit.reading.register import REGISTERS, Panel, Part, Register
from baoton.kit.reading.retold import retold
from baoton.kit.writing.verb import ACTIONS

PART_ROWS = 20
KEPT_FILE = re.compile("[0-9a-f]{64}")
UNTOLD = {"geom", "cell", "shown_cell", "revision", "source_hash", "reporter"}


@require_GET
def record_page(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """The page of one record."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = record_or_404(register, actor, pk)
    return render(request, "kit/record.html", context_of(actor, register, record))


@require_GET
def record_file(request: HttpRequest, slug: str, pk: Any, field: str) -> HttpResponseBase:
    """The original of a file field, for whoever may see the record and its true place; to others it is not there."""
    actor = actor_of(request)
    register = find(slug, actor)
    record, kind = record_or_404(register, actor, pk), register.field(field)
    one = kind.stored(record) if isinstance(kind, File) else None
    path = None if one is None else blobs.path_of(one.sha256)
    if one is None or path is None or not path.exists() or not lent.may_read(actor, record, lent.EVIDENCE):
        raise Http404(field)
    return FileResponse(path.open("rb"), as_attachment=True, filename=one.name, content_type=one.media_type)


def context_of(actor: Actor, register: Register, record: Any, page: str = "record") -> dict[str, Any]:
    """What the page of a record is drawn from; a refused verb draws the same page with its form open."""
    precise = getattr(record, "door_precise", True)
    first = list(register.shown)
    rest = [k for k in register.fields if k not in first]
    below = _below(actor, register, record, page)
    return {
        "register": register,
        "record": record,
        "precise": precise,
        "issued": blobs.is_hash(str(getattr(record, "paper", "")))
        and lent.may_read(actor, record, lent.EVIDENCE),
        "lines": [(k, k.text(record), k.address(record)) for k in (*first, *rest) if k.name != terms.FIELD],
        "clocks": terms.of_record(record) if register.timed else (),
        **outline(record),
        "history": history(actor, register, record, precise),
        "beside": links(actor, register, record),
        "verbs": sorted(forms_of(actor, register, record), key=lambda one: one.verb.danger),
        "may_edit": precise
        and "edit" in register.verbs
        and bool(register.asked)
        and may(actor, f"{register.name}.edit", record),
        "may_withdraw": "withdraw" in register.verbs and may(actor, f"{register.name}.withdraw", record),
        "related": related(actor, register, record) if page == "record" else [],
        "below": below,
        "panels": [(one["template"], one["given"]) for one in below if "template" in one],
        "parts": [one["part"] for one in below if "part" in one],
    }


def _below(actor: Actor, register: Register, record: Any, page: str) -> list[dict[str, Any]]:
    """What stands under the facts, in the order in which the book declares it: parts and panels."""
    told: list[dict[str, Any]] = []
    for one in register.parts:
        if isinstance(one, Panel):
            if one.on in ("", page):
                told.append({"template": one.template, "given": dict(one.given(actor, record))})
        elif (child := part(actor, one, record)) is not None:
            told.append({"part": child})
    return told


def outline(record: Any) -> dict[str, Any]:
    """A line or polygon as the map draws it, and the areas it lies in: for whoever may know the true place alone."""
    geom = getattr(record, "door_geom", None) if getattr(record, "door_precise", False) else None
    shape = None if geom is None else shapely.from_wkb(bytes(geom))
    if shape is None or shape.geom_type == "Point":
        return {}
    name = " ".join(w for w in (str(NAMES.get(KIND_OF.get(shape.geom_type, ""), "")), measured(shape)) if w)
    parts = Overlap.objects.filter(register=record._meta.label_lower, record=record.pk).order_by("-share")
    return {
        "outline": [{"name": name, "kind": "shape", "geometry": as_json(shape)}],
        "overlaps": [(units().name(p.area_path), as_text(round(p.share * 100, 1))) for p in parts],
    }


def related(actor: Actor, register: Register, record: Any) -> list[dict[str, Any]]:
    """The other books with rows that link to the record: how many the reader may know, and where they are listed."""
    parts = {p.book for p in register.parts if isinstance(p, Part)}
    found = []
    for book in REGISTERS.values():
        if book.name in parts or not readable(book, actor):
            continue
        for one in book.filters:
            link = getattr(one, "link", None)
            if link is None or getattr(link, "to", "") != register.name:
                continue
            n = listing.count(book.filtered(book.door(actor), {one.name: str(record.pk)}))
            if n.number:
                query = urlencode({one.name: record.pk})
                found.append({"book": book, "n": n, "address": f"{book.url()}?{query}"})
    return found


def part(actor: Actor, one: Part, record: Any) -> dict[str, Any] | None:
    """The first rows of a child book through its own door; None where the reader may read nothing there."""
    book = REGISTERS[one.book]
    if not readable(book, actor):
        return None
    rows = book.opened(book.door(actor)).filter(**{one.by: record.pk})
    found = list(book.in_order(rows)[: PART_ROWS + 1])
    may_add = "create" in book.verbs and bool(book.asked) and may(actor, f"{book.name}.create")
    if not found and not may_add:
        return None
    query = urlencode({one.by: record.pk})
    area = str(getattr(record, "area_path", "") or "")  # as the reader may know it
    asks = "/" in area and any(isinstance(k, Area) for k in book.asked)
    columns = [k for k in book.shown if k.name != one.by] or book.shown  # the page itself says whose they are
    return {
        "register": book,
        "columns": columns,
        "rows": lines.rows(book, found[:PART_ROWS], columns=columns) if found else "",
        "more": len(found) > PART_ROWS,
        "query": query if any(f.name == one.by for f in book.filters) else "",
        "add": urlencode({one.by: record.pk} | ({"area_path": area} if asks else {})) if may_add else "",
    }


def named(register: Register, column: str) -> str:
    """What the office calls a stored column; empty for one that only the machine knows by name."""
    kind = next((k for k in register.fields if k.attname == column), None)
    if kind is not None:
        return str(kind.heading)
    field = next((f for f in register.model._meta.concrete_fields if f.attname == column), None)
    unnamed = field is None or str(field.verbose_name) == field.name.replace("_", " ")
    return "" if field is None or unnamed else str(field.verbose_name)


def spoken_value(actor: Actor, register: Register, record: Any, column: str, value: Any) -> str:
    """A value the record has or had, as a page says it: the word of a state, the name of a commune, a linked row."""
    if value in (None, "", [], {}):
        return "—"
    kind = next((k for k in register.fields if k.attname == column), None)
    if kind is not None and kind.personal:
        return masked(str(value))
    if isinstance(kind, moment.Moment) and isinstance(value, int):
        return moment.told(value)
    if isinstance(kind, Area) or column == "area_path_then":
        return units().name(str(value))
    if isinstance(kind, Link):
        return _linked(actor, kind, value)
    if isinstance(kind, Text) and kind.said is not None:
        then = copy(record)
        setattr(then, column, value)
        return kind.text(then)
    field = next((f for f in register.model._meta.concrete_fields if f.attname == column), None)
    options = [*(kind.options() if kind is not None else ()), *(getattr(field, "flatchoices", None) or ())]
    known = {str(k): str(label) for k, label in options}
    if str(value) in known:
        return known[str(value)]
    if isinstance(value, dict | list):
        return _("đã đổi")
    if isinstance(value, str) and KEPT_FILE.fullmatch(value):
        return _("tệp đã lưu")  # the page gives the file itself; its hash says nothing to a reader
    return spoken(value) if isinstance(value, str) else as_text(value)


def _linked(actor: Actor, kind: Link, value: Any) -> str:
    """The linked row as this reader may know it."""
    try:
        found = kind.shown(actor).filter(pk=value).first()
    except (ValidationError, ValueError):
        found = None
    return str(found) if found is not None else _("một dòng bạn không được xem")


def history(actor: Actor, register: Register, record: Any, precise: bool) -> list[dict[str, Any]]:
    """Who did what and when; old and new values and reasons only for whoever may see the true place."""
    if isinstance(actor, Public) or not lent.may_read(actor, record, lent.HISTORY):
        return []
    events = AuditEvent.objects.filter(object_id=record.pk).order_by("-at")
    told = []
    for event in events:
        changes = []
        if precise and event.new:
            for key, value in event.new.items():
                if key not in UNTOLD:
                    name = named(register, key)
                    if name:
                        old = spoken_value(actor, register, record, key, (event.old or {}).get(key))
                        changes.append((name, old, spoken_value(actor, register, record, key, value)))
        verb = ACTIONS[event.verb].label if event.verb in ACTIONS else _("việc không còn dùng")
        if not precise:
            event.note = ""
        elif event.actor_id == System.actor_id:  # what a person gave as a reason stays in his own words
            event.note = retold(event.note)
        told.append({"event": event, "verb": verb, "changes": changes if event.old is not None else []})
    return told
