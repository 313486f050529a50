"""Every night each figure is counted anew from its records: what is wrong is told, by doctor too, and mended."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from tests.halves import once_but

from baoton.kit import jobs, worker
from baoton.kit.models import AuditEvent, Job
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Occurrence
from baoton.outreach.models import Session
from baoton.plan import figures
from baoton.plan.models import IndicatorValue, Tally
from baoton.plan.queries import INDICATORS, over_years, values
from baoton.reporting.periods import Period
from baoton.reporting.queries import figures as report_figures
from baoton.reporting.queries import live
from baoton.site import doctor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("year")]


def told(name: str, area: str = "") -> IndicatorValue:
    return IndicatorValue.objects.get(indicator=name, year=2026, area_path=area)


def night() -> Job:
    """The worker's night comes."""
    jobs.ask_nightly()
    return Job.objects.get(kind="plan.figures")


def value_typed_over() -> None:
    IndicatorValue.objects.filter(indicator="observations.records", area_path="").update(value=999_999)


def value_of_a_commune() -> None:
    one = IndicatorValue.objects.filter(indicator="observations.records").exclude(area_path="").first()
    assert one is not None
    IndicatorValue.objects.filter(pk=one.pk).update(value=F("value") + 1)


def value_gone() -> None:
    IndicatorValue.objects.filter(indicator="observations.species", area_path="").delete()


def value_of_nowhere() -> None:
    one = told("observations.records")
    one.pk, one.area_path = None, "12/99999"
    one.save()


def count_typed_over() -> None:
    IndicatorValue.objects.filter(indicator="outreach.sessions", area_path="").update(count=0)


def limits_of_an_estimate() -> None:
    IndicatorValue.objects.filter(indicator="observations.camera_rate").update(high=0)


def tally_moved() -> None:
    Tally.objects.filter(indicator="observations.records", part="rows").update(n=F("n") + 1)


def tally_gone() -> None:
    Tally.objects.filter(indicator="observations.camera_rate", part="one").delete()


def group_moved() -> None:
    Tally.objects.filter(indicator="observations.camera_rate", part="one").update(n=F("n") + 1)


def row_behind_our_back() -> None:
    Occurrence.objects.filter(pk=Occurrence.objects.filter(status="verified").first().pk).update(
        status="draft"
    )  # type: ignore[union-attr]


FAULTS = [
    value_typed_over, value_of_a_commune, value_gone, value_of_nowhere, count_typed_over,
    limits_of_an_estimate, tally_moved, tally_gone, group_moved, row_behind_our_back,
]  # fmt: skip


def state() -> dict[Any, Any]:
    rows = IndicatorValue.objects.values_list(
        "indicator", "year", "area_path", "value", "low", "high", "count"
    )
    return {row[:3]: row[3:] for row in rows}


def test_sound_figures_are_left_alone() -> None:
    before = state()
    assert figures.differences() == [] and doctor.figures() == ""
    job = night()
    assert job.state == Job.State.DONE and "không có số liệu nào lệch" in job.step
    assert state() == before
    assert not AuditEvent.objects.filter(verb="plan.figures.mend").exists()
    assert any("không có số liệu nào lệch" in line for line in doctor.news())


