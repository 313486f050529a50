"""The English catalogues, whose source language is Vietnamese: each app carries the English of its own sentences.

`update` collects into every app's `django.po`, `compile` writes the `.mo` files (not kept in the repository),
`check` fails where a sentence has no English or where its placeholders differ. Extraction is by Babel for
Python and by Django's own lexer for templates.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "baoton"
PLACE = Path("locale") / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
HEAD = "# The English of the sentences of one app; the source language is Vietnamese."


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


def apps() -> list[Path]:
    return sorted(p for p in SOURCE.iterdir() if (p / "__init__.py").exists())


def collect(app: Path) -> Catalog:
    """Every sentence of one app that a reader may meet."""
    found = Catalog(locale="en", project="baoton", charset="utf-8", header_comment=HEAD, fuzzy=False)
    for path in sorted([*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt")]):
        if {"tests", "migrations"} & set(path.parts):
            continue
        reader = of_python if path.suffix == ".py" else of_template
        for _line, message in reader(path):
            parts = tuple(p for p in (message if isinstance(message, tuple) else (message,)) if p)
            if parts and parts[0]:
                found.add(
                    parts if len(parts) > 1 else parts[0],
                    flags=["python-format"] if re.search(r"%\(\w+\)s", str(parts[0])) else [],
                )
    return found


def stored(app: Path) -> Catalog:
    path = app / PLACE
    return read_po(path.open("rb"), locale="en") if path.exists() else Catalog(locale="en")


def strings(message: Message | None) -> list[str]:
    """The translations of a message: one, or one a plural form; empty where it has none."""
    if message is None or not message.string:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]", text))


def update() -> int:
    """Each app's catalogue holds its sentences; what any app has translated is kept."""
    old = {app: stored(app) for app in apps()}
    count = missing = 0
    for app in old:
        new = collect(app)
        for message in new:
            if not message.id:
                continue
            for book in (old[app], *old.values()):
                if strings(book.get(message.id)):
                    message.string = book.get(message.id).string
                    break
            count += 1
            missing += not all(strings(message) or [""])
        if not len(new):
            (app / PLACE).unlink(missing_ok=True)
            continue
        (app / PLACE).parent.mkdir(parents=True, exist_ok=True)
        text = io.BytesIO()
        write_po(text, new, width=110, sort_output=True, omit_header=False)
        lines = text.getvalue().decode().splitlines()
        dated = ("POT-Creation", "PO-Revision", "Last-Transl", "Language-Team", "Report-", "Generated-By")
        kept = [line for line in lines if not line.startswith(tuple(f'"{d}' for d in dated))]
        (app / PLACE).write_text("\n".join(kept) + "\n", encoding="utf-8")
    compiled()
    print(f"{count} câu, {missing} câu chưa có tiếng Anh")
    return 0


def compiled() -> int:
    """Every catalogue stands beside its text in the form Django reads."""
    for app in apps():
        if (app / PLACE).exists():
            with (app / PLACE).with_suffix(".mo").open("wb") as out:
                write_mo(out, stored(app))
    return 0


def check() -> int:
    """0 when every sentence has its English with the same placeholders, and no two apps translate it apart."""
    problems: list[str] = []
    told: dict[object, tuple[str, ...]] = {}
    for app in apps():
        have = stored(app)
        for message in collect(app):
            if not message.id:
                continue
            english = strings(have.get(message.id))
            if not english or not all(english):
                problems.append(f"{app.name}: chưa có tiếng Anh: {message.id}")
                continue
            source = message.id if isinstance(message.id, str) else message.id[0]
            problems += [
                f"{app.name}: khác chỗ trống: {source}"
                for s in english
                if placeholders(s) != placeholders(source)
            ]
            if told.setdefault(message.id, tuple(english)) != tuple(english):
                problems.append(f"{app.name}: dịch khác với ứng dụng khác: {source}")
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    WORK = {"update": update, "compile": compiled, "check": check}
    sys.exit(WORK[sys.argv[1] if len(sys.argv) > 1 else "check"]())
