"""Keeping evidence: the original bytes, what the photo itself says, and whether that agrees with the record."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from baoton.files import pictures
from baoton.files.exif import Exif, NotAPhoto, metres, read
from baoton.files.models import Evidence
from baoton.kit import blobs
from baoton.kit.access import Actor, System, require
from baoton.kit.incoming import look
from baoton.kit.once import one_state
from baoton.kit.reading.register import REGISTERS
from baoton.kit.refs import name_of, register_of, resolve
from baoton.kit.writing import audit
from baoton.kit.writing import write as writing
from baoton.kit.writing.outbox import changing, followed_by
from baoton.places.queries import assign
from baoton.places.queries import settle as settle_places

FAR_M = 500
FOLLOWED = (
    "organisation", "area_path", "area_path_then", "taxon_group", "disclosure", "shown_x", "shown_y",
    "shown_cell", "shown_area_path", "shown_uncertainty_m", "reporter",
    "guarded_for",
)  # fmt: skip


def settle(records: Sequence[Any]) -> None:
    """Evidence stands where the record stands for everybody who may not know its true place, and at its level."""
    for one in records:
        about = resolve(System(), one.about_type, one.about_id)
        if about is None:
            settle_places([one], [one.disclosure])
            continue
        for name in FOLLOWED:
            if hasattr(about, name):
                setattr(one, name, getattr(about, name))


@followed_by
def follow_records(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """When records change, their evidence stands as they do, in the same transaction."""
    book = register_of(label)
    if book is None or book.model is Evidence:
        return
    names = [n for n in FOLLOWED if n in {f.attname for f in book.model._meta.concrete_fields}]
    rows = Evidence.objects.filter(about_type=label)
    if before or after:
        rows = rows.filter(about_id__in=[r["id"] for r in after])
        if not rows.exists():
            return  # as nearly always: the long question below is spared
    about = book.model._default_manager.filter(pk=OuterRef("about_id"))
    theirs = {f"their_{n}": Subquery(about.values(n)[:1]) for n in names}
    differs = Q()
    for name in names:
        differs |= Q(**{f"their_{name}__isnull": False}) & ~Q(**{name: F(f"their_{name}")})
        differs |= Q(**{f"{name}__isnull": False, f"their_{name}__isnull": True})
        differs |= Q(**{f"{name}__isnull": True, f"their_{name}__isnull": False})
    known = rows.filter(Exists(about))
    moved = list(known.annotate(**theirs).filter(differs))
    if not moved:
        return
    with changing(Evidence, [row.pk for row in moved]):
        for row in moved:
            for name in names:
                setattr(row, name, getattr(row, f"their_{name}"))
        Evidence.objects.bulk_update(moved, names, batch_size=500)


def attach(
    actor: Actor,
    about: Any,
    chunks: Iterable[bytes],
    name: str,
    *,
    kind: str = Evidence.Kind.PHOTO,
    media_type: str = "image/jpeg",
    creator: str = "",
    licence: str = "",
) -> Evidence:
    """The original is kept under its hash as evidence of the record; a photo is compared with it."""
    blob = blobs.store(chunks, media_type)
    about_type, about_id = name_of(about)
    row = Evidence(
        kind=kind,
        title=name[:300],
        sha256=blob.sha256,
        media_type=media_type,
        size=blob.size,
        creator=creator,
        licence=licence,
        about_type=about_type,
        about_id=about_id,
        area_path=getattr(about, "area_path", ""),
    )
    if kind == Evidence.Kind.PHOTO:
        try:
            told = read(blobs.path_of(blob.sha256))
            row.taken = told.taken
            row.put_point(told.lon, told.lat)
            with override("vi"):  # kept words: in the language of the office, whoever writes
                row.exif_note = compare(told, about)
        except NotAPhoto:
            row.exif_note = gettext_noop("tệp ảnh hỏng, không mở được; bản gốc vẫn giữ")
    kept: Evidence = writing.create(REGISTERS["files.evidence"], actor, row)
    if kind == Evidence.Kind.PHOTO:
        pictures.ask(kept.sha256)
    return kept


def take_back(actor: Actor, row: Evidence, note: str) -> None:
    """Evidence that the actor attached himself no longer stands; who may attach may take his own back.

    That it is his own is for the caller to know.
    """
    with one_state(), transaction.atomic():
        row = writing.lock(row)
        require(actor, "files.evidence.create", row)
        old = row.snapshot()
        with changing(Evidence, [row.pk], [old]):
            row.withdrawn = timezone.now()
            row.revision += 1
            row.save()
        audit.write(
            actor, "files.evidence.withdraw", register=row._meta.label_lower, object_id=row.pk, object_name=str(row),
            old=old, new=row.snapshot(), note=note,
        )  # fmt: skip


def keeping(kind: str = "") -> Callable[[Actor, Any, Sequence[Any]], None]:
    """What a form's file field does with its files: each is kept as evidence, a picture as a photo unless said."""

    def keep(actor: Actor, record: Any, given: Sequence[Any]) -> None:
        for one in given:
            found = look(one)
            picture = found.startswith("image/") or (one.content_type or "").startswith("image/")
            attach(
                actor, record, one.chunks(), one.name or "tệp",
                kind=kind or (Evidence.Kind.PHOTO if picture else Evidence.Kind.SCAN),
                media_type=found, creator=actor.actor_name,
            )  # fmt: skip

    return keep


def place_from_photo(record: Any, given: Sequence[Any]) -> None:
    """A record without a place stands where its first photo says, unless that is another commune than was said."""
    if record.geom is not None:
        return
    for one in given:
        try:
            told = read(one.file)
        except NotAPhoto:
            continue
        finally:
            one.seek(0)
        if told.lon is None or told.lat is None:
            continue
        here = str(assign([told.lon], [told.lat])[0][0])
        if not record.area_path or here == record.area_path:
            record.put_point(told.lon, told.lat)
            return


def compare(told: Exif, about: Any) -> str:
    """In one sentence whether the photo's own place and day agree with the record's."""
    notes = []
    lon, lat = getattr(about, "lon", None), getattr(about, "lat", None)
    if told.lon is None:
        notes.append(_("ảnh không có toạ độ"))
    elif lon is not None and lat is not None:
        far = metres(told, lon, lat) or 0.0
        word = _("ảnh cách vị trí ghi nhận %(m)d m") if far > FAR_M else _("toạ độ ảnh khớp (cách %(m)d m)")
        notes.append(word % {"m": round(far)})
    day = getattr(about, "day_start", None)
    if told.taken is None:
        notes.append(_("ảnh không có giờ chụp"))
    elif day is not None and told.taken.date() != day:
        notes.append(_("ảnh chụp ngày %(a)s, ghi nhận ngày %(b)s") % {"a": told.taken.date(), "b": day})
    return "; ".join(notes)
