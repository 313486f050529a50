"""What everybody is answered alike is worked out once and remembered until anything changes.

Only whole answers to visitors without a session, and only while nothing was written since: every change leaves an
event in the log, a row in the outbox or a newer mark of its reader, and all three are asked before an answer is
given again. So a record that became guarded a moment ago is guarded here too.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

KEPT_HEADERS = ("Content-Type", "ETag", "Last-Modified", "Content-Disposition", "Content-Language", "Cache-Control",
                "Content-Security-Policy", "X-Frame-Options", "Vary", "Access-Control-Allow-Origin")  # fmt: skip
LARGEST = 512 * 1024
ALIVE = ("/song",)
Answer = Callable[[HttpRequest], HttpResponse]


class Remembered:
    """Answers by what was asked, together at most so many bytes; the longest unused goes first."""

    def __init__(self, most: int = 48 * 1024 * 1024) -> None:
        self.most, self.size, self.lock = most, 0, Lock()
        self.held: OrderedDict[Any, tuple[Any, bytes, dict[str, str]]] = OrderedDict()

    def get(self, asked: Any, state: Any) -> tuple[bytes, dict[str, str]] | None:
        with self.lock:
            found = self.held.get(asked)
            if found is None or found[0] != state:
                return None
            self.held.move_to_end(asked)
            return found[1], found[2]

    def put(self, asked: Any, state: Any, body: bytes, told: dict[str, str]) -> None:
        with self.lock:
            old = self.held.pop(asked, None)
            self.size += len(body) - (len(old[1]) if old else 0)
            self.held[asked] = (state, body, told)
            while self.size > self.most:
                _key, gone = self.held.popitem(last=False)
                self.size -= len(gone[1])


ANSWERS = Remembered()


def remembered(get_response: Answer) -> Answer:
    """A visitor without a session gets the remembered answer where nothing has changed since it was made."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not settings.REMEMBER_ANSWERS or not _alike(request):
            return get_response(request)
        asked = (
            request.scheme, request.get_host(), request.get_full_path(), request.headers.get("HX-Request", ""),
            request.headers.get("HX-Target", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
            request.headers.get("Accept", "") if request.path.startswith("/api") else "",
        )  # fmt: skip
        state = standing()
        found = ANSWERS.get(asked, state)
        if found is not None:
            body, told = found
            same = told.get("ETag") and told["ETag"] in request.headers.get("If-None-Match", "")
            response = HttpResponse(b"" if same else body, status=304 if same else 200)
            for name, value in told.items():
                response[name] = value
            return response
        response = get_response(request)
        if _whole(response):
            told = {name: response[name] for name in KEPT_HEADERS if name in response}
            ANSWERS.put(asked, state, response.content, told)
        return response

    return answer


def _alike(request: HttpRequest) -> bool:
    """Whether everybody who asks this is answered alike."""
    return (
        request.method == "GET"
        and set(request.COOKIES) <= {settings.LANGUAGE_COOKIE_NAME}
        and "Authorization" not in request.headers
        and "Range" not in request.headers
        and request.path not in ALIVE
        and len(request.get_full_path()) < 2_000
    )


def _whole(response: HttpResponse) -> bool:
    """Whether the answer is a whole, small one that sets nothing at its reader's."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in response.get("Cache-Control", "")
        and len(response.content) <= LARGEST
    )


def standing() -> tuple[Any, ...]:
    """What any change of what is shown changes: the log, the outbox and its readers, the figures, the day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT MAX(seq) FROM kit_auditevent), (SELECT COUNT(*) FROM kit_auditevent WHERE seq IS NULL), "
            "(SELECT MAX(id) FROM kit_outboxrow), (SELECT COUNT(*) FROM kit_outboxrow), "
            "(SELECT MAX(taken) FROM kit_outboxreader), (SELECT MAX(computed) FROM plan_indicatorvalue)"
        )
        return (*cursor.fetchone(), timezone.localdate())
