"""The books of species statuses and of the council that adopts them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from baoton.assessment import council, measures
from baoton.assessment.actions import METHOD, adopted, taken_back
from baoton.assessment.council import papers
from baoton.assessment.models import CATEGORIES, Item, Seat, Session, SpeciesStatus, Vote
from baoton.assessment.queries import edition, reach, support, versions
from baoton.files.actions import keeping
from baoton.files.models import Evidence
from baoton.files.queries import ATTACHMENTS
from baoton.files.queries import panel as evidence_panel
from baoton.kit.access import Actor
from baoton.kit.kinds import Choice, Count, Day, Files, Link, Number, Text, YesNo
from baoton.kit.reading.filters import Flag
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.reading.retold import ours
from baoton.kit.writing.serial import Serial
from baoton.kit.writing.verb import Verb
from baoton.taxa.models import Group
from rulebook.lists import groups


def legal_group(record: Any) -> str:
    """The group that decided on the day, as it is said in passing."""
    code = (record.legal or {}).get("group")
    if not code:
        return ""
    group = groups()[code]
    return group.en if get_language() == "en" else group.short


def km2(area: float | None) -> str:
    """Square kilometres to one decimal: more would claim a precision that points do not have."""
    return "" if area is None else number_format(round(area, 1), 1, use_l10n=True, force_grouping=True)


S = SpeciesStatus.Status


def category(record: Any) -> str:
    return gettext(record.category) if record.category else ""


def way(record: Any) -> str:
    """How the extents were measured, in words; another version than today's by its own name."""
    if record.method == METHOD:
        return gettext("phạm vi phân bố và diện tích cư trú, cách tính thứ nhất")
    return str(record.method)


status = Register(
    name="assessment.status",
    model=SpeciesStatus,
    label=_("Tình trạng loài"),
    one=_("tình trạng loài"),
    help=_(
        "Mỗi dòng là hiểu biết về một loài đến một ngày: số ghi nhận, phạm vi, diện tích cư trú, căn cứ pháp lý."
    ),
    order=("-on",),
    public=Q(),
    fields=(
        Link("taxon", _("loài"), to="taxa.taxon", by=("scientific_name",), italic=True, asked=False),
        Text("vernacular", _("tên Việt Nam"), source="taxon.vernacular_vi"),
        Choice("taxon_group", among=Group.choices, asked=False, filed=False),
        Day("on", asked=False),
        Count("records", asked=False),
        Count("years", asked=False),
        Count("blurred", asked=False),
        Count("withheld", asked=False),
        Count("places", asked=False),
        Number("eoo_km2", said=lambda r: km2(r.eoo_km2), asked=False),
        Number("aoo_km2", said=lambda r: km2(r.aoo_km2), asked=False),
        Text(
            "why_unknown",
            _("chưa rõ vì"),
            said=ours("why_unknown"),
            asked=False,
        ),
        Text("legal", _("nhóm theo luật"), said=legal_group, asked=False, filed=False),
        Text("category", said=category, asked=False),
        Text("indicated", asked=False),
        Text("because", said=ours("because"), asked=False),
        Choice("status", asked=False, filed=False),
        Text("adopted_by", asked=False),
        Day("adopted_on", asked=False),
        Text("input_hash", _("mã kiểm tra dữ liệu"), asked=False),
        Text("method", _("cách tính"), said=way, asked=False),
    ),
    show=("taxon", "on", "records", "eoo_km2", "aoo_km2", "legal", "category", "status"),
    find=(
        ("group", "taxon_group"),
        "status",
        ("on", "on", _("tính đến")),
        "taxon",
        Flag("known", _("EOO"), Q(eoo_km2__isnull=False), _("đã có EOO"), _("chưa có EOO")),
    ),
    parts=(
        Panel(
            "assessment/support.html",
            lambda actor, record: {
                "rows": support(edition(actor, record)),
                "reach": reach(edition(actor, record)),
                "record": record,
            },
        ),
        Panel(
            "assessment/numbers.html",
            lambda actor, record: {
                "rows": measures.of(actor, edition(actor, record).measures),
                "record": record,
            },
        ),
        Panel(
            "assessment/versions.html",
            lambda actor, record: {"rows": versions(actor, record.taxon_id), "record": record},
        ),
        Panel("files/panel.html", evidence_panel),
    ),
    verbs=(
        Verb(
            "adopt",
            _("thông qua"),
            {S.COMPUTED: S.ADOPTED},
            asks=(
                Choice("category", _("hạng thông qua"), among=CATEGORIES, required=True),
                Text("reason", _("biên bản: số, ngày, hội đồng"), required=True),
                Files("scan", _("bản quét biên bản"), keep=keeping(Evidence.Kind.MINUTES)),
                Day("adopted_on", _("ngày thông qua"), today=True, required=True),
            ),
            do=adopted,
        ),
        Verb(
            "take_back",
            _("rút thông qua"),
            {S.ADOPTED: S.COMPUTED},
            asks=(Text("reason", _("lý do rút"), required=True),),
            do=taken_back,
            danger=True,
        ),
    ),
)

