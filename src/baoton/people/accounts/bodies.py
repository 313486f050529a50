"""The bodies of the programme: those of the rulebook, and what an administrator adds or renames."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baoton.kit.access import require
from baoton.kit.kinds.area import units
from baoton.kit.reading.asking import actor_of, said
from baoton.kit.text import fold
from baoton.people import actions
from baoton.people.models import Organisation


@login_required
@require_http_methods(["GET", "POST"])
def bodies(request: HttpRequest) -> HttpResponse:
    """Every body with how many accounts it has; one more, or another name."""
    actor = actor_of(request)
    require(actor, "people.body.change")
    if request.method == "POST":
        name = request.POST.get("name", "")
        code = request.POST.get("code", "") or slugify(fold(name)).replace("-", "_")[:40]
        try:
            if not request.POST.get("code") and Organisation.objects.filter(code=code).exists():
                raise ValidationError(_("Đã có cơ quan tên này."))
            body = actions.change_body(
                actor, code, name, request.POST.get("name_en", ""), request.POST.get("area_path", "")
            )
        except ValidationError as error:
            messages.error(request, said(error))
        else:
            messages.success(request, _("Đã ghi cơ quan %(name)s.") % {"name": body.name})
        return redirect("bodies")
    people = Count("person", filter=Q(person__is_active=True))
    rows = Organisation.objects.offices().annotate(people=people).order_by("area_path", "name")
    areas = [(path, label) for path, label in units().choices() if not units().is_former(path)]
    lines = [(o, units().name(o.area_path) if o.area_path else "") for o in rows]
    return render(request, "people/bodies.html", {"lines": lines, "areas": areas})
