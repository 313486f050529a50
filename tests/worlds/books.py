"""Rows of the later books that whoever is asked for may not know: patrols, tips, lots, cases, animals in keeping.

Where a row may be seen and its place may not (a patrol in a commune, an animal taken in), both worlds hold it and
differ in place and words. Where the row itself is another body's (a case, a lot), the second world holds more of them.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import shapely
from tests.custody.cases import act as of_lot
from tests.custody.cases import of, offered, sign
from tests.worlds.planting import PLACES, World, photo

from baoton.custody.actions import seize
from baoton.custody.models import Lot
from baoton.enforcement.court import bind
from baoton.enforcement.models import Act, Case, Circumstances, Grant, Item, Tool
from baoton.enforcement.models import Person as Named
from baoton.files.actions import attach
from baoton.files.models import Evidence
from baoton.kit.access import System
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import audit, outbox, write
from baoton.patrols.models import Leg, Patrol, Sign, SignKind, Team
from baoton.places.queries import assign
from baoton.rescue.models import Animal, Point, Release, Sighting
from baoton.tips import actions as tips
from baoton.tips.models import Tip

DAY, EVENTS = date(2026, 10, 5), 600
APPS = ("patrols.", "custody.", "tips.", "enforcement.", "rescue.", "together.")


def make(actor: Any, row: Any) -> Any:
    return write.create(REGISTERS[row._meta.label_lower], actor, row)


def do(actor: Any, row: Any, verb: str, **said: Any) -> Any:
    stored = type(row).objects.get(pk=row.pk)
    return write.act(REGISTERS[row._meta.label_lower], actor, stored, verb, said)


def here(world: World) -> tuple[float, float]:
    """A place in one commune where nothing else lies, further east in the second world; lengths are the same."""
    lon, lat = PLACES["lonely"][0]
    return lon + 0.001 + 0.004 * world.number, lat + 0.001


def commune() -> str:
    """The commune in which these places lie, in both worlds."""
    lon, lat = PLACES["lonely"][0]
    return str(assign([lon], [lat])[0][0])


def plant_books(world: World, area: str) -> None:
    """Patrols and animals in a commune whose people see them without their place; the rest far from everybody."""
    dung: Any = of("dung")
    world.books["patrol"] = patrol(world, dung)
    world.books["tip"] = tip(world, area)
    world.books["animal"], world.books["release"] = animals(world, dung)
    world.books["lot"], world.books["once theirs"] = lots(world, dung, area)
    world.books["case"], world.books["shared"] = cases(world, dung, area)
    outbox.drain()


def plant_more(world: World, area: str) -> None:
    """More of what is another body's alone: one row of each kind in the first world, three in the second."""
    dung: Any = of("dung")
    for n in range(1 + 2 * world.number):
        one = make(
            dung, Case(title=f"{world.words} {n}", day=DAY, area_path=area, code=f"VV-{world.words}-{n}")
        )
        kept = lot(dung, area, f"{world.words} {n}", origin=one.code)
        for row in (Named(case=one, name=world.words), Item(case=one, name=world.words, lot=kept)):
            make(dung, row)
        do(dung, one, "minute", on=DAY + timedelta(n))
    outbox.drain()
    while AuditEvent.objects.count() < EVENTS:  # how much was written meanwhile is no secret
        audit.write(System(), "custody.lot.see")


def patrol(world: World, dung: Any) -> Patrol:
    """Planned and walked elsewhere in each world: its way, what was found, who went."""
    team = make(dung, Team(name="Tổ 1", area_path="12/03451"))
    lon, lat = here(world)
    way = shapely.LineString([(lon, lat), (lon + 0.003, lat + 0.002), (lon + 0.006, lat)])
    one = Patrol(
        day_start=DAY, people=4, team=team, locality=world.words, objective=world.words, report=world.words,
        code="TT-1", area_path=commune(),
    )  # fmt: skip
    one.put(way)
    one = make(dung, one)
    leg = Leg(patrol=one, day=DAY, hours=4.0, note=world.words)
    leg.put(way)
    world.books["leg"] = make(dung, leg)
    sign_ = Sign(
        patrol=one, kind=SignKind.objects.get(code="snare"), day=DAY, count=3, locality=world.words, what=world.words,
        note=world.words,
    )  # fmt: skip
    sign_.put_point(lon + 0.003, lat + 0.002)
    world.books["sign"] = make(dung, sign_)
    attach(dung, world.books["sign"], [photo(world, lon, lat)], f"{world.words}.jpg", creator=world.words)
    done: Patrol = do(dung, one, "finish", report=world.words)
    return done


