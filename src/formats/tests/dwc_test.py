"""What a header means: the terms themselves, provincial headers, and rivals."""

import pytest

from formats import dwc


@pytest.mark.parametrize(
    ("header", "term"),
    [
        ("decimalLatitude", "decimalLatitude"),
        ("dwc:eventDate", "eventDate"),
        ("http://purl.org/dc/terms/license", "license"),
        ("DECIMALLONGITUDE", "decimalLongitude"),
        ("http://rs.tdwg.org/dwc/terms/ScientificName", "scientificName"),
        ("Tên khoa học", "scientificName"),
        ("TÊN KHOA HỌC", "scientificName"),
        ("ten khoa hoc", "scientificName"),
        ("Tên loài", "vernacularName"),
        ("Kinh độ", "decimalLongitude"),
        ("Vĩ độ (độ)", "decimalLatitude"),
        ("lat", "decimalLatitude"),
        ("Latitude", "decimalLatitude"),
        ("Y", "verbatimLatitude"),
        ("_vi_tri_latitude", "decimalLatitude"),
        ("Toạ độ / X", "verbatimLongitude"),
        ("Tọa độ X (m)", "verbatimLongitude"),
        ("Ngày", "eventDate"),
        ("Người quan sát", "recordedBy"),
        ("Xã", "municipality"),
        ("Xã/phường", "municipality"),
        ("Số lượng (con)", "individualCount"),
        ("Ghi chú", "occurrenceRemarks"),
        ("Museum_number", "catalogNumber"),
    ],
)
def test_a_header_is_understood(header: str, term: str) -> None:
    (proposal,) = dwc.propose([header])
    assert (
        proposal.term == term and 0 < proposal.confidence <= 1 and proposal.reason_vi and proposal.reason_en
    )


def test_species_beside_genus_is_the_epithet_alone() -> None:
    assert [p.term for p in dwc.propose(["Genus", "Species"])] == ["genus", "specificEpithet"]
    assert [p.term for p in dwc.propose(["Species"])] == ["scientificName"]


def test_both_ways_of_placing_a_tone_are_the_same_word() -> None:
    assert dwc.propose(["Toạ độ X"])[0].confidence == dwc.propose(["Tọa độ X"])[0].confidence


def test_an_unknown_header_gets_no_term() -> None:
    (proposal,) = dwc.propose(["xyzzy"])
    assert proposal.term is None and proposal.confidence == 0 and proposal.reason_vi


def test_one_term_goes_to_the_surest_column_and_the_rival_is_told() -> None:
    first, second = dwc.propose(["lat", "decimalLatitude"])
    assert second.term == "decimalLatitude" and first.term is None
    assert first.others[0][0] == "decimalLatitude" and "decimalLatitude" in first.reason_vi


@pytest.mark.parametrize(
    ("terms", "row_type"),
    [
        (["occurrenceID", "scientificName"], "Occurrence"),
        (["scientificName", "decimalLatitude"], "Occurrence"),
        (["taxonID", "scientificName", "taxonRank"], "Taxon"),
        (["taxonID", "locationID", "occurrenceStatus"], "Distribution"),
        (["eventID", "eventDate"], "Event"),
        (["eventID", "measurementType", "measurementValue"], "MeasurementOrFact"),
        (["country"], None),
    ],
)
def test_the_kind_of_row_is_told_by_its_terms(terms: list[str], row_type: str | None) -> None:
    assert dwc.guess_row_type(terms) == (dwc.ROW_TYPES[row_type] if row_type else None)
