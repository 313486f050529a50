"""What is printed on a dossier, from the receipt to the certificate."""

from typing import Any

from django.utils import timezone

from baoton.facilities.actions import dossiers
from baoton.facilities.models import Application
from baoton.facilities.papers.common import (
    SPECIES,
    UNKNOWN,
    card_of,
    council,
    issuer,
    law,
    of_body,
    of_facility,
    of_province,
    plain,
    qr_of,
)
from baoton.facilities.papers.filing import PROVINCE, Filed, Several
from baoton.kit.kinds.words import as_text
from baoton.kit.paper.sheet import Article, Centred, Ground, Part, Sheet, Shown, Table, When
from baoton.kit.writing import clock
from baoton.places.queries import province_short

K = Application.Kind
WHAT = {
    K.GRANT: "cấp mã số cơ sở nuôi, trồng",
    K.CHANGE: "thay đổi nội dung mã số cơ sở nuôi, trồng",
    K.REISSUE: "cấp lại mã số cơ sở nuôi, trồng",
    K.REVOKE: "thu hồi mã số cơ sở nuôi, trồng",
    K.CERTIFICATE: "cấp giấy chứng nhận cơ sở bảo tồn đa dạng sinh học",
    K.TAKING: "khai thác mẫu vật từ tự nhiên",
    K.RELEASE: "tái thả cá thể gây nuôi",
    K.GIFT: "trao đổi, tặng cho mẫu vật",
}


def of_dossier(dossier: Application) -> dict[str, Any]:
    """The fields every document about a dossier may name."""
    on = timezone.localdate()
    told = of_facility(dossier.facility, on)
    papers = dossiers.papers_of(dossier)
    running = clock.opened(dossier.pk, dossiers.TERM)
    return (
        told
        | of_body()
        | {
            "kind": WHAT[K(dossier.kind)],
            "law": law(dossiers.rule_day(dossier, on)),
            "law_of_certificate": law(on, "facility.certificate_law"),
            "received": as_text(dossier.received) if dossier.received else UNKNOWN,
            "papers": [
                {"n": n, "name": name, "state": "đã nộp" if there else "chưa nộp"}
                for n, (name, there) in enumerate(papers or (), 1)
            ],
            "handed": plain(dossier.papers),
            "days": running.days if running else "",
            "due": as_text(running.due) if running and running.due else "",
            "missing": plain(dossier.missing) or UNKNOWN,
            "proposal": plain(dossier.proposal) or UNKNOWN,
            "check_day": as_text(dossier.check_day) if dossier.check_day else "",
            "check_team": plain(dossier.check_team) or UNKNOWN,
            "check_result": dossier.get_check_result_display(),
            "check_note": plain(dossier.check_note) or UNKNOWN,
            "late_reason": plain(dossier.late_reason) or UNKNOWN,
            "promised": as_text(dossier.promised) if dossier.promised else UNKNOWN,
            "refused_why": plain(getattr(dossier, "refused_why", "")) or UNKNOWN,
            "card": card_of(told["code"]),
            "qr": qr_of(told["code"]),
            "place": province_short(),
            "receivers": [str(dossier.facility.owner), council(dossier.facility.area_path), "Lưu: VT, hồ sơ"],
        }
    )


def of_certificate(dossier: Application) -> dict[str, Any]:
    """The same where the province decides."""
    return of_dossier(dossier) | of_body(PROVINCE)


def sheet(name: str, title: str, about: str, *parts: Part, **more: Any) -> Sheet:
    """A document about a dossier; signed by the head of the sub-department unless both sides sign."""
    more.setdefault("issuer", issuer)
    return Sheet(name, title, about, (), more.pop("fields", of_dossier), parts=parts, **more)


DECIDES = Centred("{{ decides }}")
ASKED = Ground("Xét hồ sơ đề nghị {{ kind }} nhận ngày {{ received }} của {{ owner }};")
LOOKED = When("check_day", (Ground("Căn cứ kết quả kiểm tra thực tế ngày {{ check_day }};"),))
PROPOSED = Ground("Theo đề nghị của bộ phận thẩm định: {{ proposal }}.")
SIGNED_BY = Article(
    "Điều 3.", "Chủ cơ sở, {{ receivers[1] }} và các bộ phận liên quan thi hành Quyết định này./."
)

