"""The English catalogue, whose source language is Vietnamese: `update` collects, `check` refuses what is missing.

`check` fails where a sentence has no English, where placeholders differ, or where the compiled catalogue is
not that of the text. Extraction is by Babel for Python and by Django's own lexer for templates.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "baoton"
FOLDER = SOURCE / "site" / "locale" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}


def of_python(path: Path) -> Iterator[tuple[int, object]]:
    for line, _function, message, _comments in extract_python(path.open("rb"), KEYWORDS, [], {}):
        yield line, message


def of_template(path: Path) -> Iterator[tuple[int, object]]:
    """The sentences of a template, as Django turns its tags into calls."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    python = templatize(text, origin=str(path))
    for line, _function, message, _comments in extract_python(io.BytesIO(python.encode()), KEYWORDS, [], {}):
        yield line, message


def collect() -> Catalog:
    """Every sentence a reader may meet, with where it stands."""
    found = Catalog(locale="en", project="baoton", charset="utf-8")
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]):
        if {"tests", "migrations"} & set(path.parts):
            continue
        reader = of_python if path.suffix == ".py" else of_template
        for _line, message in reader(path):
            parts = tuple(p for p in (message if isinstance(message, tuple) else (message,)) if p)
            if parts and parts[0]:
                found.add(
                    parts if len(parts) > 1 else parts[0],
                    locations=[(str(path.relative_to(ROOT)), None)],
                    flags=["python-format"] if re.search(r"%\(\w+\)s", str(parts[0])) else [],
                )
    return found


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]", text))


def known() -> Catalog:
    return read_po(PO.open("rb"), locale="en") if PO.exists() else Catalog(locale="en")


def update() -> int:
    """The catalogue holds every sentence, keeps what was translated, and is compiled."""
    old, new = known(), collect()
    for message in new:
        before = old.get(message.id) if message.id else None
        if before is not None and before.string:
            message.string = before.string
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as out:
        write_po(out, new, width=110, sort_output=True, omit_header=False)
    with MO.open("wb") as out:
        write_mo(out, new)
    missing = [
        m for m in new if m.id and not all([m.string] if isinstance(m.string, str) else m.string or [""])
    ]
    print(f"{len(new)} câu, {len(missing)} câu chưa có tiếng Anh")
    return 0


def check() -> int:
    """0 when every sentence has its English with the same placeholders."""
    have, problems = known(), []
    for message in collect():
        if not message.id:
            continue
        told = have.get(message.id)
        strings = (
            []
            if told is None
            else ([told.string] if isinstance(told.string, str) else list(told.string or ()))
        )
        if not strings or not all(strings):
            problems.append(f"chưa có tiếng Anh: {message.id}")
            continue
        source = message.id if isinstance(message.id, str) else message.id[0]
        problems += [f"khác chỗ trống: {source}" for s in strings if placeholders(s) != placeholders(source)]
    buffer = io.BytesIO()
    write_mo(buffer, have)
    if not MO.exists() or MO.read_bytes() != buffer.getvalue():
        problems.append("django.mo không khớp django.po: chạy make messages")
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(update() if sys.argv[1:] == ["update"] else check())
