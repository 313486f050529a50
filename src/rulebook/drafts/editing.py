"""A drafted plan as the rulebook holds plans, and what a person corrects in it; a wrong step is told in one sentence.

The draft is a mapping of plain values (JSON), so that it can be kept, compared and written as YAML. Beside what a
plan of the rulebook has, a node keeps the `paragraph` it was read from, and `doubts` what reading was not sure of.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from rulebook.drafts import annex
from rulebook.drafts.drafting import DraftPlan
from rulebook.plans import Kind

Data = dict[str, Any]
KINDS: tuple[str, ...] = get_args(Kind)
OWN_NUMBER = re.compile(r"[0-9A-Za-zĐđ′]{1,6}$")


def as_data(plan: DraftPlan, province: str) -> Data:
    """The draft as the rulebook holds a plan; what the plan does not say (topics, English) is empty there."""
    nodes = [n for n in plan.nodes if n.kind == "task"]
    tied = len(nodes) == len(plan.tasks)
    numbers = {nodes[i].code: t.number for i, t in enumerate(plan.tasks)} if tied else {}
    return {
        "id": plan.id, "province": province, "issued": plan.issued.isoformat() if plan.issued else "",
        "place": plan.place, "issuer": "", "title": plan.title, "title_en": "", "certainty": "read", "signed_for": "",
        "signatory_office": "",
        "cites": [{"id": number, "place": place} for number, place in plan.cites],
        "recipients": [{"name": name, "purpose": why} for name, why in plan.recipients],
        "tasks": [
            {
                "number": t.number, "node": nodes[i].code if tied else "", "topic": "", "name": t.name,
                "annex_name": t.annex_name, "short": t.name, "en": "", "lead": t.lead,
                "coordinating": t.coordinating, "time": t.time, "lead_bodies": list(t.lead_bodies),
                "coordinating_bodies": list(t.coordinating_bodies), "rhythm": t.rhythm or "",
                "from": t.start.isoformat() if t.start else "", "due": t.due.isoformat() if t.due else "",
            }
            for i, t in enumerate(plan.tasks)
        ],
        "nodes": [
            {
                "code": n.code, "kind": n.kind, "parent": n.parent, "bullet": n.bullet, "vi": n.text, "en": "",
                "serves": [numbers[n.code]] if n.code in numbers else [], "bodies": list(n.bodies),
                "paragraph": n.paragraph,
            }
            for n in plan.nodes
        ],
        "doubts": list(plan.doubts),
    }  # fmt: skip


def node_of(data: Mapping[str, Any], code: str) -> Data:
    """The node with this code; ValueError where there is none (any more)."""
    for one in data["nodes"]:
        if one["code"] == code:
            found: Data = one
            return found
    raise ValueError(f"Bản nháp không còn mục “{code}”: mở lại trang.")


def number_of(node: Mapping[str, Any]) -> str:
    """The last part of a code: what stands before the words of the node itself."""
    return str(node["code"]).rpartition(".")[2]


def under(data: Mapping[str, Any], code: str) -> list[Data]:
    """The node and all that stands below it, in order."""
    return [n for n in data["nodes"] if n["code"] == code or n["code"].startswith(f"{code}.")]


def change(
    data: Data, code: str, *, kind: str, number: str, parent: str, text: str, bodies: Sequence[str],
    serves: Sequence[int],
) -> str:  # fmt: skip
    """The node as a person has it; what stands below follows it. Gives its code, which may be a new one."""
    node = node_of(data, code)
    if kind not in KINDS:
        raise ValueError(f"Không có loại mục “{kind}”.")
    if not text.strip():
        raise ValueError(f"Mục {code} phải có nội dung.")
    if parent and (parent == code or parent.startswith(f"{code}.")):
        raise ValueError(f"Mục {code} không đặt dưới chính nó hay mục con của nó ({parent}).")
    unknown = set(serves) - {int(t["number"]) for t in data["tasks"]}
    if unknown:
        raise ValueError(f"Không có nhiệm vụ số {min(unknown)} trong bảng nhiệm vụ.")
    fresh = _code(data, parent, number, code)
    moved = parent != node["parent"]
    node.update(kind=kind, vi=text.strip(), bodies=list(bodies), serves=list(serves))
    if fresh != code:
        _recode(data, code, fresh)
        node["parent"] = parent
        node["bullet"] = int(number) if node.get("bullet") and number.isdigit() else None
    if moved:
        _after(
            data, fresh, [n["code"] for n in data["nodes"] if n["parent"] == parent and n["code"] != fresh]
        )
    return fresh


def add(data: Data, after: str, *, text: str, kind: str) -> str:
    """A new node beside another one, under the same heading and after all that stands below that; gives its code."""
    if not text.strip():
        raise ValueError("Mục mới phải có nội dung.")
    parent = node_of(data, after)["parent"] if after else ""
    beside = [n for n in data["nodes"] if n["parent"] == parent]
    taken = [int(n) for n in map(number_of, beside) if n.isdigit()]
    code = _code(data, parent, str(max(taken, default=len(beside)) + 1), "")
    node: Data = {
        "code": code, "kind": kind, "parent": parent, "bullet": None, "vi": text.strip(), "en": "", "serves": [],
        "bodies": [], "paragraph": None,
    }  # fmt: skip
    at = _end(data, after) if after else len(data["nodes"])
    data["nodes"].insert(at, node)
    return code


def remove(data: Data, code: str) -> None:
    """The node is gone; one that holds others or stands for a task is kept, with a sentence."""
    node = node_of(data, code)
    below = len(under(data, code)) - 1
    if below:
        raise ValueError(f"Mục {code} còn {below} mục con: chuyển hoặc xoá các mục con trước.")
    if task := next((t for t in data["tasks"] if t.get("node") == code), None):
        raise ValueError(f"Mục {code} là nhiệm vụ số {task['number']}: xoá dòng ấy ở bảng nhiệm vụ trước.")
    data["nodes"].remove(node)


def move(data: Data, code: str, up: bool) -> None:
    """The node with all below it changes places with its neighbour under the same heading."""
    node = node_of(data, code)
    beside = [n["code"] for n in data["nodes"] if n["parent"] == node["parent"]]
    at = beside.index(code)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(beside):
        raise ValueError(f"Mục {code} đã ở {'đầu' if up else 'cuối'}.")
    first, second = (beside[other], code) if up else (code, beside[other])
    block = under(data, second)
    rest = [n for n in data["nodes"] if n not in block]
    place = next(i for i, n in enumerate(rest) if n["code"] == first)
    data["nodes"] = [*rest[:place], *block, *rest[place:]]


def change_task(data: Data, at: int, issued: date | None, **said: Any) -> None:
    """A row of the table of tasks as a person has it (`at` past the end adds one); its time is read again.

    `said` are number, node, topic, name, lead, coordinating, time, lead_bodies, coordinating_bodies.
    """
    if not str(said["number"]).isdigit() or not 0 < int(said["number"]) < 1000:
        raise ValueError("Số của nhiệm vụ là số nguyên từ 1.")
    number = int(said.pop("number"))
    if not str(said["name"]).strip():
        raise ValueError(f"Nhiệm vụ {number} phải có tên.")
    if said["node"]:
        node_of(data, said["node"])
    if at < len(data["tasks"]):
        task = data["tasks"][at]
        before = int(task["number"])
        alone = sum(int(t["number"]) == before for t in data["tasks"]) == 1
        for node in data["nodes"] if before != number and alone else ():
            node["serves"] = [number if n == before else n for n in node["serves"]]
    else:
        task = {"annex_name": "", "short": "", "en": ""}
        data["tasks"].append(task)
    rhythm, start, due = annex.rhythm(str(said["time"]), issued)
    if task.get("short") in ("", task.get("name")):
        task["short"] = said["name"]
    task.update(said, number=number, rhythm=rhythm or "")
    task.update({"from": start.isoformat() if start else "", "due": due.isoformat() if due else ""})
    if said["node"]:
        node = node_of(data, said["node"])
        node["kind"], node["serves"] = "task", [number]


def remove_task(data: Data, at: int) -> None:
    """The row is gone, and no node serves it any more."""
    number = int(data["tasks"].pop(at)["number"])
    if not any(int(t["number"]) == number for t in data["tasks"]):
        for node in data["nodes"]:
            node["serves"] = [n for n in node["serves"] if n != number]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person must look at, in a sentence; one that `stops` must be mended before the plan is adopted."""

    sentence: str
    stops: bool
    node: str = ""
    task: int | None = None


