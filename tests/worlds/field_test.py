"""Works, cameras, surveys and restocking: two installations that differ in hidden places alone are answered alike.

The bounded form asks three for each row, list and page; `BAOTON_TRIALS=1` asks everybody at every order, word,
box, link and file.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from tests.worlds.asking import SECRET, User, ask, sent, stand, users
from tests.worlds.comparing import canonical, difference
from tests.worlds.field import few_of_field, of_field, plant_field, sent_to_field
from tests.worlds.planting import World
from tests.worlds.two_worlds_test import SESSIONS, Ids, stop_the_clocks

from baoton.kit import ids
from baoton.people import sessions

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WHOLE = os.environ.get("BAOTON_TRIALS") == "1"
FEW = {"hoa"}
WIDE = User("xã của cả tỉnh", (("commune", "12", "", ""),))
"""May write works and what stands in them anywhere, and knows the place of none that is guarded."""


def told(world: World, also: dict[str, None]) -> dict[tuple[str, str], dict[str, bytes]]:
    """Everything that everybody is answered in one world, at its own addresses and those of the other."""
    found = {}
    every = dict.fromkeys([*few_of_field(world), *(of_field(world, SECRET) if WHOLE else ()), *also])
    also |= every
    for one in (None, WIDE, *(u for u in users() if WHOLE or u.name in FEW)):
        browser = Client()
        if one is not None:
            person = stand(one)
            for left in sessions.of(person):
                sessions.end(person, left.digest)
            browser.force_login(person)
        who = one.name if one else ""
        found |= {(who, address): canonical(ask(browser, address), {}) for address in every}
        for name, path, given in sent_to_field(world) if WHOLE else ():
            found[who, name] = canonical(sent(browser, path, given), {})
    return found


def test_works_and_field_work_answer_alike_in_two_worlds(
    province: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    stop_the_clocks(monkeypatch)
    monkeypatch.setattr(settings, "SESSION_ENGINE", SESSIONS)
    answers, asked = [], dict[str, None]()
    for number in (0, 1):
        with transaction.atomic():
            made, world = Ids(), World(number)
            monkeypatch.setattr(ids, "_uuid7", made)
            with django_capture_on_commit_callbacks(execute=True):
                plant_field(world)
                made.n = 1_000_000
            answers.append(told(world, asked))
            transaction.set_rollback(True)
    differ = {key: difference(answers[0].get(key, {}), answers[1].get(key, {})) for key in answers[1]}
    wrong = {key: why for key, why in differ.items() if why and key in answers[0]}
    opened = sum(one["status"] == b"200" for one in answers[0].values())
    tried = f"{len(answers[0])} asked, {opened} opened, {len(wrong)} differ"
    if place := os.environ.get("BAOTON_TRIALS_OUT"):
        with Path(place).open("a") as out:
            out.write(f"# field: {tried}\n")
            out.writelines(f"{who}\t{where}\t{why}\n" for (who, where), why in wrong.items())
    assert opened > 40, tried
    assert not wrong, tried + "\n" + "\n".join(f"{who} {where}: {why}" for (who, where), why in wrong.items())
