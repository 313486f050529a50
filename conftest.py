"""What every test shares: where the real files lie, and what happens when they do not."""

import gc
import os
from pathlib import Path

import pytest

# a browser driven in a test leaves its loop running in the thread, which Django would take for a server's
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# what lives for the whole run is looked through less often: an eighth of the processor's time went there
gc.set_threshold(100_000, 50, 100)
SHARED = Path(__file__).resolve().parent.parent / "shared"


LONG = (
    "tests/real_files_test.py", "tests/worlds/", "tests/faults/", "tests/week/", "tests/browser_test.py",
    "tests/first_week_test.py", "tests/snare_to_court_test.py", "tests/facilities/", "tests/fuzz_test.py",
    "tests/canary_test.py",
)  # fmt: skip
"""Files that take minutes: begun first, so that no worker waits for one of them at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; `outside` tests are skipped with one sentence where the real files are absent, but on CI."""
    items.sort(
        key=lambda item: next((i for i, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG))
    )
    if SHARED.is_dir() or os.environ.get("CI") == "true":
        return
    skip = pytest.mark.skip(reason="the folder ../shared with real files is not beside this repository")
    for item in items:
        if item.get_closest_marker("outside"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files from outside; a test that asks for it is marked `outside`."""
    assert SHARED.is_dir(), "../shared is required when CI=true"
    return SHARED


@pytest.fixture(autouse=True)
def nothing_remembered(request: pytest.FixtureRequest) -> None:
    """Tests take back what they wrote, so that what was answered before tells of another world."""
    from django.conf import settings

    settings.REMEMBER_ANSWERS = False
