"""Pages of rescue that are no book: today's care on a phone, and what stands on the page of an animal or a release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

import rulebook
from baoton.kit.access import Actor, own, reach_of, require
from baoton.kit.kinds.words import as_text
from baoton.kit.models import Clock
from baoton.kit.pages.charts import Row, bars, lines
from baoton.kit.pages.form import KindForm
from baoton.kit.reading.asking import actor_of, record_or_404
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import clock, write
from baoton.kit.writing.refusal import NotNow
from baoton.places.queries import unit_name
from baoton.rescue.actions.clocks import BY_COMMUNE
from baoton.rescue.actions.life import no_owner_to_seek
from baoton.rescue.models import HERE, Animal, Care, Programme, Release
from baoton.rescue.queries import Survival, cost_of, costs_by_kind, stop_rule, survival, weights, year_of
from baoton.taxa.models import Group
from rulebook.certainty import SAID, SAID_EN
from rulebook.errors import RulebookError

BOOK, CARE = "rescue.animal", "rescue.care"
LAST, FIRST = 6, 2000


# — what stands on the page of a record —


def on_animal(actor: Actor, record: Animal) -> Mapping[str, Any]:
    """Costs by kind with their sum, the weights as a line, and what is still to be done by law."""
    if not actor.scopes(f"{CARE}.see"):
        return {"open": _todo(record), "law": law_of(record)}
    told = weights(record)
    rows = [Row(f"{day:%d/%m}", grams) for day, grams in told]
    return {
        "costs": [(word, n, None if c is None else f"{as_text(c)} đ") for word, n, c in costs_by_kind(record)],
        "cost": cost_of([record]), "chart": lines(_("Cân nặng"), rows, "g") if len(rows) > 1 else None,
        "open": _todo(record), "law": law_of(record),
    }  # fmt: skip


def law_of(record: Animal) -> list[tuple[str, str, str]]:
    """What the rulebook says of the animal as it stands: the rule in words, its text, how sure that is."""
    days = _("%(n)s ngày làm việc")
    asked: list[tuple[str, str, Any]] = []
    if record.source in BY_COMMUNE and record.status == Animal.Status.TOLD:
        asked.append(("rescue.commune_receives_days", _("Tiếp nhận: %(what)s"), lambda v: days % {"n": v}))
    if record.source in BY_COMMUNE and record.status == Animal.Status.RECEIVED:
        asked.append(
            ("rescue.owner_notice_days", _("Thông báo tìm chủ: %(what)s"), lambda v: days % {"n": v})
        )
    if record.status in HERE and record.health:
        rule = _("Loài ưu tiên bảo vệ: %(what)s")
        asked.append(("rescue.what_happens", rule, lambda v: v.get(record.health, "")))
    told = []
    for name, words, said in asked:
        try:
            value = rulebook.param_value(name, on=record.told_on)
        except RulebookError:
            continue
        if what := said(value.value):
            sure = (SAID_EN if get_language() == "en" else SAID)[value.certainty]
            told.append((words % {"what": what}, value.basis, sure))
    return told


def _todo(record: Animal) -> list[str]:
    """What the law or care still asks for, in sentences."""
    told = []
    if record.status == Animal.Status.RECEIVED and not no_owner_to_seek(record):
        told.append(_("Chưa thông báo tìm chủ nuôi."))
    if record.status in HERE and record.checked_on is None:
        told.append(_("Loài chưa được người có chuyên môn xác định."))
    if record.status == Animal.Status.DEAD:
        told.append(_("Xác chưa được xử lý."))
    return told


@dataclass(frozen=True)
class Drawing:
    """The curve as SVG: points of the steps, the band of its limits, ticks, and a mark for each last look alive."""

    steps: str
    band: str
    marks: list[tuple[str, str]]
    days: list[tuple[str, int]]


def drawn(told: Survival) -> Drawing | None:
    """The survival curve on a sheet of 640 by 240, 0–100 % upwards and days to the right."""
    curve = told.curve
    if curve is None or curve.longest <= 0:
        return None
    end = float(curve.longest)

    def x(day: float) -> float:
        return 70 + 540 * day / end

    def y(share: float) -> float:
        return 206 - 190 * share

    def run(values: Any) -> list[tuple[float, float]]:
        points, before = [(x(0), y(1.0))], 1.0
        for day, value in zip(curve.time, values, strict=True):
            points += [(x(float(day)), y(before)), (x(float(day)), y(float(value)))]
            before = float(value)
        return [*points, (x(end), y(before))]

    known = np.isfinite(curve.lower)
    lower, upper = (np.where(known, limit, 0.0) for limit in (curve.lower, curve.upper))
    band = [*run(upper), *reversed(run(lower))] if known.any() else []
    marks = [
        (f"{x(float(d)):.1f}", f"{y(float(s)):.1f}")
        for d, s in zip(curve.censored, curve.at(curve.censored), strict=True)
    ]
    ticks = sorted({0, round(end / 2), round(end)})
    return Drawing(
        _points(run(curve.survival)), _points(band), marks, [(f"{x(min(d, end)):.1f}", d) for d in ticks]
    )  # fmt: skip


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in points)


SCALE = [("16", "100 %"), ("111", "50 %"), ("206", "0 %")]


def _shown(told: Survival) -> dict[str, Any]:
    return {"told": told, "drawing": drawn(told), "scale": SCALE}


def on_release(actor: Actor, record: Release) -> Mapping[str, Any]:
    """Survival of the animals of one release, what a survivor cost, and its stop rule."""
    if record.status != Release.Status.DONE:
        return {}
    told = survival(actor, [record])
    return {**_shown(told), "rule": stop_rule(told, record.stop_days, record.stop_share)}


def on_programme(actor: Actor, record: Programme) -> Mapping[str, Any]:
    """Progress against the targets, each release with its own survival and stop rule, and all of them together."""
    door = REGISTERS["rescue.release"].door(actor)
    rows = list(door.open(door.rows().filter(programme=record.pk)).order_by("planned", "id"))
    done = [r for r in rows if r.status == Release.Status.DONE]
    each = []
    for one in done:
        own = survival(actor, [one])
        each.append({"release": one, "told": own, "rule": stop_rule(own, one.stop_days, one.stop_share)})
    told = survival(actor, done)
    alive = None
    if told.curve is not None and record.target_days is not None:
        share = float(told.curve.at([float(record.target_days)])[0])
        alive = f"{as_text(round(100 * share, 1))} %" if np.isfinite(share) else None
    aims = [
        (_("Con vật đã thả"), as_text(told.n), record.target_animals),
        (_("Đợt đã thả"), as_text(len(done)), record.target_releases),
    ]
    return {**_shown(told), "each": each, "aims": aims, "alive": alive, "book": REGISTERS["rescue.release"]}


# — today's care, on a phone —


@dataclass(frozen=True)
class Press:
    """One button: a verb of an animal and its word for the keeper."""

    verb: str
    word: Any
    big: bool = True


PRESSES = (
    Press("food", gettext_lazy("Cho ăn")),
    Press("treatment", gettext_lazy("Chữa bệnh")),
    Press("weight", gettext_lazy("Cân")),
    Press("check", gettext_lazy("Theo dõi")),
    Press("other", gettext_lazy("Chi phí khác"), big=False),
    Press("clear", gettext_lazy("Hết cách ly"), big=False),
    Press("die", gettext_lazy("Chết"), big=False),
)
LATER = {"by", "note"}


@login_required
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Each animal kept now with what was done for it today, big buttons, and what is due."""
    actor, day = actor_of(request), timezone.localdate()
    require(actor, f"{BOOK}.food")
    book = REGISTERS[BOOK]
    door = book.door(actor)
    rows = book.joined(door.open(door.rows().filter(status__in=HERE)))
    animals = list(rows.order_by("facility__name", "code", "id"))
    context = {"animals": _told(actor, animals, day), "book": book, "care": REGISTERS[CARE], "day": day}
    return render(request, "rescue/today.html", context)


