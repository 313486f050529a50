"""The files of ecostat stand on each other without a circle, and know nothing of the site."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]


def files():
    return [path for path in ROOT.rglob("*.py") if "tests" not in path.relative_to(ROOT).parts]


def module(path):
    parts = ("ecostat", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path, known):
    """The files named by every import, also those inside functions and for type checking alone."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & known) or ({node.module} & known)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & known
    return found - {module(path)}


def circles(graph):
    """Groups of files that can each be reached from one another."""
    reach = {name: set(others) for name, others in graph.items()}
    for middle in graph:
        for name in graph:
            if middle in reach[name]:
                reach[name] |= reach[middle]
    return sorted({tuple(sorted(o for o in graph if name in reach[o] and o in reach[name]) or ())
                   for name in graph} - {()})  # fmt: skip


def test_no_file_imports_a_file_that_imports_it():
    known = {module(path) for path in files()}
    graph = {module(path): imports(path, known) for path in files()}
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [("a", "b", "c")]
    assert circles(graph) == []


def test_it_needs_neither_the_site_nor_the_formats():
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.split(".")[0] not in {"baoton", "formats", "rulebook", "django"}, path
