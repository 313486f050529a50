"""The pages every register has: list, record, form, action, export."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baoton.kit.access import Actor, Public, may, require
from baoton.kit.models import AuditEvent
from baoton.kit.pages.forms import form_of
from baoton.kit.reading import exporting, listing
from baoton.kit.reading.filters import BadFilter
from baoton.kit.reading.register import Register, by_slug
from baoton.kit.writing import saving
from baoton.kit.writing.action import ACTIONS, RUNNERS

SHOWN_FILTERS = 5  # the rest waits behind “Thêm điều kiện”, so that the rows begin on the first screen


def actor_of(request: HttpRequest) -> Actor:
    """The person who is logged in, else the public."""
    return request.user if request.user.is_authenticated else Public()


def find(slug: str, actor: Actor) -> Register:
    """The register at this address, if the actor may read anything there."""
    register = by_slug(slug)
    if register is None:
        raise Http404(slug)
    if register.public is None and not (
        actor.scopes(f"{register.name}.see") or actor.scopes(f"{register.name}.see_precise")
    ):
        require(actor, f"{register.name}.see")
    return register


def record_or_404(register: Register, actor: Actor, pk: Any) -> Any:
    try:
        return register.get(actor, pk)
    except (ObjectDoesNotExist, ValidationError) as error:
        raise Http404(str(pk)) from error


@require_GET
def register_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the book, the filters as a sentence, and the ways out of it."""
    actor = actor_of(request)
    register = find(slug, actor)
    door, asked = register.door(actor), request.GET
    trouble = ""
    try:
        narrowed = register.filtered(door, asked)
    except (BadFilter, ValidationError) as error:
        trouble = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        narrowed = door.rows().none()
    try:
        shown = listing.page(register, register.joined(door.open(narrowed)), asked.get("cursor", ""))
    except listing.BadCursor:
        return redirect(register.url())
    filters = [(f, asked.get(f.name, "")) for f in register.filters]
    query = asked.copy()
    for key in ("cursor", "count"):
        query.pop(key, None)
    return render(
        request,
        "kit/list.html",
        {
            "register": register,
            "columns": [(c, c.heading(register.model)) for c in register.columns],
            "lines": [(r, [(c, c.text(r)) for c in register.columns]) for r in shown.records],
            "page": shown,
            "count": listing.count(narrowed, exact=asked.get("count") == "exact"),
            "filters": filters[:SHOWN_FILTERS],
            "more": filters[SHOWN_FILTERS:],
            "more_asked": any(value for _f, value in filters[SHOWN_FILTERS:]),
            "sentence": [(f, f.reads(v)) for f, v in filters if v and not trouble],
            "trouble": trouble,
            "query": query.urlencode(),
            "kinds": [k for k in exporting.KINDS if register.located or k in {"xlsx", "csv"}],
            "may_create": "create" in register.verbs
            and bool(register.fields)
            and may(actor, f"{register.name}.create"),
            "may_import": may(actor, f"{register.name}.import"),
        },
    )


