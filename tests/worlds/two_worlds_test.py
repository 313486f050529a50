"""Two installations from one seed, equal in all that may be known and different in all that is hidden.

Whoever may not know the hidden places gets, through every door, the same bytes from both. The bounded form asks one
or two addresses of each kind, as some of the users; `BAOTON_TRIALS=1` (`make trials`) asks every door as everybody.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, TestCase
from django.urls import get_resolver, resolve
from django.utils import timezone
from tests.worlds.asking import User, addresses, crawl, facility_area, stand, users
from tests.worlds.books import plant_books, plant_more
from tests.worlds.comparing import canonical, difference
from tests.worlds.doors import NOT_ASKED, patterns, sendings
from tests.worlds.facilities import plant_facility, plant_words
from tests.worlds.planting import World, plant, report

from baoton.kit import ids, keyed
from baoton.kit.models import AuditEvent
from baoton.people import sessions

WHOLE = os.environ.get("BAOTON_TRIALS") == "1"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
]
SESSIONS = "django.contrib.sessions.backends.db"  # a file's age is told by another clock
SLICES = range(8) if WHOLE else range(1)  # each plants anew and asks as some of the users
MAY_KNOW_FACILITIES = {"thanh"}  # leads the province: asked last, where no facility is planted
FEW = {"hoa", "minh", "thực vật", "công an xã nơi đó", "kiểm lâm cơ quan khác"}
NOW = datetime(2027, 1, 15, 3, 0, tzinfo=UTC)  # after every grant of the cast


class Still(datetime):
    """A clock that stands still, so that no answer differs by the second it was given in."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return NOW if tz is not None else NOW.replace(tzinfo=None)


def stop_the_clocks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(timezone, "datetime", Still)
    patch.setattr(sessions, "time", SimpleNamespace(time=NOW.timestamp))


class Ids:
    """Keys in order, the same ones in both worlds."""

    def __init__(self) -> None:
        self.n = 0

    def __call__(self) -> UUID:
        self.n += 1
        return UUID(int=(0x019E << 112) | (7 << 76) | (0b10 << 62) | self.n)

    def many(self, dataset: str, sources: list[str]) -> list[str]:
        return [self().hex for _one in sources]


def asked_as(slice_: int | str) -> list[User]:
    """Who asks in this slice of the trial."""
    every = [User("công chúng", ()), *(u for u in users() if WHOLE or u.name in FEW)]
    if slice_ == "leader":
        return [u for u in every if u.name in MAY_KNOW_FACILITIES]
    return [u for u in every if u.name not in MAY_KNOW_FACILITIES][int(slice_) :: len(SLICES)]


def installation(
    number: int, folder: Path, patch: pytest.MonkeyPatch, facilities: bool = True, later: bool = True
) -> World:
    """One of the two stands in the database of this transaction."""
    made = Ids()
    patch.setattr(ids, "_uuid7", made)
    patch.setattr(keyed, "source_ids", made.many)
    patch.setattr(keyed, "source_id", lambda dataset, source: made())
    patch.setattr("baoton.observations.imports.datasets.source_id", lambda dataset, source: made())
    world = plant(World(number), folder)
    if facilities:
        plant_facility(world, facility_area())
    plant_words(world)
    if later:
        plant_books(world, facility_area())
        made.n = 1_000_000
        plant_more(world, facility_area())
        made.n = 2_000_000
    world.keys = made
    return world


def known(world: World) -> dict[bytes, bytes]:
    """Keyed digests over the whole log: they differ, and nobody without the key can try a value against one."""
    heads = [*AuditEvent.objects.exclude(hash="").values_list("hash", flat=True), report(world).audit_head]
    found: dict[bytes, bytes] = {}
    for head in heads:
        found |= {head.encode(): b"HEAD", head[:16].encode(): b"HEAD", head[:12].encode(): b"HEAD"}
    return found


def told(world: World, one: User, more: Iterable[str] = ()) -> Iterator[tuple[str, dict[str, bytes]]]:
    """All that a user is answered in one world, at its own addresses and those of the other."""
    browser = Client()
    if one.name != "công chúng":
        person = stand(one)
        for left in sessions.of(person):  # kept beside the database, so the other world's still stand
            sessions.end(person, left.digest)
        browser.force_login(person)
        assert browser.get("/toi/").status_code == 200, f"{one.name} is not signed in"
    heads = known(world)
    for address, answer in crawl(browser, world, WHOLE, more):
        yield address, canonical(answer, heads)


