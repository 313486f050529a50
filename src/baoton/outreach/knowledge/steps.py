"""What a survey, its questions and its answer sheets must hold before they stand."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.outreach.knowledge.asked import asked_in, asked_of, is_right, said, wrong
from baoton.outreach.knowledge.nobody import number_fault, village_fault
from baoton.outreach.models import Answer, Campaign, Published, Question, Quiz

COLUMNS = ("wave", "area_path", "sex", "who", "answers", "answered", "right")
"""What results read of each sheet."""


def derive_quiz(record: Quiz) -> None:
    """A survey is of the area of its campaign."""
    if record.campaign_id:
        record.area_path = record.campaign.area_path


def asks_nothing(record: Quiz) -> str:
    """Why nobody can be asked yet, in a sentence; empty where the survey is whole and its campaign runs."""
    if record.campaign.status == Campaign.Status.DRAFT or record.campaign.withdrawn is not None:
        return _("Chiến dịch của khảo sát chưa triển khai: triển khai chiến dịch trước rồi mới bắt đầu hỏi.")
    return "" if asked_in(record.pk) else _("Khảo sát chưa có câu hỏi nào: thêm ít nhất một câu.")


def no_answers(record: Quiz) -> str:
    """Why results cannot be told to all yet; empty where they can."""
    there = Answer.objects.filter(quiz=record, withdrawn__isnull=True).exists()
    return "" if there else _("Chưa có phiếu trả lời nào để công bố.")


def freeze(actor: Actor, quiz: Quiz, answers: Mapping[str, Any]) -> None:
    """What all may read of the survey rests from now on the sheets that stand, until it is published anew."""
    rows = Answer.objects.filter(quiz=quiz, withdrawn__isnull=True).order_by("pk").values_list(*COLUMNS)
    Published.objects.update_or_create(quiz=quiz, defaults={"sheets": [list(row) for row in rows]})


def settle_quiz(records: Sequence[Quiz]) -> None:
    """A survey that people answered is not taken away under their answers."""
    for one in records:
        if one.withdrawn and not no_answers(one):
            raise ValidationError(
                _("Khảo sát đã có phiếu trả lời; rút các phiếu trước rồi mới rút khảo sát.")
            )


def derive_question(record: Question) -> None:
    """A question has its place, and its lines hold together."""
    if not record.quiz_id:
        return
    record.area_path = record.quiz.area_path
    record.organisation = record.organisation or record.quiz.organisation
    if not record.position:
        rows = Question.objects.filter(quiz=record.quiz_id).exclude(pk=record.pk)
        record.position = (rows.aggregate(n=Max("position"))["n"] or 0) + 1
    asked_of(record)


ASKED = ("quiz_id", "position", "text", "options")


def settle_questions(records: Sequence[Question]) -> None:
    """What people answered is not asked otherwise afterwards; its words in other languages may still come."""
    for one in records:
        old = Question.objects.filter(pk=one.pk).values(*ASKED).first()
        same = old is not None and all(old[name] == getattr(one, name) for name in ASKED)
        if (same and not one.withdrawn) or not one.quiz_id:
            continue
        surveys = {one.quiz_id, old["quiz_id"] if old else one.quiz_id}
        if Answer.objects.filter(quiz__in=surveys, withdrawn__isnull=True).exists():
            told = _(
                "Khảo sát đã có phiếu trả lời nên câu hỏi không đổi được nữa; lập khảo sát mới để hỏi khác."
            )
            raise ValidationError({"quiz": told})


NEAR = timedelta(days=366)


def _not_then(record: Answer) -> str:
    """Why nobody was asked on that day: it has not come, or lies more than a year outside the campaign's days."""
    if record.day is None:
        return ""
    if record.day > timezone.localdate():
        return _("Ngày này chưa đến.")
    first, until = record.quiz.campaign.day, record.quiz.campaign.until
    if record.day < first - NEAR or (until is not None and record.day > until + NEAR):
        told = _("Ngày hỏi cách chiến dịch hơn một năm (chiến dịch từ ngày %(day)s); xem lại ngày.")
        return told % {"day": date_format(first, "d/m/Y")}
    return ""


def derive_answer(record: Answer) -> None:
    """A sheet answers what its survey asks, and carries how many answers it has and how many are right."""
    if not record.quiz_id:
        return
    if record.quiz.status == Quiz.Status.DRAFT:
        raise ValidationError({"quiz": _("Khảo sát còn đang soạn; bấm “bắt đầu hỏi” trước.")})
    if why := _not_then(record):
        raise ValidationError({"day": why})
    faults = {"number": number_fault(record.number), "village": village_fault(record.village)}
    if told := {name: why for name, why in faults.items() if why}:
        raise ValidationError(told)
    asked, chosen = asked_in(record.quiz_id), said(record.answers)
    if strangers := wrong(asked, chosen):
        raise ValidationError({"answers": [f"{name}: {why}" for name, why in strangers]})
    given = [one for one in asked if chosen.get(one.name)]
    if not given:
        raise ValidationError({"answers": _("Phiếu không trả lời câu nào.")})
    record.answered = len(given)
    record.right = sum(is_right(one, chosen[one.name]) for one in given)
