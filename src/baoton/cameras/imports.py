"""Camera packages: deployments, pictures and what was said of them, each joined to the visits and the occurrences that
the same file brings into the evidence stream."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.cameras import actions
from baoton.cameras.models import Answer, Deployment, Kind, Media
from baoton.kit.importing import database, extras, generic
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.commit import Commit
from baoton.kit.importing.keys import source_ids
from baoton.kit.importing.plan import PROGRAM
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.sight import seen
from baoton.kit.importing.target import (
    OTHERS,
    Family,
    Field,
    InDataset,
    Key,
    Rest,
    Steps,
    Suits,
    Target,
    by_name,
    register,
)
from baoton.kit.importing.values import Telling
from baoton.kit.kinds.area import only_area
from baoton.kit.kinds.moment import Moment, clock, zone_minutes
from baoton.kit.reading.register import REGISTERS
from baoton.kit.text import fold
from baoton.places.queries import province_path
from baoton.taxa.queries import match
from formats import instants

DEPLOYMENT = {
    "deploymentID": "code", "cameraID": "camera", "cameraModel": "model", "cameraHeight": "height_m",
    "cameraDelay": "delay_s", "cameraHeading": "heading", "baitUse": "bait", "featureType": "feature",
    "habitat": "habitat", "locationName": "locality", "setupBy": "setup_by", "deploymentGroups": "groups",
    "deploymentStart": "started", "deploymentEnd": "ended", "gaps": "gaps", "coordinateUncertainty": "uncertainty_m",
    "deploymentComments": "note", "latitude": "decimalLatitude", "longitude": "decimalLongitude", OTHERS: OTHERS,
}  # fmt: skip
MEDIA = {
    "mediaID": "mediaID", "deploymentID": "deploymentID", "timestamp": "timestamp", "filePath": "filePath",
    "fileName": "fileName", "fileMediatype": "fileMediatype", "captureMethod": "captureMethod",
    "mediaComments": "mediaComments", OTHERS: OTHERS,
}  # fmt: skip
ANSWER = {
    name: name
    for name in (
        "observationID", "deploymentID", "mediaID", "eventID", "eventStart", "eventEnd", "observationLevel",
        "observationType", "scientificName", "count", "lifeStage", "sex", "behavior", "classificationMethod",
        "classifiedBy", "classificationProbability", "observationComments", OTHERS,
    )
}  # fmt: skip
LABEL = {
    "observationID": "observationID", "filePath": "filePath", "observationType": "observationType",
    "scientificName": "scientificName", "count": "count", "classificationMethod": "classificationMethod",
    "classifiedBy": "classifiedBy", "classificationProbability": "classificationProbability", OTHERS: OTHERS,
}  # fmt: skip
RULES["ambiguous_picture"] = gettext_lazy("đường dẫn của nhiều ảnh")
KINDS = {fold(str(k)): str(k) for k in Kind.values} | {"empty": "blank", "person": "human", "people": "human"}
FLASH = r'(?i)(?:^|[^a-z])flash["\']?\s*[:=]\s*["\']?([^"\';}\n]+)'
UNLIT = r"(?i)not fire|no flash|\boff\b|\bfalse\b|^no\b"
LIT = r"(?i)\bfired\b|\bon\b|\btrue\b|\byes\b"


def of_program(chunk: Chunk) -> bool:
    """Whether a program wrote the table, and nobody's hand."""
    return chunk.plan.known == PROGRAM


def before_deployment(chunk: Chunk) -> None:
    """A deployment of a package lies in the commune of its place, keeps every column it came with, and its zone."""
    if not of_program(chunk):
        return
    zones = instants.minutes(chunk.text("started").str.extract(r"(Z|z|[+-]\d\d:?\d\d)$"))
    chunk.put("zone", zones.fill_null(zone_minutes()))
    path = only_area(chunk.run.actor, chunk.target.verb) or province_path()
    chunk.put("area_path", pl.Series([path]).new_from_index(0, chunk.n), derived=True)
    kinds = {str(k) for k in Deployment.Feature.values}
    said = chunk.text("feature")
    strange = said.is_not_null() & ~said.is_in(list(kinds))
    told = _("Cách đặt máy này không có trong danh mục; từ gốc được giữ ở các mục khác.")
    chunk.note("unknown_feature", "feature", strange, told)
    if strange.any():
        chunk.extra["featureType"] = said.set(~strange, None)
        chunk.words["feature"] = said.set(strange, None)
    chunk.put("extra", extras.json_of(chunk.extra, chunk.n))
    chunk.extra.clear()
    if chunk.run.has("observations.event"):
        found = chunk.run.refs["observations.event"].find(chunk.text("code"))
        good = found["ok"].fill_null(False) & ~found["barred"].fill_null(False)
        chunk.put("visit_id", found["id"].set(~good, None), derived=True)


