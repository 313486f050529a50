"""Where an animal was found, let go or seen again leaves by no door to whoever may not know it."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from django.db import transaction
from django.test import Client
from tests.rescue.cases import MU_CA, PLACE, SECRET, do, let_go, planned, ready, received, seen, told

from baoton.kit.access import Public
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox, write
from baoton.people.models import Organisation
from baoton.rescue.models import Animal, Paper, Release, Sighting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
READERS = ["sung", "pao", "minh", "thanh", ""]
BOOKS = ("rescue.animal", "rescue.release", "rescue.sighting", "rescue.point", "rescue.care", "rescue.paper",
         "rescue.programme")  # fmt: skip


def everything(lan: Any) -> list[Any]:
    """An animal told of, one let go and seen again, one that died; each paper of theirs."""
    gone = ready(lan, written="Cu li nhỏ", note="bắt ở khe Bí Mật")
    release = let_go(
        lan, gone, method="thả ở khe Bí Mật", monitoring="đi khe Bí Mật", forest_owner="chủ khe Bí Mật"
    )
    seen(lan, gone, "fix", 1)
    waiting = received(lan)
    do(lan, waiting, "notify", noticed_on=waiting.received_on)
    dead = do(lan, received(lan, "hurt"), "die", died_on=waiting.received_on, cause="kiệt sức")
    do(lan, dead, "dispose", way="museum", decided_by="Sở NN&MT", ended_how="Bảo tàng")
    return [
        gone,
        waiting,
        dead,
        told(lan),
        release,
        planned(lan),
        *Sighting.objects.all(),
        *Paper.objects.all(),
    ]


def addresses(rows: list[Any]) -> Iterator[str]:
    for name in BOOKS:
        book = REGISTERS[name]
        base, slug = book.url(), book.slug
        yield from (base, f"{base}?q=Bí+Mật", f"{base}?sort=area_path", f"{base}xuat.csv")
        if not book.located:
            continue
        yield from (
            f"{base}?box=102.3,22.3,102.5,22.5",
            *(f"{base}xuat.{k}" for k in ("xlsx", "geojson", "gpkg")),
        )
        yield from (f"/api/collections/{slug}", f"/api/collections/{slug}/items?limit=100")
        yield from (
            f"/api/collections/{slug}/items?bbox=102.3,22.3,102.5,22.5",
            f"/tiles/{slug}/9/401/223.mvt",
        )
    for row in rows:
        base, slug = REGISTERS[row._meta.label_lower].url(row), REGISTERS[row._meta.label_lower].slug
        yield from (base, f"{base}sua/", f"{base}van-ban.docx", f"/api/collections/{slug}/items/{row.pk}")
        yield from (f"/vi-sao/{slug}/{row.pk}/", f"/nhat-ky/?record={row.pk}")
    yield from (
        "/cuu-ho/hom-nay/",
        "/tim/?q=Bí+Mật",
        "/tim/?q=cu+li",
        "/api/changes?since=2020-01-01",
        "/ke-hoach/",
    )
    yield from (f"/cuu-ho/hom-nay/{r.pk}/food/" for r in rows if isinstance(r, Animal))
    yield from (f"/cuu-ho/{r.pk}/ho-so.pdf" for r in rows if isinstance(r, Animal))


def asked(page: Client, address: str) -> bytes:
    answer = page.get(address)
    got = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if got[:2] == b"PK":
        try:
            with ZipFile(BytesIO(got)) as packed:
                got = b"".join(packed.read(n) for n in packed.namelist())
        except BadZipFile:
            pass
    if got[:5] == b"%PDF-":
        assert shutil.which("pdftotext"), "install poppler-utils to read the printed record"
        got = subprocess.run(["pdftotext", "-", "-"], input=got, capture_output=True, check=True).stdout
    return got.replace("q=Bí+Mật".encode(), b"").replace("“Bí Mật”".encode(), b"")


@pytest.mark.parametrize("name", READERS)
def test_no_door_tells_the_place_to_who_may_not_know_it(person: Callable[[str], Any], name: str) -> None:
    rows = everything(person("lan"))
    outbox.drain()
    page = Client()
    if name:
        page.force_login(person(name))
    for address in addresses(rows):
        told_ = asked(page, address)
        for secret in (*SECRET, b"chu khe bi mat"):
            assert secret not in told_, (address, secret)
        if "box=" in address and "<html" in told_.decode("utf-8", "replace"):
            found = told_.split(b'id="list"')[-1]
            assert not [r for r in rows if hasattr(r, "geom") and f"/{r.pk}/".encode() in found], address


def test_whoever_may_know_is_told_and_whoever_reported_too(person: Callable[[str], Any]) -> None:
    rows = everything(person("lan"))
    page = Client()
    page.force_login(person("dung"))
    assert b"102.41" in asked(page, REGISTERS["rescue.release"].url(rows[4]))
    assert "khe Bí Mật".encode() in asked(page, f"{REGISTERS['rescue.release'].url(rows[4])}van-ban.docx")
    assert "khe Bí Mật".encode() in asked(page, f"/cuu-ho/{rows[0].pk}/ho-so.pdf")
    mine = told(person("sung"))
    page.force_login(person("sung"))
    assert "khe Bí Mật".encode() in asked(page, REGISTERS["rescue.animal"].url(mine))


CHANGING = re.compile(
    rb"csrf\S*|name=\"csrfmiddlewaretoken\"[^>]*>|\d{2}:\d{2}(:\d{2})?(\.\d+)?|datetime=\"[^\"]*\"|[0-9a-f]{64}|nonce=\"[^\"]*\""
    rb"|\"(timeStamp|sealed|at)\":\s*\"[^\"]*\"|<time[^>]*>[^<]*</time>|(?<![0-9A-Z])[0-9A-Z]{5}-[0-9A-Z]{5}(?![0-9A-Z])|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
)


@pytest.mark.parametrize("name", ["sung", "minh", ""])
def test_two_worlds_that_differ_in_hidden_places_alone_answer_alike(
    person: Callable[[str], Any], name: str
) -> None:
    """The same animals found, let go and seen at another place of the commune: not a byte differs."""
    answers: list[dict[str, bytes]] = []
    for shift in (0.0, 0.03):
        with transaction.atomic():
            lan = person("lan")
            keys = _world(lan, shift)
            outbox.drain()
            page = Client()
            if name:
                page.force_login(person(name))
            rows = [model.objects.get(pk=pk) for model, pk in keys]
            told_ = {
                a: CHANGING.sub(b"", asked(page, a))
                for a in addresses(rows)
                if not a.endswith(("xlsx", "gpkg"))
            }
            answers.append(told_)
            transaction.set_rollback(True)
    for address, first in answers[0].items():
        assert first == answers[1][address], address


def _world(lan: Any, shift: float) -> list[tuple[Any, Any]]:
    """Two animals, a release and a sighting under the same keys, at places that the shift moves."""
    from uuid import UUID

    at = (PLACE[0] + shift, PLACE[1] + shift / 2)
    keys = [UUID(int=n) for n in range(1, 4)]
    for n, written in enumerate(("Khỉ vàng", "Cu li nhỏ")):
        one = Animal(id=keys[n], written=written, area_path=MU_CA, code=f"Đ{n}", locality=f"khe {shift}")
        one.put_point(*at)
        write.create(REGISTERS["rescue.animal"], lan, one)
        do(lan, one, "receive", received_on=one.told_on, health="healthy", receiver="Pao")
    do(lan, Animal.objects.get(pk=keys[0]), "decide_release", decided_by="Sở", decision="1")
    plan = Release(id=keys[2], planned=one.told_on, code="T1", area_path=MU_CA, locality=f"khe {shift}")
    plan.put_point(*at)
    write.create(REGISTERS["rescue.release"], lan, plan)
    for point in plan.points.all():
        write.edit(REGISTERS["rescue.point"], lan, point, {"state": "met"})
    do(lan, Animal.objects.get(pk=keys[0]), "join", release=plan.pk)
    do(lan, plan, "carry_out", on=one.told_on, report=f"thả ở khe {shift}")
    again = Sighting(id=UUID(int=9), animal_id=keys[0], kind="seen", day=one.told_on, locality=f"khe {shift}")
    again.put_point(*at)
    write.create(REGISTERS["rescue.sighting"], lan, again)
    return [(Animal, keys[0]), (Animal, keys[1]), (Release, keys[2]), (Sighting, again.pk)]


def test_the_public_sees_no_row_and_other_communes_no_animal(person: Callable[[str], Any]) -> None:
    everything(person("lan"))
    for name in BOOKS:
        assert REGISTERS[name].door(Public()).rows().count() == 0
    animals = REGISTERS["rescue.animal"]
    assert animals.door(person("pao")).rows().count() == 0
    assert animals.door(person("sung")).rows().count() == 4
    assert all(not a.door_precise for a in animals.opened(animals.door(person("sung"))))


def test_a_keeper_sees_the_animals_of_his_facility_alone(person: Callable[[str], Any]) -> None:
    from tests.facilities.cases import facility

    from baoton.kit.access import System
    from baoton.people.actions import give

    lan, body = person("lan"), Organisation.objects.create(code="tram", name="Trạm cứu hộ", private=True)
    home, other = facility(), received(lan, "hurt")
    type(home).objects.filter(pk=home.pk).update(organisation=body.code)
    one = do(lan, received(lan, "hurt"), "admit", facility=home.pk, health="hurt", reason="cần chữa")
    keeper = person("pao")
    keeper.grants.all().delete()
    give(System(), keeper, "keeper", organisation=body.code, reason="nuôi giữ")
    keeper = type(keeper).objects.get(pk=keeper.pk)
    page = Client()
    page.force_login(keeper)
    shown = page.get("/cuu-ho/hom-nay/").content.decode()
    assert one.code in shown and other.code not in shown
    answer = page.post(
        f"/cuu-ho/hom-nay/{one.pk}/food/", {"what": "chuối", "cost": "25.000", "day": str(one.received_on)}
    )
    assert answer.status_code == 302, answer.content.decode()
    assert one.care.get().cost == 25_000
    assert page.get(f"/cuu-ho/hom-nay/{other.pk}/food/").status_code == 404
