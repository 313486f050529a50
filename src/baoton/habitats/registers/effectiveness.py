"""The book of how well founded areas are managed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.habitats.models import Effectiveness, Proposal
from baoton.habitats.models.effectiveness import MOST, QUESTIONS
from baoton.kit.kinds import Choice, Count, Link, Text
from baoton.kit.reading.register import Register
from baoton.remarks.queries import REMARKS

S = Proposal.Status
FOUNDED = (S.FOUNDED, S.MARKED, S.BOARD, S.MANAGED)


def derive(record: Effectiveness) -> None:
    """Points of what was answered; a year that has come, of an area that was founded by then."""
    said = [str(getattr(record, q)) for q in QUESTIONS]
    record.answered = sum(bool(s) for s in said)
    record.points = sum(int(s) for s in said if s)
    if record.year and record.year > timezone.localdate().year:
        raise ValidationError({"year": _now("Năm này chưa đến.")})
    if not record.proposal_id:
        return
    area = record.proposal
    record.area_path = area.area_path
    if area.status not in FOUNDED:
        raise ValidationError(
            {"proposal": _now("Khu chưa có quyết định thành lập nên chưa có gì để đánh giá.")}
        )
    if record.year and area.decided_on and record.year < area.decided_on.year:
        told = _now("Khu được quyết định năm %(year)d; chọn từ năm ấy trở đi.")
        raise ValidationError({"year": told % {"year": area.decided_on.year}})


def score(record: Any) -> str:
    """Per cent of the points of the questions that were answered, and how many were not; those never count as 0."""
    left = len(QUESTIONS) - record.answered
    if not record.answered:
        return _now("chưa rõ: chưa trả lời câu nào")
    told = _now("%(percent)d %% (%(points)d/%(most)d điểm của %(n)d câu đã trả lời)") % {
        "percent": round(100 * record.points / (MOST * record.answered)), "points": record.points,
        "most": MOST * record.answered, "n": record.answered,
    }  # fmt: skip
    return told + (_now("; %(left)d câu chưa trả lời, không tính là 0") % {"left": left} if left else "")


effectiveness = Register(
    name="habitats.effectiveness",
    model=Effectiveness,
    label=_("Hiệu quả quản lý khu"),
    one=_("phiếu hiệu quả quản lý"),
    help=_("Mỗi dòng là một phiếu của một khu trong một năm: mười hai câu do phần mềm soạn (không phải METT hay mẫu "
           "của cơ quan nào), mỗi câu từ 0 đến 3; câu chưa trả lời để trống và không tính là 0."),
    order=("-year",),
    derive=derive,
    fields=(
        Link("proposal", to="habitats.proposal", by=("title",)),
        Count("year", least=2000, most=2100, said=lambda r: str(r.year or "")), Text("filled_by"),
        *(Choice(name) for name in QUESTIONS), Text("evidence"),
        Text("score", _("kết quả"), said=score, asked=False, filed=False), Count("points", asked=False),
        Count("answered", asked=False), Text("questions", asked=False),
    ),
    show=("proposal", "year", "score", "questions"),
    find=("proposal",),
    parts=(ATTACHMENTS, REMARKS),
)  # fmt: skip