def tip(world: World, area: str) -> Tip:
    """What a sender told, what was said back, and how to reach him."""
    row = Tip(kind="snare", what=f"Bẫy ở {world.words}", locality=world.words, area_path=area, hour="tối")
    made, _code = tips.receive(row, "khoá của mẫu", [], f"091234567{world.number}")
    attach(System(), made, [photo(world, *here(world))], f"{world.words}.jpg")
    tips.add_word(made, f"Họ lại đến {world.words}")
    tips.say(of("dung"), made, f"Mai đi {world.words}")
    done: Tip = do(of("dung"), made, "nothing", answer=f"Đã xem {world.words}")
    return done


def lot(actor: Any, area: str, words: str, **more: Any) -> Lot:
    given = {
        "kind": "dead",
        "written": "Khỉ vàng",
        "count": 3,
        "kg": "6.250",
        "origin": words,
        "place": words,
    }
    return seize(actor, area_path=area, **{**given, "condition": words, **more})


def lots(world: World, dung: Any, area: str) -> tuple[Lot, Lot]:
    """A lot of another body, once offered and taken back; and one that the police gave away, of which they may read
    the chain up to their own step."""
    words, minh = world.words, of("minh")
    one = lot(dung, area, words, count=3 + world.number)
    of_lot(dung, one, "seal", new_seal=words)
    offer = offered(dung, one, minh.organisation_id, state="nguyên")
    do(dung, offer, "take_back", reason="đổi ý")
    attach(dung, one, [photo(world, *here(world))], f"{words}.jpg", creator=words)
    theirs = lot(minh, area, "Vụ 3/2026")
    sign(dung, offered(minh, theirs, dung.organisation_id), to_place="kho Hạt", found="đủ")
    of_lot(dung, theirs, "seal", new_seal=words, state=words)
    of_lot(dung, theirs, "weigh", n_kg=str(5 + world.number), reason=words)
    return one, theirs


def cases(world: World, dung: Any, area: str) -> tuple[Case, Case]:
    """A case of another body with all that stands on it, and one of which the police are lent the facts alone."""
    shared, hidden = (case(world, dung, area, title) for title in ("Vụ chia sẻ", world.words))
    past = date(2026, 11, 1)
    for about, body, parts in (
        (hidden, "canh_sat_moi_truong", {"facts": True, "items": True, "persons": True, "documents": True}),
        (shared, "canh_sat_moi_truong", {"facts": True}), (shared, "quan_ly_thi_truong", {"facts": True}),
    ):  # fmt: skip
        made = make(dung, Grant(case=about, body=body, purpose="phối hợp", until=date(2027, 6, 1), **parts))
        if about is hidden:
            Grant.objects.filter(pk=made.pk).update(since=past, until=past)
        elif body == "quan_ly_thi_truong":
            do(dung, made, "revoke", reason=world.words)
    return hidden, shared


def case(world: World, dung: Any, area: str, title: str) -> Case:
    told = title == world.words
    one = Case(
        code=f"VV-{world.words}" if told else "VV-CHUNG", title=title, day=DAY, area_path=area,
        locality=world.words if told else "bản A",
    )  # fmt: skip
    if told:
        one.put_point(*PLACES["lonely"][world.number])
    one = make(dung, one)
    for row in (
        Act(case=one, act=("keeping", "hunting")[world.number], note=world.words),
        Named(case=one, name=world.words, identity=f"01234567890{world.number}", address=world.words),
        Item(case=one, name=world.words, kind="animal", number=3 + world.number, value=1_000_000 + world.number),
        Tool(case=one, name=world.words, number=1 + world.number), Circumstances(case=one, tools=1 + world.number),
    ):  # fmt: skip
        if told or not isinstance(row, Act | Circumstances):  # lent with the facts, they are told
            row = make(dung, row)
            attach(
                dung,
                row,
                [b"%PDF-1.4 " + world.words.encode()],
                f"{world.words}.pdf",
                media_type="application/pdf",
            )
    if told:
        do(dung, one, "minute", on=DAY)
        world.books["bound"] = bind(dung, Case.objects.get(pk=one.pk))
    return one


