"""What stands above a table for all its rows."""

import pytest

from formats.title_values import said


@pytest.mark.parametrize(("rows", "found"), [
    ([["Ngày: 15/3/2025"]], {"eventDate": "15/3/2025"}),
    ([["Ngày điều tra:", "15/3/2025"]], {"eventDate": "15/3/2025"}),
    ([["Ngày điều tra", "15/3/2025"]], {"eventDate": "15/3/2025"}),
    ([["Tuyến: T01; Ngày: 15/3/2025; Người điều tra: Sùng A Páo"]],
     {"eventDate": "15/3/2025", "recordedBy": "Sùng A Páo"}),
    ([["Người điều tra: Sùng A Páo Ngày: 15/3/2025"]], {"recordedBy": "Sùng A Páo", "eventDate": "15/3/2025"}),
    ([["Thời gian: từ 15/3 đến 17/3/2025"]], {"eventDate": "từ 15/3 đến 17/3/2025"}),
    ([["Ngày bắt đầu: 15/3/2025", "Ngày kết thúc: 17/3/2025"]],
     {"startDate": "15/3/2025", "endDate": "17/3/2025"}),
    ([["Xã: Mù Cả", "Huyện: Mường Tè", "Tỉnh: Lai Châu"]],
     {"municipality": "Mù Cả", "county": "Mường Tè", "stateProvince": "Lai Châu"}),
    ([["Địa điểm: Khe suối Nậm Ma, bản Mù Cả"]], {"locality": "Khe suối Nậm Ma, bản Mù Cả"}),
    ([["Phương pháp: điều tra theo tuyến"]], {"samplingProtocol": "điều tra theo tuyến"}),
    ([["Observer: An", "Date: 2025-03-15 07:30"]], {"recordedBy": "An", "eventDate": "2025-03-15 07:30"}),
    ([["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["Độc lập - Tự do - Hạnh phúc"]], {}),
    ([["Ngày: ......"], ["Người điều tra: …………"]], {}),
    ([["Ngày lập: 20/3/2025"], ["Số: 15/BC-KL"], ["Kính gửi: Sở Nông nghiệp"]], {}),
    ([["Ngày: chưa rõ"]], {}),
    ([["BIỂU ĐIỀU TRA NGÀY 15"]], {}),
])  # fmt: skip
def test_a_form_says_some_things_once(rows: list[list[str]], found: dict[str, str]) -> None:
    assert {t: v for t, (_h, v) in said(rows).items()} == found


@pytest.mark.parametrize(("above", "header"), [
    (["Tuyến: T01", "", "Ngày: 15/3/2025", ""], 1), (["Người điều tra: Páo", "Ngày: 15/3/2025", "", ""], 1),
    (["Người điều tra:", "Páo", "Xã:", "Mù Cả"], 1), (["Tuyến số:", "Suối Nậm Ma", "", ""], 1),
    (["Số phiếu: 12", "Tờ: 3", "", ""], 1), (["Tọa độ: X", "Tọa độ: Y", "Loài", "Ngày"], 0),
])  # fmt: skip
def test_a_row_of_headings_with_their_values_is_no_header(above: list[str], header: int) -> None:
    from formats.sniffing import header_row

    rows = [above, ["TT", "Loài", "Ngày gặp", "Ghi chú"], ["1", "Khỉ vàng", "15/3/2025", "x"]]
    assert header_row(rows) == header
