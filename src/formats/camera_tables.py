"""Camera traps as tables of other programs: the csv set of Wildlife Insights, camera and record tables as camtrapR
reads them (Excel or csv). They become the tables of a Camtrap DP package, with every word they had.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import polars as pl
import pyarrow as pa

from formats.camtrap_terms import TABLES
from formats.camtrap_views import Packed, fill
from formats.source import EXTRA, ROW, Findings, Source, Table, text_schema

DEPLOYED = {"deployment_id", "placename", "start_date", "end_date"}
IMAGES = {"deployment_id", "image_id", "is_blank"}
CAMERAS = {"station", "setup_date", "retrieval_date"}
RECORDS = {"station", "species", "datetimeoriginal"}
NUMERIC = re.compile(
    r"^\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$"
)
GAP = re.compile(r"^problem(\d+)_(from|to)$")
WI_DEPLOYMENT = {
    "deployment_id": "deploymentID", "placename": "locationName", "latitude": "latitude", "longitude": "longitude",
    "start_date": "deploymentStart", "end_date": "deploymentEnd", "recorded_by": "setupBy", "camera_id": "cameraID",
    "quiet_period": "cameraDelay", "detection_distance": "detectionDistance", "feature_type": "featureType",
    "plot_treatment_description": "habitat", "remarks": "deploymentComments", "subproject_name": "deploymentGroups",
}  # fmt: skip
WI_IMAGE = {
    "image_id": "mediaID", "deployment_id": "deploymentID", "timestamp": "timestamp", "location": "filePath",
    "filename": "fileName", "sequence_id": "eventID",
}  # fmt: skip
WI_OBSERVATION = {
    "deployment_id": "deploymentID", "image_id": "mediaID", "timestamp": "eventStart", "sequence_id": "eventID",
    "common_name": "vernacularName", "number_of_objects": "count", "sex": "sex", "age": "lifeStage",
    "individual_id": "individualID", "identified_by": "classifiedBy", "cv_confidence": "classificationProbability",
    "markings": "observationTags", "individual_animal_notes": "observationComments",
}  # fmt: skip
PEOPLE = r"(?i)\b(homo sapiens|human|person|people|homo)\b"
CARS = r"(?i)\b(vehicle|car|motorcycle|motorbike|bicycle|truck)\b"
BLANK = r"(?i)^(blank|no cv result|empty|misfire|false trigger)$"
COMPUTER = r"(?i)^(computer vision|cv|wi\b.*|ai|megadetector.*|speciesnet.*)$"
Change = Callable[[pl.DataFrame, Findings], pl.DataFrame]


def adopt(source: Source) -> None:
    """The tables of a source that are camera traps of a known program take the form of a package; others stay."""
    lower = {t.name: {c.strip().lower() for c in t.columns} for t in source.tables}
    deployed = next((t for t in source.tables if lower[t.name] >= DEPLOYED), None)
    images = [t for t in source.tables if lower[t.name] >= IMAGES]
    if deployed is not None and images:
        _wildlife_insights(source, deployed, images)
        return
    cameras = [t for t in source.tables if lower[t.name] >= CAMERAS]
    if cameras:
        _camtrapr(source, cameras, [t for t in source.tables if lower[t.name] >= RECORDS])


def _become(source: Source, program: str, packed: Packed, used: Sequence[Table]) -> None:
    rest = [t for t in source.tables if all(t is not u for u in used)]
    source.tables.clear()
    fill(packed, source)
    taken = {t.name for t in source.tables}
    source.tables.extend(t for t in rest if t.name not in taken)
    for table in (t for t in rest if t.name in taken):
        table.name = f"{table.name} (2)"
        source.tables.append(table)
    source.kind = "camera_tables"
    source.metadata.update({"program": program, "crs": "EPSG:4326"})


def _changed(name: str, used: Sequence[Table], columns: Sequence[str], change: Change) -> Table:
    """The rows of one table, or of several alike, with other columns."""
    schema = text_schema(list(columns), extra=True)
    opening = Findings()
    opening.restore([w for t in used for w in t.opening.all()])

    def read(rows: int, findings: Findings) -> Iterator[pa.RecordBatch]:
        last = 0
        for table in used:
            before = last  # rows of a second table count on, so that no two bear one number
            for batch in table.read(rows, findings):
                frame = pl.DataFrame(batch).with_columns(pl.col(ROW) + before)
                last = int(frame[ROW].max()) if len(frame) else last  # type: ignore[arg-type]
                frame = frame.rename({c: c.strip().lower() for c in frame.columns if c not in (ROW, EXTRA)})
                frame = change(frame, findings)
                blank = pl.lit(None, pl.String)
                frame = frame.select(
                    *[pl.col(f) if f in frame.columns else blank.alias(f) for f in (ROW, *columns, EXTRA)]
                )
                arrow = frame.rechunk().to_arrow()
                yield pa.record_batch(
                    [arrow.column(f.name).combine_chunks().cast(f.type) for f in schema], schema=schema
                )

    counted = [t.counted for t in used]
    table = Table(name, list(columns), schema, read, opening=opening)
    table.counted = None if any(c is None for c in counted) else sum(c for c in counted if c is not None)
    table.metadata = dict(used[0].metadata)
    return table


def order(texts: Sequence[str], default: str) -> tuple[str, bool]:
    """Whether written days begin with the year, the month or the day, and whether the cells themselves say so."""
    first, second = 0, 0
    for text in texts:
        found = NUMERIC.match(text)
        if found is None:
            continue
        if len(found[1]) == 4:
            return "year", True
        first, second = max(first, int(found[1])), max(second, int(found[2]))
    if first > 12:
        return "day", True
    return ("month", True) if second > 12 else (default, not first)


def moment(text: str | None, begins: str) -> str | None:
    """A written day and time as 2026-03-01T06:30:00 (a day alone: at midnight); what is none stays as it is written."""
    found = NUMERIC.match(text or "")
    if found is None:
        return text
    a, b, c = found[1], found[2], found[3]
    year, month, day = (a, b, c) if len(a) == 4 else (c, a, b) if begins == "month" else (c, b, a)
    year = f"20{year}" if len(year) == 2 else year
    clock = f"{int(found[4] or 0):02d}:{found[5] or '00'}:{found[6] or '00'}{found[7] or ''}"
    return f"{year}-{int(month):02d}-{int(day):02d}T{clock}{found[8] or ''}"


def _moments(column: str, begins: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda t: moment(t, begins), return_dtype=pl.String)


def _order_of(tables: Sequence[Table], columns: Sequence[str], default: str, findings: Findings) -> str:
    """How columns of whole tables write their days; where no cell tells, the program's way, which is said."""
    texts: list[str] = []
    name = ""
    for table in tables:
        for name in (c for c in table.columns if c.strip().lower() in columns):
            for batch in table.read(50_000, Findings()):
                texts += batch.column(name).drop_null().unique().to_pylist()
    begins, sure = order(texts, default)
    if not sure:
        way = "tháng trước, ngày sau" if begins == "month" else "ngày trước, tháng sau"
        findings.add(
            "date_order_assumed",
            f"Cột {name}: không ô nào cho biết ngày hay tháng đứng trước; đọc {way}.",
            f"The column {name} does not tell whether day or month comes first; it is read with the {begins} first.",
            "Nếu sai, ghi ngày dạng năm-tháng-ngày (2026-03-01) rồi nhập lại.",
            where=f"{tables[0].name}:{name}",
        )
    return begins


