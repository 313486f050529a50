"""What owners ask for and tell: dossiers, and notices of ordinary wildlife."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baoton.kit.record import Record
from baoton.taxa.models import Taxon


class Application(Record):
    """A dossier handed in: what is asked, which steps it went, the clock, and how it was decided."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("cấp mã số")
        CHANGE = "change", _("thay đổi mã số, loài, quy mô")
        REISSUE = "reissue", _("cấp lại mã số")
        REVOKE = "revoke", _("thu hồi mã số theo yêu cầu")
        CERTIFICATE = "certificate", _("giấy chứng nhận cơ sở bảo tồn")
        TAKING = "taking", _("khai thác từ tự nhiên")
        RELEASE = "release", _("tái thả cá thể gây nuôi")
        GIFT = "gift", _("trao đổi, tặng cho mẫu vật")

    class Status(models.TextChoices):
        HANDED_IN = "handed_in", _("mới nộp")
        CHECKING = "checking", _("đang xem xét")
        WAITING = "waiting", _("chờ bổ sung")
        SCHEDULED = "scheduled", _("đã hẹn kiểm tra thực tế")
        CHECKED = "checked", _("đã kiểm tra thực tế")
        PROPOSED = "proposed", _("đã trình")
        GRANTED = "granted", _("đã chấp thuận")
        REFUSED = "refused", _("không chấp thuận")
        WITHDRAWN = "withdrawn", _("chủ cơ sở rút")

    class Result(models.TextChoices):
        FIT = "fit", _("đủ điều kiện")
        UNFIT = "unfit", _("chưa đủ điều kiện")

    class Pace(models.TextChoices):
        ON_TIME = "on_time", _("đúng hạn")
        LATE = "late", _("quá hạn")

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="applications", verbose_name=_("cơ sở")
    )
    kind = models.CharField(_("đề nghị"), max_length=12, choices=Kind)
    received = models.DateField(_("ngày nhận hồ sơ"), null=True, blank=True)
    field_check = models.BooleanField(_("phải kiểm tra thực tế"), default=True)
    old_rule = models.BooleanField(
        _("giải quyết theo quy định cũ"), default=False,
        help_text=_("Hồ sơ nộp trước ngày quy định mới có hiệu lực, chủ cơ sở không chọn quy định mới."),
    )  # fmt: skip
    chose_new = models.BooleanField(_("chủ cơ sở chọn giải quyết theo quy định mới"), default=False)
    ticked = models.JSONField(_("giấy tờ có trong hồ sơ"), default=list, editable=False)
    papers = models.TextField(_("giấy tờ đã nộp"), blank=True, default="")
    missing = models.TextField(_("phải bổ sung"), blank=True, default="")
    check_day = models.DateField(_("ngày kiểm tra thực tế"), null=True, blank=True)
    check_result = models.CharField(
        _("kết quả kiểm tra"), max_length=6, choices=Result, blank=True, default=""
    )
    check_note = models.TextField(_("nội dung kiểm tra"), blank=True, default="")
    check_team = models.CharField(_("đoàn kiểm tra"), max_length=300, blank=True, default="")
    late_reason = models.TextField(_("lý do chậm trả"), blank=True, default="")
    promised = models.DateField(_("hẹn trả lại ngày"), null=True, blank=True)
    authority_asked = models.DateField(_("gửi hỏi cơ quan khoa học CITES ngày"), null=True, blank=True)
    authority_answered = models.DateField(_("cơ quan khoa học CITES trả lời ngày"), null=True, blank=True)
    authority_answer = models.TextField(_("ý kiến cơ quan khoa học CITES"), blank=True, default="")
    proposal = models.TextField(_("ý kiến trình"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.HANDED_IN)
    decided = models.DateField(_("trả kết quả ngày"), null=True, blank=True, editable=False)
    pace = models.CharField(
        _("thời hạn trả kết quả"), max_length=8, choices=Pace, blank=True, default="", editable=False
    )
    number = models.CharField(_("số văn bản"), max_length=120, blank=True, default="")
    paper = models.CharField(_("văn bản"), max_length=64, blank=True, default="", editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["status", "id"], name="application_status"),
            models.Index(fields=["kind", "id"], name="application_kind"),
            models.Index(fields=["area_path", "id"], name="application_area"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.facility.name}"


class Notice(Record):
    """Ordinary wildlife brought in: what the keeper told the rangers, and what guidance was given."""

    class Status(models.TextChoices):
        TOLD = "told", _("đã báo")
        RECEIVED = "received", _("đã nhận, đã hướng dẫn")

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="notices", verbose_name=_("cơ sở")
    )
    taxon = models.ForeignKey(Taxon, on_delete=models.PROTECT, related_name="+", verbose_name=_("loài"))
    amount = models.PositiveIntegerField(_("số lượng"))
    brought = models.DateField(_("ngày đưa về nuôi"))
    told = models.DateField(_("ngày báo kiểm lâm"))
    days_taken = models.PositiveIntegerField(_("số ngày làm việc đến khi báo"), null=True, editable=False)
    late = models.BooleanField(_("báo quá hạn"), null=True, editable=False)
    papers = models.CharField(_("giấy tờ nguồn gốc"), max_length=300, blank=True, default="")
    guidance = models.TextField(_("đã hướng dẫn"), blank=True, default="")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.TOLD)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["told", "id"], name="notice_told"),
            models.Index(fields=["status", "told", "id"], name="notice_status"),
        ]

    def __str__(self) -> str:
        return f"{self.taxon.vernacular_vi or self.taxon.scientific_name} · {self.facility.name}"
