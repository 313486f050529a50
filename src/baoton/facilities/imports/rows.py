"""The rows of a file against one book: which stand in it already, which are new, which cannot be."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.facilities.actions import animals
from baoton.facilities.actions.books import GOES, STRICT
from baoton.facilities.actions.marks import taken
from baoton.facilities.imports.words import CARRIED, Marks, apart, beside, placed, whole_reason
from baoton.facilities.imports.words import marks as read_marks
from baoton.facilities.models import CLASSES, Entry, Facility, Individual, Stock
from baoton.facilities.queries import group_on, labels, mark_key
from baoton.kit.access import Actor
from baoton.kit.kinds.words import as_text

M = Entry.Movement
NAMES = UUID("6a1f6f0e-2b7e-5f0c-9a86-3f2f6f9b1c12")
Part = tuple[str, int]
Key = tuple[date, str, str, int, str]


@dataclass
class Row:
    """One row of the file as its cells say; `wrong` is the term, the rule and the sentence why it is refused.

    `named` are the marks as a column of their own says them; else those that the reason names.
    """

    number: int
    stock: Stock
    day: date
    movement: str
    rest: str
    came: Mapping[str, int]
    went: Mapping[str, int]
    stated: Mapping[str, int]
    total: int | None
    named: str = ""
    wrong: tuple[str, str, str] | None = None
    parts: list[Part] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    new: bool = False
    place: int = 0
    marks: Marks = field(default_factory=list)

    @property
    def reason(self) -> str:
        """The rest of the reason as the book keeps it, with the marks that the row names."""
        return whole_reason(self.rest, self.marks)


class Book:
    """A book as it stands and as the file's rows would make it."""

    def __init__(self, stock: Stock, actor: Actor, given: set[str]) -> None:
        self.actor, self.given = actor, given  # the marks that rows of the file give, of whichever book
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
        here = list(animals.standing(stock))
        self.animals = {mark_key(a.mark): a for a in here}
        self.marked = Counter(a.kind for a in here)
        self.used: Counter[Key] = Counter()
        self.left: dict[str, int] = {}  # what the file says is left after the row before, by column
        self.spoiled = 0

    def take(self, rows: Sequence[Row]) -> None:
        """Each row has its entries with their ids, or the reason why it is refused."""
        for row in rows:
            self._parts(row)
            self._read_marks(row)
            self._match(row)
        for row in rows:
            self._refuse_unmarked(row)
            if row.new and row.wrong is None:
                row.wrong = self._refused(row)
            self._adds_up(row)
        fresh = [r for r in rows if r.new and r.wrong is None]
        for row in sorted(fresh, key=lambda r: (r.day, any(n < 0 for _k, n in r.parts), r.number)):
            row.wrong = self._unmarkable(row) or self._short(row)
            if row.wrong is None:
                for kind, amount in row.parts:
                    self.moved[kind][row.day] += amount
                self._follow(row)
        self._agrees([r for r in rows if r.movement != CARRIED])

    def _parts(self, row: Row) -> None:
        row.parts = [(k, -n) for k, n in row.went.items() if n] + [(k, n) for k, n in row.came.items() if n]

    def _match(self, row: Row) -> None:
        """Parts that stand in the book already keep their entries; the others get names that follow from them."""
        found = 0
        for kind, amount in row.parts:
            key = (row.day, row.movement, kind, amount, row.reason)
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
        for column, words in placed(row.movement, row.rest, row.marks).items():
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

    def _read_marks(self, row: Row) -> None:
        """The marks that the row names, in its own column or at the end of its reason."""
        plain, named = apart(row.rest)
        if not row.named and (not named or self._stands_as_written(row)):
            return
        try:
            row.marks = read_marks(row.named or named)
            if row.named and named and read_marks(named) != row.marks:
                raise ValueError(_("Cột số hiệu đánh dấu và lý do nói hai dấu khác nhau."))
        except ValueError as error:
            row.wrong = row.wrong or ("marks", "bad_mark", str(error))
        row.rest = plain

    def _stands_as_written(self, row: Row) -> bool:
        """Whether the book has such a line with the very words: then they name what they name."""
        return all((row.day, row.movement, kind, n, row.rest) in self.standing for kind, n in row.parts)

    def _refuse_unmarked(self, row: Row) -> None:
        """A row with marks that stands in the book without them is no second movement."""
        if not (row.new and row.marks and row.wrong is None):
            return
        bare = [(row.day, row.movement, kind, n, row.rest) for kind, n in row.parts]
        if all(len(self.standing.get(key, [])) > self.used[key] for key in bare):
            self.used.update(bare)
            told = _("Dòng này đã có trong sổ mà không nói dấu nào; đánh dấu ở trang của sổ.")
            row.wrong = ("marks", "partly_known", told)

    def _unmarkable(self, row: Row) -> tuple[str, str, str] | None:
        """Why the marked animals that the row names cannot be those it is about."""
        if not row.marks:
            return None
        known, amount = labels(), abs(row.parts[0][1])
        if len(row.parts) != (2 if row.movement == M.GREW else 1):
            return "marks", "bad_mark", _("Dòng có số hiệu đánh dấu chỉ ghi một lớp; tách mỗi lớp một dòng.")
        if len(row.marks) > amount:
            told = _("Dòng ghi %(n)s nhưng có %(marks)s số dấu; mỗi cá thể một số.")
            return "marks", "bad_mark", told % {"n": as_text(amount), "marks": as_text(len(row.marks))}
        for _kind, text in row.marks:
            key, kind = mark_key(text), row.parts[0][0]
            if row.movement in animals.CAME:
                if key in self.given:
                    return "marks", "bad_mark", _("Số dấu %(mark)s đứng hai lần.") % {"mark": text}
                if why := taken(self.actor, text):
                    return "marks", "bad_mark", why
                continue
            one = self.animals.get(key)
            if one is None or one.kind != kind:
                told = _("Lớp “%(kind)s” của sổ không có cá thể mang số dấu %(mark)s vào lúc này.")
                return "marks", "bad_mark", told % {"kind": known[kind], "mark": text}
            try:
                animals.refuse_early(one, row.day)
            except ValidationError as error:
                return "day", "bad_mark", error.messages[0]
        return None

    def _follow(self, row: Row) -> None:
        """The animals that the row names stand where it leaves them."""
        for _kind, text in row.marks:
            key = mark_key(text)
            for part, amount in row.parts:
                self.marked[part] += 1 if amount > 0 else -1
            if row.movement in animals.CAME:
                self.given.add(key)
                self.animals[key] = Individual(kind=row.parts[0][0], mark=text)
            elif row.movement == M.GREW:
                self.animals[key].kind = row.parts[1][0]
            else:
                del self.animals[key]

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
            if held < (n := self.marked[kind] - len(row.marks)):
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
