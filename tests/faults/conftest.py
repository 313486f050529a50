"""A whole installation for the trials of this folder: set up once, on whichever database the tests run on."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.ground import SMALL_MB, small_disk
from tests.installation import Installation, database_of_its_own, installations, prepared


def from_demonstration(tmp: pytest.TempPathFactory, options: str = "") -> Iterator[Installation]:
    """A copy of the demonstration of a few records, on whichever database the tests run on."""
    postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    if not postgres:
        yield from installations(prepared(tmp, "demo", "--records", "1500"))
        return
    folder = prepared(tmp, "demo", "--records", "300", postgres=True)
    template = (folder / "template.txt").read_text()
    with database_of_its_own(f'TEMPLATE "{template}" {options}') as database:
        yield from installations(folder, database)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demonstration of a few records, not yet served."""
    yield from from_demonstration(tmp_path_factory)


@pytest.fixture
def served(site: Installation) -> Installation:
    """The installation answering on its port; started anew where the test before ended its server."""
    if not site.stands:
        site.stop()
        site.kill("python")
        site.serve()
    return site


@pytest.fixture
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Path]]:
    """A served installation whose database lies on a small disk, and that disk."""
    url = os.environ.get("DATABASE_URL", "")
    with small_disk(Path(tempfile.mkdtemp(prefix="baoton-disk-")), SMALL_MB) as disk:
        if not url.startswith("postgres"):
            for site in installations(disk / "var"):
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
        try:
            for site in from_demonstration(tmp_path_factory, f"TABLESPACE {name}"):
                site.serve()
                yield site, disk
        finally:
            with psycopg.connect(url, autocommit=True) as link:
                link.execute(f"DROP TABLESPACE {name}")  # type: ignore[arg-type]
