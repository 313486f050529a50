"""A list of people from a workbook: each row ends as new, known or refused with the reason."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import formats
from baoton.kit.access import Actor, Scope
from baoton.kit.kinds.area import units
from baoton.kit.text import fold, tidy
from baoton.kit.writing.refusal import NotNow
from baoton.people import actions
from baoton.people.models import Grant, Organisation, Person
from baoton.people.roles import names, table

MOST = 2_000
TOO_MANY = gettext_lazy("Tệp có hơn %(most)d dòng; chia nhỏ rồi nhập từng phần.")
LIMITS = formats.Limits(memory=1 << 30, seconds=60, silence=60)
HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("ho va ten", "ho ten", "ten", "name", "full name"),
    "body": ("co quan", "don vi", "body", "organisation"),
    "role": ("vai tro", "role"),
    "commune": ("xa, phuong", "xa phuong", "xa", "dia ban", "commune", "area"),
    "title": ("chuc vu", "title"),
    "email": ("thu dien tu", "email", "e-mail"),
    "phone": ("dien thoai", "so dien thoai", "phone"),
    "until": ("den ngay", "het han", "until"),
}
COLUMNS = (
    "Họ và tên",
    "Cơ quan",
    "Vai trò",
    "Xã, phường",
    "Chức vụ",
    "Thư điện tử",
    "Điện thoại",
    "Đến ngày",
)
AREA_ROLES = {"commune"}


@dataclass
class Line:
    """One row: what it says, and what becomes of it."""

    row: int
    name: str
    body: str = ""
    role: str = ""
    area: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    until: str = ""
    outcome: str = "new"
    why: str = ""
    words: dict[str, str] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def parts(self) -> tuple[str, str]:
        """Family names and given name, as Vietnamese names are built."""
        before, _space, given = self.name.rpartition(" ")
        return before, given


class Refused(ValueError):
    """The file as a whole cannot be used; the sentence says why."""


def read(path: Path) -> list[Line]:
    """The rows of the first table that has a column of names, each judged; raises `Refused` or `FormatError`."""
    with formats.open_bounded(path, limits=LIMITS) as source:
        for one in source.tables:
            rows: list[dict[str, Any]] = []
            for batch in one.batches():
                rows += batch.to_pylist()
                if len(rows) > MOST:
                    raise Refused(TOO_MANY % {"most": MOST})
            columns = _columns(list(rows[0]) if rows else [])
            if "name" in columns and "role" in columns:
                return judge(
                    [(i, {k: _cell(r[c]) for k, c in columns.items()}) for i, r in enumerate(rows, 2)]
                )
    raise Refused(_("Không thấy cột “Họ và tên” và “Vai trò” ở hàng đầu của tệp; tải tệp mẫu để điền."))


def _columns(heads: list[str]) -> dict[str, str]:
    folded = {fold(str(h)): h for h in heads}
    return {k: folded[w] for k, words in HEADS.items() for w in words if w in folded}


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return "" if value is None else tidy(str(value))


def judge(rows: list[tuple[int, Mapping[str, str]]]) -> list[Line]:
    """Each row with its outcome: new, known (the same name in the same body has this role), or refused."""
    if len(rows) > MOST:
        raise Refused(TOO_MANY % {"most": MOST})
    finder, lines, met = Finder(), [], set[tuple[str, ...]]()
    for number, words in rows:
        if not any(words.values()):
            continue
        line = finder.line(number, words)
        same = (fold(line.name), line.body, line.role, line.area)
        if line.outcome == "new" and same in met:
            line.outcome, line.why = "refused", _("Trùng một dòng ở trên.")
        met.add(same)
        lines.append(line)
    return lines


class Finder:
    """Bodies, roles and communes by the words people write."""

    def __init__(self) -> None:
        self.bodies: dict[str, set[str]] = {}
        for body in Organisation.objects.offices():
            for word in (body.code, body.name, body.name_en, body.name.removeprefix("UBND ")):
                self.bodies.setdefault(fold(word), set()).add(body.code)
        self.roles = {fold(w): role for role, label in names().items() for w in (role, label)}
        self.areas: dict[str, set[str]] = {}
        for path, label in units().choices():
            if not units().is_former(path):
                name = str(label).split(" (")[0]
                for word in (path, path.split("/")[-1], name, " ".join(name.split()[1:])):
                    self.areas.setdefault(fold(word), set()).add(path)
        self.held = {
            (
                fold(f"{g.person.last_name} {g.person.first_name}"),
                g.person.organisation_id,
                g.role,
                g.area_path,
            )
            for g in Grant.objects.in_force().select_related("person")
        }

    def line(self, number: int, words: Mapping[str, str]) -> Line:
        """One row read; the first thing that is wrong with it is its reason."""
        told = Line(number, words.get("name", ""), words=dict(words))
        for kind in ("title", "email", "phone", "until"):
            setattr(told, kind, words.get(kind, ""))
        try:
            self._fill(told, words)
        except NotNow as error:
            told.outcome, told.why = "refused", str(error)
        return told

    def _fill(self, told: Line, words: Mapping[str, str]) -> None:
        if len(told.name.split()) < 2:
            raise NotNow(_("Ghi đủ họ và tên."))
        told.role = self.roles.get(fold(words.get("role", "")), "")
        if told.role not in table():
            known = ", ".join(names().values())
            raise NotNow(_("Không có vai trò này; có: %(known)s.") % {"known": known})
        commune, body = words.get("commune", ""), words.get("body", "")
        told.area = self._one(self.areas, commune, _("xã, phường")) if commune else ""
        if told.role in AREA_ROLES and "/" not in told.area:
            raise NotNow(_("Vai trò này cần ghi xã, phường."))
        if not body and told.area:
            body = f"ubnd_{told.area.split('/')[1]}"
        told.body = self._one(self.bodies, body, _("cơ quan"))
        if told.email:
            try:
                validate_email(told.email)
            except ValidationError as error:
                raise NotNow(" ".join(error.messages)) from error
        if told.until:
            told.until = self._day(told.until)
        if (fold(told.name), told.body, told.role, told.area) in self.held:
            told.outcome, told.why = "known", _("Đã có tài khoản và quyền này.")

    def _one(self, known: Mapping[str, set[str]], word: str, what: str) -> str:
        found = known.get(fold(word), set())
        if len(found) != 1:
            told = (
                _("“%(word)s” không phải %(what)s nào ở đây.")
                if not found
                else _("“%(word)s” là nhiều %(what)s; ghi mã.")
            )
            raise NotNow(told % {"word": word, "what": what})
        return next(iter(found))

    def _day(self, word: str) -> str:
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(word, form).date().isoformat()
            except ValueError:
                continue
        raise NotNow(_("“%(word)s” không phải ngày; viết như 31/01/2026.") % {"word": word})


@transaction.atomic
def write(actor: Actor, lines: list[Line], reason: str) -> list[Person]:
    """Every new row's account and grant stand, or none; the accounts, whose owners have no password yet."""
    made = []
    for line in lines:
        if line.outcome != "new":
            continue
        scope = Scope(line.area)
        if not actions.may_give(actor, scope):
            raise NotNow(_("Dòng %(row)d: bạn không được cấp quyền ở địa bàn này.") % {"row": line.row})
        before, given = line.parts
        values = {
            "last_name": before, "first_name": given, "organisation_id": line.body, "title": line.title,
            "email": line.email, "phone": line.phone,
        }  # fmt: skip
        person = _same(before, given, line.body) or actions.add(actor, values)
        until = date.fromisoformat(line.until) if line.until else None
        actions.give(actor, person, line.role, area_path=line.area, until=until, reason=reason)
        made.append(person)
    return made


def _same(before: str, given: str, body: str) -> Person | None:
    """The open account of this name in this body."""
    rows = Person.objects.filter(is_active=True, organisation=body)
    return next((p for p in rows if fold(f"{p.last_name} {p.first_name}") == fold(f"{before} {given}")), None)


def template(path: Path) -> None:
    """A workbook to fill in, with the words it understands on a second sheet."""
    import pyarrow as pa

    empty = pa.table({h: pa.array([], pa.string()) for h in COLUMNS}).to_batches() or [
        pa.RecordBatch.from_pydict({h: pa.array([], pa.string()) for h in COLUMNS})
    ]
    roles, bodies = list(names().values()), [o.name for o in Organisation.objects.offices()]

    def known() -> Iterator[pa.RecordBatch]:
        longest = max(len(roles), len(bodies))
        yield pa.RecordBatch.from_pydict(
            {
                _("vai trò"): roles + [None] * (longest - len(roles)),
                _("cơ quan"): bodies + [None] * (longest - len(bodies)),
            }
        )

    formats.write_xlsx(path, {_("danh sách"): empty, _("giá trị"): known()})