def doubts(data: Mapping[str, Any]) -> list[Doubt]:
    """What hinders, then what is not known, then what reading doubted and nobody has looked at."""
    return [*_hindering(data), *_unknown(data), *(Doubt(one, False) for one in data["doubts"])]


def _hindering(data: Mapping[str, Any]) -> list[Doubt]:
    found = []
    for name, word in (("id", "số"), ("issued", "ngày ban hành"), ("title", "tên")):
        if not data[name]:
            found.append(Doubt(f"Kế hoạch chưa có {word}: ghi ở phần đầu.", True))
    if not data["tasks"]:
        found.append(Doubt("Kế hoạch chưa có nhiệm vụ nào: thêm dòng vào bảng nhiệm vụ.", True))
    for number, n in Counter(int(t["number"]) for t in data["tasks"]).items():
        if n > 1:
            at = max(i for i, t in enumerate(data["tasks"]) if int(t["number"]) == number)
            said = f"Có {n} nhiệm vụ cùng số {number}: sửa số của một dòng trong bảng nhiệm vụ."
            found.append(Doubt(said, True, task=at))
    tied = Counter(t.get("node", "") for t in data["tasks"])
    for at, task in enumerate(data["tasks"]):
        if not task.get("node"):
            said = f"Nhiệm vụ {task['number']} chưa gắn với mục nào của văn bản: chọn mục của nó."
            found.append(Doubt(said, True, task=at))
        elif tied[task["node"]] > 1:
            said = f"Mục {task['node']} được gắn với {tied[task['node']]} nhiệm vụ: mỗi nhiệm vụ một mục."
            found.append(Doubt(said, True, task["node"], at))
    for node in data["nodes"]:
        if node["kind"] == "task" and node["code"] not in tied:
            said = f"Mục {node['code']} là nhiệm vụ nhưng bảng nhiệm vụ không có dòng nào gắn với nó."
            found.append(Doubt(said, True, node["code"]))
    return found


