"""No file ends the program that reads it: what costs too much is refused with a sentence, and the next file is read."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
import xlsxwriter
from pyogrio.raw import write

import formats
from formats import bounded
from formats.bounded import Limits

GOOD = "occurrenceID,scientificName\n1,Schima wallichii\n"


def far_cell(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": False}) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["scientificName", "eventDate"])
        sheet.write_row(1, 0, ["Schima wallichii", "2025"])
        sheet.write_string(1_048_575, 16_383, "x")


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as file:
        for _ in range(200):
            file.write(b"0" * (1 << 20))


def many_columns(path: Path) -> None:
    path.write_text(",".join(f"c{i}" for i in range(100_000)) + "\n" + ",".join("1" * 100_000) + "\n")


def endless_line(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(40):
            file.write(b"x" * (1 << 20))


def deep_json(path: Path) -> None:
    path.write_text('{"type":"FeatureCollection","features":' + "[" * 300_000 + "]" * 300_000 + "}")


def endless_header(path: Path) -> None:
    path.write_text("a" * 50_000 + ",b\n1,2\n3,4\n")


def laughing_kml(path: Path) -> None:
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 20 if i else "&a;" * 20}">' for i in range(12))
        + ']><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&a11;</name>'
        "<Point><coordinates>103,22</coordinates></Point></Placemark></Document></kml>"
    )


def half_a_workbook(path: Path) -> None:
    far_cell(path)
    path.write_bytes(path.read_bytes()[:-200])


def strange_workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "xl/workbook.xml", '<workbook><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>'
        )


def swollen_workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        with book.open("xl/sharedStrings.xml", "w") as file:
            for _ in range(120):
                file.write(b" " * (1 << 20))


HOSTILE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a cell at the far corner": ("a.xlsx", far_cell),
    "a zip bomb": ("a.zip", zip_bomb),
    "100,000 columns": ("a.csv", many_columns),
    "one endless line": ("a.csv", endless_line),
    "JSON nested without end": ("a.geojson", deep_json),
    "a header of 50,000 letters": ("a.csv", endless_header),
    "entities in entities": ("a.kml", laughing_kml),
    "half a workbook": ("a.xlsx", half_a_workbook),
    "a workbook without sheets": ("a.xlsx", strange_workbook),
    "a swollen workbook": ("a.xlsx", swollen_workbook),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(kind: str, tmp_path: Path) -> None:
    name, make = HOSTILE[kind]
    make(tmp_path / name)
    with pytest.raises(formats.FormatError) as error, formats.open_bounded(tmp_path / name) as source:
        for table in source.tables:
            list(table.batches())
    assert error.value.vi.endswith((".", ")")) and error.value.code
    (tmp_path / "tot.csv").write_text(GOOD)
    with formats.open_bounded(tmp_path / "tot.csv") as source:
        assert sum(b.num_rows for b in source.tables[0].batches()) == 1


def large(path: Path, rows: int = 60_000) -> Path:
    with path.open("w") as file:
        file.write("occurrenceID,scientificName,ghi chú\n")
        for i in range(rows):
            file.write(f"{i},Schima wallichii,dòng thứ {i} của một tệp dài\n")
    return path


def test_a_large_file_is_read_in_a_process_of_its_own_as_it_is_in_place(tmp_path: Path) -> None:
    path = large(tmp_path / "a.csv")
    with formats.open(path) as here, formats.open_bounded(path) as there:
        assert there.tables[0].columns == here.tables[0].columns and there.kind == here.kind
        assert [*there.tables[0].batches(7_000)] == [*here.tables[0].batches(7_000)]
        assert there.tables[0].sample(5) == here.tables[0].sample(5)
        assert there.warnings == here.warnings and there.metadata == here.metadata


def test_two_readings_at_once_do_not_mix(tmp_path: Path) -> None:
    with formats.open_bounded(large(tmp_path / "a.csv")) as source:
        table = source.tables[0]
        pairs = zip(
            table.read(5_000, formats.source.Findings()),
            table.read(5_000, formats.source.Findings()),
            strict=True,
        )
        assert all(a == b for a, b in pairs)


def test_a_reading_given_up_leaves_no_process_behind(tmp_path: Path) -> None:
    source = formats.open_bounded(large(tmp_path / "a.csv"))
    next(iter(source.tables[0].read(100, formats.source.Findings())))
    workshop = source.unpacked[0]
    source.close()
    assert all(p.child.poll() is not None for p in workshop.all)  # type: ignore[attr-defined]
    assert not Path(workshop.folder.name).exists()  # type: ignore[attr-defined]


def test_a_reader_out_of_memory_is_told(tmp_path: Path) -> None:
    path = large(tmp_path / "a.csv", 200_000)
    with (
        pytest.raises(formats.FormatError) as error,
        bounded.open(path, limits=Limits(memory=1 << 20)) as source,
    ):
        list(source.tables[0].batches())
    assert error.value.code == "too_heavy" and "bộ nhớ" in error.value.vi


@pytest.mark.parametrize("megabytes", [256, 1_028, 1_090])
def test_what_libraries_set_aside_beforehand_is_not_the_memory_of_a_small_map(
    tmp_path: Path, megabytes: int
) -> None:
    shapes = np.array([shapely.to_wkb(shapely.box(103, 22, 103.1, 22.1))], dtype=object)
    write(
        tmp_path / "a.gpkg", shapes, [np.array(["lô 1"], dtype=object)], ["ten"],
        geometry_type="Polygon", crs="EPSG:4326",
    )  # fmt: skip
    with bounded.open(tmp_path / "a.gpkg", limits=Limits(memory=megabytes << 20)) as source:
        assert source.tables[0].sample()["ten"].to_pylist() == ["lô 1"]


def test_a_reader_that_keeps_silent_is_ended(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.gpkg")
    with pytest.raises(formats.FormatError) as error:
        bounded._Process(tmp_path / "a.gpkg", {}, Limits(silence=1), tmp_path)
    assert error.value.code == "too_slow"


def test_what_opening_notices_travels_with_its_rows(tmp_path: Path) -> None:
    path = large(tmp_path / "a.csv")
    with path.open("a") as file:
        file.write("60001,Schima wallichii,a,b\n")
    with formats.open_bounded(path) as source:
        list(source.tables[0].batches())
        (warning,) = source.warnings
    assert (warning.code, warning.rows) == ("long_row", (60_002,))


def test_metadata_is_json(tmp_path: Path) -> None:
    place = {"type": "Point", "coordinates": [103, 22]}
    feature = {"type": "Feature", "properties": {"a": 1}, "geometry": place}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with formats.open(tmp_path / "a.geojson") as source:
        json.dumps([t.metadata for t in source.tables])
