"""The pages of docs/ecostat: every block of code runs and gives the figures beside it, and nothing is left out."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
import numpy as np
import pytest

import ecostat
from ecostat.tests.docs_settings import SETTINGS

matplotlib.use("Agg")
DOCS = Path(__file__).parents[3] / "docs" / "ecostat"
PAGES = sorted(DOCS.glob("*.md"))
# pages of a method; `likelihood` tells how all of them are fitted
METHODS = [page for page in PAGES if page.stem != "likelihood"]
BLOCK = re.compile(r"```python\n(.*?)```", re.S)
NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")
# what a page must say, each by one of these words
SAYS = {
    "assumptions": r"\bassum",
    "a formula": r"[=≥≤∝]|\bformula",
    "a paper": r"\((?:17|18|19|20)\d\d\b|\b(?:19|20)\d\d\*?\*?[),]? ",
    "an example": r"worked example|```python",
    "a picture": r"!\[[^\]]{10,}\]\(pictures/\w+\.png\)",
    "when not to use it": r"\bnot for\b|when not to use it",
}


def words(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", METHODS, ids=lambda p: p.stem)
def test_a_page_says_what_a_reader_needs(page: Path) -> None:
    missing = [what for what, how in SAYS.items() if not re.search(how, words(page), re.IGNORECASE)]
    assert not missing


@pytest.mark.parametrize("page", METHODS, ids=lambda p: p.stem)
def test_each_part_of_a_page_says_what_it_assumes_or_is_not_for(page: Path) -> None:
    """A page of several methods tells of each; pages of one have parts named after what a reader asks."""
    text = words(page)
    if "## Assumptions" in text:
        return
    parts = re.split(r"^## ", text, flags=re.M)[1:]
    named = [p for p in parts if not p.startswith(("Papers", "Pictures", "How often"))]
    silent = [p.split("\n")[0] for p in named if not re.search(r"\bassum|\bnot for\b|\brefuses\b", p, re.I)]
    assert not silent


def packages() -> Iterator[ModuleType]:
    inner = {"gates", "covariates", "likelihood", "tests", "plots"}
    for package in pkgutil.iter_modules(ecostat.__path__):
        if package.ispkg and package.name not in inner:
            yield importlib.import_module(f"ecostat.{package.name}")


@pytest.mark.parametrize("package", packages(), ids=lambda m: m.__name__)
def test_a_page_names_every_public_call_of_its_package(package: ModuleType) -> None:
    page = words(DOCS / f"{package.__name__.split('.')[-1]}.md")
    calls = [name for name in package.__all__ if name[0].islower() and name != "gam"]
    assert not [name for name in calls if not re.search(rf"\b{name}\b", page)]


def test_every_picture_stands_on_a_page_and_every_page_shows_pictures_that_are_there() -> None:
    shown = {name for page in PAGES for name in re.findall(r"\(pictures/(\w+\.png)\)", words(page))}
    assert shown == {path.name for path in (DOCS / "pictures").glob("*.png")}


def test_every_example_that_a_page_names_is_there() -> None:
    named = {name for page in PAGES for name in re.findall(r"examples/(\w+\.py)", words(page))}
    assert named and not [n for n in named if not (DOCS.parents[1] / "examples" / n).exists()]


def flat(value: Any) -> list[float] | None:
    """The numbers of an answer in order; None where it holds something else."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, int | float | np.number):
        return [float(value)]
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        return [float(v) for v in value.ravel()]
    if isinstance(value, tuple | list):
        parts = [flat(v) for v in value]
        return None if None in parts else [v for p in parts for v in p or []]
    return None


def agree(value: Any, said: str, where: str) -> None:
    """The first numbers of the comment are those of the answer, to the digits printed."""
    found = flat(value)
    if found is None:
        if isinstance(value, str) and re.match(r"'[^']*'", said):
            assert value == said.split("'")[1], where
        return
    printed = [n.replace("−", "-").replace(",", "") for n in NUMBER.findall(said)]
    for number, text in zip(found, printed, strict=False):
        digits = len(text.partition(".")[2])
        assert abs(number - float(text)) <= 0.5000001 * 10.0**-digits, f"{where}: {number} is not {text}"


@pytest.mark.parametrize("page", [p for p in PAGES if BLOCK.search(words(p))], ids=lambda p: p.stem)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_every_block_of_code_runs_and_gives_the_figures_beside_it(page: Path) -> None:
    names: dict[str, Any] = {}
    for k, block in enumerate(BLOCK.findall(words(page))):
        setting = SETTINGS.get((page.stem, k))
        names |= setting() if setting else {}
        lines = block.splitlines()
        for statement in ast.parse(block).body:
            source = ast.Module([statement], [])
            if not isinstance(statement, ast.Expr):
                exec(compile(source, page.name, "exec"), names)
                continue
            value = eval(compile(ast.Expression(statement.value), page.name, "eval"), names)
            said = lines[(statement.end_lineno or 1) - 1].partition("#")[2].strip()
            if setting is None and said:  # the data of a setting are made up
                agree(value, said, f"{page.stem}: {ast.unparse(statement)}")
