"""A lot of another body and one that does not exist answer alike; a former holder reads its chain up to its step."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from tests.custody.cases import act, lot, of, offered, sign

from baoton.custody import simulate
from baoton.custody.models import Lot, Offer, Step
from baoton.custody.queries import chain, verify
from baoton.files.actions import attach
from baoton.kit import blobs
from baoton.kit.models import StoredFile
from baoton.kit.writing import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
SECRET = "Kẽm Bạc Đáy Hang"


def photo(actor: Any) -> StoredFile:
    blob = blobs.store(ContentFile(b"\xff\xd8\xff\xe0 not a real one").chunks(), "image/jpeg")
    return StoredFile.objects.create(
        sha256=blob.sha256, size=blob.size, media_type="image/jpeg", name="anh.jpg", actor_id=actor.actor_id,
        actor_name=str(actor),
    )  # fmt: skip


def browser(name: str) -> Client:
    one = Client()
    one.force_login(of(name))
    return one


def answer(page: Client, address: str) -> tuple[int, str]:
    told = page.get(address)
    body = b"".join(told.streaming_content) if told.streaming else told.content  # type: ignore[attr-defined]
    return told.status_code, body.decode("utf-8", "replace")


def lists() -> list[str]:
    base = "/so/custody-lot/"
    return [
        base, f"{base}?count=1", f"{base}?status=held", f"{base}?q=TV-", "/so/custody-step/", "/so/custody-offer/",
        f"{base}xuat.csv", "/so/custody-step/xuat.csv", "/so/custody-offer/xuat.csv", "/tim/?q=kem+bac",
        "/api/collections/custody-lot/items?limit=1000", "/api/collections/custody-step/items?limit=1000",
        "/api/changes?since=2020-01-01", "/tang-vat/nhan/", "/tang-vat/ky-nhan/", "/",
    ]  # fmt: skip


def of_lot(pk: Any, step: Any) -> list[str]:
    return [
        f"/so/custody-lot/{pk}/", f"/tang-vat/{pk}/nhan/", f"/tang-vat/{pk}/chuoi/", f"/so/custody-step/{step}/",
        f"/so/custody-lot/{pk}/tep/photo", f"/so/custody-step/{step}/tep/photo",
        f"/api/collections/custody-lot/items/{pk}", f"/api/collections/custody-step/items/{step}",
    ]  # fmt: skip


@pytest.fixture
def secret() -> Lot:
    one = lot(
        of("dung"), written=SECRET, kind="tool", condition=SECRET, place=SECRET, photo=photo(of("dung"))
    )
    outbox.drain()
    return one


@pytest.mark.parametrize("name", ["minh", "thu", "sung", "pao", "hoa", "khoa", "lan", "thanh", "quan"])
def test_nobody_of_another_body_is_told_anything_of_a_lot(name: str, secret: Lot) -> None:
    page, step = browser(name), chain(secret)[0].pk
    for address in lists():
        told = answer(page, address)[1]
        assert SECRET not in told and secret.number not in told, address
    absent = of_lot(uuid4(), uuid4())
    for mine, none in zip(of_lot(secret.pk, step), absent, strict=True):
        assert answer(page, mine)[0] == answer(page, none)[0] != 200, mine


def test_its_own_body_and_whoever_it_is_offered_to_see_it_with_photo_and_label(secret: Lot) -> None:
    dung, minh, step = browser("dung"), browser("minh"), chain(secret)[0].pk
    for address in of_lot(secret.pk, step):
        assert answer(dung, address)[0] == 200, address
    assert "Liền mạch" in answer(dung, f"/so/custody-lot/{secret.pk}/")[1]
    offer = offered(of("dung"), secret, of("minh").organisation_id)
    assert SECRET in answer(minh, f"/so/custody-lot/{secret.pk}/")[1]
    assert SECRET in answer(minh, "/tang-vat/ky-nhan/")[1]
    assert SECRET not in answer(browser("thu"), "/tang-vat/ky-nhan/")[1]
    sign(of("minh"), offer, "refuse", reason="không đủ")
    assert answer(minh, f"/so/custody-lot/{secret.pk}/")[0] == 404
    assert SECRET not in answer(minh, "/so/custody-step/")[1]


def test_papers_of_a_lot_are_read_by_who_holds_it_or_is_asked_to_sign(secret: Lot) -> None:
    attach(of("dung"), secret, [b"bien ban"], "Giấy Kín Của Hang", kind="document", media_type="text/plain")
    outbox.drain()
    for name, sees in (("dung", True), ("minh", False), ("sung", False), ("lan", False)):
        page = browser(name)
        for address in ("/so/files-evidence/", "/so/files-evidence/xuat.csv"):
            assert ("Giấy Kín" in answer(page, address)[1]) is sees, (name, address)
    offered(of("dung"), secret, of("minh").organisation_id)
    assert "Giấy Kín" in answer(browser("minh"), f"/so/custody-lot/{secret.pk}/")[1]


def test_a_former_holder_reads_the_chain_up_to_its_own_step(secret: Lot) -> None:
    dung, minh = of("dung"), of("minh")
    sign(minh, offered(dung, secret, minh.organisation_id))
    act(minh, secret, "move", to_place="Hầm Bí Mật", reason="kín")
    assert [one.position for one in chain(secret, dung)] == [1, 2]
    assert [one.position for one in chain(secret, minh)] == [1, 2, 3]
    page = browser("dung")
    told = answer(page, f"/tang-vat/{secret.pk}/chuoi/")
    assert (
        told[0] == 200 and secret.number in told[1] and "Liền mạch" in told[1] and "Hầm Bí Mật" not in told[1]
    )
    assert answer(page, f"/so/custody-lot/{secret.pk}/")[0] == 404
    outbox.drain()
    for address in lists():
        assert "Hầm Bí Mật" not in answer(page, address)[1], address


def test_every_verb_can_be_done_from_the_page_and_the_inbox(secret: Lot) -> None:
    page, base = browser("dung"), f"/so/custody-lot/{secret.pk}"
    shown = answer(page, f"{base}/")[1]
    assert "niêm phong" in shown and "Tang vật" in shown
    assert 'viewBox="0 0' in answer(page, f"/tang-vat/{secret.pk}/nhan/")[1], "the code shrinks whole"
    page.post(f"{base}/lam/seal/", {"seal-new_seal": "NP-9"})
    assert Lot.objects.get(pk=secret.pk).seal == "NP-9"
    page.post(f"{base}/lam/offer/", {"offer-to_body": of("minh").organisation_id, "offer-reason": "BB 7"})
    offer, phone = Offer.objects.get(lot=secret), browser("minh")
    assert f'id="de-nghi-{offer.pk}"' in answer(phone, "/tang-vat/ky-nhan/")[1]
    phone.post(
        f"/so/custody-offer/{offer.pk}/lam/accept/", {"accept-found": "còn nguyên", "accept-to_place": "kho"}
    )
    assert Lot.objects.get(pk=secret.pk).holder == of("minh").actor_id
    assert f'id="de-nghi-{offer.pk}"' not in answer(phone, "/tang-vat/ky-nhan/")[1]
    assert verify(secret).whole


def test_the_command_says_the_same_sentence_and_ends_with_one_where_a_chain_broke(
    secret: Lot, capsys: Any
) -> None:
    from argparse import Namespace

    from baoton.site.commands import verify_custody

    assert verify_custody(Namespace(which=secret.number)) == 0
    assert f"{secret.number}: liền mạch" in capsys.readouterr().out
    Step.objects.filter(lot=secret).update(place="nơi khác")
    assert verify_custody(Namespace(which=secret.origin)) == 1
    assert "đứt ở bước 1, vì " in capsys.readouterr().out
    with pytest.raises(ValueError, match="không có"):
        verify_custody(Namespace(which="TV-0"))


def test_the_simulated_lots_have_whole_chains() -> None:
    import numpy as np

    truth: dict[str, Any] = {}
    from datetime import date

    assert simulate.simulate(np.random.default_rng(8), 2026, date(2026, 11, 15), truth) == 10
    assert [str(verify(one)) for one in Lot.objects.all()] == ["liền mạch"] * 11
    assert len(truth["custody"]) == 10
