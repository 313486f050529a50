"""A whole installation for the trials of this folder: set up once, on whichever database the tests run on."""

import os
import uuid
from collections.abc import Iterator

import pytest
from tests.installation import Installation, installations, prepared


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
    if database:
        for one in installations(tmp_path_factory.mktemp("demo"), database):
            made = one.run("demo", "--records", "300")
            assert made.returncode == 0, made.stderr[-2000:]
            yield one
    else:
        yield from installations(prepared(tmp_path_factory, "demo", "--records", "1500"))


@pytest.fixture
def served(site: Installation) -> Installation:
    """The installation answering on its port; started anew where the test before ended its server."""
    if not site.stands:
        site.stop()
        site.kill("python")
        site.serve()
    return site
