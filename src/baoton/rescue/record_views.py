"""The whole record of one animal as a PDF to print: what its reader may know of it, from the first word to its fate."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.files.queries import bare_picture, of_record
from baoton.kit.access import Actor, require
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.binder import Binding, Kept, Sheet, bound
from baoton.kit.reading import terms
from baoton.kit.reading.asking import actor_of, record_or_404
from baoton.kit.reading.register import REGISTERS, Register
from baoton.places.queries import unit_name
from baoton.rescue.models import Animal, Care
from baoton.rescue.queries import cost_of, costs_by_kind

BOOK = "rescue.animal"


@login_required
@require_GET
def dossier(request: HttpRequest, pk: Any) -> HttpResponse:
    """Facts, care with its sum, sightings, papers and photos of one animal; persons and hidden places stay out."""
    actor, book = actor_of(request), REGISTERS[BOOK]
    seen = record_or_404(book, actor, pk)
    require(actor, "rescue.care.see")
    parts: list[Sheet | Kept] = [
        _facts(book, seen),
        *_care(actor, seen),
        *_sightings(actor, seen),
        *_papers(actor, seen),
    ]
    if getattr(seen, "door_precise", False):
        parts += _photos(seen)
    binding = Binding(
        _("Hồ sơ con vật %(code)s") % {"code": seen.code},
        (seen.name, unit_name(seen.area_path), str(seen.get_status_display())),
        seen.code,
    )
    answer = HttpResponse(bound(binding, parts), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="ho-so-{seen.pk.hex[-8:]}.pdf"'
    return answer


def _facts(book: Register, seen: Animal) -> Sheet:
    """Every field that has a value and is no personal one, as its page says it."""
    kinds = [k for k in book.fields if not k.personal and k.name not in {terms.FIELD, "photos", "geom"}]
    rows = [(str(k.heading).capitalize(), k.text(seen)) for k in kinds if k.text(seen)]
    return Sheet(_("Thông tin con vật"), (), (_("Mục"), _("Nội dung")), rows)


def _care(actor: Actor, seen: Animal) -> list[Sheet]:
    """Every line of the care, reversed ones too, then what each kind cost and the sum."""
    door = REGISTERS["rescue.care"].door(actor)
    lines = list(door.rows().filter(book=seen.pk).order_by("day", "position"))
    if not lines:
        return []
    kinds = {key: str(word) for key, word in Care.KINDS}
    rows = [
        (
            as_text(x.day), kinds.get(x.kind, x.kind), x.what or x.note,
            "" if x.weight_g is None else as_text(x.weight_g), "" if x.cost is None else as_text(x.cost), x.by,
        )
        for x in lines
    ]  # fmt: skip
    heads = (_("Ngày"), _("Việc"), _("Nội dung"), "g", _("đồng"), _("Người làm"))
    told = cost_of([seen])
    sums = [f"{word}: {as_text(cost)} đ" for word, _n, cost in costs_by_kind(seen) if cost is not None]
    notes = [_("Cộng: %(sum)s") % {"sum": told.told}, *sums]
    if told.unknown:
        notes.append(
            _("%(n)s dòng cho ăn, điều trị chưa ghi chi phí, không cộng vào đây.") % {"n": told.unknown}
        )
    return [Sheet(_("Sổ chăm sóc"), notes, heads, rows)]


def _sightings(actor: Actor, seen: Animal) -> list[Sheet]:
    book = REGISTERS["rescue.sighting"]
    door = book.door(actor)
    rows = list(door.open(door.rows().filter(animal=seen.pk)).order_by("day", "id"))
    told = [
        (as_text(x.day), str(x.get_kind_display()), unit_name(x.area_path) if x.area_path else "")
        for x in rows
    ]
    return (
        [Sheet(_("Theo dõi sau thả"), (), (_("Ngày"), _("Cách biết"), _("Xã, phường")), told)] if told else []
    )


def _papers(actor: Actor, seen: Animal) -> list[Sheet]:
    rows = REGISTERS["rescue.paper"].door(actor).rows().filter(animal=seen.pk).order_by("day", "id")
    told = [(as_text(x.day), str(x.get_kind_display()), x.number) for x in rows]
    return [Sheet(_("Văn bản"), (), (_("Ngày"), _("Loại"), _("Số")), told)] if told else []


def _photos(seen: Animal) -> list[Kept]:
    """The photos of the animal without what their cameras wrote; of others their name and hash."""
    return [
        Kept(one.title or _("ảnh"), one.sha256, bare_picture(one.sha256), "image/jpeg")
        for one in of_record(seen)
    ]
