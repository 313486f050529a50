"""One box over all books: a page of what was found, and the few best while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from baoton.kit.reading import search
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.filters import BadFilter

A_BOOK, SUGGESTED = 20, 4


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """What answers in each book; a longer answer leads on into the book itself."""
    text = request.GET.get("q", "").strip()
    found, trouble = _found(request, text, A_BOOK)
    return render(request, "kit/search.html", {"asked": text, "found": found, "trouble": trouble})


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """The best few of each book, as a piece of a page."""
    text = request.GET.get("q", "").strip()
    found, trouble = _found(request, text, SUGGESTED) if len(text) > 1 else ([], "")
    return render(request, "kit/search_found.html", {"asked": text, "found": found, "trouble": trouble})


def _found(request: HttpRequest, text: str, most: int) -> tuple[list[search.Found], str]:
    try:
        return search.find(actor_of(request), text, most), ""
    except BadFilter as error:
        return [], str(error)
