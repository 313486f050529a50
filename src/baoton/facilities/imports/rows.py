"""The rows of a file against one book: which stand in it already, which are new, which cannot be."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.facilities.actions.books import GOES, STRICT
from baoton.facilities.imports.words import CARRIED, beside, placed
from baoton.facilities.models import CLASSES, Entry, Facility, Individual, Stock
from baoton.facilities.queries import group_on, labels
from baoton.kit.kinds.words import as_text

M = Entry.Movement
NAMES = UUID("6a1f6f0e-2b7e-5f0c-9a86-3f2f6f9b1c12")
Part = tuple[str, int]
Key = tuple[date, str, str, int, str]


@dataclass
class Row:
    """One row of the file as its cells say; `wrong` is the term, the rule and the sentence why it is refused."""

    number: int
    stock: Stock
    day: date
    movement: str
    rest: str
    came: Mapping[str, int]
    went: Mapping[str, int]
    stated: Mapping[str, int]
    total: int | None
    wrong: tuple[str, str, str] | None = None
    parts: list[Part] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    new: bool = False
    place: int = 0


class Book:
    """A book as it stands and as the file's rows would make it."""

    def __init__(self, stock: Stock) -> None:
        self.stock, self.kinds = stock, CLASSES[Stock.Form(stock.form)]
        entries = list(Entry.objects.filter(book=stock, withdrawn__isnull=True).order_by("day", "position"))
        self.standing: dict[Key, list[tuple[str, int]]] = defaultdict(list)
        self.moved: dict[str, Counter[date]] = defaultdict(Counter)
        self.order: list[tuple[date, int, str, int]] = []
        for e in entries:
            self.standing[e.day, e.movement, e.kind, e.amount, beside(e)].append((e.pk.hex, e.position))
            self.moved[e.kind][e.day] += e.amount
            self.order.append((e.day, e.position, e.kind, e.amount))
        self.begun = any(e.movement != M.OPENING for e in entries)
        here = Individual.objects.filter(stock=stock, status=Individual.Status.HERE, withdrawn__isnull=True)
        self.marked = dict(here.order_by().values_list("kind").annotate(n=Count("pk")))
        self.used: Counter[Key] = Counter()
        self.left: dict[str, int] = {}  # what the file says is left after the row before, by column
        self.spoiled = 0

    def take(self, rows: Sequence[Row]) -> None:
        """Each row has its entries with their ids, or the reason why it is refused."""
        for row in rows:
            self._parts(row)
            self._match(row)
            if row.new and row.wrong is None:
                row.wrong = self._refused(row)
            self._adds_up(row)
        fresh = [r for r in rows if r.new and r.wrong is None]
        for row in sorted(fresh, key=lambda r: (r.day, any(n < 0 for _k, n in r.parts), r.number)):
            row.wrong = self._short(row)
            if row.wrong is None:
                for kind, amount in row.parts:
                    self.moved[kind][row.day] += amount
        self._agrees([r for r in rows if r.movement != CARRIED])

    def _parts(self, row: Row) -> None:
        row.parts = [(k, -n) for k, n in row.went.items() if n] + [(k, n) for k, n in row.came.items() if n]

    def _match(self, row: Row) -> None:
        """Parts that stand in the book already keep their entries; the others get names that follow from them."""
        found = 0
        for kind, amount in row.parts:
            key = (row.day, row.movement, kind, amount, row.rest)
            nth, known = self.used[key], self.standing.get(key, [])
            self.used[key] += 1
            if nth < len(known):
                row.ids.append(known[nth][0])
                row.place = max(row.place, known[nth][1])
                found += 1
            else:
                row.ids.append(uuid5(NAMES, "|".join(map(str, (self.stock.pk, *key, nth)))).hex)
        row.new = bool(row.parts) and found < len(row.parts)
        if row.new and found and row.wrong is None:
            told = _("Một phần của dòng này đã có trong sổ; tách phần mới thành một dòng riêng.")
            row.wrong = ("why", "partly_known", told)

    def _refused(self, row: Row) -> tuple[str, str, str] | None:
        """Why a new row cannot be an entry, whatever the balance."""
        stock = self.stock
        if row.day > timezone.localdate():
            return "day", "future", _("Ngày %(day)s chưa tới.") % {"day": as_text(row.day)}
        if row.day < stock.since:
            told = _("Sổ mở ngày %(since)s; dòng sổ không thể có ngày trước đó.")
            return "day", "before_opening", told % {"since": as_text(stock.since)}
        if stock.facility.status == Facility.Status.CLOSED:
            return "why", "closed", _("Cơ sở đã đóng; mở lại cơ sở rồi mới ghi sổ.")
        if row.movement == M.OPENING and (self.begun or row.day != stock.since):
            return (
                "why",
                "opening_late",
                _("Số đầu kỳ chỉ ghi vào ngày mở sổ, khi sổ chưa có biến động; dòng này không có trong sổ."),
            )
        if row.movement in {M.LEFT, M.ARRIVED, M.REVERSED}:
            return (
                "why",
                "on_page",
                _(
                    "Chuyển giữa hai cơ sở có mã số và đảo dòng ghi nhầm làm trên trang sổ, không qua Excel; "
                    "dòng này không có trong sổ."
                ),
            )
        for column, words in placed(row.movement, row.rest).items():
            most = Entry._meta.get_field(column).max_length  # type: ignore[union-attr]
            if most is not None and len(words) > most:
                told = _("Phần “%(what)s” của lý do dài %(n)s ký tự; nhiều nhất %(most)s.")
                what = Entry._meta.get_field(column).verbose_name  # type: ignore[union-attr]
                return "why", "too_long", told % {"what": what, "n": len(words), "most": most}
        return self._sides(row)

    def _sides(self, row: Row) -> tuple[str, str, str] | None:
        came, went = sum(row.came.values()), sum(row.went.values())
        if row.movement == M.GREW:
            if came != went:
                told = _("Chuyển lớp phải giảm bao nhiêu tăng bấy nhiêu; dòng này giảm %(a)s, tăng %(b)s.")
                return "why", "uneven", told % {"a": as_text(went), "b": as_text(came)}
            return None
        if came and went:
            return "why", "both_sides", _("Một dòng vừa tăng vừa giảm; mỗi biến động ghi một dòng riêng.")
        if bool(went) != (row.movement in GOES):
            told = _("Lý do “%(why)s” không đi với số ở cột này; xem lại cột tăng, giảm.")
            return "why", "wrong_side", told % {"why": dict(M.choices)[M(row.movement)]}
        suspended = self.stock.facility.status == Facility.Status.SUSPENDED
        if suspended and came and row.movement not in {M.BORN, M.OPENING}:
            return "why", "suspended", _("Cơ sở đang tạm dừng; không nhận thêm về nuôi, trồng.")
        if row.movement == M.DIED and not row.rest and group_on(self.stock, row.day) in STRICT:
            return (
                "why",
                "no_minute",
                _("Loài trong danh mục: cá thể chết phải có biên bản; ghi “chết · số biên bản”."),
            )
        return None

    def _adds_up(self, row: Row) -> None:
        """The balance columns follow from the row before and the movements; the row that breaks this is named."""
        moves = Counter({"total": sum(n for _k, n in row.parts)})
        for kind, amount in row.parts:
            moves[f"have_{kind}"] += amount
        stated = {f"have_{k}": n for k, n in row.stated.items()}
        if row.total is not None:
            stated["total"] = row.total
        before = self.left
        self.left = {**{t: n + moves[t] for t, n in before.items()}, **stated}
        if row.movement == CARRIED:
            return
        for term, b in stated.items():
            a, n = before.get(term), moves[term]
            if a is None or a + n == b:
                continue
            told = _("Cột số hiện có ghi %(stated)s, nhưng dòng trước còn %(before)s và dòng này %(moved)s thì còn "
                     "%(right)s; sửa lại dòng này.")  # fmt: skip
            said = {"stated": as_text(b), "before": as_text(a), "moved": f"{n:+d}", "right": as_text(a + n)}
            row.wrong = row.wrong or (term, "balance_differs", told % said)
            self.spoiled = self.spoiled or row.number
            return
        if self.spoiled and row.new and row.wrong is None:
            told = _("Số hiện có của dòng %(row)s trong tệp không khớp; sửa dòng đó rồi nhập lại dòng này.")
            row.wrong = ("total", "after_wrong", told % {"row": self.spoiled})

    def _short(self, row: Row) -> tuple[str, str, str] | None:
        """The day and class that would fall below nothing, or the marked animals that would be left over."""
        known = labels()
        for kind, amount in row.parts:
            if amount >= 0:
                continue
            days = Counter(self.moved[kind])
            days[row.day] += amount
            held = 0
            for day in sorted(days):
                held += days[day]
                if day >= row.day and held < 0:
                    told = _(
                        "Ngày %(day)s lớp “%(kind)s” sẽ thiếu %(missing)s; kiểm tra lại số lượng hoặc ngày."
                    )
                    said = {"day": as_text(day), "kind": known[kind], "missing": as_text(-held)}
                    return f"went_{kind}", "negative", told % said
            if held < (n := self.marked.get(kind, 0)):
                told = _(
                    "Lớp “%(kind)s” còn %(n)s cá thể có dấu đang ở cơ sở; ghi cá thể nào rời sổ ở trang của nó."
                )
                return f"went_{kind}", "marked", told % {"kind": known[kind], "n": as_text(n)}
        return None

    def _agrees(self, rows: Sequence[Row]) -> None:
        """What a new row says is left is what the book will hold; else the book knows lines that the file does not."""
        days = [r.day for r in rows]
        if days != sorted(days):
            return
        new = [
            (r.day, 1_000_000_000 + r.number, k, n) for r in rows if r.new and not r.wrong for k, n in r.parts
        ]
        line = sorted([*self.order, *new])
        held: Counter[str] = Counter()
        at = 0
        for row in rows:
            if not row.new or row.wrong:
                continue
            while at < len(line) and line[at][:2] <= (row.day, 1_000_000_000 + row.number):
                held[line[at][2]] += line[at][3]
                at += 1
            given = [(f"have_{k}", row.stated[k], held[k]) for k in self.kinds if k in row.stated]
            given += [("total", row.total, sum(held.values()))] if row.total is not None else []
            for term, stated, right in given:
                if stated != right and row.wrong is None:
                    told = _("Tệp ghi còn %(stated)s, sổ sau dòng này còn %(right)s: sổ có dòng mà tệp không có, hoặc "
                             "dòng trên bị từ chối. Tải sổ mới nhất về, ghi tiếp vào đó.")  # fmt: skip
                    row.wrong = (
                        term,
                        "book_differs",
                        told % {"stated": as_text(stated), "right": as_text(right)},
                    )