def animals(world: World, dung: Any) -> tuple[Animal, Release]:
    """One taken in, one let go and seen again, each elsewhere in each world."""
    made = []
    for n, written in enumerate(("Khỉ vàng", "Cu li nhỏ")):
        one = Animal(
            written=written, told_on=DAY, code=f"Đ{n}", locality=world.words, note=world.words, area_path=commune(),
        )  # fmt: skip
        one.put_point(*here(world))
        one = make(dung, one)
        made.append(do(dung, one, "receive", received_on=DAY, health="healthy", receiver="Pao"))
    lan: Any = of("lan")
    do(lan, made[0], "decide_release", decided_by="Sở", decision="1")
    plan = Release(
        planned=DAY + timedelta(9), code="T1", locality=world.words, method=world.words, area_path=commune(),
        forest_owner=world.words, monitoring=world.words,
    )  # fmt: skip
    plan.put_point(*here(world))
    plan = make(lan, plan)
    for point in Point.objects.filter(release=plan):
        write.edit(REGISTERS["rescue.point"], lan, point, {"state": "met"})
    do(lan, made[0], "join", release=plan.pk)
    plan = do(lan, plan, "carry_out", on=DAY + timedelta(9), report=world.words)
    again = Sighting(animal_id=made[0].pk, kind="seen", day=DAY + timedelta(10), locality=world.words)
    again.put_point(*here(world))
    world.books["sighting"] = make(lan, again)
    attach(dung, made[1], [photo(world, *here(world))], f"{world.words}.jpg", creator=world.words)
    return made[1], plan


def books() -> Iterator[Any]:
    yield from (r for n, r in REGISTERS.items() if n.startswith(APPS))


def pages_of(world: World) -> Iterator[str]:
    """The addresses that are of one row of these books alone."""
    made = world.books
    yield from (
        "/phoi-hop/", f"/vu-viec/{made['case'].pk}/goi-y/", f"/vu-viec/{made['shared'].pk}/goi-y/",
        f"/vu-viec/ho-so/{made['bound'].pk}.pdf", f"/tang-vat/{made['lot'].pk}/chuoi/",
        f"/tang-vat/{made['lot'].pk}/nhan/",
        f"/tang-vat/{made['once theirs'].pk}/chuoi/", f"/tuan-tra/{made['patrol'].pk}/loai-gap/",
        f"/tuan-tra/{made['patrol'].pk}/tuyen.gpx", f"/cuu-ho/{made['animal'].pk}/ho-so.pdf",
        f"/cuu-ho/hom-nay/{made['animal'].pk}/food/", "/lich.ics", "/tuan-tra/do-phu/", "/cuu-ho/nam/",
    )  # fmt: skip


LINKS = ("case", "lot", "patrol", "tip", "animal", "release")


