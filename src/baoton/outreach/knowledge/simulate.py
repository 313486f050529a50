"""A simulated survey of knowledge before and after a campaign, with its known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from baoton.kit.access import System
from baoton.kit.ids import source_id
from baoton.outreach.knowledge.asked import asked_of, is_right, written
from baoton.outreach.knowledge.steps import freeze
from baoton.outreach.models import Answer, Campaign, Question, Quiz
from baoton.places.queries import commune_choices

ASKED = (
    (
        "Thấy bẫy thú trong rừng thì làm gì?",
        "*Gỡ bẫy và báo kiểm lâm\nĐể yên\nMang về nhà\nKhông biết",
        0.42,
        0.74,
    ),
    ("Được ăn, mua bán thịt thú rừng không?", "Được\n*Không được\nChỉ khi lễ tết\nKhông biết", 0.55, 0.71),
    ("Báo người săn bắt thú cho ai?", "*Kiểm lâm\n*Công an xã\nNgười mua\nKhông biết", 0.24, 0.45),
    ("Nuôi nhốt vượn tại nhà có được không?", "*Không được\nĐược nếu nuôi từ nhỏ\nKhông biết", 0.61, 0.66),
    ("Rừng đầu nguồn giữ gì cho bản?", "*Nước\nKhông giữ gì\nKhông biết", 0.83, 0.86),
)
"""Question, options, and how many in a hundred answer right before and after."""
PEOPLE = {"before": (3, 60, 52, 41), "after": (4, 64, 57, 48)}
"""How many people answer in each of four communes; in the first too few to be told to the public."""


def simulate(
    rng: np.random.Generator, year: int, today: date, campaign: Campaign, truth: dict[str, Any]
) -> int:
    """One survey of the campaign, asked before it in January and after it in the autumn; how many sheets."""
    quiz = Quiz.objects.create(
        id=source_id("simulated.quiz", "0"), title=f"Hiểu biết trước và sau “{campaign.title}” (mô phỏng)",
        campaign=campaign, day=date(year, 1, 2), area_path=campaign.area_path, organisation=campaign.organisation,
        status=Quiz.Status.PUBLIC,
    )  # fmt: skip
    questions = [
        Question(
            id=source_id("simulated.question", str(n)), quiz=quiz, position=n, text=text, options=options,
            area_path=quiz.area_path, organisation=quiz.organisation,
        )
        for n, (text, options, _before, _after) in enumerate(ASKED, 1)
    ]  # fmt: skip
    Question.objects.bulk_create(questions)
    asked, made = [asked_of(one) for one in questions], []
    starts = {"before": date(year, 1, 5), "after": min(date(year, 10, 5), today - timedelta(days=12))}
    for wave, counts in PEOPLE.items():
        for (path, _name), people in zip(commune_choices(), counts, strict=False):
            for n in range(1, people + 1):
                chosen = {}
                for one, row in zip(asked, ASKED, strict=True):
                    if rng.random() < 0.04:
                        continue
                    wrong = [letter for letter in one.options if letter not in one.right]
                    knows = rng.random() < (row[2] if wave == "before" else row[3])
                    chosen[one.name] = one.right if knows else frozenset({str(rng.choice(wrong))})
                if not chosen:
                    continue
                made.append(
                    Answer(
                        id=source_id("simulated.answer", f"{wave} {path} {n}"), quiz=quiz, wave=wave, number=str(n),
                        area_path=path, organisation=f"ubnd_{path.split('/')[1]}", village=f"Bản số {n % 6 + 1}",
                        day=starts[wave] + timedelta(days=int(rng.integers(0, 10))),
                        sex=str(rng.choice(Answer.Sex.values)), who=str(rng.choice(Answer.Who.values)),
                        answers=written(chosen), answered=len(chosen),
                        right=sum(is_right(one, chosen[one.name]) for one in asked if one.name in chosen),
                    )
                )  # fmt: skip
    Answer.objects.bulk_create(made)
    freeze(System(), quiz, {})
    truth["knowledge"] = [
        {"wave": a.wave, "day": a.day.isoformat(), "answered": a.answered, "right": a.right} for a in made
    ]
    return len(made)