def _allowed(actor: Actor, name: str, model: Any, keys: Sequence[Any]) -> set[Any]:
    """Of these rows those on which the actor holds the verb, asked once for all of them."""
    reach = reach_of(actor.scopes(name), model) | own(actor, name, model)
    return set(reach.rows(model.objects.filter(pk__in=keys)).values_list("pk", flat=True))


def _told(actor: Actor, animals: Sequence[Animal], day: Any) -> list[dict[str, Any]]:
    """Each animal with today's lines, the last before, the buttons that may be pressed, its clocks."""
    keys = [one.pk for one in animals]
    verbs = {v.name: v for v in REGISTERS[BOOK].own_verbs}
    may_press = {p.verb: _allowed(actor, f"{BOOK}.{p.verb}", Animal, keys) for p in PRESSES}
    stored = Animal.objects.in_bulk(keys)
    by: dict[Any, list[Care]] = {}
    told = Care.objects.filter(book__in=keys, withdrawn__isnull=True).select_related("reversed_by")
    for line in told.order_by("-day", "-position"):
        by.setdefault(line.book_id, []).append(line)
    clocks: dict[Any, list[Any]] = {}
    for one in Clock.objects.filter(record__in=keys, stopped__isnull=True).order_by("due", "pk"):
        clocks.setdefault(one.record, []).append((one, clock.left(one, day).late))
    recent = [line.pk for rows in by.values() for line in rows[:LAST]]
    mine = _allowed(actor, f"{CARE}.reverse", Care, recent)
    found = []
    for animal in animals:
        rows = by.get(animal.pk, [])
        presses = [
            p for p in PRESSES if animal.pk in may_press[p.verb] and verbs[p.verb].open(stored[animal.pk])
        ]
        found.append(
            {
                "animal": animal, "big": [p for p in presses if p.big], "small": [p for p in presses if not p.big],
                "fed": any(x.day == day and x.kind == "food" and not _turned(x) for x in rows),
                "lines": [
                    {"line": x, "turned": _turned(x), "may": not _turned(x) and x.pk in mine} for x in rows[:LAST]
                ],
                "clocks": clocks.get(animal.pk, []),
            }
        )  # fmt: skip
    return found


