"""A plan whole: its tasks as the annex has them, and a node for every bullet with its place."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from rulebook.certainty import Certainty, certainty
from rulebook.errors import BadData, UnknownName
from rulebook.reading import a_date, entries, folder, read_yaml

Kind = Literal[
    "section",
    "group",
    "aim",
    "requirement",
    "general_objective",
    "objective",
    "task",
    "solution",
    "duty",
    "closing",
]
Rhythm = Literal["continuous", "once", "yearly"]

GROUPING = ("section", "group")
"""Kinds that only hold others; every other node asks something of someone."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the annex: names, bodies and time are the plan's own words, the rest our reading."""

    number: int
    topic: str
    """What it is about, the same word in every plan (`outreach`, `survey`…): our reading."""
    name: str
    annex_name: str
    short: str
    en: str
    lead: str
    coordinating: str
    time: str
    lead_bodies: tuple[str, ...]
    coordinating_bodies: tuple[str, ...]
    communes: tuple[str, ...]
    """Codes of the communes named; empty means all."""
    rhythm: Rhythm | None
    """None where the plan gives no time that is understood."""
    start: date | None
    due: date | None
    """The last day of the time the annex gives; None when the work is continuous or yearly."""
    code: str = ""
    """The code of the task's node; where the data does not say it, that of section III."""


@dataclass(frozen=True, slots=True)
class Node:
    """A heading, a bullet or a paragraph of the plan under a short title of ours."""

    code: str
    kind: Kind
    parent: str
    vi: str
    en: str
    section: str
    """The heading it stands under, e.g. IV.3.a."""
    bullet: int | None
    """Its number among the bullets of the heading; None for a heading or a plain paragraph."""
    place: str
    """Its place as an officer would say it, e.g. “mục IV.3.a, gạch đầu dòng thứ 2”."""
    serves: tuple[int, ...]
    """The tasks it serves, the main one first: our reading."""
    body: str
    """The key of the body responsible; empty for a heading without one."""
    body_stated: bool
    """True when the plan names the body; False when it is our reading."""
    bodies: tuple[str, ...] = ()
    """Every body it asks, the responsible one first."""

    @property
    def is_work(self) -> bool:
        """True when the node asks something of someone."""
        return self.kind not in GROUPING


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives the plan, as named there."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A document the plan cites and where."""

    id: str
    place: str


@dataclass(frozen=True)
class Plan:
    """A plan of a province, whole."""

    id: str
    province: str
    issued: date
    issued_at: str
    issuer: str
    title: str
    title_en: str
    certainty: Certainty
    signed_for: str
    signatory_office: str
    cites: tuple[Citation, ...]
    recipients: tuple[Recipient, ...]
    tasks: tuple[Task, ...]
    nodes: tuple[Node, ...]

    def node(self, code: str) -> Node:
        """The node with this code."""
        for node in self.nodes:
            if node.code == code:
                return node
        raise UnknownName(f"Kế hoạch {self.id} không có mục “{code}”.")

    def task(self, number: int) -> Task:
        """The task with this number."""
        for task in self.tasks:
            if task.number == number:
                return task
        raise UnknownName(f"Kế hoạch {self.id} không có nhiệm vụ số {number}.")

    def children(self, code: str) -> tuple[Node, ...]:
        """The nodes directly under a node, in order; under "" the sections."""
        return tuple(n for n in self.nodes if n.parent == code)

    def serving(self, number: int) -> tuple[Node, ...]:
        """The nodes that serve a task, in order."""
        return tuple(n for n in self.nodes if number in n.serves)


def _task(item: dict[str, Any]) -> Task:
    return Task(
        **{
            k: item[k]
            for k in ("number", "topic", "name", "annex_name", "short", "en", "lead", "coordinating", "time")
        },
        lead_bodies=tuple(item["lead_bodies"]),
        coordinating_bodies=tuple(item["coordinating_bodies"]),
        communes=tuple(item.get("communes", ())),
        rhythm=item["rhythm"] or None,
        start=a_date(item.get("from")),
        due=a_date(item.get("due")),
        code=item.get("node") or f"III.{item['number']}",
    )


def _node(item: dict[str, Any]) -> Node:
    bullet = item.get("bullet")
    under = item["parent"] or item["code"]
    bodies = tuple(item.get("bodies") or ([item["body"]] if item.get("body") else []))
    place = f"mục {under}, gạch đầu dòng thứ {bullet}" if bullet else f"mục {item['code']}"
    if item.get("place"):
        place = f"mục {item['code'] if item['kind'] == 'general_objective' else under}, {item['place']}"
    return Node(
        code=item["code"],
        kind=item["kind"],
        parent=item["parent"],
        vi=item["vi"],
        en=item["en"],
        section=item["code"] if item["kind"] in (*GROUPING, "general_objective") else under,
        bullet=bullet,
        place=place,
        serves=tuple(item.get("serves", ())),
        body=bodies[0] if bodies else "",
        body_stated=bool(item.get("stated")),
        bodies=bodies,
    )


@lru_cache(maxsize=8)
def _all(province: str) -> dict[str, Plan]:
    found: dict[str, Plan] = {}
    for file in entries(folder("vn", province, "plans"), ".yaml"):
        data = read_yaml(file)
        try:
            found[data["id"]] = parse(data)
        except KeyError as error:
            raise BadData(f"Tệp {file.name}: kế hoạch thiếu mục {error}.") from error
        except BadData as error:
            raise BadData(f"Tệp {file.name}: {error}") from error
    return found


def parse(data: dict[str, Any]) -> Plan:
    """The plan that plain values tell, as a file of the rulebook or a corrected draft holds them."""
    issued = a_date(data["issued"])
    if issued is None:
        raise BadData("kế hoạch phải có ngày ban hành.")
    return Plan(
        id=data["id"],
        province=data["province"],
        issued=issued,
        issued_at=data["place"],
        issuer=data["issuer"],
        title=data["title"],
        title_en=data["title_en"],
        certainty=certainty(data["certainty"]),
        signed_for=data["signed_for"],
        signatory_office=data["signatory_office"],
        cites=tuple(Citation(**c) for c in data["cites"]),
        recipients=tuple(Recipient(**r) for r in data["recipients"]),
        tasks=tuple(_task(t) for t in data["tasks"]),
        nodes=tuple(_node(n) for n in data["nodes"]),
    )


def load(province: str, id: str) -> Plan:
    """The plan of a province by the number of its document, e.g. `load("lai_chau", "654/KH-UBND")`."""
    plans = _all(province) if province.isidentifier() else {}
    if id not in plans:
        raise UnknownName(f"Bộ quy định không có kế hoạch “{id}” của tỉnh “{province}”.")
    return plans[id]


def known(province: str) -> tuple[str, ...]:
    """The numbers of the plans held for a province."""
    return tuple(_all(province)) if province.isidentifier() else ()