RECEIPT = Filed("receipt", sheet(
    "facility-receipt", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "",
    "{{ rangers }} tiếp nhận hồ sơ của {{ owner }}, chủ cơ sở {{ name }}, địa chỉ: {{ where }}.",
    Article("Nội dung đề nghị:", "{{ kind }}."),
    Article("Ngày nhận hồ sơ:", "{{ received }}."),
    Article("Thành phần hồ sơ:", ""),
    Table(
        "papers", (("STT", "n", 1.4), ("Tên giấy tờ", "name", 11.0), ("Tình trạng", "state", 3.6)),
        "Chưa có căn cứ về thành phần hồ sơ loại này.",
    ),
    When("handed", (Article("Giấy tờ đã nộp:", "{{ handed }}."),)),
    When("days", (
        Article("Thời hạn giải quyết:", "{{ days }} ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ."),
        Article("Hẹn trả kết quả:", "{% if due %}ngày {{ due }}{% else %}chưa tính được vì chưa có lịch nghỉ{% "
                                    "endif %}."),
    )),
    When("not days", (Article("Thời hạn giải quyết:", "chưa có căn cứ về thời hạn của loại hồ sơ này; không hẹn "
                                                      "ngày."),)),
    "Thời gian chờ bổ sung hồ sơ không tính vào thời hạn. Khi đến nhận kết quả, mang theo giấy này.",
    sides=("Người nộp hồ sơ", "Người tiếp nhận hồ sơ"),
), "GTN")  # fmt: skip

SUPPLEMENT = Filed("supplement", sheet(
    "facility-supplement", "Thông báo", "Về việc bổ sung hồ sơ đề nghị {{ kind }}",
    Centred("Kính gửi: {{ owner }}"),
    "Ngày {{ received }}, {{ rangers }} nhận hồ sơ đề nghị {{ kind }} của {{ owner }} "
    "cho cơ sở {{ name }} tại {{ where }}.",
    "Hồ sơ còn thiếu hoặc chưa đúng: {{ missing }}.",
    "Đề nghị chủ cơ sở bổ sung. Thời gian chờ bổ sung không tính vào thời hạn giải quyết./.",
), "TB")  # fmt: skip

CHECK = Filed("check", sheet(
    "facility-check", "Biên bản", "Kiểm tra thực tế cơ sở đề nghị {{ kind }}",
    "Hôm nay, ngày {% if check_day %}{{ check_day }}{% else %}……{% endif %}, tại cơ sở {{ name }}, {{ where }}, "
    "gồm có:",
    Article("1. Đoàn kiểm tra:", "{{ check_team }}."),
    Article("2. Chủ cơ sở:", "{{ owner }}."),
    "Đoàn kiểm tra thực tế theo hồ sơ đề nghị {{ kind }} nhận ngày {{ received }}.",
    Article("Loài và quy mô theo hồ sơ:", ""),
    Table("species", SPECIES, "Cơ sở chưa mở sổ loài nào."),
    Article("Nội dung kiểm tra:", "{{ check_note }}."),
    Article("Kết luận:", "{% if check_result %}{{ check_result }}{% else %}……{% endif %}."),
    "Biên bản lập thành hai bản có giá trị như nhau, đã đọc cho các bên cùng nghe, thống nhất ký tên; mỗi bên "
    "giữ một bản.",
    sides=("Chủ cơ sở", "Đại diện đoàn kiểm tra"),
), "BB")  # fmt: skip

DECISION = Filed("decision", sheet(
    "facility-decision", "Quyết định", "Về việc {{ kind }} đối với cơ sở {{ name }}",
    DECIDES, Ground("Căn cứ {{ law }};"), ASKED, LOOKED, PROPOSED, Centred("QUYẾT ĐỊNH:"),
    Article("Điều 1.", "Chấp thuận đề nghị {{ kind }} của {{ owner }}, cơ sở {{ name }}, địa chỉ: {{ where }}."
            "{% if code %} Mã số của cơ sở: {{ code }}, có hiệu lực từ ngày {{ code_from }}.{% endif %}"),
    Table("species", SPECIES, "Cơ sở chưa mở sổ loài nào."),
    Article("Điều 2.", "Chủ cơ sở ghi sổ theo dõi theo mẫu, báo biến động và chịu sự kiểm tra theo quy định."),
    SIGNED_BY,
), "QĐ", names=True)  # fmt: skip

REFUSAL = Filed("refusal", sheet(
    "facility-refusal", "Quyết định", "Về việc không chấp thuận đề nghị {{ kind }} của cơ sở {{ name }}",
    DECIDES, Ground("Căn cứ {{ law }};"), ASKED, LOOKED, Centred("QUYẾT ĐỊNH:"),
    Article("Điều 1.", "Không chấp thuận đề nghị {{ kind }} của {{ owner }}, cơ sở {{ name }}, địa chỉ: {{ where }}. "
            "Lý do: {{ refused_why }}."),
    Article("Điều 2.", "Chủ cơ sở được nộp lại hồ sơ khi đã đủ điều kiện và có quyền khiếu nại theo quy định "
                       "của pháp luật."),
    SIGNED_BY,
), "QĐ", names=True)  # fmt: skip