@pytest.mark.parametrize("spoil", once_but(FAULTS, value_gone, group_moved))
def test_a_spoilt_figure_makes_doctor_red_and_is_mended_at_night(
    spoil: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    before = state()
    spoil()
    assert "không khớp với bản ghi" in doctor.figures()
    job = night()
    assert job.state == Job.State.DONE and "lệch, đã tính lại" in job.step
    assert "figure was wrong" in caplog.text
    assert figures.differences() == [] and doctor.figures() == ""
    assert any("đã tính lại" in line for line in doctor.news())
    event = AuditEvent.objects.filter(verb="plan.figures.mend").first()
    assert event is not None and event.old["wrong"] and event.new == {"wrong": []}
    if spoil is not row_behind_our_back:
        assert state() == before


def test_doctor_names_the_figure_with_what_stands_and_what_the_records_say() -> None:
    right = told("observations.records").value
    value_typed_over()
    assert "999.999" in doctor.figures() and f"{right:,.0f}".replace(",", ".") in doctor.figures()
    assert "2026, toàn tỉnh" in doctor.figures()


def test_what_still_waits_in_the_outbox_is_not_taken_for_a_fault() -> None:
    """The comparison of a busy hour first takes what waits, and then finds nothing to mend."""
    from baoton.kit.access import System
    from baoton.kit.writing.write import withdraw

    row = Occurrence.objects.filter(status="verified").first()
    withdraw(REGISTERS["observations.occurrence"], System(), row, "ghi nhầm")  # drained only after commit
    assert figures.differences() != []
    assert "không có số liệu nào lệch" in night().step
    assert not AuditEvent.objects.filter(verb="plan.figures.mend").exists()


def test_a_night_comes_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    def at(hour: int, day: int) -> None:
        moment = timezone.make_aware(datetime(2026, 5, day, hour, 30))
        monkeypatch.setattr(timezone, "now", lambda: moment)
        before = set(Job.objects.values_list("pk", flat=True))
        jobs.ask_nightly()
        Job.objects.exclude(pk__in=before).update(asked=moment)

    for day, hour, many in ((4, 1, 1), (4, 1, 1), (4, 2, 2), (4, 23, 2), (5, 1, 2), (5, 2, 3), (9, 14, 4)):
        at(hour, day)
        assert Job.objects.filter(kind="plan.figures").count() == many, (day, hour)


def test_doctor_tells_that_a_night_failed_or_never_came() -> None:
    job = night()
    assert doctor.not_compared() == ""
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, message="hết chỗ trên đĩa.")
    assert "hết chỗ trên đĩa" in doctor.not_compared()
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.DONE, asked=timezone.now() - timedelta(days=3), ended=timezone.now()
    )
    assert doctor.not_compared() == ""  # nobody serves: the machine may well be off
    with worker.alone("worker"):
        assert "Hai ngày nay" in doctor.not_compared()


def test_a_year_without_any_record_of_a_book_is_a_gap_of_its_chart_and_no_zero() -> None:
    one = INDICATORS["outreach.sessions"]
    other = next(i.name for i in INDICATORS.values() if i.register == one.register and i is not one)

    def year(**counts: int) -> dict[str, IndicatorValue]:
        told = {"mine": one.name, "beside": other}
        return {
            told[k]: IndicatorValue(indicator=told[k], value=float(n), count=n) for k, n in counts.items()
        }

    stored = {
        2023: {},
        2024: year(mine=0, beside=0),
        2025: year(mine=0, beside=3),
        2026: year(mine=4, beside=4),
    }
    shown = {y: v if v is None else v.value for y, v in over_years(one, stored).items()}
    assert shown == {2023: None, 2024: None, 2025: 0.0, 2026: 4.0}


@pytest.mark.once
def test_a_year_before_the_first_row_of_a_book_is_unknown_and_one_after_it_nought() -> None:
    first = Session.objects.order_by("-day")[0]
    Session.objects.filter(pk=first.pk).update(day=date(2024, 5, 4))
    figures.compute([2023, 2024, 2025, 2026])
    name = "outreach.sessions"
    assert [values(y)[name].value for y in (2023, 2024, 2025)] == [None, 1, 0]
    told = {
        y: next(t for t in report_figures(Period(y), hashed=False) if t.name == name) for y in (2023, 2025)
    }
    assert (told[2023].value, told[2023].why_unknown) == (None, "khi ấy chưa ai ghi sổ này")
    assert told[2025].value == 0
    quarter = (report_figures(Period(y, "q1"), hashed=False) for y in (2023, 2025))
    assert [next(t.value for t in q if t.name == name) for q in quarter] == [None, 0]
    assert not figures.differences([INDICATORS[name]])


@pytest.mark.once
def test_kinds_of_a_year_in_which_nobody_looked_are_unknown_and_not_none() -> None:
    figures.compute([2024])
    kept = {one.indicator: one for one in IndicatorValue.objects.filter(year=2024, area_path="")}
    for name in ("observations.species", "observations.protected_species", "cameras.species"):
        assert (kept[name].value, kept[name].count) == (None, 0)
        assert kept[name].why_unknown == "chưa có bản ghi nào cho biết"
        assert live(INDICATORS[name], Period(2024, "6t")).value is None
    # what the office itself does is known: no assessment was adopted
    assert kept["assessment.adopted"].value == kept["observations.records"].value == 0
