"""What surrounds every answer: its headers and its language."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from baoton.places.units import asked_once

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


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing is loaded from elsewhere, and what a person sees is not kept by a shared cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return answer


def language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
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
