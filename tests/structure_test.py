"""The shape of the code that no single file can keep: directions, file names, sizes, roles."""

import ast
import configparser
import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import rustworkx
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

from baoton.kit.importing import Target
from baoton.kit.place import Located
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.writing.verb import ACTIONS
from baoton.people.roles import table, verbs_of

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
DOMAINS = {"people", "places", "files", "remarks", "taxa", "plan", "observations", "outreach", "assessment"}
WORDS = {
    "models",
    "registers",
    "actions",
    "queries",
    "indicators",
    "imports",
    "views",
    "checks",
    "disclosure",
    "simulate",
    "apps",
    "urls",
    "forms",
    "__init__",
}
FORBIDDEN = {"utils", "helpers", "services", "managers", "mixins", "signals"}


def rows() -> list[set[str]]:
    """The layers from the top down, as the import contract lists them."""
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    text = contract["importlinter:contract:layers"]["layers"]
    return [set(re.split(r"\s*\|\s*", line.strip())) for line in text.splitlines() if line.strip()]


def test_no_foreign_key_points_up_or_sideways() -> None:
    height = {app: i for i, layer in enumerate(rows()) for app in layer}
    wrong = []
    for model in apps.get_models():
        here = model._meta.app_label
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey | ManyToManyField) or here not in height:
                continue
            there = field.related_model._meta.app_label
            if there in height and there != here and height[there] <= height[here]:
                wrong.append(f"{model._meta.label}.{field.name} → {there}")
    assert not wrong


def test_every_app_stands_in_the_layers() -> None:
    mine = {c.label for c in apps.get_app_configs() if c.name.startswith("baoton.")}
    assert mine == {app for layer in rows() for app in layer}


def test_no_file_is_longer_than_500_lines() -> None:
    long = {}
    for path in [
        *SOURCE.rglob("*.py"),
        *SOURCE.rglob("*.html"),
        *SOURCE.rglob("*.js"),
        *SOURCE.rglob("*.css"),
    ]:
        if "migrations" in path.parts:  # written by Django, not by us
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 500:
            long[str(path.relative_to(ROOT))] = lines
    assert not long


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [p for p in SOURCE.rglob("*.py") if p.stem in FORBIDDEN]


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_a_domain_offers_itself_only_through_the_closed_vocabulary(domain: str) -> None:
    """Other apps enter a domain only by its models, queries and actions (and a register's declaration)."""
    doors = {"models", "queries", "actions", "registers", "disclosure", "simulate", "indicators"}
    wrong = []
    for path in (SOURCE / "baoton").rglob("*.py"):
        owner = path.relative_to(SOURCE / "baoton").parts[0]
        if owner in {domain, "site"} or "tests" in path.parts or "migrations" in path.parts:
            continue
        for found in re.findall(rf"from baoton\.{domain}\.(\w+)", path.read_text(encoding="utf-8")):
            if found not in doors:
                wrong.append(f"{path.relative_to(ROOT)}: {domain}.{found}")
    assert not wrong


def test_every_verb_of_the_roles_is_declared() -> None:
    written = {v for verbs in table().values() for v in verbs if not v.endswith(".*")}
    assert not sorted(written - set(ACTIONS))


def test_every_declared_verb_is_held_by_somebody() -> None:
    held = {verb for role in table() for verb in verbs_of(role)}
    assert not sorted(set(ACTIONS) - held)


def test_every_model_with_a_place_is_read_through_a_register_that_decides_what_is_shown() -> None:
    located = {m for m in apps.get_models() if issubclass(m, Located)}
    assert located == {r.model for r in REGISTERS.values() if r.settle is not None and r.located}


def test_the_repository_names_no_workplace() -> None:
    """Machine paths and registry hosts belong to nobody who reads this repository."""
    wrong = []
    for path in ROOT.rglob("*"):
        if not path.is_file() or any(
            (part.startswith(".") and part != ".ci") or part in {"var", "node_modules"}
            for part in path.relative_to(ROOT).parts
        ):
            continue
        if path.suffix in {".py", ".md", ".sh", ".toml", ".html", ".yaml", ".csv", ".txt", ".lock", ""}:
            text = path.read_text(encoding="utf-8", errors="ignore")
            if (
                re.search(r"/work/|file:///opt|pypi\.org|registry\.npmjs", text)
                and path.name != "structure_test.py"
            ):
                wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


KIT = SOURCE / "baoton" / "kit"


