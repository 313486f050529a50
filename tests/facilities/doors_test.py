"""What every role may know of a facility, searched for in every byte of every door."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.facilities.cases import MU_CA, SYSTEM, act, book, facility, stock, taxon
from tests.facilities.dossiers_test import walked
from tests.facilities.pages_test import signed_in

from baoton.facilities.models import Canvass, Facility, Inspection, Owner, Planted
from baoton.files.actions import attach
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.people.actions import give
from baoton.people.models import Organisation, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
OWNER, IDENTITY, PHONE, ADDRESS = "Bí Mật Chủ Nhân", "098700112233", "0987001122", "ngõ Kín Đáo"
PARTNER, PAPER, GROWER, SIGNAL = "Đối Tác Giấu Tên", "Giấy Giấu Kín", "Người Trồng Giấu", "cuộc sắp tới giấu"
CODE = "IIB-LCH-0001"
PERSONAL = (IDENTITY, PHONE, ADDRESS)
BEYOND = (*PERSONAL, OWNER, PARTNER, PAPER, GROWER, SIGNAL)
KNOWN_TO_POLICE = {"facility", "code", "stock"}


@pytest.fixture
def planted(province: None) -> dict[str, Any]:
    """A coded facility with owner, book, dossier, papers, a visit to come, and a grower without a code."""
    held = write.create(
        book("owner"), SYSTEM,
        Owner(name=OWNER, kind="person", identity=IDENTITY, phone=PHONE, address=ADDRESS, area_path=MU_CA),
    )  # fmt: skip
    at = facility("Trại Nậm Kè", owner=held)
    civets = stock(at, capacity=77)
    civets = act("stock", civets, "opening", kind="dam", amount=41, note="kiểm đếm")
    act("stock", civets, "bought", kind="dam", amount=2, day=date(2026, 3, 2), partner=PARTNER, paper="HĐ 1")
    one = act("application", walked(at, date(2026, 4, 1)), "grant")
    attach(SYSTEM, one, [b"%PDF-1.4 x"], f"{PAPER}.pdf", media_type="application/pdf")
    attach(SYSTEM, at, [b"%PDF-1.4 y"], f"{PAPER}.pdf", media_type="application/pdf")
    visit = Inspection(
        facility=at, kind="unannounced", day=timezone.localdate(), why=SIGNAL, organisation="kiem_lam"
    )
    row = Planted(
        grower=GROWER,
        phone=PHONE,
        identity=IDENTITY,
        area_path=MU_CA,
        taxon=taxon("Panax vietnamensis"),
        year=2020,
        amount=4,
    )
    return {
        "owner": held, "facility": Facility.objects.get(pk=at.pk), "stock": civets, "application": one,
        "inspection": write.create(book("inspection"), SYSTEM, visit),
        "planted": write.create(book("planted"), SYSTEM, row),
        "canvass": write.create(book("canvass"), SYSTEM, Canvass(area_path=MU_CA, finished=date(2026, 11, 2))),
    }  # fmt: skip


def addresses(planted: dict[str, Any]) -> list[str]:
    """Every door of the books of facilities, and every page that is no book's."""
    at, held = planted["facility"], planted["stock"]
    found = [
        "/", "/tim/?q=bi+mat", "/tim/?q=nam+ke", "/tim/goi-y/?q=bi+mat", "/api/changes?since=2020-01-01",
        f"/ma-so/{CODE}/", "/so/files-evidence/", "/so/files-evidence/xuat.csv",
        f"/co-so/{at.pk}/qr.svg", f"/so-theo-doi/{held.pk}/so.xlsx", "/kiem-tra/ke-hoach/", "/mau-van-ban/",
        "/thong-ke-noi-trong/", "/thong-ke-noi-trong/danh-sach.docx", "/thong-ke-noi-trong/danh-sach.xlsx",
        f"/kiem-tra/{planted['inspection'].pk}/",
        f"/du-thao/facilities-application/{planted['application'].pk}/check.docx",
        "/dia-ban/03451/", "/bao-cao/", "/ban-do/?register=facilities-facility",
    ]  # fmt: skip
    for register in (r for n, r in REGISTERS.items() if n.startswith("facilities.")):
        base = register.url()
        found += [
            base,
            f"{base}?q=bi+mat",
            f"{base}?area={MU_CA}",
            f"{base}ban-lam-viec/",
            f"{base}goi-y/?q=bi",
            f"{base}?{'&'.join(f'cols={k.name}' for k in register.fields)}",
        ]
        found += [f"{base}xuat.{kind}" for kind in ("csv", "xlsx", "geojson", "gpkg")]
        found += [f"/api/collections/{register.slug}/items?limit=1000"]
        for record in register.model.objects.all():
            found += [f"{base}{record.pk}/", f"{base}{record.pk}/sua/", f"{base}{record.pk}/van-ban.docx"]
            found += [f"/api/collections/{register.slug}/items/{record.pk}"]
    return found


