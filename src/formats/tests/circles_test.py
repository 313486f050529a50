"""No file of the package needs another that needs it."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def needs() -> dict[str, set[str]]:
    """Each file of the package with the files it imports, wherever in it the import stands."""
    names = {p.stem for p in PACKAGE.glob("*.py")} - {"__init__"}
    found: dict[str, set[str]] = {}
    for path in PACKAGE.glob("*.py"):
        used: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "formats":
                used |= {a.name for a in node.names} & names
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("formats."):
                used.add((node.module or "").split(".")[1])
        found[path.stem] = used - {path.stem}
    return found


def test_there_is_no_circle() -> None:
    left = needs()
    while free := [name for name, used in left.items() if not used & left.keys()]:
        for name in free:
            del left[name]
    assert not left, f"these files need each other: {left}"