def own_ids(chunk: Chunk, ids: pl.Series) -> pl.Series:
    """One body's deployment, picture or answer of that key is that one, whatever file brings it."""
    if not of_program(chunk):
        return ids
    own = source_ids(f"{chunk.target.name} {chunk.run.organisation}", ids)
    if chunk.target.name != "cameras.deployment":
        return own
    codes = chunk.text("code")
    known = {code: _hex(pk) for code, pk, *_rest in _stored(chunk, codes)}
    return codes.replace_strict(known, default=None, return_dtype=pl.String).fill_null(own).alias("id")


def _stored(chunk: Chunk, codes: pl.Series) -> list[tuple[Any, ...]]:
    """Code, key and commune of the body's deployments of these codes."""
    rows = database.select_by(
        Deployment, ["code", "id", "area_path", "withdrawn"], "code", codes.drop_nulls().unique().to_list(),
        {"organisation": chunk.run.organisation},
    )  # fmt: skip
    return [r for r in rows if r[3] is None]


def _hex(value: Any) -> str:
    return str(value.hex if hasattr(value, "hex") else value)


def _deployments(chunk: Chunk) -> None:
    """Each row hangs on its deployment, of this file or of the book, and lies in its commune; one that leads nowhere
    is refused."""
    keys = chunk.text("deploymentID")
    if chunk.run.has("cameras.deployment"):
        found = chunk.run.refs["cameras.deployment"].find(keys)
    else:
        found = pl.DataFrame({"key": keys}).with_columns(
            id=pl.lit(None, pl.String),
            row=pl.lit(None, pl.Int64),
            ok=pl.lit(False),
            area_path=pl.lit(None, pl.String),
        )
    if "area_path" not in found.columns:
        found = found.with_columns(area_path=pl.lit(None, pl.String))
    missing = keys.is_not_null() & found["row"].is_null()
    if missing.any():
        rows = _stored(chunk, keys.filter(missing))
        visible = seen(chunk.run.actor, by_name("cameras.deployment"), (_hex(r[1]) for r in rows))
        late = {r[0]: (_hex(r[1]), r[2]) for r in rows if _hex(r[1]) in visible}
        ids = {k: v[0] for k, v in late.items()}
        areas = {k: v[1] for k, v in late.items()}
        there = keys.is_in(list(late)).fill_null(False) & missing
        mapped = keys.replace_strict(ids, default=None, return_dtype=pl.String)
        lying = keys.replace_strict(areas, default=None, return_dtype=pl.String)
        found = found.with_columns(
            id=found["id"].zip_with(~there, mapped), ok=found["ok"].fill_null(False) | there,
            row=found["row"].set(there, -1), area_path=found["area_path"].zip_with(~there, lying),
        )  # fmt: skip
    chunk.refuse(
        keys.is_null(), "deploymentID", "missing", _("Dòng không ghi thuộc đợt đặt máy nào; điền mã đợt.")
    )
    told = _("Đợt đặt máy này không có trong tệp lẫn trong sổ; thêm nó vào bảng deployments, hoặc sửa mã.")
    chunk.refuse(keys.is_not_null() & found["row"].is_null(), "deploymentID", "points_nowhere", told)
    refused = found["row"].is_not_null() & ~found["ok"].fill_null(False)
    if refused.any():
        sentence = _("Đợt đặt máy này ở dòng %(row)d, mà dòng đó bị từ chối; sửa dòng đó trước.")
        rows_ = found["row"].filter(refused).to_list()
        chunk.refuse(refused, "deploymentID", "points_at_refused", [sentence % {"row": r} for r in rows_])
    chunk.put("deployment_id", found["id"].set(~found["ok"].fill_null(False), None))
    chunk.put("area_path", found["area_path"].fill_null(""), derived=True)


def _moment(chunk: Chunk, term: str, column: str, *, needed: bool = True) -> None:
    told = Telling(chunk, term)
    value = Moment(column).read(chunk.text(term), told, chunk.run.actor)
    if needed:
        blank = chunk.text(term).is_null()
        chunk.refuse(blank, term, "missing", _("Thiếu thời điểm; điền rồi nhập lại."))
    chunk.put(column, value)


def prepare_media(chunk: Chunk) -> None:
    """Pictures hang on their deployment and have the moment they were taken."""
    _deployments(chunk)
    _moment(chunk, "timestamp", "taken")
    if (exif := chunk.extra.get("exifData")) is not None:
        chunk.put("dark", flashed(exif))