def _turned(one: Care) -> bool:
    """Whether a line no longer counts: it was reversed, or it reverses another."""
    return one.reverses_id is not None or hasattr(one, "reversed_by")


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, pk: Any, verb: str) -> HttpResponse:
    """One thing that was done: a few boxes, then the line stands in the care book."""
    actor, book = actor_of(request), REGISTERS[BOOK]
    press = next((p for p in PRESSES if p.verb == verb), None)
    if press is None:
        raise Http404(verb)
    seen = record_or_404(book, actor, pk)
    animal = Animal.objects.get(pk=seen.pk)
    require(actor, f"{BOOK}.{verb}", animal)
    one = book.verb(verb)
    form = _form(actor, animal, verb, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        seen_at = request.POST.get("revision", "")
        try:
            write.act(book, actor, animal, verb, form.values(), int(seen_at) if seen_at.isdigit() else None)
        except write.Stale:
            told = _("Con vật vừa có dòng mới, có thể là chính dòng này. Xem các dòng cuối rồi hãy ghi tiếp.")
            form.add_error(None, told)
        except ValidationError as error:
            form.blame(error)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Đã ghi: %(what)s, %(animal)s.") % {"what": press.word, "animal": animal}
            )
            return redirect("rescue-today")
    boxes = list(form)
    later = [b for b in boxes if b.name in LATER and not b.field.required and not b.errors]
    context = {
        "animal": seen, "press": press, "form": form, "boxes": [b for b in boxes if b not in later], "later": later,
        "guard": str(one.guard(animal)) if one.guard else "", "revision": animal.revision,
    }  # fmt: skip
    return render(request, "rescue/enter.html", context)


def _form(actor: Actor, animal: Animal, verb: str, given: Any) -> KindForm:
    asked = [k.bound(Animal) for k in REGISTERS[BOOK].verb(verb).asks]
    asked.sort(key=lambda k: k.name in ("day", "by"))
    start: dict[str, Any] = {}
    for kind in asked:
        start.update(kind.fresh())
    return KindForm(asked, actor, animal, given, initial=start)


# — a year in numbers —


@login_required
@require_GET
def year(request: HttpRequest) -> HttpResponse:
    """Taken in, released, dead and kept by month, by group of species and by commune, of what the reader sees."""
    actor, now = actor_of(request), timezone.localdate()
    require(actor, f"{BOOK}.see")
    asked = request.GET.get("nam", "")
    if asked and not (asked.isascii() and asked.isdecimal() and FIRST <= int(asked) <= now.year):
        raise Http404(asked)
    chosen = int(asked or now.year)
    told = year_of(actor, chosen, now)
    groups = dict(Group.choices)
    page = REGISTERS[BOOK].url()
    months = [
        (f"{n:02d}/{chosen}", f"{page}?received={n:02d}/{chosen}", line)
        for n, line in enumerate(told.months, 1)
    ]
    by_group = sorted((str(groups.get(k, k)), f"{page}?group={k}", v) for k, v in told.groups.items())
    by_commune = sorted(
        (unit_name(k) if k else _("không rõ"), f"{page}?area={k}", v) for k, v in told.communes.items()
    )
    heads = [Row(word, None if line is None else line[0], address) for word, address, line in months]
    context = {
        "year": str(chosen), "before": str(chosen - 1) if chosen > FIRST else "",
        "after": str(chosen + 1) if chosen < now.year else "", "months": months,
        "total": [sum(v[i] for v in told.groups.values()) for i in range(4)],
        "tables": [(_("Theo nhóm loài"), by_group), (_("Theo xã, phường"), by_commune)],
        "chart": bars(_("Động vật tiếp nhận theo tháng"), heads, _("con")), "book": REGISTERS[BOOK],
    }  # fmt: skip
    return render(request, "rescue/year.html", context)
