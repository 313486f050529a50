"""Dry runs, hand edits, undo and scopes: what an import may touch, and how it is taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baoton.files.models import Evidence
from baoton.kit import jobs
from baoton.kit.access import Scope, System
from baoton.kit.importing import CannotUndo, run_file, undo
from baoton.kit.models import AuditEvent, ImportBatch, Job, Remembered
from baoton.observations.imports.tests.conftest import Officer, outcomes
from baoton.observations.models import Dataset, Event, Measurement, Occurrence, Status
from baoton.places.actions import load as load_places
from baoton.places.models import Unit
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
Csv = Callable[..., Path]
GOOD = {"occurrenceID": "o1", "scientificName": "Manis pentadactyla", "decimalLongitude": "103.1",
        "decimalLatitude": "22.3", "eventDate": "2026-03-01", "habitat": "rừng"}  # fmt: skip


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every standing row of the stream, value by value."""
    return {
        model.__name__: sorted(
            (r.snapshot() for r in model._default_manager.filter(withdrawn__isnull=True)),
            key=lambda r: str(r["id"]),
        )
        for model in (Dataset, Event, Occurrence, Measurement)
    }


def test_a_dry_run_writes_nothing_and_predicts_the_run(csv: Csv) -> None:
    path = csv([GOOD, {**GOOD, "occurrenceID": "o2", "eventDate": "?"}, GOOD])
    before = everything()
    dry = run_file(System(), path, dry=True)
    assert dry.state == ImportBatch.State.CHECKED and everything() == before
    assert not AuditEvent.objects.exists()
    wet = run_file(System(), path)
    assert outcomes(dry) == outcomes(wet)
    assert dry.counts["total"] == wet.counts["total"]


def test_an_import_is_one_audit_event_with_its_counts_and_the_hash_of_its_outcome(csv: Csv) -> None:
    batch = run_file(System(), csv([GOOD]))
    event = AuditEvent.objects.get()
    assert event.verb == "observations.occurrence.import" and event.object_id == batch.pk
    assert event.new["counts"]["created"] == 1 and event.new["outcome_sha256"] == batch.outcome_sha256


def test_a_row_edited_by_hand_is_refused_until_told_to_overwrite(csv: Csv) -> None:
    run_file(System(), csv([GOOD]))
    Occurrence.objects.update(remarks="đã xem lại", locality="khe suối", revision=2)
    changed = {**GOOD, "locality": "đỉnh núi"}
    told = outcomes(run_file(System(), csv([changed])))
    assert (told[0]["outcome"], told[0]["rule"]) == ("refused", "edited_since")
    assert Occurrence.objects.get().locality == "khe suối"
    batch = run_file(System(), csv([changed]), mapping={"overwrite": True})
    assert outcomes(batch)[0]["outcome"] == "updated"
    one = Occurrence.objects.get()
    assert (one.locality, one.remarks, one.revision) == ("đỉnh núi", "đã xem lại", 3)


def test_a_record_typed_by_hand_is_not_overruled_by_a_file(csv: Csv) -> None:
    run_file(System(), csv([GOOD]))
    Occurrence.objects.update(batch=None, source_hash=None)
    assert outcomes(run_file(System(), csv([GOOD])))[0]["outcome"] == "unchanged"
    told = outcomes(run_file(System(), csv([{**GOOD, "habitat": "nương"}])))
    assert (told[0]["outcome"], told[0]["rule"]) == ("refused", "edited_since")


def test_columns_the_file_does_not_have_are_left_alone(csv: Csv) -> None:
    run_file(System(), csv([{**GOOD, "sex": "cái", "Cột lạ": "1"}]))
    short = {k: GOOD[k] for k in ("occurrenceID", "scientificName")} | {"habitat": "nương"}
    assert outcomes(run_file(System(), csv([short])))[0]["outcome"] == "updated"
    one = Occurrence.objects.get()
    assert (one.sex, one.min_x, one.extra) == ("cái", 103.1, {"habitat": "nương", "Cột lạ": "1"})


