"""Values law sets, each with its time, source and certainty: a page asks for a day, never for “the” value."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from rulebook.certainty import SAID, Certainty, certainty
from rulebook.dated import Period
from rulebook.errors import BadData, NotInForce, NotVerified, UnknownName
from rulebook.reading import entries, folder, home, read_yaml, said


@dataclass(frozen=True, slots=True)
class Value:
    """A value for a time. `value` is None when law is known to set one but it could not be read."""

    name: str
    value: Any
    unit: str
    period: Period
    source: str
    article: str
    certainty: Certainty
    note: str

    @property
    def basis(self) -> str:
        """Where it is written, as a page prints it, e.g. “85/2025/TT-BNNMT, Điều 26(4)(c)”."""
        return ", ".join(part for part in (self.source, self.article) if part)

    @property
    def verified(self) -> bool:
        """True when the value was read and may be stated as the law."""
        return self.certainty == "read" and self.value is not None


@dataclass(frozen=True, slots=True)
class Param:
    """A named thing law sets, with its values over time."""

    name: str
    vi: str
    en: str
    unit: str
    province: str
    """The province that set it; empty when it is the country's."""
    values: tuple[Value, ...]


def _value(item: dict[str, Any], raw: dict[str, Any]) -> Value:
    return Value(
        name=item["name"],
        value=raw["value"],
        unit=item["unit"],
        period=Period.of(raw.get("from"), raw.get("to")),
        source=raw["source"],
        article=raw["article"],
        certainty=certainty(raw["certainty"]),
        note=raw.get("note", ""),
    )


def _read(*parts: str, province: str = "") -> dict[str, Param]:
    found: dict[str, Param] = {}
    for file in entries(folder(*parts), ".yaml"):
        for item in read_yaml(file):
            try:
                values = tuple(_value(item, raw) for raw in item["values"])
                param = Param(item["name"], item["vi"], item["en"], item["unit"], province, values)
            except (KeyError, ValueError) as error:
                raise BadData(f"Tệp {file.name}, mục {item.get('name')}: {error}") from error
            if param.name in found:
                raise BadData(f"Tệp {file.name}: tham số {param.name} ghi hai lần.")
            found[param.name] = param
    return found


def params(province: str | None = None) -> dict[str, Param]:
    """Every parameter by name; what a province (none named: ours) sets takes the place of the country's."""
    return _params(home() if province is None else province)


@lru_cache(maxsize=8)
def _params(province: str) -> dict[str, Param]:
    if province and not province.isidentifier():
        raise UnknownName(f"Bộ quy định không có tỉnh “{province}”.")
    own = _read("vn", province, "params", province=province) if province else {}
    return {**_read("vn", "params"), **own}


def param_value(name: str, *, on: date, province: str | None = None) -> Value:
    """The value on a day with its source and certainty, verified or not; NotInForce when there is none."""
    known = params(province)
    if name not in known:
        raise UnknownName(f"Bộ quy định không có tham số “{name}”.")
    for value in known[name].values:
        if value.period.holds(on):
            return value
    raise NotInForce(f"{known[name].vi}: chưa có căn cứ cho ngày {said(on)}.")


def param(name: str, *, on: date, province: str | None = None) -> Any:
    """The value on a day, only when it was read in a text; else NotInForce or NotVerified."""
    found = param_value(name, on=on, province=province)
    if found.verified:
        return found.value
    told = params(province)[name].vi
    if found.value is None:
        raise NotVerified(f"{told}: chưa có căn cứ{f' ({found.note})' if found.note else ''}.")
    where = f" ({found.basis})" if found.basis else ""
    raise NotVerified(f"{told}: chưa có căn cứ chắc chắn; giá trị đang giữ{where} {SAID[found.certainty]}.")
