"""The pages of photos in bulk: a zip is looked at, what would become of each photo is told, then written."""

import json
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baoton.kit import blobs, jobs
from baoton.kit.access import require
from baoton.kit.models import Job
from baoton.kit.pages.uploads import trouble_of
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS
from baoton.observations.bulkphotos import V, take_in
from baoton.observations.bulkphotos.back import take_back
from baoton.people.models import Person

JOB = "observations.photos"


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A zip is chosen; it is looked at in the background and nothing is written yet."""
    actor, trouble = actor_of(request), ""
    require(actor, f"{V}.create")
    upload: Any = request.FILES.get("file")
    if request.method == "POST":
        trouble = trouble_of(upload)
    if upload is not None and not trouble:
        kept = blobs.store(upload.chunks(), "application/zip")
        label = _("Xem ảnh trong %(name)s") % {"name": upload.name}
        return redirect("job", jobs.ask(actor, JOB, label, sha256=kept.sha256, dry=True).pk)
    return render(
        request, "observations/photos.html",
        {"trouble": trouble, "limit": settings.UPLOAD_LIMIT_MB, "book": REGISTERS[V]},
    )  # fmt: skip


@jobs.kind(JOB)
def work(progress: jobs.Progress) -> str:
    """What became of each photo stands on the page of the job, for whoever asked."""
    job = progress.job
    if job is None:
        raise ValueError("photos are taken in by a job")
    actor = Person.objects.get(pk=job.actor_id)
    given = job.arguments
    path = blobs.path_of(given["sha256"])
    if given.get("back"):
        told = take_back(actor, path, _spans(job), progress)
    else:
        told = take_in(actor, path, bool(given["dry"]), progress)
    kept = blobs.store([json.dumps(told).encode()], "application/json")
    Job.objects.filter(pk=job.pk).update(arguments=given | {"outcome": kept.sha256})
    return reverse("photos-told", args=[job.pk])


def _writings(job: Job) -> "QuerySet[Job]":
    """The jobs in which the same person had this zip written, whatever became of them."""
    return Job.objects.filter(
        kind=JOB, actor_id=job.actor_id, arguments__sha256=job.arguments["sha256"], arguments__dry=False,
        started__isnull=False,
    )  # fmt: skip


def _spans(job: Job) -> list[tuple[datetime, datetime]]:
    told = _writings(job).exclude(arguments__has_key="back").values_list("started", "ended")
    return [(start, end or timezone.now()) for start, end in told if start]


@login_required
@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, pk: Any) -> HttpResponse:
    """What would become, or became, of each photo; a press writes what was looked at, another takes all of it back."""
    actor = actor_of(request)
    require(actor, f"{V}.create")
    job = get_object_or_404(Job, pk=pk, kind=JOB, actor_id=actor.actor_id)
    sha256 = job.arguments.get("outcome", "")
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise Http404(str(pk))
    given, back = job.arguments, bool(job.arguments.get("back"))
    if request.method == "POST" and given["dry"]:
        label = _("Ghi ảnh hàng loạt")
        return redirect("job", jobs.ask(actor, JOB, label, sha256=given["sha256"], dry=False).pk)
    if request.method == "POST" and not back:
        label = _("Lấy lại cả tệp ảnh")
        return redirect("job", jobs.ask(actor, JOB, label, sha256=given["sha256"], dry=False, back=True).pk)
    lines = json.loads(blobs.path_of(sha256).read_text(encoding="utf-8"))
    names = {
        "matched": _("gắn vào ghi nhận"), "draft": _("thành ghi nhận nháp"), "known": _("đã có"),
        "aside": _("để riêng"),
    } if not back else {
        "stays": _("không lấy lại được"), "loose": _("đã gỡ ảnh khỏi ghi nhận"),
        "gone": _("đã gỡ ảnh, rút ghi nhận nháp"),
    }  # fmt: skip
    first = "stays" if back else "aside"
    counts = [(said, sum(x["outcome"] == o for x in lines)) for o, said in names.items()]
    order = list(names)
    shown = sorted(lines, key=lambda x: (x["outcome"] != first, order.index(x["outcome"])))
    wrote = any(x["outcome"] in ("matched", "draft") for x in lines)
    later = _writings(job).filter(started__gt=job.started) if job.started else Job.objects.none()
    context = {
        "lines": [x | {"said": names[x["outcome"]]} for x in shown], "counts": counts, "book": REGISTERS[V],
        "dry": given["dry"], "back": back, "may_write": given["dry"] and wrote,
        "may_take_back": not given["dry"] and not back and wrote,
        "taken": None if given["dry"] or back
        else later.filter(arguments__back=True, state=Job.State.DONE).order_by("-started").first(),
    }  # fmt: skip
    return render(request, "observations/photos_told.html", context)
