"""“Xem như”: an administrator sees the pages as another person sees them, read only, written in the log.

He never sees more than he could give: a person whose grants reach beyond his own is not looked through, rights over
people and the log are not lent, true places stay hidden unless he may know them himself, and what belongs to the
person alone (own imports, own sessions) stays shut.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.writing import audit
from baoton.kit.writing.refusal import NotNow
from baoton.people.actions import may_on, within
from baoton.people.models import Person

KEY = "viewing_as"
SHUT = ("/nhap/", "/toi/", "/viec-nen/", "/quan-tri/", "/dang-nhap/", "/vao/", "/quen-mat-khau/")
SAFE = ("GET", "HEAD", "OPTIONS")


def may_view(viewer: Person, person: Person) -> bool:
    """Whether the viewer may see the pages as this person sees them."""
    mine = viewer.viewer is None and viewer.pk != person.pk and person.is_active
    return mine and may_on(viewer, "people.person.view_as", person) and within(viewer, person)


def begin(request: HttpRequest, viewer: Person, person: Person, reason: str) -> None:
    """From now on this session sees as the person does; the log says so."""
    if not may_view(viewer, person):
        raise NotNow(_("Không xem như người này được: quyền của họ rộng hơn quyền bạn được cấp."))
    _log(viewer, "people.person.view_as", person, reason)
    request.session[KEY] = str(person.pk)


def stop(request: HttpRequest) -> Person | None:
    """The session sees with its own eyes again; whose eyes it had."""
    key = request.session.pop(KEY, "")
    person = _person(key)
    viewer = getattr(request.user, "viewer", None)
    if person is not None and viewer is not None:
        _log(viewer, "people.person.viewed", person, "")
    return person


def _log(viewer: Actor, verb: str, person: Person, note: str) -> None:
    audit.write(
        viewer, verb, register="people.person", object_id=person.pk, object_name=str(person), note=note
    )


def _person(key: str) -> Person | None:
    try:
        return Person.objects.select_related("organisation").filter(pk=key).first() if key else None
    except (ValidationError, ValueError):
        return None


def through(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """While a session looks through another's eyes, pages are drawn for that person and nothing can be done."""

    def answer(request: HttpRequest) -> HttpResponse:
        viewer, key = request.user, request.session.get(KEY, "") if hasattr(request, "session") else ""
        if not key or not isinstance(viewer, Person):
            return get_response(request)
        person = _person(key)
        if person is None or not may_view(viewer, person):
            request.session.pop(KEY, None)
            return get_response(request)
        person.viewer = viewer
        request.user = person
        ways_out = {reverse("view-as-stop"), reverse("logout"), reverse("set_language")}
        if request.path in ways_out:
            return get_response(request)
        if request.method not in SAFE or request.path.startswith(SHUT) or request.path.startswith("/api/"):
            return render(request, "people/only_viewing.html", {"person": person}, status=403)
        return get_response(request)

    return answer
