"""A small camera package written for tests: two cameras in Lai Châu, pictures of a night, what was said of them."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

RAW = "https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0.2"
NAMES = ("deployments", "media", "observations")
DEPLOYMENTS = (
    "deploymentID,locationName,latitude,longitude,coordinateUncertainty,deploymentStart,deploymentEnd,setupBy,"
    "cameraID,cameraModel,cameraHeight,baitUse,featureType,deploymentTags\n"
    "d1,Khe Nậm Ma,22.40,102.40,15,2026-03-01T08:00:00+07:00,2026-03-31T08:00:00+07:00,Pao,7,Reconyx,0.5,false,"
    "trailGame,khe\n"
    "d2,Đỉnh Pu Si Lung,22.41,102.42,15,2026-03-01T08:00:00+07:00,2026-03-11T08:00:00+07:00,Pao,8,Reconyx,0.5,"
    "false,waterSource,\n"
)
MEDIA_HEAD = "mediaID,deploymentID,timestamp,filePath,filePublic,fileMediatype,exifData\n"
MEDIA = MEDIA_HEAD + "".join(
    f"m{n},{d},2026-03-{day:02d}T{clock}+07:00,{d}/IMG_{n}.JPG,false,image/jpeg,\n"
    for n, (d, day, clock) in enumerate(
        [("d1", 2, "05:00:00"), ("d1", 2, "05:00:20"), ("d1", 2, "06:00:00"), ("d1", 3, "10:00:00"),
         ("d2", 4, "22:00:00"), ("d2", 5, "07:00:00")], 1
    )
)  # fmt: skip
OBSERVATION_HEAD = (
    "observationID,deploymentID,mediaID,eventID,eventStart,eventEnd,observationLevel,observationType,scientificName,"
    "count,lifeStage,classificationMethod,classifiedBy,classificationProbability\n"
)
OBSERVATIONS = OBSERVATION_HEAD + (
    "o1,d1,,e1,2026-03-02T05:00:00+07:00,2026-03-02T05:00:20+07:00,event,animal,Muntiacus vaginalis,2,adult,"
    "human,Lan,\n"
    "o2,d1,,e2,2026-03-02T06:00:00+07:00,2026-03-02T06:00:00+07:00,event,blank,,,,human,Lan,\n"
    "o3,d1,m4,e3,2026-03-03T10:00:00+07:00,2026-03-03T10:00:00+07:00,media,human,,1,,human,Lan,\n"
    "o4,d2,,e4,2026-03-04T22:00:00+07:00,2026-03-04T22:00:00+07:00,event,animal,Sus scrofa,1,,machine,md_v5,0.83\n"
)


def write(folder: Path, name: str = "goi-anh.zip", **texts: str) -> Path:
    """A zip of the package; each table may be given another text."""
    tables: Mapping[str, str] = {
        "deployments": DEPLOYMENTS,
        "media": MEDIA,
        "observations": OBSERVATIONS,
        **texts,
    }
    resources = [{"name": n, "path": f"{n}.csv", "schema": f"{RAW}/{n}-table-schema.json"} for n in NAMES]
    told = {"profile": f"{RAW}/camtrap-dp-profile.json", "resources": resources, "title": "Bẫy ảnh Mường Tè"}
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("datapackage.json", json.dumps(told))
        for table in NAMES:
            archive.writestr(f"{table}.csv", tables[table])
    return path
