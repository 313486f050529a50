"""Simulated outreach of the communes, with its known truth."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from baoton.kit.ids import source_id
from baoton.kit.writing import ledger
from baoton.outreach.knowledge import simulate as knowledge
from baoton.outreach.models import Campaign, Group, Handout, Material, Pledge, Session
from baoton.places.models import Village
from baoton.places.queries import bare, commune_choices, outlines, province_path, settle
from baoton.plan.queries import task_node

LANGUAGES = ("Kinh", "Thái", "HMông", "Hà Nhì", "Dao", "La Hủ")
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
    node, more = task_node("outreach"), rng.spawn(1)[0]
    told, listed = campaigns(year, node), villages(more, truth)
    days = (today - date(year, 1, 1)).days
    for path, name in commune_choices():
        for i in range(int(rng.poisson(9)) if rng.random() > 0.06 else 0):
            counted = rng.random() > 0.1
            people = int(rng.integers(15, 160)) if counted else None
            women = int(rng.binomial(people, 0.48)) if people is not None and rng.random() > 0.15 else None
            papers = int(rng.integers(0, 120)) if rng.random() > 0.3 else None
            day = date(year, 1, 1) + timedelta(days=int(rng.integers(0, days)))
            kind = str(rng.choice(Session.Kind.values))
            pupils = people if kind == "school" else None
            rows.append(
                Session(
                    id=source_id("simulated.session", str(len(rows))),
                    task=node,
                    organisation=f"ubnd_{path.split('/')[1]}",
                    area_path=path,
                    title=f"{rng.choice(TITLES)} ({name}, buổi {i + 1})",
                    kind=kind,
                    day=day,
                    village=f"bản số {int(rng.integers(1, 15))}",
                    language=str(rng.choice(LANGUAGES)),
                    participants=people,
                    women=women,
                    materials=papers,
                    men=None if women is None or people is None else people - women,
                    pupils=pupils,
                    campaign=told[int(more.integers(0, len(told)))] if more.random() < 0.5 else None,
                    times=int(more.integers(1, 20)) if kind in {"loudspeaker", "post"} else None,
                )
            )
            rows[-1].settlement_id = listed.get((path, bare(rows[-1].village)))
            truth["sessions"].append(
                {
                    "area": path,
                    "day": day.isoformat(),
                    "participants": people,
                    "women": women,
                    "materials": papers,
                    "language": rows[-1].language,
                    "settlement": rows[-1].settlement_id and str(rows[-1].settlement_id),
                }
            )
    Session.objects.bulk_create(rows, batch_size=500)
    promises(more, rows, truth)
    stocks(more, rows, told, truth)
    knowledge.simulate(rng.spawn(1)[0], year, today, told[0], truth)
    return len(rows)


def campaigns(year: int, node: Any) -> list[Campaign]:
    """Two campaigns of the province and one of a commune, of which the second is not public; and a draft beside."""
    areas = [province_path(), province_path(), commune_choices()[0][0]]
    made = [
        Campaign(
            id=source_id("simulated.campaign", str(n)), task=node, organisation="so_nnmt", area_path=area, title=title,
            audience=audience, message=message, language=language, day=date(year, 1, 1 + n),
            status=Campaign.Status.RUNNING if n == 1 else Campaign.Status.PUBLIC,
        )
        for n, (area, title, audience, message, language) in enumerate(
            (
                (areas[0], "Nói không với thịt thú rừng", "quán ăn, hộ dân", "Không ăn thịt thú rừng.", "Kinh"),
                (areas[1], "Rừng của bản em", "học sinh tiểu học, trung học", "Rừng giữ nước cho bản.", "HMông"),
                (areas[2], "Gỡ bẫy, giữ rừng", "người dân các bản gần rừng", "Thấy bẫy thì gỡ và báo.", "Thái"),
            )
        )
    ]  # fmt: skip
    draft = Campaign(
        id=source_id("simulated.campaign", "draft"), task=node, organisation="so_nnmt", area_path=areas[0],
        title="Không đốt nương gần rừng (nháp)", audience="hộ làm nương",
        message="Đốt có người canh.", day=date(year, 11, 1),
    )  # fmt: skip
    Campaign.objects.bulk_create([*made, draft])
    return made


def villages(rng: np.random.Generator, truth: dict[str, Any], each: int = 6) -> dict[tuple[str, str], Any]:
    """The first villages of every commune stand in the list, at invented places; their keys by commune and name."""
    shapes, made = outlines(), []
    for path, _name in commune_choices():
        west, south, east, north = shapes[path].bounds
        xy = rng.uniform((west, south), (east, north), (40 * each, 2))
        inside = xy[shapely.contains_xy(shapes[path], xy[:, 0], xy[:, 1])]
        for n in range(each):
            one = Village(
                id=source_id("simulated.village", f"{path} {n}"), name=f"Bản số {n + 1}", area_path=path,
                source="mô phỏng, vị trí bịa",
            )  # fmt: skip
            if n < len(inside):
                one.put_point(*np.round(inside[n], 5).tolist())
            made.append(one)
    settle(made)
    Village.objects.bulk_create(made, batch_size=500)
    truth["villages"] = len(made)
    return {(one.area_path, bare(one.name)): one.pk for one in made}


def promises(rng: np.random.Generator, sessions: list[Session], truth: dict[str, Any]) -> None:
    """A school in every third commune, and the pledges signed where a session was held to sign them."""
    Group.objects.bulk_create(
        Group(
            id=source_id("simulated.group", path), name=f"Trường THCS {name}", kind="school", area_path=path,
            organisation=f"ubnd_{path.split('/')[1]}", members=int(rng.integers(120, 600)),
        )
        for path, name in commune_choices()[::3]
    )  # fmt: skip
    made = [
        Pledge(
            id=source_id("simulated.pledge", str(one.pk)), session=one, campaign=one.campaign, task=one.task,
            who=str(rng.choice(Pledge.Who.values)), number=int(rng.integers(5, 80)), day=one.day,
            about="không săn, bắt, mua, bán động vật hoang dã", village=one.village, area_path=one.area_path,
            organisation=one.organisation,
        )
        for one in sessions
        if one.kind == Session.Kind.PLEDGE
    ]  # fmt: skip
    Pledge.objects.bulk_create(made)
    truth.setdefault("books", {})["outreach.pledges"] = [
        {"area": one.area_path, "day": one.day.isoformat(), "until": "9999", "n": one.number} for one in made
    ]


def stocks(
    rng: np.random.Generator, sessions: list[Session], told: list[Campaign], truth: dict[str, Any]
) -> None:
    """A leaflet and a poster of each campaign, printed on its first day, handed out at a third of its sessions."""
    lines: list[Handout] = []
    for n, one in enumerate(told):
        for kind, name in (("leaflet", "Tờ rơi"), ("poster", "Áp phích")):
            made = Material.objects.create(
                id=source_id("simulated.material", f"{n} {kind}"), title=f"{name}: {one.title}", kind=kind,
                language=one.language, campaign=one, area_path=one.area_path, organisation=one.organisation,
            )  # fmt: skip
            out = [s for s in sessions if s.campaign_id == one.pk and s.day > one.day and rng.random() < 0.33]
            given = [int(rng.integers(5, 60)) for _s in out]
            moves: list[tuple[date, str, int, Session | None]] = [
                (one.day, "received", sum(given) + 200, None),
                (one.day, "lost", -12, None),
            ]
            moves += [(s.day, "handed", -n, s) for s, n in zip(out, given, strict=True)]
            lines += [
                Handout(
                    id=source_id("simulated.handout", f"{made.pk} {i}"), book=made, day=day, what=what, amount=amount,
                    handed=-amount if what == "handed" else None, session=at,
                    area_path=made.area_path if at is None else at.area_path, organisation=made.organisation,
                    note="ướt mưa" if what == "lost" else "",
                )
                for i, (day, what, amount, at) in enumerate(moves)
            ]  # fmt: skip
    ledger.post(lines)
    truth["books"]["outreach.handed"] = [
        {"area": one.area_path, "day": one.day.isoformat(), "until": "9999", "n": one.handed}
        for one in lines
        if one.handed
    ]
