"""A folder of its own, two bodies, an administrator and a commune officer."""

from pathlib import Path
from typing import Any

import pytest
from tests.accounts.cases import account

from baoton.people.models import Organisation, Person


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR, settings.JOBS_INLINE, settings.SITE_ADDRESS = tmp_path, True, "http://bao-ton.example"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def bodies(db: None) -> None:
    Organisation.objects.create(code="so_nnmt", name="Sở NN&MT", area_path="12")
    Organisation.objects.create(code="ubnd_03451", name="UBND xã Mù Cả", area_path="12/03451")


@pytest.fixture
def quan() -> Person:
    return account("quan", "admin")


@pytest.fixture
def sung() -> Person:
    return account("sung", "commune", "12/03451", "ubnd_03451")


@pytest.fixture
def communes() -> None:
    from baoton.places.actions import load

    load()
