"""What an address may say: a year is one of ours, a value is short and holds no character that means nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

LONGEST = 4_000


class Year:
    """A year of the programme in an address; any other number is no page."""

    regex = "20[0-9]{2}|2100"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def readable(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """An address that no page could read is refused with a sentence before any page sees it."""

    def answer(request: HttpRequest) -> HttpResponse:
        told = trouble(request)
        if told:
            return HttpResponse(told, status=400, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return answer


def trouble(request: HttpRequest) -> str:
    """Why the address cannot be read, or an empty text."""
    if "\x00" in request.path:
        return _("Địa chỉ có ký tự không dùng được.")
    for name, values in request.GET.lists():
        for value in values:
            if "\x00" in value or "\x00" in name:
                return _("Địa chỉ có ký tự không dùng được.")
            if len(value) > LONGEST:
                return _("Địa chỉ dài quá %(n)d ký tự; rút ngắn rồi thử lại.") % {"n": LONGEST}
    return ""
