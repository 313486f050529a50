"""The official form of a book as a target of the import machine: a row is one movement, of one class or several."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.facilities.actions import animals
from baoton.facilities.actions.books import recount
from baoton.facilities.actions.marks import Named, by_file
from baoton.facilities.imports import words
from baoton.facilities.imports.rows import Book, Row
from baoton.facilities.models import CLASSES, Entry, Stock
from baoton.facilities.papers.book import SIDES, heading
from baoton.facilities.queries import by_code, labels
from baoton.kit.access import System
from baoton.kit.importing import days
from baoton.kit.importing.chunk import Chunk
from baoton.kit.importing.commit import Changed, Commit
from baoton.kit.importing.rules import RULES
from baoton.kit.importing.target import Field, InDataset, Key, Steps, Suits, Target, register
from baoton.kit.importing.undo import CannotUndo
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox
from baoton.kit.writing.refusal import NotNow
from baoton.taxa.queries import search as search_taxa

NAME = "facilities.entry"
LATER = 1_000_000_000
COLUMNS = ("book_id", "day", "kind", "amount", "movement", "partner", "paper", "note", "position", "entered",
           "organisation", "area_path")  # fmt: skip
RULES.update(
    {
        "no_book": gettext_lazy("không rõ sổ nào"),
        "not_a_count": gettext_lazy("không phải số nguyên"),
        "no_movement": gettext_lazy("không rõ biến động"),
        "no_amount": gettext_lazy("không có số lượng"),
        "partly_known": gettext_lazy("một phần đã có"),
        "before_opening": gettext_lazy("trước ngày mở sổ"),
        "closed": gettext_lazy("cơ sở đã đóng"),
        "suspended": gettext_lazy("cơ sở tạm dừng"),
        "opening_late": gettext_lazy("số đầu kỳ ghi muộn"),
        "on_page": gettext_lazy("làm trên trang sổ"),
        "uneven": gettext_lazy("chuyển lớp không cân"),
        "both_sides": gettext_lazy("vừa tăng vừa giảm"),
        "wrong_side": gettext_lazy("lý do trái cột"),
        "no_minute": gettext_lazy("thiếu biên bản"),
        "balance_differs": gettext_lazy("số hiện có không khớp"),
        "after_wrong": gettext_lazy("sau dòng không khớp"),
        "book_differs": gettext_lazy("sổ khác tệp"),
        "negative": gettext_lazy("số dư âm"),
        "marked": gettext_lazy("cá thể có dấu"),
        "strange_class": gettext_lazy("mẫu sổ không có lớp này"),
        "carried": gettext_lazy("số mang sang"),
        "numbering": gettext_lazy("dòng đánh số cột"),
        "bad_mark": gettext_lazy("số hiệu đánh dấu"),
    }
)


def _fields() -> list[Field]:
    named = [
        Field("day", gettext_lazy("ngày"), kind="day"),
        Field("total", gettext_lazy("tổng số"), kind="integer"),
    ]
    for side in SIDES:
        for kind, _label in Entry.KINDS:
            text = lazy(heading, str)(side, kind)
            named.append(Field(f"{side}_{kind}", text, kind="integer"))
    return [
        *named,
        Field("why", gettext_lazy("lý do, ghi chú")),
        Field("verified", gettext_lazy("xác nhận")),
        Field("marks", gettext_lazy("số hiệu đánh dấu")),
        Field("code", gettext_lazy("mã số cơ sở")),
        Field("species", gettext_lazy("loài")),
    ]


def prepare(chunk: Chunk) -> None:
    """Each row has its entries, or is left out or refused with the reason."""
    cells = {f.term: chunk.text(f.term).to_list() for f in TARGET.fields}
    numbering = [words.numbered({t: c[i] for t, c in cells.items()}) for i in range(chunk.n)]
    said = [words.said(w) for w in cells["why"]]
    carried = [movement == words.CARRIED for movement, _rest in said]
    blank = [all(not cells[t][i] for t in cells if t not in {"code", "species"}) for i in range(chunk.n)]
    read = days.read(chunk, "day", chunk.text("day").set(pl.Series(numbering), None))
    days.refuse_doubtful(chunk, "day", chunk.text("day"), read)
    wrong: dict[int, tuple[str, str, str]] = {}
    rows: dict[int, Row] = {}
    by_book: dict[Any, list[int]] = {}
    for i in range(chunk.n):
        if numbering[i] or blank[i]:
            continue
        stock, told = _stock(chunk, cells["code"][i], cells["species"][i])
        if stock is None:
            wrong[i] = ("code", "no_book", told)
            continue
        made = _row(chunk, cells, i, said[i], read["start"][i], stock)
        if isinstance(made, tuple):
            wrong[i] = made
        else:
            rows[i] = made
            by_book.setdefault(stock.pk, []).append(i)
    books: dict[Any, Book] = chunk.run.held.setdefault("books", {})
    for pk, at in by_book.items():
        if pk not in books:
            stock = Stock.objects.select_related("facility", "taxon").get(pk=pk)
            books[pk] = Book(stock, chunk.run.actor, chunk.run.held.setdefault("given marks", set()))
        books[pk].take([rows[i] for i in at])
        wrong.update({i: w for i in at if (w := rows[i].wrong)})
    chunk.omit(pl.Series(numbering), "day", "numbering", _("Dòng đánh số cột của mẫu, không phải biến động."))
    chunk.omit(pl.Series(blank), "day", "numbering", _("Dòng trống."))
    good = pl.Series([c and i not in wrong for i, c in enumerate(carried)])
    chunk.omit(good, "why", "carried", _("Số mang sang của mẫu, không phải biến động."))
    for term, rule in dict.fromkeys((t, r) for t, r, _told in wrong.values()):
        same = {i: told for i, (t, r, told) in sorted(wrong.items()) if (t, r) == (term, rule)}
        chunk.refuse(pl.Series([i in same for i in range(chunk.n)]), term, rule, list(same.values()))
    _put(chunk, rows)


def _stock(chunk: Chunk, code: str | None, species: str | None) -> tuple[Stock | None, str]:
    """The book a row belongs to: named by code and species, else by the sheet; else why there is none."""
    known = chunk.run.held.setdefault("named books", {})
    asked = (code, species, chunk.plan.table)
    if asked not in known:
        known[asked] = _named(chunk, code, species)
    found: tuple[Stock | None, str] = known[asked]
    return found


def _keys_of(sheet: str) -> tuple[UUID, UUID] | None:
    """The first and last key that begin as the sheet is called; None where its name is no beginning of one."""
    if not re.fullmatch(r"[0-9a-f]{12}", sheet):
        return None
    return UUID(sheet + "0" * 20), UUID(sheet + "f" * 20)


def _named(chunk: Chunk, code: str | None, species: str | None) -> tuple[Stock | None, str]:
    seen = REGISTERS["facilities.stock"].door(chunk.run.actor).rows().filter(withdrawn__isnull=True)
    if not code:
        sheet = chunk.plan.table.split()[-1].lower() if chunk.plan.table else ""
        own = list(seen.filter(pk__range=ends)) if (ends := _keys_of(sheet)) else []
        return (own[0], "") if own else (
            None,
            _("Tên trang tính không chỉ sổ nào bạn được ghi; dùng mẫu tải ở trang sổ, hoặc thêm cột “mã số cơ sở” "
              "và “loài”."),
        )  # fmt: skip
    facility = by_code(code)
    here = [] if facility is None else list(seen.filter(facility=facility))
    if not here:
        told = _(
            "Không có cơ sở mang mã số “%(code)s” trong các cơ sở bạn được ghi sổ; xem lại chữ O và số 0."
        )
        return None, told % {"code": code}
    if species:
        here = [s for s in here if s.taxon_id in set(search_taxa(species))]
        if not here:
            return None, _("Cơ sở %(code)s không có sổ của loài “%(species)s”.") % {
                "code": code,
                "species": species,
            }
    if len(here) > 1:
        return None, _("Cơ sở %(code)s có nhiều sổ; ghi cả cột “loài”.") % {"code": code}
    return here[0], ""


def _row(
    chunk: Chunk, cells: dict[str, list[Any]], i: int, said: tuple[str, str], day: Any, stock: Stock
) -> Row | tuple[str, str, str]:
    """The row as its cells say; else the term, the rule and the sentence."""
    movement, rest = said
    numbers: dict[str, int] = {}
    for term in cells:
        if term == "total" or term.split("_")[0] in {"have", "came", "went"}:
            try:
                number = words.whole(cells[term][i])
            except ValueError:
                return term, "not_a_count", _("“%(cell)s” không phải số nguyên.") % {"cell": cells[term][i]}
            if number is not None:
                if number < 0:
                    return term, "not_a_count", _("Số lượng ghi số dương; tăng hay giảm do cột.")
                numbers[term] = number
    sides = {s: {k: numbers[f"{s}_{k}"] for k, _l in Entry.KINDS if f"{s}_{k}" in numbers} for s in SIDES}
    strange = [k for s in sides for k in sides[s] if k not in CLASSES[Stock.Form(stock.form)]]
    if strange:
        told = _("Mẫu sổ này không có lớp “%(kind)s”.") % {"kind": labels()[strange[0]]}
        return f"came_{strange[0]}", "strange_class", told
    if day is None and movement != words.CARRIED:
        return "day", "missing", _("Thiếu “%(what)s”; điền rồi nhập lại.") % {"what": _("ngày")}
    if not movement:
        told = _("Cột lý do phải bắt đầu bằng việc xảy ra: sinh, mua, khai thác, chết, bán, mất, chuyển lớp.")
        return "why", "no_movement", told
    if movement != words.CARRIED and not sum(sides["came"].values()) + sum(sides["went"].values()):
        return "total", "no_amount", _("Dòng này không ghi tăng hay giảm bao nhiêu.")
    return Row(int(chunk.rows[i]), stock, day, movement, rest, sides["came"], sides["went"], sides["have"],
               numbers.get("total"), (cells["marks"][i] or "").strip())  # fmt: skip


def _put(chunk: Chunk, rows: dict[int, Row]) -> None:
    """What the table will hold of the first entry of each row; the others travel beside it."""
    out: dict[str, list[Any]] = {n: [] for n in COLUMNS}
    ids: list[str | None] = []
    more: list[str] = []
    marks: list[str] = []
    for i in range(chunk.n):
        row = rows.get(i)
        if row is None or not row.parts:
            ids.append(None)
            more.append("[]")
            marks.append("[]")
            for name, cells in out.items():
                cells.append(0 if name in {"amount", "position"} else None)
            continue
        told, stock = words.placed(row.movement, row.rest, row.marks), row.stock
        first = row.parts[0]
        held = {"book_id": stock.pk.hex, "day": row.day, "kind": first[0], "amount": first[1],
                "movement": row.movement, **told, "position": LATER + row.number * 8,
                "entered": timezone.localdate(), "organisation": stock.organisation,
                "area_path": stock.area_path}  # fmt: skip
        for name, cells in out.items():
            cells.append(held[name])
        ids.append(row.ids[0])
        more.append(json.dumps([[k, n, key] for (k, n), key in zip(row.parts[1:], row.ids[1:], strict=True)]))
        marks.append(json.dumps(row.marks))
    compared = {"book_id", "day", "kind", "amount"}
    for name, cells in out.items():
        kind: Any = (
            pl.Date
            if name in {"day", "entered"}
            else pl.Int64
            if name in {"amount", "position"}
            else pl.String
        )
        chunk.put(name, pl.Series(name, cells, dtype=kind), derived=name not in compared)
    chunk.carry("_more", pl.Series(more, dtype=pl.String))  # the row's other classes, with their keys
    chunk.carry("_marks", pl.Series(marks, dtype=pl.String))  # the marks of the animals it is about
    chunk.run.held["entry ids"] = ids


def identify(chunk: Chunk, ids: pl.Series) -> pl.Series:
    """The key of each row's first entry: of the one that stands, else one that follows from what the row says."""
    known = pl.Series(ids.name, chunk.run.held["entry ids"], dtype=pl.String)
    return known.fill_null(ids)


