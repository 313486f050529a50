"""What every page shows around its content."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

import rulebook
from baoton.kit.access import Public
from baoton.observations.models import Dataset
from baoton.site.menu import HOME, menu_for


def page(request: HttpRequest) -> dict[str, Any]:
    """The menu for this reader, and whether the database holds simulated data."""
    user = getattr(request, "user", None)
    actor = user if user is not None and user.is_authenticated else Public()
    return {
        "actor": actor,
        "frame": "site/base.html",
        "map_base": reverse("base-map"),
        "menu": menu_for(actor, request.path),
        "province": HOME.name,
        "programme": rulebook.plans.load(HOME.key, HOME.plan),
        "simulated": Dataset.objects.filter(simulated=True, withdrawn__isnull=True).exists(),
    }