@dataclass
class Trial:
    """What both worlds answered: everybody who may not know; the officer who may; the public edition; addresses."""

    who: list[User]
    answers: list[dict[tuple[str, str], dict[str, bytes]]] = field(default_factory=list)
    officer: list[tuple[str, str, str]] = field(default_factory=list)
    public: list[dict[str, str]] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)


@pytest.fixture(scope="module", params=[*SLICES, *(["leader"] if WHOLE else [])])
def trial(
    request: pytest.FixtureRequest,
    year: Any,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> Iterator[Trial]:
    """Both worlds stand one after the other and are asked: first the one that holds more, whose rows' addresses the
    other is asked too, so that a hidden row answers as one that is not there."""
    asked: dict[str, None] = {}
    found, folder = Trial(asked_as(request.param)), tmp_path_factory.mktemp("worlds")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        stop_the_clocks(patch)
        patch.setattr(settings, "SESSION_ENGINE", SESSIONS)
        for number in (1, 0):
            with transaction.atomic():
                with TestCase.captureOnCommitCallbacks(execute=True):
                    world = installation(number, folder, patch, facilities=request.param != "leader")
                answers = {
                    (u.name, a): t for u in found.who for a, t in told(world, u, asked if WHOLE else ())
                }
                found.answers.append(answers)
                asked |= dict.fromkeys(a for _who, a in answers if a.startswith("/"))
                found.public.append(report(world).editions["public"])
                browser, row = Client(), world.rows["guarded withheld"]
                browser.force_login(stand(User("lan", ())))
                page = browser.get(f"/so/observations-occurrence/{row.pk}/").content.decode()
                found.officer.append((str(row.pk), world.words, page))
                found.asked |= {route(address) for address in addresses(world, True)}
                found.asked |= {route(path) for _name, path, _given in sendings(world)}
                transaction.set_rollback(True)
    yield found


def test_no_byte_differs_between_two_worlds_for_whoever_may_not_know(
    trial: Trial, request: pytest.FixtureRequest
) -> None:
    answers = trial.answers
    differ = {
        key: difference(answers[0].get(key, {}), answers[1].get(key, {}))
        for key in dict.fromkeys([*answers[0], *answers[1]])
    }
    wrong = {key: why for key, why in differ.items() if why}
    opened = sum(t["status"] == b"200" for t in answers[0].values())
    tried = f"{len(trial.who)} users, {len(answers[0])} answers, {opened} opened, {len(wrong)} differ"
    if place := os.environ.get("BAOTON_TRIALS_OUT"):  # every difference, to be sorted by its cause
        with Path(place).open("a") as out:
            out.write(f"# {request.node.name}: {tried}\n")
            out.writelines(f"{who}\t{where}\t{why}\n" for (who, where), why in wrong.items())
    assert opened > 100, tried
    assert not wrong, (
        tried + "\n" + "\n".join(f"{who} {where}: {why}" for (who, where), why in list(wrong.items())[:40])
    )


def test_the_public_edition_of_the_report_is_the_same_file_to_the_last_byte(trial: Trial) -> None:
    assert sorted(trial.public[0]) == ["docx", "xlsx"]
    assert trial.public[0] == trial.public[1], "hashes of the files as they were made"


def test_the_trial_itself_sees_a_hidden_word_where_one_may_be_seen(trial: Trial) -> None:
    """Whoever may know the places is answered differently: the crawler would have found a leak."""
    seen = []
    for key, words, page in trial.officer:
        assert words in page
        seen.append((key, page.replace(words, "")))
    assert seen[0][0] == seen[1][0]
    assert seen[0][1] != seen[1][1]


def test_every_address_of_the_site_is_asked_or_left_alone_for_a_reason(
    trial: Trial, request: pytest.FixtureRequest
) -> None:
    if request.node.callspec.params["trial"] == "leader":
        pytest.skip("no facility is planted for whoever leads the province")
    every = set(patterns(get_resolver()))
    assert sorted(every - trial.asked - set(NOT_ASKED)) == []
    assert sorted(set(NOT_ASKED) - every) == [], "a reason for an address that is no more"
    assert sorted(set(NOT_ASKED) & trial.asked) == [], "a reason for an address that is asked"


def route(address: str) -> str:
    """The pattern that answers the address; an address that no pattern answers is a fault of the trial."""
    return str(resolve(urlsplit(address).path).route)
