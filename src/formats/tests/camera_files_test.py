"""Camera traps: Camtrap DP old and new, Wildlife Insights, camtrapR, labels of machines; a sentence for each fault."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import formats

RAW = "https://raw.githubusercontent.com/tdwg/camtrap-dp"
DEPLOYMENTS = (
    "deploymentID,locationName,latitude,longitude,deploymentStart,deploymentEnd\n"
    "d1,Khe Nậm Ma,22.5,102.6,2026-03-01T08:00:00+07:00,2026-03-31T08:00:00+07:00\n"
)
MEDIA = (
    "mediaID,deploymentID,timestamp,filePath,filePublic,fileMediatype\n"
    "m1,d1,2026-03-02T05:00:00+07:00,d1/IMG_1.JPG,false,image/jpeg\n"
)
OBSERVATIONS = (
    "observationID,deploymentID,mediaID,eventID,eventStart,eventEnd,observationLevel,observationType,"
    "scientificName,count,classificationMethod\n"
    "o1,d1,,e1,2026-03-02T05:00:00+07:00,2026-03-02T05:01:00+07:00,event,animal,Muntiacus vaginalis,1,human\n"
)


def described(version: str = "1.0.2", **more: Any) -> str:
    names = ("deployments", "media", "observations")
    resources = [
        {"name": n, "path": f"{n}.csv", "schema": f"{RAW}/{version}/{n}-table-schema.json"} for n in names
    ]
    return json.dumps({"profile": f"{RAW}/{version}/camtrap-dp-profile.json", "resources": resources, **more})


def package(tmp_path: Path, **files: str | bytes | None) -> Path:
    """A zip of the three tables; `deployments="…"` puts another text in place of one, None leaves it out."""
    whole: dict[str, str | bytes | None] = {
        "datapackage.json": described(), "deployments.csv": DEPLOYMENTS, "media.csv": MEDIA,
        "observations.csv": OBSERVATIONS,
    }  # fmt: skip
    whole |= {f"{n}.json" if n == "datapackage" else f"{n}.csv": v for n, v in files.items()}
    path = tmp_path / "goi.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in whole.items():
            if text is not None:
                archive.writestr(name, text)
    return path


def rows(source: formats.Source, name: str) -> list[dict[str, Any]]:
    return [row for batch in source.table(name).batches() for row in batch.to_pylist()]


def faults(source: formats.Source) -> dict[str, formats.Warning]:
    for table in source.tables:
        list(table.batches())
    return {w.code: w for w in source.warnings}


@pytest.mark.parametrize("version", ["1.0", "1.0.1", "1.0.2", "1.0-rc.1", "0.1.6"])
def test_a_package_of_any_version_is_its_tables_its_visits_and_its_animals(
    tmp_path: Path, version: str
) -> None:
    with formats.open(package(tmp_path, datapackage=described(version, title="Mường Tè"))) as source:
        assert (source.kind, source.metadata["camtrap_dp"], source.metadata["title"]) == (
            "camtrap_dp", version, "Mường Tè",
        )  # fmt: skip
        assert not faults(source)
        (visit,), (animal,) = rows(source, "Event"), rows(source, "Occurrence")
    assert (visit["eventID"], visit["decimalLatitude"], visit["sampleSizeValue"]) == ("d1", "22.5", "30.0")
    assert (animal["occurrenceID"], animal["eventID"], animal["individualCount"]) == ("o1", "d1", "1")


def test_words_of_before_become_those_of_today(tmp_path: Path) -> None:
    path = package(
        tmp_path, datapackage=described("0.1.6"),
        deployments="deploymentID,longitude,latitude,start,end,cameraInterval,comments\n"
        "d1,102.6,22.5,2026-03-01T01:00:00Z,2026-03-02T01:00:00+0000,5,gần suối\n",
        media="mediaID,deploymentID,sequenceID,captureMethod,timestamp,filePath,favourite\n"
        "m1,d1,s1,motion detection,2026-03-01T02:00:00Z,a.jpg,true\n",
        observations="observationID,deploymentID,sequenceID,mediaID,timestamp,observationType,cameraSetup,"
        "scientificName,sex,behaviour,classificationMethod,classificationConfidence\n"
        "o1,d1,s1,,2026-03-01T02:00:00Z,animal,FALSE,Macaca mulatta,unknown,đi,human,0.9\n",
    )  # fmt: skip
    with formats.open(path) as source:
        assert not faults(source)
        (deployment,), (medium,) = rows(source, "deployments"), rows(source, "media")
        (seen,) = rows(source, "observations")
    assert (deployment["deploymentStart"], deployment["cameraDelay"]) == ("2026-03-01T01:00:00Z", "5")
    assert (medium["eventID"], medium["captureMethod"]) == ("s1", "activityDetection")
    assert (seen["eventStart"], seen["eventEnd"]) == ("2026-03-01T02:00:00Z",) * 2
    assert (seen["observationLevel"], seen["sex"], seen["behavior"]) == ("event", None, "đi")
    assert (seen["classificationProbability"], seen["cameraSetupType"]) == ("0.9", None)


LATER = DEPLOYMENTS.replace("2026-03-31T08:00:00+07:00", "2026-02-27T08:00:00+07:00")
FAULTS: dict[str, tuple[dict[str, str | None], str, str]] = {
    "a table is missing": ({"media": None}, "missing_resource", "media"),
    "deployments are missing": ({"deployments": None}, "missing_resource", "deployments"),
    "the version is unknown": ({"datapackage": described("3.7")}, "unknown_version", "3.7"),
    "no version is stated": (
        {"datapackage": json.dumps({"resources": [{"name": "deployments", "path": "deployments.csv"}]})},
        "unknown_version", "không ghi phiên bản",
    ),
    "the description is cut": ({"datapackage": described()[:200]}, "bad_description", "theo tên tệp"),
    "a column has another name": (
        {"media": MEDIA.replace("filePath", "duong_dan")}, "missing_column", "filePath",
    ),
    "the end is before the start": ({"deployments": LATER}, "ends_before_start", "deploymentEnd"),
    "an event ends before it begins": (
        {"observations": OBSERVATIONS.replace("05:01:00", "04:01:00")}, "ends_before_start", "eventEnd",
    ),
    "media of a deployment that is not there": (
        {"media": MEDIA.replace(",d1,", ",d9,")}, "unknown_deployment", "d9",
    ),
    "an observation of no deployment": (
        {"observations": OBSERVATIONS.replace("o1,d1,", "o1,,")}, "no_deployment", "deploymentID trống",
    ),
    "a moment that is none": (
        {"media": MEDIA.replace("2026-03-02T05:00:00+07:00", "sáng sớm")}, "bad_moment", "sáng sớm",
    ),
    "no time zone": ({"media": MEDIA.replace("+07:00", "")}, "no_time_zone", "múi giờ"),
    "a table elsewhere": (
        {"datapackage": described().replace('"media.csv"', '"https://example.org/media.csv"')},
        "resource_elsewhere", "example.org",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_of_a_package_is_one_sentence_and_loses_nothing(name: str, tmp_path: Path) -> None:
    files, code, words = FAULTS[name]
    with formats.open(package(tmp_path, **files)) as source:
        told = faults(source)
        assert words in told[code].vi and told[code].count == 1
        there = [t for t in ("deployments", "media", "observations") if files.get(t, "") is not None]
        gone = "media" if code == "resource_elsewhere" else ""
        assert [t.name for t in source.tables[: len(there)]] == [t for t in there if t != gone] or gone
        assert all(len(rows(source, t)) == 1 for t in there if t != gone)


def test_a_cut_zip_is_told_and_nothing_is_made_of_it(tmp_path: Path) -> None:
    whole = package(tmp_path).read_bytes()
    cut = tmp_path / "cat.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(formats.FormatError) as told:
        formats.open(cut)
    assert told.value.vi and told.value.suggestion


def test_tables_may_be_gzipped_or_in_pieces(tmp_path: Path) -> None:
    folder = tmp_path / "goi"
    folder.mkdir()
    more = MEDIA.splitlines()[0] + "\nm2,d1,2026-03-03T05:00:00+07:00,d1/IMG_2.JPG,false,image/jpeg\n"
    text = json.loads(described())
    text["resources"][1]["path"] = ["media-1.csv.gz", "media-2.csv"]
    (folder / "datapackage.json").write_text(json.dumps(text), encoding="utf-8")
    (folder / "media-1.csv.gz").write_bytes(gzip.compress(MEDIA.encode()))
    (folder / "media-2.csv").write_text(more, encoding="utf-8")
    (folder / "deployments.csv").write_text(DEPLOYMENTS, encoding="utf-8")
    (folder / "observations.csv").write_text(OBSERVATIONS, encoding="utf-8")
    with formats.open(folder) as source:
        assert [r["mediaID"] for r in rows(source, "media")] == ["m1", "m2"]


def test_an_animal_is_an_encounter_once_and_neither_a_person_nor_a_guess_is_one(tmp_path: Path) -> None:
    head, first = OBSERVATIONS.splitlines()
    times = "2026-03-02T05:00:00+07:00,2026-03-02T05:00:00+07:00"
    more = [
        f"o2,d1,m1,e1,{times},media,animal,Muntiacus vaginalis,1,human",
        f"o3,d1,m2,e2,{times},media,animal,Sus scrofa,2,human",
        f"o4,d1,m3,e2,{times},media,animal,Sus scrofa,5,human",
        f"o5,d1,,e3,{times},event,human,Homo sapiens,1,human",
        f"o6,d1,,e4,{times},event,animal,Panthera pardus,1,machine",
        f"o7,d1,,e5,{times},event,blank,,,human",
        f"o8,d1,m8,,{times},media,animal,Sus scrofa,1,human",
    ]
    with formats.open(package(tmp_path, observations="\n".join([head, first, *more, ""]))) as source:
        assert len(rows(source, "observations")) == 8
        assert [r["occurrenceID"] for r in rows(source, "Occurrence")] == ["o1", "o4", "o8"]


WI_DEPLOYMENTS = (
    "project_id,deployment_id,placename,longitude,latitude,start_date,end_date,bait_type,feature_type,camera_id\n"
    "1,d1,Pu Si Lung,102.6,22.6,2026-03-01 00:00:00,2026-04-01 00:00:00,Meat,Trail game,7\n"
)
WI_IMAGES = (
    "project_id,deployment_id,image_id,filename,location,is_blank,identified_by,wi_taxon_id,class,order,family,"
    "genus,species,common_name,timestamp,number_of_objects,age,sex\n"
    "1,d1,i1,A.JPG,gs://x/A.JPG,0,Lan,t1,Mammalia,Carnivora,Felidae,Prionailurus,bengalensis,Leopard Cat,"
    "3/13/26 05:10,1,Adult,Male\n"
    "1,d1,i1,A.JPG,gs://x/A.JPG,0,Lan,t2,Aves,Galliformes,Phasianidae,Gallus,gallus,Red Junglefowl,3/13/26 05:10,2,,\n"
    "1,d1,i2,B.JPG,gs://x/B.JPG,1,Computer vision,t3,,,,,,Blank,3/14/26 06:00,,,\n"
    "1,d1,i3,C.JPG,gs://x/C.JPG,0,Lan,t4,Mammalia,Primates,Hominidae,Homo,sapiens,Human,3/14/26 07:00,1,,\n"
)


def test_a_set_of_wildlife_insights_becomes_the_tables_of_a_package(tmp_path: Path) -> None:
    (tmp_path / "deployments.csv").write_text(WI_DEPLOYMENTS, encoding="utf-8")
    (tmp_path / "images.csv").write_text(WI_IMAGES, encoding="utf-8")
    with formats.open(tmp_path) as source:
        assert source.metadata["program"] == "Wildlife Insights"
        (deployment,) = rows(source, "deployments")
        media, seen = rows(source, "media"), rows(source, "observations")
        animals = rows(source, "Occurrence")
    assert (deployment["baitUse"], deployment["featureType"]) == ("true", "trailGame")
    assert [m["mediaID"] for m in media] == ["i1", "i2", "i3"]
    assert media[0]["timestamp"] == "2026-03-13T05:10:00"
    kinds = [(s["observationType"], s["scientificName"], s["classificationMethod"]) for s in seen]
    assert kinds == [
        ("animal", "Prionailurus bengalensis", "human"), ("animal", "Gallus gallus", "human"),
        ("blank", None, "machine"), ("human", "Homo sapiens", "human"),
    ]  # fmt: skip
    assert (seen[0]["lifeStage"], seen[0]["sex"]) == ("adult", "male")
    assert [a["scientificName"] for a in animals] == ["Prionailurus bengalensis", "Gallus gallus"]


def test_a_camera_table_has_its_gaps_and_each_record_its_season(tmp_path: Path) -> None:
    (tmp_path / "camtraps.csv").write_text(
        "Station,Longitude,Latitude,Setup_date,Retrieval_date,Problem1_from,Problem1_to,session\n"
        "A,102.6,22.6,02/04/2025,14/05/2025,,,2025\nA,102.6,22.6,02/04/2026,14/05/2026,10/04/2026,20/04/2026,2026\n",
        encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "records.csv").write_text(
        "Station,Species,DateTimeOriginal,Directory,FileName\nA,Sus scrofa,2026-04-03 05:00:00,A,1.JPG\n"
        "B,Sus scrofa,2026-04-03 05:00:00,B,2.JPG\n",
        encoding="utf-8",
    )
    with formats.open(tmp_path) as source:
        told = faults(source)
        visits, seen = rows(source, "Event"), rows(source, "observations")
        gaps = [d["gaps"] for d in rows(source, "deployments")]
    assert [(v["eventID"], v["sampleSizeValue"]) for v in visits] == [("A/2025", "42.0"), ("A/2026", "32.0")]
    assert gaps == [None, "2026-04-10/2026-04-20"]
    assert [s["deploymentID"] for s in seen] == ["A/2026", "B"]
    assert told["unknown_deployment"].rows == (3,) and "date_order_assumed" not in told


def test_labels_of_a_machine_are_suggestions_with_their_confidence(tmp_path: Path) -> None:
    detector = {
        "info": {"detector": "md_v5a", "classifier": "speciesnet"},
        "detection_categories": {"1": "animal", "2": "person", "3": "vehicle"},
        "classification_categories": {"0": "x;mammalia;carnivora;felidae;prionailurus;bengalensis;leopard cat"},
        "images": [
            {"file": "d1/A.JPG", "detections": [
                {"category": "1", "conf": 0.9, "bbox": [0, 0, 1, 1], "classifications": [["0", 0.7]]},
                {"category": "2", "conf": 0.4, "bbox": [0, 0, 1, 1]}]},
            {"file": "d1/B.JPG", "detections": []},
            {"file": "d1/C.JPG", "failure": "Failure image access"},
        ],
    }  # fmt: skip
    net = {"predictions": [
        {"filepath": "d1/A.JPG", "prediction": "u;mammalia;carnivora;felidae;prionailurus;bengalensis;leopard cat",
         "prediction_score": 0.81, "model_version": "4.0.1a",
         "detections": [{"category": "1", "label": "animal", "conf": 0.9, "bbox": [0, 0, 1, 1]}]},
        {"filepath": "d1/B.JPG", "prediction": "u;;;;;;blank", "prediction_score": 0.99, "detections": []},
        {"filepath": "d1/D.JPG", "failures": ["CLASSIFIER"]},
    ]}  # fmt: skip
    told = {}
    for name, document in (("md.json", detector), ("net.json", net)):
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
        with formats.open(tmp_path / name) as source:
            assert faults(source)["machine_failed"].count == 1
            told[name] = rows(source, "CameraLabel")
    assert [(r["filePath"], r["observationType"], r["classificationProbability"]) for r in told["md.json"]] == [
        ("d1/A.JPG", "animal", "0.7"), ("d1/A.JPG", "human", "0.4"), ("d1/B.JPG", "blank", None)]  # fmt: skip
    first = told["net.json"][0]
    assert (first["scientificName"], first["vernacularName"]) == ("Prionailurus bengalensis", "leopard cat")
    assert {r["classificationMethod"] for name in told for r in told[name]} == {"machine"}


def test_a_package_that_lost_its_description_is_read_by_its_tables(tmp_path: Path) -> None:
    with formats.open(package(tmp_path, datapackage=None)) as source:
        assert source.kind == "camtrap_dp"
        assert {t.name for t in source.tables} >= {"deployments", "media", "observations"}
        assert any("không có datapackage.json" in w.vi for w in source.warnings)
