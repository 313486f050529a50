"""Where a case stands on its way, and what is written down at each step of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.enforcement.models.circumstances import choices


class Status(models.TextChoices):
    """The states of a case, from its opening to its end."""

    OPENED = "opened", _("mới mở")
    CHECKING = "checking", _("đang xác minh")
    CLEAN = "clean", _("không vi phạm")
    MINUTED = "minuted", _("đã lập biên bản")
    HEARING = "hearing", _("chờ giải trình")
    DECIDED = "decided", _("đã quyết định")
    SERVED = "served", _("đã giao quyết định")
    APPEALED = "appealed", _("đang khiếu nại")
    ENFORCED = "enforced", _("đang cưỡng chế")
    PAID = "paid", _("đã chấp hành")
    TRANSFERRED = "transferred", _("đã chuyển cơ quan điều tra")
    ACCEPTED = "accepted", _("cơ quan điều tra đã nhận")
    JUDGED = "judged", _("đã có kết quả xét xử")
    SUSPENDED = "suspended", _("tạm dừng")
    CLOSED = "closed", _("đã kết thúc")


class Proceeding(models.Model):
    """What the steps leave behind; nothing of it is typed into a form, each is answered to a verb."""

    minuted = models.DateField(_("ngày lập biên bản"), null=True, blank=True, editable=False)
    extensions = models.PositiveSmallIntegerField(_("số lần kéo dài thời hạn"), default=0, editable=False)
    heard = models.DateField(_("ngày giải trình"), null=True, blank=True, editable=False)
    hearing_note = models.TextField(_("kết quả giải trình"), blank=True, default="")
    decided = models.DateField(_("ngày ra quyết định"), null=True, blank=True, editable=False)
    seizing_office = models.CharField(
        _("chức danh quyết định tạm giữ"), max_length=40, choices=choices("offices"), blank=True, default=""
    )
    office = models.CharField(
        _("chức danh người ký"), max_length=40, choices=choices("offices"), blank=True, default=""
    )
    signer = models.CharField(_("họ tên người ký"), max_length=200, blank=True, default="")
    instrument = models.CharField(_("văn bản áp dụng"), max_length=60, blank=True, default="")
    fine = models.PositiveBigIntegerField(_("tiền phạt (đồng)"), null=True, blank=True)
    confiscates = models.BooleanField(_("tịch thu tang vật"), null=True, blank=True)
    number = models.CharField(_("số quyết định"), max_length=120, blank=True, default="")
    unread = models.TextField(_("điều chưa kiểm được"), blank=True, default="", editable=False)
    served = models.DateField(_("ngày giao quyết định"), null=True, blank=True, editable=False)
    paid = models.PositiveBigIntegerField(_("tiền phạt đã nộp (đồng)"), null=True, blank=True, editable=False)
    paid_on = models.DateField(_("ngày nộp gần nhất"), null=True, blank=True, editable=False)
    remote = models.BooleanField(_("vùng xa, đi lại khó khăn"), null=True, blank=True)
    sent_to = models.CharField(_("chuyển đến"), max_length=200, blank=True, default="")
    sent = models.DateField(_("ngày chuyển hồ sơ"), null=True, blank=True, editable=False)
    outcome = models.TextField(_("kết quả"), blank=True, default="")
    before = models.CharField(max_length=12, choices=Status, blank=True, default="", editable=False)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="paid_within_fine",
                condition=Q(paid__isnull=True) | Q(paid__lte=models.F("fine")),
                violation_error_message=_("Số tiền đã nộp lớn hơn tiền phạt."),
            ),
        )
