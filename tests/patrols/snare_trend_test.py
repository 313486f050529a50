"""The trend of signs is told apart from how far one walked: what is known to be true lies within its limits."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.patrols.actions import load
from baoton.patrols.models import Leg, Patrol, Sign, SignKind, Square
from baoton.patrols.trend import Trend, trend
from baoton.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
FIRST, LAST = date(2025, 1, 1), date(2026, 6, 30)
DETECTION = 0.7
"""Finds begin at this rate a kilometre where a square has snares."""
TRUTH = (0.75, 0.66, 0.55, 0.45, 0.35, 0.25)
"""The share of squares with snares in each quarter, falling by about 1.5 of a logit a year."""


def walked(seed: int, truth: tuple[float, ...] = TRUTH, squares: int = 60) -> None:
    """Four patrols a quarter over sixty squares, walking ever farther: what is found hardly falls."""
    load()
    rng, snare = np.random.default_rng(seed), SignKind.objects.get(code="snare")
    patrols, legs, parts, signs = [], [], [], []
    for quarter, share in enumerate(truth):
        has = rng.random(squares) < share
        for n in range(4):
            day = FIRST + timedelta(days=91 * quarter + 20 * n)
            common = {"area_path": "12", "organisation": "kiem_lam"}
            patrol = Patrol(code=f"T-{quarter}-{n}", day_start=day, status="done", **common)
            leg = Leg(patrol=patrol, day=day, **common)
            km = rng.uniform(0.3, 1.0, squares) * (1 + 0.4 * quarter)
            for square in range(squares):
                parts.append(Square(leg=leg, square=square, metres=1000 * km[square]))
                if has[square] and rng.random() < 1 - np.exp(-DETECTION * km[square]):
                    signs.append(Sign(patrol=patrol, kind=snare, day=day, square=square, **common))
            patrols.append(patrol)
            legs.append(leg)
    Patrol.objects.bulk_create(patrols)
    Leg.objects.bulk_create(legs)
    Square.objects.bulk_create(parts)
    Sign.objects.bulk_create(signs)


def told(**asked: str) -> Trend:
    return trend(System(), FIRST, LAST, **asked)


def test_the_limits_of_the_trend_and_of_its_seasons_hold_the_truth() -> None:
    walked(3)
    found = told(kind="snare")
    logit = np.log(np.array(TRUTH) / (1 - np.array(TRUTH)))
    slope = np.polyfit(np.arange(6) / 4, logit, 1)[0]
    assert found.lower is not None and found.upper is not None
    assert found.lower < slope < found.upper < 0 and found.meaning == "falling"
    inside = [s.lower < t < s.upper for s, t in zip(found.seasons, TRUTH, strict=True) if s.lower and s.upper]
    assert len(inside) == 6 and sum(inside) >= 5
    assert found.detection is not None and abs(found.detection - (1 - np.exp(-DETECTION))) < 0.1
    assert [s.name for s in found.seasons][:2] == ["quý 1/2025", "quý 2/2025"]


def test_walking_more_is_no_growth_of_snares() -> None:
    walked(5, truth=(0.4,) * 6)
    found = told()
    bare = [s.seen for s in found.seasons if s.seen is not None]
    assert bare[-1] > bare[0] and found.meaning == "not shown"
    assert found.lower is not None and found.upper is not None and found.lower < 0 < found.upper


def test_what_cannot_be_told_is_said_and_the_rates_stand(person: object) -> None:
    walked(3, truth=(0.0, 0.0, 0.0), squares=5)
    found = told()
    assert found.why_not and found.slope is None and [s.share for s in found.seasons] == [None] * 3
    assert [s.rate for s in found.seasons] == [0.0] * 3
    assert told(kind="camp").why_not and trend(System(), date(2020, 1, 1), date(2020, 2, 1)).seasons == []


def test_a_sign_where_its_patrol_has_no_track_counts_in_no_rate() -> None:
    walked(3, truth=(0.5, 0.5), squares=20)
    before, kind = told(), SignKind.objects.get(code="snare")
    for one in Patrol.objects.all():
        Sign.objects.create(
            patrol=one, kind=kind, day=one.day_start, square=999, area_path="12", organisation="kiem_lam"
        )
    after = told()
    assert after.stray == before.stray + Patrol.objects.count()
    assert [s.rate for s in after.seasons] == [s.rate for s in before.seasons]


def test_the_page_says_the_trend_its_method_and_its_interval() -> None:
    walked(3)
    page = Client()
    page.force_login(Person.objects.get(username="dung"))
    text = page.get("/tuan-tra/xu-huong/?when=01/01/2025-30/06/2026&kind=snare").content.decode()
    for words in ("Đang giảm", "khoảng tin cậy 95", "Vì sao không chỉ đếm", "quý 1/2025"):
        assert words in text, words
    assert page.get("/tuan-tra/xu-huong/?kind=khong-co").status_code == 404
    assert "Chưa có bản đồ rừng" in page.get("/tuan-tra/do-phu/").content.decode()
