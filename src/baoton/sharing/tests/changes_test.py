"""The feed of changes: what may be read now, tombstones for what could be read, nothing of what never could."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from baoton.kit.access import Public, System
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import audit
from baoton.kit.writing import write as writing
from baoton.observations.actions import refuse, return_to_draft, verify
from baoton.observations.models import Dataset, Event, Occurrence
from baoton.sharing.changes import Feed
from baoton.sharing.views import since
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
BOOK = "observations.occurrence"


@pytest.fixture
def start() -> datetime:
    return timezone.now() - timedelta(seconds=1)


@pytest.fixture
def seen(start: datetime) -> Callable[..., Occurrence]:
    """Puts one record of a taxon at a place into the register, verified if asked, before the feed begins."""
    dataset = Dataset.objects.create(code="x", title="X")

    def make(name: str = "Copsychus saularis", level: int = 0, done: bool = True, **more: Any) -> Occurrence:
        taxon, _new = Taxon.objects.get_or_create(
            scientific_name=name, key=name.lower(), defaults={"sensitivity": level}
        )
        row = Occurrence(
            dataset=dataset, occurrence_id=f"{name} 103.123457", scientific_name=name, taxon=taxon, **more
        )
        row.locality = "Khe Bí Mật"
        row.put_point(103.123457, 22.412349)
        writing.create(REGISTERS[BOOK], System(), row)
        if done:
            verify(System(), row, reason="đã xem")
        audit.seal()
        AuditEvent.objects.update(at=start - timedelta(days=1))
        return Occurrence.objects.get(pk=row.pk)

    return make


def lines(actor: Any, since: datetime | int | None) -> list[dict[str, Any]]:
    assert since is not None
    return list(Feed(actor, since).lines())[1:]


def ops(actor: Any, since: datetime | int | None) -> dict[UUID, str]:
    return {UUID(line["id"]): line["op"] for line in lines(actor, since)}


def test_what_did_not_change_is_not_told(seen: Callable[..., Occurrence], start: datetime) -> None:
    seen()
    assert lines(Public(), start) == []


def test_a_verified_record_is_put(seen: Callable[..., Occurrence], start: datetime) -> None:
    one = seen(done=False)
    verify(System(), one, reason="đã xem")
    assert ops(Public(), start) == {one.pk: "put"}


def test_a_withdrawn_record_leaves_a_tombstone(seen: Callable[..., Occurrence], start: datetime) -> None:
    one = seen()
    writing.withdraw(REGISTERS[BOOK], System(), one, "ghi nhầm")
    assert lines(Public(), start) == [
        {"op": "delete", "collection": "observations-occurrence", "id": str(one.pk)}
    ]


def test_a_record_sent_back_leaves_a_tombstone_for_the_public(
    seen: Callable[..., Occurrence], start: datetime
) -> None:
    one = seen()
    return_to_draft(System(), one, reason="xem lại")
    assert ops(Public(), start) == {one.pk: "delete"}
    assert ops(System(), start) == {one.pk: "put"}


def test_a_record_never_published_is_never_told(seen: Callable[..., Occurrence], start: datetime) -> None:
    one, other = seen(done=False), seen("Lonchura punctulata", done=False)
    refuse(System(), one, reason="ảnh mờ")
    writing.withdraw(REGISTERS[BOOK], System(), other, "ghi nhầm")
    assert lines(Public(), start) == []
    assert ops(System(), start) == {one.pk: "put", other.pk: "delete"}


def test_the_feed_tells_no_secret_place(seen: Callable[..., Occurrence], start: datetime) -> None:
    one = seen("Nomascus concolor", level=1, done=False)
    verify(System(), one, reason="đã xem")
    assert one.disclosure == 1
    text = json.dumps(lines(Public(), start), ensure_ascii=False)
    assert str(one.pk) in text
    for part in ("103.1234", "22.4123", "Khe Bí Mật"):
        assert part not in text
    assert "103.123457" in json.dumps(lines(System(), start), ensure_ascii=False)


def test_what_shares_a_visit_is_told_again(seen: Callable[..., Occurrence], start: datetime) -> None:
    """A guarded record that comes or goes may change how much its whole visit gives away."""
    event = Event.objects.create(dataset=Dataset.objects.first(), event_id="e", status="verified")
    beside = seen(event=event)
    guarded = seen("Nomascus concolor", level=1, event=event)
    writing.withdraw(REGISTERS[BOOK], System(), guarded, "ghi nhầm")
    told = ops(Public(), start)
    assert told[beside.pk] == "put" and told[event.pk] == "put" and told[guarded.pk] == "delete"


def test_a_change_of_many_rows_asks_for_a_new_copy(seen: Callable[..., Occurrence], start: datetime) -> None:
    seen()
    AuditEvent.objects.create(actor_id="s", actor_name="s", verb="taxa.guard", register="taxa.taxon")
    (line,) = Feed(Public(), start).lines()
    assert line["op"] == "reset"


def test_asking_from_next_on_misses_nothing(seen: Callable[..., Occurrence], start: datetime) -> None:
    one = seen()
    head = next(Feed(Public(), start).lines())
    writing.withdraw(REGISTERS[BOOK], System(), one, "ghi nhầm")
    assert ops(Public(), since(head["next"])) == {one.pk: "delete"}


def test_work_under_way_while_the_feed_was_read_comes_next_time(seen: Callable[..., Occurrence]) -> None:
    """An event is dated when it is written and seen only when its transaction ends: it is sealed later still."""
    one = seen()
    head = next(Feed(Public(), 0).lines())
    writing.withdraw(REGISTERS[BOOK], System(), one, "ghi nhầm")
    AuditEvent.objects.filter(seq__isnull=True).update(at=timezone.now() - timedelta(minutes=30))
    assert ops(Public(), since(head["next"])) == {one.pk: "delete"}


def test_a_clock_set_back_two_hours_loses_nothing(
    seen: Callable[..., Occurrence], start: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = seen(), seen("Pycnonotus jocosus")
    writing.withdraw(REGISTERS[BOOK], System(), one, "ghi nhầm")
    audit.seal()
    head = next(Feed(Public(), start).lines())
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() - timedelta(hours=2))
    monkeypatch.setattr(AuditEvent._meta.get_field("at"), "default", timezone.now)
    writing.withdraw(REGISTERS[BOOK], System(), other, "ghi nhầm")
    audit.seal()
    assert ops(Public(), since(head["next"])) == {other.pk: "delete"}
    assert set(ops(Public(), start)) == {one.pk, other.pk}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0001-01-01",
        "9999-12-31T23:59:59-14:00",
        "s",
        "s-1",
        "s²",
        "s" + "9" * 30,
        "2026-01-01T25:00",
        "9" * 99,
    ],
)
def test_a_moment_that_is_none_is_told(text: str) -> None:
    answer = Client().get("/api/changes", {"since": text})
    assert answer.status_code in ({200, 400} if text.startswith(("0001", "9999-")) else {400})


def test_it_is_served_as_json_lines_and_a_bad_moment_is_told(
    seen: Callable[..., Occurrence], start: datetime
) -> None:
    one = seen()
    writing.withdraw(REGISTERS[BOOK], System(), one, "ghi nhầm")
    answer = Client().get("/api/changes", {"since": start.isoformat()})
    told = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]  # type: ignore[attr-defined]
    assert [line["op"] for line in told] == ["changes", "delete"]
    assert Client().get("/api/changes", {"since": "hôm qua"}).status_code == 400
    assert Client().get("/api/changes", {"since": "2026-02-31"}).status_code == 400
    assert Client().get("/api/changes").status_code == 400


def test_the_front_door_leads_to_everything() -> None:
    links = {link["rel"]: link["href"] for link in Client().get("/api/").json()["links"]}
    assert set(links) == {"self", "conformance", "data", "service-desc", "service-doc", "changes"}
    for rel in ("conformance", "data", "service-desc", "service-doc"):
        assert Client().get(links[rel]).status_code == 200


def test_a_copy_learns_that_a_record_beside_a_guarded_one_is_blurred_now_and_open_again_later(
    seen: Callable[..., Occurrence], start: datetime
) -> None:
    day = {"day_start": date(2026, 5, 2), "recorded_by": "Lò Văn Dũng"}
    beside = seen(**day)
    assert lines(Public(), start) == []
    guarded = Occurrence(
        dataset=beside.dataset,
        taxon=Taxon.objects.create(scientific_name="Lutra lutra", key="lutra lutra", sensitivity=2),
        scientific_name="Lutra lutra", **day,
    )  # fmt: skip
    guarded.put_point(103.1235, 22.4124)
    writing.create(REGISTERS[BOOK], System(), guarded)
    (told,) = lines(Public(), start)
    assert (told["op"], told["id"], told["feature"]["geometry"]) == ("put", str(beside.pk), None)
    assert "Khe Bí Mật" not in json.dumps(told, ensure_ascii=False)
    away = {"day_start": date(2026, 5, 9)}
    writing.edit(REGISTERS[BOOK], System(), guarded, away)
    (told,) = lines(Public(), start)
    assert told["feature"]["geometry"] is not None
    writing.edit(REGISTERS[BOOK], System(), guarded, {"day_start": date(2026, 5, 2)})
    writing.withdraw(REGISTERS[BOOK], System(), guarded, "ghi nhầm")
    (told,) = lines(Public(), start)
    assert (told["id"], told["feature"]["geometry"]["coordinates"]) == (
        str(beside.pk),
        [103.123457, 22.412349],
    )
