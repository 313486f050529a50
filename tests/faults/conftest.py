"""A whole installation for the trials of this folder: set up once, on whichever database the tests run on."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.installation import Installation, installations


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The address of a fresh PostgreSQL database, or nothing where the tests run on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"faults_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    yield f"{url.rpartition('/')[0]}/{name}"
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Installation]:
    """The demonstration of a few records, not yet served."""
    folder: Path = tmp_path_factory.mktemp("installation")
    for one in installations(folder, database):
        made = one.run("demo", "--records", "300")
        assert made.returncode == 0, made.stderr[-2000:]
        yield one
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def served(site: Installation) -> Iterator[Installation]:
    """The installation answering on its port; stopped afterwards."""
    site.serve()
    yield site
    site.stop()