def of_books(world: World, words: tuple[str, ...]) -> Iterator[str]:
    """Everything planted in these books, by its list, each of its rows, its items, its files, its links."""
    yield from (*pages_of(world), *photos(), *orders())
    for register in books():
        base, items = register.url(), f"/api/collections/{register.slug}/items"
        rows = list(register.model._default_manager.order_by("pk").values_list("pk", flat=True)[:12])
        yield from (f"{base}?{asked}" for asked in ("count=exact", f"sort={register.fields[0].name}"))
        yield from (
            f"{base}?sort={side}{kind.name}&cols={kind.name}"
            for kind in register.fields
            for side in ("", "-")
        )
        yield from (f"{base}xuat.{kind}?columns={register.fields[-1].name}" for kind in ("csv", "xlsx"))
        for word in (*words, "VV-", "TV-"):
            yield from (f"{base}?q={word}", f"{items}?q={word}&count=exact")
            yield from (f"{base}goi-y/?by={by}&q={word}" for by in ("code", "number", "name", "title"))
        for one in register.filters:
            if one.name in LINKS:
                keys = [world.books[n].pk for n in LINKS if n in world.books]
                yield from (f"{base}?{one.name}={pk}" for pk in keys)
                yield from (f"{items}?{one.name}={pk}&count=exact" for pk in keys)
        for pk in rows:
            at = f"{base}{pk}/"
            yield from (
                at,
                f"{at}sua/",
                f"{at}van-ban.docx",
                f"{at}van-ban.pdf",
                f"{at}tep/paper",
                f"{at}tep/photo",
            )
            yield from (f"{items}/{pk}", f"/vi-sao/{register.slug}/{pk}/")


def photos() -> Iterator[str]:
    """Every photo and paper by its own address, bare and as it came."""
    for one in Evidence.objects.order_by("pk"):
        if not one.about_type.startswith(APPS):
            continue
        pk = one.pk
        yield from (f"/minh-chung/{pk}/tep", f"/minh-chung/{pk}/tep?original=1", f"/so/files-evidence/{pk}/")


def orders() -> Iterator[str]:
    """Lists in the order of what is hidden in them."""
    for register in books():
        hidden = [n for n in getattr(register.model, "place_words", ()) if register.field(n) is not None]
        yield from (f"{register.url()}?sort={side}{name}" for name in hidden for side in ("", "-"))


def few_of_books(world: World) -> Iterator[str]:
    """What of these books the bounded trial asks: the pages of their own, a list and a row of each kind."""
    yield from pages_of(world)
    for name in ("patrol", "sign", "tip", "lot", "case", "shared", "animal", "release"):
        row = world.books[name]
        register = REGISTERS[row._meta.label_lower]
        yield from (register.url(), register.url(row), f"{register.url()}xuat.csv")
        yield f"/api/collections/{register.slug}/items?limit=100&count=exact"


def sent_to_books(world: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Forms and verbs as questions: is this code taken, is this row there?"""
    for name in (
        "patrol",
        "leg",
        "sign",
        "tip",
        "lot",
        "once theirs",
        "case",
        "shared",
        "animal",
        "release",
        "sighting",
    ):
        row = world.books[name]
        register = REGISTERS[row._meta.label_lower]
        at = register.url(row)
        yield f"edit {name}", f"{at}sua/", {"note": "x", "revision": "1"}
        yield f"remark {name}", f"{at}y-kien/", {"text": "@lan xem giúp"}
        for verb in register.verbs:
            word = getattr(verb, "name", verb)
            yield f"{word} {name}", f"{at}lam/{word}/", {"reason": "x", "revision": "1", "on": "05/10/2026"}
    day = {"day": "05/10/2026", "area_path": "12/03451"}
    for code in ("VV-BIMAT-HANG-YEN-0", "VV-CAMDOC-khe suối ngầm số một", "VV-CHUNG", "VV-CHUA-CO"):
        yield f"case {code}", "/so/enforcement-case/moi/", {"title": "x", "code": code, **day}
        yield f"item {code}", "/so/enforcement-item/moi/", {"case": code, "name": "x"}
    yield (
        "lot",
        "/so/custody-lot/moi/",
        {"kind": "dead", "written": "Khỉ", "count": "1", "hour": "08:00", **day},
    )
    yield "merge", f"{REGISTERS['custody.lot'].url(world.books['once theirs'])}lam/merge/", {
        "other": world.books["lot"].number, "reason": "x"}  # fmt: skip
    yield "bind", f"/vu-viec/{world.books['case'].pk}/dong-quyen/", {}
    yield "square", "/tuan-tra/di-tiep/", {"square": "1"}
    yield "receipt", "/bao-tin/loi-nhan/", {"code": "ABCD-EFGH-JKMN", "text": "x"}