REVOCATION = Filed("revocation", sheet(
    "facility-revocation", "Quyết định", "Về việc thu hồi mã số cơ sở {{ name }}",
    DECIDES, Ground("Căn cứ {{ law }};"), ASKED, LOOKED, PROPOSED, Centred("QUYẾT ĐỊNH:"),
    Article("Điều 1.", "Thu hồi mã số {{ last_code }} đã cấp cho cơ sở {{ name }} của {{ owner }}, địa chỉ: {{ "
                       "where }}. "
            "Mã số này không cấp lại cho cơ sở khác."),
    Article("Điều 2.", "Chủ cơ sở xử lý số cá thể còn lại theo quy định và nộp lại giấy chứng nhận mã số."),
    SIGNED_BY,
), "QĐ", names=True)  # fmt: skip

CODE = Filed("code", sheet(
    "facility-code", "Giấy chứng nhận", "Mã số cơ sở nuôi, trồng",
    Article("Mã số:", "{% if code %}{{ code }}{% else %}……{% endif %}"),
    Article("Tên cơ sở:", "{{ name }}"),
    Article("Chủ cơ sở:", "{{ owner }}"),
    Article("Địa chỉ:", "{{ where }}"),
    Article("Loại cơ sở:", "{{ facility_kind }}"),
    Article("Loài được nuôi, trồng:", ""),
    Table("species", SPECIES[:-1], "Cơ sở chưa mở sổ loài nào."),
    Article("Có hiệu lực từ ngày:", "{% if code_from %}{{ code_from }}{% else %}……{% endif %}"),
    Shown("qr", "Quét mã để xem mã số còn hiệu lực hay không: {{ card }}"),
), "GCN")  # fmt: skip

CERTIFICATE = Filed("certificate", sheet(
    "conservation-certificate", "Giấy chứng nhận", "Cơ sở bảo tồn đa dạng sinh học",
    DECIDES,
    Ground("Căn cứ {{ law_of_certificate }};"), Ground("Căn cứ {{ law }};"), ASKED, LOOKED, Centred("CHỨNG NHẬN:"),
    Article("1. Tên cơ sở:", "{{ name }}"),
    Article("2. Chủ cơ sở:", "{{ owner }}"),
    Article("3. Địa chỉ:", "{{ where }}"),
    Article("4. Loại cơ sở:", "{{ facility_kind }}"),
    Article("5. Loài, nguồn gen được bảo tồn:", ""),
    Table("species", SPECIES, "Cơ sở chưa mở sổ loài nào."),
    Article("6. Trách nhiệm:", "thực hiện đúng phương án đã thẩm định, theo dõi và báo cáo tình trạng loài theo "
                               "quy định."),
    issuer=of_province, fields=of_certificate,
), "GCN", PROVINCE)  # fmt: skip

APOLOGY = Filed("apology", sheet(
    "facility-apology", "Thư xin lỗi", "Về việc trả kết quả chậm và hẹn lại ngày trả kết quả",
    Centred("Kính gửi: {{ owner }}"),
    "Ngày {{ received }}, {{ rangers }} nhận hồ sơ đề nghị {{ kind }} của {{ owner }} cho cơ sở {{ name }}"
    "{% if due %}, hẹn trả kết quả ngày {{ due }}{% endif %}.",
    "Đến nay hồ sơ chưa giải quyết xong. Lý do: {{ late_reason }}.",
    "{{ rangers }} xin lỗi vì sự chậm trễ này và hẹn trả kết quả ngày {{ promised }}.",
    "Mong nhận được sự thông cảm của ông (bà)./.",
), "PXL")  # fmt: skip


class Granted:
    """The decision of a kind of dossier, and the certificate that goes with it."""

    def papers(self, dossier: Application) -> Several:
        if dossier.kind == K.REVOKE:
            return Several((REVOCATION,))
        if dossier.kind in dossiers.CODES:
            return Several((DECISION, CODE))
        if dossier.kind == K.CERTIFICATE:
            return Several((DECISION, CERTIFICATE))
        return Several((DECISION,))

    def issue(self, record: Any, number: str, on: Any) -> str:
        return self.papers(record).issue(record, number, on)


GRANTED = Granted()
STEPS = (RECEIPT, SUPPLEMENT, CHECK, DECISION, REFUSAL, REVOCATION, CODE, CERTIFICATE, APOLOGY)
