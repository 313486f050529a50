"""A drafted plan corrected: its text beside its tree, one node or one task open at a time, doubts above."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from baoton.kit.access import may
from baoton.kit.reading.asking import actor_of, record_or_404, said
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Organisation
from baoton.plan import queries
from baoton.plan.drafts import actions
from baoton.plan.models import Draft
from rulebook.drafts import editing

KINDS = {
    "section": gettext_lazy("phần"),
    "group": gettext_lazy("đề mục"),
    "aim": gettext_lazy("mục đích"),
    "requirement": gettext_lazy("yêu cầu"),
    "general_objective": gettext_lazy("mục tiêu chung"),
    "objective": gettext_lazy("mục tiêu"),
    "task": gettext_lazy("nhiệm vụ trọng tâm"),
    "solution": gettext_lazy("giải pháp"),
    "duty": gettext_lazy("trách nhiệm"),
    "closing": gettext_lazy("câu kết"),
}
TOPICS = {
    "outreach": gettext_lazy("Tuyên truyền"),
    "special_use_forest": gettext_lazy("Khu rừng đặc dụng"),
    "species_habitats": gettext_lazy("Loài ưu tiên và sinh cảnh"),
    "biodiversity": gettext_lazy("Đa dạng sinh học"),
    "survey": gettext_lazy("Điều tra, quan trắc"),
}
STEPS = (
    ("up", gettext_lazy("Chuyển lên")),
    ("down", gettext_lazy("Chuyển xuống")),
    ("remove", gettext_lazy("Xoá mục")),
)
HEAD = ("id", "place", "issued", "issuer", "title", "title_en", "signed_for")


@login_required
@require_http_methods(["GET", "POST"])
def draft_page(request: HttpRequest, pk: Any) -> HttpResponse:
    """The page of one draft; a correction that is refused keeps what was typed and says why."""
    actor, book = actor_of(request), REGISTERS["plan.draft"]
    record: Draft = record_or_404(book, actor, pk)
    typed: dict[str, Any] = {}
    if request.method == "POST":
        try:
            asked = _do(request, actor, record)
        except (ValidationError, NotNow) as error:
            messages.error(request, said(error))
            typed = {
                **request.POST.dict(),
                **{k: request.POST.getlist(k) for k in LISTS if k in request.POST},
            }
            record.refresh_from_db()
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(f"{reverse('plan-draft', args=[pk])}?{urlencode(asked)}#dang-sua")
    return render(request, "plan/draft.html", _shown(request, record, typed))


LISTS = ("bodies", "lead_bodies", "coordinating_bodies", "serves")


def _do(request: HttpRequest, actor: Any, record: Draft) -> dict[str, str]:
    """The step that was asked for; gives what the page shows next."""
    given, code = request.POST, request.POST.get("code", "")
    at = int(given["at"]) if given.get("at", "").isdigit() else -1
    revision = int(given["revision"]) if given.get("revision", "").isdigit() else None

    def step(data: dict[str, Any]) -> dict[str, str]:
        what = given.get("do")
        if what == "node":
            serves = [int(n) for n in given.getlist("serves") if n.isdigit()]
            said_ = {k: given.get(k, "") for k in ("kind", "number", "parent", "text")}
            return {"muc": editing.change(data, code, bodies=given.getlist("bodies"), serves=serves, **said_)}
        if what == "add":
            return {
                "muc": editing.add(data, code, text=given.get("text", ""), kind=given.get("kind", "solution"))
            }
        if what == "remove":
            editing.remove(data, code)
            return {}
        if what in ("up", "down"):
            editing.move(data, code, what == "up")
            return {"muc": code}
        if what == "task":
            _task(data, at, given)
            return {"nhiem-vu": str(min(at, len(data["tasks"]) - 1))}
        if what == "task-remove" and 0 <= at < len(data["tasks"]):
            editing.remove_task(data, at)
            return {}
        if what == "head":
            _head(data, given)
            return {"phan": "dau"}
        if what == "seen" and given.get("doubt") in data["doubts"]:
            data["doubts"].remove(given["doubt"])
            return {k: given[k] for k in ("muc",) if given.get(k)}
        raise ValueError(_("Không rõ cần sửa gì: mở lại trang."))

    found: dict[str, str] = actions.correct(actor, record, revision, step)
    return found


def _task(data: dict[str, Any], at: int, given: Any) -> None:
    words = {
        k: given.get(k, "").strip()
        for k in ("number", "node", "topic", "name", "lead", "coordinating", "time")
    }
    if at < 0:
        raise ValueError(_("Không rõ cần sửa gì: mở lại trang."))
    issued = date.fromisoformat(data["issued"]) if data["issued"] else None
    lists = {k: given.getlist(k) for k in ("lead_bodies", "coordinating_bodies")}
    editing.change_task(data, at, issued, **words, **lists)


def _head(data: dict[str, Any], given: Any) -> None:
    """Number, day, place, title, recipients and cited papers; lists are one a line, parted by a stroke."""
    told = {k: " ".join(given.get(k, "").split()) for k in HEAD}
    day = told.pop("issued")
    try:
        data["issued"] = date(*reversed([int(n) for n in day.split("/")])).isoformat() if day else ""
    except (ValueError, TypeError) as error:
        raise ValueError(_("Ngày ban hành viết như 27/01/2026.")) from error
    if len(told["id"]) > 60:
        raise ValueError(_("Số của kế hoạch dài quá 60 ký tự."))
    data.update(told)
    for name, keys in (("recipients", ("name", "purpose")), ("cites", ("id", "place"))):
        rows = [line.partition("|") for line in given.get(name, "").splitlines() if line.strip()]
        data[name] = [{keys[0]: a.strip(), keys[1]: b.strip()} for a, _bar, b in rows]


def _shown(request: HttpRequest, record: Draft, typed: dict[str, Any]) -> dict[str, Any]:
    """What the page is drawn from."""
    data, actor, book = record.data, actor_of(request), REGISTERS["plan.draft"]
    code, task = request.GET.get("muc", ""), request.GET.get("nhiem-vu", "")
    if typed.get("do") == "node":
        code = typed.get("code", "")
    node = next((n for n in data["nodes"] if n["code"] == code), None)
    at = int(task) if task.isdigit() else int(typed["at"]) if str(typed.get("at", "")).isdigit() else -1
    offices = [(o.code, str(o)) for o in Organisation.objects.offices().order_by("area_path", "name")]
    names, read = dict(offices), {n["paragraph"]: n["code"] for n in data["nodes"]}
    open_ = record.status == Draft.Status.DRAFT and may(actor, "plan.draft.edit", record)
    context: dict[str, Any] = {
        "record": record, "book": book, "data": data, "kinds": KINDS, "offices": offices, "may_edit": open_,
        "may_adopt": may(actor, "plan.draft.adopt", record), "doubts": editing.doubts(data),
        "stops": actions.hindered(record), "plan": record.data["id"],
        "text": [(i, one, read.get(i, "")) for i, one in enumerate(actions.paragraphs_of(record))],
        "nodes": [
            {**n, "depth": n["code"].count("."), "said": KINDS.get(n["kind"], n["kind"]),
             "who": ", ".join(names.get(b, b) for b in n["bodies"])}
            for n in data["nodes"]
        ],
        "tasks": [
            {**t, "at": i, "who": "; ".join(names.get(b, b) for b in t["lead_bodies"])}
            for i, t in enumerate(data["tasks"])
        ],
        "steps": STEPS, "head": request.GET.get("phan") == "dau" or typed.get("do") == "head",
    }  # fmt: skip
    if node is not None:
        start = {**node, "number": editing.number_of(node), "text": node["vi"]}
        context["node"] = (
            start | {k: v for k, v in typed.items() if typed.get("do") == "node"} | {"code": code}
        )
        context["node"]["serves"] = [int(n) for n in context["node"]["serves"] if str(n).isdigit()]
        held = {n["code"] for n in editing.under(data, code)}
        context["parents"] = [n["code"] for n in data["nodes"] if n["code"] not in held]
    if 0 <= at <= len(data["tasks"]):
        blank = {"number": max((int(t["number"]) for t in data["tasks"]), default=0) + 1, "lead_bodies": [],
                 "coordinating_bodies": []}  # fmt: skip
        start = data["tasks"][at] if at < len(data["tasks"]) else blank
        mine = {k: v for k, v in typed.items() if typed.get("do") == "task"}
        context["task"] = start | mine | {"at": at}
        context["topics"] = topics()
    if context["head"]:
        context["about"] = _about(data) | {k: v for k, v in typed.items() if typed.get("do") == "head"}
    return context


def _about(data: dict[str, Any]) -> dict[str, str]:
    day = date.fromisoformat(data["issued"]) if data["issued"] else None
    lists = (("recipients", "name", "purpose"), ("cites", "id", "place"))
    rows = {n: "\n".join(f"{r[a]} | {r[b]}" if r[b] else r[a] for r in data[n]) for n, a, b in lists}
    return {k: data.get(k, "") for k in HEAD} | rows | {"issued": f"{day:%d/%m/%Y}" if day else ""}


def topics() -> list[tuple[str, str]]:
    """What a task may be about: the topics that figures are told by, each as the programme's own plan names it."""
    own = {queries.topic_of(node): node.short for node in queries.tasks()}
    used = dict.fromkeys(one.about for one in queries.INDICATORS.values() if one.about)
    return [(topic, own.get(topic) or str(TOPICS.get(topic, topic))) for topic in used]


@login_required
@require_GET
def draft_file(request: HttpRequest, pk: Any) -> HttpResponse:
    """The corrected plan as a file for the province's folder."""
    book = REGISTERS["plan.draft"]
    record = record_or_404(book, actor_of(request), pk)
    answer = HttpResponse(actions.as_yaml(record), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="plan.yaml"'
    return answer
