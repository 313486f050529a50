"""The owner's own page, made for a phone: what the books hold, big buttons for what happened, what waits for him."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from baoton.facilities.actions import books
from baoton.facilities.models import CLASSES, Entry, Facility, Finding, Signal, Stock, Transfer
from baoton.facilities.papers.common import vernacular
from baoton.facilities.queries import balances_on, labels
from baoton.kit.access import Actor, may, require
from baoton.kit.kinds.words import as_text
from baoton.kit.pages.form import KindForm
from baoton.kit.reading.asking import actor_of, readable, record_or_404
from baoton.kit.reading.register import REGISTERS
from baoton.kit.reading.waiting import waiting
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.remarks.queries import named

LAST, DUE = 8, timedelta(days=30)
BREEDERS = frozenset({"sire", "dam", "mother"})  # nothing is born or sown as one: it grows into it
BOOK = "facilities.stock"


@dataclass(frozen=True)
class Press:
    """One button: the verb of a book, its word for the owner, the class it most often means."""

    verb: str
    word: Any
    kind: str = ""
    into: str = ""
    big: bool = True


ANIMALS = (
    Press("born", gettext_lazy("Sinh"), "unsexed"),
    Press("died", gettext_lazy("Chết")),
    Press("sold", gettext_lazy("Bán")),
    Press("bought", gettext_lazy("Mua")),
    Press("give", gettext_lazy("Chuyển")),
    Press("grew", gettext_lazy("Lớn lên, đổi lớp"), big=False),
    Press("lost", gettext_lazy("Thoát, mất"), big=False),
    Press("opening", gettext_lazy("Số đầu kỳ"), big=False),
)
PLANTS = (
    Press("born", gettext_lazy("Gieo, nhân giống"), "seedling"),
    Press("grew", gettext_lazy("Trồng"), "seedling", "plant"),
    Press("died", gettext_lazy("Chết")),
    Press("sold", gettext_lazy("Bán")),
    Press("bought", gettext_lazy("Mua")),
    Press("give", gettext_lazy("Chuyển")),
    Press("lost", gettext_lazy("Mất"), big=False),
    Press("opening", gettext_lazy("Số đầu kỳ"), big=False),
)
PRESSES: Mapping[str, tuple[Press, ...]] = {
    Stock.Form.BREEDING: ANIMALS,
    Stock.Form.PLANTING: PLANTS,
    Stock.Form.ORDINARY: tuple(p for p in ANIMALS if p.verb != "give"),  # it bears no code to give under
}
OUT = {"died", "sold", "lost", "give", "grew"}
FIRST = ("kind", "into", "amount", "code", "day")
LATER = {"paper", "note"}
WITH = {"sold": gettext_lazy("bán, cho ai"), "bought": gettext_lazy("mua, nhận của ai")}
"""What the owner calls the other side of a movement."""


@login_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """His facilities, each book with its balance and buttons; deliveries and what is due on top."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, f"{BOOK}.born")
    places = list(REGISTERS["facilities.facility"].door(actor).rows().order_by("name"))
    stocks = list(_own(actor).select_related("taxon", "facility").order_by("since", "pk"))
    by: dict[Any, list[dict[str, Any]]] = {p.pk: [] for p in places}
    for stock in stocks:
        by.setdefault(stock.facility_id, []).append(_told(actor, stock))
    context = {
        "places": [
            {"place": p, "books": by[p.pk], "shut": p.status == Facility.Status.CLOSED} for p in places
        ],
        "deliveries": _deliveries(stocks),
        "refused": _refused(actor, stocks),
        "due": waiting(actor, today + DUE, today, 6),
        "named": named(actor),
        "leads": _leads(actor),
        "may_import": bool(actor.scopes("facilities.entry.import")),
        "transfer_book": REGISTERS["facilities.transfer"],
        "entry_book": REGISTERS["facilities.entry"],
        "stock_book": REGISTERS[BOOK],
        "facility_book": REGISTERS["facilities.facility"],
    }
    return render(request, "facilities/owner.html", context)


def _own(actor: Actor) -> Any:
    return REGISTERS[BOOK].door(actor).rows().filter(withdrawn__isnull=True)


def _told(actor: Actor, stock: Stock) -> dict[str, Any]:
    """One book: what each class holds, the buttons that may be pressed now, the last lines."""
    held, known = balances_on(stock.pk), labels()
    verbs = {v.name: v for v in REGISTERS[BOOK].own_verbs}
    presses = [
        p for p in PRESSES[stock.form]
        if may(actor, f"{BOOK}.{p.verb}", stock) and verbs[p.verb].open(stock)
        and (held or p.verb not in OUT)
    ]  # fmt: skip
    rows = Entry.objects.filter(book=stock, withdrawn__isnull=True).select_related("book", "reversed_by")
    begun = rows.exists()
    return {
        "stock": stock,
        "name": vernacular(stock.taxon),
        "classes": [(known[k], held[k]) for k in CLASSES[Stock.Form(stock.form)] if held.get(k)],
        "total": sum(held.values()),
        "begun": begun,
        "big": [p for p in presses if p.big],
        "small": [p for p in presses if not p.big],
        "lines": [_line(actor, e) for e in rows.order_by("-position")[:LAST]],
    }


def _line(actor: Actor, entry: Entry) -> dict[str, Any]:
    """One line of the book, and whether the owner may take it back."""
    turned = entry.reverses_id is not None or hasattr(entry, "reversed_by")
    fixed = entry.movement in {Entry.Movement.LEFT, Entry.Movement.ARRIVED}
    free = not turned and not fixed and may(actor, "facilities.entry.reverse", entry)
    return {
        "entry": entry,
        "turned": turned,
        "may": free and not books.refused_to_owner(actor, entry),
        "word": entry.get_movement_display(),
        "kind": entry.get_kind_display(),
    }


