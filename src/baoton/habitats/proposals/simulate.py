"""Two invented areas: one on its way, with options and consultations, and one founded, with posts, board, tasks and
sheets of how it is managed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from baoton.habitats.models import (
    Consultation,
    Effectiveness,
    Opinion,
    Option,
    Post,
    Proposal,
    Zone,
)
from baoton.habitats.models.effectiveness import QUESTIONS
from baoton.habitats.proposals import boundary, planned_m2
from baoton.habitats.topology import area_m2
from baoton.kit.ids import source_id
from baoton.kit.refs import name_of
from baoton.kit.writing import overlaps
from baoton.people.simulate import CAST
from baoton.places.queries import outlines, province_path, settle
from baoton.plan.models import Proof, Work
from baoton.plan.queries import task_node


def simulate(rng: np.random.Generator, year: int, truth: dict[str, Any]) -> None:
    """Both areas stand; their hectares, consultations, tasks and sheets are in the truth."""
    coming, founded = propose(year), found(rng, year, truth)
    books = truth.setdefault("books", {})
    books["habitats.proposed"] = [
        {
            "area": one.area_path,
            "day": f"{one.day}",
            "until": f"{one.decided_on or 9999}",
            "n": one.planned_m2,
        }
        for one in (coming, founded)
    ]
    books["habitats.founded"] = [
        {"area": founded.area_path, "day": f"{founded.decided_on}", "until": "9999", "n": founded.planned_m2}
    ]
    books["habitats.consultations"] = [
        {"area": c.area_path, "day": f"{c.day}", "until": f"{c.day.year + 1}", "n": 1}
        for c in Consultation.objects.exclude(day=None)
        if c.day
    ]


NAME = "Mường Tè (ranh giới giả định)"
WORDS = "Nội dung mô phỏng để trình diễn, không phải số liệu thật"


def propose(year: int) -> Proposal:
    """An invented area inside Mù Cả and Tà Tổng with two options, consultations and opinions; it says so everywhere."""
    shapes = outlines()
    inside = of_cast(shapes)
    more = {"organisation": "so_nnmt", "area_path": province_path()}
    made = Proposal.objects.create(
        id=source_id("simulated.proposal", "1"), title=NAME, kind=Proposal.Kind.RESERVE, invented=True,
        why=WORDS, nature=WORDS, people=WORDS, programme=WORDS, day=date(year, 2, 10),
        status=Proposal.Status.CONSULTING, **more,
    )  # fmt: skip
    for name, chosen, size in (("Phương án rộng", True, 0.075), ("Phương án hẹp", False, 0.045)):
        one = Option.objects.create(
            id=source_id("simulated.option", name),
            proposal=made,
            name=name,
            chosen=chosen,
            note=WORDS,
            **more,
        )
        zones = []
        for path in inside:
            middle, whole = shapes[path].representative_point(), shapes[path]
            core = shapely.intersection(middle.buffer(size * 0.6, quad_segs=3), whole)
            around = shapely.intersection(middle.buffer(size, quad_segs=3), whole)
            west, south, east, _north = around.bounds
            office = shapely.intersection(
                shapely.difference(around, core), shapely.box(west, south, east, south + 0.015)
            )
            ring = shapely.difference(shapely.difference(around, core), office)
            buffer = shapely.difference(
                shapely.intersection(middle.buffer(size * 1.25, quad_segs=3), whole), around
            )
            zones += [("strict", core), ("restoration", ring), ("service", office), ("buffer", buffer)]
        _zones(one, zones)
    made.planned_m2 = planned_m2(made)
    made.save(update_fields=["planned_m2"])
    for n, path in enumerate(inside):
        held = n == 0
        numbers = (42, 30, 3, 7, 2) if held else (None,) * 5
        asked = Consultation.objects.create(
            id=source_id("simulated.consultation", path), proposal=made, area_path=path, village=f"bản số {n + 1}",
            invited_on=date(year, 5, 4), invited=50, day=date(year, 5, 18) if held else None, organisation="so_nnmt",
            **dict(zip(("attended", "agreed", "against", "conditional", "silent"), numbers, strict=True)),
        )  # fmt: skip
        if held:
            for i, (side, text, answer) in enumerate(SAID_THERE):
                Opinion.objects.create(
                    id=source_id("simulated.opinion", f"{path}/{i}"), consultation=asked, side=side, text=text,
                    answer=answer, area_path=path, organisation="so_nnmt",
                )  # fmt: skip
    return made


SAID_THERE = (
    ("agreed", "Đồng ý giữ rừng đầu nguồn.", ""),
    ("conditional", "Đồng ý nếu bản được tiếp tục lấy măng ở phân khu phục hồi.", "Ghi vào quy chế, có hạn mức."),
    ("against", "Nương cũ của ba hộ nằm trong ranh giới.", ""),
)  # fmt: skip


def _zones(option: Option, zones: list[tuple[str, Any]]) -> None:
    rows = []
    for n, (kind, shape) in enumerate(zones):
        parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area > 1e-7]
        if not parts:
            continue
        whole = shapely.multipolygons(parts) if len(parts) > 1 else parts[0]
        one = Zone(
            id=source_id("simulated.zone", f"{option.pk}/{n}"), option=option, kind=kind, organisation="so_nnmt",
            hectares=round(float(area_m2([whole])[0]) / 10_000, 4),
        )  # fmt: skip
        one.put(whole)
        rows.append(one)
    settle(rows)
    Zone.objects.bulk_create(rows)
    overlaps.keep(Zone, [r.pk for r in rows])


def of_cast(shapes: dict[str, Any]) -> list[str]:
    """The communes of the cast."""
    return [one.area for one in CAST if "/" in one.area and one.area in shapes][:2]


MADE_UP = "Khu bảo tồn mẫu (ranh giới giả định)"
TASKS = (
    ("Tuần tra phân khu nghiêm ngặt hằng tháng", "Nhật ký tuần tra", 2, "done"),
    ("Sửa, sơn lại mốc ranh giới", "Danh sách mốc và ảnh", 4, "done"),
    ("Điều tra lại loài ở phân khu phục hồi", "Báo cáo điều tra", 9, "done"),
    ("Họp chia sẻ lợi ích với các bản vùng đệm", "Biên bản họp", 11, "doing"),
    ("Phát dọn đường băng cản lửa trước mùa khô", "Biên bản nghiệm thu", 12, "planned"),
)


def found(rng: np.random.Generator, year: int, truth: dict[str, Any]) -> Proposal:
    """An area that went the whole way, in one commune away from the cast; its boundary is invented and it says so."""
    shapes, more = outlines(), {"organisation": "so_nnmt", "area_path": province_path()}
    cast = of_cast(shapes)
    path, whole = max((p for p in shapes.items() if p[0] not in cast), key=lambda p: (p[1].area, p[0]))
    made = Proposal.objects.create(
        id=source_id("simulated.proposal", "founded"), title=MADE_UP, kind=Proposal.Kind.SPECIES, invented=True,
        why=WORDS, nature=WORDS, people=WORDS, programme=WORDS, money=WORDS, appraisal=WORDS, day=date(year - 3, 3, 6),
        decision="01/QĐ-MP (mô phỏng)", decided_on=date(year - 2, 6, 18), board="Ban quản lý khu mẫu (mô phỏng)",
        plan=f"02/PA-MP ngày 15/01/{year - 1} (mô phỏng)", status=Proposal.Status.MANAGED, **more,
    )  # fmt: skip
    one = Option.objects.create(
        id=source_id("simulated.option", "founded"), proposal=made, name="Phương án đã quyết định", chosen=True,
        note=WORDS, **more,
    )  # fmt: skip
    middle = whole.representative_point()
    core, around = (shapely.intersection(middle.buffer(r, quad_segs=4), whole) for r in (0.03, 0.05))
    buffer = shapely.difference(shapely.intersection(middle.buffer(0.062, quad_segs=4), whole), around)
    _zones(one, [("strict", core), ("restoration", shapely.difference(around, core)), ("buffer", buffer)])
    made.planned_m2 = planned_m2(made)
    made.save(update_fields=["planned_m2"])
    asked = Consultation.objects.create(
        id=source_id("simulated.consultation", "founded"), proposal=made, area_path=path, village="bản mẫu",
        invited_on=date(year - 3, 9, 4), invited=40, day=date(year - 3, 9, 20), attended=36, agreed=31, against=1,
        conditional=3, silent=1, organisation="so_nnmt",
    )  # fmt: skip
    Opinion.objects.create(
        id=source_id("simulated.opinion", "founded"), consultation=asked, side="against", area_path=path,
        text="Bãi chăn thả cũ nằm trong ranh giới.", answer="Đã vẽ lại ranh giới, để bãi ngoài khu.",
        organisation="so_nnmt",
    )  # fmt: skip
    _posts(made, one, date(year - 2, 9, 10))
    _tasks(made, year, truth)
    _sheets(rng, made, year, truth)
    return made


def _posts(of: Proposal, option: Option, day: date) -> None:
    """Sixteen posts along the boundary, numbered as one walks it."""
    ring = max(shapely.get_parts(boundary(option)), key=lambda p: p.area).exterior
    posts = []
    for n, at in enumerate(
        shapely.line_interpolate_point(ring, np.arange(16) / 16, normalized=True).tolist(), 1
    ):
        post = Post(
            id=source_id("simulated.post", f"{n}"), proposal=of, number=f"M{n:02d}", day=day, note="mốc mô phỏng",
            organisation="kiem_lam",
        )  # fmt: skip
        post.put(at)
        posts.append(post)
    settle(posts)
    Post.objects.bulk_create(posts)


def _tasks(of: Proposal, year: int, truth: dict[str, Any]) -> None:
    """What its management plan asks of the year, as work of the plan that the area is tied to."""
    works, path, (about_type, about_id) = [], of.area_path, name_of(of)
    for n, (title, shows, month, status) in enumerate(TASKS):
        due = date(year, month, 25)
        works.append(
            Work(
                id=source_id("simulated.managed", f"{n}"), task=task_node("special_use_forest"), status=status,
                title=f"{title} ({MADE_UP})", responsible="kiem_lam", organisation="kiem_lam", area_path=path,
                begins=date(year, month, 1), due=due, must_show=shows, finished=due if status == "done" else None,
                percent=60 if status == "doing" else None, result="Kết quả mô phỏng." if status == "done" else "",
            )
        )  # fmt: skip
    Work.objects.bulk_create(works)
    Proof.objects.bulk_create(
        Proof(
            id=source_id("simulated.managed-proof", f"{n}"), work=work, about_type=about_type, about_id=about_id,
            area_path=path, organisation="kiem_lam",
        )
        for n, work in enumerate(works)
    )  # fmt: skip
    for work in works:
        told = {"task": work.task.number if work.task else 0, "area": path, "due": f"{work.due}"}
        ended = f"{work.finished}" if work.finished else None
        truth.setdefault("works", []).append({**told, "status": work.status, "finished": ended})


def _sheets(rng: np.random.Generator, of: Proposal, year: int, truth: dict[str, Any]) -> None:
    """A sheet of the year before, with two questions nobody could answer, and one of the year, a step better."""
    first: Sequence[int] = rng.integers(0, 3, len(QUESTIONS)).tolist()
    truth["sheets"] = []
    for asked, better, blank in ((year - 1, 0, 2), (year, 1, 0)):
        steps = [str(min(s + (better if n % 2 else 0), 3)) for n, s in enumerate(first)]
        steps[len(steps) - blank :] = [""] * blank
        said = [int(s) for s in steps if s]
        Effectiveness.objects.create(
            id=source_id("simulated.sheet", f"{asked}"), proposal=of, year=asked, answered=len(said), points=sum(said),
            filled_by="Ban quản lý, kiểm lâm, đại diện xã và bản (mô phỏng)", evidence=WORDS, area_path=of.area_path,
            organisation="kiem_lam", **dict(zip(QUESTIONS, steps, strict=True)),
        )  # fmt: skip
        truth["sheets"].append({"year": asked, "answered": len(said), "points": sum(said)})
