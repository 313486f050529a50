"""The English catalogues, whose source language is Vietnamese: each app carries the English of its own sentences.

`update` collects into every app's `django.po`, `compile` writes the `.mo` files (not kept in the repository),
`check` fails where a sentence has no English or where its placeholders differ. Python is read as Python reads it, so
that a sentence within an f-string is met too; templates by Django's own lexer. A word whose English depends on where it
stands has a context (`pgettext_lazy("đơn vị tính", "hồ sơ")`: of figures, which stand after a number).
"""

import ast
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
ONE, SEVERAL, THERE = (
    {"gettext", "gettext_lazy", "gettext_noop", "_"}, {"ngettext", "ngettext_lazy"}, {"pgettext", "pgettext_lazy"},
)  # fmt: skip
KEYWORDS: dict[str, tuple[int, ...] | None] = {**dict.fromkeys(ONE), **dict.fromkeys(SEVERAL, (1, 2))}
Found = tuple[str, tuple[str, ...]]  # the context, and a sentence with its plural where it has one
HEAD = "# The English of the sentences of one app; the source language is Vietnamese."


def of_python(path: Path) -> Iterator[Found]:
    """The sentences of a file of Python, whatever name it gave the calls when it imported them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [
        n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "django.utils.translation"
    ]
    own = {one.asname: one.name for n in imports for one in n.names if one.asname}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        name = own.get(name, name)
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in THERE and len(words) > 1:
            yield words[0], (words[1],)
        elif name in ONE | SEVERAL and words:
            yield "", tuple(words[: 2 if name in SEVERAL else 1])


def of_template(path: Path) -> Iterator[Found]:
    """The sentences of a template, as Django turns its tags into calls."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    python = templatize(text, origin=str(path))
    for _line, _function, message, _comments in extract_python(io.BytesIO(python.encode()), KEYWORDS, [], {}):
        yield "", tuple(p for p in (message if isinstance(message, tuple) else (message,)) if p)


def apps() -> list[Path]:
    return sorted(p for p in SOURCE.iterdir() if (p / "__init__.py").exists())


def collect(app: Path) -> Catalog:
    """Every sentence of one app that a reader may meet."""
    found = Catalog(locale="en", project="baoton", charset="utf-8", header_comment=HEAD, fuzzy=False)
    for path in sorted([*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt")]):
        if {"tests", "migrations"} & set(path.parts):
            continue
        reader = of_python if path.suffix == ".py" else of_template
        for context, parts in reader(path):
            if parts and parts[0]:
                found.add(
                    parts if len(parts) > 1 else parts[0],
                    context=context or None,
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
                if strings(book.get(message.id, message.context)):
                    message.string = book.get(message.id, message.context).string
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
    told: dict[object, tuple[str, ...]] = {}  # by sentence and context
    for app in apps():
        have = stored(app)
        for message in collect(app):
            if not message.id:
                continue
            english = strings(have.get(message.id, message.context))
            if not english or not all(english):
                problems.append(f"{app.name}: chưa có tiếng Anh: {message.id}")
                continue
            source = message.id if isinstance(message.id, str) else message.id[0]
            problems += [
                f"{app.name}: khác chỗ trống: {source}"
                for s in english
                if placeholders(s) != placeholders(source)
            ]
            if told.setdefault((message.id, message.context), tuple(english)) != tuple(english):
                problems.append(f"{app.name}: dịch khác với ứng dụng khác: {source}")
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    WORK = {"update": update, "compile": compiled, "check": check}
    sys.exit(WORK[sys.argv[1] if len(sys.argv) > 1 else "check"]())
