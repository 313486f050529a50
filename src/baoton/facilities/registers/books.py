"""The books of a facility: what they hold, each line, what passed between two, marked animals."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

import rulebook
from baoton.facilities.actions import books, clocks, dossiers, marks, moving  # noqa: F401 – moving follows
from baoton.facilities.models import (
    CLASSES,
    Entry,
    Individual,
    Mark,
    Stock,
    Transfer,
)
from baoton.facilities.queries import ANIMALS, by_mark
from baoton.facilities.rules import panels
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Text
from baoton.kit.reading.filters import Flag, Related, Search
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Timer, Verb
from baoton.taxa.queries import search as search_taxa

M = Entry.Movement

REASON = Text("reason", _("lý do"), required=True)


PURPOSES = (  # the words of the rulebook, so that they have their English
    gettext_noop("thương mại"), gettext_noop("vườn thú, trưng bày"), gettext_noop("xiếc"), gettext_noop("cứu hộ"),
    gettext_noop("khoa học"), gettext_noop("bảo tồn"), gettext_noop("du lịch sinh thái"), gettext_noop("mục đích khác"),
)  # fmt: skip


def purposes() -> list[tuple[str, str]]:
    """The purpose codes of the ledger as the rulebook has them today."""
    known = rulebook.param_value("facility.purposes", on=timezone.localdate()).value
    return [(code, f"{code} – {gettext(word)}") for code, word in known.items()]


def of_taxa(text: str) -> Q:
    return Q(taxon_id__in=search_taxa(text))


@dataclass(frozen=True, eq=False)
class ClassOf(Choice):
    """A class of animals or plants: those that the form of the book has."""

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        book = record if isinstance(record, Stock) else getattr(record, "stock", None)
        form = getattr(book, "form", "")
        known = CLASSES[Stock.Form(form)] if form else tuple(k for k, _label in Entry.KINDS)
        return forms.Select(choices=[("", "—"), *((k, t) for k, t in Entry.KINDS if k in known)])


ONE = (
    ClassOf("kind", _("lớp"), among=Entry.KINDS, required=True),
    Count("amount", _("số lượng"), least=1, most=1_000_000, required=True),
)

DAY = Day("day", _("ngày"), today=True, required=True)

PARTNER = Text("partner", _("bên giao, bên nhận"), most=200, required=True)

PAPER = Text("paper", _("giấy tờ, biên bản"), most=200, required=True)

NOTE = Text("note", _("ghi chú"), most=300)


def moves(name: str, label: Any, movement: Any, *asks: Any, danger: bool = False) -> Verb:
    """A verb of a book that writes one line into it; what came in may have to be told of by a day."""
    tell = Timer(clocks.TELL, clocks.none_yet) if movement in clocks.BROUGHT else None
    return Verb(
        name, label, asks=(DAY, *ONE, *asks, NOTE), do=books.line(movement), guard=books.shut, danger=danger,
        starts=tell,
    )  # fmt: skip


stock = Register(
    name="facilities.stock",
    model=Stock,
    label=_("Sổ theo dõi của cơ sở"),
    one=_("sổ"),
    help=_(
        "Mỗi dòng là một sổ: một loài tại một cơ sở theo một mẫu. Số dư do các dòng sổ cộng lại, không ai ghi tay."
    ),
    order=("-since",),
    derive=dossiers.derive_stock,
    fields=(
        Link("facility", to="facilities.facility", by=("name",)),
        Link("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi")),
        Text("vernacular", _("tên Việt Nam"), source="taxon.vernacular_vi"),
        Choice("form"),
        Choice("purpose", among=purposes),
        Text("unit"),
        Text("generation", help=_("F1, F2… đối với cá thể gây nuôi.")),
        Count("capacity"),
        Day("since", today=True),
        Count("balance", asked=False),
        Area("area_path", asked=False),
    ),
    show=("vernacular", "taxon", "facility", "purpose", "capacity", "balance"),
    find=(
        Search("q", _("tên loài"), find=of_taxa),
        ("facility", "facility"),
        ("taxon", "taxon", _("loài")),
        "form",
        ("purpose", "purpose"),
        ("when", "since", _("mở sổ")),
        ("area", "area_path"),
    ),
    parts=(
        Panel("facilities/balances.html", books.panel),
        Panel("facilities/judged.html", panels.judged),
        Part("facilities.signal", "stock"),
        Part("facilities.individual", "stock"),
        Part("facilities.entry", "book"),
    ),
    verbs=(
        "create",
        "edit",
        Verb(
            "opening",
            _("ghi số đầu kỳ"),
            asks=(*ONE, Text("note", _("số đầu kỳ lấy từ đâu"), required=True)),
            do=books.opening,
            guard=books.begun,
        ),
        moves("born", _("sinh"), M.BORN),
        moves("bought", _("mua, nhận về"), M.BOUGHT, PARTNER, PAPER),
        moves("taken", _("khai thác từ tự nhiên"), M.TAKEN, PAPER),
        moves("died", _("chết"), M.DIED, Text("paper", _("biên bản"), most=200)),
        moves("sold", _("bán, xuất đi"), M.SOLD, PARTNER, Text("paper", _("giấy tờ"), most=200)),
        moves("lost", _("thoát, mất"), M.LOST, danger=True),
        Verb(
            "grew",
            _("chuyển lớp trong đàn"),
            asks=(DAY, *ONE, ClassOf("into", _("sang lớp"), among=Entry.KINDS, required=True), NOTE),
            do=books.grew,
            guard=books.shut,
        ),
        Verb(
            "give",
            _("chuyển đi tới cơ sở có mã số"),
            asks=(DAY, Text("code", _("mã số bên nhận"), most=200, required=True), *ONE, PAPER),
            do=books.give,
            guard=books.shut,
        ),
        Verb(
            "mark",
            _("đánh dấu cá thể"),
            asks=(
                DAY,
                ClassOf("kind", _("lớp"), among=Entry.KINDS, required=True),
                Choice("mark_kind", _("loại dấu"), among=Individual.MarkKind.choices, required=True),
                Text("mark", _("số dấu"), most=60, required=True),
                Day("born", _("ngày sinh")),
                Text("father", _("số dấu của bố"), most=200),
                Text("mother", _("số dấu của mẹ"), most=200),
            ),
            do=marks.mark,
            guard=books.shut,
        ),
    ),
)

entry = Register(
    name="facilities.entry",
    model=Entry,
    label=_("Dòng sổ theo dõi"),
    one=_("dòng sổ"),
    help=_("Dòng sổ chỉ thêm, không sửa; ghi nhầm thì đảo bằng một dòng mới có lý do."),
    order=("-day",),
    fields=(
        Link("book", to="facilities.stock"),
        Day("day"),
        Choice("movement"),
        Choice("kind", among=Entry.KINDS),
        Count("amount", least=None, asked=False),
        Text("partner"),
        Text("paper"),
        Text("note"),
        Day("entered", asked=False),
        Day("verified_on", asked=False),
        Text("verified_by", asked=False),
        Area("area_path", asked=False),
    ),
    show=("day", "movement", "kind", "amount", "partner", "note", "verified_on"),
    find=(
        ("book", "book"),
        ("movement", "movement"),
        Related(
            "taxon",
            _("loài"),
            "book__taxon_id",
            link=Link("taxon", to="taxa.taxon"),
            suggest="taxa-suggest",
        ),
        ("kind", "kind"),
        Related("unit", _("đơn vị tính"), "book__unit"),
        ("when", "day"),
        ("area", "area_path"),
        Flag("animals", _("động vật hay thực vật"), Q(kind__in=ANIMALS), _("động vật"), _("thực vật")),
        Flag(
            "standing",
            _("còn hiệu lực"),
            Q(reverses__isnull=True, reversed_by__isnull=True),
            _("không bị đảo"),
            _("đã đảo hoặc là dòng đảo"),
        ),
    ),
    verbs=(
        Verb("verify", _("xác nhận dòng sổ"), do=books.verify, guard=books.verified, alike=True),
        Verb("reverse", _("đảo dòng ghi nhầm"), asks=(REASON,), do=books.reverse, danger=True),
    ),
)

transfer = Register(
    name="facilities.transfer",
    model=Transfer,
    label=_("Chuyển giữa các cơ sở"),
    one=_("lần chuyển"),
    help=_(
        "Bên giao đã ghi giảm; bên nhận ghi tăng hoặc nói rõ vì sao không đồng ý. Lần chuyển một phía phải làm rõ."
    ),
    order=("-day",),
    fields=(
        Link("giver", to="facilities.stock"),
        Link("receiver", to="facilities.stock"),
        Day("day"),
        Text("amounts", said=books.said_amounts),
        Text("paper"),
        Choice("status"),
        Text("answer"),
    ),
    show=("day", "giver", "receiver", "amounts", "status"),
    find=("status", ("when", "day"), ("giver", "giver"), ("receiver", "receiver")),
    verbs=(
        Verb(
            "accept",
            _("ghi nhận vào sổ"),
            {Transfer.Status.PROPOSED: Transfer.Status.ACCEPTED},
            do=books.accept,
            guard=books.receiver_shut,
        ),
        Verb(
            "take_back",
            _("nhận lại vào sổ bên giao"),
            {Transfer.Status.DISPUTED: Transfer.Status.RETURNED},
            (REASON,),
            do=books.take_back,
        ),
        Verb(
            "dispute",
            _("không đồng ý"),
            {Transfer.Status.PROPOSED: Transfer.Status.DISPUTED},
            (Text("answer", required=True),),
            do=books.dispute,
            danger=True,
        ),
    ),
)

individual = Register(
    name="facilities.individual",
    model=Individual,
    label=_("Cá thể có đánh dấu"),
    one=_("cá thể"),
    help=_("Mỗi dòng là một con vật có dấu; số dấu chỉ dùng một lần trong toàn tỉnh."),
    order=("mark",),
    fields=(
        Text("mark"),
        Choice("mark_kind"),
        Link("stock", to="facilities.stock"),
        Choice("kind", among=Entry.KINDS),
        Day("born"),
        Link("father", to="facilities.individual", by=("mark",)),
        Link("mother", to="facilities.individual", by=("mark",)),
        Choice("status"),
        Day("seen_on", asked=False),
        Day("ended_on"),
        Choice("ended_how"),
    ),
    show=("mark", "mark_kind", "kind", "stock", "born", "status"),
    find=(
        Search("q", _("số dấu, từ chữ đầu"), find=by_mark),
        "status",
        ("stock", "stock"),
    ),
    parts=(Part("facilities.mark", "individual"),),
    verbs=(
        Verb(
            "remark",
            _("thay dấu"),
            {Individual.Status.HERE: Individual.Status.HERE},
            (
                Day("day", _("ngày"), today=True, required=True),
                Choice("mark_kind", among=Individual.MarkKind.choices, required=True),
                Text("mark", most=60, required=True),
                REASON,
            ),
            do=marks.remark,
        ),
        Verb(
            "seen",
            _("đọc thấy dấu"),
            {
                Individual.Status.HERE: Individual.Status.HERE,
                Individual.Status.ENDED: Individual.Status.ENDED,
            },
            (Day("day", _("ngày"), today=True, required=True),),
            do=marks.seen,
            alike=True,
        ),
        Verb(
            "move",
            _("chuyển sang cơ sở khác"),
            {Individual.Status.HERE: Individual.Status.HERE},
            (
                Day("day", _("ngày"), today=True, required=True),
                Text("code", _("mã số bên nhận"), most=200, required=True),
                PAPER,
            ),
            do=marks.move,
        ),
        Verb(
            "grew",
            _("chuyển lớp trong đàn"),
            {Individual.Status.HERE: Individual.Status.HERE},
            (
                Day("day", _("ngày"), today=True, required=True),
                ClassOf("into", _("sang lớp"), among=Entry.KINDS, required=True),
            ),
            do=marks.grew,
        ),
        Verb(
            "end",
            _("ra khỏi sổ"),
            {Individual.Status.HERE: Individual.Status.ENDED},
            (
                Day("ended_on", today=True, required=True),
                Choice(
                    "ended_how",
                    among=((M.DIED, _("chết")), (M.SOLD, _("bán, xuất đi")), (M.LOST, _("thoát, mất"))),
                    required=True,
                ),
                Text("partner", _("bên nhận"), most=200),
                Text("paper", _("giấy tờ, biên bản"), most=200),
            ),
            do=marks.end,
            danger=True,
        ),
    ),
)

mark = Register(
    name="facilities.mark",
    model=Mark,
    label=_("Dấu của cá thể"),
    one=_("dấu"),
    order=("-since",),
    fields=(
        Link("individual", to="facilities.individual", by=("mark",)),
        Choice("mark_kind"),
        Text("mark"),
        Day("since"),
        Day("until"),
        Text("why"),
    ),
    show=("mark", "mark_kind", "since", "until", "why"),
    find=(("individual", "individual"),),
    verbs=(),
)
