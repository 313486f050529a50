"""Simulated outreach of the communes, with its known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from baoton.kit.ids import source_id
from baoton.outreach.models import Session
from baoton.places.queries import commune_choices
from baoton.plan.queries import task_node

LANGUAGES = ("Kinh", "Thái", "Mông", "Hà Nhì", "Dao", "La Hủ")
TITLES = (
    "Không săn bắt, nuôi nhốt động vật hoang dã",
    "Bảo vệ rừng đầu nguồn",
    "Nhận biết loài được bảo vệ ở địa phương",
    "Phòng cháy rừng mùa khô",
    "Giữ giống cây, giống con bản địa",
)


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """Every commune but a few held sessions; one in ten did not count its people; how many sessions."""
    rows: list[Session] = []
    node = task_node("outreach")
    days = (today - date(year, 1, 1)).days
    for path, _name in commune_choices():
        for _i in range(int(rng.poisson(9)) if rng.random() > 0.06 else 0):
            counted = rng.random() > 0.1
            people = int(rng.integers(15, 160)) if counted else None
            women = int(rng.binomial(people, 0.48)) if people is not None and rng.random() > 0.15 else None
            papers = int(rng.integers(0, 120)) if rng.random() > 0.3 else None
            day = date(year, 1, 1) + timedelta(days=int(rng.integers(0, days)))
            kind = str(rng.choice(Session.Kind.values))
            rows.append(
                Session(
                    id=source_id("simulated.session", str(len(rows))),
                    task=node,
                    organisation=f"ubnd_{path.split('/')[1]}",
                    area_path=path,
                    title=str(rng.choice(TITLES)),
                    kind=kind,
                    day=day,
                    village=f"bản số {int(rng.integers(1, 15))}",
                    language=str(rng.choice(LANGUAGES)),
                    participants=people,
                    women=women,
                    materials=papers,
                )
            )
            truth["sessions"].append(
                {
                    "area": path,
                    "day": day.isoformat(),
                    "participants": people,
                    "women": women,
                    "materials": papers,
                    "language": rows[-1].language,
                }
            )
    Session.objects.bulk_create(rows, batch_size=500)
    return len(rows)
