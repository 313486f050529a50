"""What is sent is measured before a byte of it is read: too much is refused with a sentence, by whomever it comes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
MB = 1 << 20


class Unread:
    """A body of which nobody may read a byte."""

    def read(self, *_size: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def sent(browser: Client, path: str, length: str) -> Any:
    given: dict[str, Any] = {"CONTENT_LENGTH": length, "wsgi.input": Unread()}
    return browser.generic("POST", path, b"", "multipart/form-data; boundary=x", **given)


@pytest.mark.parametrize(
    "path", ["/bao-tin/", "/dang-nhap/", "/bao-tin/tra-loi/", "/nhap/", "/so/tips-tip/moi/", "/x/"]
)
@pytest.mark.parametrize("length", [str(200 * MB), str(10**15), "9" * 400, "-1", "²", "1e9"])
def test_without_an_account_too_much_is_refused_unread(path: str, length: str) -> None:
    answer = sent(Client(enforce_csrf_checks=True), path, length)
    assert answer.status_code == 413
    assert (
        "quá lớn" in answer.content.decode() and f"{settings.PUBLIC_LIMIT_MB} MB" in answer.content.decode()
    )


def test_with_an_account_a_file_may_be_as_big_as_files_brought_in(person: Callable[[str], Any]) -> None:
    browser = Client()
    browser.force_login(person("lan"))
    assert sent(browser, "/nhap/", str((settings.UPLOAD_LIMIT_MB + 20) * MB)).status_code == 413
    assert sent(browser, "/x/", str(200 * MB)).status_code == 404, "let in"
