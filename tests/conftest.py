"""A small province for the tests that look at the whole: loaded and simulated once a file, rolled back after it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.db import transaction
from tests.browser import browser

from baoton.kit.access import System
from baoton.people.models import Person

TODAY = date(2026, 11, 15)


@pytest.fixture(scope="module", autouse=True)
def var(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Files lie in a folder of each file of tests, as its database is; jobs run at once."""
    folder = tmp_path_factory.mktemp("var")
    settings.VAR, settings.BLOB_DIR, settings.JOBS_INLINE = folder, folder / "blobs", True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser of the machine, one for all stories told in pages."""
    yield from browser()


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The units, bodies, taxa, plan and cast of Lai Châu stand in the database."""
    from baoton.patrols.actions import load as load_signs
    from baoton.people.actions import load as load_people
    from baoton.people.simulate import cast
    from baoton.places.actions import load as load_places
    from baoton.plan.actions import load as load_plan
    from baoton.surveys.actions import load as load_protocols
    from baoton.taxa.actions import load as load_taxa

    with django_db_blocker.unblock(), transaction.atomic():
        load_places()
        load_people("lai_chau")
        load_taxa()
        load_signs()
        load_protocols()
        load_plan("lai_chau", "654/KH-UBND")
        cast()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def year(province: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A simulated year of 1,500 records, its figures and statuses; the truth it was drawn from."""
    from baoton.assessment import actions as assessment
    from baoton.observations import simulate as observations
    from baoton.outreach import simulate as outreach
    from baoton.plan import figures
    from baoton.plan import simulate as works

    truth: dict[str, Any] = {"year": 2026, "works": [], "sessions": []}
    with django_db_blocker.unblock(), transaction.atomic():
        works.simulate(np.random.default_rng(1), 2026, TODAY, truth)
        outreach.simulate(np.random.default_rng(2), 2026, TODAY, truth)
        observations.simulate(np.random.default_rng(3), 2026, TODAY, truth, 1500)
        assessment.compute(date(2026, 12, 31))
        figures.compute([2026])
        yield truth
        transaction.set_rollback(True)


@pytest.fixture
def person(db: None) -> Callable[[str], Any]:
    """A member of the cast by name, read anew so that grants are read anew; `hệ thống` is the programme."""

    def of(name: str) -> Any:
        return System() if name == "hệ thống" else Person.objects.get(username=name)

    return of