def _deliveries(stocks: list[Stock]) -> list[dict[str, Any]]:
    """What others say they gave to these books and nobody has answered yet, the oldest first."""
    rows = Transfer.objects.filter(
        receiver__in=stocks, status=Transfer.Status.PROPOSED, withdrawn__isnull=True
    )
    found = rows.select_related("giver__facility", "receiver__taxon").order_by("day", "pk")
    return [
        {
            "row": t,
            "from": str(t.giver.facility),
            "what": books.said_amounts(t),
            "name": vernacular(t.receiver.taxon),
        }
        for t in found
    ]


def _refused(actor: Actor, stocks: list[Stock]) -> list[dict[str, Any]]:
    """What the other side did not take and is not back in the book yet."""
    seen = REGISTERS["facilities.transfer"].door(actor).rows()
    rows = seen.filter(giver__in=stocks, status=Transfer.Status.DISPUTED).order_by("day", "pk")
    return [{"row": t, "what": books.said_amounts(t)} for t in rows.select_related("receiver")]


def _leads(actor: Actor) -> list[tuple[Any, str, int]]:
    """Other books he may open, with how many rows wait for him there; those that hold nothing are left out."""
    wanted: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (_("Dấu hiệu cần giải thích"), "facilities.signal", {"status": Signal.Status.OPEN}),
        (_("Tồn tại phải khắc phục"), "facilities.finding", {"status": Finding.Status.OPEN}),
        (_("Hồ sơ đề nghị"), "facilities.application", {}),
        (_("Văn bản đã nhận"), "facilities.document", {}),
        (_("Cá thể có đánh dấu"), "facilities.individual", {"status": "here"}),
        (_("Báo nuôi thông thường"), "facilities.notice", {}),
    )
    told = []
    for word, name, test in wanted:
        book = REGISTERS[name]
        if not readable(book, actor):
            continue
        n = book.door(actor).rows().filter(**test).count()
        if n:
            query = "&".join(f"{k}={v}" for k, v in test.items())
            told.append((word, f"{book.url()}?{query}" if query else book.url(), n))
    return told


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
    """One thing that happened: a few boxes, then the line stands in the book and the page says what is left."""
    actor, book = actor_of(request), REGISTERS[BOOK]
    seen = record_or_404(book, actor, pk)
    stock = Stock.objects.select_related("facility", "taxon").get(pk=seen.pk)
    press = next((p for p in PRESSES[stock.form] if p.verb == verb), None)
    if press is None:
        raise Http404(verb)
    require(actor, f"{BOOK}.{verb}", stock)
    one = book.verb(verb)
    form = _form(actor, stock, press, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        seen_at = request.POST.get("revision", "")
        try:
            write.act(book, actor, stock, verb, form.values(), int(seen_at) if seen_at.isdigit() else None)
        except write.Stale:
            form.add_error(
                None, _("Sổ vừa có dòng mới, có thể là chính dòng này. Xem các dòng cuối rồi hãy ghi tiếp.")
            )
        except ValidationError as error:
            form.blame(error)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _said(stock, press, form.values()))
            return redirect("owner")
    known, held = labels(), balances_on(stock.pk)
    every = CLASSES[Stock.Form(stock.form)]
    some = [k for k in every if (held.get(k) if verb in OUT else verb != "born" or k not in BREEDERS)]
    boxes = [box for box in form if box.name not in {"kind", "into"}]
    later = [b for b in boxes if b.name in LATER and not b.field.required and not b.errors and verb != "died"]
    context = {
        "stock": stock,
        "press": press,
        "name": vernacular(stock.taxon),
        "form": form,
        "boxes": [box for box in boxes if box not in later],
        "later": later,
        "chips": [
            (form[name], [(k, known[k], held.get(k, 0)) for k in (some if name == "kind" else every)])
            for name in ("kind", "into")
            if name in form.fields
        ],
        "guard": str(one.guard(stock)) if one.guard else "",
        "revision": Stock.objects.values_list("revision", flat=True).get(pk=stock.pk),
    }
    return render(request, "facilities/owner_enter.html", context)


def _form(actor: Actor, stock: Stock, press: Press, given: Any) -> KindForm:
    """The boxes of the verb, what is asked first coming first; the class most often meant is chosen."""
    asked = [k.bound(Stock) for k in REGISTERS[BOOK].verb(press.verb).asks]
    order = {name: n for n, name in enumerate(FIRST)}
    asked.sort(key=lambda k: order.get(k.name, len(order)))
    start: dict[str, Any] = {}
    for kind in asked:
        start.update(kind.fresh())
    held = balances_on(stock.pk)
    only = list(held) if len(held) == 1 else []
    start["kind"] = press.kind or (only[0] if press.verb in OUT and only else "")
    start["into"] = press.into
    form = KindForm(asked, actor, stock, given, initial=start)
    if press.verb in WITH:
        form.fields["partner"].label = WITH[press.verb]
    form.fields["amount"].widget.attrs["inputmode"] = "numeric"
    return form


def _said(stock: Stock, press: Press, given: Mapping[str, Any]) -> str:
    """What was written and what the book holds now."""
    told = _("Đã ghi: %(what)s %(n)s %(kind)s. Sổ còn %(left)s %(unit)s.")
    return told % {
        "what": str(press.word).lower(),
        "n": as_text(given["amount"]),
        "kind": labels().get(given["kind"], given["kind"]),
        "left": as_text(sum(balances_on(stock.pk).values())),
        "unit": stock.unit,
    }
