"""Simulated reports of communes and bodies: a half-year that is over, a year under way in every state; known truth."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import override

from baoton.kit.ids import source_id
from baoton.kit.once import one_state
from baoton.kit.writing.serial import number_of
from baoton.people.queries import organisation_name
from baoton.places.queries import province_path
from baoton.plan.queries import doers
from baoton.reporting.models import OwnReport, Submission
from baoton.reporting.own import OWN, Figures, version, with_records
from baoton.reporting.periods import Period

S = OwnReport.Status
HALF = (S.MERGED,) * 8 + (S.CHECKED, S.MERGED)
YEAR = (S.SUBMITTED, S.MERGED, S.DRAFT, S.CHECKED, S.RETURNED, S.MERGED)
RESULTS = (
    "Các bản đã họp, ký cam kết không săn bắt; tổ bảo vệ rừng đi tuần đều",
    "Đã đưa bảo vệ loài hoang dã vào hương ước; trường học có câu lạc bộ thiên nhiên",
    "Đã rà soát cơ sở nuôi trên địa bàn; thu gom bẫy ven suối",
)
OBSTACLES = (
    "Bản ở xa, đường sạt lở trong mùa mưa",
    "Thiếu máy định vị cho tổ tuần tra",
    "Cán bộ phụ trách phải kiêm nhiều việc",
    "",
)
PROPOSALS = ("Cấp thêm bẫy ảnh, máy định vị", "Mở lớp nhận dạng loài tại xã", "Bố trí kinh phí tuyên truyền")
SHORT = "Trả lại: kết quả nổi bật chưa ghi số bản đã họp."
MORE = "; đã họp ở tất cả các bản"
SAID = " (mô phỏng)"


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """Every body has both reports; what stands in which state is the truth; how many."""
    told: dict[str, Any] = {}
    plans = (
        (Period(year, "6t"), date(year, 7, 6), HALF),
        (Period(year), today - timedelta(days=5), YEAR),
    )
    for period, due, states in plans:
        counted = Figures(period)
        with one_state():  # what the figures are counted from stands still
            made = [
                report(
                    rng, n, one.code, one.area_path or province_path(), counted, due, states[n % len(states)]
                )
                for n, one in enumerate(doers())
            ]
        told[period.key] = dict(Counter(str(one.status) for one in made))
        told[period.key]["late_in"] = sum(one.submitted is not None and one.submitted > due for one in made)
    truth["own_reports"] = told
    return sum(sum(n for state, n in one.items() if state != "late_in") for one in told.values())


def report(
    rng: np.random.Generator, n: int, body: str, area: str, counted: Figures, due: date, status: str
) -> OwnReport:
    """One report in its state; every eighth submitted one was returned once and has two versions."""
    key = counted.period.key
    one = OwnReport(
        id=source_id("simulated.own", f"{key} {body}"), body=body, period=key, area_path=area, organisation=body,
        due=due, status=status, figures=counted.of(body, area),
    )  # fmt: skip
    if status == S.DRAFT and n % 2:
        one.save()
        return one
    texts = (RESULTS, OBSTACLES, PROPOSALS)
    one.results, one.obstacles, one.proposals = (
        text + SAID if (text := str(rng.choice(some))) else "" for some in texts
    )
    one.save()
    if status == S.DRAFT:
        return one
    day = due + timedelta(days=int(rng.integers(-9, 4 if key.endswith("6t") else 0)))
    twice = status == S.RETURNED or n % 8 == 1
    one.figures, records = with_records(one.figures)
    with override("vi"):
        one.submitted, one.number = day, number_of("BC", body, one, day)
        one.paper = OWN.issue(one, one.number, day)
    keep(one, records, day - timedelta(days=6 if twice else 0))
    if status == S.RETURNED:
        one.returned_why = SHORT
    elif twice:
        one.results = one.results.removesuffix(SAID) + MORE + SAID
        with override("vi"):
            one.paper = OWN.issue(one, one.number, day)
        keep(one, records, day)
    one.save()
    return one


def keep(one: OwnReport, records: str, day: date) -> Submission:
    """The version stands as it was submitted at noon of that day."""
    made = version(one, records, organisation_name(one.body))
    made.id = source_id("simulated.submission", f"{one.pk} {made.n}")
    made.at = timezone.make_aware(datetime.combine(day, time(12)))
    made.save()
    return made
