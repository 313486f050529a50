"""The log: sealed right after the work, and every way of tampering with it, at every position, is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from baoton.kit.access import System
from baoton.kit.ids import new_id
from baoton.kit.models import AuditEvent
from baoton.kit.writing import audit, heads

pytestmark = pytest.mark.django_db
N = 6
EVERY = pytest.mark.parametrize("at", range(1, N + 1))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def chain(django_capture_on_commit_callbacks: Any) -> list[AuditEvent]:
    """Six events, each written by work of its own."""
    for i in range(N):
        with django_capture_on_commit_callbacks(execute=True):
            audit.write(
                System(), "thử.việc", object_name=f"bản {i}", old={"a": 1, "b": 2}, new={"a": 1, "b": i + 3}
            )
    return list(AuditEvent.objects.order_by("seq"))


def test_it_keeps_only_what_changed(chain: list[AuditEvent]) -> None:
    assert chain[0].old == {"b": 2}
    assert chain[0].new == {"b": 3}


def test_each_event_is_sealed_right_after_its_work(chain: list[AuditEvent]) -> None:
    assert [e.seq for e in chain] == list(range(1, N + 1))
    assert max(heads.all_told()) == N


def test_a_whole_chain_is_told_whole(chain: list[AuditEvent]) -> None:
    verdict = audit.verify()
    assert verdict.whole and verdict.sealed == N and verdict.unsealed == 0
    assert verdict.head == audit.head() == chain[-1].hash


def test_every_kind_of_value_is_the_same_when_read_back(django_capture_on_commit_callbacks: Any) -> None:
    odd = {
        "lat": 22.0,
        "nhỏ": 1e-7,
        "lớn": 1e22,
        "không": -0.0,
        "ds": [1, (2, 3.5)],
        "chữ": "ẩ “”\t",
        5: None,
        "đ": True,
    }
    with django_capture_on_commit_callbacks(execute=True):
        audit.write(System(), "thử.việc", object_id=new_id(), old={}, new=odd, note="ghi chú")
        audit.write(System(), "thử.việc", new={"lồng": {"b": [{"x": 3.0}]}})
    assert audit.verify().whole


COLUMNS: dict[str, Any] = {
    "actor_name": "kẻ khác", "verb": "khác", "note": "khác", "object_name": "khác", "actor_id": "khác",
    "register": "khác", "old": {"b": 9}, "new": {"b": 9}, "mark": "0" * 64, "hash": "0" * 64, "object_id": new_id(),
}  # fmt: skip


@EVERY
@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_event_breaks_the_chain_there(chain: list[AuditEvent], at: int, column: str) -> None:
    AuditEvent.objects.filter(seq=at).update(**{column: COLUMNS[column]})
    assert audit.verify().break_at == at


@EVERY
def test_a_moved_moment_breaks_the_chain_there(chain: list[AuditEvent], at: int) -> None:
    AuditEvent.objects.filter(seq=at).update(at=chain[0].at.replace(year=2020))
    assert audit.verify().break_at == at


def test_all_events_deleted_is_not_a_whole_chain(chain: list[AuditEvent]) -> None:
    AuditEvent.objects.all().delete()
    assert not audit.verify().whole


@EVERY
def test_a_removed_event_is_missed(chain: list[AuditEvent], at: int) -> None:
    AuditEvent.objects.filter(seq=at).delete()
    assert audit.verify().break_at == at


@EVERY
def test_everything_from_an_event_on_removed_is_missed(chain: list[AuditEvent], at: int) -> None:
    AuditEvent.objects.filter(seq__gte=at).delete()
    assert not audit.verify().whole


@EVERY
def test_a_gap_closed_by_renumbering_is_seen(chain: list[AuditEvent], at: int) -> None:
    AuditEvent.objects.filter(seq=at).delete()
    for event in AuditEvent.objects.filter(seq__gt=at).order_by("seq"):
        AuditEvent.objects.filter(pk=event.pk).update(seq=(event.seq or 0) - 1)
    assert not audit.verify().whole


@EVERY
def test_a_cut_chain_that_goes_on_is_seen(
    chain: list[AuditEvent], at: int, django_capture_on_commit_callbacks: Any
) -> None:
    AuditEvent.objects.filter(seq__gte=at).delete()
    with django_capture_on_commit_callbacks(execute=True):
        for _i in range(N + 3):
            audit.write(System(), "thử.việc")
    assert audit.verify().break_at == at


@EVERY
def test_two_events_changed_about_are_seen(chain: list[AuditEvent], at: int) -> None:
    other = at % N + 1
    first, second = AuditEvent.objects.get(seq=at), AuditEvent.objects.get(seq=other)
    AuditEvent.objects.filter(pk=first.pk).update(seq=None)
    AuditEvent.objects.filter(pk=second.pk).update(seq=at)
    AuditEvent.objects.filter(pk=first.pk).update(seq=other)
    assert not audit.verify().whole


@EVERY
def test_a_sealed_event_made_unsealed_again_is_seen(chain: list[AuditEvent], at: int) -> None:
    AuditEvent.objects.filter(seq=at).update(seq=None, hash="", note="khác")
    audit.seal()
    assert not audit.verify().whole


def forge(seq: int | None = None, **columns: Any) -> AuditEvent:
    return AuditEvent.objects.create(actor_id="x", actor_name="kẻ khác", verb="thử.việc", seq=seq, **columns)


def test_a_forged_event_is_never_sealed_and_is_told(chain: list[AuditEvent]) -> None:
    forge()
    assert audit.seal() == 0
    verdict = audit.verify()
    assert not verdict.whole and verdict.unsealed == 1


def test_an_event_forged_at_the_end_by_the_old_unkeyed_sum_is_seen(chain: list[AuditEvent]) -> None:
    made = forge(N + 1)
    AuditEvent.objects.filter(pk=made.pk).update(hash=audit.body(made, chain[-1].hash))
    assert audit.verify().break_at == N + 1


def test_a_whole_chain_rewritten_without_the_key_is_seen(chain: list[AuditEvent]) -> None:
    AuditEvent.objects.all().delete()
    previous = audit.GENESIS
    for i in range(1, N + 1):
        made = forge(i)
        previous = audit.body(made, previous)
        AuditEvent.objects.filter(pk=made.pk).update(hash=previous)
    assert not audit.verify().whole


def test_a_whole_chain_rewritten_with_the_key_is_seen_by_what_was_told_outside(
    chain: list[AuditEvent],
) -> None:
    """Whoever holds the machine's key too is betrayed by the file of heads, or by a head printed on paper."""
    printed = chain[2].hash
    AuditEvent.objects.all().delete()
    for _i in range(N):
        audit.write(System(), "thử.việc")
    audit.seal()
    assert audit.verify().break_at == 1
    heads.path().unlink()
    heads.tell(N, audit.head())
    assert audit.verify().whole
    assert not audit.verify([("báo cáo đã in", printed[:16])]).whole