def flashed(exif: pl.Series) -> pl.Series:
    """Whether pictures say that they were flashed, in words or as EXIF counts it (odd: fired); null where none says."""
    said = exif.str.extract(FLASH).str.strip_chars()
    bits = said.str.extract(r"^(\d+)").cast(pl.Int64, strict=False)
    frame = pl.DataFrame({"said": said, "bits": bits})
    words = (
        pl.when(pl.col("said").str.contains(UNLIT))
        .then(False)
        .when(pl.col("said").str.contains(LIT))
        .then(True)
    )
    counted = pl.col("bits") % 2 == 1
    return frame.select(dark=pl.when(pl.col("bits").is_not_null()).then(counted).otherwise(words))["dark"]


def _pictured(chunk: Chunk) -> None:
    """A machine's label names a file: it hangs on the picture of that path, and on its deployment and moment.

    The path may begin with the folders of whoever ran the machine: the longest part of it that is a picture's path
    counts. One that names no picture of the body, or several, is refused.
    """
    written = chunk.text("filePath").str.replace_all("\\", "/", literal=True)
    ends = {w: _endings(w) for w in written.unique().drop_nulls().to_list()}
    held: dict[str, list[tuple[Any, ...]]] = {}
    for row in database.select_by(
        Media, ["path", "media_id", "taken", "deployment_id", "withdrawn"], "path",
        list(dict.fromkeys(e for some in ends.values() for e in some)), {"organisation": chunk.run.organisation},
    ):  # fmt: skip
        if row[4] is None:
            held.setdefault(row[0], []).append(row)
    visible = seen(
        chunk.run.actor,
        by_name("cameras.deployment"),
        (_hex(r[3]) for rows in held.values() for r in rows),
    )
    held = {k: [r for r in rows if _hex(r[3]) in visible] for k, rows in held.items()}
    named = {w: next((held[e] for e in some if held.get(e)), []) for w, some in ends.items()}
    used = {r[3] for rows in named.values() for r in rows}
    codes = {pk.hex: code for pk, code in Deployment.objects.filter(pk__in=used).values_list("pk", "code")}
    many = [w for w, rows in named.items() if len(rows) > 1]
    none = [w for w, rows in named.items() if not rows]
    told = _("Không có ảnh nào trong sổ có đường dẫn này; nhập gói ảnh trước, hoặc sửa đường dẫn.")
    chunk.refuse(written.is_null() | written.is_in(none).fill_null(False), "filePath", "points_nowhere", told)
    told = _("Nhiều ảnh trong sổ có đường dẫn này; ghi thêm thư mục của đợt đặt máy.")
    chunk.refuse(written.is_in(many).fill_null(False), "filePath", "ambiguous_picture", told)
    one = {w: rows[0] for w, rows in named.items() if len(rows) == 1}

    def column(of: dict[str, str]) -> pl.Series:
        return written.replace_strict(of, default=None, return_dtype=pl.String)

    chunk.words["mediaID"] = column({w: str(r[1]) for w, r in one.items()})
    chunk.words["deploymentID"] = column({w: codes[_hex(r[3])] for w, r in one.items()})
    chunk.words["eventStart"] = column({w: clock(r[2]).isoformat() for w, r in one.items()})
    chunk.put("media_id", chunk.words["mediaID"].fill_null(""))
    chunk.put("level", pl.Series(["media"]).new_from_index(0, chunk.n))
    chunk.put("method", pl.Series(["machine"]).new_from_index(0, chunk.n))


def _endings(path: str) -> list[str]:
    parts = [p for p in path.split("/") if p]
    return [path, *("/".join(parts[i:]) for i in range(len(parts)))]


def prepare_answer(chunk: Chunk) -> None:
    """What was said hangs on its deployment, its taxon and the occurrence it became."""
    if chunk.has("filePath"):
        _pictured(chunk)
    _deployments(chunk)
    _moment(chunk, "eventStart", "started")
    _moment(chunk, "eventEnd", "ended", needed=False)
    ended = chunk.out["ended"]
    back = (ended < chunk.out["started"]).fill_null(False)
    chunk.refuse(
        back, "eventEnd", "ends_before_start", _("Đợt ảnh kết thúc trước khi bắt đầu; sửa một trong hai.")
    )
    names = chunk.text("scientificName")
    known: dict[str, str | None] = chunk.run.held.setdefault("camera names", {})
    fresh = [n for n in names.unique().drop_nulls().to_list() if n not in known]
    for one in match(fresh, chunk.run.organisation):
        known[one.written] = None if one.taxon_id is None else one.taxon_id.hex
    chunk.put("taxon_id", names.replace_strict(known, default=None, return_dtype=pl.String), derived=True)
    if "method" in chunk.out:
        chunk.put("method", chunk.out["method"].fill_null("human"))
    probability = chunk.out.get("probability")
    if probability is not None:
        odd = ((probability < 0) | (probability > 1)).fill_null(False)
        told = _("Độ chắc của máy phải từ 0 đến 1.")
        chunk.refuse(odd, "classificationProbability", "out_of_range", told)
    if chunk.run.has("observations.occurrence"):
        found = chunk.run.refs["observations.occurrence"].find(chunk.text("observationID"))
        good = found["ok"].fill_null(False) & ~found["barred"].fill_null(False)
        chunk.put("occurrence_id", found["id"].set(~good, None), derived=True)