@require_GET
def record_page(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """One record: its fields, place, evidence panels, history, and what may be done now."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = record_or_404(register, actor, pk)
    precise = getattr(record, "door_precise", True)
    context: dict[str, Any] = {
        "register": register,
        "record": record,
        "precise": precise,
        "lines": [(c.heading(register.model), c.text(record), c) for c in detail_columns(register)],
        "history": history(actor, register, record, precise),
        "can": [ACTIONS[v] for v in register.actions if may(actor, v, record) and _open(v, record)],
        "may_edit": precise
        and "edit" in register.verbs
        and bool(register.fields)
        and may(actor, f"{register.name}.edit", record),
        "may_withdraw": "withdraw" in register.verbs and may(actor, f"{register.name}.withdraw", record),
        "panels": [(template, dict(given(actor, record))) for template, given in register.panels],
    }
    return render(request, "kit/record.html", context)


def detail_columns(register: Register) -> list[Any]:
    """The list's columns, then the file's columns that the list leaves out."""
    seen = {c.name for c in register.columns}
    return [*register.columns, *(c for c in register.file_columns() if c.name not in seen)]


def _open(verb: str, record: Any) -> bool:
    flow = getattr(record, "workflow", None)
    return flow is None or verb in flow.open_verbs(record)


def named(register: Register, column: str) -> str:
    """What the office calls a stored column."""
    fields = {f.attname: f.verbose_name for f in register.model._meta.concrete_fields}
    return str(fields.get(column, column))


def history(actor: Actor, register: Register, record: Any, precise: bool) -> list[dict[str, Any]]:
    """Who did what and when; old and new values only for whoever may see the true place."""
    if isinstance(actor, Public):
        return []
    events = AuditEvent.objects.filter(object_id=record.pk).order_by("-at")
    told = []
    for event in events:
        changes = []
        if precise and event.new:
            for key, value in event.new.items():
                if key in {"geom", "cell", "shown_cell", "revision", "source_hash"}:
                    continue
                changes.append((named(register, key), (event.old or {}).get(key), value))
        verb = ACTIONS[event.verb].label if event.verb in ACTIONS else event.verb
        event.note = event.note if precise else ""
        told.append({"event": event, "verb": verb, "changes": changes if event.old is not None else []})
    return told


@login_required
@require_http_methods(["GET", "POST"])
def record_form(request: HttpRequest, slug: str, pk: Any = None) -> HttpResponse:
    """A new record, or a changed one; what was typed stays in the form until it is right."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = None if pk is None else record_or_404(register, actor, pk)
    verb = f"{register.name}.{'create' if record is None else 'edit'}"
    if record is None:
        require(actor, verb)
    elif not getattr(record, "door_precise", True):
        raise PermissionDenied(_("Không sửa được bản ghi mà mình chỉ được xem vị trí làm mờ."))
    else:
        require(actor, verb, record)
    start = {} if record else {"day": timezone.localdate(), **request.GET.dict()}
    form = form_of(register)(request.POST or None, instance=record, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            if record is None:
                fresh = form.save(commit=False)
                if register.located:
                    fresh.put_point(*(form.values()["point"] or (None, None)))
                saved = saving.create(register, actor, fresh)
            else:
                revision = int(request.POST.get("revision", record.revision))
                saved = saving.edit(register, actor, record, form.values(), revision)
        except saving.Stale:
            form.add_error(None, _("Có người vừa sửa bản ghi này. Mở lại trang để xem rồi sửa tiếp."))
        except PermissionDenied:
            form.add_error(None, _("Bạn không có quyền ghi vào địa bàn hoặc cơ quan này."))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(register.url(saved))
    return render(request, "kit/form.html", {"register": register, "form": form, "record": record})


@login_required
@require_POST
def record_act(request: HttpRequest, slug: str, pk: Any, verb: str) -> HttpResponse:
    """One action on one record, with the reason where one was typed."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = record_or_404(register, actor, pk)
    stored = register.model._default_manager.get(pk=record.pk)
    reason = request.POST.get("reason", "").strip()
    try:
        if verb == f"{register.name}.withdraw" and "withdraw" in register.verbs:
            saving.withdraw(register, actor, stored, reason)
            messages.success(request, _("Đã rút bản ghi. Lịch sử vẫn còn."))
            return redirect(register.url())
        if verb not in register.actions:
            raise Http404(verb)
        RUNNERS[verb](actor, stored, reason=reason)
        messages.success(request, _("Đã xong: %(what)s.") % {"what": ACTIONS[verb].label})
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(register.url(stored))


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
    except BadFilter as error:
        return HttpResponse(str(error), status=400)
    finally:
        path.unlink(missing_ok=True)
    name = f"{register.slug}-{timezone.localdate().isoformat()}.{kind}"
    return FileResponse(handle, as_attachment=True, filename=name, content_type=exporting.KINDS[kind])


@require_GET
def register_dictionary(request: HttpRequest, slug: str) -> HttpResponse:
    """What each column means, its type and its name in files."""
    register = find(slug, actor_of(request))
    lines = []
    for column in detail_columns(register):
        try:
            model_field = register.model._meta.get_field(column.name)
            kind, options = model_field.get_internal_type(), getattr(model_field, "choices", None) or []
        except Exception:
            kind, options = "", []
        lines.append((column, column.heading(register.model), kind, [(k, v) for k, v in options]))
    return render(request, "kit/dictionary.html", {"register": register, "lines": lines})
