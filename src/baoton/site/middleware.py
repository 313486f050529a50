"""What surrounds every answer: its number, its time limit, its headers and its language."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation

from baoton.kit.limits import TooLong, limited
from baoton.kit.once import one_state
from baoton.places.units import asked_once
from baoton.site import log

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        "script-src 'self'",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
)


FORM_MB, LONGEST_SIZE = 8, 19
"""What the fields of a form may take beside its files, and digits of a length that a header may have."""
Answer = Callable[[HttpRequest], HttpResponse]


def numbered(get_response: Answer) -> Answer:
    """Each request has a number, which the log, the answer's header and the page of an error all name."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.number = log.new_number()  # type: ignore[attr-defined]
        own, whose = log.number.set(request.number), log.asker.set("-")  # type: ignore[attr-defined]
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = request.number  # type: ignore[attr-defined]
            return response
        finally:
            log.number.reset(own)
            log.asker.reset(whose)

    return answer


def named(get_response: Answer) -> Answer:
    """The log knows who asks by their key alone."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            log.asker.set(str(request.user.pk))
        return get_response(request)

    return answer


def head_as_get(get_response: Answer) -> Answer:
    """HEAD is answered wherever GET is: with the same status and headers, and no body."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return get_response(request)
        request.method = "GET"
        response: Any = get_response(request)
        if response.streaming:
            response.streaming_content = iter(())
        else:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response  # type: ignore[no-any-return]

    return answer


def limited_time(get_response: Answer) -> Answer:
    """A request that takes longer than it may is stopped, and says so; each part of a streamed answer likewise."""

    def answer(request: HttpRequest) -> HttpResponse:
        what = f"{request.method} {request.path}"
        response: Any = None
        try:
            with limited(what, settings.REQUEST_SECONDS) as span:
                response = get_response(request)
        except TooLong:  # between two layers, where none makes an answer of it
            response = response or HttpResponse()
        if span.fired:
            told: Any = render(request, "503.html", {"seconds": settings.REQUEST_SECONDS}, status=503)
            told._resource_closers += response._resource_closers  # closing it now would end the request twice
            return told  # type: ignore[no-any-return]
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = parts(response.streaming_content, what)
        return response  # type: ignore[no-any-return]

    return answer


def parts(content: Any, what: str) -> Iterator[bytes]:
    """The parts as they come, none of which may take longer than a request."""
    source = iter(content)
    while True:
        with limited(what, settings.REQUEST_SECONDS):
            part = next(source, None)
        if part is None:
            return
        yield part


def limited_body(get_response: Answer) -> Answer:
    """What is sent is no bigger than anything asks for; more is refused before a byte of it is read, so that nobody,
    least of all somebody without an account, fills the disk with it."""

    def answer(request: HttpRequest) -> HttpResponse:
        most = settings.UPLOAD_LIMIT_MB if request.user.is_authenticated else settings.PUBLIC_LIMIT_MB
        told = request.META.get("CONTENT_LENGTH") or "0"
        size = int(told) if told.isascii() and told.isdigit() and len(told) < LONGEST_SIZE else None
        if size is None or size > (most + FORM_MB) << 20:
            given = {"most": most, "mb": None if size is None else round(size / (1 << 20))}
            return render(request, "413.html", given, status=413)
        return get_response(request)

    return answer


def headers(get_response: Answer) -> Answer:
    """Nothing is loaded from elsewhere, and what a person sees is not kept by a shared cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return answer


def of_one_moment(get_response: Answer) -> Answer:
    """A page that only reads asks once which imports are half written, however many books it opens."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return get_response(request)
        with one_state():
            return get_response(request)

    return answer


def language(get_response: Answer) -> Answer:
    """Pages speak Vietnamese until the reader chooses otherwise; a browser's own preference does not decide."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        chosen = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(chosen), asked_once():
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response

    return answer