@pytest.mark.parametrize("path", sorted(KIT.rglob("*.html")), ids=lambda p: p.name)
def test_a_template_of_the_machine_knows_no_page_of_the_site_and_no_country(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    strange = r"site/|url '(why|map|home|base-map|plan|places)'|Lai Châu|scientificName|eventDate"
    assert not re.findall(strange, text)


STRANGE_TO_KIT = re.compile(
    r"scientific_?name|vernacular_?name|decimal_?(lat|long)itude|event_?date|(occurrence|event|taxon)ID|countryCode|"
    r"darwin|municipality|day_start|sort_day|viet_?nam(?!ese)|việt nam|lai.ch[aâ]u|vn-?2000|epsg|\b9217\b|\b12/\d{5}",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", sorted(KIT.rglob("*.py")), ids=lambda p: str(p.relative_to(KIT)))
def test_no_code_of_the_machine_knows_a_country_or_the_terms_of_one_domain(path: Path) -> None:
    if {"tests", "migrations"} & set(path.parts):
        return
    assert not [m.group() for m in STRANGE_TO_KIT.finditer(path.read_text(encoding="utf-8"))]


OF_ONE_PROVINCE = re.compile(
    r"^12$|(?<!\d)12/\d{3,5}|lai_chau|lai ch[aâ]u|\b654\b|0?1/0?7/2025|30/0?6/2025|2025-0(6-30|7-01)|muong_te|ubnd_\d",
    re.IGNORECASE,
)
TURN = {(2025, 6, 30), (2025, 7, 1)}


def facts_of_one_province(path: Path) -> list[str]:
    """The literals of a file (not what it says of itself) that hold for one province or its plan alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            found += [node.value] if OF_ONE_PROVINCE.search(node.value) else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "date":
            day = tuple(a.value for a in node.args if isinstance(a, ast.Constant))
            found += [ast.unparse(node)] if day in TURN else []
        elif isinstance(node, ast.Name | ast.Attribute | ast.arg | ast.keyword):
            name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None)
            found += [name] if name and "lai_chau" in name else []
    return found


def test_the_facts_of_one_province_and_its_plan_are_data_of_the_rulebook() -> None:
    """Another province replaces one folder of the rulebook: no code holds ours. The setting names its folder."""
    wrong = {}
    for path in (SOURCE / "baoton").rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        allowed = {"lai_chau"} if path.name == "settings.py" else set()
        if found := [f for f in facts_of_one_province(path) if f not in allowed]:
            wrong[str(path.relative_to(ROOT))] = found
    assert not wrong


VIETNAMESE_PAPER = r"DỰ THẢO|Kính gửi|Nơi nhận|V/v|Times New Roman|ngày \{|tháng \{"


@pytest.mark.parametrize("path", sorted((KIT / "paper").glob("*.py")), ids=lambda p: p.name)
def test_the_machine_words_no_document_and_lays_none_out_itself(path: Path) -> None:
    """The words and the page of an office's paper are data of the rulebook."""
    assert not re.findall(VIETNAMESE_PAPER, path.read_text(encoding="utf-8"))


def imports_of(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of ours that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name in known}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                found.add(full if full in known else node.module)
    return found & set(known)


def test_no_files_import_each_other_in_a_circle() -> None:
    known: dict[str, Path] = {}
    for path in SOURCE.rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        parts = path.relative_to(SOURCE).with_suffix("").parts
        known[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    graph = rustworkx.PyDiGraph()
    at = {name: graph.add_node(name) for name in known}
    for name, path in known.items():
        graph.add_edges_from_no_data([(at[name], at[t]) for t in imports_of(path, known) if t != name])
    circles = [
        sorted(graph[i] for i in c) for c in rustworkx.strongly_connected_components(graph) if len(c) > 1
    ]
    assert not circles


def test_a_domain_is_made_of_the_files_of_the_vocabulary_alone() -> None:
    """What a file holds is guessed from its name; a part of an app that is no such file is a folder of its own."""
    own = {
        "people": {
            "groups",
            "links",
            "passwords",
            "roles",
            "roster",
            "second",
            "sessions",
            "throttle",
            "viewing",
        },
        "places": {
            "base",
            "former",
            "naming",
            "reassign",
            "relief",
            "schematic",
            "terrain",
            "units",
            "villages",
        },
        "taxa": {"guard", "lexicon", "spelling", "timeline", "written"},
        "files": {"exif", "pictures"},
        "observations": {"outings", "resettling", "spans"},
        "plan": {"figures", "reminders"},
    }
    strange = []
    for domain in sorted(DOMAINS):
        for path in (SOURCE / "baoton" / domain).glob("*.py"):
            if path.stem not in WORDS | own.get(domain, set()):
                strange.append(f"{domain}/{path.name}")
    assert not strange


def test_starting_loads_no_library_of_one_task() -> None:
    """Every command, worker and server starts: what only a calculation or a paper needs is loaded there."""
    code = "import django; django.setup(); import baoton.site.urls, sys; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, check=True
    )
    heavy = {"numba", "scipy", "matplotlib", "pandas", "duckdb", "openpyxl", "pptx", "pypdf"}
    assert not heavy & set(told.stdout.split())


@pytest.mark.parametrize("declared", [Register, Target], ids=["Register", "Target"])
def test_a_declaration_has_ten_options(declared: type) -> None:
    """Beside what it is called and the table it keeps."""
    named = {"name", "model", "label", "one"}
    options = [f.name for f in dataclasses.fields(declared) if f.name not in named]
    assert len(options) <= 10, options
    told = declared.__doc__ or ""
    assert not [name for name in options if f"`{name}`" not in told], "each option is told in the docstring"


CARDS = re.compile(r'<table class="cards-on-phone[^"]*">(.*?)</table>', re.S)
TOUCHED = ("<form", "<input", "<button", "<details", 'class="button', 'class="tag')


def test_a_table_that_becomes_cards_on_a_phone_names_each_cell() -> None:
    """Without its heading a number in a card says nothing; a cell of buttons or of a mark alone speaks for itself."""
    bare = []
    for path in sorted((ROOT / "src").rglob("templates/**/*.html")):
        for cards in CARDS.findall(path.read_text()):
            for row in re.findall(r"<tr[^>]*>.*?</tr>", cards.split("</thead>")[-1], re.S):
                cells = re.findall(r"<t[dh]([^>]*)>(.*?)</t[dh]>", row, re.S)
                after = 2 if cells and "<input" in cells[0][1] else 1
                bare += [
                    (path.name, said[:60]) for given, said in cells[after:]
                    if said.strip() and not any(word in given for word in ("data-head", "colspan", "scope"))
                    and not any(word in said for word in TOUCHED)
                ]  # fmt: skip
    assert not bare