def received(browser: Client, planted: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for address in addresses(planted):
        answer = browser.get(address)
        got = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        if got[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(got)) as held:
                got = b"\n".join(held.read(n) for n in held.namelist())
        yield address, re.sub(r"[?&]q=[^\"&]*", "", got.decode("utf-8", "replace"))


def leaks(browser: Client, planted: dict[str, Any], needles: tuple[str, ...]) -> list[str]:
    return [f"{a}: {n}" for a, text in received(browser, planted) for n in needles if n in text]


@pytest.mark.parametrize("name", ["minh", "thu"])
def test_police_and_market_control_learn_code_species_capacity_and_balance_and_nothing_more(
    planted: dict[str, Any], name: str
) -> None:
    browser = signed_in(name)
    assert leaks(browser, planted, BEYOND) == []
    page = browser.get(book("stock").url(planted["stock"])).content.decode()
    assert "Paradoxurus hermaphroditus" in page and "77" in page and "43" in page
    assert CODE in browser.get(book("facility").url(planted["facility"])).content.decode()
    for name_, register in REGISTERS.items():
        short = name_.removeprefix("facilities.")
        if name_.startswith("facilities.") and short not in KNOWN_TO_POLICE:
            assert browser.get(register.url()).status_code in {403, 404}, name_


def test_the_public_learns_of_the_card_alone(planted: dict[str, Any]) -> None:
    assert leaks(Client(), planted, (*BEYOND, "Trại Nậm Kè")) == []
    told = {a for a, text in received(Client(), planted) if CODE in text}
    assert told == {f"/ma-so/{CODE}/"}


def test_another_commune_and_another_keeper_learn_nothing_of_the_owner(planted: dict[str, Any]) -> None:
    Organisation.objects.create(code="co_so_2", name="Cơ sở khác")
    keeper = Person.objects.create(username="chu_khac", organisation_id="co_so_2")
    give(SYSTEM, keeper, "keeper", organisation="co_so_2")
    for name in ("chu_khac", "pao"):
        assert leaks(signed_in(name), planted, (*BEYOND, "Trại Nậm Kè")) == [], name


def test_identity_and_phone_stand_in_no_list_or_file_and_on_the_owners_page_alone_whose_opening_is_kept(
    planted: dict[str, Any],
) -> None:
    for name in ("dung", "lan", "sung"):
        seen = leaks(signed_in(name), planted, (IDENTITY, PHONE))
        own = book("owner").url(planted["owner"])
        mended = f"{book('planted').url(planted['planted'])}sua/"  # the form of whoever may mend the numbers
        strange = [
            one for one in seen if not one.startswith((own, mended, f"{book('owner').url()}ban-lam-viec/"))
        ]
        assert strange == [], name
        opened = AuditEvent.objects.filter(
            verb="facilities.owner.see", actor_name=str(Person.objects.get(username=name))
        ).count()
        assert (opened > 0) == bool(seen), name


def test_a_keeper_does_not_learn_of_the_visit_that_is_to_surprise_him(planted: dict[str, Any]) -> None:
    Organisation.objects.create(code="co_so_1", name="Cơ sở Nậm Kè")
    for one in (planted["facility"], planted["stock"]):
        type(one).objects.filter(pk=one.pk).update(organisation="co_so_1")
    keeper = Person.objects.create(username="chu_trai", organisation_id="co_so_1")
    give(SYSTEM, keeper, "keeper", organisation="co_so_1")
    browser = signed_in("chu_trai")
    assert "Trại Nậm Kè" in browser.get(book("facility").url()).content.decode()
    assert leaks(browser, planted, (SIGNAL,)) == []