def _wildlife_insights(source: Source, deployed: Table, images: Sequence[Table]) -> None:
    found = source.findings
    stood = _order_of([deployed], ("start_date", "end_date"), "month", found)
    taken = _order_of(images, ("timestamp",), "month", found)

    def deployments(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
        bait = (
            pl.col("bait_type").str.to_lowercase()
            if "bait_type" in frame.columns
            else pl.lit(None, pl.String)
        )
        comments = [c for c in ("remarks", "sensor_height", "height_other", "bait_type", "camera_functioning",
                                "sensor_orientation", "feature_type_methodology") if c in frame.columns]  # fmt: skip
        return frame.with_columns(
            baitUse=pl.when(bait == "none")
            .then(pl.lit("false"))
            .when(bait.is_not_null())
            .then(pl.lit("true")),
            cameraHeight=_height(frame),
            start_date=_moments("start_date", stood),
            end_date=_moments("end_date", stood),
            remarks=_together(
                [pl.when(pl.col(c).is_not_null()).then(pl.lit(f"{c}: ") + pl.col(c)) for c in comments]
            ),
        ).rename(WI_DEPLOYMENT, strict=False)

    seen: dict[int, set[int]] = {}

    def media(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
        """One row a picture, however many rows tell what is on it."""
        if not len(frame):
            return frame
        if int(frame[ROW][0]) <= 2:
            seen.clear()
        before = seen.setdefault(0, set())
        prints = frame["image_id"].fill_null("").hash().to_list()
        keep = [p not in before and not before.add(p) for p in prints]  # type: ignore[func-returns-value]
        frame = frame.filter(pl.Series(keep)).with_columns(timestamp=_moments("timestamp", taken))
        video = pl.col("filename").str.contains(r"(?i)\.(avi|mp4|mov|mkv)$").fill_null(False)
        frame = frame.rename({k: v for k, v in WI_IMAGE.items() if k in frame.columns})
        kind = pl.when(video if "filename" in frame.columns else pl.lit(False))
        return frame.with_columns(
            fileMediatype=kind.then(pl.lit("video/mp4")).otherwise(pl.lit("image/jpeg"))
        )

    def observations(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
        return _wi_observations(frame, taken)

    own = [c for c in deployed.columns if c.strip().lower() not in {*WI_DEPLOYMENT, "bait_type"}]
    packed = Packed(
        {
            "deployments": _changed("deployments", [deployed], [
                *WI_DEPLOYMENT.values(), "baitUse", "cameraHeight", *[c.strip().lower() for c in own
                if c.strip().lower() not in {"remarks"}]], deployments),
            "media": _changed("media", images, [*WI_IMAGE.values(), "fileMediatype"], media),
            "observations": _changed("observations", images, [
                "observationID", *WI_OBSERVATION.values(), "observationType", "observationLevel", "scientificName",
                "classificationMethod"], observations),
        }
    )  # fmt: skip
    packed.tables["media"].counted = None
    _become(source, "Wildlife Insights", packed, [deployed, *images])


def _height(frame: pl.DataFrame) -> pl.Expr:
    """A height in metres where somebody wrote one; "knee height" is no number and stays in the comments."""
    if "height_other" not in frame.columns:
        return pl.lit(None, pl.String)
    return pl.col("height_other").str.extract(r"^\s*(\d+(?:\.\d+)?)\s*(?:m|metres?|meters?)?\s*$")


def _wi_observations(frame: pl.DataFrame, begins: str) -> pl.DataFrame:
    """A row a name on a picture; its key is the picture's with its place among the rows of that picture."""
    for column in ("genus", "species", "family", "order", "class", "common_name", "identified_by"):
        if column not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(column))
    genus, epithet = pl.col("genus").str.strip_chars(), pl.col("species").str.strip_chars()
    said = epithet.is_not_null() & (epithet != "")
    higher = pl.coalesce(genus, "family", "order", "class")
    name = pl.when(genus.is_not_null() & said).then(genus + " " + epithet).otherwise(higher)
    common = pl.coalesce("common_name", pl.lit(""))
    blank = pl.col("is_blank").str.to_lowercase().is_in(["1", "true", "yes"]) | common.str.contains(BLANK)
    kind = (
        pl.when(blank.fill_null(False)).then(pl.lit("blank"))
        .when((name.fill_null("") + " " + common).str.contains(PEOPLE)).then(pl.lit("human"))
        .when(common.str.contains(CARS)).then(pl.lit("vehicle"))
        .when(name.is_null() & (common == "")).then(pl.lit("unclassified"))
        .otherwise(pl.lit("animal"))
    )  # fmt: skip
    by = pl.col("identified_by").str.strip_chars()
    whose = ["image_id", "wi_taxon_id", "individual_id", "age", "sex"]
    parts = [pl.col(c).fill_null("") for c in whose if c in frame.columns]
    frame = frame.with_columns(
        observationID=pl.concat_str(parts, separator="/").str.strip_chars_end("/"),
        scientificName=pl.when(kind.is_in(["animal", "human"])).then(name),
        observationType=kind,
        observationLevel=pl.lit("media"),
        classificationMethod=pl.when(by.str.contains(COMPUTER)).then(pl.lit("machine")).when(by.is_not_null()).then(pl.lit("human")),
        timestamp=_moments("timestamp", begins),
    )  # fmt: skip
    twice = pl.int_range(pl.len()).over("observationID")
    frame = frame.with_columns(
        observationID=pl.when(twice == 0).then("observationID")
        .otherwise(pl.col("observationID") + "." + (twice + 1).cast(pl.String))
    )  # fmt: skip
    return frame.rename({k: v for k, v in WI_OBSERVATION.items() if k in frame.columns})


def _camtrapr(source: Source, cameras: Sequence[Table], records: Sequence[Table]) -> None:
    """A camera table (station, days, problems) and, beside it, a record table (station, species, time)."""
    have = {c.strip().lower() for t in cameras for c in t.columns}
    days = ("setup_date", "retrieval_date", *(c for c in have if GAP.match(c)))
    begins = _order_of(cameras, days, "day", source.findings)
    taken = _order_of(records, ("datetimeoriginal",), "day", source.findings) if records else "year"
    if {"utm_x", "utm_y"} & have and not {"longitude", "latitude", "long", "lat"} & have:
        source.findings.add(
            "system_not_stated",
            "Bảng máy ghi toạ độ UTM mà không nói múi chiếu; vị trí máy để trống, số toạ độ được giữ trong ghi chú.",
            "The camera table has UTM coordinates without their zone; the places stay blank, the numbers are kept.",
            "Thêm cột longitude, latitude (WGS84) rồi nhập lại.",
            where=cameras[0].name,
        )
    problems = sorted(c for c in have if GAP.match(c))

    def deployments(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
        return _stations(frame, begins, problems)

    columns = ["deploymentID", "locationID", "locationName", "latitude", "longitude", "deploymentStart",
               "deploymentEnd", "cameraID", "deploymentGroups", "gaps", "deploymentComments"]  # fmt: skip
    tables = {"deployments": _changed("deployments", cameras, columns, deployments)}
    if records:
        stated = {"deploymentID", "mediaID", "timestamp", "filePath", "fileName", "fileMediatype"}
        stands: list[pl.DataFrame] = []

        def media(frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
            if not stands:
                stands.append(_stays(tables["deployments"]))
            return _records(frame, taken, stands[0])

        tables["media"] = _changed("media", records, sorted(stated), media)
        tables["observations"] = _changed(
            "observations", records,
            ["observationID", "deploymentID", "mediaID", "eventStart", "observationType", "observationLevel",
             "scientificName", "count", "classificationMethod"], media,
        )  # fmt: skip
    packed = Packed({n: tables[n] for n in TABLES if n in tables}, {"deployments": ("gaps",)})
    _become(source, "camtrapR", packed, [*cameras, *records])


def _session(frame: pl.DataFrame) -> pl.Expr | None:
    column = next((c for c in ("session", "season") if c in frame.columns), None)
    return None if column is None else pl.col(column).str.replace(r"\.0$", "")


def _key(frame: pl.DataFrame) -> pl.Expr:
    """A station is one deployment, or one of each session or camera where the table tells them."""
    parts = [pl.col("station").str.strip_chars()]
    if "camera" in frame.columns:
        parts.append(pl.col("camera").str.strip_chars())
    if (session := _session(frame)) is not None:
        parts.append(session)
    return pl.concat_str(parts, separator="/", ignore_nulls=True)


def _stations(frame: pl.DataFrame, begins: str, problems: Sequence[str]) -> pl.DataFrame:
    latitude = next((c for c in ("latitude", "lat", "y_wgs84") if c in frame.columns), None)
    longitude = next((c for c in ("longitude", "long", "lon", "x_wgs84") if c in frame.columns), None)
    numbers = sorted({GAP.match(c)[1] for c in problems}, key=int)  # type: ignore[index]
    gaps = []
    for n in numbers:
        ends = [f"problem{n}_{e}" for e in ("from", "to")]
        if all(e in frame.columns for e in ends):
            day = [_moments(e, begins).str.slice(0, 10) for e in ends]
            # one without its other end is refused, not left out
            either = day[0].is_not_null() | day[1].is_not_null()
            gaps.append(pl.when(either).then(day[0].fill_null("") + "/" + day[1].fill_null("")))
    taken = {"station", "setup_date", "retrieval_date", "camera", *problems, latitude, longitude, ROW, EXTRA}
    kept = [c for c in frame.columns if c not in taken and not c.startswith("column ")]
    told = [pl.when(pl.col(c).is_not_null()).then(pl.lit(f"{c}: ") + pl.col(c)) for c in kept]
    none = pl.lit(None, pl.String)
    session = _session(frame)
    return frame.with_columns(
        deploymentID=_key(frame),
        locationID=pl.col("station"),
        locationName=pl.col("station"),
        cameraID=pl.col("camera") if "camera" in frame.columns else none,
        deploymentGroups=none if session is None else pl.lit("session:") + session,
        latitude=pl.col(latitude) if latitude else none,
        longitude=pl.col(longitude) if longitude else none,
        deploymentStart=_moments("setup_date", begins),
        deploymentEnd=_moments("retrieval_date", begins),
        gaps=_together(gaps),
        deploymentComments=_together(told),
    )


def _together(parts: Sequence[pl.Expr]) -> pl.Expr:
    """What the parts say, with semicolons between; nothing where none says anything."""
    if not parts:
        return pl.lit(None, pl.String)
    words = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return pl.when(words != "").then(words)


def _stays(table: Table) -> pl.DataFrame:
    """When each camera of each station stood, by the first of them first."""
    frames = [pl.DataFrame(b) for b in table.read(50_000, Findings())]
    whole = pl.concat(frames) if frames else pl.DataFrame(schema=dict.fromkeys(
        ("deploymentID", "locationID", "deploymentStart", "deploymentEnd"), pl.String))  # fmt: skip
    return whole.select(
        "deploymentID", station="locationID", _from=pl.col("deploymentStart").str.slice(0, 10),
        _to=pl.col("deploymentEnd").str.slice(0, 10),
    )  # fmt: skip


def _placed(frame: pl.DataFrame, when: pl.Expr, stands: pl.DataFrame) -> pl.DataFrame:
    """Each record at the deployment of its station that stood on its day; else under the station's own name, which
    says that no camera stood there then."""
    frame = frame.with_columns(
        station=pl.col("station").str.strip_chars(), _day=when.str.slice(0, 10), _own=_key(frame)
    )
    found = frame.select(ROW, "station", "_day").join(stands, on="station", how="left", maintain_order="left")
    fits = (pl.col("_from") <= pl.col("_day")) & (pl.col("_day") <= pl.col("_to").fill_null("9999"))
    found = found.filter(fits).unique(ROW, keep="first", maintain_order=True).select(ROW, "deploymentID")
    frame = frame.join(found, on=ROW, how="left", maintain_order="left")
    stated = pl.col("_own").is_in(stands["deploymentID"].implode())
    only = (
        stands.group_by("station")
        .agg(_only=pl.col("deploymentID").first(), _n=pl.len())
        .filter(pl.col("_n") == 1)
    )
    frame = frame.join(only, on="station", how="left", maintain_order="left")
    known = pl.when(stated).then("_own").otherwise(pl.coalesce("deploymentID", "_only", "_own"))
    return frame.with_columns(deploymentID=known)


def _records(frame: pl.DataFrame, begins: str, stands: pl.DataFrame) -> pl.DataFrame:
    """A record is a picture and what was seen on it."""
    frame = _placed(frame, _moments("datetimeoriginal", begins), stands)
    station = pl.col("station")
    file = pl.col("filename") if "filename" in frame.columns else pl.lit("")
    folder = pl.col("directory") if "directory" in frame.columns else pl.lit(None, pl.String)
    when = _moments("datetimeoriginal", begins)
    own = pl.concat_str([station, when, pl.coalesce(file, pl.lit(""))], separator="/")
    count = next((c for c in ("count", "individuals", "n", "group_size") if c in frame.columns), None)
    species = pl.col("species").str.strip_chars()
    plain = species.fill_null("").str.to_lowercase().str.replace_all("_", " ")
    kind = (
        pl.when(plain.str.contains(BLANK) | plain.is_in(["none", "nothing"])).then(pl.lit("blank"))
        .when(plain.str.contains(PEOPLE)).then(pl.lit("human"))
        .when(plain.str.contains(CARS)).then(pl.lit("vehicle"))
        .when(plain == "").then(pl.lit("unclassified"))
        .otherwise(pl.lit("animal"))
    )  # fmt: skip
    return frame.with_columns(
        mediaID=own,
        observationID=pl.concat_str([own, pl.coalesce(species, pl.lit(""))], separator="/"),
        timestamp=when,
        eventStart=when,
        filePath=pl.concat_str([folder, file], separator="/", ignore_nulls=True),
        fileName=file,
        fileMediatype=pl.lit("image/jpeg"),
        observationType=kind,
        observationLevel=pl.lit("media"),
        scientificName=pl.when(kind == "animal").then(species),
        count=pl.col(count) if count else pl.lit(None, pl.String),
        classificationMethod=pl.lit("human"),
    )