def _unknown(data: Mapping[str, Any]) -> list[Doubt]:
    found = []
    for at, task in enumerate(data["tasks"]):
        name = f"Nhiệm vụ {task['number']}"
        if not task["lead_bodies"]:
            found.append(Doubt(f"{name} chưa rõ cơ quan chủ trì.", False, task=at))
        if not task["rhythm"]:
            why = f"chưa hiểu thời gian “{task['time']}”" if task["time"] else "chưa ghi thời gian"
            found.append(Doubt(f"{name} {why}.", False, task=at))
        if not task["topic"]:
            said = f"{name} chưa gắn với chủ đề nào của chương trình, nên trang của nó chưa có số liệu."
            found.append(Doubt(said, False, task=at))
    return found


def _code(data: Mapping[str, Any], parent: str, number: str, own: str) -> str:
    """The code under a heading; ValueError where the number is none or taken."""
    number = number.strip()
    if not OWN_NUMBER.match(number):
        raise ValueError(f"Số “{number}” không dùng được: viết như I, 1 hoặc a, không có dấu chấm.")
    if parent:
        node_of(data, parent)
    code = f"{parent}.{number}".lstrip(".")
    if code != own and any(n["code"] == code for n in data["nodes"]):
        where = f"dưới mục {parent}" if parent else "ở ngoài cùng"
        raise ValueError(f"Đã có mục số {number} {where}: mỗi mục một số.")
    if len(code) > 40:
        raise ValueError(f"Mục “{code}” nằm quá sâu.")
    return code


def _recode(data: Data, old: str, new: str) -> None:
    """All that stands below bears the new number too, and so does what names it."""

    def renamed(code: str) -> str:
        return new + code[len(old) :] if code == old or code.startswith(f"{old}.") else code

    for node in data["nodes"]:
        node["code"], node["parent"] = renamed(node["code"]), renamed(node["parent"])
    for task in data["tasks"]:
        task["node"] = renamed(task.get("node", ""))


def _after(data: Data, code: str, beside: Sequence[str]) -> None:
    """The node with all below it stands after its new neighbours, or first under its heading."""
    block = under(data, code)
    parent = block[0]["parent"]
    data["nodes"] = [n for n in data["nodes"] if n not in block]
    if beside:
        at = _end(data, beside[-1])
    else:
        at = next((i + 1 for i, n in enumerate(data["nodes"]) if n["code"] == parent), len(data["nodes"]))
    data["nodes"][at:at] = block


def _end(data: Mapping[str, Any], code: str) -> int:
    """Where what stands below a node ends."""
    return (
        max(i for i, n in enumerate(data["nodes"]) if n["code"] == code or n["code"].startswith(f"{code}."))
        + 1
    )
