"""Darwin Core Archives: read as their metafile says, written so that they open as the same tables."""

import datetime as dt
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

import formats
from formats import dwc

CORE = """<archive xmlns="http://rs.tdwg.org/dwc/text/" {meta}>
 <core encoding="{encoding}" fieldsTerminatedBy="{sep}" fieldsEnclosedBy="{quote}"
  ignoreHeaderLines="{header}" rowType="http://rs.tdwg.org/dwc/terms/Occurrence">
  <files><location>occ.txt</location></files><id index="0"/>
  {fields}</core></archive>"""
NAME = '<field index="1" term="http://rs.tdwg.org/dwc/terms/scientificName"/>'


def archive(
    path: Path, data: bytes | str, *, name: str = "occ.txt", folder: str = "", **changes: str
) -> Path:
    values = {
        "encoding": "UTF-8",
        "sep": "\\t",
        "quote": "",
        "header": "1",
        "fields": NAME,
        "meta": "",
    } | changes
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr(folder + "meta.xml", CORE.format(**values))
        zipped.writestr(folder + name, data)
    return path


def rows_of(table: formats.Table) -> list[dict]:
    return [row for batch in table.batches() for row in batch.to_pylist()]


@pytest.mark.parametrize("sep", ["\\t", "\\\\t", "&#9;"])
def test_a_tab_is_a_tab_however_it_is_written(tmp_path: Path, sep: str) -> None:
    with formats.open(archive(tmp_path / "a.zip", "id\tname\n1\tMus\n", sep=sep)) as source:
        table = source.tables[0]
        assert source.kind == "dwca" and table.columns == ["id", "scientificName"]
        assert table.terms == {"scientificName": "scientificName"} and table.id_column == "id"
        assert rows_of(table)[0] == {"_row": 2, "id": "1", "scientificName": "Mus", "_extra": None}


def test_without_headers_the_first_line_is_data(tmp_path: Path) -> None:
    with formats.open(archive(tmp_path / "a.zip", "1\tMus\n2\tRattus\n", header="0")) as source:
        assert [r["_row"] for r in rows_of(source.tables[0])] == [1, 2]


def test_defaults_fill_blanks_and_stand_for_absent_columns(tmp_path: Path) -> None:
    fields = (
        '<field index="1" term="http://rs.tdwg.org/dwc/terms/sex" default="female"/>'
        '<field term="http://rs.tdwg.org/dwc/terms/country" default="Việt Nam"/>'
    )
    with formats.open(archive(tmp_path / "a.zip", "id\tsex\n1\t\n2\tmale\n", fields=fields)) as source:
        rows = rows_of(source.tables[0])
        assert [r["sex"] for r in rows] == ["female", "male"] and rows[0]["country"] == "Việt Nam"


def test_quotes_and_a_stated_older_encoding_are_followed(tmp_path: Path) -> None:
    data = "id,name\n1,'Mus, mús'\n".encode("cp1252")
    path = archive(tmp_path / "a.zip", data, sep=",", quote="'", encoding="windows-1252", folder="inner/")
    with formats.open(path) as source:
        assert rows_of(source.tables[0])[0]["scientificName"] == "Mus, mús"


def test_a_stated_encoding_is_believed_before_a_guess(tmp_path: Path) -> None:
    data = "id\tname\n1\tŁódź\n".encode("iso-8859-2")
    with formats.open(archive(tmp_path / "a.zip", data, encoding="ISO-8859-2")) as source:
        assert rows_of(source.tables[0])[0]["scientificName"] == "Łódź"
    utf8 = archive(tmp_path / "b.zip", "id\tname\n1\tLý Cà\n", encoding="ISO-8859-1")
    with formats.open(utf8) as source:
        assert rows_of(source.tables[0])[0]["scientificName"] == "Lý Cà"