def test_undo_restores_every_value_and_a_third_import_brings_all_back(csv: Csv) -> None:
    run_file(System(), csv([GOOD]))
    before = everything()
    second = run_file(System(), csv([{**GOOD, "habitat": "nương"}, {**GOOD, "occurrenceID": "o2"}]))
    after = everything()
    undone = undo(System(), second)
    assert everything() == before
    assert undone.state == ImportBatch.State.UNDONE
    assert undone.counts["undone"] == {"withdrawn": 1, "restored": 1, "stayed": 0}
    third = run_file(System(), csv([{**GOOD, "habitat": "nương"}, {**GOOD, "occurrenceID": "o2"}]))
    assert [x["outcome"] for x in outcomes(third)] == ["updated", "created"]

    def bare(rows: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
        return [{k: v for k, v in r.items() if k not in {"batch", "revision"}} for r in rows["Occurrence"]]

    assert bare(everything()) == bare(after)
    with pytest.raises(CannotUndo):
        undo(System(), second)


def test_undo_of_a_first_import_leaves_no_dataset_standing(csv: Csv) -> None:
    batch = run_file(System(), csv([GOOD]))
    undo(System(), batch)
    assert not Dataset.objects.filter(withdrawn__isnull=True).exists()
    assert run_file(System(), csv([GOOD])).counts["total"]["created"] == 1
    assert Dataset.objects.filter(withdrawn__isnull=True).count() == 1
    undo(System(), ImportBatch.objects.order_by("uploaded").last())
    assert not Occurrence.objects.filter(withdrawn__isnull=True).exists()


def test_undo_leaves_and_lists_what_a_person_touched_since(csv: Csv) -> None:
    batch = run_file(System(), csv([GOOD, {**GOOD, "occurrenceID": "o2"}]))
    Occurrence.objects.filter(occurrence_id="o2").update(remarks="của tôi", revision=2)
    undone = undo(System(), batch)
    kept = Occurrence.objects.get(withdrawn__isnull=True)
    assert kept.occurrence_id == "o2" and undone.counts["stayed"] == [kept.pk.hex]


def test_a_row_somebody_withdrew_is_not_brought_back_unasked(csv: Csv) -> None:
    from django.utils import timezone

    run_file(System(), csv([GOOD]))
    Occurrence.objects.update(withdrawn=timezone.now(), revision=2)
    assert outcomes(run_file(System(), csv([GOOD])))[0]["rule"] == "withdrawn"
    assert outcomes(run_file(System(), csv([GOOD]), mapping={"overwrite": True}))[0]["outcome"] == "updated"
    assert Occurrence.objects.get().withdrawn is None


def test_a_commune_officer_brings_in_rows_of_that_commune_alone(csv: Csv) -> None:
    load_places()
    here, there = Unit.objects.filter(valid_to=None, kind__in=["commune", "ward"], lon__isnull=False)[:2]
    rows = [{**GOOD, "occurrenceID": u.path, "decimalLongitude": str(u.lon), "decimalLatitude": str(u.lat)}
            for u in (here, there)]  # fmt: skip
    batch = run_file(Officer((Scope(area_path=here.path),)), csv(rows))
    told = outcomes(batch)
    assert [(x["outcome"], x["rule"]) for x in told] == [("created", None), ("refused", "out_of_scope")]
    one = Occurrence.objects.get()
    assert (one.area_path, one.organisation) == (here.path, "ubnd-mu-ca")


def test_nobody_changes_rows_of_another_organisation_by_importing_its_file(csv: Csv) -> None:
    run_file(System(), csv([GOOD]))
    mine = Officer((Scope(organisation="ubnd-mu-ca"),))
    told = outcomes(run_file(mine, csv([{**GOOD, "habitat": "nương"}]), dataset="khao-sat"))
    assert told[0]["outcome"] == "created"  # in a set of its own: that there is another is not told
    first, second = Occurrence.objects.order_by("organisation")
    assert (first.organisation, first.extra) == ("", {"habitat": "rừng"})
    assert (second.organisation, second.extra) == ("ubnd-mu-ca", {"habitat": "nương"})
    assert second.dataset_id != first.dataset_id and second.dataset.code == first.dataset.code


def test_nothing_enters_the_published_dataset_of_another_body(csv: Csv) -> None:
    run_file(System(), csv([GOOD]), dataset="khao-sat")
    Occurrence.objects.update(status=Status.VERIFIED, disclosure=0)
    mine = Officer((Scope(organisation="ubnd-mu-ca"),))
    told = outcomes(run_file(mine, csv([{**GOOD, "occurrenceID": "o9"}]), dataset="khao-sat"))
    assert (told[0]["outcome"], told[0]["rule"]) == ("refused", "not_yours")
    assert Occurrence.objects.count() == 1


def test_a_cancelled_import_leaves_nothing_and_says_so(csv: Csv) -> None:
    job = Job.objects.create(kind="x", label="x", actor_id="a", actor_name="a", cancel_asked=True)
    with pytest.raises(jobs.Cancelled):
        run_file(System(), csv([GOOD]), progress=jobs.Progress(job))
    assert ImportBatch.objects.get().state == ImportBatch.State.CANCELLED
    assert not Occurrence.objects.exists() and not Dataset.objects.exists()


def test_a_failure_while_writing_leaves_nothing_half_written(
    csv: Csv, monkeypatch: pytest.MonkeyPatch
) -> None:
    from baoton.kit.importing import commit

    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("đĩa đầy")

    monkeypatch.setattr(commit.audit, "write", broken)
    batch = run_file(System(), csv([GOOD]))
    assert batch.state == ImportBatch.State.FAILED and "đĩa đầy" in batch.counts["error"]["vi"]
    assert not Occurrence.objects.exists() and not Dataset.objects.exists()


def test_a_name_that_becomes_a_protected_one_hides_a_place_the_file_does_not_mention(csv: Csv) -> None:
    load_taxa()
    run_file(System(), csv([{**GOOD, "scientificName": "Passer montanus"}]))
    assert Occurrence.objects.get().shown_x == 103.1
    run_file(System(), csv([{"occurrenceID": "o1", "scientificName": "Manis pentadactyla"}]))
    one = Occurrence.objects.get()
    assert one.disclosure > 0 and one.min_x == 103.1 and one.shown_x != 103.1


def test_an_undo_gives_no_place_away_that_has_become_secret_since(csv: Csv) -> None:
    load_taxa()
    Taxon.objects.filter(scientific_name="Manis pentadactyla").update(sensitivity=0)
    run_file(System(), csv([GOOD]))
    batch = run_file(System(), csv([{**GOOD, "habitat": "nương"}]))
    Taxon.objects.filter(scientific_name="Manis pentadactyla").update(sensitivity=1)
    undo(System(), batch)
    one = Occurrence.objects.get()
    assert one.extra == {"habitat": "rừng"} and one.disclosure == 1 and one.shown_x != one.min_x


def test_a_decision_on_a_value_is_proposed_again(csv: Csv) -> None:
    Remembered.objects.create(kind="value", target="observations.occurrence:basisOfRecord", written="nhìn thấy",
                              meant="HumanObservation", actor_name="Lan")  # fmt: skip
    run_file(System(), csv([{**GOOD, "basisOfRecord": "nhìn thấy"}]))
    assert Occurrence.objects.get().basis_of_record == "HumanObservation"


def test_the_original_is_kept_as_evidence_that_nobody_is_shown(csv: Csv) -> None:
    batch = run_file(System(), csv([GOOD]))
    one = Evidence.objects.get()
    assert (one.kind, one.sha256, one.about_id, one.disclosure) == ("source", batch.sha256, batch.pk, 2)
