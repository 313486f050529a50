"""What the cells of one row of a book say: numbers, the movement its reason names, what stands beside it."""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from baoton.facilities.actions.animals import MARKS
from baoton.facilities.models import Entry, Individual
from baoton.facilities.queries import mark_key, mark_text
from baoton.kit.text import fold

M, K = Entry.Movement, Individual.MarkKind
CARRIED = "carried"
APART = " · "
SPOKEN = {
    "dau ky": M.OPENING, "so dau ky": M.OPENING, "sinh": M.BORN, "sinh ra": M.BORN, "de": M.BORN, "no": M.BORN,
    "nhan giong": M.BORN, "mua": M.BOUGHT, "nhan ve": M.BOUGHT, "mua ve": M.BOUGHT, "khai thac": M.TAKEN,
    "chet": M.DIED, "ban": M.SOLD, "xuat ban": M.SOLD, "cho": M.SOLD, "thoat": M.LOST, "mat": M.LOST,
    "chuyen lop": M.GREW, "len bo me": M.GREW, "mang sang": CARRIED, "so du mang sang": CARRIED,
}  # fmt: skip

MARK_WORDS = {
    "chip dien tu": K.CHIP, "chip": K.CHIP, "vong chan": K.RING, "vong": K.RING, "the tai": K.TAG, "the": K.TAG,
    "xam so": K.TATTOO, "xam": K.TATTOO, "dau khac": K.OTHER,
}  # fmt: skip
Marks = list[tuple[str, str]]


def marks(written: str) -> Marks:
    """The marks of a cell, set apart by semicolons, each with its kind where said; `ValueError` says what is none."""
    found: Marks = []
    for one in filter(None, (part.strip() for part in re.split(r"[;\n]", written))):
        words, kind = one.split(), ""
        for n in (3, 2, 1):
            if len(words) > n and (known := MARK_WORDS.get(fold(" ".join(words[:n])).rstrip(":"))):
                kind, words = str(known), words[n:]
                break
        found.append((kind, mark_text(" ".join(words))))
    keys = [mark_key(text) for _kind, text in found]
    if twice := next((t for k, (_kind, t) in zip(keys, found, strict=True) if keys.count(k) > 1), None):
        raise ValueError(_("Số dấu %(mark)s đứng hai lần.") % {"mark": twice})
    return found


def apart(rest: str) -> tuple[str, str]:
    """The rest of a reason without its part that names marks, and that part's marks."""
    parts = rest.split(APART)
    named = [p for p in parts if re.match(rf"{fold(MARKS)}\s*:", fold(p))]
    if len(named) != 1:
        return rest, ""
    return APART.join(p for p in parts if p not in named), named[0].partition(":")[2].strip()


def whole_reason(rest: str, told: Sequence[tuple[str, str]]) -> str:
    """The rest of a reason as the book keeps it, the marks last."""
    with override("vi"):
        words = "; ".join(f"{K(kind).label} {text}" if kind else text for kind, text in told)
    return APART.join(filter(None, (rest, f"{MARKS}: {words}" if told else "")))


def said(written: str | None) -> tuple[str, str]:
    """The movement that a reason begins with and the rest of it; an empty movement where it names none."""
    first, _apart, rest = " ".join((written or "").split()).partition(APART)
    with override("vi"):
        known = {fold(str(label)): key for key, label in Entry.Movement.choices}
    word = fold(first)
    if word in known or word in SPOKEN:
        return str(known.get(word) or SPOKEN[word]), rest
    for spoken in sorted(SPOKEN, key=len, reverse=True):
        if re.match(rf"{spoken}\b[\s,:;(]", word):
            return str(SPOKEN[spoken]), " ".join(first.split()[len(spoken.split()) :]).lstrip(" ,:;(") + (
                APART + rest if rest else ""
            )
    return "", first + (APART + rest if rest else "")


def placed(movement: str, rest: str, told: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """The rest of a reason in the columns of an entry, so that a printed book says the same words in that order."""
    columns = _placed(movement, rest)
    return {**columns, "note": whole_reason(columns["note"], told)}


def _placed(movement: str, rest: str) -> dict[str, str]:
    parts = [p for p in rest.split(APART) if p]
    if movement == M.DIED:
        return {"partner": "", "paper": (parts or [""])[0], "note": APART.join(parts[1:])}
    if movement in {M.BOUGHT, M.SOLD, M.TAKEN}:
        partner, paper = ([*parts, "", ""])[:2]
        return {"partner": partner, "paper": paper, "note": APART.join(parts[2:])}
    return {"partner": "", "paper": "", "note": APART.join(parts)}


def beside(entry: Entry) -> str:
    """The rest of a reason as the printed book has it."""
    told = APART.join(filter(None, (entry.partner, entry.paper, entry.note)))
    return " ".join(told.split())


def whole(written: str | None) -> int | None:
    """A whole number of a cell, None where it is blank; `ValueError` where it is none or could be two (1,000)."""
    text = (written or "").strip().replace(" ", "")
    if not text or text in {"-", "–"}:
        return None
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "")
    if not re.fullmatch(r"[-−]?\d+(?:[.,]0{1,2})?", text):
        raise ValueError(text)
    number = float(text.replace(",", ".").replace("−", "-"))
    if not number.is_integer() or abs(number) > 1_000_000_000:
        raise ValueError(text)
    return int(number)


def numbered(cells: Mapping[str, str | None]) -> bool:
    """Whether a row only numbers the columns, as printed forms do below their headings."""
    given = [c.strip() for c in cells.values() if c]
    digits = len(given) > 3 and all(g.isdigit() for g in given)
    return digits and sorted(map(int, given)) == list(range(1, len(given) + 1))
