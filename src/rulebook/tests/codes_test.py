"""Numbers the office issues, in the form of their day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook

TODAY = date(2026, 5, 4)


def test_a_code_of_a_commercial_farm_says_what_about_it_is_unsure() -> None:
    code = rulebook.format_code("facility", on=TODAY, serial=7, group="IIB", place="province")
    assert code.text == "IIB-LCH-0007"
    assert code.certainty == "unsure"
    assert "Mẫu số 08" in code.note


def test_non_commercial_keeping_carries_vn() -> None:
    code = rulebook.format_code("facility", on=date(2024, 1, 1), serial=3, group="IB", place="VN")
    assert (code.text, code.certainty) == ("IB-VN-0003", "read")
    now = rulebook.format_code("facility", on=TODAY, serial=3, group="IB", place="VN")
    assert now.certainty == "unverified"


def test_a_document_of_the_department() -> None:
    code = rulebook.format_code("document", on=TODAY, serial=12, type="BC", issuer="so_nnmt")
    assert code.text == "12/BC-SNNMT"


def test_the_number_of_the_plan_is_read() -> None:
    parts = rulebook.parse_code("document", "654/KH-UBND", on=TODAY)
    assert parts == {"serial": "654", "type": "KH", "issuer": "UBND"}


@pytest.mark.parametrize("text", ["IIA-LCH-12", "IIALCH12", "IIA LCH 12"])
def test_an_older_spelling_of_a_code_is_read(text: str) -> None:
    assert rulebook.parse_code("facility", text, on=TODAY) == {"group": "IIA", "place": "LCH", "serial": "12"}


@given(
    serial=st.integers(1, 99_999),
    group=st.sampled_from(["IA", "IB", "IIA", "IIB"]),
    place=st.sampled_from(["VN", "province"]),
)
def test_what_is_written_is_read_back(serial: int, group: str, place: str) -> None:
    code = rulebook.format_code("facility", on=TODAY, serial=serial, group=group, place=place)
    parts = rulebook.parse_code("facility", code.text, on=TODAY)
    assert (parts["group"], int(parts["serial"])) == (group, serial)


@pytest.mark.parametrize(
    ("error", "words", "kind", "serial", "parts"),
    [
        (rulebook.BadData, "chỉ nhận", "facility", 1, {"group": "IC", "place": "VN"}),
        (rulebook.BadData, "chỉ nhận", "facility", 1, {"group": "IB"}),
        (rulebook.BadData, "từ 1", "facility", 0, {"group": "IB", "place": "VN"}),
        (rulebook.BadData, "thiếu phần", "document", 1, {"type": "BC"}),
        (rulebook.BadData, "không đúng dạng", "document", 1, {"type": "BC", "issuer": "x"}),
        (rulebook.UnknownName, "không có loại mã", "badge", 1, {}),
    ],
)
def test_bad_parts_are_refused_in_vietnamese(
    error: type[Exception], words: str, kind: str, serial: int, parts: dict[str, str]
) -> None:
    with pytest.raises(error, match=words):
        rulebook.format_code(kind, on=TODAY, serial=serial, **parts)


def test_before_its_day_a_form_is_not_in_force_and_other_text_is_refused() -> None:
    with pytest.raises(rulebook.NotInForce, match="chưa có căn cứ"):
        rulebook.format_code("facility", on=date(2010, 1, 1), serial=1)
    with pytest.raises(rulebook.BadData, match="không đúng dạng"):
        rulebook.parse_code("facility", "LCH/12", on=TODAY)


@pytest.mark.parametrize(
    ("body", "symbol"),
    [("so_nnmt", "SNNMT-……"), ("kiem_lam", "CCKL-……"), ("ubnd_03451", "……-……"), ("", "……-……")],
)
def test_a_letter_bears_the_symbol_of_its_body_and_a_blank_for_what_nobody_told(
    body: str, symbol: str
) -> None:
    assert rulebook.letter_symbol(body) == symbol
