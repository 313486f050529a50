"""An invented plan stands beside the programme's own in the demonstration, and another draft waits to be corrected."""

from datetime import date
from typing import Any

import numpy as np
from django.conf import settings

from baoton.kit import blobs
from baoton.kit.access import System
from baoton.kit.ids import source_id
from baoton.kit.models import StoredFile
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.places.queries import province_path
from baoton.plan.drafts import actions
from baoton.plan.models import Draft, Plan, Work
from baoton.plan.queries import task_number
from rulebook import drafts
from rulebook.demonstration import Beside, load_demonstration
from rulebook.drafts import editing


def simulate(rng: np.random.Generator, year: int, today: date, truth: dict[str, Any]) -> int:
    """The plan is read from its words, tied to what the programme counts, adopted; how much work is tied to it."""
    told = load_demonstration(settings.PROVINCE).beside
    if told is None:
        return 0
    for n, annex in enumerate((told.annex, ())):
        one = _drafted(told, annex, n)
        if not n:
            write.act(REGISTERS["plan.draft"], System(), one, "adopt")
    plan = Plan.objects.get(body__draft=str(source_id("simulated.draft", "0")))
    rows = []
    for n, step in enumerate(told.steps):
        due = date(year, 3 * int(rng.integers(2, 5)), 20)
        late = due < today
        rows.append(
            Work(
                id=source_id("simulated.beside", str(n)), task=task_number(step.task, plan), title=step.title,
                responsible=step.body, organisation=step.body, area_path=province_path(), due=due, must_show=step.shows,
                begins=date(year, 2, 1), status=Work.Status.DONE if late and n % 2 == 0 else Work.Status.DOING,
                finished=due if late and n % 2 == 0 else None, percent=None if late else 40,
                result="Kết quả mô phỏng." if late and n % 2 == 0 else "",
            )
        )  # fmt: skip
        finished = rows[-1].finished
        truth["works"].append(
            {"task": 0, "area": province_path(), "due": due.isoformat(), "status": str(rows[-1].status),
             "finished": finished.isoformat() if finished else None}
        )  # fmt: skip
    Work.objects.bulk_create(rows)
    return len(rows)


def _drafted(told: Beside, annex: Any, n: int) -> Draft:
    """The draft as reading gives it; the first one as a person left it, the other with all that is doubted."""
    lines = told.text.splitlines()
    bytes_ = blobs.store([told.text.encode()], "text/plain")
    stored = StoredFile.objects.create(
        id=source_id("simulated.draft.file", str(n)), sha256=bytes_.sha256, name="ke-hoach-gia-dinh.txt",
        media_type="text/plain", size=len(told.text.encode()), actor_id="system", actor_name="hệ thống",
    )  # fmt: skip
    plan = drafts.draft(lines, [annex] if annex else (), lines, actions.body_names())
    data = editing.as_data(plan, settings.PROVINCE) | {"more": {"invented": True}}
    if annex:
        data["issuer"], data["doubts"] = "Ủy ban nhân dân tỉnh (giả định)", []
        for task, topic in zip(data["tasks"], told.topics, strict=True):
            task["topic"] = topic
    else:
        data["id"] = ""
    one = Draft(id=source_id("simulated.draft", str(n)), source=stored)
    actions.keep(one, lines, data)
    made: Draft = write.create(REGISTERS["plan.draft"], System(), one)
    return made