C = Session.Status


class OfSession(Register):
    """The books of a session: they stand still once it was held."""

    def judge(self, actor: Actor, record: Any, old: Mapping[str, Any] | None) -> None:
        council.judge(record)


session = OfSession(
    name="assessment.session",
    model=Session,
    label=_("Phiên họp hội đồng"),
    one=_("phiên họp hội đồng"),
    help=_("Mỗi dòng là một phiên họp: thành viên, các loài đưa ra, phiếu, biên bản, quyết định."),
    order=("-day",),
    settle=council.stay,
    fields=(
        Text("title"), Day("day", today=True), Text("place"), Text("founded_by"), Choice("majority"),
        Text("notes", folded=True), Choice("status", asked=False), Text("number", asked=False),
        Text("decision", asked=False), Day("decided_on", asked=False), Text("signer", asked=False),
    ),
    show=("title", "day", "place", "status", "number", "decision"),
    find=("status", ("when", "day", _("thời gian"))),
    parts=(
        Panel("assessment/council.html", council.told),
        Part("assessment.item", "session"), Part("assessment.seat", "session"), ATTACHMENTS,
    ),
    verbs=(
        "create", "edit", "withdraw",
        Verb(
            "hold", _("chốt phiếu, lập biên bản"), {C.DRAFT: C.HELD}, do=council.hold, guard=council.not_ready,
            number=Serial("BB-HĐ", "{n:02d}/{kind}"), paper=papers.MINUTES,
            done=_("Đã chốt phiếu; biên bản ở trang này"),
        ),
        Verb(
            "decide", _("ghi quyết định, thông qua các bản"), {C.HELD: C.DECIDED},
            (
                Text("decision", required=True), Day("decided_on", today=True, required=True),
                Text("signer", required=True),
                Files("scan", _("bản quét biên bản, quyết định"), keep=keeping(Evidence.Kind.MINUTES)),
            ),
            council.decide,
            done=_("Đã ghi quyết định; các bản được thông qua mang số của nó"),
        ),
        Verb(
            "reopen", _("mở lại để sửa phiếu"), {C.HELD: C.DRAFT}, (Text("reason", _("lý do"), required=True),),
            council.reopen, danger=True,
        ),
    ),
)  # fmt: skip

seat = OfSession(
    name="assessment.seat",
    model=Seat,
    label=_("Thành viên hội đồng"),
    one=_("thành viên hội đồng"),
    help=_("Mỗi dòng là một thành viên ở một phiên họp; ai có mặt thì có một phiếu cho mỗi loài."),
    order=("id",),
    settle=council.stay,
    fields=(
        Link("session", to="assessment.session", by=("title",)), Text("name"), Text("works_at"), Choice("role"),
        YesNo("present"),
    ),
    show=("name", "works_at", "role", "present", "session"),
    find=("session", "role"),
)  # fmt: skip

item = OfSession(
    name="assessment.item",
    model=Item,
    label=_("Loài đưa ra hội đồng"),
    one=_("loài đưa ra hội đồng"),
    help=_("Mỗi dòng là một loài ở một phiên họp, với bản tình trạng hội đồng đọc; số liệu về sau là bản khác."),
    order=("id",),
    derive=council.freeze,
    settle=council.stay,
    fields=(
        Link("session", to="assessment.session", by=("title",)),
        Link("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi"), italic=True),
        Choice("category"), Text("reason"),
        Link("version", to="assessment.status", by=("input_hash",), asked=False, filed=False),
        Choice("outcome", asked=False), Choice("decided", asked=False),
    ),
    show=("taxon", "category", "version", "outcome", "decided", "session"),
    find=("session", "outcome", ("taxon", "taxon")),
)  # fmt: skip

vote = OfSession(
    name="assessment.vote",
    model=Vote,
    label=_("Phiếu của hội đồng"),
    one=_("phiếu"),
    help=_("Mỗi dòng là phiếu của một thành viên cho một loài."),
    order=("id",),
    fields=(
        Link("item", to="assessment.item", by=("reason",)), Link("seat", to="assessment.seat", by=("name",)),
        Choice("choice"), Choice("category"),
    ),
    show=("item", "seat", "choice", "category"),
    find=("item", "seat", "choice"),
    verbs=("create", "edit"),
)  # fmt: skip
