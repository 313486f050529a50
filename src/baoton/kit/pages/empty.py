"""What an empty book says: how its first row comes in, and who can do it; which roles there are, an app above tells."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from baoton.kit.importing.target import TARGETS
from baoton.kit.reading.register import Register

_holders: list[Callable[[str], Sequence[str]]] = []


def tell_holders(work: Callable[[str], Sequence[str]]) -> None:
    """The given function says which roles hold a verb, as the office calls them; called once, at start."""
    _holders[:] = [work]


def first_row(register: Register) -> str:
    """How the first row comes into the book, in a sentence or two."""
    ways = []
    if "create" in register.verbs and register.asked:
        ways.append((_("thêm từng dòng"), f"{register.name}.create"))
    if register.name in TARGETS:
        ways.append((_("nhập từ tệp"), TARGETS[register.name].verb))
    if not ways:
        return _(
            "Các dòng của sổ này do hệ thống lập từ những sổ khác; có dữ liệu ở đó rồi thì dòng hiện ra ở đây."
        )
    told = []
    for label, verb in ways:
        who = _holders[0](verb) if _holders else ()
        told.append(f"{label} ({', '.join(who)})" if who else label)
    return _("Dòng đầu tiên: %(ways)s.") % {"ways": _(" hoặc ").join(told)}
