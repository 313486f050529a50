"""The form of a register, made from its fields; what was typed stays until it is right."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from baoton.kit.access import Actor, require
from baoton.kit.kinds.area import Area, only_area
from baoton.kit.kinds.base import Kind
from baoton.kit.kinds.files import Files
from baoton.kit.kinds.geometry import as_json
from baoton.kit.kinds.link import Link, key_of
from baoton.kit.kinds.shape import Shape
from baoton.kit.kinds.shape_file import WhichSystem, shapes_in, systems
from baoton.kit.place import Located
from baoton.kit.reading.asking import actor_of, find, record_or_404, said
from baoton.kit.reading.register import Register
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow


class KindForm(forms.Form):
    """Boxes for some kinds; `values()` gives what was read, by field name."""

    def __init__(self, kinds: Sequence[Kind], actor: Actor, record: Any, *args: Any, **more: Any):
        self.kinds = list(kinds)
        super().__init__(*args, **more)
        self.behind: set[str] = set()
        self.boxes: dict[str, list[str]] = {}
        for kind in self.kinds:
            boxes = kind.form_fields(actor, record)
            self.fields.update(boxes)
            self.boxes[kind.name] = list(boxes)
            self.behind |= set(boxes) if kind.folded else set()

    @property
    def first(self) -> list[Any]:
        """The boxes that stand open: those of fields that are not folded, and those that something is wrong with."""
        return [box for box in self if box.name not in self.behind or box.errors]

    @property
    def folded(self) -> list[Any]:
        return [box for box in self if box.name in self.behind and not box.errors]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.read: dict[str, Any] = {}
        for kind in self.kinds:
            if any(box in self.errors for box in self.boxes[kind.name]):
                continue
            try:
                self.read[kind.name] = kind.gathered(given)
            except ValidationError as error:
                self.blame(error, kind.name)
        return given

    def blame(self, error: ValidationError, name: str | None = None) -> None:
        """The error stands at its box where there is one, else above the form."""
        for field, told in error.update_error_dict({}).items():
            known = next((b for b in (field, *self.boxes.get(field, ()), name) if b in self.fields), None)
            self.add_error(None if field == NON_FIELD_ERRORS and known is None else known, told)

    def values(self) -> dict[str, Any]:
        return self.read


def start_of(register: Register, actor: Actor, record: Any, asked: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the boxes at first: the record, or for a new one its defaults and what the address says."""
    start: dict[str, Any] = {}
    for kind in register.asked:
        start.update(kind.written(record))
        if record._state.adding and isinstance(kind, Area) and not start.get(kind.name):
            start[kind.name] = only_area(actor, f"{register.name}.create")
    return start | {k: v for k, v in asked.items() if v}


def point(register: Register, actor: Actor, record: Any, asked: Mapping[str, str]) -> None:
    """A new record already points at what the address or the form names by its key, so that other boxes may offer
    only what goes with it."""
    for kind in register.asked:
        key = key_of(str(asked.get(kind.name, ""))) if isinstance(kind, Link) else None
        if key is not None and isinstance(kind, Link):
            setattr(record, kind.name, kind.rows(actor).filter(pk=key).first())


@login_required
@require_POST
def read_shape(request: HttpRequest, slug: str) -> JsonResponse:
    """The shapes of a map file for the drawing map, or one sentence on why there are none; nothing is kept."""
    register = find(slug, actor_of(request))
    kind = next((k for k in register.asked if isinstance(k, Shape)), None)
    upload = request.FILES.get("file")
    if kind is None or upload is None:
        return JsonResponse({"told": _("Chưa chọn tệp nào.")}, status=400)
    try:
        found = shapes_in(upload.name or "", upload.chunks(), kind.allowed, request.POST.get("system", ""))
    except WhichSystem as error:
        return JsonResponse({"told": said(error), "systems": systems()}, status=400)
    except ValidationError as error:
        return JsonResponse({"told": said(error)}, status=400)
    return JsonResponse({"shapes": [{"label": f.label, "geometry": as_json(f.shape)} for f in found]})


@login_required
@require_http_methods(["GET", "POST"])
def record_form(request: HttpRequest, slug: str, pk: Any = None) -> HttpResponse:
    """A new record, or a changed one."""
    actor = actor_of(request)
    register = find(slug, actor)
    record = register.model() if pk is None else record_or_404(register, actor, pk)
    verb = "create" if pk is None else "edit"
    if not register.asked or verb not in register.verbs:
        raise PermissionDenied(_("Sổ này không ghi bằng tay."))
    if pk is not None and not getattr(record, "door_precise", True):
        raise PermissionDenied(_("Không sửa được bản ghi mà mình chỉ được xem vị trí làm mờ."))
    require(actor, f"{register.name}.{verb}", None if pk is None else record)
    if pk is None:
        point(register, actor, record, request.POST or request.GET)
    start = start_of(register, actor, record, {} if pk else request.GET.dict())
    form = KindForm(register.asked, actor, record, request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(register, actor, record, form.values(), request.POST.get("revision", ""))
        except PermissionDenied:
            no_right = _("Bạn không có quyền ghi vào địa bàn hoặc cơ quan này.")
            form.add_error(None, _nowhere(record) or no_right)
        except ValidationError as error:
            form.blame(error)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(register.url(saved))
    shown = None if pk is None else record
    return render(request, "kit/form.html", {"register": register, "form": form, "record": shown})


def _nowhere(record: Any) -> str:
    """Why a new record lies in nobody's area, where its shape lies in no unit at all; empty where it lies in one."""
    if not isinstance(record, Located) or record.geom is None or record.area_path:
        return ""
    told = _(
        "Hình không nằm trong xã, phường nào, ở vĩ độ %(lat)s, kinh độ %(lon)s: vẽ lại, hoặc đọc lại tệp theo "
        "hệ toạ độ đúng."
    )
    return told % {"lat": f"{record.lat:.4f}", "lon": f"{record.lon:.4f}"}


def save(register: Register, actor: Actor, record: Any, values: Mapping[str, Any], revision: str) -> Any:
    """The record stands with the values of the form, and with the files given."""
    files = {k.name: k for k in register.asked if isinstance(k, Files)}
    own = {name: value for name, value in values.items() if name not in files}
    told = own | {name: value for name, value in values.items() if name in files}  # what they tell comes last
    seen = (
        int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else record.revision
    )
    with transaction.atomic():
        if record._state.adding:
            write.put(register, record, told)
            saved = write.create(register, actor, record)
        else:
            saved = write.edit(register, actor, record, told, seen)
        for name, kind in files.items():
            kind.saved(actor, saved, values.get(name))
    return saved
