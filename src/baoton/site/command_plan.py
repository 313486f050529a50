"""`baoton plan read`: a plan's tree drafted from its file, told on the terminal and written for a person to correct.

The file written has the shape in which the rulebook holds plans. What the plan does not say (topics, English, which
task a bullet serves) stays empty there.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from formats import paragraphs
from formats.source import FormatError
from rulebook.drafts import DraftPlan, draft, editing
from rulebook.provinces import load_province


def read(given: Any) -> int:
    """Draft the plan; the number of nodes by kind, the tree, the tasks, what a person must look at."""
    key = given.province or settings.PROVINCE
    province = load_province(key)
    try:
        found = paragraphs.read(given.file)
    except FormatError as error:
        raise ValueError(f"{error.vi} {error.suggestion}".strip()) from error
    names = [(one.key, (one.name, one.short)) for one in province.bodies]
    plan = draft(found.paragraphs, found.tables, found.lines, names)
    for line in told(plan):
        print(line)
    if given.out:
        written(plan, given.out, key)
        print(f"\nĐã ghi bản nháp: {given.out}")
    return 0


def told(plan: DraftPlan) -> list[str]:
    """The draft as lines of text: head, tree, tasks, recipients, doubts."""
    day = f"{plan.issued:%d/%m/%Y}" if plan.issued else "chưa rõ ngày"
    counts = Counter(one.kind for one in plan.nodes)
    lines = [f"Kế hoạch {plan.id or '(chưa rõ số)'}, {plan.place or '(chưa rõ nơi)'}, {day}", plan.title, ""]
    for node in plan.nodes:
        lines.append(f"{'  ' * node.code.count('.')}{node.code}  {_short(node.text)}")
    lines += ["", f"{len(plan.nodes)} mục: " + ", ".join(f"{n} {WORDS[k]}" for k, n in counts.items()), ""]
    for task in plan.tasks:
        lines.append(f"Nhiệm vụ {task.number}: {_short(task.name)}")
        lines.append(
            f"    chủ trì: {task.lead or '–'} | phối hợp: {task.coordinating or '–'} | {task.time or '–'}"
        )
    lines += [f"Nơi nhận: {name}" + (f" ({why})" if why else "") for name, why in plan.recipients]
    lines += [f"Văn bản nêu: {number} ({place})" for number, place in plan.cites]
    return [*lines, "", *(f"Cần xem: {one}" for one in plan.doubts)]


WORDS = {
    "section": "phần",
    "group": "đề mục",
    "aim": "mục đích",
    "requirement": "yêu cầu",
    "general_objective": "mục tiêu chung",
    "objective": "mục tiêu",
    "task": "nhiệm vụ",
    "solution": "giải pháp",
    "duty": "trách nhiệm",
    "closing": "câu kết",
}


def _short(text: str) -> str:
    return text if len(text) <= 100 else text[:97].rsplit(" ", 1)[0] + "…"


def written(plan: DraftPlan, out: Path, province: str) -> None:
    """The draft as the rulebook holds a plan; a file that stands is not written over."""
    if out.exists():
        raise ValueError(f"tệp {out} đã có: đổi tên tệp ra để không ghi đè bản đã sửa")
    data = editing.as_data(plan, province)
    out.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110), encoding="utf-8")
