"""The older Vietnamese encodings: every letter, both ways, and never a guess against clean Unicode."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import formats
from formats import encodings, legacy, syllables

LETTERS = legacy.VIETNAMESE + legacy.VIETNAMESE.upper()
SHEET = (
    "Tên loài;Nơi thấy\nVượn đen tuyền Tây Bắc;Xã Mù Cả, tỉnh Lai Châu\nKhướu mỏ quặp;Rừng phòng hộ Tà Tổng\n"
)
vietnamese = st.text(alphabet=st.sampled_from(LETTERS + "abcxyz ABCXYZ 0123456789 ,.-"))


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "cp1258"])
def test_every_letter_comes_back(encoding: str) -> None:
    for letter in LETTERS:
        assert legacy.decode(legacy.encode(letter, encoding), encoding) == letter


def test_known_sentences_are_read() -> None:
    assert (
        legacy.decode_text("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "tcvn3")
        == "Cộng hoà xã hội chủ nghĩa Việt Nam"
    )
    vni = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam"
    assert legacy.decode_text(vni, "vni") == "Cộng hòa xã hội chủ nghĩa Việt Nam"


@given(vietnamese)
def test_tcvn3_text_comes_back(text: str) -> None:
    assert legacy.decode(legacy.encode(text, "tcvn3"), "tcvn3") == text


@given(vietnamese)
def test_windows_1258_text_comes_back(text: str) -> None:
    assert legacy.decode(legacy.encode(text, "cp1258"), "cp1258") == text


def test_a_letter_the_encoding_lacks_is_an_error() -> None:
    with pytest.raises(UnicodeEncodeError):
        legacy.encode("Ω", "tcvn3")


@pytest.mark.parametrize(
    ("encoding", "shown"), [("tcvn3", "TCVN3 (ABC)"), ("vni", "VNI"), ("cp1258", "Windows-1258")]
)
def test_a_file_in_it_is_recognised_and_said(tmp_path: Path, encoding: str, shown: str) -> None:
    path = tmp_path / "loai.csv"
    path.write_bytes(legacy.encode(SHEET, encoding))
    with formats.open(path) as source:
        table = source.tables[0]
        assert table.metadata["encoding"] == shown
        assert [w.code for w in source.warnings] == ["encoding_converted"]
        assert table.sample().column("Tên loài").to_pylist() == ["Vượn đen tuyền Tây Bắc", "Khướu mỏ quặp"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_never_taken_for_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "loai.csv"
    path.write_bytes(SHEET.encode(encoding))
    with formats.open(path) as source:
        assert source.metadata["encoding"].startswith("UTF-")
        assert source.tables[0].sample().column("Nơi thấy")[1].as_py() == "Rừng phòng hộ Tà Tổng"


def test_western_text_is_a_guess_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes("name,place\nPéter Müller,Škofja Loka\n".encode("cp1252"))
    with formats.open(path) as source:
        assert [w.code for w in source.warnings] == ["encoding_guessed"]
        assert source.tables[0].sample().column("name")[0].as_py() == "Péter Müller"


def test_letters_of_an_abc_font_inside_unicode_are_told_and_mended_only_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "loai.csv"
    path.write_text("ten,noi\nV\u00adîn ®en tuyÒn,Lai Ch©u\nKh\u00adíu má,M\u00adêng TÌ\n", encoding="utf-8")
    with formats.open(path) as source:
        assert {w.code for w in source.warnings} == {"looks_tcvn3"}
        assert source.tables[0].sample().column("noi")[0].as_py() == "Lai Ch©u"
    with formats.open(path, hint={"text_encoding": "tcvn3"}) as source:
        assert source.tables[0].sample().column("noi").to_pylist() == ["Lai Châu", "Mường Tè"]


def test_syllables_know_vietnamese() -> None:
    words = "khuyến khuỷu nghiêng quả giẻ Mường TÈ rượu xoắn ngoằn uyên"
    assert syllables.share(words) == 1.0
    assert syllables.share("Péter Škofja naïve V\u00adîn Ch©u") <= 0.2


def test_an_encoding_that_does_not_fit_is_refused_or_counted(tmp_path: Path) -> None:
    path = tmp_path / "loai.csv"
    path.write_bytes(b"ten,noi\nV\xfd\x81x,b\n")
    with pytest.raises(formats.FormatError) as error:
        formats.open(path, hint={"encoding": "utf-8"})
    assert error.value.code == "bad_encoding"
    with formats.open(path, hint={"encoding": "cp1252"}) as source:
        assert {w.code: w.count for w in source.warnings} == {"encoding_converted": 1, "unreadable_bytes": 1}


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_letter_cut_between_two_blocks_is_still_unicode(
    tmp_path: Path, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "BLOCK", cut)
    path = tmp_path / "loai.csv"
    path.write_text("tên,nơi\nVượn 🐒,Lai Châu\n", encoding="utf-8")
    assert encodings.survey(path).encoding == "utf-8"
    path.write_bytes(path.read_bytes()[:-12] + b"\xc3")
    assert not encodings.survey(path, "utf-8").valid