def touched(commit: Commit) -> list[str]:
    """The deployments of which the file brings pictures or answers."""
    ids: set[str] = set()
    for name in ("cameras.media", "cameras.answer"):
        for frame in commit.stage.rows(name):
            ids |= set(frame["deployment_id"].drop_nulls().unique().to_list())
    for frame in commit.stage.rows("cameras.deployment"):
        ids |= set(frame["id"].to_list())
    return sorted(ids)


def finish(commit: Commit) -> None:
    """Pictures make sequences, pictures of people are withheld, and what cameras saw is as guarded as a camera."""
    if commit.run.held.get("sequenced"):
        return
    commit.run.held["sequenced"] = True
    keys = touched(commit)
    actions.resequence(keys, commit.batch_id)
    actions.guard(keys)


def undone(batch_id: str, ids: Sequence[str]) -> None:
    """Sequences follow the pictures that still stand."""
    actions.resequence(actions.of_batch(batch_id), batch_id)


generic.of(
    REGISTERS["cameras.deployment"],
    key=Key(identify=own_ids),
    suits=Suits(rank=54, programs={"CameraDeployment": (DEPLOYMENT, ("deploymentID",))}),
    refers=("observations.event",),
    inherit=("area_path",),
    before=before_deployment,
)
text = partial(Field, kind="text")
register(
    Target(
        name="cameras.media",
        model=Media,
        label=gettext_lazy("Ảnh bẫy ảnh"),
        key=Key(term="mediaID", kept="media_id", identify=own_ids),
        suits=Suits(rank=55, programs={"CameraMedia": (MEDIA, ("mediaID",))}),
        fields=(
            Field("mediaID", gettext_lazy("mã ảnh")),
            Field("deploymentID", gettext_lazy("mã đợt đặt máy")),
            Field("timestamp", gettext_lazy("chụp lúc")),
            text("filePath", gettext_lazy("đường dẫn tệp"), "path", required=True),
            text("fileName", gettext_lazy("tên tệp"), "name"),
            text("fileMediatype", gettext_lazy("loại tệp"), "mediatype"),
            text("captureMethod", gettext_lazy("chụp do"), "method"),
            text("mediaComments", gettext_lazy("ghi chú"), "note"),
        ),
        rest=Rest(column="extra"),
        prepare=prepare_media,
        dataset=InDataset(held=False),
        family=Family(refers=("cameras.deployment",)),
        steps=Steps(finish=finish, undone=undone),
    )
)
register(
    Target(
        name="cameras.answer",
        model=Answer,
        label=gettext_lazy("Nhận định ảnh bẫy ảnh"),
        key=Key(term="observationID", kept="answer_id", identify=own_ids),
        suits=Suits(
            rank=56,
            programs={
                "CameraObservation": (ANSWER, ("observationID",)),
                "CameraLabel": (LABEL, ("observationID",)),
            },
        ),
        fields=(
            Field("observationID", gettext_lazy("mã nhận định")),
            Field("deploymentID", gettext_lazy("mã đợt đặt máy")),
            text("mediaID", gettext_lazy("mã ảnh"), "media_id"),
            Field("filePath", gettext_lazy("đường dẫn tệp")),
            text("eventID", gettext_lazy("mã loạt ảnh"), "event_id"),
            Field("eventStart", gettext_lazy("bắt đầu")),
            Field("eventEnd", gettext_lazy("kết thúc")),
            Field("observationLevel", gettext_lazy("nói về"), "level", "code",
                  values={"media": "media", "event": "event"}),
            Field("observationType", gettext_lazy("thấy"), "kind", "code", required=True, values=KINDS),
            text("scientificName", gettext_lazy("tên khoa học"), "scientific_name"),
            Field("count", gettext_lazy("số con"), "count", "integer"),
            text("lifeStage", gettext_lazy("giai đoạn"), "life_stage"),
            text("sex", gettext_lazy("giới tính"), "sex"),
            text("behavior", gettext_lazy("tập tính"), "behaviour"),
            Field("classificationMethod", gettext_lazy("ai nói"), "method", "code",
                  values={"human": "human", "machine": "machine"}),
            text("classifiedBy", gettext_lazy("người hay máy"), "by"),
            Field("classificationProbability", gettext_lazy("độ chắc"), "probability", "number"),
            text("observationComments", gettext_lazy("ghi chú"), "note"),
        ),
        rest=Rest(column="extra"),
        prepare=prepare_answer,
        dataset=InDataset(held=False),
        family=Family(refers=("cameras.deployment", "observations.occurrence")),
        steps=Steps(finish=finish, undone=undone),
    )
)  # fmt: skip
