"""What each section of the yearly report ought to count, in the office's words, and which figures answer it.

A count without a figure is printed as not yet held by the system: it is never left out, never nought.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

COUNTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "documents_issued": (_("số văn bản chỉ đạo đã ban hành"), ("plan.documents",)),
    "meetings": (_("số cuộc họp triển khai, giao ban"), ("plan.meetings",)),
    "events": (_("số buổi tuyên truyền"), ("outreach.sessions",)),
    "participants": (_("số lượt người dự"), ("outreach.participants",)),
    "materials": (_("số tài liệu đã phát"), ("outreach.materials",)),
    "communes_covered": (_("số xã, phường có tuyên truyền"), ("outreach.communes",)),
    "ethnic_languages": (_("số thứ tiếng đã dùng khi tuyên truyền"), ("outreach.languages",)),
    "milestone": (_("bước thành lập đã xong"), ("plan.special_use_forest_done",)),
    "area_ha": (_("diện tích khu rừng đặc dụng (ha)"), ("habitats.proposed", "habitats.founded")),
    "consultations": (_("số cuộc lấy ý kiến cộng đồng"), ("habitats.consultations",)),
    "species_confirmed": (_("số loài ưu tiên bảo vệ đã ghi nhận"), ("observations.protected_species",)),
    "records": (_("số ghi nhận loài ưu tiên bảo vệ"), ("observations.protected_records",)),
    "threats": (_("số mối đe doạ đã ghi nhận"), ("patrols.threats",)),
    "restored_ha": (_("diện tích sinh cảnh đã phục hồi (ha)"), ("habitats.restored",)),
    "releases": (_("số lần thả động vật về tự nhiên"), ("rescue.releases",)),
    "forest_ha": (_("diện tích rừng (ha)"), ("habitats.forest",)),
    "forest_cover": (_("tỷ lệ che phủ rừng"), ("habitats.cover",)),
    "planted_ha": (_("diện tích rừng trồng mới (ha)"), ("habitats.restored_native",)),
    "regenerated_ha": (_("diện tích khoanh nuôi tái sinh (ha)"), ("habitats.restored_regeneration",)),
    "native_species": (_("số loài đã ghi nhận"), ("observations.species",)),
    "ntfp_medicinal": (_("lâm sản ngoài gỗ, cây dược liệu"), ("habitats.harvested", "habitats.income")),
    "breeds": (_("số giống cây trồng, vật nuôi bản địa được giữ"), ()),
    "fish_released": (_("số cá giống đã thả"), ("waters.fish",)),
    "contracts": (_("số hợp đồng điều tra"), ("surveys.contracts",)),
    "transects": (_("số đợt điều tra, quan trắc"), ("observations.events",)),
    "cameras": (_("kết quả bẫy ảnh"), ("observations.camera_rate",)),
    "species_files": (_("số loài đã tính tình trạng"), ("assessment.computed",)),
    "coded_facilities": (_("số cơ sở có mã số"), ("facilities.coded", "facilities.codes")),
    "animals_kept": (_("số cá thể đang nuôi"), ("facilities.animals",)),
    "inspections": (_("số lượt kiểm tra"), ("facilities.inspections",)),
    "cases": (_("số vụ vi phạm"), ("enforcement.cases",)),
    "fines": (_("số tiền phạt"), ("enforcement.fines",)),
    "criminal_transfers": (_("số vụ chuyển xử lý hình sự"), ("enforcement.transfers",)),
    "animals_seized": (_("số cá thể tịch thu"), ("custody.seized",)),
    "animals_rescued": (_("số cá thể cứu hộ"), ("rescue.received",)),
    "animals_released": (_("số cá thể thả lại tự nhiên"), ("rescue.released",)),
    "planned": (_("kinh phí kế hoạch theo nguồn"), ("funding.planned",)),
    "spent": (_("kinh phí đã chi theo nguồn"), ("funding.paid",)),
}

RANGERS, FINANCE, POLICE = "kiem_lam", "so_tai_chinh", "canh_sat_moi_truong"
KNOWS: Mapping[str, str] = {
    "threats": RANGERS,
    "restored_ha": RANGERS,
    "forest_ha": RANGERS,
    "forest_cover": RANGERS,
    "planted_ha": RANGERS,
    "regenerated_ha": RANGERS,
    "coded_facilities": RANGERS,
    "animals_kept": RANGERS,
    "inspections": RANGERS,
    "cases": RANGERS,
    "fines": RANGERS,
    "animals_seized": RANGERS,
    "criminal_transfers": POLICE,
    "planned": FINANCE,
    "spent": FINANCE,
}
"""Which body knows a figure the system does not hold; any other is asked of the body that writes the report."""
