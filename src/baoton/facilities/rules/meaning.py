"""What each signal means and what it does not, in the words of an office, and the values of biology it leans on."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.kinds.words import as_text
from rulebook.biology import Biology

MEANS = {
    "births": gettext_lazy(
        "Dù mọi con cái đẻ lứa to nhất, mau nhất mà loài đẻ được, đàn vẫn không thể sinh "
        "ngần ấy."
    ),
    "balance": gettext_lazy("Sổ ghi ra nhiều hơn số con từng vào, tính theo giới tính."),
    "no_deaths": gettext_lazy(
        "Không loài nào sống mãi: nuôi bấy nhiêu năm-con thì phải có con chết. Có thể con chết "
        "không khai, rồi được thay bằng con khác."
    ),
    "too_young": gettext_lazy(
        "Có con thành bố mẹ khi chưa con nào sinh ở đây đủ tuổi: chúng có thể từ nơi "
        "khác tới."
    ),
    "sold_young": gettext_lazy(
        "Bán con bố mẹ (hay cây trồng) nhiều hơn số có thể đủ tuổi: chúng có thể từ nơi khác tới. "
        "Bán con non như con non thì không bị nêu."
    ),
    "season": gettext_lazy("Sinh trái mùa nhiều hơn mức thường gặp: con non có thể từ nơi khác tới."),
    "every_month": gettext_lazy(
        "Loài chỉ sinh theo mùa mà tháng nào cũng có con sinh: con non có thể từ nơi "
        "khác tới."
    ),
    "one_sided": gettext_lazy(
        "Bên giao ghi đã giao, bên nhận chưa ghi hoặc không đồng ý: chưa rõ con vật đang "
        "ở đâu."
    ),
    "mark_reused": gettext_lazy(
        "Một số dấu có vẻ ở trên hai con: con sau có thể mang dấu của con đã chết hoặc "
        "đã bán."
    ),
    "marks_unread": gettext_lazy(
        "Con có dấu được ghi là còn ở đây nhưng lâu không ai đọc dấu, đếm hay ghi vào "
        "dòng nào."
    ),
    "never_ages": gettext_lazy(
        "Đàn không có con chết, con sinh, ra vào lâu hơn mức có thể, hoặc có con phải "
        "già hơn tuổi thọ: con cũ có thể đã được thay mà không ghi."
    ),
    "sex_ratio": gettext_lazy(
        "Con sinh ra lệch hẳn về một giới, ngoài mức ngẫu nhiên: có thể chúng được chọn "
        "ở nơi khác."
    ),
    "one_day": gettext_lazy(
        "Nhiều ngày dồn vào một lần ghi ngay trước khi đoàn tới: sổ có thể được dựng lại "
        "cho khớp."
    ),
    "count_differs": gettext_lazy("Đoàn đếm được khác số dư sổ vào lúc kiểm tra."),
    "over_capacity": gettext_lazy("Đang giữ nhiều hơn sức chứa đã đăng ký."),
}  # fmt: skip
NOT = {
    "births": gettext_lazy(
        "Không nói dòng nào sai. Ghi nhầm số, hay ghi gộp nhiều lứa vào một ngày, cũng "
        "cho dấu hiệu này."
    ),
    "balance": gettext_lazy("Không nói con nào thừa. Ghi nhầm giới tính cũng cho dấu hiệu này."),
    "no_deaths": gettext_lazy(
        "Đàn toàn con đang sung sức có thể vài năm không con nào chết. Chủ quên ghi cũng "
        "cho dấu hiệu này."
    ),
    "too_young": gettext_lazy("Không nói con nào. Chuyển lớp ghi nhầm ngày cũng cho dấu hiệu này."),
    "sold_young": gettext_lazy("Không nói con nào. Bán hậu bị mà ghi vào lớp bố mẹ cũng cho dấu hiệu này."),
    "season": gettext_lazy(
        "Nuôi trong nhà, đèn và nhiệt độ nhân tạo làm mùa sinh rải ra. Ghi chậm vài "
        "tháng cũng cho dấu hiệu này."
    ),
    "every_month": gettext_lazy("Nuôi trong nhà, đèn và nhiệt độ nhân tạo làm mùa sinh rải ra: hỏi cách nuôi trước."),
    "one_sided": gettext_lazy("Không nói bên nào sai: có thể bên nhận chỉ ghi chậm."),
    "mark_reused": gettext_lazy("Gõ nhầm số dấu cũng cho dấu hiệu này. Hệ thống vốn không nhận cấp lại một số dấu."),
    "marks_unread": gettext_lazy("Không nói con vật đã mất: có thể chỉ vì lâu chưa có đoàn nào đọc dấu ở đây."),
    "never_ages": gettext_lazy("Chủ bỏ ghi sổ cũng cho dấu hiệu này. Tuổi thọ lấy con già nhất biết được."),
    "sex_ratio": gettext_lazy(
        "Chỉ tính con sinh ra đã ghi giới tính. Chủ chỉ ghi giới của con giữ lại cũng "
        "cho dấu hiệu này."
    ),
    "one_day": gettext_lazy("Chép sổ giấy vào máy cũng ghi dồn một ngày; cả sổ chép vào lần đầu thì không bị nêu."),
    "count_differs": gettext_lazy(
        "Con vừa sinh, vừa chết chưa kịp ghi cũng gây lệch. Lớp đông được lệch trong sai "
        "số đếm."
    ),
    "over_capacity": gettext_lazy("Vừa có lứa mới sinh cũng có thể vượt trong ít lâu."),
}  # fmt: skip
LEANS = {
    "births": ("litter_max", "litter_interval_months", "first_litter_months", "gestation_months"),
    "balance": (),
    "no_deaths": ("longevity_years",),
    "never_ages": ("longevity_years",),
    "too_young": ("first_litter_months",),
    "sold_young": ("first_litter_months", "harvest_years"),
    "season": ("season",),
    "every_month": ("season",),
    "sex_ratio": ("female_share",),
}
NAMES = {
    "litter_max": gettext_lazy("lứa, ổ to nhất (con)"),
    "litter_interval_months": gettext_lazy("khoảng cách hai lứa ngắn nhất (tháng)"),
    "first_litter_months": gettext_lazy("tuổi đẻ lứa đầu sớm nhất (tháng)"),
    "gestation_months": gettext_lazy("từ phối đến sinh ngắn nhất (tháng)"),
    "longevity_years": gettext_lazy("tuổi thọ dài nhất (năm)"),
    "season": gettext_lazy("các tháng sinh"),
    "female_share": gettext_lazy("phần con cái khi sinh, ít nhất – nhiều nhất"),
    "harvest_years": gettext_lazy("từ trồng tới thu, ít nhất (năm)"),
}


def values_of(known: Biology | None, rule: str = "") -> list[dict[str, Any]]:
    """The values known of a species that a rule leans on (all where none is named), each with its source."""
    if known is None:
        return []
    wanted = LEANS.get(rule, ()) if rule else tuple(NAMES)
    rows = []
    for name in wanted:
        value, source = getattr(known, name), known.sources.get(name)
        if source is None:
            continue
        if isinstance(value, tuple):
            between = " – " if name == "female_share" else ", "
            value = between.join(as_text(v) for v in value) or _("quanh năm")
        told = source.source or _("nhớ được, chưa đối chiếu tài liệu")
        rows.append(
            {"name": NAMES[name], "value": as_text(value), "source": told, "note": source.note}
        )  # fmt: skip
    return rows
