"""The books of patrols, tips, lots, cases and animals in keeping: two installations that differ in them alone.

A part of the trial of the two worlds that is asked by itself, at every list, order, row, item, file, photo, link and
form of these books; `BAOTON_TRIALS=1` asks everybody, else it is left to the bounded trial.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from tests.worlds.asking import SECRET, ask, facility_area, sent, stand, users
from tests.worlds.books import few_of_books, of_books, plant_books, plant_more, sent_to_books
from tests.worlds.comparing import canonical, difference
from tests.worlds.planting import World
from tests.worlds.two_worlds_test import SESSIONS, Ids, stop_the_clocks

from baoton.kit import ids
from baoton.kit.models import AuditEvent
from baoton.people import sessions

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WHOLE = os.environ.get("BAOTON_TRIALS") == "1"
WHO = [u.strip() for u in os.environ.get("BAOTON_TRIALS_WHO", "").split(",") if u.strip()]


def heads() -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for head in AuditEvent.objects.exclude(hash="").values_list("hash", flat=True):
        found |= {head.encode(): b"HEAD", head[:16].encode(): b"HEAD", head[:12].encode(): b"HEAD"}
    return found


def told(world: World, whole: bool) -> dict[tuple[str, str], dict[str, bytes]]:
    """Everything that everybody is answered in one world."""
    found = {}
    for one in (u for u in users() if not WHO or u.name in WHO):
        browser, person = Client(), stand(one)
        for left in sessions.of(person):
            sessions.end(person, left.digest)
        browser.force_login(person)
        known = heads()
        for address in [*few_of_books(world), *(of_books(world, SECRET) if whole else ())]:
            found[one.name, address] = canonical(ask(browser, address), known)
        for name, path, given in sent_to_books(world):
            found[one.name, name] = canonical(sent(browser, path, given), known)
    return found


@pytest.mark.skipif(not WHOLE, reason="the bounded trial asks a part of it")
def test_the_later_books_answer_alike_in_two_worlds(
    province: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    stop_the_clocks(monkeypatch)
    monkeypatch.setattr(settings, "SESSION_ENGINE", SESSIONS)
    answers = []
    for number in (0, 1):
        with transaction.atomic():
            made, world = Ids(), World(number)
            monkeypatch.setattr(ids, "_uuid7", made)
            with django_capture_on_commit_callbacks(execute=True):
                plant_books(world, facility_area())
                made.n = 1_000_000
                plant_more(world, facility_area())
                made.n = 2_000_000
            answers.append(told(world, os.environ.get("BAOTON_TRIALS_FEW") != "1"))
            transaction.set_rollback(True)
    every = dict.fromkeys([*answers[0], *answers[1]])
    differ = {key: difference(answers[0].get(key, {}), answers[1].get(key, {})) for key in every}
    wrong = {key: why for key, why in differ.items() if why}
    opened = sum(one["status"] == b"200" for one in answers[0].values())
    tried = f"{len(answers[0])} asked, {opened} opened, {len(wrong)} differ"
    if place := os.environ.get("BAOTON_TRIALS_OUT"):
        with Path(place).open("a") as out:
            out.write(f"# books: {tried}\n")
            out.writelines(f"{who}\t{where}\t{why}\n" for (who, where), why in wrong.items())
    assert opened > 20, tried
    assert not wrong, tried + "\n" + "\n".join(f"{who} {where}: {why}" for (who, where), why in wrong.items())
