"""The page on adding a domain is true: its code blocks are taken as they stand, and used as two domains."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "adding-a-domain.md"
MOST = {"stable": 200, "parcel": 120}
STORY = Path(__file__).with_name("adding_a_domain_story.py")


def blocks() -> dict[str, str]:
    """The files of the page by path."""
    return dict(re.findall(r"```python (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S))


@pytest.mark.parametrize("domain", sorted(MOST))
def test_a_domain_is_small(domain: str) -> None:
    lines = sum(len(text.splitlines()) for path, text in blocks().items() if path.startswith(f"{domain}/"))
    assert 0 < lines <= MOST[domain], lines


@pytest.mark.once
def test_both_domains_run_as_the_page_says(tmp_path: Path) -> None:
    for path, text in blocks().items():
        target = tmp_path / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for domain in MOST:
        (tmp_path / domain / "__init__.py").touch()
        (tmp_path / domain / "migrations").mkdir()
        (tmp_path / domain / "migrations" / "__init__.py").touch()
    (tmp_path / "with_two.py").write_text(
        "from baoton.site.settings import *\n"
        'DOMAINS = [*DOMAINS, "stable", "parcel"]\n'
        'INSTALLED_APPS = [*INSTALLED_APPS, "stable", "parcel"]\n'
    )
    told = subprocess.run(
        [sys.executable, str(STORY)],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT / "src")]),
            "DJANGO_SETTINGS_MODULE": "with_two",
            "BAOTON_VAR": str(tmp_path / "var"),
            "BAOTON_JOBS_INLINE": "1",
            "DATABASE_URL": "",
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    assert told.stdout.strip().endswith("cả hai miền chạy được")