def test_a_column_the_metafile_forgets_is_kept(tmp_path: Path) -> None:
    with formats.open(archive(tmp_path / "a.zip", "id\tname\tghi chú\n1\tMus\tx\n")) as source:
        assert rows_of(source.tables[0])[0]["ghi chú"] == "x"
        assert "undescribed_column" in {w.code for w in source.warnings}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fields": "<field index='1'/>"}, "bad_metafile"),
        ({"fields": NAME + NAME}, "bad_metafile"),
        ({"header": "one"}, "bad_metafile"),
        ({"encoding": "klingon"}, "bad_metafile"),
        ({"fields": "<oops>"}, "bad_metafile"),
        ({"name": "other.txt"}, "missing_file"),
    ],
)
def test_a_bad_metafile_is_one_clear_error(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    with pytest.raises(formats.FormatError) as error:
        formats.open(archive(tmp_path / "a.zip", "id\tname\n1\tMus\n", **changes))
    assert error.value.code == code and "meta.xml" in str(error.value)


def test_a_data_file_outside_the_archive_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("1\tx\n")
    inner = tmp_path / "in"
    inner.mkdir()
    text = CORE.format(encoding="UTF-8", sep="\\t", quote="", header="0", fields=NAME, meta="")
    (inner / "meta.xml").write_text(text.replace("occ.txt", "../secret.txt"))
    with pytest.raises(formats.FormatError) as error:
        formats.open(inner)
    assert error.value.code == "missing_file"


def test_an_archive_without_metadata_still_opens(tmp_path: Path) -> None:
    with formats.open(archive(tmp_path / "a.zip", "id\tname\n1\tMus\n")) as source:
        assert {w.code for w in source.warnings} == {"no_metadata"}


def eml(**changes: object) -> formats.EML:
    given: dict = {
        "title": "Khảo sát thú Mường Tè",
        "abstract": "Số liệu mô phỏng.",
        "creators": [formats.Agent(organisation="Sở Nông nghiệp và Môi trường")],
        "contact": formats.Agent(given="Thị Lan", family="Lò", email="lan@example.org"),
        "keywords": ("thú", "Lai Châu"),
        "geographic": "Lai Châu",
        "bounds": (102.3, 21.6, 103.9, 22.8),
        "period": (dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        "citation": "Sở NN&MT (2024)",
        "methods": "Bẫy ảnh",
    }
    return formats.EML(**(given | changes))


def written(tmp_path: Path, events: pa.RecordBatch, occurrences: pa.RecordBatch) -> Path:
    path = tmp_path / "out.zip"
    formats.write_dwca(
        path,
        formats.DwcaTable("Event", [events], "eventID"),
        [formats.DwcaTable("Occurrence", [occurrences], "eventID")],
        eml=eml(),
    )
    return path


text = st.one_of(
    st.none(),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t\r\",'="),
        min_size=1,
        max_size=8,
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(text, text), min_size=1, max_size=6))
def test_what_is_written_comes_back_the_same(
    tmp_path: Path, cells: list[tuple[str | None, str | None]]
) -> None:
    ids = [f"e{i}" for i in range(len(cells))]
    events = pa.record_batch(
        {"eventID": ids, "habitat": [c[0] for c in cells], "eventRemarks": [c[1] for c in cells]}
    )
    events = events.cast(pa.schema([(n, pa.string()) for n in events.schema.names]))
    occurrences = pa.record_batch({"eventID": ids, "occurrenceID": ids})
    with formats.open(written(tmp_path, events, occurrences)) as source:
        back, extension = source.tables
        assert (back.row_type_name, back.id_column) == ("Event", "eventID")
        assert (extension.row_type_name, extension.core_id_column) == ("Occurrence", "eventID")
        rows = rows_of(back)
        assert [(r["habitat"], r["eventRemarks"]) for r in rows] == cells and [
            r["eventID"] for r in rows
        ] == ids
        assert len(rows_of(extension)) == len(ids)


def test_the_metadata_come_back(tmp_path: Path) -> None:
    events = pa.record_batch({"eventID": ["a"]})
    with formats.open(written(tmp_path, events, events)) as source:
        meta = source.metadata
    assert meta["title"] == "Khảo sát thú Mường Tè" and meta["bounds"] == (102.3, 21.6, 103.9, 22.8)
    assert meta["licence_url"].startswith("http://creativecommons.org/licenses/by/4.0")
    assert meta["contacts"] == [{"given": "Thị Lan", "family": "Lò", "email": "lan@example.org"}]
    assert meta["period"] == ("2024-01-01", "2024-12-31") and meta["citation"] == "Sở NN&MT (2024)"


def test_the_metadata_stand_in_the_order_of_the_schema() -> None:
    from formats.eml_writing import to_xml

    order = [
        "alternateIdentifier",
        "title",
        "creator",
        "metadataProvider",
        "pubDate",
        "language",
        "abstract",
        "keywordSet",
        "additionalInfo",
        "intellectualRights",
        "coverage",
        "contact",
        "methods",
    ]
    root = etree.fromstring(to_xml(eml(package_id="x", information="y")))
    assert [e.tag for e in root[0]] == order


def test_a_column_that_is_no_term_is_refused(tmp_path: Path) -> None:
    batch = pa.record_batch({"eventID": ["a"], "my own": ["b"]})
    with pytest.raises(formats.FormatError) as error:
        written(tmp_path, batch, batch)
    assert error.value.code == "not_a_term"


def test_terms_of_other_vocabularies_are_written_by_their_identifier(tmp_path: Path) -> None:
    batch = pa.record_batch({"eventID": ["a"], "http://example.org/terms/moon": ["full"]})
    with formats.open(written(tmp_path, batch, batch)) as source:
        assert rows_of(source.tables[0])[0]["http://example.org/terms/moon"] == "full"


def test_every_term_has_labels_and_its_identifier_leads_back() -> None:
    for name, term in dwc.TERMS.items():
        assert term.vi and term.en and dwc.name_of(term.iri) == name
