"""The log: chained in order, and every way of tampering is named."""

import pytest

from baoton.kit.access import System
from baoton.kit.models import AuditEvent
from baoton.kit.writing import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> list[AuditEvent]:
    for i in range(5):
        audit.write(
            System(), "thử.việc", object_name=f"bản ghi {i}", old={"a": 1, "b": 2}, new={"a": 1, "b": i + 3}
        )
    assert audit.seal() == 5
    return list(AuditEvent.objects.order_by("seq"))


def test_it_keeps_only_what_changed(chain: list[AuditEvent]) -> None:
    assert chain[0].old == {"b": 2}
    assert chain[0].new == {"b": 3}


def test_a_whole_chain_is_told_whole(chain: list[AuditEvent]) -> None:
    verdict = audit.verify()
    assert verdict.whole and verdict.sealed == 5 and verdict.unsealed == 0
    assert verdict.head == audit.head() == chain[-1].hash


def test_unsealed_events_are_counted_not_hidden(chain: list[AuditEvent]) -> None:
    audit.write(System(), "thử.việc")
    assert audit.verify().unsealed == 1


@pytest.mark.parametrize("column", ["actor_name", "verb", "note", "object_name", "actor_id"])
def test_a_changed_event_breaks_the_chain_there(chain: list[AuditEvent], column: str) -> None:
    AuditEvent.objects.filter(pk=chain[2].pk).update(**{column: "kẻ khác"})
    assert audit.verify().break_at == 3


def test_a_removed_event_breaks_the_chain_there(chain: list[AuditEvent]) -> None:
    AuditEvent.objects.filter(pk=chain[1].pk).delete()
    assert audit.verify().break_at == 2


def test_a_chain_cut_at_its_end_gives_another_head(chain: list[AuditEvent]) -> None:
    before = audit.head()
    AuditEvent.objects.filter(pk=chain[4].pk).delete()
    assert audit.head() != before


def test_sealing_goes_on_from_the_last_event(chain: list[AuditEvent]) -> None:
    audit.write(System(), "thử.việc")
    assert audit.seal() == 1
    assert audit.verify().sealed == 6
