"""Who heads a document and who signs it, as the province's data say."""

import pytest

from baoton.people.queries import issuer_of, signer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


@pytest.mark.parametrize(
    ("body", "above", "own", "signs"),
    [
        ("so_nnmt", "ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "GIÁM ĐỐC"),
        ("ubnd_tinh", "", "ỦY BAN NHÂN DÂN\nTỈNH LAI CHÂU", "CHỦ TỊCH"),
        ("ubnd_03451", "", "UBND XÃ MÙ CẢ", "CHỦ TỊCH"),
        ("canh_sat_moi_truong", "", "CẢNH SÁT MÔI TRƯỜNG (CÔNG AN TỈNH)", "THỦ TRƯỞNG CƠ QUAN"),
    ],
)
def test_a_document_is_headed_and_signed_as_its_body_is_called(
    body: str, above: str, own: str, signs: str
) -> None:
    assert issuer_of(body) == (above, own) and signer_of(body) == signs
