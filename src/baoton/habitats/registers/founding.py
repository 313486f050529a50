"""The books of founding a protected area: proposals, options with zones, consultations, posts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import rulebook
from baoton.files.queries import ATTACHMENTS
from baoton.habitats.models import Consultation, Opinion, Option, Post, Proposal, Zone
from baoton.habitats.proposals import INSIDE, boundary, counted, criteria, n, zones_of
from baoton.habitats.queries import outside
from baoton.habitats.topology import SHARED_DEG2, area_m2, place
from baoton.kit.access import Actor, may, reach_of
from baoton.kit.kinds import Area, Choice, Count, Day, File, Link, Number, Shape, Text, YesNo
from baoton.kit.kinds.geometry import as_json
from baoton.kit.reading.filters import Flag, Standing
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Timer, Verb
from baoton.places.queries import province_path, settle, shares, unit_name, villages_among
from baoton.plan.queries import works_tied
from baoton.remarks.queries import REMARKS
from rulebook.errors import RulebookError

S = Proposal.Status
REASON = Text("reason", _("lý do"), required=True)
SPECIAL_USE = (Proposal.Kind.RESERVE, Proposal.Kind.SPECIES, Proposal.Kind.LANDSCAPE)
CHAPTERS = ("nature", "people", "programme", "money")
BY_TITLE = Link("proposal", to="habitats.proposal", by=("title",))


def province_wide(record: Any) -> None:
    record.area_path = record.area_path or province_path()


def days(step: str) -> Any:
    """The most working days of a step by the parameter of the day; none where it is not known."""

    def of(record: Any, on: date) -> int | None:
        try:
            told = rulebook.param_value("protected_area.procedure_days", on=on)
        except RulebookError:
            return None
        return None if not told.value else int(told.value[step][1])

    return of


def chosen(record: Proposal) -> Option | None:
    return record.options.filter(withdrawn__isnull=True, chosen=True).first()


def not_drawn(record: Proposal) -> str:
    """Why the draft project cannot be consulted on yet, or an empty text."""
    options = record.options.filter(withdrawn__isnull=True)
    if any(z.kind in INSIDE for o in options for z in zones_of(o)):
        return ""
    return gettext("Chưa có phương án nào có phân khu được vẽ.")


def lacking(record: Proposal) -> list[str]:
    """What the dossier still lacks, each in a sentence."""
    told = []
    option = chosen(record)
    if option is None:
        told.append(gettext("Chưa chọn phương án."))
    else:
        ground = boundary(option)
        communes = [path for path, _s, _m in shares([ground])[0]] if not ground.is_empty else []
        asked = record.consultations.filter(withdrawn__isnull=True, day__isnull=False)
        done = set(asked.values_list("area_path", flat=True))
        told += [
            gettext("Chưa lấy ý kiến ở %(where)s.") % {"where": unit_name(path)}
            for path in communes
            if path not in done
        ]
    open_ = Opinion.objects.filter(consultation__proposal=record, withdrawn__isnull=True, answer="")
    open_ = open_.filter(consultation__withdrawn__isnull=True).exclude(side=Opinion.Side.AGREED)
    if waiting := open_.count():
        told.append(gettext("%(n)d ý kiến chưa được trả lời.") % {"n": waiting})
    for name in CHAPTERS:
        kind = proposal.field(name)
        if kind is not None and not getattr(record, name):
            told.append(gettext("Chưa viết chương “%(what)s”.") % {"what": kind.heading})
    return told


def not_complete(record: Proposal) -> str:
    return " ".join(lacking(record))


def no_post(record: Proposal) -> str:
    there = record.posts.filter(withdrawn__isnull=True).exists()
    return "" if there else gettext("Chưa ghi mốc nào.")


def derive_zone(record: Zone) -> None:
    """Its hectares are measured; it shares no ground with another zone of its option."""
    if record.geom is None:
        return
    shape = shapely.from_wkb(bytes(record.geom))
    record.hectares = round(float(area_m2([shape])[0]) / 10_000, 4)
    if told := outside(shape):
        raise ValidationError({"geom": told})
    if not record.option_id:
        return
    moving = getattr(record, "beside", {})  # zones that change in the same transaction, as they will stand
    for other in zones_of(record.option):
        if other.pk == record.pk:
            continue
        beside = moving.get(other.pk) or shapely.from_wkb(bytes(other.geom or b""))
        shared = shapely.intersection(shape, beside)
        if shapely.area(shared) > SHARED_DEG2 * 10:
            told = gettext("Chồng lên “%(zone)s” %(ha)s ha, tại %(at)s; một chỗ chỉ thuộc một phân khu.")
            ha = n(float(area_m2([shared])[0]) / 10_000, 2)
            at = place(shared.representative_point())
            raise ValidationError({"geom": told % {"zone": other, "ha": ha, "at": at}})


def derive_consultation(record: Consultation) -> None:
    """Whoever came is for, against, for on conditions, or silent: none is lost from the count."""
    today = timezone.localdate()
    if record.day and record.day > today:
        raise ValidationError({"day": gettext("Ngày này chưa đến.")})
    if record.day and record.day < record.invited_on:
        raise ValidationError({"day": gettext("Họp trước ngày mời.")})
    parts = (record.agreed, record.against, record.conditional, record.silent)
    if record.day is None:
        if any(p is not None for p in (*parts, record.attended)):
            raise ValidationError({"day": gettext("Ghi ngày họp trước khi ghi số người.")})
        return
    if record.attended is None or any(p is None for p in parts):
        raise ValidationError(
            {"attended": gettext("Đã họp thì ghi đủ số người dự và bốn số ý kiến, không có thì ghi 0.")}
        )
    total = sum(p or 0 for p in parts)
    if total != record.attended:
        told = gettext("Cộng các ý kiến được %(n)d người, mà dự họp là %(all)d; hai số phải bằng nhau.")
        raise ValidationError({"attended": told % {"n": total, "all": record.attended}})


def derive_option(record: Option) -> None:
    if record.proposal_id:
        record.area_path = record.proposal.area_path


def derive_opinion(record: Opinion) -> None:
    if record.consultation_id:
        record.area_path = record.consultation.area_path


def drawn(actor: Actor, option: Option | None) -> list[dict[str, Any]]:
    """The zones of an option for a map, as this reader may know them: the deepest colour is the strictest zone."""
    door = zone.door(actor)
    rows = door.open(door.rows().filter(option=option)) if option is not None else []
    found = []
    for deep, (kind, label) in enumerate(reversed(Zone.Kind.choices), 1):
        shapes = [shapely.from_wkb(bytes(z.door_geom)) for z in rows if z.kind == kind and z.door_geom]
        if shapes:
            whole = shapely.simplify(shapely.union_all(shapes), 0.0002)
            found.append({"name": str(label), "kind": "shape", "deep": deep, "geometry": as_json(whole)})
    return found


def on_proposal(actor: Actor, record: Proposal) -> Mapping[str, Any]:
    option = chosen(record)
    told = counted(actor, option) if option is not None else None
    rows = consultation.door(actor).rows().filter(proposal=record)
    asked = rows.filter(day__isnull=False)
    whole = reach_of(actor.scopes("habitats.proposal.see"), Proposal).holds(
        record
    )  # else he reads it as one asked
    sums = asked.aggregate(**{k: Sum(k) for k in ("attended", "agreed", "against", "conditional", "silent")})
    return {
        "proposal": record, "option": option, "zones": drawn(actor, option), "told": told, "whole": whole,
        "lacking": lacking(record) if whole else [], "may_write": may(actor, "habitats.proposal.edit", record),
        "criteria": criteria(record, told) if told is not None else [], "sums": sums,
        "asked": villages_among(asked.values_list("area_path", "village")),
        "invited": villages_among(rows.values_list("area_path", "village")), "works": works_tied(actor, record),
    }  # fmt: skip


def on_option(actor: Actor, record: Option) -> Mapping[str, Any]:
    told = counted(actor, record)
    return {
        "option": record,
        "told": told,
        "zones": drawn(actor, record),
        "criteria": criteria(record.proposal, told),
        "may_draw": bool(actor.scopes("habitats.zone.edit")) and bool(zones_of(record)),
    }


proposal = Register(
    name="habitats.proposal",
    model=Proposal,
    label=_("Đề xuất thành lập khu"),
    one=_("đề xuất thành lập khu"),
    help=_("Mỗi dòng là một khu được đề xuất thành lập: đang ở bước nào, hồ sơ còn thiếu gì."),
    order=("-day",),
    derive=province_wide,
    fields=(
        Text("title"), Choice("kind"), Day("day", today=True), YesNo("invented"), Text("why"), Text("nature"),
        Text("people"), Text("programme"), Text("money"), Area("area_path", folded=True), Choice("status", asked=False),
        Text("appraisal", asked=False), Text("decision", asked=False), Day("decided_on", asked=False),
        Text("board", asked=False), Text("plan", asked=False),
    ),
    show=("title", "kind", "day", "status", "decision"),
    find=(
        "status", "kind", ("when", "day", _("đề xuất ngày")), ("decided", "decided_on", _("quyết định ngày")),
        Standing("open", _("còn là đề xuất ngày"), column="day", until="decided_on"),
        Flag(
            "forest", _("rừng đặc dụng"), Q(kind__in=SPECIAL_USE), _("khu rừng đặc dụng"),
            _("hành lang, đất ngập nước"),
        ),
    ),
    parts=(
        Panel("habitats/on_proposal.html", on_proposal), Part("habitats.option", "proposal"),
        Part("habitats.consultation", "proposal"), Part("habitats.post", "proposal"),
        Part("habitats.effectiveness", "proposal"), ATTACHMENTS, REMARKS,
    ),
    verbs=(
        "create", "edit", "withdraw",
        Verb("inventory", _("bắt đầu điều tra hiện trạng"), {S.PROPOSED: S.INVENTORY}),
        Verb("draft", _("bắt đầu lập dự án"), {S.INVENTORY: S.DRAFT}),
        Verb("consult", _("bắt đầu lấy ý kiến"), {S.DRAFT: S.CONSULTING}, guard=not_drawn),
        Verb("complete", _("chốt hồ sơ đủ"), {S.CONSULTING: S.COMPLETE}, guard=not_complete,
             starts=Timer("kiểm tra hồ sơ", days("check"))),
        Verb("appraise", _("đưa ra hội đồng thẩm định"), {S.COMPLETE: S.APPRAISAL}, stops="kiểm tra hồ sơ",
             starts=Timer("thẩm định", days("appraisal"))),
        Verb("pass", _("ghi kết quả thẩm định"), {S.APPRAISAL: S.DECIDING}, (Text("appraisal", required=True),),
             stops="thẩm định", starts=Timer("quyết định", days("decision"))),
        Verb("found", _("ghi quyết định thành lập"), {S.DECIDING: S.FOUNDED},
             (Text("decision", required=True), Day("decided_on", today=True, required=True)), stops="quyết định"),
        Verb("mark", _("xác nhận đã cắm mốc"), {S.FOUNDED: S.MARKED}, guard=no_post),
        Verb("seat", _("ghi ban quản lý"), {S.MARKED: S.BOARD}, (Text("board", required=True),)),
        Verb("manage", _("ghi phương án quản lý"), {S.BOARD: S.MANAGED}, (Text("plan", required=True),)),
        Verb("back", _("trả hồ sơ về lập lại dự án"), {
            S.CONSULTING: S.DRAFT, S.COMPLETE: S.DRAFT, S.APPRAISAL: S.DRAFT, S.DECIDING: S.DRAFT,
        }, (REASON,), danger=True),
    ),
)  # fmt: skip

option = Register(
    name="habitats.option",
    model=Option,
    label=_("Phương án ranh giới"),
    one=_("phương án ranh giới"),
    help=_("Mỗi dòng là một cách vẽ khu: các phân khu, diện tích, loài, tiêu chí được tính ngay theo hình đang vẽ."),
    order=("id",),
    derive=derive_option,
    fields=(BY_TITLE, Text("name"), YesNo("chosen"), Text("note", folded=True)),
    show=("name", "proposal", "chosen"),
    find=("proposal",),
    parts=(Panel("habitats/on_option.html", on_option), Part("habitats.zone", "option"), REMARKS),
)  # fmt: skip

zone = Register(
    name="habitats.zone",
    model=Zone,
    label=_("Phân khu"),
    one=_("phân khu"),
    help=_("Mỗi dòng là một phân khu của một phương án, vẽ trên bản đồ hoặc lấy từ tệp bản đồ."),
    order=("id",),
    derive=derive_zone,
    settle=settle,
    fields=(
        Link("option", to="habitats.option", by=("name",)), Choice("kind"),
        Shape("geom", _("ranh giới"), drawn=("polygon",), point=False, required=True, tells="zone-live"),
        Number("hectares", asked=False), Area("area_path", asked=False),
    ),
    show=("option", "kind", "hectares", "area_path"),
    find=("option", "kind"),
)  # fmt: skip

consultation = Register(
    name="habitats.consultation",
    model=Consultation,
    label=_("Lấy ý kiến về khu"),
    one=_("cuộc lấy ý kiến"),
    help=_("Mỗi dòng là một xã, một bản hay một cơ quan được hỏi: mời, họp, ai đồng ý, ai không, kèm biên bản."),
    order=("-invited_on",),
    derive=derive_consultation,
    fields=(
        BY_TITLE, Area("area_path", required=True), Text("village"), Day("invited_on", today=True), Count("invited"),
        Day("day"), Count("attended"), Count("agreed"), Count("against"), Count("conditional"), Count("silent"),
        File("minutes", accept=".pdf,image/*"),
    ),
    show=("area_path", "village", "day", "attended", "agreed", "against", "conditional", "silent"),
    find=("proposal", ("area", "area_path"), ("when", "day", _("họp ngày"))),
    parts=(Part("habitats.opinion", "consultation"), ATTACHMENTS, REMARKS),
)  # fmt: skip

opinion = Register(
    name="habitats.opinion",
    model=Opinion,
    label=_("Ý kiến về khu"),
    one=_("ý kiến về khu"),
    help=_("Mỗi dòng là một ý kiến ở một cuộc họp và câu trả lời."),
    order=("id",),
    derive=derive_opinion,
    fields=(
        Link("consultation", to="habitats.consultation", by=("village",)), Choice("side"), Text("text"), Text("answer"),
    ),
    show=("side", "text", "answer"),
    find=("consultation", "side"),
)  # fmt: skip

post = Register(
    name="habitats.post",
    model=Post,
    label=_("Mốc ranh giới"),
    one=_("mốc ranh giới"),
    help=_("Mỗi dòng là một mốc ngoài thực địa: số, vị trí, ngày cắm, ảnh."),
    order=("number",),
    settle=settle,
    fields=(
        BY_TITLE, Text("number"), Day("day", today=True), Shape("geom", _("vị trí"), required=True), Text("note"),
        Area("area_path", asked=False),
    ),
    show=("number", "proposal", "day", "area_path", "note"),
    find=("proposal", ("area", "area_path"), ("when", "day", _("cắm ngày"))),
    parts=(ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip
