"""A whole installation for the trials of this folder: set up once, on whichever database the tests run on."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.ground import SMALL_MB, small_disk
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


@pytest.fixture
def full(tmp_path: Path) -> Iterator[tuple[Installation, Path]]:
    """A served installation whose database lies on a small disk, and that disk."""
    url = os.environ.get("DATABASE_URL", "")
    with small_disk(Path(tempfile.mkdtemp(prefix="baoton-disk-")), SMALL_MB) as disk:
        if not url.startswith("postgres"):
            for site in installations(disk / "var", ""):
                assert site.run("demo", "--records", "200").returncode == 0
                site.serve()
                yield site, disk
            return
        import psycopg

        name, place = f"full_{uuid.uuid4().hex[:8]}", disk / "pg"
        place.mkdir()
        if os.geteuid() == 0:
            disk.chmod(0o755)
            shutil.chown(place, "postgres", "postgres")
        with psycopg.connect(url, autocommit=True) as link:
            link.execute(f"CREATE TABLESPACE {name} LOCATION '{place}'")  # type: ignore[arg-type]
            link.execute(f'CREATE DATABASE "{name}" TABLESPACE {name}')  # type: ignore[arg-type]
        try:
            for site in installations(tmp_path / "var", f"{url.rpartition('/')[0]}/{name}"):
                assert site.run("demo", "--records", "200").returncode == 0
                site.serve()
                yield site, disk
        finally:
            with psycopg.connect(url, autocommit=True) as link:
                link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]
                link.execute(f"DROP TABLESPACE {name}")  # type: ignore[arg-type]
