"""What a workbook's number formats show of a cell: leading zeros, a date without its day or its year."""

from __future__ import annotations

import re

BUILT_IN = {16: "no_year", 17: "month"}
_PLAIN = re.compile(rb'"[^"]*"|\\.|\[[^\]]*\]|_.')


def forms(styles: bytes) -> dict[int, int | str]:
    """For each style that matters: how many figures it shows ("00000"), or "month", "year", "no_year" of a date."""
    known: dict[int, int | str] = dict(BUILT_IN)
    for m in re.finditer(rb"<numFmt\b[^>]*>", styles):
        ident, code = re.search(rb'\bnumFmtId="(\d+)"', m[0]), re.search(rb'\bformatCode="([^"]*)"', m[0])
        if ident is None or code is None:
            continue
        form = _form(code[1].replace(b"&quot;", b'"'))
        if form:
            known[int(ident[1])] = form
        else:
            known.pop(int(ident[1]), None)
    used = re.search(rb"<cellXfs\b.*?</cellXfs>", styles, re.S)
    found = {}
    for index, cell in enumerate(re.findall(rb"<xf\b[^>]*>", used[0]) if used else []):
        kind = re.search(rb'\bnumFmtId="(\d+)"', cell)
        if kind and int(kind[1]) in known:
            found[index] = known[int(kind[1])]
    return found


def _form(code: bytes) -> int | str:
    """What one format code shows, 0 where it hides nothing."""
    first = _PLAIN.sub(b"", code.split(b";")[0]).lower()
    if zeros := re.match(rb"0{2,}(?![.,])", first):
        return len(zeros[0])
    has = {letter for letter in b"dmyhs" if letter in first}
    if not has & set(b"dy"):
        return 0
    if not has & set(b"hsd"):
        return "month" if ord("m") in has else "year"
    return "" if has & set(b"yh") else "no_year"
