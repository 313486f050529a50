"""What each rule that refuses a row is called on a page; the row's own message says how to mend it.

A domain adds the rules of its own readers.
"""

from django.utils.translation import gettext_lazy as _

RULES = {
    "missing": _("thiếu giá trị bắt buộc"),
    "too_long": _("quá dài"),
    "long_row": _("dòng dài hơn tiêu đề"),
    "header_again": _("dòng tiêu đề lặp lại"),
    "header_changed": _("sau một dòng tiêu đề khác"),
    "too_big": _("số quá lớn"),
    "too_small": _("số quá nhỏ"),
    "not_a_number": _("không phải số"),
    "not_an_integer": _("không phải số nguyên"),
    "ambiguous_number": _("số đọc được hai cách"),
    "not_yes_no": _("không phải có hoặc không"),
    "unknown_value": _("giá trị không có trong danh sách"),
    "unreadable_date": _("không đọc được ngày"),
    "not_one_day": _("không phải một ngày"),
    "future": _("ngày ở tương lai"),
    "two_digit_year": _("năm hai chữ số, không rõ thế kỷ"),
    "ambiguous_date": _("ngày, tháng đọc được hai cách"),
    "swapped_by_excel": _("ngày, tháng có thể đã bị Excel đảo"),
    "too_old": _("năm quá xa"),
    "buddhist_era": _("năm Phật lịch lẫn năm dương lịch"),
    "unreadable_coordinate": _("không đọc được toạ độ"),
    "ends_before_start": _("kết thúc trước khi bắt đầu"),
    "broken_shape": _("hình hỏng"),
    "duplicate_id": _("trùng mã trong tệp"),
    "constraint": _("trái ràng buộc của sổ"),
    "unknown_area": _("không có xã, phường này"),
    "ambiguous_area": _("tên của nhiều xã, phường"),
    "out_of_scope": _("ngoài phạm vi được giao"),
    "not_yours": _("mã hoặc bộ dữ liệu không phải của bạn"),
    "no_edit_right": _("không có quyền sửa bản ghi đang có"),
    "being_written": _("đang được lần nhập khác ghi"),
    "edited_since": _("đã có người sửa từ lần nhập trước"),
    "withdrawn": _("bản ghi đã bị rút"),
    "not_asked": _("loại dòng không nhập vào sổ này"),
    "table_left_out": _("bảng để lại"),
    "joined": _("được ghép vào bảng khác"),
    "not_joined": _("không ghép được vào dòng nào"),
}
