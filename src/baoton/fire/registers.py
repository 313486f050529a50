"""The books of fire: stations, weather, the table of levels, bulletins, hotspots, alerts, permits, fires."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.fire import actions, papers, queries
from baoton.fire.models import Alert, Bulletin, Fire, Hotspot, Permit, Quiet, Station, Table, Weather, Zoned
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, File, Link, Moment, Money, Number, Shape, Text
from baoton.kit.reading.asking import readable
from baoton.kit.reading.filters import Flag
from baoton.kit.reading.register import REGISTERS, Panel, Part, Register
from baoton.kit.writing.serial import Serial
from baoton.kit.writing.verb import Verb
from baoton.places.queries import settle
from baoton.remarks.queries import REMARKS

S = Alert.Status
AREA = ("area", "area_path")
DAY = ("when", "day", _("thời gian"))
REASON = Text("reason", _("lý do"), required=True)
AT = Moment("at", _("trả lời lúc (để trống là bây giờ)"))


def on_station(actor: Actor, record: Station) -> Mapping[str, Any]:
    """The days without all their numbers, told one by one as far as they are few."""
    found = queries.series(record)
    gaps = [] if found is None else list(found.gaps)
    last = None if found is None else found.days[-1]
    return {
        "gaps": gaps[-60:],
        "many": len(gaps),
        "last": last,
        "first": None if found is None else found.days[0],
    }


def on_bulletin(actor: Actor, record: Bulletin) -> Mapping[str, Any]:
    """The rows as they were told, or as they stand in a draft."""
    return {"rows": record.rows or actions.rows_on(record.day), "basis": queries.basis(record.day)}


def on_alert(actor: Actor, record: Alert) -> Mapping[str, Any]:
    """Permits and restoration works near the alert as far as the reader may see them: what fits and what does not."""
    book, spots = REGISTERS["fire.permit"], queries.spots_of(record)
    near = {
        "works": queries.works_near(actor, spots),
        "metres": round(queries.NEAR_M),
        "open": record.status == S.WAITING,
    }
    if not readable(book, actor):
        return {"held": (), **near}
    door = book.door(actor)
    rows = door.open(
        door.rows().filter(since__lte=record.day + timedelta(1), until__gte=record.day - timedelta(1))
    )
    return {"held": [(h, book.url(h.permit)) for h in queries.permits_near(spots, rows)], **near}


def p_of(record: Weather) -> str:
    """P as one number or a range."""
    return (
        "" if record.p_low is None or record.p_high is None else queries.p_text(record.p_low, record.p_high)
    )


def level_of(record: Weather) -> str:
    """The level in Roman numerals."""
    return "" if record.level is None else queries.ROMAN[record.level]


station = Register(
    name="fire.station",
    model=Station,
    label=_("Trạm dự báo cháy rừng"),
    one=_("trạm"),
    help=_("Mỗi dòng là một trạm đo lúc 13 giờ; các xã lấy cấp cháy rừng của trạm."),
    order=("name",),
    settle=settle,
    fields=(
        Text("name"), Text("code"), Shape("geom", _("vị trí"), drawn=()), Area("area_path"), Number("elevation_m"),
        Text("source"),
    ),
    show=("name", "code", "area_path", "elevation_m", "source"),
    find=(AREA,),
    parts=(Panel("fire/on_station.html", on_station), Part("fire.zoned", "station"), Part("fire.weather", "station")),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

zoned = Register(
    name="fire.zoned",
    model=Zoned,
    label=_("Xã của trạm"),
    one=_("xã của trạm"),
    help=_("Mỗi dòng nói một xã lấy cấp cháy rừng của trạm nào."),
    fields=(Link("station", to="fire.station", by=("name", "code")), Area("area_path", required=True)),
    show=("station", "area_path"),
    find=("station", AREA),
    verbs=("create", "edit", "withdraw", "import"),
)

table = Register(
    name="fire.table",
    model=Table,
    label=_("Bảng cấp cháy rừng của tỉnh"),
    one=_("bảng cấp cháy rừng"),
    help=_("Mỗi dòng là một bảng do tỉnh quyết định. Chưa nhập thì hệ thống chỉ nói chỉ số P, không nói cấp."),
    order=("-since",),
    derive=actions.whole_province,
    fields=(
        Text("decision"), Day("since"), Count("level1", least=1), Count("level2", least=1), Count("level3", least=1),
        Count("level4", least=1), Number("reset_mm", least=0, most=200), File("text", accept=".pdf,image/*"),
    ),
    show=("decision", "since", "level1", "level2", "level3", "level4", "reset_mm"),
    find=(("when", "since", _("áp dụng từ")),),
)  # fmt: skip

weather = Register(
    name="fire.weather",
    model=Weather,
    label=_("Thời tiết 13 giờ"),
    one=_("ngày đo"),
    help=_("Mỗi dòng là một ngày ở một trạm. Thiếu số liệu thì để trống, không ghi 0 hay −99."),
    order=("-day",),
    derive=actions.derive_weather,
    fields=(
        Link("station", to="fire.station", by=("name", "code")), Day("day", today=True),
        Number("t13", least=-20, most=50), Number("rh13", least=1, most=100),
        Number(
            "rain_mm", least=0, most=1500,
            help=_("−99 là mã thiếu số liệu của máy: để trống. Mưa vết (dưới 0,1 mm): ghi 0."),
        ),
        Number("wind_kmh", least=0, most=250), Text("p", _("chỉ số P"), said=p_of, asked=False, filed=False),
        Text("level_told", _("cấp"), said=level_of, asked=False, filed=False), Number("p_low", asked=False),
        Number("p_high", asked=False), Count("level", asked=False),
        Area("area_path", asked=False),
    ),
    show=("station", "day", "t13", "rh13", "rain_mm", "p", "level_told"),
    find=(
        "station", DAY, AREA,
        Flag("known", _("đã có cấp"), Q(level__isnull=False), _("đã có cấp"), _("chưa rõ cấp")),
        Flag("danger", _("cấp IV, V"), Q(danger=1), _("cấp IV, V"), _("cấp thấp hơn hoặc chưa rõ")),
    ),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

bulletin = Register(
    name="fire.bulletin",
    model=Bulletin,
    label=_("Bản tin cấp cháy rừng"),
    one=_("bản tin cấp cháy rừng"),
    help=_("Mỗi dòng là một bản tin gửi các xã: cấp từng vùng, cảnh báo, khuyến cáo; phát thành văn bản Word."),
    order=("-day",),
    derive=actions.whole_province,
    fields=(
        Day("day", today=True), Day("until"), Text("advice"), Text("number", asked=False),
        Choice("status", asked=False),
    ),
    show=("day", "until", "number", "status"),
    find=("status", DAY),
    parts=(Panel("fire/on_bulletin.html", on_bulletin), ATTACHMENTS, REMARKS),
    verbs=(
        "create", "edit", "withdraw",
        Verb(
            "issue", _("phát bản tin"), {"draft": "issued"}, do=actions.issue, guard=actions.nothing_known,
            number=Serial("BT-CCR", "{n:02d}/{kind}"), paper=papers.BULLETIN,
        ),
    ),
)  # fmt: skip

quiet = Register(
    name="fire.quiet",
    model=Quiet,
    label=_("Nguồn nhiệt không phải cháy rừng"),
    one=_("nguồn nhiệt"),
    help=_("Mỗi dòng là một lò, nhà máy… mà vệ tinh hay báo. Cảnh báo trong 500 m được tắt, và sổ nói đã tắt."),
    order=("-since",),
    settle=settle,
    fields=(
        Text("name"), Text("why"), Shape("geom", _("vị trí"), drawn=("polygon",), required=True),
        Day("since", today=True),
        Day("until"), Area("area_path", asked=False),
    ),
    show=("name", "why", "since", "until", "area_path"),
    find=(AREA, ("when", "since", _("từ ngày"))),
)  # fmt: skip


class Handed(Register):
    """Permits: what somebody holds on paper is not rewritten behind his back."""

    def judge(self, actor: Actor, record: Any, old: Mapping[str, Any] | None) -> None:
        if old is None or old["status"] == Permit.Status.DRAFT or old["status"] != record.status:
            return
        new = record.snapshot()
        if any(new[k] != v for k, v in old.items() if k not in {"revision", "reporter_id"}):
            told = gettext("Giấy phép đã cấp thì không sửa; hãy thu hồi, ghi lý do, rồi lập giấy khác.")
            raise ValidationError(told)


permit = Handed(
    name="fire.permit",
    model=Permit,
    label=_("Giấy phép đốt nương"),
    one=_("giấy phép đốt"),
    help=_("Mỗi dòng là một giấy cho đốt: ai, ở đâu, ngày nào, từ mấy giờ đến mấy giờ, ai cho. Điểm nóng trong nơi và "
           "giờ ấy được gợi ý là đốt có phép; người tại chỗ vẫn phải kết luận."),
    order=("-since",),
    settle=settle,
    derive=actions.derive_permit,
    fields=(
        Text("holder"), Text("what"), Shape("geom", _("nơi đốt trên bản đồ"), drawn=("polygon",), required=True),
        Text("locality"), Number("hectares", least=0), Day("since", today=True), Day("until"),
        Count("from_hour", most=23), Count("to_hour", least=1, most=24), Text("given_by"), Text("terms"),
        Area("area_path", asked=False), Text("number", asked=False), Moment("ended", asked=False),
        Choice("status", asked=False),
    ),
    show=("number", "holder", "area_path", "since", "until", "from_hour", "to_hour", "status"),
    find=(
        "status", AREA, ("when", "since", _("đốt từ ngày")),
        Flag("given", _("đã cấp"), ~Q(status="draft"), _("đã cấp"), _("chưa cấp")),
    ),
    parts=(Part("fire.alert", "permit"), ATTACHMENTS, REMARKS),
    verbs=(
        "create", "edit", "withdraw", "import",
        Verb(
            "issue", _("cấp giấy phép"), {"draft": "issued"}, number=Serial("GP-ĐN", "{n:02d}/{kind}"),
            paper=papers.PERMIT,
        ),
        Verb(
            "enter", _("ghi giấy đã cấp tay"), {"draft": "issued"}, (Text("number", required=True),),
            done=_("Đã ghi giấy phép đã cấp tay"),
        ),
        Verb("end", _("thu hồi giấy phép"), {"issued": "ended"}, (REASON,), do=actions.end_permit, danger=True),
    ),
)  # fmt: skip

alert = Register(
    name="fire.alert",
    model=Alert,
    label=_("Cảnh báo điểm nóng"),
    one=_("cảnh báo"),
    help=_("Mỗi dòng là một đám điểm nóng gần nhau, gửi người trực; người tại chỗ nói là gì. Đám bị tắt vẫn ở đây."),
    order=("-day",),
    settle=settle,
    fields=(
        Day("day", asked=False), Area("area_path", asked=False), Count("size", asked=False),
        Moment("first", asked=False),
        Moment("last", asked=False), Shape("geom", _("vị trí"), asked=False), Choice("routed", asked=False),
        Text("officer", _("người nhận"), said=lambda r: r.officer or "", asked=False, filed=False),
        Text("muted", asked=False), Link("permit", to="fire.permit", by=("number", "holder"), asked=False),
        Moment("told", asked=False), Moment("at", asked=False),
        Count("minutes", asked=False),
        Text("note", asked=False), Choice("status", asked=False),
    ),
    show=("day", "area_path", "size", "routed", "muted", "permit", "minutes", "status"),
    find=(
        "status", "routed", AREA, DAY, "permit",
        Flag("judged", _("đã có kết luận"), ~Q(status=S.WAITING), _("đã có kết luận"), _("chưa có kết luận")),
        Flag("mute", _("bị tắt"), ~Q(muted=""), _("bị tắt"), _("không bị tắt")),
        Flag("leave", _("trong giấy phép đốt"), Q(permit__isnull=False), _("trong giấy phép"), _("ngoài giấy phép")),
    ),
    parts=(
        Panel("fire/on_alert.html", on_alert), Part("fire.hotspot", "alert"), Part("fire.fire", "alert"), ATTACHMENTS,
        REMARKS,
    ),
    verbs=(
        Verb(
            "fire", _("cháy thật"), {S.WAITING: S.FIRE}, (AT, Text("note")), do=actions.answer,
            done=_("Đã ghi: cháy thật"),
        ),
        Verb(
            "permitted", _("đốt có phép"), {S.WAITING: S.PERMITTED}, (AT, Text("note", required=True)),
            do=actions.answer,
            done=_("Đã ghi: đốt có phép"),
        ),
        Verb(
            "false", _("không có lửa"), {S.WAITING: S.FALSE}, (AT, Text("note", required=True)), do=actions.answer,
            done=_("Đã ghi: không có lửa"),
        ),
        Verb(
            "reopen", _("trả lời lại"), {S.FIRE: S.WAITING, S.PERMITTED: S.WAITING, S.FALSE: S.WAITING}, (REASON,),
            do=actions.reopen,
        ),
    ),
)  # fmt: skip

hotspot = Register(
    name="fire.hotspot",
    model=Hotspot,
    label=_("Điểm nóng vệ tinh"),
    one=_("điểm nóng"),
    help=_("Mỗi dòng là một lần vệ tinh thấy nóng, từ tệp FIRMS (csv, json, shp) của vệ tinh nào cũng được."),
    order=("-at",),
    settle=settle,
    derive=actions.derive_hotspot,
    fields=(
        Moment("at"), Shape("geom", _("vị trí"), drawn=(), required=True), Text("satellite"), Text("instrument"),
        Text("confidence"), Number("frp", least=0), Number("brightness", least=0), Text("daynight"),
        Area("area_path", asked=False), Day("day", asked=False),
        Link("alert", to="fire.alert", asked=False, filed=False),
    ),
    show=("at", "area_path", "satellite", "confidence", "frp", "alert"),
    find=("alert", AREA, DAY),
    verbs=("create", "withdraw", "import"),
)  # fmt: skip

fire = Register(
    name="fire.fire",
    model=Fire,
    label=_("Đám cháy rừng"),
    one=_("đám cháy"),
    help=_("Mỗi dòng là một đám cháy: ở đâu, bao nhiêu ha, loại rừng, nguyên nhân, thiệt hại, người."),
    order=("-day",),
    settle=settle,
    derive=actions.derive_fire,
    fields=(
        Day("day", today=True), Shape("geom", _("vị trí"), drawn=("polygon",)), Area("area_path"), Text("locality"),
        Number("hectares", least=0), Choice("forest"), Choice("cause"), Money("damage"), Count("fighters"),
        Count("hurt"),
        Count("dead"), Link("alert", to="fire.alert", folded=True),
        Link("case", to="enforcement.case", by=("code",), folded=True), Text("note"),
    ),
    show=("day", "area_path", "hectares", "forest", "cause", "damage"),
    find=("forest", "cause", "alert", AREA, DAY),
    parts=(ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip
