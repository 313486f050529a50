"""Photos in bulk: a zip of a walk's pictures, each set beside the record it belongs to, or made a draft of its own."""

import hashlib
import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pyproj import Geod

from baoton.files.actions import attach
from baoton.files.models import Evidence
from baoton.files.queries import Exif, NotAPhoto, read
from baoton.kit import jobs
from baoton.kit.access import Actor, may
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.observations.models import Occurrence, Status

V = "observations.occurrence"
NEAR_M, NEAR_DAYS = 500.0, 1
"""A photo belongs to a record within so many metres (or its stated error) and so many days; the nearest one wins."""
DEGREES = 0.1
MOST, LARGEST = 2_000, 60 * 1024 * 1024
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic"}
EARTH = Geod(ellps="WGS84")


@dataclass
class Line:
    """What becomes of one file of the zip: `matched`, `draft`, `known`, `aside`; why; how far from its record."""

    name: str
    outcome: str
    why: str = ""
    record: str = ""
    title: str = ""
    metres: int | None = None
    minutes: int | None = None


def entries(path: Path) -> Iterator[tuple[str, bytes | None]]:
    """Every file of the zip by name with its bytes, None for one that cannot be read; `NotNow` for what is no zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = [i for i in archive.infolist() if not i.is_dir() and not _hidden(i.filename)]
            if len(files) > MOST:
                raise NotNow(
                    _("Tệp có %(n)d ảnh, nhiều hơn %(most)d; chia thành nhiều tệp.")
                    % {"n": len(files), "most": MOST}
                )
            for one in files:
                try:
                    with archive.open(one) as held:
                        data = held.read(LARGEST + 1)
                except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
                    yield one.filename, None
                    continue
                yield one.filename, data
    except zipfile.BadZipFile as error:
        raise NotNow(_("Tệp này không phải tệp nén zip; nén thư mục ảnh thành zip rồi gửi lại.")) from error


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def take_in(
    actor: Actor, path: Path, dry: bool, progress: jobs.Progress | None = None
) -> list[dict[str, Any]]:
    """What becomes of each photo; written unless `dry`. One that cannot be read is set aside, the rest goes on."""
    step, told, here, made = progress or jobs.Progress(), [], set[str](), set[str]()
    for n, (name, data) in enumerate(entries(path), 1):
        step(n, None, name[:200])
        line = _one(actor, name, data, dry, here, made)
        if line.outcome == "draft":
            made.add(line.record)
        told.append(asdict(line))
    return told


def _one(actor: Actor, name: str, data: bytes | None, dry: bool, here: set[str], made: set[str]) -> Line:
    if PurePosixPath(name).suffix.lower() not in PICTURES:
        return Line(name, "aside", _("không phải ảnh"))
    if data is None:
        return Line(name, "aside", _("không đọc được trong tệp nén"))
    if len(data) > LARGEST:
        return Line(name, "aside", _("lớn hơn %(n)d MB") % {"n": LARGEST // 1024 // 1024})
    try:
        exif = read(io.BytesIO(data))
    except NotAPhoto:
        return Line(name, "aside", _("tệp ảnh hỏng, không mở được"))
    digest = hashlib.sha256(data).hexdigest()
    about = Occurrence._meta.label_lower
    if (
        digest in here
        or Evidence.objects.filter(sha256=digest, about_type=about, withdrawn__isnull=True).exists()
    ):
        return Line(name, "known", _("ảnh này đã có"))
    here.add(digest)
    if exif.lon is None or exif.lat is None or exif.taken is None:
        what = (
            _("toạ độ") if exif.taken else _("giờ chụp") if exif.lon is not None else _("toạ độ và giờ chụp")
        )
        return Line(name, "aside", _("ảnh không có %(what)s; gắn tay vào bản ghi của nó") % {"what": what})
    found = nearest(actor, exif, made)
    try:
        with transaction.atomic():
            return _written(actor, name, data, exif, found, dry)
    except (PermissionDenied, NotNow) as error:
        return Line(name, "aside", str(error))
    except ValidationError as error:
        return Line(name, "aside", "; ".join(error.messages))


def _written(
    actor: Actor,
    name: str,
    data: bytes,
    exif: Exif,
    found: tuple[Occurrence, float, int | None] | None,
    dry: bool,
) -> Line:
    title = PurePosixPath(name).name
    if found is not None:
        record, metres, minutes = found
        line = Line(name, "matched", "", str(record.pk), str(record), round(metres), minutes)
    else:
        record = Occurrence(
            scientific_name=gettext_noop("chưa định loài"), day_start=timezone.localtime(exif.taken).date(),
            event_date=timezone.localtime(exif.taken).isoformat(),
            organisation=getattr(actor, "organisation_id", "") or "",
        )  # fmt: skip
        record.put_point(exif.lon, exif.lat)
        line = Line(name, "draft", _("không có ghi nhận nào gần nơi và ngày chụp"))
        if not dry:
            record = write.create(REGISTERS[V], actor, record)
            line.record, line.title = str(record.pk), str(record)
        elif not may(actor, f"{V}.create"):
            raise PermissionDenied(_("Bạn không có quyền thêm ghi nhận."))
    if not dry:
        attach(actor, record, [data], title, creator=actor.actor_name)
    return line


def nearest(
    actor: Actor, exif: Exif, made: Collection[str] = ()
) -> tuple[Occurrence, float, int | None] | None:
    """The record the photo belongs to among those the actor may change and whose true place he knows; how far it lies,
    and how many minutes off where the record tells its hour.

    The drafts `made` by the same zip take no other photo of it: what was looked at beforehand is what is written.
    """
    assert exif.lon is not None and exif.lat is not None and exif.taken is not None
    day = timezone.localtime(exif.taken).date()
    door = REGISTERS[V].door(actor)
    rows = door.precise.rows(door.rows()).filter(
        min_x__range=(exif.lon - DEGREES, exif.lon + DEGREES), min_y__range=(exif.lat - DEGREES, exif.lat + DEGREES),
        sort_day__range=(day.toordinal() - NEAR_DAYS, day.toordinal() + NEAR_DAYS),
        status__in=(Status.DRAFT, Status.VERIFIED),
        withdrawn__isnull=True,
    )  # fmt: skip
    best: tuple[float, int, Occurrence, int | None] | None = None
    for record in rows:
        if (
            str(record.pk) in made
            or record.lon is None
            or record.lat is None
            or not may(actor, f"{V}.edit", record)
        ):
            continue
        far = EARTH.inv(record.lon, record.lat, exif.lon, exif.lat)[2]
        if far > max(NEAR_M, min(record.coordinate_uncertainty_m or 0.0, 5_000.0)):
            continue
        off = minutes_off(record, exif.taken)
        rank = (far, off if off is not None else 24 * 60)
        if best is None or rank < best[:2]:
            best = (*rank, record, off)
    return None if best is None else (best[2], best[0], best[3])


def minutes_off(record: Occurrence, taken: datetime) -> int | None:
    """Minutes from the record's hour to the photo's; None where the record tells none."""
    first = record.event_date.split("/")[0]
    if "T" not in first:
        return None
    try:
        at = datetime.fromisoformat(first)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=timezone.get_default_timezone())
    return round((taken - at) / timedelta(minutes=1))
