"""Stations, weather, the province's table of levels, bulletins, permits to burn, hotspots with alerts, fires."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baoton.enforcement.models import Case
from baoton.kit.place import Located
from baoton.kit.record import Record
from baoton.people.models import Person

STANDING = Q(withdrawn__isnull=True)


class Station(Located):
    """A place where the weather of 13:00 is read; communes take their level from one."""

    name = models.CharField(_("tên trạm"), max_length=120)
    code = models.CharField(_("mã trạm"), max_length=40, unique=True)
    elevation_m = models.FloatField(_("độ cao (m)"), null=True, blank=True)
    source = models.CharField(_("nguồn số liệu"), max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name", "id"], name="station_name", condition=STANDING),
            models.Index(fields=["cell"], name="station_cell"),
        ]

    def __str__(self) -> str:
        return self.name


class Zoned(Record):
    """One commune takes its level from one station."""

    station = models.ForeignKey(
        Station, verbose_name=_("trạm"), on_delete=models.PROTECT, related_name="communes"
    )

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_path"], condition=STANDING, name="commune_has_one_station",
                violation_error_message=_("Xã này đã lấy cấp cháy rừng của một trạm; sửa dòng đang có."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.station)


class Table(Record):
    """The province's own table of levels, by a decision, from a day on."""

    decision = models.CharField(_("quyết định"), max_length=200)
    since = models.DateField(_("áp dụng từ ngày"))
    level1 = models.PositiveIntegerField(_("cấp I: P đến"))
    level2 = models.PositiveIntegerField(_("cấp II: P đến"))
    level3 = models.PositiveIntegerField(_("cấp III: P đến"))
    level4 = models.PositiveIntegerField(_("cấp IV: P đến (trên nữa là cấp V)"))
    reset_mm = models.FloatField(_("mưa ngày trên số mm này thì P về 0"))
    text = models.ForeignKey(
        "kit.StoredFile", verbose_name=_("văn bản"), null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["since", "id"], name="fire_table_since", condition=STANDING)
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="fire_limits_rise",
                condition=Q(
                    level1__gt=0, level2__gt=F("level1"), level3__gt=F("level2"), level4__gt=F("level3")
                ),
                violation_error_message=_("Ngưỡng của cấp sau phải lớn hơn cấp trước."),
            ),
            models.CheckConstraint(
                name="fire_reset_known",
                condition=Q(reset_mm__gte=0, reset_mm__lte=200),
                violation_error_message=_("Lượng mưa làm P về 0 phải từ 0 đến 200 mm."),
            ),
        ]

    @property
    def limits(self) -> list[float]:
        """The highest P of levels I to IV."""
        return [float(v) for v in (self.level1, self.level2, self.level3, self.level4)]

    def __str__(self) -> str:
        return self.decision


class Weather(Record):
    """One day at one station; P and the level follow from all days before and the table of the day."""

    station = models.ForeignKey(
        Station, verbose_name=_("trạm"), on_delete=models.PROTECT, related_name="days"
    )
    day = models.DateField(_("ngày"))
    t13 = models.FloatField(_("nhiệt độ 13 giờ (°C)"), null=True, blank=True)
    rh13 = models.FloatField(_("độ ẩm 13 giờ (%)"), null=True, blank=True)
    rain_mm = models.FloatField(_("mưa trong ngày (mm)"), null=True, blank=True)
    wind_kmh = models.FloatField(_("gió 13 giờ (km/giờ)"), null=True, blank=True)
    p_low = models.FloatField(_("P thấp nhất"), null=True, editable=False)
    p_high = models.FloatField(_("P cao nhất"), null=True, editable=False)
    level = models.PositiveSmallIntegerField(_("cấp cháy rừng"), null=True, editable=False)
    danger = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="fire_day", condition=STANDING),
            models.Index(fields=["station", "day", "id"], name="fire_station_day", condition=STANDING),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "day"], condition=STANDING, name="one_weather_a_day",
                violation_error_message=_("Trạm này đã có số liệu của ngày này; sửa dòng đang có."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.station} {self.day:%d/%m/%Y}"