def finish(commit: Commit) -> None:
    """The books count the new entries; what another writer made impossible meanwhile stops the whole import."""
    touched: set[str] = set()
    more: dict[str, dict[str, Any]] = {}
    about: list[Named] = []
    for frame in commit.stage.rows(NAME):
        touched |= set(frame["book_id"].to_list())
        split = frame.filter(pl.col("_more") != "[]")["id"].to_list()
        bodies = dict(Entry.objects.filter(pk__in=split).values_list("pk", "organisation"))
        for one in frame.iter_rows(named=True):
            for n, (kind, amount, key) in enumerate(json.loads(one["_more"]), 1):
                held = {k: one[k] for k in ("book_id", "day", "movement", "partner", "paper", "note", "entered",
                                            "area_path")}  # fmt: skip
                held["organisation"] = bodies[UUID(one["id"])]  # a row that stands again does not say it
                more[key] = {**held, "kind": kind, "amount": amount, "position": one["position"] + n}
            if named := json.loads(one["_marks"]):
                keys = [one["id"], *(key for _kind, _n, key in json.loads(one["_more"]))]
                about.append(Named([UUID(k) for k in keys], one["position"], named))
    with outbox.changing(Entry, more):
        for key, held in more.items():
            _stand(key, held, commit)
    try:
        by_file(commit.actor, about)
        recount(touched, LATER)
    except NotNow as error:
        told = _("Sổ vừa đổi trong lúc nhập, nên không ghi gì: %(why)s") % {"why": error}
        raise Changed(told) from error


