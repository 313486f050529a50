"""Which units exist on a day, and where an old one lies today: a record of 2023 counts in both."""

from datetime import date

from rulebook.errors import UnknownName
from rulebook.provinces import Level, Unit, load_province


def units(*, on: date, province: str | None = None, level: Level = "commune") -> tuple[Unit, ...]:
    """The units of a level that exist on a day: 38 communes since 01/7/2025; 106 and 8 districts before."""
    home = load_province(province)
    return tuple(u for u in (home.communes if level == "commune" else home.districts) if u.period.holds(on))


def unit(path: str, province: str | None = None) -> Unit:
    """The unit with this area path, whenever it existed."""
    home = load_province(province)
    for candidate in (*home.communes, *home.districts):
        if candidate.path == path:
            return candidate
    raise UnknownName(f"Không có đơn vị hành chính nào mang mã “{path}”.")


def successors(code: str, province: str | None = None) -> tuple[Unit, ...]:
    """The communes of today that a unit of before 01/7/2025 (commune or district, code or path) lies in.

    The code is read as an old code even where a commune of today carries the same one; a path settles it:
    the path of a commune of today gives that commune.
    """
    home = load_province(province)
    today = {u.path: u for u in home.communes if u.period.end is None}
    if code in today:
        return (today[code],)
    last = code.rsplit("/", 1)[-1]
    old = {u.code for u in home.communes if u.period.end and last in (u.code, u.district)}
    if not old:
        raise UnknownName(f"Không có đơn vị hành chính cũ nào mang mã “{code}”.")
    new = dict.fromkeys(m.new_code for m in home.merges if m.old_code in old)
    return tuple(today[f"{home.code}/{c}"] for c in new)


def predecessors(code: str, province: str | None = None) -> tuple[Unit, ...]:
    """The old communes that went into a commune of today, by its code or path."""
    home = load_province(province)
    last = code.rsplit("/", 1)[-1]
    old = {m.old_code for m in home.merges if m.new_code == last}
    if not old:
        raise UnknownName(f"Không có xã, phường hiện nay nào mang mã “{code}”.")
    return tuple(u for u in home.communes if u.period.end and u.code in old)
