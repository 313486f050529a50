"""The book of plans read from files."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds import Choice, File, Text
from baoton.kit.reading.register import Panel, Register
from baoton.kit.writing.verb import Verb, declare
from baoton.plan.drafts import actions
from baoton.plan.models import Draft
from baoton.remarks.queries import REMARKS
from rulebook.drafts import editing

S = Draft.Status


def told(actor: Any, record: Draft) -> dict[str, Any]:
    """What was read, what hinders, and where it is corrected."""
    doubts = editing.doubts(record.data) if record.data else []
    return {
        "nodes": len(record.data.get("nodes", ())), "tasks": len(record.data.get("tasks", ())),
        "stops": [d.sentence for d in doubts if d.stops], "doubts": len(doubts),
        "address": reverse("plan-draft", args=[record.pk]),
    }  # fmt: skip


draft = Register(
    name="plan.draft",
    model=Draft,
    label=_("Kế hoạch đọc từ tệp"),
    one=_("bản nháp kế hoạch"),
    help=_(
        "Mỗi dòng là một văn bản kế hoạch tải lên: hệ thống đọc thành cây mục, người đối chiếu với văn bản và sửa, rồi "
        "đưa vào chương trình. Nhận .docx, .pdf có chữ, .txt."
    ),
    derive=actions.derive,
    fields=(
        File("source", accept=".docx,.pdf,.txt", most_mb=30),
        Text("number", asked=False),
        Text("title", asked=False),
        Choice("status", asked=False),
    ),
    show=("number", "title", "status"),
    find=("status",),
    parts=(Panel("plan/draft_told.html", told), REMARKS),
    verbs=(
        "create",
        "withdraw",
        Verb(
            "adopt", _("đưa vào chương trình"), {S.DRAFT: S.ADOPTED}, do=actions.adopt, guard=actions.hindered,
            done=_("Đã đưa kế hoạch vào chương trình"),
        ),
        Verb("reopen", _("mở lại để sửa"), {S.ADOPTED: S.DRAFT}),
    ),
)  # fmt: skip

declare("plan.draft.edit", _("sửa bản nháp kế hoạch"))
