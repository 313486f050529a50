"""A package goes out as it came in, as the official schemas want it, and tells nobody what he may not know."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.cameras import package

from baoton.cameras.models import Deployment
from baoton.cameras.queries import package_of
from baoton.kit.access import Scope, System
from baoton.kit.importing import run_file
from baoton.kit.reading.register import REGISTERS
from formats import camtrap_terms

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]


class Blind:
    """Somebody who sees the books of cameras and no true place."""

    actor_id, actor_name, organisation_id = "ai", "ai", ""

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return (Scope(),) if verb.endswith(".see") else ()


def out(actor: Any, path: Path) -> dict[str, list[dict[str, str]]]:
    door = REGISTERS["cameras.deployment"].door(actor)
    package_of(actor, door.open(), path, "Bẫy ảnh")
    with zipfile.ZipFile(path) as archive:
        return {
            n: list(csv.DictReader(io.StringIO(archive.read(f"{n}.csv").decode())))
            for n in camtrap_terms.TABLES
        }


def told(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("datapackage.json"))


def test_what_came_in_goes_out(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    given = {
        n: list(csv.DictReader(io.StringIO(t)))
        for n, t in (("deployments", package.DEPLOYMENTS), ("media", package.MEDIA),
                     ("observations", package.OBSERVATIONS))
    }  # fmt: skip
    got = out(System(), tmp_path / "ra.zip")
    keys = {"deployments": "deploymentID", "media": "mediaID", "observations": "observationID"}
    for name, key in keys.items():
        back = {r[key]: r for r in got[name]}
        for row in given[name]:
            if row[key] == "m4":  # a person stands in it
                assert row[key] not in back
                continue
            here = back[row[key]]
            for column, value in row.items():
                value = re.sub(r"([+-]\d\d):(\d\d)$", r"\1\2", value)
                if column in {"latitude", "longitude"}:
                    assert float(here[column]) == float(value)
                elif row[key] != "o3" and column != "exifData":
                    assert here[column] == value, (name, row[key], column)
    said = next(r for r in got["observations"] if r["observationID"] == "o3")
    assert (said["observationType"], said["mediaID"], said["scientificName"]) == ("human", "", "")


def test_a_package_that_went_out_comes_in_unchanged(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    out(System(), tmp_path / "goi-anh.zip")
    total = run_file(System(), tmp_path / "goi-anh.zip").counts["total"]
    assert total["created"] == 0 and total["refused"] == 0


def test_whoever_knows_no_true_place_gets_squares_and_no_words_of_places(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    got = out(Blind(), tmp_path / "mo.zip")
    for row in got["deployments"]:
        assert abs(float(row["longitude"]) - 102.40) > 0.004 and int(row["coordinateUncertainty"]) > 5_000
        assert row["locationName"] == "" and row["deploymentTags"] == "" and row["setupBy"] == ""
    whole = (tmp_path / "mo.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        text = "".join(archive.read(n).decode() for n in archive.namelist())
    assert "Nậm Ma" not in text and "22.4," not in text and "102.42" not in text


def wrong(value: str, field: dict[str, Any]) -> str:
    """Why a cell does not fit its field of a table schema; empty where it does."""
    rules = field.get("constraints", {})
    if value == "":
        return "required" if rules.get("required") else ""
    kind = field["type"]
    if kind in {"number", "integer"}:
        number = float(value)
        if kind == "integer" and not re.fullmatch(r"-?\d+", value):
            return "integer"
        if number < rules.get("minimum", number) or number > rules.get("maximum", number):
            return "limits"
    if kind == "boolean" and value not in {"true", "false"}:
        return "boolean"
    if kind == "datetime" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", value):
        return "datetime"
    if "enum" in rules and value not in rules["enum"]:
        return "enum"
    if "pattern" in rules and not re.search(rules["pattern"], value):
        return "pattern"
    return ""


def accepted(got: dict[str, list[dict[str, str]]], folder: Path) -> None:
    """Each cell of the package is as the official table schemas want it."""
    for table in camtrap_terms.TABLES:
        schema = json.loads((folder / "camtrapdp_schemas" / f"{table}-table-schema.json").read_text())
        fields = {f["name"]: f for f in schema["fields"]}
        assert list(got[table][0] if got[table] else fields) == list(fields)
        bad = [(r, c, v, wrong(v, fields[c])) for r, row in enumerate(got[table]) for c, v in row.items()]
        assert not [b for b in bad if b[3]][:3]
        for column, field in fields.items():
            if field.get("constraints", {}).get("unique"):
                values = [r[column] for r in got[table]]
                assert len(values) == len(set(values))


@pytest.mark.outside
@pytest.mark.parametrize(
    "name", ["", "camtrapdp_official_example", "camtraptor_extdata/mica", "camtraptor_wi_tests"]
)
def test_the_official_schemas_accept_what_goes_out(name: str, shared: Path, tmp_path: Path) -> None:
    """Each cell held against the fields of the table schemas; required words of the profile are there."""
    folder = shared / "data" / "camtrap"
    run_file(System(), folder / name if name else package.write(tmp_path))
    got, found = out(System(), tmp_path / "ra.zip"), told(tmp_path / "ra.zip")
    assert len(got["deployments"]) == Deployment.objects.count()
    accepted(got, folder)
    known = {r["deploymentID"] for r in got["deployments"]}
    assert all(r["deploymentID"] in known for t in ("media", "observations") for r in got[t])
    media = {r["mediaID"] for r in got["media"]}
    assert all(r["mediaID"] in {*media, ""} for r in got["observations"])
    profile = json.loads((folder / "camtrapdp_schemas" / "camtrap-dp-profile.json").read_text())["allOf"][1]
    assert set(profile["required"]) <= set(found)
    project = profile["properties"]["project"]
    assert set(project["required"]) <= set(found["project"])
    assert found["project"]["samplingDesign"] in project["properties"]["samplingDesign"]["enum"]
    assert all("1.0.2" in r["schema"] for r in found["resources"])
    assert all(set(t) == {"scientificName"} for t in found["taxonomic"])
