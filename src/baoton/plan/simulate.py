"""Simulated work on the five tasks, with its known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from django.conf import settings

from baoton.kit.ids import source_id
from baoton.places.queries import commune_choices, province_path
from baoton.plan.models import Work
from baoton.plan.queries import task_number
from rulebook.demonstration import load_demonstration

DUTY = "Tổ chức tuyên truyền quý {}"


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """Steps of tasks 2 to 5 and a quarterly duty of each commune stand: done, under way or late; how many."""
    home, steps = province_path(), load_demonstration(settings.PROVINCE).steps
    planned = [(s.task, s.title, s.body, s.shows, home, int(rng.integers(1, 5))) for s in steps]
    planned += [
        (1, DUTY.format(q), f"ubnd_{path.split('/')[1]}", "Sổ họp, ảnh, danh sách dự", path, q)
        for path, _name in commune_choices()
        for q in (1, 2, 3, 4)
    ]
    rows = []
    for i, (number, title, who, must, area, quarter) in enumerate(planned):
        due = date(year, 3 * quarter, 28)
        begins = due - timedelta(days=int(rng.integers(20, 75)))
        done = due < today and rng.random() < (0.88 if number == 1 else 0.75)
        finished = due - timedelta(days=int(rng.integers(0, 15))) if done else None
        status = "done" if done else ("doing" if begins <= today and rng.random() < 0.7 else "planned")
        rows.append(
            Work(
                id=source_id("simulated.work", str(i)),
                task=task_number(number),
                title=title,
                responsible=who,
                organisation=who,
                area_path=area,
                begins=begins,
                due=due,
                must_show=must,
                status=status,
                finished=finished,
                result="Kết quả mô phỏng." if done else "",
            )
        )
        told = {"task": number, "area": area, "due": due.isoformat(), "status": status}
        truth["works"].append({**told, "finished": finished.isoformat() if finished else None})
    Work.objects.bulk_create(rows, batch_size=500)
    return len(rows)
