"""A formula such as `elevation + elevation^2 + forest:slope + factor(soil)`, read into terms."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ecostat.errors import EcostatError

FUNCTIONS = ("factor", "log", "sqrt", "raw")
_NAME = r"[^\W\d]\w*"
_VARIABLE = re.compile(rf"(?:({'|'.join(FUNCTIONS)})\(\s*({_NAME})\s*\)|({_NAME}))(?:\s*\^\s*(\d+))?")


@dataclass(frozen=True, order=True)
class Variable:
    """One named column in a term: taken as it is ("") or through "log", "sqrt", "factor" or "raw" (not
    scaled), to a whole `power`."""

    name: str
    through: str = ""
    power: int = 1

    @property
    def label(self) -> str:
        """The variable as it is written in a formula."""
        inner = f"{self.through}({self.name})" if self.through else self.name
        return inner if self.power == 1 else f"{inner}^{self.power}"


@dataclass(frozen=True)
class Formula:
    """Terms, each a product of variables, and whether there is an `intercept`."""

    terms: tuple[tuple[Variable, ...], ...]
    intercept: bool = True

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Every variable once, without its power, in the order met."""
        return tuple(dict.fromkeys(Variable(v.name, v.through) for term in self.terms for v in term))


def parse(text: str) -> Formula:
    """The formula is read. `+` joins terms, `:` multiplies variables, `a * b` is `a + b + a:b`, `x^2` is a
    square, `0` leaves out the intercept; `log(x)`, `sqrt(x)`, `factor(x)` and `raw(x)` (not scaled)."""
    body = text.strip().removeprefix("~").strip()
    if not body:
        raise EcostatError("The formula is empty: write '1' for an intercept alone.")
    terms: list[tuple[Variable, ...]] = []
    intercept = True
    for part in re.split(r"\+", body):
        piece = part.strip()
        if piece in ("0", "1"):
            intercept = intercept and piece == "1"
        elif "*" in piece:
            factors = [_product(f, text) for f in piece.split("*")]
            terms += _crossed(factors)
        else:
            terms.append(_product(piece, text))
    return Formula(tuple(dict.fromkeys(terms)), intercept)


def plain(names: Iterable[str]) -> Formula:
    """An intercept and each of these columns alone."""
    return Formula(tuple((Variable(str(name)),) for name in names))


def _product(piece: str, text: str) -> tuple[Variable, ...]:
    """The variables of one `a:b:c`."""
    return tuple(_variable(v.strip(), text) for v in piece.split(":"))


def _variable(piece: str, text: str) -> Variable:
    """One variable, or a sentence on what cannot be read."""
    found = _VARIABLE.fullmatch(piece)
    if not found:
        raise EcostatError(
            f"{piece!r} in the formula {text!r} cannot be read: a term is a column's name, name^2, "
            "log(name), sqrt(name), factor(name) or raw(name), joined with + or :."
        )
    through, inner, bare, power = found.groups()
    if power is not None and (int(power) < 1 or through == "factor"):
        raise EcostatError(f"{piece!r} in the formula {text!r} has no such power.")
    return Variable(inner or bare, through or "", int(power or 1))


def _crossed(factors: list[tuple[Variable, ...]]) -> list[tuple[Variable, ...]]:
    """Main effects and every product of `a * b * c`, smaller ones first."""
    out: list[tuple[Variable, ...]] = [()]
    for factor in factors:
        out += [(*have, *factor) for have in out]
    return sorted((term for term in out if term), key=len)
