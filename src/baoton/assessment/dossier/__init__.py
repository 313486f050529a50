"""The file of a species as Word: names, law, status with its figures, map, records by year, what is missing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import shapely
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.translation import override
from PIL import Image, ImageDraw

from baoton.assessment import measures
from baoton.assessment.models import SpeciesStatus, TrueExtent
from baoton.assessment.queries import edition, reach, support, versions
from baoton.files.models import Evidence
from baoton.files.queries import of_records
from baoton.kit import blobs
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.paper import Picture
from baoton.kit.paper.sheet import Article, Ground, Sheet, Shown, Table, When
from baoton.kit.reading.register import REGISTERS
from baoton.kit.reading.retold import retold
from baoton.observations.models import Occurrence, Status
from baoton.people.queries import issuer_of
from baoton.places.queries import outlines, province_short, unit_name

NONE = "chưa có số liệu"
WIDE = 1200
PHOTOS = 3


@dataclass(frozen=True)
class File:
    """What a file of a species is made of: its status, and who reads it."""

    actor: Actor
    status: SpeciesStatus


def fields(of: File) -> dict[str, Any]:
    """The fields of the file, each as its reader may know it; true places alone in his edition with all rights."""
    with override("vi"):
        status, taxon = of.status, of.status.taxon
        told = edition(of.actor, status)
        restricted, book = told is not status, REGISTERS["observations.occurrence"]
        door = book.door(of.actor)
        rows = door.open(door.rows().filter(taxon=taxon, status=Status.VERIFIED, day_start__lte=status.on))
        seen = list(
            rows.values_list(
                "pk", "year", "door_area_path", "dataset__title", "dataset__citation", "door_precise"
            )
        )
        far = reach(told)
        numbers = [
            {
                "name": m.name, "value": f"{m.value} {m.unit}" if m.value else NONE,
                "range": f"{m.low} – {m.high}" if m.low else "–", "how": "; ".join(filter(None, (m.how, m.why))),
            }
            for m in measures.of(of.actor, told.measures)
        ]  # fmt: skip
        drawn = _drawn(told)
        years = Counter(r[1] for r in seen)
        return {
            "latin": taxon.scientific_name, "author": f" {taxon.authorship}" if taxon.authorship else "",
            "vi": taxon.vernacular_vi or "chưa có tên Việt Nam",
            "family": taxon.family or NONE, "legal": (status.legal or {}).get("sentence") or "chưa tra văn bản",
            "on": as_text(status.on), "state": status.get_status_display(), "category": status.category,
            "adopted": f"{status.adopted_by}, {as_text(status.adopted_on)}" if status.adopted_on else "chưa thông qua",
            "because": " ".join(retold(status.because).split()) or "–",
            "records": as_text(status.records), "years": as_text(status.years),
            "eoo": _km2(told.eoo_km2), "aoo": _km2(told.aoo_km2), "note": retold(told.why_unknown),
            "indicated": far.category, "low": far.low, "high": far.high,
            "would": [{"n": n, "w": w} for n, w in enumerate(far.would, 1)],
            "criteria": [
                {"name": str(s.criterion), "cat": s.category or "chưa xét được", "most": s.possible,
                 "lacks": "; ".join(str(x) for x in s.lacks) or "–"}
                for s in support(told)
            ],
            "numbers": numbers, "map": drawn, "has_map": drawn is not None,
            "map_words": "Vị trí đúng: chỉ dùng trong cơ quan." if restricted else "Vị trí như được công bố.",
            "by_year": [{"year": y or "không rõ", "n": n} for y, n in sorted(years.items(), key=str)],
            "communes": [
                {"name": unit_name(p) if p else "không nêu xã", "n": n}
                for p, n in sorted(Counter(r[2] or "" for r in seen).items())
            ],
            "sources": [{"n": n, "t": t} for n, t in enumerate(sorted({c or t for _k, _y, _a, t, c, _p in seen}), 1)],
            "versions": [
                {"on": as_text(v.status.on), "state": v.status.get_status_display(), "cat": v.status.category,
                 "what": "; ".join(v.changes) or "–"}
                for v in versions(of.actor, taxon.pk)
            ],
            "edition": "Bản hạn chế: có vị trí đúng, không đưa ra ngoài cơ quan." if restricted else
            "Bản công bố: vị trí được bảo vệ không có trong tệp này.",
            "hash": status.input_hash[:16], "method": status.method, "place": province_short(), "draft": "",
            **_photos([r[0] for r in seen if r[5]]),
        }  # fmt: skip


def _km2(area: float | None) -> str:
    return NONE if area is None else f"{as_text(round(area, 1))} km²"


def _photos(keys: Sequence[Any]) -> dict[str, Any]:
    """The newest photos of records whose place the reader knows, drawn anew without what they carry."""
    rows = of_records(Occurrence._meta.label_lower, list(keys)).filter(kind=Evidence.Kind.PHOTO)
    told: dict[str, Any] = {f"photo{n}": "" for n in range(PHOTOS)}
    n = 0
    for one in rows.order_by("-id")[: PHOTOS * 3]:
        if n == PHOTOS:
            break
        try:
            with Image.open(blobs.path_of(one.sha256)) as opened:
                drawn = opened.convert("RGB")
                drawn.thumbnail((900, 900))
                out = BytesIO()
                drawn.save(out, "PNG")
        except (OSError, ValueError, ObjectDoesNotExist, Image.DecompressionBombError):
            continue
        told[f"photo{n}"] = Picture(out.getvalue(), 70)
        n += 1
    return told | {"has_photos": bool(n)}


def _drawn(told: SpeciesStatus | TrueExtent) -> Picture | None:
    """The province with its communes, the hull and the occupied cells that this edition holds."""
    shapes = list(outlines().values())
    layers = [(told.hull, "#cfe3d8", "#2f6b4f"), (told.cells, "#d9822b", "#8a4b0f")]
    if not shapes or all(wkb is None for wkb, _fill, _edge in layers):
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    scale = WIDE / (east - west)
    high = int((north - south) * scale * 1.08)
    picture = Image.new("RGB", (WIDE, high), "white")
    pen = ImageDraw.Draw(picture)

    def at(ring: Any) -> list[tuple[float, float]]:
        return [((x - west) * scale, (north - y) * scale * 1.08) for x, y, *_z in ring.coords]

    for wkb, fill, edge in layers:
        if wkb is not None:
            for part in shapely.get_parts(shapely.from_wkb(bytes(wkb))):
                if part.geom_type == "Polygon":
                    pen.polygon(at(part.exterior), fill=fill, outline=edge)
    for shape in shapes:
        for part in shapely.get_parts(shape):
            pen.line(at(part.exterior), fill="#777777", width=1)
    out = BytesIO()
    picture.save(out, "PNG")
    return Picture(out.getvalue(), 130)


FILE = Sheet(
    "species-file", "Hồ sơ loài", "{{ vi }} ({{ latin }})", (), fields,
    lambda of: issuer_of(of.status.organisation or "so_nnmt"),
    parts=(
        Ground("{{ edition }}"),
        Article("1. Tên:", "{{ vi }}; {{ latin }}{{ author }}; họ {{ family }}."),
        Article("2. Pháp lý:", "{{ legal }}"),
        Article("3. Tình trạng trong tỉnh đến {{ on }}:", "{{ category }}; {{ state }}; thông qua: {{ adopted }}."),
        Article("Căn cứ:", "{{ because }}"),
        Article("4. Số liệu:",
                "{{ records }} ghi nhận đã xác minh, {{ years }} năm; EOO {{ eoo }}; AOO {{ aoo }}. {{ note }}"),
        Table("numbers", (
            ("Số đo", "name", 3.4), ("Ước lượng", "value", 3.2), ("Khoảng tin cậy 95%", "range", 3.2),
            ("Cách tính", "how", 6.6),
        ), "Chưa có mật độ, tỷ lệ gặp."),
        When("has_map", (Shown("map", "Phạm vi phân bố (xanh), ô cư trú 2 × 2 km (cam). {{ map_words }}"),)),
        When("has_photos", (Shown("photo0"), Shown("photo1"), Shown("photo2", "Ảnh kèm ghi nhận đã xác minh."))),
        Article("5. Hạng theo tiêu chí IUCN:",
                "máy gợi ý {{ indicated }}; còn điều chưa biết nên có thể từ {{ low }} đến {{ high }}."),
        Table("criteria", (
            ("Tiêu chí", "name", 4.6), ("Ủng hộ hạng", "cat", 2.6), ("Cao nhất có thể", "most", 2.6),
            ("Còn thiếu", "lacks", 6.6),
        )),
        Article("6. Điều tra nào sẽ đổi hạng", ""),
        Table("would", (("TT", "n", 1.2), ("Nếu biết rằng", "w", 14.8)), "Không số liệu nào một mình đổi được hạng."),
        Article("7. Ghi nhận theo năm và theo xã", ""),
        Table("by_year", (("Năm", "year", 3.0), ("Số ghi nhận được xem", "n", 5.0))),
        Table("communes", (("Xã, phường", "name", 8.0), ("Số ghi nhận được xem", "n", 5.0))),
        Article("8. Các bản tình trạng", ""),
        Table("versions", (
            ("Tính đến", "on", 2.6), ("Tình trạng", "state", 3.8), ("Hạng", "cat", 2.8),
            ("Khác bản trước", "what", 6.8),
        )),
        Article("9. Nguồn", ""),
        Table("sources", (("TT", "n", 1.2), ("Bộ dữ liệu", "t", 14.8)), "Không nguồn nào bạn được xem."),
        Ground("Mã kiểm tra dữ liệu {{ hash }}; cách tính {{ method }}."),
    ),
)  # fmt: skip


def species_file(actor: Actor, status: SpeciesStatus) -> bytes:
    """The Word file of a species as this reader may know it."""
    return FILE.filled(File(actor, status), on=timezone.localdate())