def test_a_head_told_to_a_second_file_is_compared_too(
    tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.AUDIT_HEADS = str(tmp_path / "đĩa khác.txt")
    for _i in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            audit.write(System(), "thử.việc")
    AuditEvent.objects.filter(seq=2).delete()
    heads.path().write_text(heads.path().read_text().splitlines()[0] + "\n")
    assert not audit.verify().whole


def test_a_lost_file_of_heads_is_not_passed_over(chain: list[AuditEvent]) -> None:
    heads.path().unlink()
    verdict = audit.verify()
    assert not verdict.whole and str(heads.path()) in verdict.reason


def test_the_head_a_report_printed_is_looked_for(
    chain: list[AuditEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    witnessed: list[Callable[[], Any]] = [lambda: [("báo cáo năm 2026", chain[1].hash)]]
    monkeypatch.setattr(audit, "WITNESSES", witnessed)
    assert audit.verify().whole
    monkeypatch.setattr(audit, "WITNESSES", [lambda: [("báo cáo năm 2026", "ab" * 32)]])
    verdict = audit.verify()
    assert not verdict.whole and "báo cáo năm 2026" in verdict.reason


def test_work_that_was_rolled_back_leaves_no_event(chain: list[AuditEvent]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.write(System(), "thử.việc")
        raise RuntimeError
    assert AuditEvent.objects.count() == N and audit.verify().whole


def test_the_files_of_the_chain_are_their_owners_alone(chain: list[AuditEvent], tmp_path: Path) -> None:
    heads.key()
    for name in ("audit-heads.txt", "audit_key"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_the_head_is_sent_once_a_day_where_it_was_asked_for(
    chain: list[AuditEvent], settings: Any, mailoutbox: list[Any]
) -> None:
    assert not heads.mail()
    settings.AUDIT_MAIL = "so@example.vn"
    assert heads.mail() and not heads.mail()
    assert [m.to for m in mailoutbox] == [["so@example.vn"]] and chain[-1].hash in mailoutbox[0].body
