"""Keeping evidence: the original bytes, what the photo itself says, and whether that agrees with the record."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from baoton.files.exif import Exif, NotAPhoto, metres, read
from baoton.files.models import Evidence
from baoton.kit import blobs
from baoton.kit.access import Actor, System
from baoton.kit.refs import name_of, resolve
from baoton.kit.writing import saving
from baoton.places.queries import settle as settle_places

FAR_M = 500


def settle(records: Sequence[Any]) -> None:
    """Evidence is as guarded as the record it stands for."""
    levels = []
    for one in records:
        about = resolve(System(), one.about_type, one.about_id)
        levels.append(getattr(about, "disclosure", 0) if about is not None else one.disclosure)
    settle_places(records, levels)


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
    from baoton.files.registers import evidence as book

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
            row.exif_note = compare(told, about)
        except NotAPhoto:
            row.exif_note = _("tệp ảnh hỏng, không mở được; bản gốc vẫn giữ")
    kept: Evidence = saving.create(book, actor, row)
    return kept


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
