"""The comparison of two maps as a page and a workbook; the papers and map sheets of a proposal."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import shapely
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import formats
from baoton.files.queries import of_record, openable
from baoton.habitats.changes.tables import Tables, tables
from baoton.habitats.models import Comparison, Option, PhotoPoint, Proposal, Zone
from baoton.habitats.proposals import Drawn, counted, criteria, zones_of
from baoton.habitats.proposals.papers import PAPERS
from baoton.habitats.proposals.sheet import pdf
from baoton.habitats.proposals.snapping import MOST_M, Laid, snapped
from baoton.habitats.queries import published
from baoton.habitats.rasters import Table, count
from baoton.habitats.works import ferm
from baoton.kit.access import Actor, require
from baoton.kit.kinds.geometry import as_json
from baoton.kit.kinds.shape_file import systems
from baoton.kit.pages.form import KindForm
from baoton.kit.paper.paper import WORD
from baoton.kit.reading.asking import actor_of, said
from baoton.kit.reading.exporting import scratch
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.places.queries import commune_choices


def comparison_or_404(request: HttpRequest, pk: Any) -> Comparison:
    """The comparison, if its reader may see it."""
    try:
        return REGISTERS["habitats.comparison"].get(actor_of(request), pk)  # type: ignore[no-any-return]
    except Comparison.DoesNotExist as error:
        raise Http404(str(pk)) from error


@login_required
@require_GET
def changes(request: HttpRequest, pk: Any) -> HttpResponse:
    """From and to, gains and losses, cover; of all communes or of the one asked for."""
    one = comparison_or_404(request, pk)
    area = request.GET.get("area", "")
    communes = commune_choices()
    if area and area not in dict(communes):
        raise Http404(area)
    told = tables(actor_of(request), one, area)
    context = {"comparison": one, "told": told, "area": area, "communes": communes}
    return render(request, "habitats/changes.html", context)


@login_required
@require_GET
def changes_file(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """The same as an Excel file: the matrix, then a commune a row."""
    one = comparison_or_404(request, pk)
    told = tables(actor_of(request), one)
    path = scratch(".xlsx")
    formats.write_xlsx(
        path, {_("ma trận (ha)"): iter([_matrix(told)]), _("theo xã (ha)"): iter([_communes(told)])}
    )
    handle = path.open("rb")
    path.unlink()
    return FileResponse(handle, as_attachment=True, filename="thay-doi-rung.xlsx")


def _matrix(told: Tables) -> pa.RecordBatch:
    """A class before a row, the sums last."""
    columns: dict[str, Any] = {_("trước \\ sau"): [*(line.name for line in told.lines), _("tổng")]}
    for i, name in enumerate(told.columns):
        columns[name] = [*(line.cells[i] for line in told.lines), told.totals[i]]
    columns[_("tổng")] = [*(line.total for line in told.lines), told.whole]
    return pa.RecordBatch.from_pydict(
        {k: pa.array(v, pa.string() if i == 0 else pa.float64()) for i, (k, v) in enumerate(columns.items())}
    )


def _communes(told: Tables) -> pa.RecordBatch:
    def column(name: str) -> Iterator[Any]:
        return (getattr(c, name) for c in told.covers)

    names = {
        _("xã, phường"): "name", _("rừng trước"): "before", _("rừng sau"): "after", _("thành rừng"): "gained",
        _("mất rừng"): "lost", _("diện tích trên bản đồ"): "mapped", _("diện tích tự nhiên theo danh mục"): "listed",
        _("che phủ theo danh mục (%)"): "share", _("che phủ theo bản đồ (%)"): "of_map",
    }  # fmt: skip
    return pa.RecordBatch.from_pydict(
        {k: pa.array(list(column(v)), pa.string() if v == "name" else pa.float64()) for k, v in names.items()}
    )


@login_required
@require_GET
def paper(request: HttpRequest, pk: Any, name: str) -> HttpResponse:
    """A document of the proposal as a Word draft; the species in it stand as everybody may know them."""
    actor = actor_of(request)
    if name not in PAPERS:
        raise Http404(name)
    try:
        one = REGISTERS["habitats.proposal"].get(actor, pk)
    except Proposal.DoesNotExist as error:
        raise Http404(str(pk)) from error
    require(actor, "habitats.proposal.edit", one)
    answer = HttpResponse(PAPERS[name].filled(one), content_type=WORD)
    answer["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    return answer


def option_or_404(actor: Actor, pk: Any) -> Option:
    """The option, if its reader may see it."""
    try:
        return REGISTERS["habitats.option"].get(actor, pk)  # type: ignore[no-any-return]
    except Option.DoesNotExist as error:
        raise Http404(str(pk)) from error


@login_required
@require_GET
def option_map(request: HttpRequest, pk: Any) -> HttpResponse:
    """The map sheet of an option as PDF."""
    one = option_or_404(actor_of(request), pk)
    try:
        made = pdf(one)
    except ValueError as error:
        raise Http404(_("Phương án chưa vẽ phân khu nào.")) from error
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="ban-do.pdf"'
    return answer


@login_required
@require_GET
def photo_point(request: HttpRequest, pk: Any) -> HttpResponse:
    """Two photos of one view on each other, the first and the last unless others are asked for."""
    book = REGISTERS["habitats.photopoint"]
    try:
        point = book.get(actor_of(request), pk)
    except PhotoPoint.DoesNotExist as error:
        raise Http404(str(pk)) from error
    if not point.door_precise:
        raise Http404(str(pk))
    found = sorted(openable(of_record(point)), key=lambda p: (p.taken is None, str(p.taken), str(p.pk)))
    photos = [(str(p.pk), f"{timezone.localtime(p.taken):%d/%m/%Y}" if p.taken else p.title) for p in found]
    by, many = dict(photos), len(photos) > 1
    before, after = (
        next((key for key in (request.GET.get(asked, ""), photos[at][0]) if key in by), "") if many else ""
        for asked, at in (("truoc", 0), ("sau", -1))
    )
    context = {"point": point, "book": book, "address": book.url(point), "photos": photos, "before": before,
               "after": after, "said": [by.get(before, ""), by.get(after, "")]}  # fmt: skip
    return render(request, "habitats/photo_point.html", context)


MOST_CORNERS = 20_000


@login_required
@require_POST
def zone_live(request: HttpRequest) -> HttpResponse:
    """The table of an option with one zone as it is drawn now; nothing is written."""
    actor, book = actor_of(request), REGISTERS["habitats.zone"]
    zone, key = Zone(), request.POST.get("record", "")
    if key:
        try:
            zone = book.get(actor, key)
        except (Zone.DoesNotExist, ValidationError) as error:
            raise Http404(key) from error
    require(actor, f"habitats.zone.{'edit' if key else 'create'}", zone if key else None)
    kinds = [k for k in book.asked if k.name in ("option", "kind", "geom")]
    form = KindForm(kinds, actor, zone, request.POST)
    context: dict[str, Any] = {}
    if form.is_valid() and form.values().get("geom") is not None:
        context = _live(actor, zone, form.values())
    else:
        wrong = [str(told) for each in form.errors.values() for told in each]
        context["problem"] = wrong[0] if wrong else _("Vẽ xong hình thì bảng tính theo hình đang vẽ.")
    return render(request, "habitats/live.html", context)


def _live(actor: Actor, zone: Zone, values: Any) -> dict[str, Any]:
    """The table with the zone as it is drawn, and in one sentence why it could not be kept so."""
    book, problem = REGISTERS["habitats.zone"], ""
    if shapely.get_num_coordinates(values["geom"]) > MOST_CORNERS:
        told = _("Hình có hơn %(n)d đỉnh nên bảng không tính ngay khi vẽ; lưu rồi xem ở trang phương án.")
        return {"problem": told % {"n": MOST_CORNERS}}
    write.put(book, zone, values)
    try:
        book.derive(zone)
    except ValidationError as error:
        problem = said(error)
    others = [z for z in zones_of(zone.option) if z.pk != zone.pk]
    drawn = [Drawn(z.kind, shapely.from_wkb(bytes(z.geom or b"")), z.hectares or 0.0) for z in others]
    shape = shapely.from_wkb(bytes(zone.geom or b""))
    drawn.append(Drawn(zone.kind, shape, zone.hectares or 0.0))
    sums = counted(actor, zone.option, drawn)
    return {"problem": problem, "told": sums, "criteria": criteria(zone.option.proposal, sums)}


class Snap(forms.Form):
    """How far a corner may move, and onto which borders."""

    m = forms.FloatField(
        label=gettext_lazy("dung sai (m)"), min_value=0.1, max_value=MOST_M, localize=True,
        help_text=gettext_lazy("Đỉnh cách ranh giới không quá số mét này thì được bắt vào."),
        error_messages={"min_value": gettext_lazy("Dung sai từ 0,1 đến 500 mét."),
                        "max_value": gettext_lazy("Dung sai từ 0,1 đến 500 mét.")},
    )  # fmt: skip
    xa = forms.BooleanField(label=gettext_lazy("ranh giới xã"), required=False)
    lo = forms.BooleanField(label=gettext_lazy("ranh giới lô rừng của bản đồ đang dùng"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not (given.get("xa") or given.get("lo")):
            self.add_error(None, _("Chọn ít nhất một loại ranh giới để bắt vào."))
        return given


@login_required
@require_http_methods(["GET", "POST"])
def snap(request: HttpRequest, pk: Any) -> HttpResponse:
    """What laying the zones of an option onto borders would do to each; done when somebody takes it as told."""
    actor, book = actor_of(request), REGISTERS["habitats.zone"]
    option = option_or_404(actor, pk)
    zones = zones_of(option)
    if not zones:
        raise Http404(_("Phương án chưa vẽ phân khu nào."))
    for one in zones:
        require(actor, "habitats.zone.edit", one)
    asked = request.POST if request.method == "POST" else request.GET
    form = Snap(asked if "m" in asked else None, initial={"xa": True, "lo": True, "m": 20})
    version = next(iter(published()), None)
    context = {"option": option, "form": form, "map": version, "seen": _state(zones)}
    if form.is_valid():
        given = form.cleaned_data
        try:
            laid = snapped(zones, given["m"], given["xa"], version if given["lo"] else None)
            if request.method == "POST":
                if request.POST.get("seen") != _state(zones):
                    raise NotNow(_("Có người vừa sửa phân khu của phương án này; xem lại bảng rồi lấy."))
                _take(actor, laid, given)
                messages.success(request, _("Đã bắt các phân khu vào ranh giới."))
                return redirect(REGISTERS["habitats.option"].url(option))
        except (ValueError, NotNow) as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error(None, said(error))
        else:
            context |= {
                "laid": laid,
                "moved": sum(one.moved + one.added for one in laid),
                "overlay": _both(laid),
            }
    return render(request, "habitats/snap.html", context | {"book": book})


def _state(zones: list[Zone]) -> str:
    """The zones as they were when somebody looked."""
    return " ".join(f"{z.pk}.{z.revision}" for z in zones)


def _take(actor: Actor, laid: list[Laid], given: dict[str, Any]) -> None:
    """The moved zones stand as told, all or none."""
    names = [str(Snap.base_fields[key].label) for key in ("xa", "lo") if given[key]]
    note = _("bắt dính %(m)s m: %(what)s") % {"m": f"{given['m']:g}", "what": ", ".join(names)}
    moving = {one.zone.pk: one.after for one in laid}
    with transaction.atomic():
        for one in laid:
            if not (one.moved or one.added):
                continue

            def work(zone: Zone, shape: Any = one.after) -> None:
                zone.put(shape)
                zone.beside = moving  # type: ignore[attr-defined]

            write.write(
                REGISTERS["habitats.zone"],
                actor,
                "edit",
                one.zone,
                work,
                note=note,
                revision=one.zone.revision,
            )


def _both(laid: list[Laid]) -> list[dict[str, Any]]:
    """The zones before and after for a map."""
    before, after = (
        as_json(shapely.union_all(shapes))
        for shapes in ([one.before for one in laid], [one.after for one in laid])
    )
    return [
        {"name": _("trước"), "kind": "shape", "geometry": before},
        {"name": _("sau khi bắt dính"), "kind": "shape", "deep": 1, "geometry": after},
    ]


class RasterForm(forms.Form):
    """A GeoTIFF, what its numbers are, over which places, and its system where the file does not say."""

    tep = forms.FileField(
        label=gettext_lazy("ảnh (GeoTIFF hoặc .asc, một lớp)"),
        widget=forms.FileInput(attrs={"accept": ".tif,.tiff,.asc"}),
    )
    la = forms.ChoiceField(
        label=gettext_lazy("số trong ảnh là"),
        choices=[("ma", gettext_lazy("mã lớp: cộng hecta từng lớp")),
                 ("so", gettext_lazy("số đo (độ tàn che, độ cao): tính trung bình"))],
    )  # fmt: skip
    theo = forms.ChoiceField(
        label=gettext_lazy("tính theo"),
        choices=[("xa", gettext_lazy("xã, phường")), ("lo", gettext_lazy("lô của bản đồ rừng đang dùng"))],
    )  # fmt: skip
    he = forms.ChoiceField(
        label=gettext_lazy("hệ toạ độ của ảnh"), required=False,
        help_text=gettext_lazy("Để trống thì theo hệ ghi trong ảnh."),
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["he"].choices = [("", "—"), *systems()]  # type: ignore[attr-defined]


SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def raster(request: HttpRequest) -> HttpResponseBase:
    """Hectares of each class of a raster, or its mean, by commune or parcel, as a page or a workbook."""
    require(actor_of(request), "habitats.parcel.see")
    form = RasterForm(request.POST or None, request.FILES or None)
    version = next(iter(published()), None)
    context: dict[str, Any] = {"form": form, "map": version}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        path = scratch(".tif")
        try:
            with path.open("wb") as out:
                out.writelines(given["tep"].chunks())
            if given["theo"] == "lo" and version is None:
                raise ValueError(_("Chưa có bản đồ rừng nào được công bố nên không có lô."))
            over, name = (version if given["theo"] == "lo" else None), given["tep"].name
            told = count(path, given["he"], given["la"] == "so", over, name)
        except formats.FormatError as error:
            form.add_error("tep", error.en if get_language() == "en" else error.vi)
        except ValueError as error:
            form.add_error("tep", str(error))
        else:
            if "xlsx" in request.POST:
                return _raster_file(told)
            context |= {
                "told": told,
                "rows": told.rows[:SHOWN],
                "name": name,
                "ha": given["la"] == "ma",
            }
        finally:
            path.unlink()
    return render(request, "habitats/raster.html", context)


def _raster_file(told: Table) -> HttpResponseBase:
    """The table as an Excel file, the sum last; what is unknown stays blank."""
    rows = [*told.rows, told.whole]
    columns: dict[str, pa.Array] = {
        _("nơi"): pa.array([r.name for r in rows], pa.string()),
        _("số ô"): pa.array([r.cells for r in rows], pa.int64()),
        _("diện tích (ha)"): pa.array([r.hectares for r in rows], pa.float64()),
    }
    for i, name in enumerate(told.columns):
        columns[name] = pa.array([r.values[i] for r in rows], pa.float64())
    columns[_("không rõ (ha)")] = pa.array([r.unknown for r in rows], pa.float64())
    columns[_("không rõ (%)")] = pa.array([r.share for r in rows], pa.float64())
    path = scratch(".xlsx")
    formats.write_xlsx(path, {_("theo ảnh"): iter([pa.RecordBatch.from_pydict(columns)])})
    handle = path.open("rb")
    path.unlink()
    return FileResponse(handle, as_attachment=True, filename="dien-tich-theo-anh.xlsx")


@login_required
@require_GET
def ferm_page(request: HttpRequest) -> HttpResponse:
    """What the table of FERM holds and leaves out, with its files."""
    actor = actor_of(request)
    require(actor, "habitats.work.see")
    rows, guarded = ferm.works(actor)
    return render(request, "habitats/ferm.html", {"n": rows.count(), "guarded": guarded})


@login_required
@require_GET
def ferm_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The works in the table of FERM: Excel, or GeoPackage with their outlines."""
    actor = actor_of(request)
    require(actor, "habitats.work.see")
    rows, _guarded = ferm.works(actor)
    path = scratch(f".{kind}")
    if kind == "xlsx":
        formats.write_xlsx(path, {"FERM": iter([ferm.table(rows, False)])})
    else:
        formats.write_gpkg(path, {"FERM": iter([ferm.table(rows, True)])}, "geometry")
    handle = path.open("rb")
    path.unlink()
    return FileResponse(handle, as_attachment=True, filename=f"ferm.{kind}")