def _stand(key: str, held: dict[str, Any], commit: Commit) -> None:
    """Another class of a row stands as an entry of its own; one that an undo withdrew stands again."""
    held = {**held, "batch": UUID(commit.batch_id), "withdrawn": None}
    if not Entry.objects.filter(pk=key).update(**held):
        Entry.objects.bulk_create([Entry(pk=UUID(key), **held)])


def undoing(ids: Sequence[str]) -> Callable[[], None]:
    """An import is taken back whole or not at all: no line of it may have been verified or reversed meanwhile."""
    first = Entry.objects.filter(pk__in=list(ids)[:1]).values_list("batch", flat=True).first()
    mine = Entry.objects.filter(batch=first) if first else Entry.objects.none()
    bound = mine.filter(reversed_by__isnull=False) | mine.filter(verified_on__isnull=False)
    if (one := bound.order_by("day").first()) is not None:
        told = _(
            "Dòng ngày %(day)s đã được xác nhận hoặc đã đảo; không hoàn tác được cả tệp. Đảo từng dòng sai."
        )
        raise CannotUndo(told % {"day": f"{one.day:%d/%m/%Y}"})
    with transaction.atomic():  # what was written since on top of it is told before anything is taken back
        _take_back(mine)
        transaction.set_rollback(True)
    return lambda: _take_back(mine)


def _take_back(mine: Any) -> None:
    """The lines of the import count no more, and the animals they are about stand as before it."""
    try:
        animals.take_back(System(), mine, f"{NAME}.import", _("hoàn tác"))
        books = set(mine.values_list("book_id", flat=True))
        mine.filter(withdrawn__isnull=True).update(withdrawn=timezone.now())
        Entry.animals.through.objects.filter(entry__in=mine).delete()
        recount(books, LATER)
    except NotNow as error:
        told = _("Không hoàn tác được: các dòng ghi sau dựa vào tệp này. %(why)s") % {"why": error}
        raise CannotUndo(told) from error


TARGET = register(
    Target(
        name=NAME,
        model=Entry,
        label=gettext_lazy("Dòng sổ theo dõi"),
        fields=_fields(),
        key=Key(identify=identify),
        dataset=InDataset(held=False),
        suits=Suits(rank=50),
        prepare=prepare,
        steps=Steps(finish=finish, undoing=undoing),
    )
)
