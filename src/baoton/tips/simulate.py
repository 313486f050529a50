"""Twenty-five simulated tips with their duty roster, answers and known truth."""

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import shapely
from django.utils import timezone

from baoton.kit.ids import source_id
from baoton.people.models import Duty, Person
from baoton.places.queries import commune_choices, outlines, province_path
from baoton.tips.actions.outcomes import derive
from baoton.tips.disclosure import settle
from baoton.tips.models import Tip, Word

BODY = "kiem_lam"
STORIES = (
    ("snare", "Đi lấy măng thấy nhiều dây phanh chăng dọc lối mòn", "nothing"),
    ("snare", "Có người lạ vào rừng đặt bẫy kẹp, để lại lán", "patrol"),
    ("hunting", "Đêm qua nghe ba tiếng súng phía đầu suối", "patrol"),
    ("sale", "Quán ở chợ có treo biển thịt nhím, thịt dúi", "case"),
    ("online", "Có tài khoản rao bán cu li con, gửi xe khách", "handed"),
    ("keeping", "Nhà bên nuôi một con khỉ xích ngoài sân", "case"),
    ("logging", "Nghe máy cưa chạy từ sáng, có xe chở gỗ xuống", "patrol"),
    ("plant", "Người nơi khác vào đào lan, chở từng bao", "nothing"),
    ("fire", "Khói trên nương sát rừng, gió to", "nothing"),
    ("animal", "Con rùa lạc vào sân trường, mai bị nứt", "nothing"),
    ("other", "Thuyền kích điện đánh cá ban đêm", "handed"),
)
ANSWERS = {
    "nothing": "Đã đến xem, không còn thấy gì; cảm ơn bà con đã báo.", "patrol": "Tổ tuần tra đã đi kiểm tra.",
    "case": "Đã lập vụ việc, đang xử lý.", "handed": "Đã chuyển cơ quan phụ trách.",
}  # fmt: skip


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any], tips: int = 25) -> int:
    """The tips stand with their answers, and somebody is on duty this month; how many were answered.

    `truth["tips"]` holds hours to the answer of each, None where there is none yet; `truth["books"]` the rows behind
    each figure.
    """
    officers = list(Person.objects.filter(organisation=BODY, is_active=True).order_by("username"))
    _roster(officers, today)
    communes = [p for p, name in commune_choices() if name.endswith(("Mù Cả", "Tà Tổng", "Pa Ủ"))] or [
        commune_choices()[0][0]
    ]
    shapes, days = outlines(), max((today - date(year, 1, 1)).days, 1)
    made = []
    for n in range(tips):
        kind, what, outcome = STORIES[n % len(STORIES)]
        got = date(year, 1, 1) + timedelta(days=int(rng.integers(0, days)))
        late = n % 6 == 5 or got > today - timedelta(days=8)
        at = timezone.make_aware(datetime.combine(got, time(int(rng.integers(5, 21)), 15)))
        one = Tip(
            id=source_id("simulated.tip", str(n)), code=f"TB-{n + 1:03d}", kind=kind, what=what, received=got,
            received_at=at, channel=("web", "web", "hotline", "market")[n % 4], organisation=BODY,
            area_path=communes[n % len(communes)], day=got - timedelta(days=int(rng.integers(0, 4))),
            rescue=kind == "animal", officer=officers[0] if officers else None,
            routed="province_duty" if officers else "nobody",
        )  # fmt: skip
        one._state.adding = False
        if n % 3:
            one.put_point(*_within(rng, shapes[one.area_path]))
        hours = float(np.round(rng.lognormal(3.2, 0.8), 2))
        if not late and at + timedelta(hours=hours) < timezone.make_aware(datetime.combine(today, time(20))):
            one.status, one.answer, one.hours = outcome, ANSWERS[outcome], hours
            one.answered = timezone.localtime(at + timedelta(hours=hours)).date()
            one.handed_to = "canh_sat_moi_truong" if outcome == "handed" else ""
            one.case_code = f"VV-{n + 1:02d}" if outcome == "case" else ""
        derive(one)
        made.append(one)
    settle(made)
    for one in made:
        one._state.adding = True
    Tip.objects.bulk_create(made)
    Word.objects.bulk_create(
        Word(
            id=source_id("simulated.word", str(one.pk)), tip=one, by=Word.By.SENDER, text="Hôm nay lại thấy.",
            organisation=BODY, area_path=one.area_path, said=one.received_at + timedelta(hours=20),
        )
        for one in made[::5]
    )  # fmt: skip
    truth["tips"] = [{"id": str(x.pk), "kind": x.kind, "area": x.area_path, "hours": x.hours} for x in made]
    answered = [x for x in made if x.answered]
    truth.setdefault("books", {}).update(
        {
            "tips.received": [_row(x) for x in made], "tips.answered": [_row(x) for x in answered],
            "tips.in_time": [_row(x) for x in answered if x.in_time],
        }
    )  # fmt: skip
    return len(answered)


def _roster(officers: list[Person], today: date) -> None:
    first = today.replace(day=1)
    Duty.objects.bulk_create(
        Duty(
            id=source_id("simulated.duty", f"{week}"), person=officers[week % len(officers)], organisation=BODY,
            area_path=province_path(), since=first + timedelta(days=7 * week),
            until=first + timedelta(days=7 * week + 6),
        )
        for week in range(6 if officers else 0)
    )  # fmt: skip


def _row(tip: Tip) -> dict[str, Any]:
    return {
        "area": tip.area_path,
        "day": tip.received.isoformat(),
        "until": f"{tip.received.year + 1}",
        "n": 1,
    }


def _within(rng: np.random.Generator, shape: shapely.Geometry) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    while True:
        x, y = float(rng.uniform(west, east)), float(rng.uniform(south, north))
        if shapely.contains_xy(shape, x, y):
            return x, y
