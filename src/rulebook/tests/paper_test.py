"""The words and the page of a document of the state."""

from datetime import date

from rulebook.paper import paper


def test_a_day_is_written_as_offices_write_it_and_an_unknown_one_is_left_to_fill_in() -> None:
    assert paper().day(date(2026, 2, 3)) == "ngày 03 tháng 02 năm 2026"
    assert paper().day(date(2026, 11, 28)) == "ngày 28 tháng 11 năm 2026"
    assert paper().day(None) == "ngày …… tháng …… năm ……"


def test_every_word_and_measure_that_a_document_needs_is_there() -> None:
    words = {"draft", "number", "subject", "to", "receivers", "place_and_day", "day", "blank", "sign"}
    assert set(paper().words) == words and all(paper().words.values())
    assert paper().page.margins_mm == {"top": 20, "bottom": 20, "left": 30, "right": 20, "edge": 9}
