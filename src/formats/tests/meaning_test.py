"""What the columns of a table mean, read from what is written alone."""

import pyarrow as pa
import pytest

from formats import meaning, placing, unread
from formats.known import Known
from formats.source import Source, Table, text_schema


def table(columns: dict[str, list[str]], row_type: str | None = None) -> Table:
    schema = text_schema(list(columns))
    n = len(next(iter(columns.values())))
    batch = pa.record_batch(
        [pa.array(range(1, n + 1), pa.int64()), *map(pa.array, columns.values())], schema=schema
    )
    return Table("t", list(columns), schema, lambda rows, found: iter([batch]), row_type=row_type)


def read(columns: dict[str, list[str]]) -> meaning.Meaning:
    one = table(columns)
    return meaning.read(Source("delimited", __file__, [one]), one, {"Occurrence"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "term"),
    [
        (["Macaca mulatta", "Rusa unicolor"], "scientificName"),
        (["Khỉ vàng", "Nai"], "vernacularName"),
    ],
)
def test_a_column_of_species_is_latin_or_common_by_what_its_cells_hold(cells: list[str], term: str) -> None:
    assert read({"Loài": cells}).columns == {"Loài": term}


def test_a_bare_id_is_the_key_of_whoever_takes_the_table_and_a_named_one_is_not() -> None:
    assert meaning.own_key({"id": "occurrenceID"}, "eventID", {"eventID"}) == {"id": "eventID"}
    assert meaning.own_key({"taxon_id": "occurrenceID"}, "eventID", {"eventID"}) == {
        "taxon_id": "occurrenceID"
    }


def test_a_table_of_media_is_known_by_its_links_and_the_row_they_belong_to() -> None:
    assert meaning.media(table({"mediaID": ["1"], "filePath": ["a.jpg"]})) == ("filePath", "mediaID")
    assert meaning.media(table({"filePath": ["a.jpg"]})) is None


def test_repeats_of_a_form_point_up_unless_their_rows_carry_an_id() -> None:
    assert meaning.above("odk_repeat", ["scientificName"]) == ("PARENT_KEY", "KEY")
    assert meaning.above("odk_repeat", ["eventID"]) is None


def test_an_id_of_its_own_goes_before_the_key_of_an_export() -> None:
    program = Known("x", {}, ("a", "b"), None, None, ())
    assert meaning.export_key(program, {"c": "occurrenceID"}) == []
    assert meaning.export_key(program, {"c": "scientificName"}) == ["a", "b"]


def test_columns_that_hold_days_or_places_and_are_not_read_are_named() -> None:
    one = table(
        {"khi nào": ["3/5/2024", "4/6/2024"], "ở đâu": ["22.31, 102.5", "22.32, 102.6"], "ai": ["x", "y"]}
    )
    assert unread.columns(one, {}, []) == {"khi nào": "date", "ở đâu": "place"}


def test_a_point_is_two_numbers_and_any_other_place_its_shape() -> None:
    import shapely

    assert placing.in_terms(shapely.to_wkb(shapely.Point(102.5, 22.25))) == {
        "decimalLongitude": 102.5,
        "decimalLatitude": 22.25,
    }
    assert placing.in_terms(shapely.to_wkb(shapely.box(0, 0, 1, 1)))["footprintWKT"].startswith("POLYGON")
