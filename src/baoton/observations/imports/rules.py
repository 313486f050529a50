"""What the rules that only observations know are called on a page."""

from django.utils.translation import gettext_lazy as _

from baoton.kit.importing.rules import RULES

OWN = {
    "negative": _("số âm"),
    "reversed": _("ngày cuối trước ngày đầu"),
    "date_parts": _("ngày thiếu năm hoặc tháng"),
    "date_contradiction": _("ngày trái với cột năm, tháng, ngày"),
    "missing_half": _("chỉ có một nửa toạ độ"),
    "half_zero": _("một toạ độ là số 0"),
    "easting_out_of_zone": _("toạ độ hướng đông ngoài múi"),
    "northing_out_of_zone": _("toạ độ hướng bắc ngoài giới hạn"),
    "degrees_among_metres": _("độ lẫn trong cột mét"),
    "not_convertible": _("không chuyển được toạ độ"),
    "outside_viet_nam": _("ngoài Việt Nam theo hệ đã chọn"),
    "no_system": _("chưa rõ hệ toạ độ"),
    "height_out_of_range": _("độ cao, độ sâu ngoài giới hạn"),
    "heights_turned": _("độ cao, độ sâu đảo thứ tự"),
    "zero_zero": _("toạ độ (0, 0)"),
    "out_of_range": _("toạ độ ngoài giới hạn"),
    "swapped": _("kinh độ, vĩ độ đổi chỗ"),
    "sign_lost": _("toạ độ mất dấu âm"),
    "looks_projected": _("toạ độ mét, chưa chọn hệ"),
    "wrong_axis": _("chữ chỉ hướng không hợp cột"),
    "points_nowhere": _("chỉ đến dòng không có"),
    "points_at_refused": _("chỉ đến dòng bị từ chối"),
    "about_nothing": _("số đo không của ghi nhận hay đợt nào"),
    "contradiction": _("hai ô trái nhau"),
    "placeholder": _("không phải tên loài"),
    "empty_picture": _("ảnh không có con vật"),
    "total_row": _("dòng cộng"),
    "empty_row": _("dòng trống, chú thích"),
    "section_row": _("dòng tên nhóm"),
    "signature_row": _("dòng chữ ký, ghi chú dưới bảng"),
}
RULES.update(OWN)