class Bulletin(Record):
    """The levels of a day as they were told, with what to do."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        ISSUED = "issued", _("đã phát")

    day = models.DateField(_("ngày"))
    until = models.DateField(_("có giá trị đến"), null=True, blank=True)
    advice = models.TextField(_("khuyến cáo"), blank=True, default="")
    rows = models.JSONField(default=list, editable=False)
    number = models.CharField(_("số bản tin"), max_length=120, blank=True, default="", editable=False)
    paper = models.CharField(_("bản tin"), max_length=64, blank=True, default="", editable=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)

    class Meta(Record.Meta):
        indexes: ClassVar = [models.Index(fields=["day", "id"], name="bulletin_day", condition=STANDING)]

    def __str__(self) -> str:
        return f"{self.number or _('bản tin')} {self.day:%d/%m/%Y}"


class Quiet(Located):
    """A source of heat that is no forest fire: what is near it is muted, and told as muted."""

    name = models.CharField(_("nguồn nhiệt"), max_length=200)
    why = models.CharField(_("vì sao không phải cháy rừng"), max_length=300)
    since = models.DateField(_("từ ngày"))
    until = models.DateField(_("đến ngày"), null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["since", "id"], name="quiet_since", condition=STANDING)]

    def __str__(self) -> str:
        return self.name


class Permit(Located):
    """Who may burn where, on which days and between which hours, by whose leave."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("đang soạn")
        ISSUED = "issued", _("đã cấp")
        ENDED = "ended", _("đã thu hồi")

    holder = models.CharField(_("người được đốt"), max_length=200)
    locality = models.CharField(_("nơi đốt (bản, lô, khoảnh)"), max_length=300, blank=True, default="")
    what = models.CharField(_("đốt gì"), max_length=200)
    hectares = models.FloatField(_("diện tích được đốt (ha)"), null=True, blank=True)
    since = models.DateField(_("đốt từ ngày"))
    until = models.DateField(_("đốt đến hết ngày"))
    from_hour = models.PositiveSmallIntegerField(_("từ giờ (0 đến 23)"))
    to_hour = models.PositiveSmallIntegerField(_("đến giờ (1 đến 24)"))
    terms = models.TextField(_("điều kiện (băng cản lửa, người canh, báo trước)"), blank=True, default="")
    given_by = models.CharField(_("người cho phép"), max_length=200)
    number = models.CharField(_("số giấy phép"), max_length=120, blank=True, default="")
    paper = models.CharField(_("giấy phép"), max_length=64, blank=True, default="", editable=False)
    ended = models.BigIntegerField(_("thu hồi lúc"), null=True, editable=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["since", "id"], name="permit_since", condition=STANDING),
            models.Index(fields=["status", "since", "id"], name="permit_status", condition=STANDING),
            models.Index(fields=["area_path", "since", "id"], name="permit_area", condition=STANDING),
            models.Index(fields=["cell"], name="permit_cell"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="permit_days_run_on",
                condition=Q(until__gte=F("since")),
                violation_error_message=_("Ngày cuối được đốt đứng trước ngày đầu; xem lại hai ngày."),
            ),
            models.CheckConstraint(
                name="permit_hours_run_on",
                condition=Q(from_hour__lt=F("to_hour"), to_hour__lte=24),
                violation_error_message=_(
                    "Giờ được đốt phải trong một ngày: giờ cuối sau giờ đầu, nhiều nhất 24. Đốt qua nửa đêm thì lập "
                    "hai giấy."
                ),
            ),
            models.CheckConstraint(
                name="permit_some",
                condition=Q(hectares__isnull=True) | Q(hectares__gt=0),
                violation_error_message=_("Diện tích được đốt phải lớn hơn 0; chưa đo thì để trống."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or _('giấy phép đốt chưa có số')} {self.holder}"


class Alert(Located):
    """Hotspots near each other in space and time, sent to whoever is on duty; a person says what it was."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("chờ trả lời")
        FIRE = "fire", _("cháy thật")
        PERMITTED = "permitted", _("đốt có phép")
        FALSE = "false", _("không có lửa")

    class Routed(models.TextChoices):
        DUTY = "duty", _("người trực")
        HEAD = "head", _("lãnh đạo xã")
        NOBODY = "nobody", _("chưa tìm được ai")
        MUTED = "muted", _("đã tắt, không báo ai")

    day = models.DateField(_("ngày"))
    first = models.BigIntegerField(_("thấy lần đầu"))
    last = models.BigIntegerField(_("thấy lần cuối"))
    size = models.PositiveIntegerField(_("số điểm nóng"), default=0)
    told = models.BigIntegerField(_("hệ thống báo lúc"))
    officer = models.ForeignKey(
        Person,
        verbose_name=_("người nhận"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    routed = models.CharField(_("vì sao gửi người này"), max_length=10, choices=Routed, default=Routed.NOBODY)
    muted = models.CharField(_("tắt vì"), max_length=300, blank=True, default="")
    permit = models.ForeignKey(
        Permit,
        verbose_name=_("trong giấy phép đốt"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="alerts",
        editable=False,
    )
    at = models.BigIntegerField(_("trả lời lúc"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("số phút trả lời"), null=True, editable=False)
    note = models.TextField(_("thấy gì tại chỗ"), blank=True, default="")
    status = models.CharField(_("kết luận"), max_length=10, choices=Status, default=Status.WAITING)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="alert_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="alert_area", condition=STANDING),
            models.Index(fields=["status", "day", "id"], name="alert_status", condition=STANDING),
            models.Index(fields=["cell"], name="alert_cell"),
        ]

    def __str__(self) -> str:
        return _("%(n)d điểm nóng %(day)s") % {"n": self.size, "day": f"{self.day:%d/%m/%Y}"}


class Hotspot(Located):
    """One detection of heat by a satellite."""

    at = models.BigIntegerField(_("vệ tinh thấy lúc"))
    day = models.DateField(_("ngày"), editable=False)
    satellite = models.CharField(_("vệ tinh"), max_length=40, blank=True, default="")
    instrument = models.CharField(_("đầu đo"), max_length=40, blank=True, default="")
    confidence = models.CharField(_("độ tin cậy"), max_length=20, blank=True, default="")
    frp = models.FloatField(_("công suất bức xạ (MW)"), null=True, blank=True)
    brightness = models.FloatField(_("nhiệt độ sáng (K)"), null=True, blank=True)
    daynight = models.CharField(_("ngày hay đêm"), max_length=5, blank=True, default="")
    alert = models.ForeignKey(
        Alert,
        verbose_name=_("cảnh báo"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hotspots",
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="hotspot_at", condition=STANDING),
            models.Index(fields=["day", "id"], name="hotspot_day", condition=STANDING),
            models.Index(fields=["cell"], name="hotspot_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.satellite} {self.day:%d/%m/%Y}"


class Fire(Located):
    """One forest fire: how large, what burnt, why, what it cost, who was hurt."""

    class Forest(models.TextChoices):
        SPECIAL = "special", _("rừng đặc dụng")
        PROTECTION = "protection", _("rừng phòng hộ")
        PRODUCTION = "production", _("rừng sản xuất")
        OUTSIDE = "outside", _("ngoài quy hoạch lâm nghiệp")

    class Cause(models.TextChoices):
        SLASH = "slash", _("đốt nương")
        HONEY = "honey", _("lấy mật ong, săn bắt")
        CARELESS = "careless", _("bất cẩn khi đi rừng")
        POWER = "power", _("điện, sét")
        ARSON = "arson", _("cố ý")
        UNKNOWN = "unknown", _("chưa rõ")

    day = models.DateField(_("ngày"))
    locality = models.CharField(_("nơi cháy (tiểu khu, khoảnh)"), max_length=300, blank=True, default="")
    hectares = models.FloatField(_("diện tích cháy (ha)"), null=True, blank=True)
    m2 = models.BigIntegerField(null=True, editable=False)
    forest = models.CharField(_("loại rừng"), max_length=12, choices=Forest)
    cause = models.CharField(_("nguyên nhân"), max_length=10, choices=Cause, default=Cause.UNKNOWN)
    damage = models.BigIntegerField(_("thiệt hại (đồng)"), null=True, blank=True)
    fighters = models.PositiveIntegerField(_("số người chữa cháy"), null=True, blank=True)
    hurt = models.PositiveIntegerField(_("số người bị thương"), null=True, blank=True)
    dead = models.PositiveIntegerField(_("số người chết"), null=True, blank=True)
    alert = models.ForeignKey(
        Alert,
        verbose_name=_("từ cảnh báo"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fires",
    )
    case = models.ForeignKey(
        Case, verbose_name=_("vụ việc"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(_("diễn biến"), blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "id"], name="burnt_day", condition=STANDING),
            models.Index(fields=["area_path", "day", "id"], name="burnt_area", condition=STANDING),
            models.Index(fields=["cell"], name="burnt_cell"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="burnt_some",
                condition=Q(hectares__isnull=True) | Q(hectares__gt=0),
                violation_error_message=_("Diện tích cháy phải lớn hơn 0; chưa đo thì để trống."),
            )
        ]

    def __str__(self) -> str:
        return _("đám cháy %(day)s") % {"day": f"{self.day:%d/%m/%Y}"}
